from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ProductTemplate(models.Model):
    _inherit = "product.template"

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
