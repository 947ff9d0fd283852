from odoo import api, fields, models
from odoo.tools import SQL


class TestMeasure(models.Model):
    """Figures by hand, so that the engine can be tested without documents."""

    _name = "test.measure"
    _description = "Measure of a Test"
    _log_access = False

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    code = fields.Char(required=True)
    value = fields.Float(digits=(16, 4))
    evidence = fields.Integer()
    date = fields.Date()


class PartnerScorecardMetric(models.AbstractModel):
    """A total and a ratio read from :class:`TestMeasure`."""

    _inherit = "partner.scorecard.metric"

    @api.model
    def _selection_metric(self):
        return super()._selection_metric() + [
            ("test_total", "Test total"),
            ("test_ratio", "Test ratio"),
        ]

    def _select_measure(self, code):
        return SQL(
            "SELECT partner_id, value, evidence FROM test_measure WHERE code = %s", code
        )

    @api.model
    def _metric_test_total(self, company, date_from, date_to):
        return self._select_measure("total")

    @api.model
    def _metric_test_total_silence(self):
        return 0

    @api.model
    def _metric_test_total_action(self, partner, company, date_from, date_to):
        return {
            "type": "ir.actions.act_window",
            "res_model": "test.measure",
            "view_mode": "list",
            "domain": [("partner_id", "=", partner.id), ("code", "=", "total")],
        }

    @api.model
    def _metric_test_ratio(self, company, date_from, date_to):
        return self._select_measure("ratio")

    @api.model
    def _metric_test_ratio_silence(self):
        return None

    @api.model
    def _metric_test_ratio_action(self, partner, company, date_from, date_to):
        return self._metric_test_total_action(partner, company, date_from, date_to)
