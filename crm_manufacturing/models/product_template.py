from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ProductTemplate(models.Model):
    _inherit = "product.template"

    serial_reserve_on_order = fields.Boolean(
        string="Reserve Serials on Order",
        groups="base.group_user",
        help="Quotations take the next serial numbers of this product when a line is "
        "saved, and the manufacturing order makes exactly those. They are free again "
        "when the quotation expires or is cancelled.",
    )
    requirement_check_ids = fields.One2many(
        "order.requirement.check",
        "product_tmpl_id",
        string="Production Checks",
        groups="base.group_user",
    )
    expected_life_months = fields.Integer(
        string="Expected Life (months)",
        groups="base.group_user",
        help="After this time a delivered product is due for replacement. 0: unknown.",
    )

    @api.constrains("expected_life_months")
    def _check_expected_life_months(self):
        if any(not 0 <= product.expected_life_months <= 1200 for product in self):
            raise ValidationError(
                self.env._("Expected Life: must be between 0 and 1,200 months.")
            )

    def action_affected_customers(self):
        """Which customers wait for one of its variants (button)."""
        return self.product_variant_ids.action_affected_customers()
