from odoo import fields, models

from .partner_score_guard_mixin import TierOfPartner


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "partner.score.guard.mixin"]

    customer_tier_id = TierOfPartner(
        related="partner_id.customer_tier_id", string="Tier", groups="base.group_user"
    )
    arrival_date = fields.Date(
        string="Arrived On",
        groups="base.group_user",
        copy=False,
        tracking=True,
        help="A delivery: the day the customer had the goods; empty is the shipping "
        "date plus the transit days of the contact or its country. A receipt: the day "
        "the goods reached us, where they were booked in later; the vendor is rated "
        "by it.",
    )

    def write(self, vals):
        """What arrives, and when, is what calls and visits are planned from."""
        result = super().write(vals)
        if vals.keys() & {"arrival_date", "date_done"}:
            self._mark_arrivals()
        return result

    def _mark_arrivals(self):
        self.env["partner.score.dirty"]._mark(
            (picking.partner_id.commercial_partner_id, picking.company_id)
            for picking in self
            if picking.date_done and picking.location_dest_id.usage == "customer"
        )
