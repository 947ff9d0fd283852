from odoo import fields, models


class DeliveryPromiseToleranceMixin(models.AbstractModel):
    """How far a delivery may be from its promise and still keep it."""

    _name = "delivery.promise.tolerance.mixin"
    _description = "Delivery Tolerance"

    delivery_full_percent = fields.Float(
        string="In Full From (%)",
        default=98.0,
        groups="base.group_user",
        help="A line is in full from this share of the ordered quantity.",
    )
    delivery_late_days = fields.Integer(
        string="On Time Until (days after)", default=1, groups="base.group_user"
    )
    delivery_early_days = fields.Integer(
        string="On Time From (days before)", default=10, groups="base.group_user"
    )

    _delivery_tolerance_valid = models.Constraint(
        "CHECK (delivery_full_percent > 0 AND delivery_full_percent <= 100 "
        "AND delivery_late_days BETWEEN 0 AND 3650 "
        "AND delivery_early_days BETWEEN 0 AND 3650)",
        "In full is above 0 and up to 100 percent; days are 0 to 3,650.",
    )
