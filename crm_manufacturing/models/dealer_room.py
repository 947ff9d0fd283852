from odoo import api, fields, models

GROUP = "crm_manufacturing.group_dealer_room"


def without_defaults(records, names):
    """``records`` in a context that sets none of the fields by default: the caller
    chooses it."""
    unwanted = {f"default_{name}" for name in names}
    context = records.env.context.items()
    # keys cannot be taken out otherwise
    # pylint: disable-next=context-overridden
    return records.with_context(
        {key: value for key, value in context if key not in unwanted}
    )


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
