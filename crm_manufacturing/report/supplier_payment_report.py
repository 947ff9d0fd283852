from odoo import fields, models
from odoo.tools import SQL


class SupplierPaymentReport(models.Model):
    """How we paid: one row per payment of a vendor bill, and one for its open rest.

    Amounts are in company currency at the rate of the bill, so that its rows add up to
    the bill whatever the rates did since. What a credit note settled was never owed
    and has no row. An early payment discount counts as paid with its payment. ``id``
    is the reconciliation's, or minus the journal item's for the open rest.
    """

    _name = "supplier.payment.report"
    _description = "Payments to Suppliers"
    _auto = False
    _order = "due_date desc, id desc"
    _rec_name = "move_id"

    move_id = fields.Many2one("account.move", string="Bill", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Supplier", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    invoice_date = fields.Date(string="Bill Date", readonly=True)
    due_date = fields.Date(readonly=True)
    paid_date = fields.Date(string="Paid On", readonly=True)
    amount = fields.Monetary(readonly=True)
    days = fields.Integer(
        string="Days to Pay",
        readonly=True,
        aggregator="avg",
        help="From the bill's date to the payment; early is 0.",
    )
    weighted_days = fields.Float(
        readonly=True, help="Days times amount, for an average that weighs amounts."
    )
    pace = fields.Selection(
        [
            ("30", "Within 30 days"),
            ("60", "31 to 60 days"),
            ("more", "Over 60 days"),
            ("open", "Not paid yet"),
        ],
        string="Paid",
        readonly=True,
    )
    is_late = fields.Boolean(
        string="Outside Terms",
        readonly=True,
        help="Paid after its due date, or open and overdue.",
    )
    dispute_reason = fields.Char(string="Disputed Because", readonly=True)

    _depends = {
        "account.move": [
            "commercial_partner_id",
            "company_id",
            "invoice_date",
            "move_type",
            "state",
            "supplier_dispute_reason",
        ],
        "account.move.line": [
            "amount_currency",
            "amount_residual_currency",
            "balance",
            "date",
            "date_maturity",
            "display_type",
            "move_id",
        ],
        "account.partial.reconcile": [
            "credit_amount_currency",
            "credit_move_id",
            "debit_move_id",
        ],
    }

    @property
    def _table_query(self):
        return SQL("%s %s %s", self._select(), self._from(), self._where())

    def _select(self):
        return SQL(
            """SELECT piece.id, move.id AS move_id,
                      move.commercial_partner_id AS partner_id, move.company_id,
                      move.invoice_date, due.date AS due_date, piece.paid_date,
                      piece.amount, spent.days, piece.amount * spent.days
                          AS weighted_days,
                      CASE WHEN spent.days IS NULL THEN 'open'
                           WHEN spent.days <= 30 THEN '30'
                           WHEN spent.days <= 60 THEN '60' ELSE 'more' END AS pace,
                      COALESCE(piece.paid_date, clock.today) > due.date AS is_late,
                      NULLIF(TRIM(move.supplier_dispute_reason), '')
                          AS dispute_reason"""
        )

    def _from(self):
        return SQL(
            """FROM account_move_line line
               JOIN account_move move ON move.id = line.move_id
               JOIN (%(zones)s) zone ON zone.company_id = move.company_id
         CROSS JOIN LATERAL (
                   SELECT (%(now)s::timestamp AT TIME ZONE 'UTC'
                           AT TIME ZONE zone.name)::date AS today) clock
         CROSS JOIN LATERAL (
                   SELECT COALESCE(line.date_maturity, move.invoice_date) AS date) due
         CROSS JOIN LATERAL (%(pieces)s) piece
         CROSS JOIN LATERAL (
                   SELECT CASE WHEN piece.paid_date IS NOT NULL
                               THEN GREATEST(0, piece.paid_date - move.invoice_date)
                          END AS days) spent""",
            zones=self.env["res.company"]._select_zones(),
            now=fields.Datetime.now(),
            pieces=self._select_pieces(),
        )

    def _select_pieces(self):
        """Payments of ``line`` and its open rest; exchange differences pay nothing."""
        return SQL(
            """SELECT part.id, other.date AS paid_date,
                      part.credit_amount_currency * line.balance
                          / line.amount_currency AS amount
                 FROM account_partial_reconcile part
                 JOIN account_move_line other ON other.id = part.debit_move_id
                 JOIN account_move other_move ON other_move.id = other.move_id
                WHERE part.credit_move_id = line.id
                  AND part.credit_amount_currency > 0
                  AND other_move.move_type <> 'in_refund'
            UNION ALL
               SELECT -line.id, NULL, -line.amount_residual_currency * line.balance
                          / line.amount_currency
                WHERE line.amount_residual_currency < 0"""
        )

    def _where(self):
        return SQL(
            """WHERE move.state = 'posted' AND move.move_type = 'in_invoice'
                 AND line.display_type = 'payment_term' AND line.amount_currency <> 0"""
        )
