from contextlib import contextmanager

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.touch import VISIT_KINDS

# an event missed by more than this is not brought up any more
FORGOTTEN_DAYS = 366
CENTURY_DAYS = 36500
MOST_OCCURRENCES = 5000
DAY_SECONDS = 86400
# from here on loops over indexes were slower than hashing everything
MANY_SUBJECTS = 500
OPEN_STATES = ("scheduled", "soon", "due", "overdue", "planned")
# what the statement needs of an open touchpoint, which is read once
OLD_COLUMNS = (
    "due_date",
    "state",
    "user_id",
    "band_id",
    "is_late",
    "is_spread",
    "last_touch_date",
    "excused_until",
    "anchor_date",
)
# and of a rule
RULE_COLUMNS = (
    "activity_type_id",
    "rank",
    "lead_days",
    "grace_days",
    "go_live_date",
    "of_contact",
    "once",
    "repeat_years",
    "shift",
    "step",
    "span",
)
# what is needed after the due date
DATED_COLUMNS = (
    "partner_id",
    "rule_id",
    "res_model",
    "res_id",
    "wanted",
    "is_clock",
    "anchor_date",
    "base",
    "created",
    "tier",
    "band_id",
    "last_touch_date",
    "last_day",
    "booked_day",
    "user_id",
    "activity_type_id",
    "rank",
    "lead_days",
    "grace_days",
    "go_live_date",
    "of_contact",
    "repeat_years",
    "span",
    "old_id",
    "done_day",
    "done_user_id",
    "has_meeting",
)
CHANGING = ("due_date", "state", "user_id", "band_id", "is_late", "is_spread")
CHANGING += ("last_touch_date", "anchor_date")
# what the statement needs of a customer, and carries along from his first match on
PERSON_COLUMNS = SQL(
    "person.tier, person.band_id, person.created, person.touched, person.last_day,"
    " person.booked, person.staff"
)


