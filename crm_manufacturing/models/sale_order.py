from odoo import fields, models

SCORED_FIELDS = {"state", "date_order", "partner_id"}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    customer_tier_id = fields.Many2one(
        related="partner_id.customer_tier_id", string="Tier", groups="base.group_user"
    )

    quotation_sent_date = fields.Date(
        string="Sent On", copy=False, readonly=True, groups="base.group_user"
    )

    def write(self, vals):
        """What changes a customer's figures marks him to be scored again."""
        if not vals.keys() & SCORED_FIELDS:
            return super().write(vals)
        before = self._get_scored_pairs()
        if vals.get("state") == "sent":
            vals = {**vals, "quotation_sent_date": self.company_id[:1]._get_today()}
        result = super().write(vals)
        self.env["partner.score.dirty"]._mark(before | self._get_scored_pairs())
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
