from odoo import api, models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        """A payment changes how late its customer pays."""
        partials = super().create(vals_list)
        partials._mark_customers()
        return partials

    def unlink(self):
        self._mark_customers()
        return super().unlink()

    def _mark_customers(self):
        moves = self.debit_move_id.move_id | self.credit_move_id.move_id
        self.env["partner.score.dirty"]._mark(moves._get_scored_pairs())
