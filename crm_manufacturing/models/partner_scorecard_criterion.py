from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .partner_scorecard_band import CHECKED_BY_CARD

# beyond these a grade overflows or is lost in rounding
WEIGHT_LIMIT = 1e6
FIGURE_LIMIT = 1e12
SPAN_LIMIT = 1e-6


class PartnerScorecardCriterion(models.Model):
    """One metric of a card, how it is graded and how much it weighs."""

    _name = "partner.scorecard.criterion"
    _description = "Scorecard Criterion"
    _order = "scorecard_id, sequence, id"

    scorecard_id = fields.Many2one(
        "partner.scorecard", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    metric = fields.Selection(
        lambda self: self.env["partner.scorecard.metric"]._selection_metric(),
        required=True,
    )
    weight = fields.Float(default=1.0, required=True)
    grading = fields.Selection(
        [("linear", "Between floor and target"), ("quintile", "By quintile")],
        required=True,
        default="linear",
        help="Quintiles need at least 25 partners with a figure; with fewer the grade "
        "runs between floor and target.",
    )
    floor = fields.Float(help="Figure worth 0 points.")
    target = fields.Float(
        string="Target Figure",
        help="Figure worth 100 points; below the floor when lower is better. With "
        "floor and target alike, grades run between the worst and the best partner.",
    )
    min_evidence = fields.Integer(
        string="Minimum Evidence",
        help="Fewer documents than this are no evidence: no grade.",
    )

    # deferred: two criteria may swap their metrics in one save
    _metric_uniq = models.Constraint(
        "UNIQUE (scorecard_id, metric) DEFERRABLE INITIALLY DEFERRED",
        "Metric: a scorecard measures each metric once.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        cards = self.env["partner.scorecard"].browse(
            {vals["scorecard_id"] for vals in vals_list if vals.get("scorecard_id")}
        )
        cards.figures_date = False
        with cards._keeping_secrets():
            return super().create(vals_list)

    def write(self, vals):
        """What is measured has changed: everybody's figures are due at once."""
        self.scorecard_id.figures_date = False
        with self.scorecard_id._keeping_secrets():
            return super().write(vals)

    def unlink(self):
        self.scorecard_id.figures_date = False
        with self.scorecard_id._keeping_secrets():
            return super().unlink()

    @api.constrains("weight", "min_evidence", "scorecard_id", "metric")
    def _check_weight(self):
        for criterion in self:
            # said so that "not a number" is refused too
            if not 0 <= criterion.weight <= WEIGHT_LIMIT:
                raise ValidationError(
                    self.env._("Weight: must be between 0 and 1,000,000.")
                )
            if criterion.min_evidence < 0:
                raise ValidationError(
                    self.env._("Minimum Evidence: cannot be negative.")
                )
        if self.env.context.get("checked_by") is not CHECKED_BY_CARD:
            self.scorecard_id._check_criteria()

    @api.constrains("floor", "target")
    def _check_span(self):
        for criterion in self:
            ends = (criterion.floor, criterion.target)
            span = criterion.target - criterion.floor
            if not all(abs(end) <= FIGURE_LIMIT for end in ends) or (
                span and abs(span) < SPAN_LIMIT
            ):
                raise ValidationError(
                    self.env._(
                        "Target Figure: floor and target must be below "
                        "1,000,000,000,000, "
                        "and either alike or at least 0.000001 apart."
                    )
                )

    @api.constrains("metric")
    def _check_metric(self):
        """A metric whose addon is gone is refused before anything is computed."""
        known = dict(self.env["partner.scorecard.metric"]._selection_metric())
        for criterion in self:
            if criterion.metric not in known:
                raise ValidationError(
                    self.env._(
                        "Metric: %(metric)s is not available; its addon may be gone.",
                        metric=criterion.metric,
                    )
                )

    def _lower_is_better(self):
        """Floor and target say it; where they are alike, the metric itself."""
        if self.floor != self.target:
            return self.target < self.floor
        return self.metric in self.env["partner.scorecard.metric"]._lower_is_better()

    def _is_confidential(self):
        return self.metric in self.env["partner.scorecard.metric"]._confidential()

    def _tells_figure(self):
        """Whether the figure can be read off the grade."""
        return self.grading == "linear" and self.floor != self.target

    def _needs_distribution(self):
        """Whether a partner's grade depends on the other partners' figures."""
        return self.grading == "quintile" or self.floor == self.target
