from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ..models.crm_visit import VISIT_TYPES
from ..tools.day import get_zone


class CrmVisitTrip(models.TransientModel):
    """A day of visits: from a list of customers to meetings one after the other."""

    _name = "crm.visit.trip"
    _description = "Plan a Trip"

    day = fields.Date(
        required=True,
        default=lambda self: fields.Date.add(self.env.company._get_today(), days=1),
    )
    start_hour = fields.Float(string="First Visit At", default=9.0)
    duration = fields.Float(string="Hours per Visit", default=1.0)
    travel = fields.Float(
        string="Hours Between", default=0.5, help="For the way to the next customer."
    )
    visit_type = fields.Selection(VISIT_TYPES, required=True, default="visit")
    user_id = fields.Many2one(
        "res.users",
        string="Traveller",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    line_ids = fields.One2many("crm.visit.trip.line", "trip_id", string="Stops")
    end_hour = fields.Float(string="Back At", compute="_compute_end_hour")

    @api.depends("start_hour", "duration", "travel", "line_ids")
    def _compute_end_hour(self):
        for trip in self:
            stops = len(trip.line_ids)
            travel = trip.travel * max(stops - 1, 0)
            trip.end_hour = trip.start_hour + stops * trip.duration + travel

    @api.model
    def _get_action(self, partners):
        """The dialog with the customers in the order given."""
        if not partners:
            raise UserError(self.env._("Stops: choose at least one customer."))
        trip = self.create(
            {"line_ids": [Command.create({"partner_id": p.id}) for p in partners]}
        )
        return trip._get_records_action(
            name=self.env._("Plan a Trip"), target="new", view_mode="form"
        )

    @api.constrains("start_hour", "duration", "travel")
    def _check_hours(self):
        for trip in self:
            if not 0 <= trip.start_hour < 24:
                raise ValidationError(
                    self.env._("First Visit At: must be an hour of the day.")
                )
            if not 0 < trip.duration <= 12 or not 0 <= trip.travel <= 12:
                raise ValidationError(
                    self.env._(
                        "Hours per Visit, Hours Between: must be between 0 and 12."
                    )
                )

    def action_plan(self):
        """Make the visits and their meetings, and show them (button)."""
        self.ensure_one()
        self._check_plan()
        visits = self.env["crm.visit"].create(
            [
                self._prepare_visit_vals(line, moment)
                for line, moment in zip(self.line_ids, self._get_starts(), strict=True)
            ]
        )
        visits._add_to_calendar()
        visits._plan_again()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_manufacturing.crm_visit_action"
        )
        return action | {
            "domain": [("id", "in", visits.ids)],
            "context": {"initial_date": self.day},
            "views": [(False, "calendar"), (False, "list"), (False, "form")],
        }

    def _check_plan(self):
        if not self.line_ids:
            raise UserError(self.env._("Stops: choose at least one customer."))
        if self.end_hour > 24:
            raise UserError(
                self.env._(
                    "Stops: %(count)s visits do not fit into the day. Take fewer, or "
                    "less time for each.",
                    count=len(self.line_ids),
                )
            )
        if self.day < self.env.company._get_today():
            raise UserError(self.env._("Day: a trip is planned for today or later."))

    def _get_starts(self):
        """Naive UTC start of each stop; hours are the traveller's."""
        zone = get_zone(self.user_id.tz, self.env.company._get_timezone())
        midnight = datetime.combine(self.day, time.min)
        step = self.duration + self.travel
        for place in range(len(self.line_ids)):
            hours = timedelta(hours=self.start_hour + place * step)
            local = zone.localize(midnight + hours)
            yield local.astimezone(pytz.utc).replace(tzinfo=None)

    def _prepare_visit_vals(self, line, moment):
        return {
            "partner_id": line.partner_id.id,
            "user_id": self.user_id.id,
            "visit_type": self.visit_type,
            "date": moment,
            "duration": self.duration,
            "purpose": line.purpose,
        }


class CrmVisitTripLine(models.TransientModel):
    """One stop, in the order of the way."""

    _name = "crm.visit.trip.line"
    _description = "Stop of a Trip"
    _order = "sequence, id"

    trip_id = fields.Many2one("crm.visit.trip", required=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    partner_id = fields.Many2one("res.partner", string="Customer", required=True)
    city = fields.Char(related="partner_id.city")
    purpose = fields.Char()
