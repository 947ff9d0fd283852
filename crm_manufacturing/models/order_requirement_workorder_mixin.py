from odoo import fields, models


class OrderRequirementWorkorderMixin(models.AbstractModel):
    """A work order with the requirements of its production and its own checks."""

    _name = "order.requirement.workorder.mixin"
    _description = "Work Order with Customer Requirements"

    requirement_check_ids = fields.One2many(
        "order.requirement.check.item",
        "workorder_id",
        string="Checks",
        groups="base.group_user",
    )

    def _refuse_open_checks(self):
        """A work order is not finished with an open check."""
        self.requirement_check_ids._refuse_open()
