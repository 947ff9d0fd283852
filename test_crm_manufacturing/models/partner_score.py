from odoo import models


class PartnerScore(models.Model):
    """Writes who was promoted or demoted into the contact's reference."""

    _inherit = "partner.score"

    def _band_changed(self):
        result = super()._band_changed()
        for score in self.sudo():
            score.partner_id.ref = (
                f"{score.previous_band_id.code} > {score.band_id.code or 'none'}"
            )
        return result
