from odoo import fields, models
from odoo.tools import SQL


class SupplierBillDue(models.Model):
    """Whom to pay this week: one row per supplier with bills due until Sunday.

    The best rated come first, among them those nobody else could replace. Disputed
    bills are left out. Amounts are in company currency.
    """

    _name = "supplier.bill.due"
    _description = "Bills Due This Week"
    _auto = False
    _order = "place, sole_product_count desc, due_date, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", string="Supplier", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    band_id = fields.Many2one("partner.scorecard.band", string="Rating", readonly=True)
    place = fields.Integer(
        string="Place of the Rating",
        readonly=True,
        aggregator=None,
        export_string_translation=False,
    )
    sole_product_count = fields.Integer(
        string="Only Source Of",
        readonly=True,
        help="Products nobody else delivered in the last 12 months.",
    )
    bill_count = fields.Integer(string="Bills", readonly=True)
    due_date = fields.Date(string="First Due", readonly=True)
    amount = fields.Monetary(string="Due This Week", readonly=True)
    overdue_amount = fields.Monetary(string="Of It Overdue", readonly=True)

    _depends = {
        "account.move": ["state", "move_type", "supplier_dispute_reason"],
        "account.move.line": ["amount_residual", "date_maturity", "move_id"],
        "partner.score": ["effective_band_id", "is_current", "partner_id"],
        "purchase.order": ["date_approve", "partner_id", "state"],
        "purchase.order.line": ["order_id", "product_id"],
    }

    @property
    def _table_query(self):
        return SQL(
            """SELECT due.*, score.effective_band_id AS band_id,
                      COALESCE(band.sequence, 1000) AS place,
                      COALESCE(sole.products, 0)::int AS sole_product_count
                 FROM (%s) due
                 JOIN res_company company ON company.id = due.company_id
            LEFT JOIN partner_score score ON score.is_current
                      AND score.scorecard_id = company.supplier_scorecard_id
                      AND score.partner_id = due.partner_id
                      AND score.company_id = due.company_id
            LEFT JOIN partner_scorecard_band band ON band.id = score.effective_band_id
            LEFT JOIN (%s) sole ON sole.partner_id = due.partner_id
                      AND sole.company_id = due.company_id""",
            self._select_due(),
            self._select_sole_sources(),
        )

    def _select_due(self):
        return SQL(
            """SELECT MIN(line.id) AS id, move.commercial_partner_id AS partner_id,
                      move.company_id, COUNT(DISTINCT move.id)::int AS bill_count,
                      MIN(line.date_maturity) AS due_date,
                      -SUM(line.amount_residual) AS amount,
                      -SUM(line.amount_residual)
                          FILTER (WHERE line.date_maturity < %(today)s)
                          AS overdue_amount
                 FROM account_move_line line
                 JOIN account_move move ON move.id = line.move_id
                WHERE %(where)s
             GROUP BY move.commercial_partner_id, move.company_id""",
            today=self.env.company._get_today(),
            where=self._where_due(),
        )

    def _where_due(self):
        return SQL(
            """move.state = 'posted' AND move.move_type = 'in_invoice'
               AND line.display_type = 'payment_term' AND line.amount_residual < 0
               AND line.date_maturity <= %s
               AND COALESCE(TRIM(move.supplier_dispute_reason), '') = ''""",
            self._get_week_end(),
        )

    def _get_week_end(self):
        """The Sunday of the company's present week."""
        return fields.Date.end_of(self.env.company._get_today(), "week")

    def _select_sole_sources(self):
        """How many products only this vendor delivered in the last 12 months."""
        return SQL(
            """SELECT company_id, partner_id, COUNT(*) AS products
                 FROM (SELECT purchase.company_id, line.product_id,
                              MIN(vendor.commercial_partner_id) AS partner_id
                         FROM purchase_order_line line
                         JOIN purchase_order purchase ON purchase.id = line.order_id
                         JOIN res_partner vendor ON vendor.id = purchase.partner_id
                        WHERE purchase.state = 'purchase'
                          AND line.product_id IS NOT NULL
                          AND purchase.date_approve > %s::date - INTERVAL '12 months'
                     GROUP BY 1, 2
                       HAVING MIN(vendor.commercial_partner_id)
                              = MAX(vendor.commercial_partner_id)) single
             GROUP BY 1, 2""",
            self.env.company._get_today(),
        )

    def action_open_bills(self):
        """The bills behind the row (button)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Bills Due"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [
                ("commercial_partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "posted"),
                ("move_type", "=", "in_invoice"),
                ("supplier_dispute_reason", "in", [False, ""]),
                (
                    "line_ids",
                    "any",
                    [
                        ("display_type", "=", "payment_term"),
                        ("amount_residual", "<", 0),
                        ("date_maturity", "<=", self._get_week_end()),
                    ],
                ),
            ],
            "context": {"create": False, "default_move_type": "in_invoice"},
        }
