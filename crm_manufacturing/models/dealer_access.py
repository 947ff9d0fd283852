from odoo import models

from .dealer_partner import LIVE_STAGES


class ResPartner(models.Model):
    """The people of a dealer who may use the portal."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.partner"

    def _get_portal_users(self):
        """The active portal users of these firms."""
        # sudo: who looks after dealers need not be able to read users
        users = self.env["res.users"].sudo()
        return users.search(
            [
                ("partner_id.commercial_partner_id", "in", self.ids),
                ("share", "=", True),
                ("group_ids", "in", self.env.ref("base.group_portal").ids),
            ]
        )

    def _get_portal_dealer(self):
        """The firm these people sell for, while it is a dealer of ours; else nobody.

        In superuser mode: the portal has no rights on dealers' fields.
        """
        firm = self.sudo().commercial_partner_id
        is_on = "dealer" not in self.env["partner.scorecard"]._get_resting_roles()
        if is_on and firm.active and firm.dealer_stage in LIVE_STAGES:
            return firm
        return firm.browse()
