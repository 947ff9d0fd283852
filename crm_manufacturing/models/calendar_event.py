from odoo import models


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    def action_open_visit(self):
        """The visit report of the meeting, begun at the first click (button)."""
        self.ensure_one()
        return self.env["crm.visit"]._get_event_action(self)
