from odoo import fields, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    customer_tier_id = fields.Many2one(
        related="partner_id.customer_tier_id", string="Tier", groups="base.group_user"
    )
