from odoo import fields, models


class PartnerScore(models.Model):
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "partner.score"

    supplier_scorecard_id = fields.Many2one(related="company_id.supplier_scorecard_id")
