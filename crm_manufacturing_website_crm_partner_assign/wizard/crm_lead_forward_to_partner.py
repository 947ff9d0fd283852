from odoo import models

from odoo.addons.crm_manufacturing.models.dealer_partner import LIVE_STAGES


class CrmLeadForwardToPartner(models.TransientModel):
    """What is forwarded to a dealer is offered to him.

    The host's e-mail names the customer; ours does after he has accepted.
    """

    _inherit = "crm.lead.forward.to.partner"

    def action_forward(self):
        if self.env["crm.lead"]._has_no_dealers():
            return super().action_forward()
        for line in self.assignation_lines:
            partner = self._get_receiver(line)
            # sudo: who forwards a lead need not have rights on dealers
            firm = partner.commercial_partner_id.sudo()
            if line.lead_id and firm.dealer_stage in LIVE_STAGES:
                line.lead_id._offer_to(firm)
                line.sudo().unlink()  # sudo: nobody may, as the host has it
        return not self.assignation_lines or super().action_forward()

    def _get_receiver(self, line):
        is_single = self.forward_type == "single"
        return self.partner_id if is_single else line.partner_assigned_id
