from odoo import api, models
from odoo.tools import SQL


class PartnerScorecardMetric(models.AbstractModel):
    """How content customers say they are."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "partner.scorecard.metric"

    @api.model
    def _selection_metric(self):
        return super()._selection_metric() + [
            ("satisfaction", self.env._("Satisfaction (1 to 5)"))
        ]

    @api.model
    def _metric_satisfaction(self, company, date_from, date_to):
        """Mean of the answers in the period; each order weighs the same."""
        return SQL(
            """SELECT commercial_partner_id AS partner_id, AVG(score) AS value,
                      COUNT(*) AS evidence
                 FROM crm_visit_satisfaction
                WHERE state = 'answered' AND company_id = %s
                  AND day BETWEEN %s AND %s GROUP BY 1""",
            company.id,
            date_from,
            date_to,
        )

    @api.model
    def _metric_satisfaction_silence(self):
        return None

    @api.model
    def _metric_satisfaction_action(self, partner, company, date_from, date_to):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "Satisfaction of %(partner)s", partner=partner.display_name
            ),
            "res_model": "crm.visit.satisfaction",
            "view_mode": "list,form",
            "domain": [
                ("commercial_partner_id", "=", partner.commercial_partner_id.id),
                ("company_id", "=", company.id),
                ("state", "=", "answered"),
                ("day", ">=", date_from),
                ("day", "<=", date_to),
            ],
        }
