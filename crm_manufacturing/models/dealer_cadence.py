from odoo import fields, models
from odoo.tools import SQL


class PartnerCadence(models.Model):
    """Touches of a dealer are made by who looks after him."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "partner.cadence"

    responsible = fields.Selection(
        selection_add=[("dealer_manager", "Channel Manager")],
        ondelete={"dealer_manager": "set default"},
    )

    def _determine_responsible(self, company):
        users = super()._determine_responsible(company)
        if self.responsible != "dealer_manager":
            return users
        return [SQL("partner.dealer_manager_id"), *users]
