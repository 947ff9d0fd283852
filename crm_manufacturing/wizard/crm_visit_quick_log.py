from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.crm_visit import OUTCOMES, VISIT_TYPES


class CrmVisitQuickLog(models.TransientModel):
    """One call in three fields: whom, what came of it, what next."""

    _name = "crm.visit.quick.log"
    _description = "Log a Call"

    partner_id = fields.Many2one("res.partner", string="Customer", required=True)
    lead_id = fields.Many2one("crm.lead")
    touchpoint_ids = fields.Many2many("partner.touchpoint")
    visit_type = fields.Selection(VISIT_TYPES, required=True, default="call")
    outcome = fields.Selection(OUTCOMES, required=True, default="neutral")
    next_step = fields.Char()
    next_step_date = fields.Date(string="Next Step By", help="Empty: in a week.")

    @api.model
    def _get_action(self, partner, lead=None, touchpoints=None):
        """The dialog for one customer."""
        if len(partner) != 1:
            raise UserError(
                self.env._("Customer: choose one customer to log a call with.")
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Log a Call"),
            "res_model": self._name,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_partner_id": partner.id,
                "default_lead_id": lead.id if lead else False,
                "default_touchpoint_ids": touchpoints.ids if touchpoints else [],
            },
        }

    def action_log(self):
        """Write the report and close the dialog (button, Enter)."""
        self.ensure_one()
        visit = self.env["crm.visit"].create(self._prepare_visit_vals())
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Logged: %(visit)s", visit=visit.display_name),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _prepare_visit_vals(self):
        person = self.partner_id
        return {
            "partner_id": person.id,
            "lead_id": self.lead_id.id,
            "touchpoint_ids": [Command.link(point.id) for point in self.touchpoint_ids],
            "visit_type": self.visit_type,
            "outcome": self.outcome,
            "state": "done",
            "duration": 0.25,
            "next_step": self.next_step,
            "next_step_date": self.next_step and self.next_step_date,
            "contact_ids": []
            if person.is_company
            else [Command.create({"partner_id": person.id})],
        }
