from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

QUINTILE_MINIMUM = 25
# what the statement needs of a partner's current row, which is read once
OLD_COLUMNS = {
    "old_id": "id",
    "old_band_id": "band_id",
    "old_effective_band_id": "effective_band_id",
    "old_value": "value",
    "old_score": "score",
    "old_fingerprint": "fingerprint",
    "old_override_band_id": "override_band_id",
    "old_override_until": "override_until",
}


class PartnerScorecard(models.Model):
    """The statement behind a card: measure, grade, weigh, band, record.

    One statement per company composes the pieces below. ``measured`` has a row per
    partner with ``value_<i>`` and ``evidence_<i>`` for the i-th criterion, ``graded``
    adds ``grade_<i>`` (0 to 100 or NULL), ``judged`` the score, the coverage and the
    place in the ladder (1 is the best band) beside the current row. ``final`` keeps
    the rows that differ, with their fate; the writing statements touch nothing else.
    """

    _inherit = "partner.scorecard"

    def _try_lock(self, company):
        """Take the card of the company; False when another transaction has it."""
        return company._try_lock(self._name, self.id)

    def _execute(self, company, today, partners, judge):
        """Compute and write; returns the scores whose band moved.

        ``partners`` None is everybody; ``judge`` False keeps the bands of those who
        have one.
        """
        # a contact is closed where he was a customer himself before
        subjects = partners and (partners | partners.commercial_partner_id).ids
        self.env.flush_all()
        query = SQL(
            "WITH %s, %s SELECT id FROM inserted WHERE previous_band_id IS NOT NULL",
            self._with_judged(company, today, subjects, judge, leavers=True),
            self._with_writes(company, today),
        )
        moved = [row[0] for row in self.env.execute_query(query)]
        self.env["partner.score"].invalidate_model()
        self.env["res.partner"]._invalidate_tiers()
        return self.env["partner.score"].browse(moved)

    def _forget_figures(self):
        """Empty the figures of all rows, the next run fills the current ones."""
        self.env.flush_all()
        query = SQL(
            """UPDATE partner_score
                  SET value = NULL, score = NULL, fingerprint = NULL, detail = NULL
                WHERE scorecard_id = ANY(%s)""",
            self.ids,
        )
        self.env.cr.execute(query)
        self.env["partner.score"].invalidate_model()

    def _execute_preview(self, company, today):
        """Rows of :meth:`_preview`, read by the statement that would judge."""
        self.env.flush_all()
        query = SQL(
            """WITH %s SELECT place, old_place, COUNT(*), COUNT(old_id)
                 FROM judged GROUP BY 1, 2""",
            self._with_judged(company, today, None, True),
        )
        then, now = {}, {}
        for place, old_place, count, known in self.env.execute_query(query):
            then[place] = then.get(place, 0) + count
            now[old_place] = now.get(old_place, 0) + known
        rows = [
            {"code": band.code, "name": band.name, "color": band.color, "place": place}
            for place, band in enumerate(self._get_ladder(), 1)
        ]
        rows.append({"code": "", "name": "", "color": 0, "place": None})
        return [
            {**row, "count": then.get(row["place"], 0), "now": now.get(row["place"], 0)}
            for row in rows
        ]

    @api.model
    def _get_subject_sql(self, commercial):
        """Whom a figure counts for, given the column of a commercial partner.

        The one place that says it: today the commercial partner itself. An addon that
        scores groups of customers maps the column to the group's lead partner.
        """
        return commercial

    def _get_ladder(self):
        """The bands, best first."""
        return self.band_ids.sorted(
            key=lambda band: band.threshold, reverse=self.method == "score"
        )

    # ------------------------------------------------------------------
    # Measure
    # ------------------------------------------------------------------

    def _where_current(self, company):
        """Current rows of this card, as ``score``."""
        return SQL(
            "score.is_current AND score.scorecard_id = %s AND score.company_id = %s",
            self._origin.id or 0,
            company.id,
        )

    def _select_measured(self, company, today, subjects, leavers=False, facts=()):
        """Everybody with evidence or a current row, each metric joined once.

        ``facts`` names what the statement has computed for several metrics.

        ``leavers`` adds who has a current row and is in the population no more:
        ``gone``, and without value, so that the others are judged without them.
        """
        population = self._select_population(company, subjects)
        columns, joins, found = [], [], [SQL("score.old_id IS NOT NULL")]
        for place, criterion in enumerate(self.criterion_ids, 1):
            alias = SQL.identifier(f"metric_{place}")
            metric = self._select_metric(criterion, company, today, subjects, facts)
            joins.append(
                SQL(
                    "LEFT JOIN (%s) %s ON %s.partner_id = subject.id",
                    metric,
                    alias,
                    alias,
                )
            )
            columns.append(self._select_measure(place, criterion, alias))
            found.append(SQL("%s.partner_id IS NOT NULL", alias))
        return SQL(
            """SELECT COALESCE(subject.id, score.partner_id) AS partner_id, %(columns)s,
                      subject.id IS NULL AS gone, %(old)s
                 FROM (%(population)s) subject
            FULL JOIN (%(current)s) score ON score.partner_id = subject.id
                      %(joins)s
                WHERE (%(found)s) AND %(wanted)s""",
            columns=SQL(", ").join(columns),
            old=SQL(", ").join(SQL.identifier("score", name) for name in OLD_COLUMNS),
            population=population,
            current=self._select_current(company, subjects),
            joins=SQL(" ").join(joins),
            found=SQL(" OR ").join(found),
            wanted=SQL("TRUE") if leavers else SQL("subject.id IS NOT NULL"),
        )

    def _select_current(self, company, subjects):
        """SELECT of partner_id and the old columns of the current rows."""
        return SQL(
            "SELECT score.partner_id, %s FROM partner_score score WHERE %s AND %s",
            self._get_old_columns(),
            self._where_current(company),
            SQL("TRUE")
            if subjects is None
            else SQL("score.partner_id = ANY(%s)", subjects),
        )

    def _get_old_columns(self):
        return SQL(", ").join(
            SQL("%s AS %s", SQL.identifier("score", column), SQL.identifier(alias))
            for alias, column in OLD_COLUMNS.items()
        )

    def _select_population(self, company, subjects):
        """SELECT of the ids of :meth:`_get_population`, archived partners left out."""
        partners = self.env["res.partner"].sudo().with_company(company)
        partners = partners.with_context(active_test=True)
        domain = self._get_population(company)
        if subjects is not None:
            domain &= Domain("id", "in", subjects)
        return partners._search(domain, bypass_access=True, order="id").select()

    def _select_metric(self, criterion, company, today, subjects, facts):
        metric = self.env["partner.scorecard.metric"]._get_sql_of_facts(
            criterion.metric, facts, company, *self._get_period(today)
        )
        if subjects is None:
            return metric
        # on the group key, so that PostgreSQL reads these partners' documents only
        return SQL(
            "SELECT * FROM (%s) one WHERE partner_id = ANY(%s)", metric, subjects
        )

    def _select_measure(self, place, criterion, alias):
        """``value_<i>`` and ``evidence_<i>``; too little evidence is no value."""
        silence = self.env["partner.scorecard.metric"]._get_silence(criterion.metric)
        return SQL(
            """CASE WHEN subject.id IS NOT NULL
                         AND COALESCE(%(alias)s.evidence, 0) >= %(minimum)s
                    THEN COALESCE(%(alias)s.value, %(silence)s)%(type)s
               END AS %(value)s,
               COALESCE(%(alias)s.evidence, 0)::int AS %(evidence)s""",
            alias=alias,
            minimum=criterion.min_evidence,
            silence=silence,
            type=self._get_value_type(),
            value=SQL.identifier(f"value_{place}"),
            evidence=SQL.identifier(f"evidence_{place}"),
        )

    def _get_value_type(self):
        """Cumulative shares are exact; grades are floats."""
        return SQL("::numeric") if self.method == "share" else SQL("::float8")

    def _select_remembered(self, company, subjects):
        """The others' figures as last written, for what depends on everybody."""
        columns = [
            SQL(
                """(score.detail -> %(code)s ->> 'value')%(type)s,
                   (score.detail -> %(code)s ->> 'evidence')::int""",
                code=criterion.metric,
                type=self._get_value_type(),
            )
            for criterion in self.criterion_ids
        ]
        return SQL(
            """SELECT score.partner_id, %s, FALSE AS gone, %s FROM partner_score score
                WHERE %s AND score.partner_id <> ALL(%s)""",
            SQL(", ").join(columns),
            self._get_old_columns(),
            self._where_current(company),
            subjects,
        )

    def _needs_everybody(self, company, subjects):
        """Whether the figures of a few cannot be judged without the others'.

        True for grades along the distribution, and for a share card that has to place
        a newcomer.
        """
        if self.method == "score":
            return any(c._needs_distribution() for c in self.criterion_ids)
        query = SQL(
            """SELECT COUNT(*) < %s FROM partner_score score
                WHERE %s AND score.partner_id = ANY(%s)""",
            len(subjects),
            self._where_current(company),
            subjects,
        )
        return self.env.execute_query(query)[0][0]

    # ------------------------------------------------------------------
    # Grade, weigh, band
    # ------------------------------------------------------------------

    def _with_judged(self, company, today, subjects, judge, leavers=False):
        """The CTEs ``measured``, ``graded`` and ``judged``."""
        facts = self.env["partner.scorecard.metric"]._get_facts(
            self.criterion_ids.mapped("metric"), company, *self._get_period(today)
        )
        measured = self._select_measured(company, today, subjects, leavers, facts)
        if subjects is not None and self._needs_everybody(company, subjects):
            remembered = self._select_remembered(company, subjects)
            measured = SQL("%s UNION ALL %s", measured, remembered)
        is_share = self.method == "share"
        return SQL(
            """%s measured AS (%s), graded AS (%s), judged AS (
                SELECT computed.*, CASE WHEN %s OR old_id IS NULL
                                        THEN computed_place ELSE old_place END AS place
                  FROM (%s) computed)""",
            SQL(" ").join(
                SQL("%s AS MATERIALIZED (%s),", SQL.identifier(name), select)
                for name, select in facts.items()
            ),
            measured,
            self._select_positions() if is_share else self._select_grades(),
            judge,
            self._select_placed(today),
        )

    def _select_positions(self):
        """Share method: ``position`` is the cumulative percentage before a partner.

        Only larger values come before; equal values so have the same position. The
        total is the sum of the positive values.
        """
        return SQL(
            """SELECT measured.*, NULL::float8 AS total_score,
                      CASE WHEN value_1 IS NULL THEN 0 ELSE 100 END::float8 AS coverage,
                      100 * COALESCE(SUM(GREATEST(value_1, 0)) OVER before, 0)
                          / NULLIF(SUM(GREATEST(value_1, 0)) OVER (), 0) AS position
                 FROM measured
               WINDOW before AS (ORDER BY value_1 DESC NULLS LAST
                   GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"""
        )

    def _select_grades(self):
        """Score method: the grades, their weighted mean and the weight behind it."""
        grades = SQL(", ").join(
            SQL(
                "%s AS %s, COUNT(%s) OVER () AS %s",
                self._get_grade(place, criterion),
                SQL.identifier(f"grade_{place}"),
                SQL.identifier(f"value_{place}"),
                SQL.identifier(f"scored_{place}"),
            )
            for place, criterion in enumerate(self.criterion_ids, 1)
        )
        weights, points = [], []
        for place, criterion in enumerate(self.criterion_ids, 1):
            grade = SQL.identifier(f"grade_{place}")
            weights.append(
                SQL(
                    "CASE WHEN %s IS NULL THEN 0 ELSE %s::float8 END",
                    grade,
                    criterion.weight,
                )
            )
            points.append(SQL("COALESCE(%s, 0) * %s::float8", grade, criterion.weight))
        return SQL(
            """SELECT *, NULL::numeric AS position, 100 * present / %(all)s AS coverage,
                      ROUND((points / NULLIF(present, 0))::numeric, 6)::float8
                          AS total_score
                 FROM (SELECT *, %(present)s AS present, %(points)s AS points
                         FROM (SELECT measured.*, %(grades)s FROM measured) grades
                      ) weighed""",
            all=sum(self.criterion_ids.mapped("weight")) or 1.0,
            present=SQL(" + ").join(weights),
            points=SQL(" + ").join(points),
            grades=grades,
        )

    def _get_grade(self, place, criterion):
        """0 to 100, or NULL without a value."""
        value = SQL.identifier(f"value_{place}")
        linear = self._get_linear_grade(value, criterion)
        if criterion.grading == "linear":
            return linear
        # equal values share the better grade: count everybody up to and including them
        direction = SQL("DESC") if criterion._lower_is_better() else SQL("ASC")
        return SQL(
            """CASE WHEN %(value)s IS NULL THEN NULL
                    WHEN COUNT(%(value)s) OVER () < %(minimum)s THEN %(linear)s
                    ELSE 20 * CEIL(5.0
                        * COUNT(%(value)s) OVER (ORDER BY %(value)s %(direction)s)
                                   / COUNT(%(value)s) OVER ())::float8 END""",
            value=value,
            minimum=QUINTILE_MINIMUM,
            linear=linear,
            direction=direction,
        )

    def _get_linear_grade(self, value, criterion):
        """From floor (0) to target (100); without them from worst to best partner.

        When all partners are alike nobody stands out: 50.
        """
        if criterion.floor != criterion.target:
            return SQL(
                """CASE WHEN %(value)s IS NOT NULL THEN 100 * GREATEST(0, LEAST(1,
                       (%(value)s - %(floor)s::float8) / %(span)s::float8)) END""",
                value=value,
                floor=criterion.floor,
                span=criterion.target - criterion.floor,
            )
        worst, best = SQL("MIN(%s) OVER ()", value), SQL("MAX(%s) OVER ()", value)
        if criterion._lower_is_better():
            worst, best = best, worst
        return SQL(
            """CASE WHEN %(value)s IS NULL THEN NULL
                    WHEN %(best)s = %(worst)s THEN 50
                    ELSE 100 * (%(value)s - %(worst)s) / (%(best)s - %(worst)s) END""",
            value=value,
            worst=worst,
            best=best,
        )

    def _select_placed(self, today):
        """Beside the current row: the computed place, and an override that lasts."""
        bands = [band._origin.id or 0 for band in self._get_ladder()]
        covered = SQL("graded.coverage >= %s::float8", self.min_coverage)
        if self.method == "share":
            covered = SQL("TRUE")
        return SQL(
            """SELECT graded.*, old.place AS old_place,
                      CASE WHEN %(covered)s THEN total_score ELSE old_score
                      END AS score,
                      CASE WHEN %(covered)s THEN %(place)s ELSE old.place
                      END AS computed_place,
                      (old_override_until < %(today)s) IS TRUE AS lapsed,
                      CASE WHEN (old_override_until < %(today)s) IS NOT TRUE
                           THEN old_override_band_id END AS override_band_id
                 FROM graded
   CROSS JOIN LATERAL (SELECT ARRAY_POSITION(
                      %(bands)s::int[], old_band_id) AS place) old""",
            covered=covered,
            place=self._get_place(),
            today=today,
            bands=bands,
        )

    def _get_place(self):
        """1 for the best band and so on, NULL for none, with hysteresis.

        Share: a band holds partners whose position lies below its ceiling, so that who
        crosses a ceiling belongs to the better band. Score: from its threshold up.
        """
        ladder = [band.threshold for band in self._get_ladder()]
        share = self.method == "share"
        figure = SQL("position") if share else SQL("total_score")
        below = [
            SQL("%s < %s" if share else "%s >= %s", figure, edge) for edge in ladder
        ]
        whens = [SQL("WHEN %s THEN %s", test, i) for i, test in enumerate(below, 1)]
        if self.hysteresis:
            whens = self._get_keeps(figure, ladder) + whens
        if share:
            whens.insert(0, SQL("WHEN value_1 IS NULL OR value_1 <= 0 THEN NULL"))
        return SQL("CASE %s END", SQL(" ").join(whens)) if whens else SQL("NULL::int")

    def _get_keeps(self, figure, ladder):
        """WHENs that leave a partner in his band until he is well past its edges."""
        share = self.method == "share"
        slack = self.hysteresis if share else -self.hysteresis
        keeps = []
        for place, edge in enumerate(ladder, 1):
            tests = [SQL("old.place = %s", place)]
            tests.append(SQL("%s < %s" if share else "%s >= %s", figure, edge + slack))
            if place > 1:
                above = ladder[place - 2] - slack
                tests.append(SQL("%s >= %s" if share else "%s < %s", figure, above))
            keeps.append(SQL("WHEN %s THEN %s", SQL(" AND ").join(tests), place))
        return keeps

    # ------------------------------------------------------------------
    # Record
    # ------------------------------------------------------------------

    def _with_writes(self, company, today):
        """The CTEs that write; a row is touched when it differs, and once."""
        return SQL(
            "final AS (%s), closed AS (%s), updated AS (%s), demoted AS (%s), "
            "inserted AS (%s)",
            self._select_final(),
            self._update_closed(),
            self._update_figures(),
            self._update_demoted(),
            self._insert_scores(company, today),
        )

    def _select_final(self):
        """What a row should hold, where it does not, and its ``fate``.

        ``left`` closes it, ``new`` and ``moved`` (to another band) begin one, and
        ``updated`` writes new figures into it.
        """
        return SQL(
            """SELECT * FROM (
               SELECT *, CASE WHEN gone THEN 'left'
                              WHEN old_id IS NULL THEN 'new'
                              WHEN band_id IS DISTINCT FROM old_band_id THEN 'moved'
                              WHEN lapsed OR value IS DISTINCT FROM old_value
                                   OR fingerprint IS DISTINCT FROM old_fingerprint
                                   OR effective_band_id
                                      IS DISTINCT FROM old_effective_band_id
                                   THEN 'updated' END AS fate
                 FROM (SELECT judged.*, band.id AS band_id, %(value)s AS value,
                              COALESCE(override_band_id, band.id) AS effective_band_id,
                              %(fingerprint)s AS fingerprint
                         FROM judged
           CROSS JOIN LATERAL (SELECT (%(bands)s::int[])[place] AS id) band) wanted
               ) compared WHERE fate IS NOT NULL""",
            bands=self._get_ladder().ids,
            value=SQL("value_1" if self.method == "share" else "NULL::numeric"),
            fingerprint=self._get_fingerprint(),
        )

    def _get_fingerprint(self):
        """One number for the figures beside ``value``; differs when one does."""
        figures = [SQL("score"), SQL("coverage")]
        for place, _criterion in enumerate(self.criterion_ids, 1):
            figures.append(SQL.identifier(f"evidence_{place}"))
            if self.method == "score":
                figures.append(SQL.identifier(f"value_{place}"))
                figures.append(SQL.identifier(f"grade_{place}"))
        return SQL("hash_array(ARRAY[%s]::float8[])", SQL(", ").join(figures))

    def _get_detail(self):
        """``{metric: {value, evidence, grade, weight, grading}}``; weight in percent
        of the weights that had evidence."""
        entries = []
        for place, criterion in enumerate(self.criterion_ids, 1):
            value = SQL.identifier(f"value_{place}")
            entries.append(
                SQL(
                    """%s::text, JSONB_BUILD_OBJECT('value', %s::float8, 'evidence', %s,
                       'grade', %s, 'weight', %s, 'grading', %s)""",
                    criterion.metric,
                    value,
                    SQL.identifier(f"evidence_{place}"),
                    *self._get_detail_grade(place, criterion),
                )
            )
        return SQL("JSONB_BUILD_OBJECT(%s)", SQL(", ").join(entries))

    def _get_detail_grade(self, place, criterion):
        """Grade, weight used (percent) and grading of one criterion."""
        if self.method == "share":
            return SQL("NULL::float8"), SQL("100"), "share"
        grade = SQL.identifier(f"grade_{place}")
        weight = SQL(
            "CASE WHEN %s IS NULL THEN 0 "
            "ELSE 100 * %s::float8 / NULLIF(present, 0) END",
            grade,
            criterion.weight,
        )
        if criterion.grading == "linear":
            return grade, weight, "linear"
        scored = SQL.identifier(f"scored_{place}")
        grading = SQL(
            "CASE WHEN %s < %s THEN 'linear_fallback' ELSE 'quintile' END",
            scored,
            QUINTILE_MINIMUM,
        )
        return grade, weight, grading

    def _update_closed(self):
        """Who left the population (archived, merged, moved under another partner)."""
        return SQL(
            """UPDATE partner_score score SET is_current = FALSE, %s FROM final
                WHERE score.id = final.old_id AND final.fate = 'left'""",
            self._set_written(),
        )

    def _set_written(self):
        """The time alone: a user would be checked as a foreign key, row by row."""
        return SQL("write_date = (CLOCK_TIMESTAMP() AT TIME ZONE 'UTC')")

    def _update_figures(self):
        """Same band: the current row gets the new figures, if they differ."""
        return SQL(
            """UPDATE partner_score score
                  SET value = final.value, score = final.score,
                      coverage = final.coverage, fingerprint = final.fingerprint,
                      detail = %(detail)s, effective_band_id = final.effective_band_id,
                      %(lapse)s, %(written)s
                 FROM final
                WHERE score.id = final.old_id AND final.fate = 'updated'""",
            detail=self._get_detail(),
            lapse=self._set_lapsed(),
            written=self._set_written(),
        )

    def _set_lapsed(self):
        """An override that is over leaves the live row; its log keeps it."""
        columns = [
            "override_band_id",
            "override_until",
            "override_reason",
            "override_uid",
        ]
        return SQL(", ").join(
            SQL(
                "%s = CASE WHEN NOT final.lapsed THEN score.%s END",
                SQL.identifier(column),
                SQL.identifier(column),
            )
            for column in columns
        )

    def _update_demoted(self):
        return SQL(
            """UPDATE partner_score score SET is_current = FALSE, %s FROM final
                WHERE score.id = final.old_id AND final.fate = 'moved'
            RETURNING score.id, score.override_until, score.override_reason,
                      score.override_uid""",
            self._set_written(),
        )

    def _insert_scores(self, company, today):
        """New partners and new bands; joined to ``demoted`` so that the old current
        row has left the unique index before its successor enters it.

        In the order of the partners, whose rows and index entries lie side by side.
        """
        return SQL(
            """INSERT INTO partner_score (
                   scorecard_id, partner_id, company_id, date, value, score, coverage,
                   fingerprint, detail, band_id, previous_band_id, effective_band_id,
                   move, is_current, override_band_id, override_until, override_reason,
                   override_uid, create_date, write_date)
               SELECT %(card)s, final.partner_id, %(company)s, %(today)s, final.value,
                      final.score, final.coverage, final.fingerprint, %(detail)s,
                      final.band_id, final.old_band_id, final.effective_band_id,
                      CASE WHEN final.old_band_id IS NULL THEN 'new'
                           WHEN final.band_id IS NULL THEN 'lost'
                           WHEN final.place < final.old_place THEN 'up'
                           ELSE 'down' END, TRUE, final.override_band_id,
                      CASE WHEN NOT final.lapsed THEN demoted.override_until END,
                      CASE WHEN NOT final.lapsed THEN demoted.override_reason END,
                      CASE WHEN NOT final.lapsed THEN demoted.override_uid END,
                      CLOCK_TIMESTAMP() AT TIME ZONE 'UTC',
                      CLOCK_TIMESTAMP() AT TIME ZONE 'UTC'
                 FROM final LEFT JOIN demoted ON demoted.id = final.old_id
                WHERE final.fate = 'new' OR demoted.id IS NOT NULL
             ORDER BY final.partner_id
            RETURNING id, previous_band_id""",
            card=self.id,
            company=company.id,
            today=today,
            detail=self._get_detail(),
        )
