from odoo import api, fields, models
from odoo.fields import Command


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    pyramid_scorecard_id = fields.Many2one(
        related="company_id.pyramid_scorecard_id", readonly=False
    )
    pyramid_method = fields.Selection(related="pyramid_scorecard_id.method")
    pyramid_metric = fields.Selection(
        lambda self: self.env["partner.scorecard.metric"]._selection_metric(),
        string="Ranked By",
        compute="_compute_pyramid_metric",
        store=True,
        readonly=False,
    )
    pyramid_period_months = fields.Integer(
        string="Months",
        compute="_compute_pyramid_period_months",
        store=True,
        readonly=False,
    )
    pyramid_preview = fields.Json(compute="_compute_pyramid_preview")
    stage_dormant_factor = fields.Float(
        related="company_id.stage_dormant_factor", readonly=False
    )
    stage_lost_months = fields.Integer(
        related="company_id.stage_lost_months", readonly=False
    )

    touchpoint_activity_max = fields.Integer(
        related="company_id.touchpoint_activity_max", readonly=False
    )
    visits_per_day = fields.Float(related="company_id.visits_per_day", readonly=False)
    call_minutes = fields.Integer(related="company_id.call_minutes", readonly=False)
    service_user_id = fields.Many2one(
        related="company_id.service_user_id", readonly=False
    )
    order_risk_days = fields.Integer(
        related="company_id.order_risk_days", readonly=False
    )
    portal_late_policy = fields.Selection(
        related="company_id.portal_late_policy", readonly=False
    )
    portal_late_days = fields.Integer(
        related="company_id.portal_late_days", readonly=False
    )
    delivery_full_percent = fields.Float(
        related="company_id.delivery_full_percent", readonly=False
    )
    delivery_late_days = fields.Integer(
        related="company_id.delivery_late_days", readonly=False
    )
    delivery_early_days = fields.Integer(
        related="company_id.delivery_early_days", readonly=False
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    potential_big_value = fields.Monetary(
        related="company_id.potential_big_value",
        currency_field="company_currency_id",
        readonly=False,
    )
    potential_small_share = fields.Float(
        related="company_id.potential_small_share", readonly=False
    )

    @api.depends("pyramid_scorecard_id")
    def _compute_pyramid_metric(self):
        for settings in self:
            card = settings.pyramid_scorecard_id
            settings.pyramid_metric = card.criterion_ids[:1].metric

    @api.depends("pyramid_scorecard_id")
    def _compute_pyramid_period_months(self):
        for settings in self:
            settings.pyramid_period_months = settings.pyramid_scorecard_id.period_months

    @api.depends("pyramid_scorecard_id", "pyramid_metric", "pyramid_period_months")
    def _compute_pyramid_preview(self):
        """How many customers the card would put in each band, nothing saved."""
        for settings in self:
            card = settings.pyramid_scorecard_id._origin
            settings.pyramid_preview = card and settings._get_draft(card)._preview(
                settings.company_id
            )

    def _get_draft(self, card):
        """The card as it would be after saving."""
        draft = card.new({"period_months": self.pyramid_period_months}, origin=card)
        if card.method == "share":
            draft.criterion_ids[:1].metric = self.pyramid_metric
        return draft

    def _prepare_pyramid(self, card):
        """Values of the card that differ from what the settings say."""
        values = {}
        if self.pyramid_period_months != card.period_months:
            values["period_months"] = self.pyramid_period_months
        basis = card.criterion_ids[:1]
        if card.method == "share" and basis and self.pyramid_metric != basis.metric:
            command = Command.update(basis.id, {"metric": self.pyramid_metric})
            values["criterion_ids"] = [command]
        return values

    def set_values(self):
        """A changed pyramid is judged anew by the next run, not at the month's end."""
        result = super().set_values()
        card = self.pyramid_scorecard_id
        # sudo: whoever saves other settings need not be able to read scorecards
        values = card and self._prepare_pyramid(card.sudo())
        if values:
            card.write({**values, "next_run_date": False})
        return result
