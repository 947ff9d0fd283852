from odoo import models
from odoo.tools import SQL

WEEK = 7
EVENT_DAYS = 365


class PartnerCadence(models.Model):
    """What rules ask of each person in an average week, before they are activated."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "partner.cadence"

    def _get_load(self, company, today):
        """``[{user_id, name, customers, calls, visits, hours, available,
        is_too_much}]``

        Touches per week as if these were the only rules: customers by interval; for
        events what the last year would have asked for. Hours are minutes per call and
        a working day's share per visit, against the person's own working hours (else
        the company's). Whoever nobody looks after stands at the end.
        """
        if not self:
            return []
        company = company.sudo()
        rules = self.sudo().with_company(company).sorted()
        self.env.flush_all()
        with rules._planned_for(None):
            rows = self.env.execute_query(rules._select_load(company, today))
        loads = {}
        for user_id, rank, customers, touches in rows:
            load = loads.setdefault(user_id, {"customers": 0, "calls": 0, "visits": 0})
            load["customers"] = max(load["customers"], customers)
            load["visits" if rank > 1 else "calls"] += float(touches)
        users = self.env["res.users"].sudo().browse(filter(None, loads))
        hours = {user: self._get_week_hours(user, company) for user in users}
        lines = [
            self._get_load_line(user, load, hours.get(user, 0.0), company)
            for user_id, load in loads.items()
            for user in [users.browse(user_id or [])]
        ]
        return sorted(lines, key=lambda line: (not line["user_id"], -line["hours"]))

    def _select_load(self, company, today):
        """SELECT of user id, rank, customers and touches per week."""
        wanted = self._with_wanted(company, today, None)
        return SQL(
            """WITH %(wanted)s, staffed AS (
               SELECT wanted.rule_id, wanted.partner_id,
                      wanted.user_id,
                      CASE WHEN NOT wanted.is_clock THEN 1.0 * %(week)s / %(year)s
                           WHEN rules.once THEN 0 ELSE 1.0 * %(week)s / rules.span END
                          AS weekly, rules.rank
                 FROM wanted JOIN rules ON rules.id = wanted.rule_id
                WHERE wanted.is_clock
                   OR wanted.anchor_date BETWEEN %(today)s::date - %(year)s
                                             AND %(today)s)
               SELECT user_id, rank, COUNT(DISTINCT partner_id), SUM(weekly)
                 FROM staffed GROUP BY 1, 2""",
            wanted=wanted,
            week=WEEK,
            year=EVENT_DAYS,
            today=today,
        )

    def _get_week_hours(self, user, company):
        """Working hours of a week: the person's own, else the company's."""
        calendar = user.resource_calendar_id or company.resource_calendar_id
        return calendar.hours_per_week or 40.0

    def _get_load_line(self, user, load, available, company):
        per_visit = available / 5 / company.visits_per_day
        hours = load["calls"] * company.call_minutes / 60 + load["visits"] * per_visit
        return {
            **load,
            "user_id": user.id,
            "name": user.name or self.env._("Nobody"),
            "hours": hours,
            "available": available,
            "is_too_much": bool(user) and hours > available,
        }
