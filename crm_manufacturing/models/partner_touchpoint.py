from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools.day import get_zone

STATES = [
    ("scheduled", "Scheduled"),
    ("soon", "Soon"),
    ("due", "Due"),
    ("overdue", "Overdue"),
    ("planned", "Planned"),
    ("done", "Done"),
    ("skipped", "Skipped"),
]
SNOOZE_REASONS = [
    ("customer", "Customer asked for another date"),
    ("busy", "No time"),
    ("travel", "Combined with a trip"),
    ("other", "Other"),
]
SKIP_REASONS = [
    ("overtaken", "Overtaken by Another Rule"),
    ("stopped", "Customer Lost or Not to Be Contacted"),
    ("user", "Skipped by a Person"),
    ("merged", "Contact Merged"),
]
# what people change; all else is the engine's
PERSONAL_FIELDS = {"note", "event_id", "visit_id"}


class PartnerTouchpoint(models.Model):
    """The next touch a rule asks for with a customer, or one that was.

    The engine keeps one open row per rule, customer and anchor record; closed rows are
    the record of what was kept. ``due_date`` is what the rule says; a date the customer
    asked for (``excused_until``) takes its place once.
    """

    _name = "partner.touchpoint"
    _description = "Touchpoint"
    _order = "due_date, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    cadence_id = fields.Many2one(
        "partner.cadence", string="Rule", required=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, ondelete="cascade", index=True
    )
    activity_type_id = fields.Many2one(
        "mail.activity.type", string="Touch", ondelete="restrict"
    )
    res_model = fields.Char(string="Document Model")
    res_id = fields.Many2oneReference(string="Document", model_field="res_model")
    anchor_date = fields.Date(
        string="Counted From", help="Empty: never touched before."
    )
    due_date = fields.Date(required=True)
    state = fields.Selection(
        STATES,
        required=True,
        default="scheduled",
        group_expand="_group_expand_state",
    )
    is_open = fields.Boolean(default=True)
    is_late = fields.Boolean(
        string="Late", help="Past the due date and the grace, and still open."
    )
    is_spread = fields.Boolean(export_string_translation=False)
    user_id = fields.Many2one("res.users", string="Responsible", ondelete="set null")
    team_id = fields.Many2one("crm.team", string="Sales Team", ondelete="set null")
    band_id = fields.Many2one(
        "partner.scorecard.band", string="Tier", ondelete="set null"
    )
    last_touch_date = fields.Date(string="Last Touch")
    activity_id = fields.Many2one(
        "mail.activity", ondelete="set null", index="btree_not_null"
    )
    activity_created = fields.Boolean(export_string_translation=False)
    event_id = fields.Many2one(
        "calendar.event", string="Meeting", ondelete="set null", index="btree_not_null"
    )
    visit_id = fields.Many2one(
        "crm.visit",
        string="Visit Report",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
    )
    done_date = fields.Date(string="Closed On")
    done_user_id = fields.Many2one("res.users", string="Done By", ondelete="set null")
    on_time = fields.Boolean(help="Done by the due date and its grace.")
    skip_reason = fields.Selection(SKIP_REASONS)
    note = fields.Char()
    snooze_until = fields.Date(help="Out of the list until this day.")
    snooze_reason = fields.Selection(SNOOZE_REASONS)
    excused_until = fields.Date(
        string="Date Asked For",
        help="The customer asked for this day: on time until then. Once.",
    )
    attempt_count = fields.Integer(string="Attempts", help="Tried and not reached.")
    retry_date = fields.Date(string="Next Try")
    country_id = fields.Many2one(related="partner_id.country_id")
    reason = fields.Char(compute="_compute_reason", string="Why Now")

    _open_uniq = models.UniqueIndex(
        "(cadence_id, partner_id, company_id, COALESCE(res_model, ''), "
        "COALESCE(res_id, 0)) WHERE is_open",
        "A rule has one open touchpoint per customer and document.",
    )
    _history = models.Index("(partner_id, cadence_id) WHERE NOT is_open")
    _worklist = models.Index("(company_id, user_id, due_date) WHERE is_open")

    @api.depends_context("lang")
    @api.depends("cadence_id", "anchor_date", "due_date", "attempt_count")
    def _compute_reason(self):
        """The one reason to call now, in a sentence."""
        for point in self:
            point.reason = point._get_reason()

    @api.model
    def _group_expand_state(self, states, domain):
        """Columns as in My Day, the most urgent first; closed ones where there are."""
        closed = [code for code in ("done", "skipped") if code in states]
        return ["overdue", "due", "soon", "planned", "scheduled", *closed]

    def _get_reason(self):
        rule = self.cadence_id
        if self.attempt_count:
            return self.env._(
                "%(rule)s, not reached (attempts: %(count)s)",
                rule=rule.name,
                count=self.attempt_count,
            )
        if not self.anchor_date:
            return self.env._("%s, none so far", rule.name)
        day = format_date(self.env, self.anchor_date)
        if rule.anchor == "last_contact":
            return self.env._(
                "%(rule)s, silent since %(date)s", rule=rule.name, date=day
            )
        return self.env._("%(rule)s, counted from %(date)s", rule=rule.name, date=day)

    def write(self, vals):
        """The engine plans; people link their meeting or visit and note something."""
        if not self.env.su and vals.keys() - PERSONAL_FIELDS:
            raise AccessError(
                self.env._(
                    "Touchpoints are planned by the rules. Snooze or skip it, or log "
                    "what was done."
                )
            )
        result = super().write(vals)
        if vals.get("event_id"):
            self._plan_again()
        return result

    def _plan_again(self):
        """What is due to these customers."""
        points = self.grouped("company_id").items()
        self.env["partner.cadence"]._run_now(
            {company: some.partner_id for company, some in points}
        )

    def _get_deadline(self):
        """The day to act: a next try, a later date agreed on, else the due date."""
        self.ensure_one()
        return max(
            day for day in (self.due_date, self.snooze_until, self.retry_date) if day
        )

    # ------------------------------------------------------------------
    # What people do with it
    # ------------------------------------------------------------------

    def _take(self):
        """Lock the rows for a person's change; returns them as superuser.

        Whoever comes second is told who was first.
        """
        self.check_access("write")
        # sudo: the engine's columns, after the check of the right to this row
        points = self.sudo()
        points.lock_for_update()
        points.invalidate_recordset()
        for point in points.filtered(lambda point: not point.is_open):
            raise UserError(
                self.env._(
                    "%(customer)s: this touchpoint was closed on %(date)s by %(user)s.",
                    customer=point.partner_id.display_name,
                    date=point.done_date,
                    user=point.done_user_id.name or self.env._("the system"),
                )
            )
        return points

    def action_done(self, feedback=False):
        """Log the touch as a done activity of the host; the engine draws the rest."""
        points = self._take()
        for point in points:
            point._log_done(self.env.user, feedback)
        points._plan_again()
        return True

    def _log_done(self, user, feedback):
        """Its activity done by ``user``, or one made for that and done."""
        activity = self.activity_id
        if activity.date_done == fields.Date.today():
            # logged a moment ago, when another transaction was planning the company
            return
        if not activity.active:
            vals = self.cadence_id._prepare_activity_vals(self)
            activity = (
                self.env["mail.activity"]
                .with_context(mail_activity_quick_update=True)
                .create({**vals, "user_id": user.id, "automated": False})
            )
            self.write({"activity_id": activity.id, "activity_created": True})
        # sudo: the activity may be a colleague's; done by whoever pressed the button
        activity.with_user(user).sudo()._action_done(feedback=feedback)

    def action_not_reached(self):
        """An attempt, no touch: tried again in two days (button)."""
        for point in self._take():
            today = point.company_id._get_today()
            point.write(
                {
                    "attempt_count": point.attempt_count + 1,
                    "retry_date": fields.Date.add(today, days=2),
                }
            )
            point._move_activity()
        return True

    def action_skip(self):
        """Not this time; the next occurrence follows (button). Counts as not done."""
        points = self._take()
        points.write(
            {
                "state": "skipped",
                "is_open": False,
                "is_late": False,
                "skip_reason": "user",
                "done_user_id": self.env.uid,
            }
        )
        for company, rows in points.grouped("company_id").items():
            today = company._get_today()
            rows.done_date = today
            rows.env["partner.cadence"]._run(company, today, rows.partner_id)
        return True

    def action_snooze(self):
        """Ask until when, and why (button)."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Snooze"),
            "res_model": "partner.touchpoint.snooze",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_touchpoint_ids": self.ids},
        }

    def _snooze(self, until, reason, note):
        """Later; a date the customer asked for is on time, once."""
        points = self._take()
        for point in points:
            excused = reason == "customer" and not point.excused_until
            point.write(
                {
                    "snooze_until": until,
                    "snooze_reason": reason,
                    "note": note or point.note,
                    **({"excused_until": until} if excused else {}),
                }
            )
            point._move_activity()
        points._plan_again()

    def _move_activity(self):
        if self.activity_id.active:
            self.activity_id.with_context(
                mail_activity_quick_update=True
            ).date_deadline = self._get_deadline()

    def action_plan(self, day=False):
        """The host's meeting form, filled for this touch (button).

        :param day: the day it was dropped on, as text; at nine in the user's zone
        """
        self.ensure_one()
        now = fields.Datetime.now().replace(minute=0, second=0, microsecond=0)
        start = self._get_morning(day) if day else now + timedelta(hours=1)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan"),
            "res_model": "calendar.event",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_name": f"{self.activity_type_id.name}: {self.partner_id.name}",
                "default_partner_ids": (self.env.user.partner_id | self.partner_id).ids,
                "default_touchpoint_ids": self.ids,
                "default_start": fields.Datetime.to_string(start),
                "default_stop": fields.Datetime.to_string(start + timedelta(hours=1)),
            },
        }

    def _get_morning(self, day):
        """Nine o'clock of ``day`` (text) in the user's zone, as naive UTC."""
        zone = get_zone(self.env.user.tz, self.company_id._get_timezone())
        morning = datetime.combine(fields.Date.to_date(day), time(9))
        return zone.localize(morning).astimezone(pytz.utc).replace(tzinfo=None)

    def action_open_partner(self):
        """The customer (button)."""
        self.ensure_one()
        return self.partner_id.get_formview_action()

    def action_open_document(self):
        """The delivery, quotation or serial it is counted from (button)."""
        self.ensure_one()
        if not self.res_model or not self.res_id:
            return self.action_open_partner()
        return self.env[self.res_model].browse(self.res_id).get_formview_action()

    # ------------------------------------------------------------------
    # On the contact
    # ------------------------------------------------------------------

    @api.model
    def _get_touches(self, partners):
        """``{commercial partner id: (next open touchpoint, day of the last touch)}``.

        As far as the user may read; the last touch is known with the open rows.
        """
        if not self.has_access("read"):
            return {}
        points = self.search_fetch(
            [
                ("partner_id", "in", partners.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.id),
                ("is_open", "=", True),
            ],
            ["partner_id", "due_date", "last_touch_date"],
            order="due_date, id",
        )
        return {
            partner.id: (rows[0], rows[0].last_touch_date)
            for partner, rows in points.grouped("partner_id").items()
        }

    @api.model
    def _get_partner_action(self, partner):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_manufacturing.partner_touchpoint_action"
        )
        action["domain"] = [("partner_id", "=", partner.commercial_partner_id.id)]
        action["context"] = {}
        return action

    # ------------------------------------------------------------------
    # Merging contacts
    # ------------------------------------------------------------------

    def _merge_partners(self, sources, destination):
        """Before the host moves the rows of merged partners: one open row per key.

        The earliest due stays open; the others are closed, nothing is lost.
        """
        points = self.search(
            Domain("partner_id", "in", (sources | destination).ids)
            & Domain("is_open", "=", True),
            order="due_date, id",
        )
        dated = points.filtered(
            lambda point: (
                point.res_model == "res.partner" and point.res_id in sources.ids
            )
        )
        keys = points.grouped(
            lambda point: (
                point.company_id,
                point.cadence_id,
                point.res_model,
                destination.id if point in dated else point.res_id,
            )
        )
        for rows in keys.values():
            rows[1:].write(
                {"state": "skipped", "is_open": False, "skip_reason": "merged"}
            )
        dated.res_id = destination.id
