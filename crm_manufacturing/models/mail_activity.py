from odoo import models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        self.env["order.trace.alert"]._note_told(self)
        return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
