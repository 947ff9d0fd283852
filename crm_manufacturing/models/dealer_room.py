from odoo import api, fields, models

GROUP = "crm_manufacturing.group_dealer_room"


class ResConfigSettings(models.TransientModel):
    """The switch of the room: menus, buttons and fields need its group."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.config.settings"

    group_dealer_room = fields.Boolean(
        "Dealers",
        group="sales_team.group_sale_salesman",
        implied_group=GROUP,
    )


class PartnerScorecard(models.Model):
    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "partner.scorecard"

    @api.model
    def _get_room_groups(self):
        return super()._get_room_groups() | {"dealer": GROUP}