class PartnerCadence(models.Model):
    """The statement behind the rules: match, count, compare, record.

    ``population`` has a row per customer, with what is the same for all his rules;
    ``wanted`` one per customer, rule and anchor record; ``dated`` joins it to the open
    touchpoints and to what was closed before, and adds the due date; ``judged`` are
    the rows that differ from what is there: the touch that was made meanwhile, the
    responsible user, the state. The writing statements at the end touch nothing else.

    Hundreds of thousands of rows pass ``dated``: it is kept narrow, read twice, and
    customers are not joined to it again.
    """

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "partner.cadence"

    def _execute(self, company, today, subjects):
        """Compute and write; returns how many touchpoints were closed by a touch."""
        company = company.sudo()
        rules = self._get_rules(company)
        self.env.flush_all()
        query = SQL(
            """WITH %s, %s SELECT (SELECT COUNT(*) FROM closed)""",
            rules.with_company(company)._with_judged(
                company, today, subjects, self.ids or rules.ids
            ),
            self._with_writes(company, today),
        )
        with self._planned_for(subjects):
            closed = self.env.execute_query(query)[0][0]
        self.env["partner.touchpoint"].invalidate_model()
        self.env["res.partner"].invalidate_model(
            ["next_touch_date", "next_touchpoint_id", "last_touch_date"]
        )
        return closed

    @contextmanager
    def _planned_for(self, subjects):
        """Many customers are joined by hashing.

        PostgreSQL cannot tell how many rows such a chain of conditions leaves. When it
        expects few it loops over what are hundred thousands, and never ends.
        """
        many = subjects is None or len(subjects) >= MANY_SUBJECTS
        if many:
            self.env.cr.execute(
                "SET LOCAL enable_nestloop TO off; SET LOCAL enable_mergejoin TO off"
            )
        yield
        if many:
            self.env.cr.execute(
                "SET LOCAL enable_nestloop TO DEFAULT;"
                " SET LOCAL enable_mergejoin TO DEFAULT"
            )

    # ------------------------------------------------------------------
    # Match
    # ------------------------------------------------------------------

    def _with_judged(self, company, today, subjects, written):
        """The CTEs up to ``judged``; ``written`` are the ids of the rules to write."""
        wanted = self._with_wanted(company, today, subjects)
        return SQL(
            """%(wanted)s,
            open AS (%(open)s), history AS (%(history)s),
            dated AS MATERIALIZED (%(dated)s), late AS (%(late)s),
            spread AS NOT MATERIALIZED (%(spread)s), hits AS (%(hits)s),
            moved AS (%(moved)s), judged AS (%(judged)s)""",
            wanted=wanted,
            open=self._select_open(company, today, subjects, written),
            history=self._select_history(company, subjects),
            dated=self._select_dated(today, self._select_seen(written)),
            late=self._select_late(),
            spread=self._select_spread(subjects),
            hits=self._select_hits(today),
            moved=self._select_moved(company, today),
            judged=self._select_judged(today),
        )

    @api.model
    def _limit(self, select, subjects):
        if subjects is None:
            return select
        return SQL(
            "SELECT * FROM (%s) one WHERE partner_id = ANY(%s)", select, subjects
        )

    def _with_wanted(self, company, today, subjects):
        """``touches``, ``population``, ``rules`` and ``wanted``: who is to get which
        touch."""
        clocks = self.filtered(lambda rule: rule.anchor in self._get_clock_anchors())
        parts = [
            clocks.filtered(lambda rule, code=code: rule.anchor == code)._select_clock(
                company, today, subjects
            )
            for code in sorted(set(clocks.mapped("anchor")))
        ]
        # rules on the same records read them once
        anchors = {}
        for rule in self - clocks:
            anchor = self._limit(rule._get_anchor_sql(company, today), subjects)
            name = SQL.identifier(f"anchor_{len(anchors)}")
            name, _anchor = anchors.setdefault(repr(anchor), (name, anchor))
            parts.append(rule._select_event(company, today, name))
        nothing = SQL(
            """SELECT NULL::int AS partner_id, NULL::int AS rule_id, NULL::varchar AS
                      res_model, NULL::int AS res_id, NULL::date AS anchor_date,
                      FALSE AS is_clock, %s FROM population person WHERE FALSE""",
            PERSON_COLUMNS,
        )
        return SQL(
            """touches AS MATERIALIZED (%(touches)s), latest AS (%(latest)s),
            booked AS (%(booked)s), population AS MATERIALIZED (%(population)s),
            rules AS MATERIALIZED (%(rules)s), clocks AS (%(clocks)s), %(anchors)s
            wanted AS (%(wanted)s)""",
            touches=self._limit(self._select_counted(company, today), subjects),
            latest=self._select_latest(),
            booked=self._limit(self._select_bookings(company, today), subjects),
            population=self._select_population(company, today, subjects),
            rules=self._select_rules(company),
            clocks=clocks._select_first_match(company),
            anchors=SQL(" ").join(
                SQL("%s AS (%s),", name, anchor) for name, anchor in anchors.values()
            ),
            wanted=SQL(" UNION ALL ").join([nothing, *parts]),
        )

    @api.model
    def _select_latest(self):
        """Per customer the last touch, and the last one of each rank or above."""
        return SQL(
            """SELECT partner_id, MAX(day) AS day,
                      ARRAY[MAX(day) FILTER (WHERE rank >= 1),
                            MAX(day) FILTER (WHERE rank >= 2),
                            MAX(day) FILTER (WHERE rank >= 3)] AS days
                 FROM touches GROUP BY 1"""
        )

    def _select_population(self, company, today, subjects):
        """SELECT of id, created, tier, touches and staff of those who may get touches.

        Lost customers and those exempted get none. ``staff`` are the responsible users,
        one for each way of finding them (:meth:`_get_staff`).
        """
        partners = self.env["res.partner"].sudo().with_context(active_test=True)
        domain = self.env["partner.scorecard"]._get_outsiders(company)
        if subjects is not None:
            domain &= Domain("id", "in", subjects)
        query = partners._search(domain, bypass_access=True, order="id")
        return SQL(
            """SELECT partner.id, band.sequence AS tier, band.id AS band_id,
                      LEAST((partner.create_date AT TIME ZONE 'UTC'
                          AT TIME ZONE %(tz)s)::date, %(today)s) AS created,
                      latest.days AS touched, latest.day AS last_day,
                      booked.days AS booked, ARRAY[%(staff)s]::int[] AS staff
                 FROM res_partner partner
            LEFT JOIN partner_score score ON score.partner_id = partner.id
                      AND score.is_current AND score.company_id = %(company)s
                      AND score.scorecard_id = %(card)s
            LEFT JOIN partner_scorecard_band band ON band.id = score.effective_band_id
            LEFT JOIN latest ON latest.partner_id = partner.id
            LEFT JOIN booked ON booked.partner_id = partner.id
                WHERE partner.id IN (%(ids)s) AND NOT EXISTS (
                      SELECT FROM partner_stage stage
                       WHERE stage.partner_id = partner.id AND stage.is_current
                         AND stage.company_id = %(company)s AND stage.stage = 'lost')
                  AND NOT (COALESCE(partner.touch_exempt, FALSE)
                      AND COALESCE(partner.touch_exempt_until, 'infinity') >= %(today)s)
            """,
            tz=company._get_timezone(),
            company=company.id,
            card=company.pyramid_scorecard_id.id or 0,
            ids=query.select(),
            today=today,
            staff=SQL(", ").join(self._get_staff(company)),
        )

    def _select_rules(self, company):
        """The rules as the statement counts with them; ``once`` is without repetition.

        ``span`` is the days of an interval, whatever the month: 30 for a month;
        ``staff_place`` is where the population has the responsible user.
        """
        staff = SQL(" ").join(
            SQL("WHEN rule.id = ANY(%s) THEN %s", ids, place)
            for place, ids in enumerate(self._get_staff(company).values(), 1)
        )
        return SQL(
            """SELECT rule.id, rule.activity_type_id, rule.go_live_date,
                      COALESCE(rule.lead_days, 0) AS lead_days,
                      COALESCE(rule.grace_days, 0) AS grace_days, rule.after_done,
                      rule.anchor = 'last_contact' AS of_contact,
                      COALESCE(rule.interval_number, 0) = 0 AS once,
                      CASE WHEN rule.interval_number > 0
                           THEN COALESCE(rule.repeat_years, 0) ELSE 0
                           END AS repeat_years,
                      %(kind)s AS rank, %(shift)s AS shift, %(step)s AS step,
                      FLOOR(EXTRACT(EPOCH FROM %(step)s) / %(day)s)::int AS span,
                      CASE %(staff)s ELSE 0 END AS staff_place
                 FROM partner_cadence rule
                 JOIN mail_activity_type kind ON kind.id = rule.activity_type_id
                WHERE rule.id = ANY(%(ids)s)""",
            kind=self.env["partner.touchpoint.touch"]._get_asked_rank(
                SQL("kind.touch_kind")
            ),
            shift=self._get_interval("offset"),
            step=self._get_interval("interval"),
            day=DAY_SECONDS,
            ids=self.ids,
            staff=staff or SQL("WHEN FALSE THEN 0"),
        )

    @api.model
    def _get_interval(self, name):
        """``offset`` or ``interval`` of ``rule`` as an SQL interval."""
        number = SQL.identifier("rule", f"{name}_number")
        return SQL(
            """CASE %(type)s WHEN 'days' THEN MAKE_INTERVAL(days => %(number)s)
                    WHEN 'weeks' THEN MAKE_INTERVAL(weeks => %(number)s)
                    WHEN 'months' THEN MAKE_INTERVAL(months => %(number)s)
                    ELSE MAKE_INTERVAL(years => %(number)s) END""",
            type=SQL.identifier("rule", f"{name}_type"),
            number=SQL("COALESCE(%s, 0)", number),
        )

    def _get_match(self, company):
        """Condition on ``person.id``: whether the rule is for this customer."""
        partners = self.env["res.partner"].sudo().with_company(company)
        domain = self._get_partner_domain()
        if self.role:
            domain &= self.env["partner.scorecard"]._get_role_domain(self.role)
        found = [SQL("TRUE")]
        if not domain.is_true():
            query = partners.with_context(active_test=True)._search(
                domain, bypass_access=True, order="id"
            )
            found.append(SQL("person.id IN (%s)", query.select()))
        if self.band_ids:
            found.append(self._get_band_match(company))
        return SQL(" AND ").join(found)

    def _get_band_match(self, company):
        """The pyramid's band came with the person; those of other cards are sought."""
        of_pyramid = self.band_ids.filtered(
            lambda band: band.scorecard_id == company.pyramid_scorecard_id
        )
        matches = [SQL("person.band_id = ANY(%s)", of_pyramid.ids)]
        if others := self.band_ids - of_pyramid:
            matches.append(
                SQL(
                    """person.id IN (SELECT score.partner_id FROM partner_score score
                        WHERE score.is_current AND score.company_id = %s
                          AND score.effective_band_id = ANY(%s))""",
                    company.id,
                    others.ids,
                )
            )
        return SQL("(%s)", SQL(" OR ").join(matches))

    def _select_first_match(self, company):
        """SELECT of the persons with rule_id and activity_type_id: the first clock rule
        per activity type."""
        columns = [
            SQL(
                "(CASE %s END, %s)",
                SQL(" ").join(
                    SQL("WHEN %s THEN %s", rule._get_match(company), rule.id)
                    for rule in rules
                ),
                kind.id,
            )
            for kind, rules in self.grouped("activity_type_id").items()
        ] or [SQL("(NULL::int, NULL::int)")]
        return SQL(
            """SELECT person.*, first.rule_id, first.activity_type_id
                 FROM population person
           CROSS JOIN LATERAL (VALUES %s) first(rule_id, activity_type_id)
                WHERE first.rule_id IS NOT NULL""",
            SQL(", ").join(columns),
        )

    def _select_clock(self, company, today, subjects):
        """Matched customers with the day their clock began.

        Who never had a touch is counted from the day he became known; without an order
        a clock of orders does not run.
        """
        never = SQL("LEFT" if self[:1].anchor == "last_contact" else "INNER")
        anchor = self._limit(self[:1]._get_anchor_sql(company, today), subjects)
        return SQL(
            """SELECT person.id AS partner_id, person.rule_id, NULL::varchar AS
                      res_model, NULL::int AS res_id, anchor.date AS anchor_date,
                      TRUE AS is_clock, %(person)s
                 FROM clocks person
                %(join)s JOIN (SELECT partner_id, activity_type_id, MAX(date) AS date
                         FROM (%(anchor)s) began WHERE date <= %(today)s
                     GROUP BY 1, 2) anchor
                      ON anchor.partner_id = person.id
                      AND COALESCE(anchor.activity_type_id, person.activity_type_id)
                          = person.activity_type_id
                WHERE person.rule_id = ANY(%(ids)s)""",
            person=PERSON_COLUMNS,
            join=never,
            anchor=anchor,
            today=today,
            ids=self.ids,
        )

    def _select_event(self, company, today, anchor):
        """The records of the CTE ``anchor`` of an event rule, for whom it is.

        Dates a century away are typing errors; what is counted from them leaves the
        calendar.
        """
        return SQL(
            """SELECT person.id AS partner_id, %(rule)s AS rule_id, anchor.res_model,
                      anchor.res_id, anchor.date AS anchor_date, FALSE AS is_clock,
                      %(person)s
                 FROM (SELECT partner_id, res_model, res_id, MIN(date) AS date
                         FROM %(anchor)s
                        WHERE COALESCE(activity_type_id, %(type)s) = %(type)s
                          AND ABS(date - %(today)s::date) < %(century)s
                     GROUP BY 1, 2, 3) anchor
                 JOIN population person ON person.id = anchor.partner_id
                WHERE %(match)s""",
            rule=self.id,
            person=PERSON_COLUMNS,
            anchor=anchor,
            match=self._get_match(company),
            type=self.activity_type_id.id,
            today=today,
            century=CENTURY_DAYS,
        )

    # ------------------------------------------------------------------
    # Compare with what is open and what was closed
    # ------------------------------------------------------------------

    @api.model
    def _where_rows(self, company, subjects):
        return SQL(
            "point.company_id = %s AND %s",
            company.id,
            SQL("TRUE")
            if subjects is None
            else SQL("point.partner_id = ANY(%s)", subjects),
        )

    @api.model
    def _select_open(self, company, today, subjects, written):
        """The open touchpoints, with what became of their own activity, visit and
        meeting; few have one, so that these are looked up and not joined."""
        columns = SQL(", ").join(
            SQL("point.%s AS %s", SQL.identifier(name), SQL.identifier(f"old_{name}"))
            for name in OLD_COLUMNS
        )
        return SQL(
            """SELECT point.id AS old_id, point.cadence_id, point.partner_id,
                      point.res_model, point.res_id, %(columns)s,
                      LEAST(%(own_day)s, %(visit_day)s) AS done_day,
                      COALESCE(%(own_user)s, %(visit_user)s) AS done_user_id,
                      point.event_id IS NOT NULL AND EXISTS (
                          SELECT FROM calendar_event event
                           WHERE event.id = point.event_id AND event.active
                             AND event.start >= %(start)s) AS has_meeting
                 FROM partner_touchpoint point
                WHERE point.is_open AND point.cadence_id = ANY(%(rules)s)
                  AND %(rows)s""",
            columns=columns,
            **self._get_own(company, today),
            start=company._get_day_start(today),
            rules=self._get_writable(company, written),
            rows=self._where_rows(company, subjects),
        )

    @api.model
    def _get_own(self, company, today):
        """SQL of the day and the doer of ``point``'s own activity and visit, done."""
        touches = self.env["partner.touchpoint.touch"]
        day = touches._get_done_day(company)
        own = SQL(
            """mail_activity act WHERE act.id = point.activity_id AND NOT act.active
               AND %s <= %s""",
            day,
            today,
        )
        visit = SQL(
            """crm_visit visit WHERE visit.id = point.visit_id AND visit.day <= %s
               AND visit.state = 'done' AND visit.outcome <> 'not_reached'""",
            today,
        )
        sought = {
            "own_day": ("activity_id", day, own),
            "own_user": ("activity_id", touches._get_doer(), own),
            "visit_day": ("visit_id", SQL("visit.day"), visit),
            "visit_user": ("visit_id", SQL("visit.user_id"), visit),
        }
        return {
            name: SQL(
                "CASE WHEN point.%s IS NOT NULL THEN (SELECT %s FROM %s) END",
                SQL.identifier(column),
                value,
                source,
            )
            for name, (column, value, source) in sought.items()
        }

    @api.model
    def _get_writable(self, company, written):
        """Ids of the rules whose rows are written: with all, archived ones too."""
        rules = self._get_rules(company)
        if set(written) >= set(rules.ids):
            return self.with_context(active_test=False).sudo().search(Domain.TRUE).ids
        return list(written)

    @api.model
    def _select_history(self, company, subjects):
        """Per key the last occurrence closed; a skip by a person closes it too.

        What has no record is told apart by the day it counts from.
        """
        return SQL(
            """SELECT point.cadence_id, point.partner_id, point.res_model, point.res_id,
                      CASE WHEN point.res_id IS NULL THEN point.anchor_date END AS day,
                      MAX(point.due_date) AS due_date, MAX(point.done_date) AS done_date
                 FROM partner_touchpoint point
                WHERE (point.state = 'done'
                       OR (point.state = 'skipped' AND point.skip_reason = 'user'))
                  AND %s
             GROUP BY 1, 2, 3, 4, 5""",
            self._where_rows(company, subjects),
        )

    def _select_seen(self, written):
        """``wanted`` beside its open row and its history.

        Done once and for all is not wanted any more. ``kept`` says that the open row is
        the same occurrence.
        """
        key = SQL(
            """%s.cadence_id = wanted.rule_id AND %s.partner_id = wanted.partner_id
               AND COALESCE(%s.res_id, 0) = COALESCE(wanted.res_id, 0)
               AND COALESCE(%s.res_model, '') = COALESCE(wanted.res_model, '')""",
            *[SQL("open")] * 4,
        )
        return SQL(
            """SELECT COALESCE(wanted.partner_id, open.partner_id) AS partner_id,
                      COALESCE(wanted.rule_id, open.cadence_id) AS rule_id,
                      COALESCE(wanted.res_model, open.res_model) AS res_model,
                      COALESCE(wanted.res_id, open.res_id) AS res_id,
                      wanted.rule_id IS NOT NULL AS wanted, wanted.anchor_date,
                      wanted.is_clock, wanted.tier, wanted.band_id, wanted.created,
                      wanted.touched[1] AS last_touch_date, CASE WHEN wanted.rank > 0
                          THEN wanted.touched[wanted.rank] ELSE wanted.last_day
                          END AS last_day, wanted.closed_due,
                      wanted.closed_done, wanted.staff[wanted.staff_place] AS user_id,
                      wanted.booked[NULLIF(wanted.rank, 0)] AS booked_day,
                      %(rule)s, %(old)s, open.old_id, open.done_day,
                      open.done_user_id, open.has_meeting
                 FROM (SELECT wanted.*, %(rules)s, rules.staff_place,
                              history.due_date AS closed_due,
                              history.done_date AS closed_done
                         FROM wanted JOIN rules ON rules.id = wanted.rule_id
                    LEFT JOIN history ON history.cadence_id = wanted.rule_id
                              AND history.partner_id = wanted.partner_id
                              AND COALESCE(history.res_id, 0)
                                  = COALESCE(wanted.res_id, 0)
                              AND COALESCE(history.res_model, '')
                                  = COALESCE(wanted.res_model, '')
                              AND (wanted.res_id IS NOT NULL OR history.day
                                   IS NOT DISTINCT FROM wanted.anchor_date)
                        WHERE wanted.rule_id = ANY(%(written)s)
                          AND NOT (rules.once AND history.cadence_id IS NOT NULL)
                          AND NOT ((rules.after_done = 'stop'
                                    OR (rules.once AND rules.of_contact)) AND EXISTS (
                              SELECT FROM partner_touchpoint past
                               WHERE past.cadence_id = wanted.rule_id
                                 AND past.partner_id = wanted.partner_id
                                 AND COALESCE(past.res_id, 0)
                                     = COALESCE(wanted.res_id, 0)
                                 AND past.state = 'done'))
                      ) wanted
            FULL JOIN open ON %(key)s""",
            rule=SQL(", ").join(
                SQL.identifier("wanted", name) for name in RULE_COLUMNS
            ),
            rules=SQL(", ").join(
                SQL.identifier("rules", name) for name in RULE_COLUMNS
            ),
            old=SQL(", ").join(SQL.identifier(f"old_{name}") for name in OLD_COLUMNS),
            written=list(written),
            key=key,
        )

    def _select_dated(self, today, seen):
        """``seen`` with ``raw_due``: the occurrence that is next.

        The first after what was closed, and for events after the start of the rule and
        the day too long ago to matter; months are counted from the anchor, those
        of offset and interval together, days after them. A next
        occurrence is at least half an interval later, so that an anchor that moves a
        little does not repeat the one before.
        """
        return SQL(
            """SELECT %(columns)s, (base + (shift + number * step))::date AS raw_due
                 FROM (SELECT seen.*, origin.base, CASE
                              WHEN seen.once THEN 0
                              WHEN edge.day IS NULL THEN 1
                              ELSE (SELECT MIN(k)
                                      FROM GENERATE_SERIES(1, LEAST(%(most)s,
                                       GREATEST(2, 3 + 1.1 * (edge.day
                                         - (origin.base + seen.shift)::date)
                                         / NULLIF(seen.span, 0))::int)) k
                                     WHERE (origin.base + (seen.shift + k * seen.step)
                                           )::date > edge.day) END AS number
                         FROM (%(seen)s) seen
                   CROSS JOIN LATERAL (SELECT COALESCE(seen.anchor_date,
                              seen.created) AS base) origin
                   CROSS JOIN LATERAL (SELECT GREATEST(
                              seen.closed_due + seen.span / 2, seen.closed_done,
                              CASE WHEN NOT seen.is_clock
                                   THEN seen.go_live_date - 1 END,
                              CASE WHEN NOT seen.is_clock AND seen.old_id IS NULL
                                   THEN %(today)s::date - %(forgotten)s END
                              ) AS day) edge
                      ) counted""",
            columns=SQL(", ").join(
                SQL.identifier(name)
                for name in (*DATED_COLUMNS, *(f"old_{name}" for name in OLD_COLUMNS))
            ),
            seen=seen,
            most=MOST_OCCURRENCES,
            today=today,
            forgotten=FORGOTTEN_DAYS,
        )

    def _select_spread(self, subjects):
        """``dated`` with ``due``: the backlog at the start of a rule is spread.

        Best tier first over one interval; an open row keeps the day it was given.
        """
        kept = SQL("old_is_spread AND old_anchor_date IS NOT DISTINCT FROM anchor_date")
        return SQL(
            """SELECT dated.*, late.partner_id IS NOT NULL AS backlog, CASE
                      WHEN late.partner_id IS NULL THEN raw_due
                      WHEN %(kept)s THEN old_due_date
                      ELSE go_live_date + (late.place * span / late.everybody)::int
                      END AS due
                 FROM dated LEFT JOIN late ON late.rule_id = dated.rule_id
                      AND late.partner_id = dated.partner_id AND dated.is_clock
                WHERE NOT (wanted AND old_id IS NULL AND late.partner_id IS NOT NULL
                           AND %(few)s)""",
            kept=kept,
            # places are known when everybody is looked at
            few=subjects is not None,
        )

    def _select_late(self):
        """The backlog when a rule starts: clocks, the place of each, of how many."""
        return SQL(
            """SELECT rule_id, partner_id, COUNT(*) OVER (PARTITION BY rule_id)
                      AS everybody, ROW_NUMBER() OVER (PARTITION BY rule_id
                          ORDER BY tier NULLS LAST, partner_id) - 1 AS place
                 FROM dated
                WHERE is_clock AND (raw_due < go_live_date
                      OR (anchor_date IS NULL AND created <= go_live_date)
                      OR (go_live_date IS NOT NULL AND old_is_spread
                          AND old_anchor_date IS NOT DISTINCT FROM anchor_date))"""
        )

    # ------------------------------------------------------------------
    # What was done and what is booked
    # ------------------------------------------------------------------

    def _select_hits(self, today):
        """The first touch that satisfies a row: rule_id, partner_id, record, day, who.

        For the last contact any touch after the one it was counted from; for the others
        one not earlier than the anchor and the lead time before the due date. Who had
        no such touch since then (``last_day``) is not looked up.
        """
        return SQL(
            """SELECT sought.rule_id, sought.partner_id, sought.res_model,
                      sought.res_id, MIN(touch.day) AS day,
                      (ARRAY_AGG(touch.user_id ORDER BY touch.day, touch.user_id))[1]
                          AS user_id
                 FROM (SELECT began.rule_id, began.partner_id, began.res_model,
                              began.res_id, began.start, kind.id AS type_id,
                              %(rank)s AS type_rank
                         FROM (SELECT spread.*, CASE
                                      WHEN spread.wanted AND NOT spread.of_contact
                                      THEN GREATEST(spread.anchor_date,
                                                    spread.due - spread.lead_days)
                                      WHEN spread.old_id IS NULL THEN 'infinity'
                                      ELSE COALESCE(spread.old_anchor_date + 1,
                                                    '-infinity') END AS start
                                 FROM spread) began
                         JOIN partner_cadence rule ON rule.id = began.rule_id
                         JOIN mail_activity_type kind ON kind.id = rule.activity_type_id
                        WHERE NOT began.wanted OR began.last_day >= began.start
                      ) sought
                 JOIN touches touch ON touch.partner_id = sought.partner_id
                      AND touch.day >= sought.start AND touch.day <= %(today)s
                      AND (touch.activity_type_id = sought.type_id
                           OR (touch.rank >= sought.type_rank AND sought.type_rank > 0))
             GROUP BY 1, 2, 3, 4""",
            rank=self.env["partner.touchpoint.touch"]._get_asked_rank(
                SQL("kind.touch_kind")
            ),
            today=today,
        )

    def _select_bookings(self, company, today):
        """partner_id and per rank the last day for which such a touch is booked."""
        touches = self.env["partner.touchpoint.touch"]
        kinds = SQL(" ").join(
            SQL("WHEN %s THEN %s", code, kind) for code, kind in VISIT_KINDS.items()
        )
        return SQL(
            """SELECT partner_id, ARRAY[MAX(day) FILTER (WHERE rank >= 1),
                      MAX(day) FILTER (WHERE rank >= 2),
                      MAX(day) FILTER (WHERE rank >= 3)] AS days FROM (
               SELECT meeting.partner_id, meeting.day, %(meeting_rank)s AS rank
                 FROM (%(meetings)s) meeting WHERE meeting.day >= %(today)s
            UNION ALL
               SELECT contact.commercial_partner_id, visit.day, %(visit_rank)s
                 FROM crm_visit visit JOIN res_partner contact
                      ON contact.id = visit.partner_id
                WHERE visit.state = 'planned' AND visit.company_id = %(company)s
                  AND visit.day >= %(today)s) booking
             GROUP BY 1""",
            meeting_rank=touches._get_rank(SQL("meeting.kind")),
            visit_rank=touches._get_rank(
                SQL("CASE visit.visit_type %s ELSE 'call' END", kinds)
            ),
            meetings=touches._select_booked(company),
            today=today,
            company=company.id,
        )

    def _select_moved(self, company, today):
        """user_id, day and the working day it is moved to; the last one of somebody
        with working hours twice."""
        moves = self._adjust_due_date(company, today)
        return SQL(
            """SELECT user_id, day, MAX(working_day) AS working_day
                 FROM UNNEST(%s::int[], %s::date[], %s::date[])
                   AS moves(user_id, day, working_day) GROUP BY 1, 2""",
            [user for user, _day, _to in moves],
            [day for _user, day, _to in moves],
            [to for _user, _day, to in moves],
        )

    def _select_judged(self, today):
        """Every row that differs, with its fate: ``hit_day`` closes the open row,
        ``state`` is the new state; an occurrence that is not to be is not wanted."""
        wanted = SQL(
            """placed.wanted AND placed.due IS NOT NULL
               AND (placed.repeat_years = 0 OR placed.due <= (placed.base
                       + MAKE_INTERVAL(years => placed.repeat_years))::date)
               AND (placed.is_clock OR placed.old_id IS NOT NULL
                    OR placed.raw_due > %(today)s::date - %(forgotten)s)
               AND (placed.is_clock OR placed.go_live_date IS NULL
                    OR placed.raw_due >= placed.go_live_date)""",
            today=today,
            forgotten=FORGOTTEN_DAYS,
        )
        return SQL(
            """SELECT * FROM (
               SELECT found.*, CASE WHEN is_booked THEN 'planned'
                      WHEN %(today)s > target + grace_days THEN 'overdue'
                      WHEN %(today)s >= target THEN 'due'
                      WHEN %(today)s >= target - lead_days THEN 'soon'
                      ELSE 'scheduled' END AS state,
                      %(today)s > target + grace_days AS is_late
                 FROM (SELECT placed.*, (%(wanted)s) AS is_wanted,
                              LEAST(hits.day, placed.done_day) AS hit_day,
                              COALESCE(hits.user_id, placed.done_user_id)
                                  AS hit_user_id,
                              COALESCE(placed.old_excused_until, placed.due_date)
                                  AS target,
                              placed.has_meeting OR COALESCE(placed.booked_day
                                  >= CASE WHEN placed.of_contact THEN %(today)s
                                     ELSE placed.due - placed.lead_days END,
                                  FALSE) AS is_booked
                         FROM (SELECT spread.*, COALESCE(moved.working_day, spread.due)
                                      AS due_date
                                 FROM spread LEFT JOIN moved
                                      ON moved.user_id = spread.user_id
                                      AND moved.day = spread.due OFFSET 0) placed
                    LEFT JOIN hits ON hits.rule_id = placed.rule_id
                              AND hits.partner_id = placed.partner_id
                              AND COALESCE(hits.res_id, 0) = COALESCE(placed.res_id, 0)
                              AND COALESCE(hits.res_model, '')
                                  = COALESCE(placed.res_model, '')
                      ) found) judged
                WHERE CASE WHEN old_id IS NULL THEN is_wanted
                      ELSE hit_day IS NOT NULL OR is_wanted IS NOT TRUE
                           OR (%(new)s) IS DISTINCT FROM (%(old)s) END""",
            today=today,
            wanted=wanted,
            new=SQL(", ").join(self._get_new(name) for name in CHANGING),
            old=SQL(", ").join(
                SQL.identifier("judged", f"old_{name}") for name in CHANGING
            ),
        )
