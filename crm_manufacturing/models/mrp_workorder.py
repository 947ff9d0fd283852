from odoo import fields, models


class MrpWorkorder(models.Model):
    _name = "mrp.workorder"
    _inherit = ["mrp.workorder", "order.requirement.workorder.mixin"]

    customer_requirement = fields.Text(
        related="production_id.customer_requirement", groups="base.group_user"
    )

    def write(self, vals):
        if vals.get("state") == "done":
            self._refuse_open_checks()
        return super().write(vals)
