from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import plaintext2html


class CrmVisit(models.Model):
    """The next step: a dated task for somebody, or a lead."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "crm.visit"

    next_step = fields.Char(help="What we promised to do next.")
    next_step_date = fields.Date(
        string="Next Step By", help="Empty: a week after the visit."
    )
    next_step_kind = fields.Selection(
        [("activity", "Activity"), ("lead", "Lead")],
        string="Next Step As",
        required=True,
        default="activity",
    )
    next_lead_id = fields.Many2one(
        "crm.lead", string="Follow-up Lead", readonly=True, copy=False
    )

    @api.constrains("next_step", "next_step_date")
    def _check_next_step(self):
        for visit in self:
            if not visit.next_step_date:
                continue
            if not visit.next_step:
                raise ValidationError(
                    self.env._("Next Step: a date needs the step to take by then.")
                )
            if visit.next_step_date < visit.day:
                raise ValidationError(
                    self.env._("Next Step By: must not be before the visit.")
                )

    def _follow_up(self):
        """Give the next steps of closed visits to somebody."""
        for visit in self.filtered("next_step"):
            if visit.next_step_kind == "activity":
                visit._schedule(visit.next_step, visit._get_next_step_date())
            elif not visit.next_lead_id:
                visit.next_lead_id = visit._create_lead(visit.next_step)

    def _get_next_step_date(self):
        return self.next_step_date or fields.Date.add(self.day, days=7)

    def _schedule(self, summary, day, note=""):
        """A task on the opportunity, else on the visit."""
        record = self.lead_id or self
        return record.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=day,
            summary=summary,
            note=note and plaintext2html(note),
            user_id=self.user_id.id,
        )

    def _create_lead(self, name, description=""):
        return self.env["crm.lead"].create(self._prepare_lead_vals(name, description))

    def _prepare_lead_vals(self, name, description):
        """Values of the opportunity that a visit or one of its notes opens."""
        return {
            "name": name,
            "type": "opportunity",
            "description": description and plaintext2html(description),
            "partner_id": self.partner_id.id,
            "user_id": self.user_id.id,
            "team_id": self.user_id.sale_team_id.id,
            "company_id": self.company_id.id,
            "date_deadline": self.next_step_date,
        }

    def action_create_lead(self):
        """Open a lead at once, named by the next step (button)."""
        self.ensure_one()
        if not self.next_lead_id:
            name = self.next_step or self.purpose or self.display_name
            self.next_lead_id = self._create_lead(name, self.summary or "")
        return self.next_lead_id._get_records_action()
