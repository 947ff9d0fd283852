from odoo import fields, models

from .supplier_material_plan import PERIODS


class ResCompany(models.Model):
    """How a company plans with its suppliers."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.company"

    material_plan_period = fields.Selection(
        PERIODS,
        string="Material Plan By",
        default="month",
        required=True,
        groups="base.group_user",
    )
    material_plan_periods = fields.Integer(
        string="Periods Ahead",
        default=6,
        groups="base.group_user",
        help="How many months or weeks a material plan shows, with the current one.",
    )

    _material_plan_periods_valid = models.Constraint(
        "CHECK (material_plan_periods BETWEEN 1 AND 60)",
        "Periods Ahead: a material plan shows between 1 and 60 periods.",
    )


class ResConfigSettings(models.TransientModel):
    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.config.settings"

    material_plan_period = fields.Selection(
        related="company_id.material_plan_period", readonly=False, required=True
    )
    material_plan_periods = fields.Integer(
        related="company_id.material_plan_periods", readonly=False
    )
