from odoo import fields, models


class StockMove(models.Model):
    _inherit = "stock.move"

    # the host searches moves of a group at every confirmation and has no index for it
    production_group_id = fields.Many2one(index="btree_not_null")

    def action_affected_customers(self):
        """Which customers wait for this component, best tier and promise first."""
        return self.env["order.trace.affected"]._open(self)
