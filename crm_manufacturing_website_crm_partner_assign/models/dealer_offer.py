from odoo import models


class DealerOffer(models.Model):
    _inherit = "dealer.offer"

    def _decline(self, answer):
        """The host knows, too: should the room be switched off."""
        result = super()._decline(answer)
        # sudo: the lead is not the dealer's
        self.sudo().lead_id.partner_declined_ids += self.dealer_id
        return result
