from odoo import api, fields, models
from odoo.tools import get_lang

from ..tools.plan_answer import read_quantity
from ..tools.quantity import format_quantity

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


def read_number(env, text):
    """The number a person typed in his language, or None when it is none."""
    return read_quantity(text, get_lang(env).thousands_sep)


def write_number(env, number):
    """A number as :func:`read_number` reads it again, and as its reader writes it."""
    return format_quantity(number, 6).replace(".", get_lang(env).decimal_point)


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
