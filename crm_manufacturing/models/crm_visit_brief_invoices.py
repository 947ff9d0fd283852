from odoo import api, models


class CrmVisit(models.Model):
    """What the customer owes and should have paid."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "crm.visit"

    @api.model
    def _brief_sections(self):
        return super()._brief_sections() + [
            (30, "overdue", self.env._("Overdue Invoices"))
        ]

    @api.model
    def _brief_overdue(self, brief):
        """Posted invoices past due, the oldest first, in company currency."""
        if not self.env["account.move"].has_access("read"):
            return None
        moves = self.env["account.move"].search_fetch(
            [
                ("commercial_partner_id", "=", brief["partner"].id),
                ("company_id", "=", brief["company"].id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
                ("invoice_date_due", "<", brief["today"]),
            ],
            ["name", "invoice_date_due", "amount_residual_signed"],
            order="invoice_date_due, id",
        )
        return [
            self._brief_line(
                move.name,
                self.env._(
                    "%(days)s days overdue",
                    days=(brief["today"] - move.invoice_date_due).days,
                ),
                self._format_money(move.amount_residual_signed, brief["company"]),
                move,
                alarm=True,
            )
            for move in moves
        ]
