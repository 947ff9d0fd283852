from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def action_affected_customers(self):
        """Which customers wait for this component, best tier and promise first."""
        return self.env["order.trace.affected"]._open_products(self)
