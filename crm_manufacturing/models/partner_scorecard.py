from contextlib import contextmanager

from dateutil.relativedelta import relativedelta
from psycopg2 import DataError, ProgrammingError

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from ..tools.ladder import ladder_problem
from ..tools.period import period_bounds
from .partner_scorecard_band import CHECKED_BY_CARD

LONGEST_PERIOD = 1200
INTERVALS = {
    "day": relativedelta(days=1),
    "week": relativedelta(weeks=1),
    "month": relativedelta(months=1),
    "quarter": relativedelta(months=3),
    "year": relativedelta(years=1),
}


def _has_twins(values):
    return len(set(values)) < len(values)


class PartnerScorecard(models.Model):
    """How good partners of one role are: criteria that measure, bands that judge.

    ``share`` is ABC analysis: one metric, partners sorted by it, bands by cumulative
    share. ``score`` grades each criterion from 0 to 100 and weighs the grades.
    The statement that computes a card lives in ``partner_scorecard_engine.py``.
    """

    _name = "partner.scorecard"
    _description = "Scorecard"
    _inherit = ["mail.thread"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    role = fields.Selection(
        [("customer", "Customers"), ("dealer", "Dealers"), ("supplier", "Suppliers")],
        required=True,
        default="customer",
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company",
        help="Empty: every company scores its own partners with this card.",
    )
    partner_domain = fields.Char(
        string="Only Partners",
        default="[]",
        tracking=True,
        help="Who is scored, beside the role. Empty: everybody of the role.",
    )
    period_months = fields.Integer(
        string="Period (months)",
        default=12,
        required=True,
        tracking=True,
        help="The figures cover this many months up to and including today.",
    )
    method = fields.Selection(
        [("share", "Share of the total (ABC)"), ("score", "Weighted score")],
        required=True,
        default="score",
        tracking=True,
    )
    hysteresis = fields.Float(
        default=2.0,
        tracking=True,
        help="A band is kept until the score, or the cumulative share, is this many "
        "points past its threshold. 0 switches it off.",
    )
    min_coverage = fields.Float(
        string="Minimum Coverage (%)",
        default=50.0,
        tracking=True,
        help="Share of the weights that must have evidence. Below it no new score is "
        "given: what was known stays.",
    )
    interval = fields.Selection(
        [
            ("day", "Every day"),
            ("week", "Every week"),
            ("month", "Every month"),
            ("quarter", "Every quarter"),
            ("year", "Every year"),
        ],
        string="Bands Change",
        required=True,
        default="month",
        tracking=True,
        help="Figures are kept up to date all the time; who is in which band changes "
        "only this often, or when somebody recomputes.",
    )
    next_run_date = fields.Date(
        string="Next Change of Bands",
        copy=False,
        help="Empty: as soon as possible.",
    )
    figures_date = fields.Date(
        string="Figures As Of",
        copy=False,
        readonly=True,
        help="Day of the last update of everybody's figures.",
    )
    error = fields.Char(
        string="Last Run Failed",
        copy=False,
        readonly=True,
    )
    criterion_ids = fields.One2many(
        "partner.scorecard.criterion", "scorecard_id", copy=True
    )
    band_ids = fields.One2many("partner.scorecard.band", "scorecard_id", copy=True)
    score_ids = fields.One2many("partner.score", "scorecard_id")
    is_confidential = fields.Boolean(
        compute="_compute_is_confidential",
        store=True,
        help="Ranks by cost or margin: only managers and price approvers read its "
        "scores.",
    )
    preview = fields.Json(
        compute="_compute_preview",
        groups="crm_manufacturing.group_manager",
        export_string_translation=False,
    )

    def write(self, vals):
        """What is measured has changed: everybody's figures are due at once.

        The ladder and the weights are checked when all lines are written: two
        ceilings can be raised in one go.
        """
        if vals.keys() & {"role", "company_id", "partner_domain", "period_months"}:
            vals = {"figures_date": False, **vals}
        cards = self.with_context(checked_by=CHECKED_BY_CARD)
        with self._keeping_secrets():
            result = super(PartnerScorecard, cards).write(vals)
        if not vals.get("active", True):
            self._leave_pyramids()
        return result

    def unlink(self):
        """The scores of a card go with it; no foreign key sees to that."""
        self.env["partner.score"].sudo().search(
            [("scorecard_id", "in", self.ids)]
        ).unlink()
        return super().unlink()

    def _leave_pyramids(self):
        """A card out of use is nobody's pyramid: its tiers would never change again."""
        # sudo: also of companies the user is not in
        companies = self.env["res.company"].sudo()
        users = companies.search([("pyramid_scorecard_id", "in", self.ids)])
        users.pyramid_scorecard_id = False
        self.env["res.partner"]._invalidate_tiers()

    @api.depends(
        "method",
        "criterion_ids.metric",
        "criterion_ids.weight",
        "criterion_ids.grading",
        "criterion_ids.floor",
        "criterion_ids.target",
    )
    def _compute_is_confidential(self):
        """A share card's value is the figure itself, and so is a grade between floor
        and target: with the other criteria known it follows from the score. A score
        hides a quintile among other criteria.
        """
        for card in self:
            secret = card.criterion_ids.filtered(lambda line: line._is_confidential())
            others = (card.criterion_ids - secret).filtered("weight")
            card.is_confidential = bool(secret) and (
                card.method == "share"
                or not others
                or any(line._tells_figure() for line in secret)
            )

    @contextmanager
    def _keeping_secrets(self):
        """What was computed from a confidential figure goes when it is none any more:
        the rows, history included, are opened to all salespeople.
        """
        secret = self.filtered("is_confidential")
        yield
        secret.filtered(lambda card: not card.is_confidential)._forget_figures()

    # ------------------------------------------------------------------
    # Bad input
    # ------------------------------------------------------------------

    @api.constrains("period_months", "hysteresis", "min_coverage")
    def _check_numbers(self):
        for card in self:
            if not 1 <= card.period_months <= LONGEST_PERIOD:
                raise ValidationError(
                    self.env._("Period: %s must cover 1 to 1,200 months.", card.name)
                )
            if not 0 <= card.hysteresis < 100:
                raise ValidationError(
                    self.env._("Hysteresis: must be between 0 and 100 points.")
                )
            if not 0 <= card.min_coverage <= 100:
                raise ValidationError(
                    self.env._("Minimum Coverage: must be between 0 and 100 %.")
                )

    @api.constrains("role", "company_id")
    def _check_pyramid(self):
        """A card that is the pyramid of a company goes on scoring its customers."""
        # sudo: also of companies that the user is not in
        companies = self.env["res.company"].sudo()
        companies.search([("pyramid_scorecard_id", "in", self.ids)])._check_pyramid()

    @api.constrains("partner_domain")
    def _check_partner_domain(self):
        for card in self:
            try:
                card._try_partner_domain()
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "Only Partners: “%(domain)s” is not a valid filter on "
                        "contacts (%(error)s).",
                        domain=card.partner_domain,
                        error=error,
                    )
                ) from error
        self._check_circle()

    @api.constrains("method", "criterion_ids")
    def _check_criteria(self):
        for card in self:
            if _has_twins(card.criterion_ids.mapped("metric")):
                raise ValidationError(
                    self.env._("Metric: a scorecard measures each metric once.")
                )
            if card.method == "share" and len(card.criterion_ids) > 1:
                raise ValidationError(
                    self.env._(
                        "Criteria: %(card)s ranks by share of the total, so it takes "
                        "one criterion only.",
                        card=card.name,
                    )
                )
            if card.criterion_ids and sum(card.criterion_ids.mapped("weight")) <= 0:
                raise ValidationError(
                    self.env._(
                        "Weight: the weights of %(card)s sum to zero; give at least "
                        "one criterion a weight.",
                        card=card.name,
                    )
                )

    @api.constrains("method", "band_ids")
    def _check_bands(self):
        for card in self:
            if _has_twins(card.band_ids.mapped("code")):
                raise ValidationError(
                    self.env._("Code: each band of a scorecard has its own.")
                )
            bands = card.band_ids.sorted(lambda band: (band.sequence, band.id))
            problem = ladder_problem(card.method, bands.mapped("threshold"))
            if problem:
                raise ValidationError(card._get_ladder_message(problem))

    def _get_ladder_message(self, problem):
        """The sentence for a problem found by :func:`tools.ladder.ladder_problem`."""
        if problem == "range":
            return self.env._(
                "Threshold: the bands of %(card)s must lie between 0 and 100.",
                card=self.name,
            )
        if self.method == "share":
            return self.env._(
                "Threshold: the ceilings of %(card)s must rise from the best band to "
                "the last, without two alike.",
                card=self.name,
            )
        return self.env._(
            "Threshold: the lowest scores of %(card)s must fall from the best band to "
            "the last, without two alike.",
            card=self.name,
        )

    # ------------------------------------------------------------------
    # Population
    # ------------------------------------------------------------------

    def _get_partner_domain(self):
        """The card's own filter as a Domain; raises what parsing raises."""
        # safe_eval without names: a literal, no more; only configurers write it
        return Domain(safe_eval(self.partner_domain or "[]"))

    def _try_partner_domain(self):
        """Look for one partner: some mistakes show only in the query itself."""
        domain = self._get_partner_domain()
        domain.validate(self.env["res.partner"])
        with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
            # sudo: as the run will read it
            self.env["res.partner"].sudo().search(domain, limit=1)

    def _get_population(self, company):
        """Who may be scored, as a Domain on res.partner.

        Commercial partners of the role matching the card's filter, less the partners
        of our own companies and employees. Whether they have evidence is not asked
        here. Extend with ``super()._get_population(company) & Domain(...)``.
        """
        self.ensure_one()
        return (
            self._get_partner_domain()
            & self._get_role_domain(self.role)
            & self._get_outsiders(company)
        )

    @api.model
    def _get_outsiders(self, company):
        """Commercial partners that are neither of our own companies nor employees."""
        own_partners = self.env["res.company"]._get_all().partner_id
        return (
            # what makes a partner its own commercial partner
            (Domain("parent_id", "=", False) | Domain("is_company", "=", True))
            & Domain("id", "not in", own_partners.ids)
            & Domain("employee", "!=", True)
            & Domain("partner_share", "=", True)
            # a branch invoices the customers of its parent companies too
            & Domain("company_id", "in", [*company.parent_ids.ids, False])
        )

    @api.model
    def _get_role_domain(self, role):
        """Vendor-only contacts are no customers; a dealer is who has a grade."""
        return {
            "customer": Domain("customer_rank", ">", 0)
            | Domain("supplier_rank", "=", 0),
            "supplier": Domain("supplier_rank", ">", 0),
            "dealer": Domain("grade_id", "!=", False),
        }[role]

    def _get_period(self, today):
        """First and last day of the figures, both included."""
        return period_bounds(today, self.period_months)

    # ------------------------------------------------------------------
    # Running
    # ------------------------------------------------------------------

    def _run(self, company, today, partners=None):
        """Bring the scores of ``company`` up to date as of ``today``.

        Without ``partners`` everybody is measured and the bands are judged anew. With
        ``partners`` only their figures are brought up to date; a band is given only
        to who is new to the card. Never commits. Returns the scores whose band moved.
        A card that another transaction is computing at this moment is skipped, and so
        is one without criteria or bands.
        """
        moved = self.env["partner.score"]
        for card in self.filtered(lambda card: card._is_complete()):
            if partners is not None and not partners:
                continue
            if company in card._get_companies() and card._try_lock(company):
                moved |= card._execute(company, today, partners, partners is None)
        if moved:
            moved._band_changed()
        return moved

    def _run_figures(self, company, today):
        """Everybody's figures as of ``today``; bands stay, but for the newcomers'."""
        for card in self.filtered(lambda card: card._is_complete()):
            if company in card._get_companies() and card._try_lock(company):
                card._execute(company, today, None, False)

    def _is_complete(self):
        """Whether there is something to measure and somewhere to put it."""
        return bool(self.criterion_ids and self.band_ids)

    def action_recompute(self):
        """Judge the bands now, for the companies in use (button, managers only).

        A card that is other companies' too stays due where it was: they are not
        judged by this.
        """
        self.check_access("write")
        moved = self.env["partner.score"]
        for card in self:
            companies = card._get_companies()
            for company in companies & self.env.companies:
                if not card._try_lock(company):
                    raise UserError(
                        self.env._(
                            "%(card)s is being computed at this moment. Try again in "
                            "a minute.",
                            card=card.name,
                        )
                    )
                moved |= card._run(company, company._get_today())
            if companies <= self.env.companies:
                card._stamp(self.env.company._get_today(), judged=True)
        return self._get_recomputed_notice(moved)

    def _get_recomputed_notice(self, moved):
        """Say that it is done, and what came of it; then show the figures."""
        message = (
            self.env._("Recomputed: %(count)s customers change tier.", count=len(moved))
            if moved
            else self.env._("Recomputed: nobody changes tier.")
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _stamp(self, today, judged):
        """Note what was done, and when the bands change next."""
        if judged:
            self.next_run_date = today + INTERVALS[self.interval]
        self.figures_date = today
        self.error = False

    def _get_companies(self):
        """The companies this card is computed for."""
        return self.company_id or self.env["res.company"]._get_all()

    @api.model
    def _cron_run(self):
        """Judge the cards that are due, refresh the day's figures, drain the dirty.

        Each card and company is a unit of work with a commit of its own; a card is
        stamped when all its companies are done, so a killed run is simply repeated
        and finds the finished ones unchanged.
        """
        today = self.env.company._get_today()
        cards = self.search(
            Domain("role", "not in", self._get_resting_roles())
            & (
                Domain("next_run_date", "=", False)
                | Domain("next_run_date", "<=", today)
                | Domain("figures_date", "=", False)
                | Domain("figures_date", "<", today)
            )
        ).filtered(lambda card: not card.error or card.figures_date != today)
        self.env["ir.cron"]._commit_progress(remaining=len(cards))
        for card in cards:
            card._run_due(today)
            if not self.env["ir.cron"]._commit_progress(1):
                return
        self.env["partner.score.dirty"]._drain()

    @api.model
    def _get_room_groups(self):
        """``{role: external id}`` of the groups that Settings gives while the room of
        a role is on; extend with ``super() | {...}``."""
        return {}

    @api.model
    def _get_resting_roles(self):
        """Roles whose room is off: not judged, and nobody is warned by their bands."""
        definitions = self.env["res.groups"]._get_group_definitions()
        return [
            role
            for role, group in self._get_room_groups().items()
            if not definitions.get_subset_ids([definitions.get_id(group)])
        ]

    def _run_due(self, today):
        """One card for all its companies, each as of its own day.

        A card that cannot be computed says so on its form and waits for the next day,
        or until it is mended; the others go on.
        """
        judge = not self.next_run_date or self.next_run_date <= today
        for company in self._get_companies():
            if not self._try_lock(company):
                return  # somebody recomputes: it stays due
            if not self._run_or_tell(company, judge):
                self.figures_date = today
                return
            self.env["ir.cron"]._commit_progress()
        self._stamp(today, judge)

    def _run_or_tell(self, company, judge=False, partners=None):
        """Run; what is wrong with the card is kept as its ``error``. Returns success.

        What another transaction caused (a lock, a serialization failure) is no fault
        of the card and rises.
        """
        today = company._get_today()
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                if judge or partners is not None:
                    self._run(company, today, partners)
                else:
                    self._run_figures(company, today)
        except (
            UserError,
            ValueError,
            ArithmeticError,
            DataError,
            ProgrammingError,
        ) as error:
            self.error = str(error)
            return False
        return True

    def action_open_scores(self):
        """The current scores of the card (smart button)."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_manufacturing.partner_score_action"
        )
        action["domain"] = [("scorecard_id", "in", self.ids)]
        return action

    # ------------------------------------------------------------------
    # Preview
    # ------------------------------------------------------------------

    @api.depends(
        "role",
        "partner_domain",
        "period_months",
        "method",
        "hysteresis",
        "criterion_ids.metric",
        "criterion_ids.weight",
        "criterion_ids.grading",
        "criterion_ids.floor",
        "criterion_ids.target",
        "band_ids.threshold",
        "band_ids.name",
    )
    @api.depends_context("company")
    def _compute_preview(self):
        for card in self:
            card.preview = card._preview(self.env.company)

    def _preview(self, company):
        """How many partners the card, saved or not, would put in each band.

        ``[{"code", "name", "color", "count", "now"}]``, best band first, then who gets
        none; ``now`` counts the current rows. None while the card is incomplete, or
        measures what is not available any more: its form must open to be mended.
        """
        self.ensure_one()
        if not self._is_complete():
            return None
        try:
            self._check_numbers()
            self._check_partner_domain()
            self._check_criteria()
            self._check_bands()
            self.criterion_ids._check_weight()
            self.criterion_ids._check_span()
            return self._execute_preview(company, company._get_today())
        except UserError:
            return None
