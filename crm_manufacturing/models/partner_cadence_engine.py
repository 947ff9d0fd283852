from contextlib import contextmanager

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

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
    "band_id",
    "last_touch_date",
    "last_day",
    "booked_day",
    "user_id",
    "activity_type_id",
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


class PartnerCadence(models.Model):
    """The statement behind the rules: match, count, compare, record.

    ``population`` has a row per customer, with what is the same for all his rules;
    ``wanted`` one per customer, rule and anchor record; ``dated`` joins it to the open
    touchpoints and to what was closed before, and adds the due date; ``suspects`` are
    the rows of it that differ from what is there, or may have been done; ``judged``
    the rows to write: with the touch that was made meanwhile. The writing statements
    at the end touch nothing else.

    Hundreds of thousands of rows pass ``dated``, usually few are suspects: nothing is
    kept, sorted or looked up before it is one.
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
        return SQL(
            """%(wanted)s,
            open AS (%(open)s), history AS (%(history)s), dated AS (%(dated)s),
            %(spread)s, moved AS (%(moved)s), suspects AS (%(suspects)s),
            hits AS (%(hits)s), judged AS (%(judged)s)""",
            wanted=self._with_wanted(company, today, subjects),
            open=self._select_open(company, today, subjects, written),
            history=self._select_history(company, subjects),
            dated=self._select_dated(today, self._select_seen(written)),
            spread=self._with_spread(subjects),
            moved=self._select_moved(company, today),
            suspects=self._select_suspects(today),
            hits=self._select_hits(today),
            judged=self._select_judged(),
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
        anchors = {}
        wanted = self._select_wanted(company, today, subjects, anchors)
        return SQL(
            """touches AS MATERIALIZED (%(touches)s), latest AS (%(latest)s),
            booked AS (%(booked)s), population AS MATERIALIZED (%(population)s),
            rules AS MATERIALIZED (%(rules)s), %(anchors)s wanted AS (%(wanted)s)""",
            touches=self._limit(self._select_counted(company, today), subjects),
            latest=self._select_latest(),
            booked=self._limit(self._select_bookings(company, today), subjects),
            population=self._select_population(company, today, subjects),
            rules=self._select_rules(),
            anchors=SQL("").join(
                SQL("%s AS (%s),", name, anchor) for name, anchor in anchors.values()
            ),
            wanted=wanted,
        )

    def _select_wanted(self, company, today, subjects, anchors):
        """A row per customer, rule and anchor record: narrow, since there are many.

        :param anchors: ``{text: (name, SELECT)}``, to which are added those that are
            read; rules on the same records read them once
        """
        places = self._get_staff_places(company)
        clocks = self._get_clocks()
        parts = [
            SQL(
                """SELECT NULL::int AS partner_id, NULL::int AS rule_id, NULL::varchar
                          AS res_model, NULL::int AS res_id, NULL::date AS anchor_date,
                          FALSE AS is_clock, band_id, created, touched AS
                          last_touch_date, NULL::date AS last_day, NULL::date AS
                          booked_day, NULL::int AS user_id
                     FROM population WHERE FALSE"""
            )
        ]
        for rivals in clocks.grouped("activity_type_id").values():
            for rules in rivals.grouped("anchor").values():
                anchor = rules._get_anchor_name(company, today, subjects, anchors)
                others = rivals - rules
                parts.append(rules._select_clock(today, anchor, places, others))
        for rule in self - clocks:
            anchor = rule._get_anchor_name(company, today, subjects, anchors)
            parts.append(rule._select_event(today, anchor, places))
        return SQL(" UNION ALL ").join(parts)

    def _get_anchor_name(self, company, today, subjects, anchors):
        """The name in ``anchors`` of what these rules are counted from; None for the
        last contact, which ``population`` has."""
        if self[:1].anchor == "last_contact" and self._is_last_contact_ours():
            return None
        anchor = self._limit(self[:1]._get_anchor_sql(company, today), subjects)
        name = SQL.identifier(f"anchor_{len(anchors)}")
        return anchors.setdefault(repr(anchor), (name, anchor))[0]

    def _select_rules(self):
        """The rules as the statement counts with them; ``once`` is without repetition.

        ``span`` is the days of an interval, whatever the month: 30 for a month.
        """
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
                      FLOOR(EXTRACT(EPOCH FROM %(step)s) / %(day)s)::int AS span
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

    def _select_clock(self, today, anchor, places, others):
        """Customers whom one of these rules fits first, with the day their clock began.

        Who never had a touch is counted from the day he became known; without an order
        a clock of orders does not run. ``others`` are the rules of the same type that
        count from something else.
        """
        kind = self.activity_type_id
        first = SQL.identifier("person", f"first_{kind.id}")
        date, joined = SQL.identifier("person", f"contact_{kind.id}"), SQL()
        if anchor:
            date = SQL("anchor.date")
            joined = SQL(
                """%(join)s (SELECT partner_id, MAX(date) AS date FROM %(anchor)s
                              WHERE date <= %(today)s
                                AND COALESCE(activity_type_id, %(type)s) = %(type)s
                           GROUP BY 1) anchor ON anchor.partner_id = person.id""",
                join=SQL("LEFT JOIN" if self[:1].anchor == "last_contact" else "JOIN"),
                anchor=anchor,
                today=today,
                type=kind.id,
            )
        return SQL(
            """SELECT person.id, %(first)s, NULL::varchar, NULL::int, %(date)s, TRUE,
                      %(person)s
                 FROM population person %(joined)s
                WHERE %(first)s IS NOT NULL AND %(first)s <> ALL(%(others)s)""",
            first=first,
            date=date,
            person=self._get_person_columns(first, places),
            joined=joined,
            # not "= ANY" of these: PostgreSQL would expect few, and hash the many
            others=others.ids,
        )

    def _select_event(self, today, anchor, places):
        """The records of the CTE ``anchor`` of an event rule, for whom it is.

        Dates a century away are typing errors; what is counted from them leaves the
        calendar.
        """
        return SQL(
            """(SELECT DISTINCT ON (person.id, anchor.res_model, anchor.res_id)
                       person.id, %(rule)s, anchor.res_model, anchor.res_id,
                       anchor.date, FALSE, %(person)s
                  FROM %(anchor)s anchor
                  JOIN population person ON person.id = anchor.partner_id
                 WHERE COALESCE(anchor.activity_type_id, %(type)s) = %(type)s
                   AND ABS(anchor.date - %(today)s::date) < %(century)s AND %(fits)s
              ORDER BY person.id, anchor.res_model, anchor.res_id, anchor.date)""",
            rule=self.id,
            person=self._get_person_columns(SQL("%s", self.id), places),
            anchor=anchor,
            fits=SQL.identifier("person", f"fits_{self.id}"),
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

        Done once and for all is not wanted any more.
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
                      wanted.is_clock, wanted.band_id, wanted.created,
                      wanted.last_touch_date, wanted.last_day, wanted.closed_due,
                      wanted.closed_done, wanted.user_id, wanted.booked_day,
                      %(rule)s, %(old)s, open.old_id, open.done_day,
                      open.done_user_id, open.has_meeting
                 FROM (SELECT wanted.*, %(rules)s,
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
                      ) counted OFFSET 0""",
            columns=SQL(", ").join(
                SQL.identifier(name)
                for name in (*DATED_COLUMNS, *(f"old_{name}" for name in OLD_COLUMNS))
            ),
            seen=seen,
            most=MOST_OCCURRENCES,
            today=today,
            forgotten=FORGOTTEN_DAYS,
        )

    def _with_spread(self, subjects):
        """``spread``: ``dated`` with ``due``, which is not spread where no rule has a
        start."""
        if not any(self.mapped("go_live_date")):
            return SQL(
                """spread AS (SELECT dated.*, FALSE AS backlog, raw_due AS due
                                FROM dated)"""
            )
        return SQL(
            "late AS (%s), spread AS (%s)",
            self._select_late(),
            self._select_spread(subjects),
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
            """SELECT dated.rule_id, dated.partner_id,
                      COUNT(*) OVER (PARTITION BY dated.rule_id) AS everybody,
                      ROW_NUMBER() OVER (PARTITION BY dated.rule_id
                          ORDER BY band.sequence NULLS LAST, dated.partner_id) - 1
                          AS place
                 FROM dated
            LEFT JOIN partner_scorecard_band band ON band.id = dated.band_id
                WHERE is_clock AND (raw_due < go_live_date
                      OR (anchor_date IS NULL AND created <= go_live_date)
                      OR (go_live_date IS NOT NULL AND old_is_spread
                          AND old_anchor_date IS NOT DISTINCT FROM anchor_date))"""
        )

    # ------------------------------------------------------------------
    # Judge
    # ------------------------------------------------------------------

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

    def _select_placed(self, today):
        """``spread`` with ``due_date``, moved to a working day; whether it is to be
        (``is_wanted``) and is booked, and from which day on a touch satisfies it.

        For the last contact that is any day after the one it was counted from; for the
        others one not earlier than the anchor and the lead time before the due date.
        """
        return SQL(
            """SELECT spread.*, COALESCE(moved.working_day, spread.due) AS due_date,
                      COALESCE(spread.old_excused_until, moved.working_day, spread.due)
                          AS target, (
                      spread.wanted AND spread.due IS NOT NULL
                      AND (spread.repeat_years = 0 OR spread.due <= (spread.base
                           + MAKE_INTERVAL(years => spread.repeat_years))::date)
                      AND (spread.is_clock OR spread.old_id IS NOT NULL
                           OR spread.raw_due > %(today)s::date - %(forgotten)s)
                      AND (spread.is_clock OR spread.go_live_date IS NULL
                           OR spread.raw_due >= spread.go_live_date)) AS is_wanted,
                      spread.has_meeting OR COALESCE(spread.booked_day
                          >= CASE WHEN spread.of_contact THEN %(today)s
                             ELSE spread.due - spread.lead_days END, FALSE)
                          AS is_booked,
                      CASE WHEN spread.wanted AND NOT spread.of_contact
                           THEN GREATEST(spread.anchor_date,
                                         spread.due - spread.lead_days)
                           WHEN spread.old_id IS NULL THEN 'infinity'
                           ELSE COALESCE(spread.old_anchor_date + 1, '-infinity')
                           END AS start
                 FROM spread LEFT JOIN moved ON moved.user_id = spread.user_id
                      AND moved.day = spread.due""",
            today=today,
            forgotten=FORGOTTEN_DAYS,
        )

    def _select_suspects(self, today):
        """The rows that differ, with their new state, and those that may be done: with
        a touch of their own or one since ``start``.

        What is not to be is not opened.
        """
        return SQL(
            """SELECT * FROM (
               SELECT stated.*, is_wanted IS NOT TRUE OR (%(new)s)
                      IS DISTINCT FROM (%(old)s) AS is_changed,
                      NOT wanted OR last_day >= start AS is_sought
                 FROM (SELECT placed.*, CASE WHEN is_booked THEN 'planned'
                              WHEN %(today)s > target + grace_days THEN 'overdue'
                              WHEN %(today)s >= target THEN 'due'
                              WHEN %(today)s >= target - lead_days THEN 'soon'
                              ELSE 'scheduled' END AS state,
                              %(today)s > target + grace_days AS is_late
                         FROM (%(placed)s) placed) stated) compared
                WHERE CASE WHEN old_id IS NULL THEN is_wanted
                      ELSE is_changed OR is_sought OR done_day IS NOT NULL END""",
            placed=self._select_placed(today),
            today=today,
            new=SQL(", ").join(self._get_new("stated", name) for name in CHANGING),
            old=SQL(", ").join(SQL.identifier(f"old_{name}") for name in CHANGING),
        )

    def _select_hits(self, today):
        """The first touch that satisfies a row: rule_id, partner_id, record, day, who.

        Sought are those of customers with a touch since ``start``.
        """
        return SQL(
            """SELECT sought.rule_id, sought.partner_id, sought.res_model,
                      sought.res_id, MIN(touch.day) AS day,
                      (ARRAY_AGG(touch.user_id ORDER BY touch.day, touch.user_id))[1]
                          AS user_id
                 FROM (SELECT suspects.*, kind.id AS type_id, %(rank)s AS type_rank
                         FROM suspects
                         JOIN partner_cadence rule ON rule.id = suspects.rule_id
                         JOIN mail_activity_type kind ON kind.id = rule.activity_type_id
                        WHERE suspects.is_sought) sought
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

    def _select_judged(self):
        """Every row to write: ``hit_day`` closes the open row, else it is changed,
        opened or, where it is not wanted, skipped."""
        return SQL(
            """SELECT * FROM (
               SELECT suspects.*, LEAST(hits.day, suspects.done_day) AS hit_day,
                      COALESCE(hits.user_id, suspects.done_user_id) AS hit_user_id
                 FROM suspects
            LEFT JOIN hits ON hits.rule_id = suspects.rule_id
                      AND hits.partner_id = suspects.partner_id
                      AND COALESCE(hits.res_id, 0) = COALESCE(suspects.res_id, 0)
                      AND COALESCE(hits.res_model, '')
                          = COALESCE(suspects.res_model, '')) found
                WHERE is_changed OR hit_day IS NOT NULL"""
        )
