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


class CrmVisit(models.Model):
    """The report of one touch: a call, a visit, a video meeting, a review.

    It is planned, then done or cancelled. Done needs an outcome; ``not_reached`` is an
    attempt and no touch. ``day`` is the company's day of ``date``: all figures count by
    it.
    """

    _name = "crm.visit"
    _description = "Visit"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _rec_name = "partner_id"
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
        related="partner_id.commercial_partner_id", string="Company of the Customer"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Done By",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    visit_type = fields.Selection(VISIT_TYPES, string="Type", required=True, default="visit")
    date = fields.Datetime(
        string="When", required=True, default=lambda self: fields.Datetime.now(), tracking=True
    )
    day = fields.Date(
        compute="_compute_day", store=True, index=True, help="The company's day."
    )
    state = fields.Selection(STATES, required=True, default="planned", tracking=True)
    outcome = fields.Selection(OUTCOMES, tracking=True)
    event_id = fields.Many2one(
        "calendar.event", string="Meeting", ondelete="set null", copy=False
    )

    _event_uniq = models.UniqueIndex(
        "(event_id) WHERE event_id IS NOT NULL", "A meeting has one visit report."
    )

    @api.depends("date", "company_id")
    def _compute_day(self):
        for visit in self:
            visit.day = visit.date and visit.company_id._get_day(visit.date)

    @api.constrains("state", "outcome")
    def _check_outcome(self):
        for visit in self:
            if visit.state == "done" and not visit.outcome:
                raise ValidationError(
                    self.env._("Outcome: say what came of it before closing the visit.")
                )
