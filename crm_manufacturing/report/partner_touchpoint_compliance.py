from odoo import fields, models
from odoo.tools import SQL


class PartnerTouchpointCompliance(models.Model):
    """Promised and kept: one row per touchpoint that fell due or was done.

    Planned is what fell due, done what was done of it (a customer cannot have more done
    than planned), remaining the difference. On time is 1 or 0, and empty while the
    grace lasts. Of what was done: whether the decision maker was met, as the report of
    that day says, and whether that report was closed the same day. A touchpoint that a
    rule, a loss or a merge took away is left out; one that a person skipped was not
    kept.
    """

    _name = "partner.touchpoint.compliance"
    _description = "Cadence Compliance"
    _auto = False
    _order = "due_date desc, id desc"
    _rec_name = "partner_id"

    touchpoint_id = fields.Many2one("partner.touchpoint", readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customers in Plan",
        readonly=True,
        aggregator="count_distinct",
    )
    touched_partner_id = fields.Many2one(
        "res.partner",
        string="Customers Touched",
        readonly=True,
        aggregator="count_distinct",
    )
    company_id = fields.Many2one("res.company", readonly=True)
    cadence_id = fields.Many2one("partner.cadence", string="Rule", readonly=True)
    activity_type_id = fields.Many2one(
        "mail.activity.type", string="Touch", readonly=True
    )
    user_id = fields.Many2one("res.users", string="Responsible", readonly=True)
    done_user_id = fields.Many2one("res.users", string="Done By", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    band_id = fields.Many2one("partner.scorecard.band", string="Tier", readonly=True)
    due_date = fields.Date(readonly=True)
    done_date = fields.Date(string="Closed On", readonly=True)
    state = fields.Selection(related="touchpoint_id.state")
    planned = fields.Integer(readonly=True)
    done = fields.Integer(readonly=True)
    remaining = fields.Integer(readonly=True)
    on_time = fields.Float(string="On Time (%)", readonly=True, aggregator="avg")
    days_late = fields.Integer(readonly=True, aggregator="avg")
    met_decider = fields.Integer(string="Decision Maker Met", readonly=True)
    same_day = fields.Float(
        string="Reported the Same Day (%)",
        readonly=True,
        aggregator="avg",
        help="Of the touches that have a report.",
    )

    _depends = {
        "partner.touchpoint": [
            "company_id",
            "partner_id",
            "cadence_id",
            "activity_type_id",
            "user_id",
            "done_user_id",
            "team_id",
            "band_id",
            "due_date",
            "done_date",
            "state",
            "is_late",
            "on_time",
            "skip_reason",
        ],
        "crm.visit": ["state", "outcome", "day", "closed_on", "met_decider"],
    }

    @property
    def _table_query(self):
        return SQL("%s %s %s", self._select(), self._from(), self._where())

    def _select(self):
        return SQL(
            """SELECT point.id, point.id AS touchpoint_id, point.partner_id,
                      CASE WHEN point.state = 'done' THEN point.partner_id END
                          AS touched_partner_id,
                      point.company_id, point.cadence_id, point.activity_type_id,
                      point.user_id, point.done_user_id, point.team_id, point.band_id,
                      point.due_date, point.done_date, 1 AS planned,
                      (point.state = 'done')::int AS done,
                      (point.state <> 'done')::int AS remaining,
                      CASE WHEN point.state = 'done'
                           THEN 100.0 * COALESCE(point.on_time, FALSE)::int
                           WHEN point.state = 'skipped' OR point.is_late THEN 0.0
                      END AS on_time,
                      CASE WHEN point.state = 'done'
                           THEN GREATEST(point.done_date - point.due_date, 0)
                      END AS days_late, COALESCE(report.met_decider, 0) AS met_decider,
                      report.same_day"""
        )

    def _from(self):
        return SQL(
            """FROM partner_touchpoint point
                 JOIN (%s) zone ON zone.company_id = point.company_id
            LEFT JOIN LATERAL (
                      SELECT MAX(visit.met_decider::int) AS met_decider,
                             MAX(100.0 * ((visit.closed_on AT TIME ZONE 'UTC'
                                 AT TIME ZONE zone.name)::date <= visit.day)::int)
                                 AS same_day
                        FROM crm_visit visit
                       WHERE visit.commercial_partner_id = point.partner_id
                         AND visit.company_id = point.company_id
                         AND visit.day = point.done_date AND visit.state = 'done'
                         AND visit.outcome <> 'not_reached') report
                      ON point.state = 'done'""",
            self.env["res.company"]._select_zones(),
        )

    def _where(self):
        return SQL(
            """WHERE point.state IN ('done', 'due', 'overdue')
                  OR (point.state = 'planned' AND point.is_late)
                  OR (point.state = 'skipped' AND point.skip_reason = 'user')"""
        )

    def action_open_touchpoint(self):
        """The touchpoint behind a line (button)."""
        self.ensure_one()
        return self.touchpoint_id.get_formview_action()
