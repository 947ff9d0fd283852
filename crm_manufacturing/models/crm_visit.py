from odoo import api, fields, models
from odoo.exceptions import ValidationError

VISIT_TYPES = [
    ("call", "Call"),
    ("visit", "Visit"),
    ("senior_visit", "Senior Visit"),
    ("video", "Video Meeting"),
    ("review", "Product-Line Review"),
    ("chat", "Chat or Message"),
]
STATES = [("planned", "Planned"), ("done", "Done"), ("cancelled", "Cancelled")]
OUTCOMES = [
    ("order", "Order or Quotation"),
    ("positive", "Interested"),
    ("neutral", "Nothing New"),
    ("problem", "Problem to Solve"),
    ("not_reached", "Not Reached"),
]
# longer than a day is a trip of several visits
MAX_HOURS = 24


class CrmVisit(models.Model):
    """The report of one touch: a call, a visit, a video meeting, a review.

    It is planned, then done or cancelled. Done needs an outcome; ``not_reached`` is an
    attempt and no touch. ``day`` is the company's day of ``date``: all figures count by
    it, and by ``commercial_partner_id``.
    """

    _name = "crm.visit"
    _description = "Visit"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id",
        string="Commercial Entity",
        store=True,
        index=True,
    )
    customer_tier_id = fields.Many2one(related="partner_id.customer_tier_id")
    country_id = fields.Many2one(related="partner_id.country_id")
    user_id = fields.Many2one(
        "res.users",
        string="Done By",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        check_company=True,
        tracking=True,
    )
    team_id = fields.Many2one(related="user_id.sale_team_id", string="Sales Team")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    visit_type = fields.Selection(
        VISIT_TYPES, string="Type", required=True, default="visit"
    )
    purpose = fields.Char(help="What this visit is to achieve.")
    date = fields.Datetime(
        string="When",
        required=True,
        compute="_compute_date",
        store=True,
        readonly=False,
        default=lambda self: fields.Datetime.now(),
        tracking=True,
    )
    duration = fields.Float(string="Hours", default=1.0)
    day = fields.Date(
        compute="_compute_day",
        store=True,
        index=True,
        help="The day in the company's time zone; figures count by it.",
    )
    state = fields.Selection(
        STATES, required=True, default="planned", group_expand=True, tracking=True
    )
    outcome = fields.Selection(OUTCOMES, tracking=True)
    closed_on = fields.Datetime(
        readonly=True, copy=False, help="When the report was closed."
    )
    contact_ids = fields.One2many("crm.visit.contact", "visit_id", string="Met")
    met_decider = fields.Boolean(
        string="Decision Maker Met", compute="_compute_met_decider", store=True
    )
    note_ids = fields.One2many("crm.visit.note", "visit_id", string="Notes", copy=False)
    summary = fields.Text(help="One or two sentences for who reads only these.")
    attachment_ids = fields.Many2many(
        "ir.attachment", string="Photos and Documents", copy=False
    )
    lead_id = fields.Many2one(
        "crm.lead", string="Opportunity", index="btree_not_null", check_company=True
    )
    event_id = fields.Many2one(
        "calendar.event", string="Meeting", ondelete="set null", copy=False
    )
    map_url = fields.Char(string="Map", compute="_compute_map_url")

    _event_uniq = models.UniqueIndex(
        "(event_id) WHERE event_id IS NOT NULL", "A meeting has one visit report."
    )
    _touch_idx = models.Index(
        "(commercial_partner_id, company_id, day) WHERE state = 'done'"
    )

    # ------------------------------------------------------------------
    # Fields
    # ------------------------------------------------------------------

    @api.depends("partner_id", "visit_type")
    def _compute_display_name(self):
        types = dict(self._fields["visit_type"]._description_selection(self.env))
        for visit in self:
            visit.display_name = self.env._(
                "%(type)s: %(customer)s",
                type=types.get(visit.visit_type, ""),
                customer=visit.partner_id.name or "",
            )

    @api.depends("event_id.start")
    def _compute_date(self):
        """A visit follows its meeting through the calendar."""
        for visit in self:
            visit.date = visit.event_id.start or visit.date

    @api.depends("date", "company_id")
    def _compute_day(self):
        for visit in self:
            visit.day = visit.date and visit.company_id._get_day(visit.date)

    @api.depends("contact_ids.role")
    def _compute_met_decider(self):
        for visit in self:
            visit.met_decider = "decides" in visit.contact_ids.mapped("role")

    @api.depends("partner_id")
    def _compute_map_url(self):
        for visit in self:
            visit.map_url = visit._get_map_url()

    # ------------------------------------------------------------------
    # Bad input
    # ------------------------------------------------------------------

    @api.constrains("state", "outcome")
    def _check_outcome(self):
        for visit in self:
            if visit.state == "done" and not visit.outcome:
                raise ValidationError(
                    self.env._("Outcome: say what came of it before closing the visit.")
                )

    @api.constrains("duration")
    def _check_duration(self):
        if any(not 0 < visit.duration <= MAX_HOURS for visit in self):
            raise ValidationError(
                self.env._("Hours: a visit takes more than 0 and at most 24 hours.")
            )

    @api.constrains("partner_id", "company_id")
    def _check_customer(self):
        own = self.env["res.company"]._get_all().partner_id
        for visit in self:
            if visit.commercial_partner_id in own:
                raise ValidationError(
                    self.env._(
                        "Customer: %(partner)s is one of our own companies.",
                        partner=visit.partner_id.display_name,
                    )
                )

    @api.constrains("state", "date")
    def _check_not_in_advance(self):
        """A report tells what happened: it is not closed on an earlier day."""
        for visit in self:
            today = visit.company_id._get_today()
            if visit.state == "done" and visit.day > today:
                raise ValidationError(
                    self.env._(
                        "When: a visit on %(day)s cannot be closed before that day.",
                        day=visit.day,
                    )
                )

    @api.model
    def _has_field_access(self, field, operation):
        """When it was reported is told by the report alone."""
        if operation == "write" and field.name == "closed_on" and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    # ------------------------------------------------------------------
    # Life
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        visits = super().create(vals_list)
        visits._take_attachments()
        visits.filtered(lambda visit: visit.state == "done")._entered_done()
        return visits

    def write(self, vals):
        entering = self.browse()
        if vals.get("state") == "done":
            entering = self.filtered(lambda visit: visit.state != "done")
        result = super().write(vals)
        if vals.keys() & {"date", "duration"}:
            self._move_events()
        if "attachment_ids" in vals:
            self._take_attachments()
        entering._entered_done()
        return result

    def _entered_done(self):
        """Hook: what a closed visit sets going, once per visit, after its save."""
        # sudo: written by nobody but the report
        self.sudo().closed_on = fields.Datetime.now()
        self._follow_up()

    def _take_attachments(self):
        """What was uploaded before the first save is read with the report, not by its
        author alone."""
        for visit in self:
            loose = visit.attachment_ids.filtered(lambda file: not file.res_id)
            if loose:
                loose.write({"res_model": self._name, "res_id": visit.id})

    def _move_events(self):
        """The meeting follows a visit dragged to another hour."""
        for visit in self.filtered("event_id"):
            start, stop = visit._get_period()
            if (visit.event_id.start, visit.event_id.stop) != (start, stop):
                visit.event_id.write({"start": start, "stop": stop})

    def action_done(self):
        """Close the report (button)."""
        self.state = "done"

    def action_not_reached(self):
        """Close it as an attempt (button)."""
        self.write({"state": "done", "outcome": "not_reached"})

    def action_cancel(self):
        """It does not take place (button)."""
        self.state = "cancelled"

    def action_reopen(self):
        """Back to planned, to correct the report (button)."""
        self.state = "planned"

    # ------------------------------------------------------------------
    # Merged partners
    # ------------------------------------------------------------------

    @api.model
    def _merge_partners(self, destination):
        """After a merge: whose customers the visits are, and nobody met twice."""
        visits = self.search([("partner_id", "=", destination.id)])
        self.env.add_to_compute(self._fields["commercial_partner_id"], visits)
        met = self.env["crm.visit.contact"].search(
            [("partner_id", "=", destination.id)], order="visit_id, id"
        )
        for lines in met.grouped("visit_id").values():
            lines.sorted(lambda line: line._get_weight())[1:].unlink()
