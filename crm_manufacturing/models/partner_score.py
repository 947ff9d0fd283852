from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, clean_context

OVERRIDE_FIELDS = {"override_band_id", "override_reason", "override_until"}
CONFIDENTIAL_GROUPS = (
    "crm_manufacturing.group_manager,crm_manufacturing.group_price_approver"
)


class UncheckedMany2one(fields.Many2one):
    """A many2one that PostgreSQL does not check: each foreign key of a score costs the
    first fill as much as reading all invoices. Somebody else must keep it valid.
    """

    def update_db_foreign_key(self, model, column):
        """No constraint."""


class PartnerScore(models.Model):
    """One judgement of one partner by one card in one company.

    The engine writes these rows with SQL and starts a new one when the band changes;
    the rows before are the history. A user changes nothing but the override.
    """

    _name = "partner.score"
    _description = "Partner Score"
    _order = "value desc, score desc, id"
    _rec_name = "partner_id"

    # a card and a company take their scores along when they are deleted
    scorecard_id = UncheckedMany2one("partner.scorecard", required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        ondelete="cascade",
        index=True,
        help="Always the commercial partner.",
    )
    company_id = UncheckedMany2one("res.company", required=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(string="Since", required=True, help="Day this judgement began.")
    value = fields.Float(
        digits=(16, 2),
        aggregator="sum",
        help="Share method: the figure ranked by, in company currency if an amount.",
    )
    score = fields.Float(digits=(16, 1), aggregator="avg", help="0 to 100.")
    coverage = fields.Float(
        string="Coverage (%)",
        aggregator=None,
        help="Share of the weights that had evidence.",
    )
    # of all figures: who may not read one must not try values until it fits
    fingerprint = fields.Integer(
        aggregator=None, export_string_translation=False, groups=CONFIDENTIAL_GROUPS
    )
    detail = fields.Json(groups=CONFIDENTIAL_GROUPS)
    band_id = fields.Many2one(
        "partner.scorecard.band", string="Computed Band", ondelete="restrict"
    )
    previous_band_id = fields.Many2one("partner.scorecard.band", ondelete="restrict")
    # one of the two others, which are checked
    effective_band_id = UncheckedMany2one(
        "partner.scorecard.band",
        string="Tier",
        help="The override while it lasts, else the computed band.",
    )
    move = fields.Selection(
        [("new", "New"), ("up", "Up"), ("down", "Down"), ("lost", "Lost Tier")],
        required=True,
        default="new",
        help="How this judgement began.",
    )
    is_current = fields.Boolean(default=True)
    override_band_id = fields.Many2one(
        "partner.scorecard.band", string="Override", ondelete="restrict"
    )
    override_reason = fields.Char()
    override_until = fields.Date(help="Last day of the override. Empty: no end.")
    override_uid = fields.Many2one("res.users", string="Overridden By", readonly=True)
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    country_id = fields.Many2one(related="partner_id.country_id")

    _current_uniq = models.UniqueIndex(
        "(partner_id, scorecard_id, company_id) WHERE is_current",
        "A partner has one current score per scorecard and company.",
    )

    # ------------------------------------------------------------------
    # Overrides
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """A row made by a person is an override of a partner without figures."""
        # nor do figures, or another author, come in as defaults of the context
        self = self.with_context(clean_context(self.env.context))
        self._check_only_override(set().union(*vals_list) - self._get_key_fields())
        for vals in vals_list:
            if vals.get("override_band_id"):
                vals["override_uid"] = self.env.uid
            vals.setdefault(
                "effective_band_id", vals.get("override_band_id") or vals.get("band_id")
            )
        scores = super().create(vals_list)
        scores.filtered("override_band_id")._log_override()
        return scores

    def write(self, vals):
        """Applies an override and appends it to the log."""
        self._check_only_override(set(vals))
        if not vals.keys() & OVERRIDE_FIELDS:
            return super().write(vals)
        if not all(self.mapped("is_current")):
            raise UserError(
                self.env._("Override: what is history is not overridden any more.")
            )
        if not vals.get("override_band_id", True):
            vals = {**vals, "override_reason": False, "override_until": False}
        result = super().write({**vals, "override_uid": self.env.uid})
        for score in self:
            effective = score.override_band_id or score.band_id
            super(PartnerScore, score).write({"effective_band_id": effective.id})
        self._log_override()
        self.env["res.partner"]._invalidate_tiers()
        return result

    @api.model
    def _get_key_fields(self):
        return {"scorecard_id", "partner_id", "company_id", "date"}

    def _check_only_override(self, names):
        """Figures and bands are computed; only the system writes them."""
        if not self.env.su and names - OVERRIDE_FIELDS:
            raise AccessError(
                self.env._("Scores are computed. Override the band, with a reason.")
            )

    @api.constrains("override_band_id", "override_reason", "override_until")
    def _check_override(self):
        for score in self:
            if not any(score[name] for name in OVERRIDE_FIELDS):
                continue
            if not (score.override_reason or "").strip():
                raise ValidationError(
                    self.env._(
                        "Override Reason: say why %s is overridden.",
                        score.partner_id.name,
                    )
                )
            if score._is_lapsed():
                raise ValidationError(
                    self.env._(
                        "Override Until: %(date)s is over already.",
                        date=score.override_until,
                    )
                )
            if score.override_band_id.scorecard_id != score.scorecard_id:
                raise ValidationError(
                    self.env._(
                        "Override: choose a band of %s.", score.scorecard_id.name
                    )
                )

    def _is_lapsed(self):
        """Whether the override is over, though no run has taken it away yet."""
        until = self.override_until
        return bool(until and until < self.company_id._get_today())

    def _log_override(self):
        """Append to the log, which nobody may change, and tell the chatter."""
        # sudo: the log has no create right for anybody, so that it cannot be forged
        logs = (
            self.env["partner.score.override"]
            .sudo()
            .create([score._prepare_override_log() for score in self])
        )
        logs._post_on_partner()

    def _prepare_override_log(self):
        return {
            "score_id": self.id,
            "scorecard_id": self.scorecard_id.id,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "user_id": self.env.uid,
            "band_id": self.override_band_id.id,
            "computed_band_id": self.band_id.id,
            "reason": self.override_reason,
            "until": self.override_until,
        }

    def action_override(self):
        """Open the override dialog (button on lists and on the contact)."""
        self.ensure_one()
        return self.env["partner.score.override.wizard"]._get_action(
            self.partner_id, self.scorecard_id, self.company_id
        )

    # ------------------------------------------------------------------
    # For others
    # ------------------------------------------------------------------

    def _band_changed(self):
        """React to promotions and demotions; extension point.

        Called once per run on the new current rows whose partner had a band before;
        ``previous_band_id`` and ``move`` say what happened. Not called when a card is
        filled for the first time.
        """

    def _check_bands_unused(self, bands):
        """A band that judges or judged somebody stays."""
        used = self.search(
            [
                "|",
                "|",
                ("band_id", "in", bands.ids),
                ("override_band_id", "in", bands.ids),
                ("previous_band_id", "in", bands.ids),
            ],
            limit=1,
        )
        if used:
            raise UserError(
                self.env._(
                    "Bands: some customers are or were in %(bands)s, so it cannot be "
                    "removed. Rename it instead.",
                    bands=", ".join(bands.mapped("display_name")),
                )
            )

    def _merge_partners(self, sources, destination):
        """Before the host moves the rows of merged partners to the destination.

        One current row per card and company may remain: the destination's, else the
        newest of the sources. An override moves along where the destination has none.
        """
        current = self.search(
            [
                ("partner_id", "in", (sources | destination).ids),
                ("is_current", "=", True),
            ]
        )
        for (_card, _company), scores in current.grouped(
            lambda score: (score.scorecard_id, score.company_id)
        ).items():
            own = scores.filtered(lambda score: score.partner_id == destination)
            keep = (own or scores.sorted("id"))[-1:]
            others = scores - keep
            others.is_current = False
            overridden = others.filtered(
                lambda score: score.override_band_id and not score._is_lapsed()
            )[:1]
            if overridden and not keep.override_band_id:
                keep._take_override(overridden)

    def _resume_overrides(self, partners):
        """Of contacts that come back, from the archive or from under another one.

        A run that saw them leave has closed their rows. The last one is opened again
        where it is overridden still; the next run brings it up to date.
        """
        # sudo: whoever unarchives a contact need not have rights on its scores
        closed = self.sudo().search(
            [
                ("partner_id", "in", partners.ids),
                ("override_band_id", "!=", False),
                ("is_current", "=", False),
            ]
        )
        if closed:
            closed._get_last_rows()._resume()

    def _get_last_rows(self):
        """The newest rows of the same partners, cards and companies."""
        rows = self.search([("partner_id", "in", self.partner_id.ids)])
        last = {}
        for row in rows.sorted(lambda row: (row.is_current, row.write_date, row.id)):
            last[row.partner_id, row.scorecard_id, row.company_id] = row
        return self.browse().union(*last.values())

    def _resume(self):
        self.filtered(
            lambda score: (
                not score.is_current
                and score.override_band_id
                and not score._is_lapsed()
            )
        ).is_current = True

    def _take_override(self, other):
        """The override of a merged partner goes on, logged under its own author."""
        self.with_user(other.override_uid or self.env.user).sudo().write(
            {
                "override_band_id": other.override_band_id.id,
                "override_reason": other.override_reason,
                "override_until": other.override_until,
            }
        )

    def action_open_documents(self, metric):
        """The documents behind one metric of this score (the why panel's bars)."""
        self.ensure_one()
        self.check_access("read")
        metrics = self.env["partner.scorecard.metric"]
        if metric in metrics._confidential() and not self._can_read_confidential():
            raise AccessError(self.env._("You may not read this figure."))
        today = self.company_id._get_today()
        period = self.scorecard_id.sudo()._get_period(today)
        return metrics._get_action(metric, self.partner_id, self.company_id, *period)

    @api.model
    def _can_read_confidential(self):
        return any(
            self.env.user.has_group(group) for group in CONFIDENTIAL_GROUPS.split(",")
        )

    # ------------------------------------------------------------------
    # The tier, a virtual column of the contact
    # ------------------------------------------------------------------

    @api.model
    def _get_current(self, partners, card_field, also=()):
        """``{commercial partner id: current row}`` of a card of the company.

        One query; the rows hold the effective band and whether it is an override.

        :param card_field: the field of the company that says which card
        :param also: further fields of the rows to read
        """
        scores = self.sudo().search_fetch(
            [
                ("partner_id", "in", partners.commercial_partner_id.ids),
                ("scorecard_id", "=", self.env.company.sudo()[card_field].id),
                ("company_id", "=", self.env.company.id),
                ("is_current", "=", True),
            ],
            ["partner_id", "effective_band_id", "override_band_id", *also],
        )
        return {score.partner_id.id: score for score in scores}

    @api.model
    def _search_tier(self, operator, value, card_field="pyramid_scorecard_id"):
        """Domain on res.partner for an ``in`` on the tier; False is no tier."""
        if operator in ("any", "any!"):
            value = self.env["partner.scorecard.band"].search(value).ids
        elif operator != "in":
            return NotImplemented
        domain = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN %s",
                self._join_tier(model, alias, query, card_field=card_field),
                tuple(v for v in value if v) or (None,),
            )
        )
        if False in value:
            domain |= Domain.custom(
                to_sql=lambda model, alias, query: SQL(
                    "%s IS NULL",
                    self._join_tier(model, alias, query, card_field=card_field),
                )
            )
        return domain

    @api.model
    def _join_tier(
        self,
        partners,
        alias,
        query,
        overridden=False,
        card_field="pyramid_scorecard_id",
    ):
        """Column of the tier, joined once to a query on res.partner under ``alias``.

        With ``overridden``: whether the tier is an override. ``card_field`` is the
        field of the company that says which card.
        """
        companies = self.env["res.company"].sudo()
        joined = query.make_alias(alias, card_field)
        subject = self.env["partner.scorecard"]._get_subject_sql(
            partners._field_to_sql(alias, "commercial_partner_id", query)
        )
        query.add_join(
            "LEFT JOIN",
            joined,
            "partner_score",
            SQL(
                # looked up by the statement itself, which costs no query
                """%s = %s AND %s AND %s = (SELECT %s FROM res_company WHERE id = %s)
                AND %s = %s""",
                self._field_to_sql(joined, "partner_id"),
                subject,
                self._field_to_sql(joined, "is_current"),
                self._field_to_sql(joined, "scorecard_id"),
                companies._field_to_sql("res_company", card_field),
                self.env.company.id,
                self._field_to_sql(joined, "company_id"),
                self.env.company.id,
            ),
        )
        if overridden:
            override = self._field_to_sql(joined, "override_band_id")
            return SQL("(%s IS NOT NULL)", override)
        return self._field_to_sql(joined, "effective_band_id")

    @api.model
    def _get_partner_action(self, partner):
        """The scores of one customer, current ones first."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_manufacturing.partner_score_action"
        )
        action["domain"] = [("partner_id", "=", partner.commercial_partner_id.id)]
        action["context"] = {"search_default_current": 1}
        return action
