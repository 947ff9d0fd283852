from odoo import api, fields, models

from .partner_score_guard_mixin import TierOfPartner

SCORED_FIELDS = {"state", "date_order", "partner_id"}
# what the host's delivery date of a line is made of
DATED_FIELDS = {"commitment_date", "date_order", "picking_policy"}


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = [
        "sale.order",
        "delivery.promise.sale.order.mixin",
        "order.trace.order.mixin",
        "order.serial.order.mixin",
        "partner.score.guard.mixin",
    ]

    customer_tier_id = TierOfPartner(
        related="partner_id.customer_tier_id", string="Tier", groups="base.group_user"
    )

    quotation_sent_date = fields.Date(
        string="Sent On", copy=False, readonly=True, groups="base.group_user"
    )

    customer_requirement = fields.Text(
        groups="base.group_user",
        help="What the customer wants of everything on this order. It stands before "
        "the words of each line and travels with them.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """A quotation takes the words of its lead, unless it has its own."""
        orders = super().create(vals_list)
        for order, vals in zip(orders, vals_list, strict=True):
            if order.opportunity_id and "customer_requirement" not in vals:
                order.customer_requirement = order.opportunity_id.customer_requirement
        return orders

    def write(self, vals):
        """What changes a customer's figures marks him to be scored again."""
        scored = vals.keys() & SCORED_FIELDS
        before = self._get_scored_pairs() if scored else set()
        if vals.get("state") == "sent":
            vals = {**vals, "quotation_sent_date": self.company_id[:1]._get_today()}
        result = super().write(vals)
        if scored:
            self.env["partner.score.dirty"]._mark(before | self._get_scored_pairs())
        if vals.keys() & DATED_FIELDS:
            self.order_line._follow_host_date()
        self.order_line._follow_requirement(vals.keys())
        self._follow_serials(vals.keys())
        return result

    def unlink(self):
        self.order_line._free_serials()
        return super().unlink()

    def _action_confirm(self):
        self.order_line._freeze_promise()
        result = super()._action_confirm()
        self.order_line._spread_serials()
        self.env["order.requirement"]._spread(self.order_line)
        return result

    def _get_scored_pairs(self):
        """``{(customer, company)}`` of what was sent or confirmed."""
        known = self.filtered(lambda order: order.state in ("sent", "sale"))
        return {(o.partner_id.commercial_partner_id, o.company_id) for o in known}

    def action_ask_satisfaction(self):
        """How the customer liked this order (menu of actions)."""
        self.ensure_one()
        ratings = self.env["crm.visit.satisfaction"]
        return ratings._get_for_order(self)._get_records_action()
