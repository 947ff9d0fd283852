from odoo import models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        self.env["order.trace.alert"]._note_told(self)
        return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)

    def write(self, vals):
        """An activity done, or taken back, moves the clocks of its customer."""
        result = super().write(vals)
        if "active" in vals:
            self._mark_touched()
        return result

    def _mark_touched(self):
        self.env["partner.touchpoint.touch"]._mark_documents(
            (activity.res_model, activity.res_id) for activity in self
        )
