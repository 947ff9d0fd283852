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
