from odoo import fields, models
from odoo.tools import SQL


class PartnerScoreReport(models.Model):
    """Current scores with rank, share and cumulative share.

    Kept out of the table: stored, one invoice would rewrite half of it. ``id`` is the
    id of the partner.score. Shares are percent of the sum of the positive values of
    the card and company; equal values share a rank.
    """

    _name = "partner.score.report"
    _inherit = ["partner.score.screen.mixin"]
    _description = "Ranking of Customers"
    _auto = False
    _order = "scorecard_id, rank, id"
    _rec_name = "partner_id"

    scorecard_id = fields.Many2one("partner.scorecard", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    country_id = fields.Many2one(related="partner_id.country_id")
    effective_band_id = fields.Many2one(
        "partner.scorecard.band", string="Tier", readonly=True
    )
    value = fields.Float(readonly=True, digits=(16, 2))
    score = fields.Float(readonly=True, aggregator="avg")
    coverage = fields.Float(readonly=True, aggregator=None)
    rank = fields.Integer(readonly=True, aggregator="min")
    ranked = fields.Integer(
        readonly=True, aggregator="max", help="How many customers have a rank."
    )
    share = fields.Float(string="Share (%)", readonly=True)
    cumulative_share = fields.Float(
        string="Cumulative (%)", readonly=True, aggregator="max"
    )

    _depends = {
        "partner.score": [
            "scorecard_id",
            "partner_id",
            "company_id",
            "effective_band_id",
            "value",
            "score",
            "coverage",
            "is_current",
        ]
    }

    @property
    def _table_query(self):
        return SQL("%s %s %s", self._select(), self._from(), self._where())

    def _select(self):
        return SQL(
            """SELECT score.id, score.scorecard_id, score.partner_id,
                      score.company_id, score.effective_band_id, score.value,
                      score.score, score.coverage,
                      COUNT(COALESCE(score.score, score.value)) OVER card AS ranked,
                      RANK() OVER (card ORDER BY COALESCE(score.score, score.value)
                          DESC NULLS LAST) AS rank,
                      100 * score.value / NULLIF(SUM(GREATEST(score.value, 0))
                          OVER card, 0) AS share,
                      100 * SUM(GREATEST(score.value, 0)) OVER (card
                          ORDER BY score.value DESC NULLS LAST)
                          / NULLIF(SUM(GREATEST(score.value, 0)) OVER card, 0)
                          AS cumulative_share"""
        )

    def _from(self):
        return SQL("FROM partner_score score")

    def _where(self):
        return SQL(
            """WHERE score.is_current
              WINDOW card AS (PARTITION BY score.scorecard_id, score.company_id)"""
        )
