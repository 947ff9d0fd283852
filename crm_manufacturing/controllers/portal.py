from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager
from odoo.addons.sale_stock.controllers.portal import SaleStockPortal

URL = "/my/material-plans"


class DeliveryPortal(SaleStockPortal):
    """Delivery slips for the customer: what is planned is told in the order's block."""

    @http.route()
    def portal_my_picking_report(self, picking_id, access_token=None, **kw):
        request.update_context(without_planned_date=True)
        return super().portal_my_picking_report(picking_id, access_token, **kw)


class SupplierPortal(CustomerPortal):
    """Material plans for the supplier who is logged in.

    Suppliers have no access to the model: each page finds its plan by the domain of
    :meth:`_get_portal_domain`, hands plain values to the template, and takes nothing
    but quantity, date and remark of lines of that plan.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "material_plan_count" in counters:
            plans = self._get_material_plans()
            values["material_plan_count"] = plans.search_count(self._plan_domain())
        return values

    def _get_material_plans(self):
        # sudo: a supplier has no rights on plans; every search has _plan_domain
        return request.env["supplier.material.plan"].sudo()

    def _plan_domain(self):
        partner = request.env.user.partner_id
        return self._get_material_plans()._get_portal_domain(partner)

    def _find_material_plan(self, plan_id):
        """The supplier's own version of that id; anything else does not exist."""
        domain = [*self._plan_domain(), ("id", "=", plan_id)]
        plan = self._get_material_plans().search(domain)
        if not plan:
            raise NotFound()
        return plan.with_company(plan.company_id)

    @http.route([URL, f"{URL}/page/<int:page>"], type="http", auth="user", website=True)
    def portal_material_plans(self, page=1, **_kwargs):
        plans, domain = self._get_material_plans(), self._plan_domain()
        pages = pager(
            url=URL,
            total=plans.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        found = plans.search(
            domain,
            order="sent_on desc, id desc",
            limit=self._items_per_page,
            offset=pages["offset"],
        )
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "material_plan",
            "default_url": URL,
            "pager": pages,
            "plans": [plan._get_portal_summary() for plan in found],
        }
        return request.render("crm_manufacturing.supplier_material_portal_list", values)

    @http.route(
        f"{URL}/<int:plan_id>", type="http", auth="user", website=True, methods=["GET"]
    )
    def portal_material_plan(self, plan_id, saved=None, **_kwargs):
        plan = self._find_material_plan(plan_id)
        return self._render_material_plan(plan, saved=saved == "1")

    @http.route(
        f"{URL}/<int:plan_id>/answer",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_material_plan_answer(self, plan_id, **post):
        plan = self._find_material_plan(plan_id)
        # of two answers at once the host reads the second one again after the first
        if plan.state not in ("sent", "answered"):
            return self._render_material_plan(plan)
        answers, problems = plan._read_answers(post)
        if problems:
            return self._render_material_plan(plan, post=post, problems=problems)
        plan._answer(answers, request.env.user.partner_id)
        return request.redirect(f"{URL}/{plan.id}?saved={int(bool(answers))}")

    def _render_material_plan(self, plan, post=None, problems=None, saved=False):
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "material_plan",
            "plan": plan._get_portal_page(post or {}, problems or {}),
            "saved": saved,
        }
        return request.render("crm_manufacturing.supplier_material_portal_page", values)
