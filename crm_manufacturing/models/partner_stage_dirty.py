from odoo import api, models


class PartnerScoreDirty(models.Model):
    """What marks a customer to be scored again also moves his stage."""

    _inherit = "partner.score.dirty"

    @api.model
    def _judge(self, company, today, partners):
        result = super()._judge(company, today, partners)
        self.env["partner.stage"]._run(company, today, partners)
        return result
