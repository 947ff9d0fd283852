from odoo import api, models

from .order_serial_line_mixin import COUNTED_FIELDS
from .partner_score_guard_mixin import TierOfPartner

# what the untaxed amount is made of
SCORED_FIELDS = {
    "product_uom_id",
    "product_uom_qty",
    "price_unit",
    "discount",
    "tax_ids",
    "order_id",
}


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = [
        "sale.order.line",
        "delivery.promise.sale.mixin",
        "order.trace.line.mixin",
        "order.requirement.line.mixin",
        "order.serial.line.mixin",
        "partner.score.guard.mixin",
    ]

    customer_tier_id = TierOfPartner(
        related="order_id.partner_id.customer_tier_id",
        string="Tier",
        groups="base.group_user",
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._mark_customers()
        lines.filtered(lambda line: line.state == "sale")._freeze_promise()
        lines._sync_serials()
        self.env["order.requirement"]._spread(lines)
        return lines

    def write(self, vals):
        """A confirmed order that changes its amount changes its customer's figures."""
        result = super().write(vals)
        if vals.keys() & SCORED_FIELDS:
            self._mark_customers()
        if "customer_lead" in vals:
            # goods that leave together wait for the slowest line
            self.order_id.order_line._follow_host_date()
        if vals.keys() & COUNTED_FIELDS:
            self._sync_serials()
        self._follow_requirement(vals.keys())
        return result

    def unlink(self):
        self._mark_customers()
        self._free_serials()
        return super().unlink()

    def _mark_customers(self):
        self.env["partner.score.dirty"]._mark(self.order_id._get_scored_pairs())
