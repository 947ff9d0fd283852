from datetime import datetime, time, timedelta

from odoo import models
from odoo.tools import SQL

from ..tools.day import get_zone

# how far around today due dates are moved off a user's free days
CALENDAR_DAYS = 400


class PartnerCadence(models.Model):
    """Who makes a touch, on which day, and what his activity says."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "partner.cadence"

    def _determine_responsible(self, company):
        """Who may be responsible for a touch, as SQL expressions of a user's id.

        Over ``partner``, the row of the commercial partner. The first that is an
        active user of the company gets the touchpoint; with none it stays unassigned.
        Extend by putting expressions in front, or in between; a value added to
        ``responsible`` is the salesperson here.
        """
        self.ensure_one()
        salesperson = SQL("partner.user_id")
        deputy = self._get_company_value("deputy_user_id", company)
        # most customers of nobody have no deputy either: no team is looked for
        leader = SQL(
            """CASE WHEN COALESCE(partner.user_id, %(deputy)s) IS NOT NULL THEN (
               SELECT team.user_id FROM crm_team_member member
                 JOIN crm_team team ON team.id = member.crm_team_id
                WHERE member.user_id = COALESCE(partner.user_id, %(deputy)s)
             ORDER BY member.active DESC, member.id LIMIT 1) END""",
            deputy=deputy,
        )
        chosen = {
            "salesperson": salesperson,
            "account_manager": self._get_company_value("senior_user_id", company),
            "service_user": SQL("%s::int", company.service_user_id.id or None),
            "team_leader": leader,
            "user": SQL("%s::int", self.user_id.id or None),
        }.get(self.responsible, salesperson)
        return [chosen, salesperson, deputy, leader]

    def _get_company_value(self, name, company):
        """A user of the partner that each company chooses for itself."""
        return SQL("(%s ->> %s)::int", SQL.identifier("partner", name), str(company.id))

    def _get_staff(self, company):
        """{SQL of the first candidate at work in the company: ids of the rules}

        Over ``partner``; one for all rules with the same candidates, which most rules
        have.
        """
        staff = SQL(
            """(SELECT usr.id FROM res_users usr
                  JOIN res_company_users_rel rel ON rel.user_id = usr.id
                 WHERE usr.active AND NOT usr.share AND rel.cid = %s)""",
            company.id,
        )
        rules = {}
        for rule in self:
            first = SQL(", ").join(
                SQL("CASE WHEN %s IN %s THEN %s END", user, staff, user)
                for user in dict.fromkeys(rule._determine_responsible(company))
            )
            rules.setdefault(SQL("COALESCE(%s)", first), []).append(rule.id)
        return rules

    def _adjust_due_date(self, company, today):
        """``[(user id, date, date moved to)]``: due dates moved off free days.

        Only for users with working hours of their own (a resource of the host with a
        calendar); days off are what his calendar, public holidays and leaves say.
        Extend to move dates of other users, or to other days.
        """
        # sudo: working hours are not for salespeople to read
        resources = self.env["resource.resource"].sudo()
        resources = resources.search(
            [
                ("user_id.active", "=", True),
                ("calendar_id", "!=", False),
                ("company_id", "in", [company.id, False]),
            ]
        )
        moves = []
        for calendar, members in resources.grouped("calendar_id").items():
            working = self._get_working_days(calendar, members, today)
            for resource in members:
                moves += self._move_free_days(
                    resource.user_id.id, working[resource.id], today
                )
        return moves

    def _get_working_days(self, calendar, resources, today):
        """``{resource id: days on which it works}``, by the host's intervals."""
        zone = get_zone(calendar.tz)
        start, stop = (
            zone.localize(datetime.combine(today + timedelta(days=days), time.min))
            for days in (-CALENDAR_DAYS, CALENDAR_DAYS + 31)
        )
        intervals = calendar._work_intervals_batch(start, stop, resources, tz=zone)
        return {
            resource.id: {begin.date() for begin, _end, _x in intervals[resource.id]}
            for resource in resources
        }

    def _move_free_days(self, user_id, working, today):
        """Each free day with the next working day; nobody works: nothing moves."""
        moves, following = [], None
        for days in range(CALENDAR_DAYS + 31, -CALENDAR_DAYS - 1, -1):
            day = today + timedelta(days=days)
            if day in working:
                following = day
            elif following:
                moves.append((user_id, day, following))
        return moves

    def _prepare_activity_vals(self, touchpoint):
        """Values of the activity that asks for a touch; extend ``super() | {}``."""
        reader = touchpoint.user_id or self.env.user
        return {
            "activity_type_id": self.activity_type_id.id,
            "res_model_id": self.env["ir.model"]._get_id("res.partner"),
            "res_id": touchpoint.partner_id.id,
            "user_id": touchpoint.user_id.id,
            "date_deadline": touchpoint._get_deadline(),
            "summary": self.with_context(lang=reader.lang).name,
            "automated": True,
        }
