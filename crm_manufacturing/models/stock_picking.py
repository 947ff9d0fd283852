from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    customer_tier_id = fields.Many2one(
        related="partner_id.customer_tier_id", string="Tier", groups="base.group_user"
    )
