from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date


class PartnerScoreScreenMixin(models.AbstractModel):
    """What lists of scores show beside the figures, whatever they are read from."""

    _name = "partner.score.screen.mixin"
    _description = "Columns for Lists of Scores"

    scorecard_id = fields.Many2one("partner.scorecard")
    company_id = fields.Many2one("res.company")
    method = fields.Selection(related="scorecard_id.method", string="Method")
    is_pyramid = fields.Boolean(
        string="Of Our Pyramid",
        compute="_compute_is_pyramid",
        search="_search_is_pyramid",
        help="Whether the scorecard is the customer pyramid of the company in use.",
    )
    money_currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_money_currency_id",
        help="Currency of the value. Empty: the value is no amount.",
    )

    @api.depends("scorecard_id")
    @api.depends_context("company")
    def _compute_is_pyramid(self):
        pyramid = self.env.company.pyramid_scorecard_id
        for score in self:
            score.is_pyramid = score.scorecard_id == pyramid

    def _search_is_pyramid(self, operator, value):
        if operator != "in":
            return NotImplemented
        pyramid = Domain("scorecard_id", "=", self.env.company.pyramid_scorecard_id.id)
        return Domain.OR(pyramid if wanted else ~pyramid for wanted in value)

    @api.depends("scorecard_id.criterion_ids.metric", "company_id")
    def _compute_money_currency_id(self):
        money = set(self.env["partner.scorecard.metric"]._get_money_metrics())
        for score in self:
            metrics = set(score.scorecard_id.criterion_ids.mapped("metric"))
            is_money = score.method == "share" and metrics and metrics <= money
            score.money_currency_id = is_money and score.company_id.currency_id


class PartnerScore(models.Model):
    _name = "partner.score"
    _inherit = ["partner.score", "partner.score.screen.mixin"]

    is_newcomer = fields.Boolean(
        string="New Customer",
        compute="_compute_is_newcomer",
        search="_search_is_newcomer",
        help="First judged after the card's first day, when everybody was.",
    )
    band_note = fields.Char(
        string="Why This Band",
        compute="_compute_band_note",
        help="What is to be said where the figures of today and the band differ.",
    )

    @api.depends("band_id", "coverage", "score", "override_band_id")
    def _compute_band_note(self):
        for score in self:
            score.band_note = score._get_band_note()

    def _get_band_note(self):
        """A sentence when the band is not that of today's figures, else False."""
        if not self.band_id or self.override_band_id:
            return False
        if not self.coverage:
            return self.env._("Too little to judge by: an earlier rating.")
        if self.method == "share" or self._get_band_by_points() == self.band_id:
            return False
        card = self.scorecard_id
        near = min(abs(self.score - band.threshold) for band in card.band_ids)
        if near <= card.hysteresis:
            slack = f"{card.hysteresis:g}"
            return self.env._("Kept: within %s points of a threshold.", slack)
        if not card.next_run_date:
            return self.env._("To be judged anew with the next run.")
        return self.env._(
            "To be judged anew on %s.", format_date(self.env, card.next_run_date)
        )

    def _get_band_by_points(self):
        """The band in which the score lies, whatever was before."""
        bands = self.scorecard_id.band_ids
        reached = bands.filtered(lambda band: band.threshold <= self.score)
        return reached.sorted("threshold")[-1:]

    @api.depends("move", "date", "scorecard_id", "company_id")
    def _compute_is_newcomer(self):
        newcomers = self.filtered_domain(self._get_newcomer_domain())
        for score in self:
            score.is_newcomer = score in newcomers

    def _search_is_newcomer(self, operator, value):
        if operator != "in":
            return NotImplemented
        newcomer = self._get_newcomer_domain()
        return Domain.OR(newcomer if wanted else ~newcomer for wanted in value)

    @api.model
    def _get_newcomer_domain(self):
        """New, and later than the first day of the card in the company."""
        # sudo: the first day is everybody's, not that of the rows a user may read
        groups = self.sudo()._read_group(
            [], ["scorecard_id", "company_id"], ["date:min"]
        )
        return Domain("move", "=", "new") & Domain.OR(
            Domain("scorecard_id", "=", card.id)
            & Domain("company_id", "=", company.id)
            & Domain("date", ">", first)
            for card, company, first in groups
        )

    def action_open_history(self):
        """All judgements of the customer by this card, the newest first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_manufacturing.partner_score_history_action"
        )
        action["domain"] = [
            ("partner_id", "=", self.partner_id.id),
            ("scorecard_id", "=", self.scorecard_id.id),
            ("company_id", "=", self.company_id.id),
        ]
        return action
