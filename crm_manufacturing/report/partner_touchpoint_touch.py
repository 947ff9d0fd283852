from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..models.mail_activity_type import TOUCH_KINDS
from ..tools.touch import RANKS, VISIT_KINDS, get_asked_rank

# documents whose activities and meetings are touches of their customer
DOCUMENTS = {
    "res.partner": SQL("SELECT id, id AS partner_id FROM res_partner"),
    "crm.lead": SQL("SELECT id, partner_id FROM crm_lead"),
    "sale.order": SQL("SELECT id, partner_id FROM sale_order"),
}
EXCHANGE_MONTHS = 13


class PartnerTouchpointTouch(models.Model):
    """What was done with a customer: one row per touch of a commercial partner.

    The host's activities done, meetings held, visits closed with an outcome and what
    customers wrote. A mail that we send, or that a customer opens, is none, and
    "not reached" is an attempt. A meeting counts from the day after it.
    """

    _name = "partner.touchpoint.touch"
    _description = "Touch"
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    day = fields.Date(readonly=True)
    kind = fields.Selection([*TOUCH_KINDS, ("other", "Other")], readonly=True)
    rank = fields.Integer(readonly=True, aggregator=None)
    activity_type_id = fields.Many2one("mail.activity.type", readonly=True)
    user_id = fields.Many2one("res.users", string="Done By", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Integer(readonly=True, aggregator=None)

    _depends = {
        "mail.activity": ["active", "date_done", "activity_type_id", "user_id"],
        "calendar.event": ["start", "stop", "active", "videocall_location"],
        "crm.visit": ["state", "outcome", "day", "visit_type", "user_id"],
    }

    @property
    def _table_query(self):
        company = self.env.company
        touches = self._select_touches(company, company._get_today())
        return SQL(
            """SELECT touch.*, %s AS company_id, %s AS rank FROM (%s) touch""",
            company.id,
            self._get_rank(SQL("touch.kind")),
            touches,
        )

    @api.model
    def _get_rank(self, kind):
        """What a touch of a kind stands for; 0 without rank."""
        return SQL(
            "CASE %s %s ELSE 0 END",
            kind,
            SQL(" ").join(
                SQL("WHEN %s THEN %s", name, rank) for name, rank in RANKS.items()
            ),
        )

    @api.model
    def _get_asked_rank(self, kind):
        """:func:`get_asked_rank` of an SQL kind."""
        return SQL(
            "CASE %s %s ELSE 0 END",
            kind,
            SQL(" ").join(
                SQL("WHEN %s THEN %s", name, get_asked_rank(name)) for name in RANKS
            ),
        )

    @api.model
    def _select_touches(self, company, today):
        """SELECT of id, partner_id, day, kind, activity_type_id, user_id, res_model,
        res_id: the touches known to ``company`` on ``today``. Extend with UNION ALL.
        """
        return SQL(
            "%s UNION ALL %s UNION ALL %s UNION ALL %s",
            self._select_activities(company, today),
            self._select_meetings(company, today),
            self._select_visits(company, today),
            self._select_messages(company, today),
        )

    @api.model
    def _is_ours(self, company, user):
        """Who did it works for the company; nobody in particular does for all."""
        return SQL(
            """(%(user)s IS NULL OR %(user)s IN (
               SELECT rel.user_id FROM res_company_users_rel rel WHERE rel.cid = %(id)s
            ))""",
            user=user,
            id=company.id,
        )

    @api.model
    def _get_doer(self):
        """Who marked ``act`` done; the system stands for who it was assigned to."""
        return SQL(
            "CASE WHEN act.write_uid > 1 THEN act.write_uid ELSE act.user_id END"
        )

    @api.model
    def _get_done_day(self, company):
        """The company's day on which ``act`` was done.

        The host keeps the day in UTC; the moment is known while the doing was the last
        change of the activity.
        """
        return SQL(
            """CASE WHEN act.write_date::date = act.date_done
                    THEN (act.write_date AT TIME ZONE 'UTC' AT TIME ZONE %s)::date
                    ELSE act.date_done END""",
            company._get_timezone(),
        )

    @api.model
    def _select_activities(self, company, today):
        """Done activities on the customer, its contacts, leads and orders.

        Credited to who marked it done; the system stands for who it was assigned to.
        """
        doer = self._get_doer()
        return SQL(" UNION ALL ").join(
            SQL(
                """SELECT act.id * 4 AS id,
                      customer.commercial_partner_id AS partner_id, %(day)s AS day,
                      COALESCE(kind.touch_kind, 'other') AS kind,
                      act.activity_type_id, %(doer)s AS user_id,
                      act.res_model, act.res_id
                 FROM mail_activity act
                 JOIN mail_activity_type kind ON kind.id = act.activity_type_id
                 JOIN (%(documents)s) document ON document.id = act.res_id
                 JOIN res_partner customer ON customer.id = document.partner_id
                WHERE NOT act.active AND %(day)s <= %(today)s
                  AND act.res_model = %(model)s
                  AND (kind.touch_kind IS DISTINCT FROM 'exchange'
                       OR act.feedback <> '')
                  AND %(ours)s""",
                doer=doer,
                day=self._get_done_day(company),
                documents=documents,
                today=today,
                model=model,
                ours=self._is_ours(company, doer),
            )
            for model, documents in DOCUMENTS.items()
        )

    @api.model
    def _select_meetings(self, company, today):
        """Meetings held before ``today``; one reported as activity or visit is not
        counted again."""
        return SQL(
            """SELECT meeting.attendance_id AS id, meeting.partner_id, meeting.day,
                      meeting.kind, meeting.activity_type_id, meeting.user_id,
                      'calendar.event', meeting.event_id
                 FROM (%s) meeting
                WHERE meeting.day < %s AND %s AND NOT EXISTS (
                      SELECT FROM mail_activity act
                        JOIN mail_activity_type kind ON kind.id = act.activity_type_id
                       WHERE act.calendar_event_id = meeting.event_id
                         AND NOT act.active AND kind.touch_kind IS NOT NULL)
                  AND NOT EXISTS (
                      SELECT FROM crm_visit visit
                       WHERE visit.event_id = meeting.event_id AND visit.state = 'done')
            """,
            self._select_booked(company),
            today,
            self._is_ours(company, SQL("meeting.user_id")),
        )

    @api.model
    def _select_booked(self, company):
        """SELECT of the meetings with outsiders: event_id, partner_id, day, kind,
        activity_type_id, user_id and an id for the attendance.

        A meeting is what it was booked for, by an activity or a touchpoint; else a
        visit.

        The attendances are read once and each looks its meeting up (``OFFSET 0``):
        joined to them, all of both are compared when PostgreSQL expects few meetings.
        """
        return SQL(
            """WITH attendance AS MATERIALIZED (%(attendances)s)
               SELECT event.id AS event_id, customer.id AS partner_id,
                      MAX(attendance.id) AS attendance_id,
                      (event.start AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date AS day,
                      COALESCE(asked.touch_kind, CASE
                          WHEN COALESCE(event.videocall_location, '') = ''
                               OR country.video_counts_as_visit THEN 'visit'
                          ELSE 'call' END) AS kind,
                      asked.activity_type_id, event.user_id
                 FROM attendance
                 JOIN res_partner contact ON contact.id = attendance.partner_id
                      AND contact.partner_share
                 JOIN res_partner customer
                      ON customer.id = contact.commercial_partner_id
           CROSS JOIN LATERAL (
                      SELECT id, start, videocall_location, user_id
                        FROM calendar_event
                       WHERE id = attendance.event_id AND active OFFSET 0) event
            LEFT JOIN res_country country ON country.id = customer.country_id
            LEFT JOIN LATERAL (%(asked)s) asked ON TRUE
             GROUP BY event.id, event.start, event.videocall_location, event.user_id,
                      customer.id, country.id, asked.activity_type_id,
                      asked.touch_kind""",
            attendances=self._select_attendances(),
            tz=company._get_timezone(),
            asked=self._select_asked(),
        )

    @api.model
    def _select_attendances(self):
        """SELECT of event_id, partner_id and an id: who was invited to a meeting, and
        whom its lead or document is about."""
        return SQL(
            """SELECT attendee.event_id, attendee.partner_id, attendee.id * 4 + 1 AS id
                 FROM calendar_attendee attendee WHERE attendee.state <> 'declined'
            UNION ALL
               SELECT event.id, lead.partner_id, -event.id FROM calendar_event event
                 JOIN crm_lead lead ON lead.id = event.opportunity_id
            UNION ALL %s""",
            SQL(" UNION ALL ").join(
                SQL(
                    """SELECT event.id, document.partner_id, -event.id
                         FROM calendar_event event
                         JOIN (%s) document ON document.id = event.res_id
                        WHERE event.res_model = %s""",
                    documents,
                    model,
                )
                for model, documents in DOCUMENTS.items()
            ),
        )

    @api.model
    def _select_asked(self):
        """What ``event`` was booked for: an activity, else a touchpoint."""
        return SQL(
            """SELECT asked.activity_type_id, kind.touch_kind
                 FROM (SELECT act.activity_type_id, 0 AS place, act.id
                         FROM mail_activity act WHERE act.calendar_event_id = event.id
                    UNION ALL
                       SELECT point.activity_type_id, 1, point.id
                         FROM partner_touchpoint point WHERE point.event_id = event.id
                      ) asked
                 JOIN mail_activity_type kind ON kind.id = asked.activity_type_id
             ORDER BY kind.touch_kind IS NULL, asked.place, asked.id LIMIT 1"""
        )

    @api.model
    def _select_visits(self, company, today):
        """Visits closed with an outcome; one that reached nobody is an attempt."""
        kinds = SQL(" ").join(
            SQL("WHEN %s THEN %s", code, kind) for code, kind in VISIT_KINDS.items()
        )
        return SQL(
            """SELECT visit.id * 4 + 2, customer.id, visit.day,
                      CASE visit.visit_type %s ELSE CASE
                          WHEN country.video_counts_as_visit THEN 'visit' ELSE 'call'
                      END END, NULL::int, visit.user_id, 'crm.visit', visit.id
                 FROM crm_visit visit
                 JOIN res_partner contact ON contact.id = visit.partner_id
                 JOIN res_partner customer
                      ON customer.id = contact.commercial_partner_id
            LEFT JOIN res_country country ON country.id = customer.country_id
                WHERE visit.state = 'done' AND visit.outcome <> 'not_reached'
                  AND visit.company_id = %s AND visit.day <= %s""",
            kinds,
            company.id,
            today,
        )

    @api.model
    def _select_messages(self, company, today):
        """What customers wrote to us on their contact, leads and orders."""
        return SQL(
            """SELECT message.id * 4 + 3, author.commercial_partner_id,
                      (message.date AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date,
                      'exchange', NULL::int, NULL::int, message.model, message.res_id
                 FROM mail_message message
                 JOIN res_partner author ON author.id = message.author_id
                      AND author.partner_share
                WHERE message.message_type IN ('email', 'comment')
                  AND message.model = ANY(%(models)s)
                  AND message.date >= %(start)s AND message.date < %(end)s""",
            tz=company._get_timezone(),
            models=list(DOCUMENTS),
            start=company._get_day_start(today - relativedelta(months=EXCHANGE_MONTHS)),
            end=company._get_day_start(today, days=1),
        )

    @api.model
    def _mark_documents(self, documents):
        """The customers of ``[(model, id)]`` are planned anew within a minute."""
        ids = {}
        for model, res_id in documents:
            if model in DOCUMENTS and res_id:
                ids.setdefault(model, []).append(res_id)
        partners = self.env["res.partner"].sudo()
        for model, found in ids.items():
            # sudo: who marks an activity done need not be able to read its document
            records = self.env[model].sudo().browse(found).exists()
            partners |= records if model == "res.partner" else records.partner_id
        self.env["partner.score.dirty"]._mark(
            (partner, False) for partner in partners.commercial_partner_id
        )

    @api.model
    def _merge_partners(self, sources, destination):
        """Activities done with a merged contact: the host moves only the open ones, and
        deletes these with the contact."""
        activities = self.env["mail.activity"].with_context(active_test=False)
        activities.search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "in", sources.ids),
                ("active", "=", False),
            ]
        ).res_id = destination.id
