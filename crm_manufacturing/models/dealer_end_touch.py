from odoo import models
from odoo.tools import SQL


class PartnerCadence(models.Model):
    """Care and replacement are the end customer's, behind the dealer who has him.

    Unless the contract leaves the end customers to the dealer; a contract that has
    ended forbids nothing. Who does the rules' work is found as for any customer.
    """

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "partner.cadence"

    def _select_serial_places(self, company):
        return SQL(
            """SELECT place.lot_id, place.product_id,
                      COALESCE(behind.commercial_partner_id, place.partner_id)
                          AS partner_id,
                      COALESCE(lot.end_since, place.date) AS date
                 FROM (%s) place
                 JOIN stock_lot lot ON lot.id = place.lot_id
                 JOIN res_partner dealer ON dealer.id = place.partner_id
            LEFT JOIN res_partner behind ON behind.id = lot.end_partner_id
                      AND NOT (COALESCE(dealer.dealer_no_direct_contact, FALSE)
                          AND COALESCE(dealer.dealer_stage, '') <> 'ended')""",
            super()._select_serial_places(company),
        )
