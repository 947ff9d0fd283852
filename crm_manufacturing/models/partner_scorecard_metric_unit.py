from odoo import api, models


class PartnerScorecardMetric(models.AbstractModel):
    """What a metric's value is counted in, for the screens that show it."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "partner.scorecard.metric"

    @api.model
    def _get_units(self):
        return super()._get_units() | {
            "invoiced_revenue": "money",
            "ordered_revenue": "money",
            "gross_margin": "money",
            "revenue_growth": "ratio",
            "payment_delay": "days",
        }

    @api.model
    def _get_money_metrics(self):
        return [code for code, unit in self._get_units().items() if unit == "money"]
