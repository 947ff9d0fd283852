from odoo import fields, models
from odoo.tools import SQL


class DealerChannelReport(models.Model):
    """What came of the deals each dealer brought, one row per dealer and year.

    Beside it our part: the median of our days to answer, and how many of the answers
    came when they were due. The win rate is of what was decided, won or lost.
    """

    _name = "dealer.channel.report"
    _description = "What Dealers Bring"
    _auto = False
    _order = "year desc, won_value desc, id"
    _rec_name = "dealer_id"

    dealer_id = fields.Many2one(
        "res.partner", string="Originating Dealer", readonly=True
    )
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    year = fields.Char(readonly=True)
    deal_count = fields.Integer(string="Registered", readonly=True)
    approved_count = fields.Integer(
        string="Approved", readonly=True, help="At any time, also if it ended since."
    )
    won_count = fields.Integer(string="Won", readonly=True)
    lost_count = fields.Integer(string="Lost", readonly=True)
    won_value = fields.Monetary(readonly=True, help="Of the opportunities won.")
    win_rate = fields.Float(string="Won (%)", readonly=True, aggregator="avg")
    answer_count = fields.Integer(string="We: Answered", readonly=True)
    answer_days = fields.Float(
        string="We: Days to Answer",
        readonly=True,
        aggregator=None,
        help="Median, from the submission to the answer.",
    )
    in_time = fields.Float(
        string="We: Answered in Time (%)", readonly=True, aggregator="avg"
    )

    _depends = {
        "crm.lead": ["expected_revenue"],
        "dealer.registration": [
            "answer_due_date",
            "answered_on",
            "company_id",
            "dealer_id",
            "lead_id",
            "protected_until",
            "state",
            "submitted_on",
        ],
    }

    @property
    def _table_query(self):
        return SQL(
            """SELECT MIN(deal.id) AS id, deal.dealer_id, deal.company_id,
                      EXTRACT(YEAR FROM deal.submitted_on)::int::varchar AS year,
                      COUNT(*)::int AS deal_count,
                      COUNT(deal.protected_until)::int AS approved_count,
                      COUNT(*) FILTER (WHERE deal.state = 'won')::int AS won_count,
                      COUNT(*) FILTER (WHERE deal.state = 'lost')::int AS lost_count,
                      COALESCE(SUM(lead.expected_revenue)
                          FILTER (WHERE deal.state = 'won'), 0) AS won_value,
                      100 * AVG((deal.state = 'won')::int)
                          FILTER (WHERE deal.state IN ('won', 'lost')) AS win_rate,
                      COUNT(deal.answered_on)::int AS answer_count,
                      PERCENTILE_CONT(0.5) WITHIN GROUP (
                          ORDER BY EXTRACT(EPOCH FROM deal.answered_on
                                           - deal.submitted_on) / 86400)
                          AS answer_days,
                      100 * AVG((deal.answered_on::date <= deal.answer_due_date)::int)
                          AS in_time
                 FROM dealer_registration deal
            LEFT JOIN crm_lead lead ON lead.id = deal.lead_id
                WHERE deal.submitted_on IS NOT NULL
             GROUP BY 2, 3, 4"""
        )

    def _read_group_select(self, aggregate_spec, query):
        """Rates of several rows are of all their deals; medians have no sum."""
        weights = {
            "win_rate:avg": ("win_rate", ("won_count", "lost_count")),
            "in_time:avg": ("in_time", ("answer_count",)),
        }
        if aggregate_spec not in weights:
            return super()._read_group_select(aggregate_spec, query)
        name, counts = weights[aggregate_spec]
        rate = self._field_to_sql(self._table, name, query)
        weight = SQL(" + ").join(
            self._field_to_sql(self._table, count, query) for count in counts
        )
        return SQL(
            "SUM(%(rate)s * (%(weight)s)) / NULLIF(SUM(%(weight)s), 0)",
            rate=rate,
            weight=weight,
        )

    def action_open_registrations(self):
        """The deals behind the row (button)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_manufacturing.dealer_registration_action"
        )
        action["context"] = {}
        action["domain"] = [
            ("dealer_id", "=", self.dealer_id.id),
            ("company_id", "=", self.company_id.id),
            ("submitted_on", ">=", f"{self.year}-01-01"),
            ("submitted_on", "<", f"{int(self.year) + 1}-01-01"),
        ]
        return action
