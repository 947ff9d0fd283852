from odoo import fields, models
from odoo.tools import SQL


class DealerOurPart(models.Model):
    """Our part in a dealer's result, one row per dealer and month with anything due.

    On time is the share of the lines first promised for the month that came in time;
    quotation days run from the quotation's making to its sending; credited is what we
    took back or replaced and credited him for, of what we delivered.
    """

    _name = "dealer.our.part"
    _description = "Our Part for Dealers"
    _auto = False
    _order = "period desc, dealer_id"
    _rec_name = "dealer_id"

    dealer_id = fields.Many2one("res.partner", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    period = fields.Date(string="Month", readonly=True)
    due_count = fields.Integer(string="Lines Due", readonly=True)
    on_time_count = fields.Integer(string="Lines on Time", readonly=True)
    on_time = fields.Float(string="On Time (%)", readonly=True, aggregator="avg")
    quotation_count = fields.Integer(string="Quotations Sent", readonly=True)
    quotation_days = fields.Float(
        string="Days to Quote", readonly=True, aggregator="avg"
    )
    credited_qty = fields.Float(
        string="Returned and Credited",
        readonly=True,
        help="Quantity credited to the dealer: what came back for a fault of ours.",
    )
    has_failed = fields.Boolean(
        string="We Failed", readonly=True, help="Less than 80 % came on time."
    )
    is_left_out = fields.Boolean(string="Left Out", readonly=True)

    _depends = {
        "dealer.month.exclusion": ["company_id", "dealer_id", "period"],
        "res.partner": ["commercial_partner_id", "dealer_stage"],
        "sale.order": ["company_id", "partner_id", "quotation_sent_date"],
    }

    @property
    def _table_query(self):
        return SQL(
            """SELECT MIN(part.id) AS id, part.dealer_id, part.company_id, part.period,
                      SUM(due)::int AS due_count, SUM(in_time)::int AS on_time_count,
                      100.0 * SUM(in_time) / NULLIF(SUM(due), 0) AS on_time,
                      COUNT(days)::int AS quotation_count, AVG(days) AS quotation_days,
                      SUM(credited) AS credited_qty,
                      COALESCE(SUM(in_time) < 0.8 * SUM(due), FALSE) AS has_failed,
                      EXISTS (SELECT 1 FROM dealer_month_exclusion month
                               WHERE month.dealer_id = part.dealer_id
                                 AND month.company_id = part.company_id
                                 AND month.period = part.period) AS is_left_out
                 FROM (%s UNION ALL %s) part
                 JOIN res_partner dealer ON dealer.id = part.dealer_id
                WHERE dealer.dealer_stage IS NOT NULL
             GROUP BY part.dealer_id, part.company_id, part.period""",
            self._select_deliveries(),
            self._select_quotations(),
        )

    def _select_deliveries(self):
        return SQL(
            """SELECT line.id * 2::bigint AS id, line.partner_id AS dealer_id,
                      line.company_id,
                      DATE_TRUNC('month', line.first_promised_date)::date AS period,
                      CASE WHEN line.on_time_first IS NOT NULL THEN 1 END AS due,
                      line.on_time_first AS in_time, NULL::float8 AS days,
                      line.complained_qty AS credited
                 FROM (%s) line WHERE line.is_due""",
            self.env["partner.scorecard.metric"]._get_deliveries(),
        )

    def _select_quotations(self):
        return SQL(
            """SELECT sale.id * 2::bigint + 1, partner.commercial_partner_id,
                      sale.company_id,
                      DATE_TRUNC('month', sale.quotation_sent_date)::date,
                      NULL::int, NULL::float8,
                      GREATEST(0, sale.quotation_sent_date - sale.create_date::date)
                          ::float8, NULL::float8
                 FROM sale_order sale
                 JOIN res_partner partner ON partner.id = sale.partner_id
                WHERE sale.quotation_sent_date IS NOT NULL"""
        )

    def action_leave_out(self):
        """Ask for the reason why the dealer's target leaves the month out (button)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Leave the Month Out"),
            "res_model": "dealer.month.exclusion",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_dealer_id": self.dealer_id.id,
                "default_company_id": self.company_id.id,
                "default_period": self.period,
            },
        }
