from odoo import models


class CrmLead(models.Model):
    """A lead finds the dealer of its place."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _name = "crm.lead"
    _inherit = ["crm.lead", "dealer.assignment.mixin"]

    def _get_dealer_triggers(self):
        return super()._get_dealer_triggers() | {"country_id", "state_id"}

    def _get_dealer_clues(self):
        return self.partner_id, self.country_id, self.state_id

    def _get_dealer_categories(self):
        # sudo: the products quoted decide, also where the quotation is a colleague's
        return self.sudo().order_ids.order_line.product_id.categ_id
