from odoo import fields, models
from odoo.tools import SQL


class DealerStockMonth(models.Model):
    """One row per dealer and month he had to report, and whether he did.

    Months begin with his contract (else with his stage), at most 12 back, and are
    closed; a month counts once its report is due, so many days after its end.
    """

    _name = "dealer.stock.month"
    _description = "Months to Report"
    _auto = False
    _order = "period desc, dealer_id"
    _rec_name = "dealer_id"

    dealer_id = fields.Many2one("res.partner", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    period = fields.Date(string="Month", readonly=True)
    due_date = fields.Date(readonly=True)
    report_id = fields.Many2one("dealer.stock.report", readonly=True)
    is_missing = fields.Boolean(string="Not Reported", readonly=True)
    is_in_time = fields.Boolean(string="In Time", readonly=True)
    is_equal = fields.Boolean(string="As Calculated", readonly=True)

    _depends = {
        "dealer.stock.report": [
            "corrects_id",
            "dealer_id",
            "is_current",
            "period",
            "state",
            "submitted_date",
        ],
        "dealer.stock.report.line": ["difference_qty", "report_id"],
        "res.company": ["dealer_report_days"],
        "sale.order": ["company_id", "partner_id", "state"],
        "res.partner": [
            "active",
            "commercial_partner_id",
            "dealer_contract_start",
            "dealer_stage",
            "dealer_stage_since",
        ],
    }

    @property
    def _table_query(self):
        return self._get_query(self.env.company._get_today())

    def _get_query(self, today):
        """The months that are due as of ``today``."""
        return SQL(
            """SELECT dealer.id * 1000000::bigint + company.id * 1000
                          + EXTRACT(YEAR FROM month.start)::int %% 50 * 12
                          + EXTRACT(MONTH FROM month.start)::int AS id,
                      dealer.id AS dealer_id, company.id AS company_id,
                      month.start AS period, month.due AS due_date,
                      report.id AS report_id, report.id IS NULL AS is_missing,
                      COALESCE(first.submitted_date <= month.due, FALSE) AS is_in_time,
                      report.id IS NOT NULL AND NOT EXISTS (
                          SELECT 1 FROM dealer_stock_report_line line
                           WHERE line.report_id = report.id
                             AND line.difference_qty <> 0) AS is_equal
                 FROM res_partner dealer
           CROSS JOIN res_company company
           CROSS JOIN LATERAL (
                      SELECT day::date AS start, (day + INTERVAL '1 month')::date - 1
                                 + company.dealer_report_days AS due
                        FROM generate_series(
                            DATE_TRUNC('month', %(today)s::date - INTERVAL '12 months'),
                            DATE_TRUNC('month', %(today)s::date) - INTERVAL '1 day',
                            INTERVAL '1 month') day) month
            LEFT JOIN dealer_stock_report report ON report.dealer_id = dealer.id
                      AND report.company_id = company.id
                      AND report.period = month.start AND report.is_current
                      AND report.state <> 'draft'
            LEFT JOIN LATERAL (
                      SELECT MIN(submitted_date) AS submitted_date
                        FROM dealer_stock_report sent
                       WHERE sent.dealer_id = dealer.id
                         AND sent.company_id = company.id
                         AND sent.period = month.start AND sent.state <> 'draft'
                      ) first ON TRUE
                WHERE dealer.dealer_stage IN ('active', 'watch') AND dealer.active
                  AND (dealer.company_id IS NULL OR dealer.company_id = company.id)
                  AND EXISTS (SELECT 1 FROM sale_order sale
                                JOIN res_partner customer
                                     ON customer.id = sale.partner_id
                               WHERE sale.company_id = company.id
                                 AND sale.state = 'sale'
                                 AND customer.commercial_partner_id = dealer.id)
                  AND month.due < %(today)s
                  AND month.start >= COALESCE(
                      dealer.dealer_contract_start, dealer.dealer_stage_since,
                      %(today)s::date - INTERVAL '12 months')""",
            today=today,
        )

    def action_report(self):
        """Write the missing report, prefilled (button)."""
        self.ensure_one()
        reports = self.env["dealer.stock.report"]
        report = self.report_id or reports.search(
            [
                ("dealer_id", "=", self.dealer_id.id),
                ("company_id", "=", self.company_id.id),
                ("period", "=", self.period),
                ("is_current", "=", True),
            ]
        )
        if not report:
            report = reports.create(
                {
                    "dealer_id": self.dealer_id.id,
                    "company_id": self.company_id.id,
                    "period": self.period,
                }
            )
            report.action_propose()
        return report._get_records_action()
