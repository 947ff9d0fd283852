from datetime import date

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

HOME = "/my/dealer"
STOCK = "/my/dealer/stock"
ORDERS = "/my/dealer/orders"
RESULTS = "/my/dealer/results"
ORDERS_SHOWN = 10


class DealerPortal(CustomerPortal):
    """What every page of a dealer shares: whose firm it is, and its pages.

    Dealers have rights on nothing but their registrations, and there only to read:
    each page finds its rows by an explicit domain on firm and company, hands plain
    values to the template, and takes nothing but the fields it names.
    """

    def _get_firm(self):
        """The dealer the user works for, in superuser mode; for others no page is."""
        firm = request.env.user.partner_id._get_portal_dealer()
        if not firm:
            raise NotFound()
        return firm

    def _get_company(self):
        # sudo: a dealer may not read our company; only dates and names leave
        return request.env.company.sudo()

    def _get_dealer_model(self, name):
        # sudo: a dealer has no rights; every search has a domain on firm and company
        return request.env[name].sudo()

    def _render_dealer_page(self, template, page, **values):
        return request.render(
            f"crm_manufacturing.{template}",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "dealer",
                "dealer_page": page,
                "dealer_pages": self._get_dealer_pages(),
                **values,
            },
        )

    def _get_dealer_pages(self):
        """``[(code, url, name)]`` of the pages a dealer moves between."""
        return [
            ("stock", STOCK, request.env._("Stock")),
            ("orders", ORDERS, request.env._("Orders")),
            ("results", RESULTS, request.env._("Results")),
        ]

    def _prepare_home_portal_values(self, counters):
        """The dealer's own cards; they are there at once, and only for dealers."""
        values = super()._prepare_home_portal_values(counters)
        firm = request.env.user.partner_id._get_portal_dealer()
        if firm and not counters:
            values["dealer_counts"] = self._get_dealer_counts(firm)
        return values

    def _get_dealer_counts(self, firm):
        """``{page: count}`` for the cards of the home page."""
        company = self._get_company()
        reports = self._get_dealer_model("dealer.stock.report")
        months = reports._get_portal_months(firm, company)
        return {
            "stock": sum(month["state"] == "missing" for month in months),
            "orders": self._get_dealer_model("sale.order").search_count(
                self._get_order_domain(firm)
            ),
        }

    # ------------------------------------------------------------------
    # Orders and results
    # ------------------------------------------------------------------

    def _get_order_domain(self, firm):
        """The firm's own orders that are not delivered in full."""
        return [
            ("partner_id.commercial_partner_id", "=", firm.id),
            ("company_id", "=", self._get_company().id),
            ("state", "=", "sale"),
            ("delivery_status", "!=", "full"),
        ]

    @http.route(
        [ORDERS, f"{ORDERS}/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def portal_dealer_orders(self, page=1, **_kwargs):
        firm = self._get_firm()
        orders, domain = (
            self._get_dealer_model("sale.order"),
            self._get_order_domain(firm),
        )
        pages = pager(
            url=ORDERS, total=orders.search_count(domain), page=page, step=ORDERS_SHOWN
        )
        found = orders.search(
            domain,
            order="date_order desc, id desc",
            limit=ORDERS_SHOWN,
            offset=pages["offset"],
        )
        return self._render_dealer_page(
            "dealer_portal_orders",
            "orders",
            pager=pages,
            orders=[self._prepare_order(order) for order in found],
        )

    def _prepare_order(self, order):
        """``{id, name, reference, date, rows}``: the rows as on the order's page."""
        trace = self._get_dealer_model("order.trace")
        return {
            "id": order.id,
            "name": order.name,
            "reference": order.client_order_ref,
            "date": order.date_order,
            "rows": trace._get_portal_rows(order),
        }

    @http.route(RESULTS, type="http", auth="user", website=True, methods=["GET"])
    def portal_dealer_results(self, **_kwargs):
        of = self._get_firm(), self._get_company()
        return self._render_dealer_page(
            "dealer_portal_results",
            "results",
            cards=self._get_dealer_model("partner.score")._get_portal_cards(*of),
            targets=self._get_dealer_model("dealer.target")._get_portal_rows(*of),
            left_out=self._get_dealer_model(
                "dealer.month.exclusion"
            )._get_portal_months(*of),
        )

    # ------------------------------------------------------------------
    # Stock and sales of a month
    # ------------------------------------------------------------------

    @http.route(STOCK, type="http", auth="user", website=True, methods=["GET"])
    def portal_dealer_stock(self, **_kwargs):
        reports = self._get_dealer_model("dealer.stock.report")
        months = reports._get_portal_months(self._get_firm(), self._get_company())
        return self._render_dealer_page("dealer_portal_stock", "stock", months=months)

    def _get_period(self, firm, month):
        """The first day of a month the firm reports; any other does not exist."""
        try:
            period = date.fromisoformat(f"{month}-01")
        except ValueError as error:
            raise NotFound() from error
        reports = self._get_dealer_model("dealer.stock.report")
        if period not in reports._get_portal_periods(firm, self._get_company()):
            raise NotFound()
        return period

    @http.route(
        f"{STOCK}/<string:month>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def portal_dealer_stock_month(self, month, saved=None, **_kwargs):
        firm = self._get_firm()
        period = self._get_period(firm, month)
        return self._render_stock_month(firm, period, saved=saved)

    @http.route(
        f"{STOCK}/<string:month>/save",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_dealer_stock_save(self, month, **post):
        firm = self._get_firm()
        period = self._get_period(firm, month)
        company = self._get_company()
        reports = self._get_dealer_model("dealer.stock.report")
        if post.get("do") == "discard":
            reports._discard_from_portal(firm, company, period)
            return request.redirect(f"{STOCK}/{month}")
        problem = company._get_dealer_rate_problem("dealer.stock.report", firm)
        if problem:
            return self._render_stock_month(firm, period, post, {0: problem})
        if post.get("do") == "correct":
            reports._correct_from_portal(firm, company, period)
            return request.redirect(f"{STOCK}/{month}")
        problems = reports._take_portal_post(firm, company, period, post)
        if problems:
            return self._render_stock_month(firm, period, post, problems)
        done = post.get("do") if post.get("do") in ("submit", "calculated") else "save"
        return request.redirect(f"{STOCK}/{month}?saved={done}")

    def _render_stock_month(self, firm, period, post=None, problems=None, saved=None):
        reports = self._get_dealer_model("dealer.stock.report")
        page = reports._get_portal_page(
            firm, self._get_company(), period, post, problems
        )
        return self._render_dealer_page(
            "dealer_portal_stock_month",
            "stock",
            report=page,
            problem=(problems or {}).get(0),
            saved=saved if saved in ("submit", "calculated", "save") else None,
        )
