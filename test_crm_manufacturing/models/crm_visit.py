from odoo import api, models


class CrmVisit(models.Model):
    """A section with the contact's reference, left out where there is none."""

    _inherit = "crm.visit"

    @api.model
    def _brief_sections(self):
        return super()._brief_sections() + [(15, "test_reference", "Reference")]

    @api.model
    def _brief_test_reference(self, brief):
        partner = brief["partner"]
        if not partner.ref:
            return None
        return [self._brief_line(partner.ref, note=str(brief["today"]), record=partner)]
