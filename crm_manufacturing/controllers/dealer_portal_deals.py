from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request

from odoo.addons.portal.controllers.portal import pager

from ..tools.upload import clean_name, get_kind
from .dealer_portal import DealerPortal

DEALS = "/my/dealer/deals"
DEALS_SHOWN = 20
FILES_PER_DEAL = 20
SUBMITTED = ("create_date", "submitted_on")


class DealerDealPortal(DealerPortal):
    """Register a deal, follow it, and tell what has moved."""

    def _get_dealer_pages(self):
        return [("deals", DEALS, request.env._("Deals")), *super()._get_dealer_pages()]

    def _get_dealer_counts(self, firm):
        deals = self._get_deals()
        domain = [*self._get_deal_domain(firm), ("state", "in", ("draft", "returned"))]
        return {**super()._get_dealer_counts(firm), "deals": deals.search_count(domain)}

    def _get_deals(self):
        company = self._get_company()
        return self._get_dealer_model("dealer.registration").with_company(company)

    def _get_deal_domain(self, firm):
        return self._get_deals()._get_portal_domain(firm, self._get_company())

    def _find_deal(self, firm, deal_id):
        """The firm's own deal of that id; anything else does not exist."""
        # a form may send a text by this name
        own = [("id", "=", deal_id)] if isinstance(deal_id, int) else [(0, "=", 1)]
        deal = self._get_deals().search([*self._get_deal_domain(firm), *own])
        if not deal:
            raise NotFound()
        return deal

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    @http.route(
        [DEALS, f"{DEALS}/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def portal_dealer_deals(self, page=1, **_kwargs):
        firm = self._get_firm()
        deals, domain = self._get_deals(), self._get_deal_domain(firm)
        pages = pager(
            url=DEALS, total=deals.search_count(domain), page=page, step=DEALS_SHOWN
        )
        found = deals.search(
            domain, order="id desc", limit=DEALS_SHOWN, offset=pages["offset"]
        )
        return self._render_dealer_page(
            "dealer_portal_deals",
            "deals",
            pager=pages,
            deals=[deal._get_portal_summary() for deal in found],
        )

    @http.route(
        f"{DEALS}/<int:deal_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def portal_dealer_deal(self, deal_id, told=None, **_kwargs):
        deal = self._find_deal(self._get_firm(), deal_id)
        return self._render_deal(deal, told=told)

    @http.route(
        f"{DEALS}/<int:deal_id>/files/<int:file_id>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def portal_dealer_file(self, deal_id, file_id, **_kwargs):
        firm = self._get_firm()
        files = self._find_deal(firm, deal_id)._get_portal_files(firm)
        file = files.filtered(lambda one: one.id == file_id)
        if not file:
            raise NotFound()
        stream = self._get_dealer_model("ir.binary")._get_stream_from(file)
        return stream.get_response(as_attachment=True)

    def _render_deal(self, deal, told=None, problem=None, typed=None):
        page = deal._get_portal_page()
        return self._render_dealer_page(
            "dealer_portal_deal",
            "deals",
            deal=page,
            orders=self._get_deal_orders(deal),
            told=told if told in ("saved", "submitted", "progress") else None,
            problem=problem,
            typed=typed or "",
            upload_mb=self._get_company().dealer_upload_mb,
        )

    def _get_deal_orders(self, deal):
        """The firm's own orders of the deal's opportunity, with their state."""
        firm = deal.dealer_id
        orders = deal.lead_id.order_ids.filtered(
            lambda order: (
                order.state == "sale"
                and order.partner_id.commercial_partner_id == firm
                and order.company_id == deal.company_id
            )
        )
        return [self._prepare_order(order) for order in orders]

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------

    @http.route(f"{DEALS}/new", type="http", auth="user", website=True, methods=["GET"])
    def portal_dealer_deal_new(self, **_kwargs):
        self._get_firm()
        return self._render_deal_form(self._get_deals())

    @http.route(
        f"{DEALS}/<int:deal_id>/edit",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def portal_dealer_deal_edit(self, deal_id, **_kwargs):
        deal = self._find_deal(self._get_firm(), deal_id)
        if not deal._get_portal_page()["can_edit"]:
            return request.redirect(f"{DEALS}/{deal.id}")
        return self._render_deal_form(deal)

    def _render_deal_form(self, deal, post=None, problems=None):
        company = self._get_company()
        return self._render_dealer_page(
            "dealer_portal_deal_form",
            "deals",
            deal_id=deal.id,
            deal_name=deal.name,
            answer=deal and deal._get_portal_page()["answer"],
            form=deal._get_portal_form(company, post),
            problems=problems or {},
            upload_mb=company.dealer_upload_mb,
        )

    @http.route(
        [f"{DEALS}/save", f"{DEALS}/<int:deal_id>/save"],
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_dealer_deal_save(self, deal_id=None, **post):
        """Keep what was typed; ``do``: ``submit`` asks for the answer, too."""
        firm, company = self._get_firm(), self._get_company()
        deals = self._get_deals()
        deal = self._find_deal(firm, deal_id) if deal_id else deals
        if deal and not deal._get_portal_page()["can_edit"]:
            return request.redirect(f"{DEALS}/{deal.id}")
        post["categories"] = request.httprequest.form.getlist("categories")
        values, problems = deals._read_portal_post(company, post)
        files, problem = self._read_files(deal)
        if problem:
            problems["files"] = problem
        is_asked = post.get("do") == "submit"
        if not deal or is_asked:
            problem = company._get_dealer_rate_problem(deals._name, firm, SUBMITTED)
            problems.update({"all": problem} if problem else {})
        if problems:
            return self._render_deal_form(deal, post, problems)
        deal = self._write_deal(deal, firm, company, values, files)
        problem = deal._submit_from_portal() if is_asked else None
        if problem:
            return self._render_deal(deal, problem=problem)
        told = "submitted" if is_asked else "saved"
        return request.redirect(f"{DEALS}/{deal.id}?told={told}")

    def _write_deal(self, deal, firm, company, values, files):
        """The deal with the values; a new one is the session's firm's, whatever the
        form says."""
        if deal:
            deal.write(values)
        else:
            own = {"dealer_id": firm.id, "company_id": company.id}
            deal = deal.create({**values, **own})
        self._attach(deal, files)
        return deal

    @http.route(
        f"{DEALS}/<int:deal_id>/delete",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_dealer_deal_delete(self, deal_id, **_post):
        deal = self._find_deal(self._get_firm(), deal_id)
        if deal.state != "draft":
            return request.redirect(f"{DEALS}/{deal.id}")
        deal.unlink()
        return request.redirect(DEALS)

    @http.route(
        f"{DEALS}/<int:deal_id>/progress",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_dealer_deal_progress(self, deal_id, **post):
        """What has moved, with files: asks us to protect the deal longer."""
        deal = self._find_deal(self._get_firm(), deal_id)
        typed = post.get("progress")
        files, problem = self._read_files(deal)
        today = self._get_company()._get_today()
        problem = problem or deal._report_progress(typed, today)
        if problem:
            return self._render_deal(deal, problem=problem, typed=typed)
        self._attach(deal, files)
        return request.redirect(f"{DEALS}/{deal.id}?told=progress")

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------

    def _read_files(self, deal):
        """``(files, sentence or None)`` of what was uploaded: ``(name, kind, bytes)``.

        A file is what its content is, never what the browser calls it.
        """
        most = self._get_company().dealer_upload_mb
        taken = []
        for upload in request.httprequest.files.getlist("files"):
            name = clean_name(upload.filename)
            if not name:
                continue
            data = upload.read(most * 1024 * 1024 + 1)
            if len(data) > most * 1024 * 1024:
                return [], request.env._(
                    "Files: %(name)s is larger than %(most)s MB.", name=name, most=most
                )
            kind = get_kind(name, data)
            if not kind:
                return [], request.env._(
                    "Files: %s is no PDF, picture or office document.", name
                )
            taken.append((name, kind, data))
        known = len(deal._get_portal_files(deal.dealer_id)) if deal else 0
        if known + len(taken) > FILES_PER_DEAL:
            return [], request.env._(
                "Files: at most %s belong to a deal.", FILES_PER_DEAL
            )
        return taken, None

    def _attach(self, deal, files):
        self._get_dealer_model("ir.attachment").create(
            [
                {
                    "name": name,
                    "mimetype": kind,
                    "raw": data,
                    "res_model": deal._name,
                    "res_id": deal.id,
                }
                for name, kind, data in files
            ]
        )
