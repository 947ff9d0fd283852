from odoo import fields, models

from .supplier_material_plan import PERIODS


class SupplierMaterialCompanyMixin(models.AbstractModel):
    """How a company plans with its suppliers."""

    _name = "supplier.material.company.mixin"
    _description = "Material Plan Settings"

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
