from odoo import fields, models

SCORED_FIELDS = {"state", "date_order", "partner_id"}
# what the host's delivery date of a line is made of
DATED_FIELDS = {"commitment_date", "date_order", "picking_policy"}


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = [
        "sale.order",
        "delivery.promise.sale.order.mixin",
        "order.trace.order.mixin",
    ]

    customer_tier_id = fields.Many2one(
        related="partner_id.customer_tier_id", string="Tier", groups="base.group_user"
    )

    def write(self, vals):
        """What changes a customer's figures marks him to be scored again."""
        scored = vals.keys() & SCORED_FIELDS
        before = self._get_scored_pairs() if scored else set()
        result = super().write(vals)
        if scored:
            self.env["partner.score.dirty"]._mark(before | self._get_scored_pairs())
        if vals.keys() & DATED_FIELDS:
            self.order_line._follow_host_date()
        return result

    def _action_confirm(self):
        self.order_line._freeze_promise()
        return super()._action_confirm()

    def _get_scored_pairs(self):
        """``{(customer, company)}`` of the confirmed orders."""
        confirmed = self.filtered(lambda order: order.state == "sale")
        return {(o.partner_id.commercial_partner_id, o.company_id) for o in confirmed}
