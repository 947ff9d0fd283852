from odoo import fields, models


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
