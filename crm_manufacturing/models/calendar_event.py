from odoo import api, fields, models

TOUCH_FIELDS = {"start", "stop", "active", "partner_ids", "opportunity_id", "res_id"}


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    touchpoint_ids = fields.One2many(
        "partner.touchpoint", "event_id", groups="sales_team.group_sale_salesman"
    )

    @api.model_create_multi
    def create(self, vals_list):
        """A booked meeting plans what is due with the customers who attend."""
        events = super().create(vals_list)
        events._mark_touched()
        return events

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & TOUCH_FIELDS:
            self._mark_touched()
        return result

    def unlink(self):
        self._mark_touched()
        return super().unlink()

    def action_open_visit(self):
        """The visit report of the meeting, begun at the first click (button)."""
        self.ensure_one()
        return self.env["crm.visit"]._get_event_action(self)

    def _mark_touched(self):
        outsiders = self.attendee_ids.partner_id.filtered("partner_share")
        self.env["partner.score.dirty"]._mark(
            (partner, False) for partner in outsiders.commercial_partner_id
        )
        self.env["partner.touchpoint.touch"]._mark_documents(
            (event.res_model, event.res_id) for event in self
        )
