from odoo import api, fields, models
from odoo.exceptions import ValidationError


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
        help="Figure worth 100 points; below the floor when lower is better. With "
        "floor and target alike, grades run between the worst and the best partner.",
    )
    min_evidence = fields.Integer(
        string="Minimum Evidence",
        help="Fewer documents than this are no evidence: no grade.",
    )

    _metric_uniq = models.Constraint(
        "UNIQUE (scorecard_id, metric)",
        "Metric: a scorecard measures each metric once.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        criteria = super().create(vals_list)
        criteria.scorecard_id.figures_date = False
        return criteria

    def write(self, vals):
        """What is measured has changed: everybody's figures are due at once."""
        self.scorecard_id.figures_date = False
        return super().write(vals)

    @api.constrains("weight", "min_evidence", "scorecard_id")
    def _check_weight(self):
        for criterion in self:
            if criterion.weight < 0:
                raise ValidationError(self.env._("Weight: cannot be negative."))
            if criterion.min_evidence < 0:
                raise ValidationError(
                    self.env._("Minimum Evidence: cannot be negative.")
                )
        self.scorecard_id._check_criteria()

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

    def _needs_distribution(self):
        """Whether a partner's grade depends on the other partners' figures."""
        return self.grading == "quintile" or self.floor == self.target
