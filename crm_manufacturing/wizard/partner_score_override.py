from odoo import api, fields, models


class PartnerScoreOverrideWizard(models.TransientModel):
    """Dialog that overrides a partner's band, also of one without any figure yet."""

    _name = "partner.score.override.wizard"
    _description = "Override a Band"

    partner_id = fields.Many2one("res.partner", required=True, readonly=True)
    scorecard_id = fields.Many2one("partner.scorecard", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    band_id = fields.Many2one(
        "partner.scorecard.band",
        string="Override To",
        domain="[('scorecard_id', '=', scorecard_id)]",
        help="Empty lifts the override.",
    )
    computed_band_id = fields.Many2one(
        "partner.scorecard.band", compute="_compute_computed_band_id"
    )
    reason = fields.Char()
    until = fields.Date(help="Last day of the override. Empty: no end.")

    @api.depends("partner_id", "scorecard_id", "company_id")
    def _compute_computed_band_id(self):
        for wizard in self:
            wizard.computed_band_id = wizard._get_score().band_id

    @api.model
    def _get_action(self, partner, scorecard, company):
        """Open the dialog with the override in force."""
        score = self._find_score(partner, scorecard, company)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Override Tier"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_partner_id": partner.commercial_partner_id.id,
                "default_scorecard_id": scorecard.id,
                "default_company_id": company.id,
                "default_band_id": score.override_band_id.id,
                "default_reason": score.override_reason,
                "default_until": score.override_until,
            },
        }

    @api.model
    def _find_score(self, partner, scorecard, company):
        return self.env["partner.score"].search(
            [
                ("partner_id", "=", partner.commercial_partner_id.id),
                ("scorecard_id", "=", scorecard.id),
                ("company_id", "=", company.id),
                ("is_current", "=", True),
            ]
        )

    def _get_score(self):
        return self._find_score(self.partner_id, self.scorecard_id, self.company_id)

    def action_apply(self):
        """Write the override on the current row, or start one."""
        self.ensure_one()
        values = {
            "override_band_id": self.band_id.id,
            "override_reason": self.reason,
            "override_until": self.until,
        }
        score = self._get_score()
        if score:
            score.write(values)
        elif self.band_id:
            self.env["partner.score"].create(
                {
                    "partner_id": self.partner_id.commercial_partner_id.id,
                    "scorecard_id": self.scorecard_id.id,
                    "company_id": self.company_id.id,
                    "date": self.company_id._get_today(),
                    **values,
                }
            )
        return {"type": "ir.actions.client", "tag": "soft_reload"}
