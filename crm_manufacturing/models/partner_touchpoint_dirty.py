from odoo import api, models


class PartnerScoreDirty(models.Model):
    """What marks a customer to be scored again also moves his touchpoints."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "partner.score.dirty"

    @api.model
    def _judge(self, cards, company, partners):
        result = super()._judge(cards, company, partners)
        self.env["partner.cadence"]._run(company, company._get_today(), partners)
        return result
