from odoo import fields, models

DATED_FIELDS = {"date_start", "date_finished"}
BEGUN_STATES = ("confirmed", "progress", "to_close")


class MrpProduction(models.Model):
    _name = "mrp.production"
    _inherit = ["mrp.production", "order.trace.supply.mixin"]

    # the trace starts here; without the index it reads all productions
    sale_line_id = fields.Many2one(index="btree_not_null")
    customer_tier_id = fields.Many2one(
        related="sale_line_id.order_id.partner_id.customer_tier_id",
        string="Tier",
        groups="base.group_user",
    )

    def write(self, vals):
        """A production that is planned anew can make its orders late."""
        result = super().write(vals)
        if vals.keys() & DATED_FIELDS and self.filtered(
            lambda production: production.state in BEGUN_STATES
        ):
            self.env["order.trace.alert"]._run_soon()
        return result
