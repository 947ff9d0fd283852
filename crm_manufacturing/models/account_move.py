from odoo import models

SCORED_FIELDS = {
    "state",
    "invoice_date",
    "invoice_date_due",
    "invoice_payment_term_id",
    "partner_id",
    "commercial_partner_id",
}


class AccountMove(models.Model):
    _inherit = "account.move"

    # the index under one customer's revenue; the host has none on this column
    _customer_revenue = models.Index(
        "(commercial_partner_id, invoice_date) "
        "INCLUDE (company_id, move_type, amount_untaxed_signed) "
        "WHERE state = 'posted' AND move_type IN ('out_invoice', 'out_refund')"
    )

    def write(self, vals):
        """What changes a customer's figures marks him to be scored again."""
        if not vals.keys() & SCORED_FIELDS:
            return super().write(vals)
        before = self._get_scored_pairs()
        result = super().write(vals)
        self.env["partner.score.dirty"]._mark(before | self._get_scored_pairs())
        return result

    def _get_scored_pairs(self):
        """``{(customer, company)}`` of the posted customer documents."""
        documents = self.filtered(
            lambda move: (
                move.state == "posted"
                and move.move_type in ("out_invoice", "out_refund")
            )
        )
        return {(move.commercial_partner_id, move.company_id) for move in documents}
