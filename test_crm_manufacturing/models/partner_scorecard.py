from odoo import models
from odoo.fields import Domain


class PartnerScorecard(models.Model):
    """Leaves out partners whose reference says so."""

    _inherit = "partner.scorecard"

    def _get_population(self, company):
        return super()._get_population(company) & Domain("ref", "!=", "not scored")
