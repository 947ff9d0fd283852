from odoo import fields, models

from .order_requirement import ALL_PRODUCTIONS, FIRST_PRODUCTION, PURCHASES

DEPTHS = [
    ("order", "Order only"),
    (FIRST_PRODUCTION, "First production"),
    (ALL_PRODUCTIONS, "All productions"),
    (PURCHASES, "Productions and purchases"),
]
ORDER = [depth for depth, _label in DEPTHS]


class OrderRequirementCategoryMixin(models.AbstractModel):
    """How far a customer's requirement travels; empty asks the parent category."""

    _name = "order.requirement.category.mixin"
    _description = "Category that Lets Requirements Travel"

    requirement_depth = fields.Selection(
        DEPTHS,
        string="Requirements Reach",
        groups="base.group_user",
        help="How far the customer's requirement of an order line travels.\n"
        "Order only: it stays with the sales order.\n"
        "First production: the manufacturing order of the product sold.\n"
        "All productions: also those of its components.\n"
        "Productions and purchases: also the descriptions of what is bought for "
        "them, which the vendor reads.\n"
        "Empty: as the parent category says; all productions when none says anything.",
    )
    requirement_name_customer = fields.Boolean(
        string="Name the Customer to Vendors",
        groups="base.group_user",
        help="Requirements on purchases begin with the customer's name. Otherwise "
        "vendors do not learn for whom they deliver.",
    )

    def _get_requirement_category(self):
        """The nearest category that says how far, itself or above it; may be empty."""
        category = self
        while category and not category.requirement_depth:
            category = category.parent_id
        return category

    def _lets_requirement_reach(self, depth):
        # sudo: the category decides, whoever plans
        said = self.sudo()._get_requirement_category().requirement_depth
        return ORDER.index(said or ALL_PRODUCTIONS) >= ORDER.index(depth)

    def _names_customer_to_vendors(self):
        """Says the category that says how far."""
        # sudo: the category decides, whoever buys
        return self.sudo()._get_requirement_category().requirement_name_customer
