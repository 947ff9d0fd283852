from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..models.partner_touchpoint import SNOOZE_REASONS

LONGEST_DAYS = 365


class PartnerTouchpointSnooze(models.TransientModel):
    """Until when, and why."""

    _name = "partner.touchpoint.snooze"
    _description = "Snooze a Touchpoint"

    touchpoint_ids = fields.Many2many("partner.touchpoint", required=True)
    until = fields.Date(
        required=True,
        default=lambda self: fields.Date.add(self.env.company._get_today(), days=7),
    )
    reason = fields.Selection(SNOOZE_REASONS, required=True, default="customer")
    note = fields.Char()

    @api.constrains("until")
    def _check_until(self):
        today = self.env.company._get_today()
        if any(wizard.until <= today for wizard in self):
            raise ValidationError(self.env._("Until: choose a day after today."))
        latest = fields.Date.add(today, days=LONGEST_DAYS)
        if any(wizard.until > latest for wizard in self):
            raise ValidationError(self.env._("Until: choose a day within a year."))

    def action_apply(self):
        """Snooze what was chosen (button)."""
        self.ensure_one()
        self.touchpoint_ids._snooze(self.until, self.reason, self.note)
        return {"type": "ir.actions.act_window_close"}
