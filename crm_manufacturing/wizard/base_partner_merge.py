from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Make room for the sources' rows, which the host would refuse or delete."""
        # sudo: whoever may merge partners need not have rights on their scores
        self.env["partner.score"].sudo()._merge_partners(src_partners, dst_partner)
        self.env["partner.stage"].sudo()._merge_partners(src_partners, dst_partner)
        self.env["partner.touchpoint"].sudo()._merge_partners(src_partners, dst_partner)
        touches = self.env["partner.touchpoint.touch"].sudo()
        touches._merge_partners(src_partners, dst_partner)
        plans = self.env["supplier.material.plan"].sudo()
        plans._merge_partners(src_partners, dst_partner)
        reports = self.env["dealer.stock.report"].sudo()
        reports._merge_partners(src_partners, dst_partner)
        self.env["dealer.target"].sudo()._merge_partners(src_partners, dst_partner)
        left_out = self.env["dealer.month.exclusion"].sudo()
        left_out._merge_partners(src_partners, dst_partner)
        dst_partner.sudo()._merge_dealer_stage(src_partners)
        self.env.flush_all()
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env.invalidate_all()
        self.env["crm.visit"].sudo()._merge_partners(dst_partner)
        self.env["partner.potential"].sudo()._merge_partners(dst_partner)
        self.env["dealer.registration"].sudo()._merge_partners(dst_partner)
        self.env["partner.score.dirty"]._mark([(dst_partner, False)])
        return result
