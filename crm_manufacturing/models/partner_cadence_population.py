from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, Query

from ..tools.touch import RANKS, VISIT_KINDS, get_asked_rank


class PartnerCadence(models.Model):
    """Who may get touches: a row per customer, with what is the same for his rules.

    Of these columns of ``population`` there is one for each

    - activity type: ``first_<id>``, the first clock rule that fits the customer, and
      ``contact_<id>``, the day of his last touch that counts for the type;
    - event rule that is not for everybody: ``fits_<id>``;
    - rank: ``booked_<rank>``, the last day for which such a touch is booked;
    - way of finding the responsible user: ``staff_<place>``.

    Plain columns, since the rows of ``wanted`` are made of them: arrays cost more, and
    so does joining there. The rules' conditions are read in the one pass over the
    customers.
    """

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "partner.cadence"

    def _select_population(self, company, today, subjects):
        """SELECT of those who may get touches: not the lost ones nor the exempted."""
        query = self._query_population(company, subjects)
        columns = [
            *self._get_match_columns(company, query),
            *self._get_staff_columns(company),
            *(SQL.identifier("latest", name) for name in self._get_contacts()),
            *(SQL.identifier("booked", f"booked_{rank}") for rank in self._get_ranks()),
        ]
        return SQL(
            """SELECT partner.id, score.effective_band_id AS band_id,
                      LEAST((partner.create_date AT TIME ZONE 'UTC'
                          AT TIME ZONE %(tz)s)::date, %(today)s) AS created,
                      latest.touched, %(columns)s
                 FROM %(source)s
            LEFT JOIN partner_score score ON score.partner_id = partner.id
                      AND score.is_current AND score.company_id = %(company)s
                      AND score.scorecard_id = %(card)s
            LEFT JOIN latest ON latest.partner_id = partner.id
            LEFT JOIN booked ON booked.partner_id = partner.id
                WHERE %(where)s AND NOT EXISTS (
                      SELECT FROM partner_stage stage
                       WHERE stage.partner_id = partner.id AND stage.is_current
                         AND stage.company_id = %(company)s AND stage.stage = 'lost')
                  AND NOT (COALESCE(partner.touch_exempt, FALSE)
                      AND COALESCE(partner.touch_exempt_until, 'infinity') >= %(today)s)
            """,
            tz=company._get_timezone(),
            company=company.id,
            card=company.pyramid_scorecard_id.id or 0,
            source=query.from_clause,
            where=query.where_clause,
            today=today,
            columns=SQL(", ").join(columns),
        )

    def _query_population(self, company, subjects):
        """The host's query of ``partner``: outsiders, all or of these ids."""
        domain = self.env["partner.scorecard"]._get_outsiders(company)
        domain &= Domain("active", "=", True)
        if subjects is not None:
            domain &= Domain("id", "in", subjects)
        query = Query(self.env, "partner", SQL.identifier("res_partner"))
        query.add_where(self._get_condition(domain, company, query))
        return query

    @api.model
    def _get_condition(self, domain, company, query):
        """``domain`` on ``partner``; the tables it needs are joined to ``query``."""
        # sudo: a rule fits whatever who starts the run may read
        partners = self.env["res.partner"].sudo().with_company(company)
        partners = partners.with_context(active_test=True)
        return domain.optimize_full(partners)._to_sql(partners, "partner", query)

    # ------------------------------------------------------------------
    # For whom a rule is
    # ------------------------------------------------------------------

    def _get_match_columns(self, company, query):
        """``first_<type>`` and ``fits_<rule>``."""
        clocks = self._get_clocks()
        firsts = [
            SQL(
                "CASE %s END AS %s",
                SQL(" ").join(
                    SQL("WHEN %s THEN %s", rule._get_match(company, query), rule.id)
                    for rule in rules
                ),
                SQL.identifier(f"first_{kind.id}"),
            )
            for kind, rules in clocks.grouped("activity_type_id").items()
        ]
        fits = [
            SQL("%s AS %s", match, SQL.identifier(f"fits_{rule.id}"))
            for rule in self - clocks
            for match in [rule._get_match(company, query)]
        ]
        return firsts + fits

    def _get_clocks(self):
        codes = self._get_clock_anchors()
        return self.filtered(lambda rule: rule.anchor in codes)

    def _get_match(self, company, query):
        """Condition on ``partner``: whether the rule is for this customer."""
        domain = self._get_partner_domain()
        if self.role:
            domain &= self.env["partner.scorecard"]._get_role_domain(self.role)
        match = self._get_condition(domain, company, query)
        if self.band_ids:
            return SQL("%s AND %s", match, self._get_band_match(company))
        return match

    def _get_band_match(self, company):
        """The pyramid's band is joined already; those of other cards are sought."""
        of_pyramid = self.band_ids.filtered(
            lambda band: band.scorecard_id == company.pyramid_scorecard_id
        )
        matches = [SQL("score.effective_band_id = ANY(%s)", of_pyramid.ids)]
        if others := self.band_ids - of_pyramid:
            matches.append(
                SQL(
                    """partner.id IN (SELECT other.partner_id FROM partner_score other
                        WHERE other.is_current AND other.company_id = %s
                          AND other.effective_band_id = ANY(%s))""",
                    company.id,
                    others.ids,
                )
            )
        return SQL("(%s)", SQL(" OR ").join(matches))

    # ------------------------------------------------------------------
    # What was done and what is booked
    # ------------------------------------------------------------------

    def _get_contacts(self):
        """{``contact_<type>``: condition on ``touches``, whether one counts for it}"""
        contacts = {}
        for kind in self.activity_type_id:
            counts = SQL("activity_type_id = %s", kind.id)
            if rank := get_asked_rank(kind.touch_kind):
                counts = SQL("%s OR rank >= %s", counts, rank)
            contacts[f"contact_{kind.id}"] = counts
        return contacts

    def _select_latest(self):
        """Per customer the last touch with a rank, and the last for each type."""
        contacts = SQL("").join(
            SQL(", MAX(day) FILTER (WHERE %s) AS %s", counts, SQL.identifier(name))
            for name, counts in self._get_contacts().items()
        )
        return SQL(
            """SELECT partner_id, MAX(day) FILTER (WHERE rank >= 1) AS touched %s
                 FROM touches GROUP BY 1""",
            contacts,
        )

    @api.model
    def _get_ranks(self):
        return sorted(set(RANKS.values()))

    @api.model
    def _select_bookings(self, company, today):
        """partner_id and per rank the last day for which such a touch is booked."""
        touches = self.env["partner.touchpoint.touch"]
        kinds = SQL(" ").join(
            SQL("WHEN %s THEN %s", code, kind) for code, kind in VISIT_KINDS.items()
        )
        ranks = SQL(", ").join(
            SQL(
                "MAX(day) FILTER (WHERE rank >= %s) AS %s",
                rank,
                SQL.identifier(f"booked_{rank}"),
            )
            for rank in self._get_ranks()
        )
        return SQL(
            """SELECT partner_id, %(ranks)s FROM (
               SELECT meeting.partner_id, meeting.day, %(meeting_rank)s AS rank
                 FROM (%(meetings)s) meeting WHERE meeting.day >= %(today)s
            UNION ALL
               SELECT contact.commercial_partner_id, visit.day, %(visit_rank)s
                 FROM crm_visit visit JOIN res_partner contact
                      ON contact.id = visit.partner_id
                WHERE visit.state = 'planned' AND visit.company_id = %(company)s
                  AND visit.day >= %(today)s) booking
             GROUP BY 1""",
            ranks=ranks,
            meeting_rank=touches._get_rank(SQL("meeting.kind")),
            visit_rank=touches._get_rank(
                SQL("CASE visit.visit_type %s ELSE 'call' END", kinds)
            ),
            meetings=touches._select_booked(company),
            today=today,
            company=company.id,
        )

    # ------------------------------------------------------------------
    # What a rule takes of it
    # ------------------------------------------------------------------

    def _get_staff_columns(self, company):
        return [
            SQL("%s AS %s", user, SQL.identifier(f"staff_{place}"))
            for place, user in enumerate(self._get_staff(company), 1)
        ]

    def _get_staff_places(self, company):
        """{rule id: ``staff_<place>`` of its responsible user}"""
        ways = self._get_staff(company).values()
        return {
            rule_id: SQL.identifier("person", f"staff_{place}")
            for place, rule_ids in enumerate(ways, 1)
            for rule_id in rule_ids
        }

    def _get_person_columns(self, rule_id, places):
        """Of ``person`` what ``wanted`` needs, on rules of one activity type.

        :param rule_id: SQL of the rule's id
        :param places: of :meth:`_get_staff_places`
        """
        kind = self.activity_type_id
        rank = get_asked_rank(kind.touch_kind)
        users = {rule.id: places[rule.id] for rule in self}
        user = SQL(
            "CASE %s %s END",
            rule_id,
            SQL(" ").join(SQL("WHEN %s THEN %s", *item) for item in users.items()),
        )
        return SQL(
            """person.band_id, person.created, person.touched AS last_touch_date,
               %s AS last_day, %s AS booked_day, %s AS user_id""",
            SQL.identifier("person", f"contact_{kind.id}"),
            SQL.identifier("person", f"booked_{rank}") if rank else SQL("NULL::date"),
            user if len(set(users.values())) > 1 else places[self[:1].id],
        )
