from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

STAGES = [
    ("suspect", "Target"),
    ("prospect", "Prospect"),
    ("new", "New Customer"),
    ("active", "Active Customer"),
    ("dormant", "Dormant"),
    ("lost", "Lost"),
]


class PartnerStage(models.Model):
    """Where a commercial partner stands with a company, and since when.

    From target to loyal or lost customer, judged from the host's documents:

    * ``suspect`` (shown as Target): tagged as target, or known to buy from a
      competitor, and nothing of what follows;
    * ``prospect``: an open lead or a quotation, and never invoiced;
    * ``new``: the first invoice (or, before any invoice, the first confirmed order) is
      less than 12 months old;
    * ``active``: a customer in his own rhythm;
    * ``dormant``: silent for more than 2.5 (setting) of the customer's own median
      intervals; with a single purchase, once he is no longer new;
    * ``lost``: silent for more than 24 (setting) months.

    A purchase is a confirmed order's day, or an invoice's before the first order.
    One row per stage entered; the rows before are the history of the ladder.
    """

    _name = "partner.stage"
    _description = "Customer Stage"
    _order = "since desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    stage = fields.Selection(STAGES, required=True)
    previous_stage = fields.Selection(STAGES)
    since = fields.Date(required=True)
    is_current = fields.Boolean(default=True)
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")

    _current_uniq = models.UniqueIndex(
        "(partner_id, company_id) WHERE is_current",
        "A partner has one current stage per company.",
    )

    @api.model
    def _run(self, company, today, partners=None):
        """Enter the stages reached by ``today``; returns the rows begun.

        One statement; only changes are written. ``partners`` limits it to these. A
        company that another transaction is judging at this moment is skipped.
        """
        if (partners is not None and not partners) or not company._try_lock(self._name):
            return self.browse()
        subjects = partners and (partners | partners.commercial_partner_id).ids
        self.env.flush_all()
        query = SQL(
            """WITH judged AS (%s), left_behind AS (%s), inserted AS (%s)
             SELECT id FROM inserted""",
            self._select_judged(company, today, subjects),
            self._update_left_behind(company, subjects),
            self._insert_entered(company),
        )
        entered = [row[0] for row in self.env.execute_query(query)]
        self.invalidate_model()
        self.env["res.partner"].invalidate_model(
            ["customer_stage", "customer_stage_since"]
        )
        return self.browse(entered)

    @api.model
    def _cron_run(self):
        """Everybody's stage as of each company's day, one commit per company."""
        companies = self.env["res.company"]._get_all()
        self.env["ir.cron"]._commit_progress(remaining=len(companies))
        for company in companies:
            self._run(company, company._get_today())
            if not self.env["ir.cron"]._commit_progress(1):
                return

    # ------------------------------------------------------------------
    # Judge
    # ------------------------------------------------------------------

    def _select_judged(self, company, today, subjects):
        """SELECT of partner_id, stage (or NULL), and the current row's id and stage."""
        facts = {
            "invoiced": self._select_invoiced(company, today),
            "rhythm": self._select_rhythm(company, today),
            "interested": self._select_interested(company),
            "targeted": self._select_targeted(),
        }
        joins = SQL(" ").join(
            SQL(
                "LEFT JOIN (%s) %s ON %s.partner_id = partner.id",
                self._limit(select, subjects),
                SQL.identifier(alias),
                SQL.identifier(alias),
            )
            for alias, select in facts.items()
        )
        return SQL(
            """SELECT found.*, LEAST(%(since)s, %(today)s) AS since FROM (
               SELECT partner.id AS partner_id, %(stage)s AS stage, here.id AS old_id,
                      here.stage AS old_stage, last_day, median, intervals,
                      interest_day,
                      COALESCE(first_invoice, first_day) AS first_purchase
                 FROM (%(population)s) partner %(joins)s
            LEFT JOIN partner_stage here ON here.partner_id = partner.id
                      AND here.company_id = %(company)s AND here.is_current
                WHERE here.id IS NOT NULL OR invoiced.partner_id IS NOT NULL
                      OR rhythm.partner_id IS NOT NULL
                      OR interested.partner_id IS NOT NULL
                      OR targeted.partner_id IS NOT NULL) found""",
            since=self._get_since(company, today),
            today=today,
            stage=self._get_stage(company, today),
            population=self._select_population(company, subjects),
            joins=joins,
            company=company.id,
        )

    @api.model
    def _limit(self, select, subjects):
        if subjects is None:
            return select
        return SQL(
            "SELECT * FROM (%s) one WHERE partner_id = ANY(%s)", select, subjects
        )

    def _select_population(self, company, subjects):
        """The customers of the scorecards: one place says who is a customer."""
        card = self.env["partner.scorecard"].new({"role": "customer"})
        return card._select_population(company, subjects)

    def _get_stage(self, company, today):
        """CASE from the strongest fact to the weakest; NULL is nobody of interest."""
        return SQL(
            """CASE WHEN last_day < %(lost)s THEN 'lost'
                    WHEN COALESCE(first_invoice, first_day) > %(new)s THEN 'new'
                    WHEN last_day IS NOT NULL AND intervals > 0
                         AND %(today)s::date - last_day > %(factor)s * median
                         THEN 'dormant'
                    WHEN last_day IS NOT NULL AND intervals = 0
                         AND last_day <= %(new)s THEN 'dormant'
                    WHEN last_day IS NOT NULL THEN 'active'
                    WHEN interested.partner_id IS NOT NULL THEN 'prospect'
                    WHEN targeted.partner_id IS NOT NULL THEN 'suspect'
               END""",
            lost=today - relativedelta(months=company.stage_lost_months),
            new=today - relativedelta(months=12),
            today=today,
            factor=company.stage_dormant_factor,
        )

    def _get_since(self, company, today):
        """The day the stage began, by the documents; ``today`` for a tag."""
        return SQL(
            """CASE stage
                    WHEN 'lost'
                    THEN (last_day + MAKE_INTERVAL(months => %(lost)s))::date + 1
                    WHEN 'dormant' THEN last_day + CASE WHEN intervals > 0
                         THEN FLOOR(%(factor)s * median)::int + 1 ELSE 365 END
                    WHEN 'active' THEN CASE WHEN old_stage IN ('dormant', 'lost')
                         THEN last_day
                         ELSE (first_purchase + INTERVAL '12 months')::date END
                    WHEN 'new' THEN first_purchase
                    WHEN 'prospect' THEN interest_day ELSE %(today)s END""",
            lost=company.stage_lost_months,
            factor=company.stage_dormant_factor,
            today=today,
        )

    def _select_invoiced(self, company, today):
        """partner_id and the day of the first customer invoice."""
        return SQL(
            """SELECT move.commercial_partner_id AS partner_id,
                      MIN(move.invoice_date) AS first_invoice
                 FROM account_move move
                WHERE move.state = 'posted' AND move.move_type = 'out_invoice'
                  AND move.commercial_partner_id IS NOT NULL
                  AND move.company_id = %s AND move.invoice_date <= %s
             GROUP BY 1""",
            company.id,
            today,
        )

    def _select_rhythm(self, company, today):
        """partner_id, last_day, median and intervals of the purchases until today.

        An invoice is a purchase where no order came before it: later ones bill orders.
        """
        metrics = self.env["partner.scorecard.metric"]
        purchases = SQL(
            """SELECT partner_id, day FROM (%(orders)s) orders
            UNION ALL
               SELECT move.commercial_partner_id, move.invoice_date
                 FROM account_move move
                WHERE move.state = 'posted' AND move.move_type = 'out_invoice'
                  AND move.commercial_partner_id IS NOT NULL
                  AND move.company_id = %(company)s AND move.invoice_date <= %(today)s
                  AND NOT EXISTS (
                      SELECT FROM sale_order so
                        JOIN res_partner buyer ON buyer.id = so.partner_id
                       WHERE so.state = 'sale' AND so.company_id = %(company)s
                         -- in WHERE, or PostgreSQL looks it up invoice by invoice
                         AND buyer.commercial_partner_id = move.commercial_partner_id
                         AND (so.date_order AT TIME ZONE 'UTC'
                              AT TIME ZONE %(tz)s)::date <= move.invoice_date
                      )""",
            tz=company._get_timezone(),
            orders=metrics._select_orders(company, None, today),
            company=company.id,
            today=today,
        )
        return metrics._select_rhythm(purchases)

    def _select_interested(self, company):
        """partner_id of who has an open lead or a quotation."""
        return SQL(
            """SELECT partner.commercial_partner_id AS partner_id,
                      MIN(day) AS interest_day
                 FROM res_partner partner JOIN (
                      SELECT lead.partner_id, lead.create_date::date AS day
                        FROM crm_lead lead
                       WHERE lead.active AND lead.won_status = 'pending'
                         AND (lead.company_id = %(company)s OR lead.company_id IS NULL)
                   UNION ALL
                      SELECT so.partner_id, so.create_date::date FROM sale_order so
                       WHERE so.state IN ('draft', 'sent')
                         AND so.company_id = %(company)s
                 ) interest ON interest.partner_id = partner.id
             GROUP BY 1""",
            company=company.id,
        )

    def _select_targeted(self):
        """partner_id of who is tagged as target or as a competitor's customer."""
        tags = (
            self.env.ref("crm_manufacturing.partner_category_target", False),
            self.env.ref(
                "crm_manufacturing.partner_category_competitor_customer", False
            ),
        )
        return SQL(
            """SELECT DISTINCT partner.commercial_partner_id AS partner_id
                 FROM res_partner_res_partner_category_rel tagged
                 JOIN res_partner partner ON partner.id = tagged.partner_id
                WHERE tagged.category_id = ANY(%s)""",
            [tag.id for tag in tags if tag],
        )

    # ------------------------------------------------------------------
    # Record
    # ------------------------------------------------------------------

    def _update_left_behind(self, company, subjects):
        """Rows whose stage changed, or whose partner is no customer any more."""
        return SQL(
            """UPDATE partner_stage here SET is_current = FALSE,
                      write_date = (CLOCK_TIMESTAMP() AT TIME ZONE 'UTC')
                WHERE here.is_current AND here.company_id = %s AND %s
                  AND NOT EXISTS (
                      SELECT FROM judged WHERE judged.old_id = here.id
                         AND judged.stage IS NOT DISTINCT FROM judged.old_stage)
            RETURNING here.id""",
            company.id,
            SQL("TRUE")
            if subjects is None
            else SQL("here.partner_id = ANY(%s)", subjects),
        )

    def _insert_entered(self, company):
        """Joined to ``left_behind``: the row before has left the unique index."""
        return SQL(
            """INSERT INTO partner_stage (partner_id, company_id, stage, previous_stage,
                      since, is_current, create_date, write_date)
               SELECT judged.partner_id, %(company)s, judged.stage, judged.old_stage,
                      judged.since, TRUE,
                      CLOCK_TIMESTAMP() AT TIME ZONE 'UTC',
                      CLOCK_TIMESTAMP() AT TIME ZONE 'UTC'
                 FROM judged LEFT JOIN left_behind ON left_behind.id = judged.old_id
                WHERE judged.stage IS NOT NULL
                  AND (judged.old_id IS NULL OR left_behind.id IS NOT NULL)
             ORDER BY judged.partner_id
            RETURNING id""",
            company=company.id,
        )

    def _merge_partners(self, sources, destination):
        """Before the host moves the rows of merged partners: one stays current."""
        current = self.search(
            [
                ("partner_id", "in", (sources | destination).ids),
                ("is_current", "=", True),
            ]
        )
        for rows in current.grouped("company_id").values():
            own = rows.filtered(lambda row: row.partner_id == destination)
            (rows - (own or rows.sorted("id"))[-1:]).is_current = False

    # ------------------------------------------------------------------
    # The stage, a virtual column of the contact
    # ------------------------------------------------------------------

    @api.model
    def _get_standings(self, partners):
        """``{partner id: (band, whether overridden, stage, since)}`` in the company.

        One query, through the columns by which contacts are grouped.
        """
        partners = partners._origin.sudo().with_context(active_test=False)
        groups = partners._read_group(
            [("id", "in", partners.ids)],
            [
                "id",
                "customer_tier_id",
                "customer_tier_overridden",
                "customer_stage",
                "customer_stage_since:day",
            ],
            order="id",
        )
        return {partner.id: standing for partner, *standing in groups}

    @api.model
    def _search_stage(self, operator, value):
        """Domain on res.partner for an ``in`` on the stage; False is no stage."""
        if operator != "in":
            return NotImplemented
        domain = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN %s",
                self._join_stage(model, alias, "customer_stage", query),
                tuple(v for v in value if v) or (None,),
            )
        )
        if False in value:
            domain |= Domain.custom(
                to_sql=lambda model, alias, query: SQL(
                    "%s IS NULL",
                    self._join_stage(model, alias, "customer_stage", query),
                )
            )
        return domain

    @api.model
    def _join_stage(self, partners, alias, field_name, query):
        """A column of the current row, joined once under ``alias`` of res.partner."""
        joined = query.make_alias(alias, "customer_stage")
        subject = self.env["partner.scorecard"]._get_subject_sql(
            partners._field_to_sql(alias, "commercial_partner_id", query)
        )
        query.add_join(
            "LEFT JOIN",
            joined,
            "partner_stage",
            SQL(
                "%s = %s AND %s AND %s = %s",
                self._field_to_sql(joined, "partner_id"),
                subject,
                self._field_to_sql(joined, "is_current"),
                self._field_to_sql(joined, "company_id"),
                self.env.company.id,
            ),
        )
        column = "since" if field_name.endswith("since") else "stage"
        return self._field_to_sql(joined, column)
