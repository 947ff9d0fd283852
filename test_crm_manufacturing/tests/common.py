from odoo.addons.crm_manufacturing.tests.common import ScorecardCase


class MeasureCase(ScorecardCase):
    """Partners with figures by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"].create(
            [{"name": f"P{place:02}", "is_company": True} for place in range(40)]
        )

    def _measure(self, code, values, evidence=1):
        """Replace the figures of ``code`` by ``{partner: value}``, None for no row."""
        measures = self.env["test.measure"]
        measures.search([("code", "=", code)]).unlink()
        measures.create(
            [
                {
                    "partner_id": partner.id,
                    "code": code,
                    "value": value,
                    "evidence": evidence,
                }
                for partner, value in values.items()
                if value is not None
            ]
        )

    def _current(self, card):
        """``{partner: current row}``"""
        scores = self.env["partner.score"].search(
            [("scorecard_id", "=", card.id), ("is_current", "=", True)]
        )
        return {score.partner_id: score for score in scores}
