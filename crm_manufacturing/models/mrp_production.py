from odoo import fields, models


class MrpProduction(models.Model):
    _inherit = "mrp.production"

    customer_tier_id = fields.Many2one(
        related="sale_line_id.order_id.partner_id.customer_tier_id",
        string="Tier",
        groups="base.group_user",
    )
