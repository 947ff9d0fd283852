from odoo import fields, models


class ProductCategory(models.Model):
    _name = "product.category"
    _inherit = [
        "product.category",
        "delivery.promise.tolerance.mixin",
        "order.requirement.category.mixin",
    ]

    delivery_tolerance_own = fields.Boolean(
        string="Own Delivery Tolerance",
        groups="base.group_user",
        help="Products of this category and those below have a tolerance of their own "
        "instead of the company's.",
    )

    feedback_owner_id = fields.Many2one(
        "res.users",
        string="Product Feedback",
        domain=[("share", "=", False)],
        groups="base.group_user",
        help="Who answers customers' wishes about products of this category. Empty: "
        "as for the category above.",
    )

    def _get_feedback_owner(self):
        """The owner of the nearest category upwards that has one."""
        owner = self.feedback_owner_id.filtered("active")
        if owner or not self.parent_id:
            return owner
        return self.parent_id._get_feedback_owner()
