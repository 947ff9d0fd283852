from odoo import api, fields, models
from odoo.exceptions import UserError

STATES = [
    ("offered", "Offered"),
    ("accepted", "Accepted"),
    ("declined", "Declined"),
    ("taken_back", "Taken Back"),
    ("won", "Won"),
    ("lost", "Deal Lost"),
]
OPEN_STATES = ("offered", "accepted")
# moved by the buttons and the clock alone
ENGINE = {
    "accepted_on",
    "closed_on",
    "company_id",
    "cool_down_until",
    "dealer_id",
    "due_date",
    "lead_id",
    "offered_on",
    "progress_date",
    "reason",
    "state",
    "taken_for",
    "territory_id",
    "warned_on",
    "won_revenue",
}


class DealerOffer(models.Model):
    """A lead given to a dealer, and what became of it.

    A lead is with one dealer at a time. ``due_date`` is the last day for what is asked
    of him next: to accept, then to report progress. It is set when the lead is offered,
    when he accepts and when he reports, and by nothing else without a word in the log.
    """

    _name = "dealer.offer"
    _description = "Lead Given to a Dealer"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "offered_on desc, id desc"

    lead_id = fields.Many2one(
        "crm.lead", required=True, readonly=True, index=True, ondelete="cascade"
    )
    dealer_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        STATES,
        default="offered",
        required=True,
        readonly=True,
        tracking=True,
        index=True,
    )
    territory_id = fields.Many2one(
        "dealer.territory", readonly=True, index="btree_not_null"
    )
    credited_user_id = fields.Many2one(
        "res.users",
        string="Credited",
        domain=[("share", "=", False)],
        index="btree_not_null",
        tracking=True,
        help="The territory's salesperson: told of what happens, and credited with the "
        "win. Whose the lead becomes later makes no difference.",
    )
    reason = fields.Char(string="Why This Dealer", readonly=True)
    offered_on = fields.Date(readonly=True, required=True)
    accepted_on = fields.Date(readonly=True)
    due_date = fields.Date(
        readonly=True,
        tracking=True,
        help="Last day to accept, then to report progress.",
    )
    warned_on = fields.Date(readonly=True)
    progress = fields.Text(tracking=True, help="What the dealer reported last.")
    progress_date = fields.Date(string="Progress On", readonly=True)
    answer = fields.Text(
        string="Reason", tracking=True, help="Why he declined, or why it was taken."
    )
    taken_for = fields.Selection(
        [
            ("unanswered", "Not Accepted in Time"),
            ("idle", "No Progress"),
            ("ours", "By Us"),
        ],
        string="Taken Back Because",
        readonly=True,
        help="What we took for a reason of our own does not count against the dealer.",
    )
    closed_on = fields.Date(string="Closed", readonly=True)
    cool_down_until = fields.Date(
        string="Not Offered Again Until",
        readonly=True,
        help="The lead is not offered to this dealer until the day after.",
    )
    won_revenue = fields.Monetary(
        string="Won", readonly=True, help="Expected revenue of the lead, once won."
    )

    _open_uniq = models.UniqueIndex(
        "(lead_id) WHERE state IN ('offered', 'accepted')",
        "The lead is with a dealer already.",
    )
    _due_idx = models.Index("(company_id, due_date) WHERE due_date IS NOT NULL")

    @api.depends("lead_id", "dealer_id")
    def _compute_display_name(self):
        for offer in self:
            # sudo: who may read what a dealer has may read its title
            own = offer.sudo()
            names = (own.lead_id.name, own.dealer_id.name)
            offer.display_name = ", ".join(filter(None, names))

    def write(self, vals):
        """The buttons move it; progress is what the dealer says, as it is typed."""
        if not self.env.su and vals.keys() & ENGINE:
            raise UserError(self.env._("State: use the buttons of the lead given."))
        if "progress" not in vals:
            return super().write(vals)
        text = (vals["progress"] or "").strip()
        news = self.filtered(lambda offer: text and offer.progress != text)
        if any(offer.state != "accepted" for offer in news):
            raise UserError(self.env._("Progress: the lead is not accepted."))
        result = super().write({**vals, "progress": text})
        news._start_progress()
        return result

    def _start_progress(self):
        """From today he has the days for progress again."""
        for company, offers in self.grouped("company_id").items():
            today = company._get_today()
            offers._move(
                "accepted",
                progress_date=today,
                due_date=company._get_progress_due(today),
                warned_on=False,
            )

    def _filter_open(self):
        return self.filtered(lambda offer: offer.state in OPEN_STATES)

    def _get_brief(self):
        """What the dealer may know, ``{name: value}``: of an offer where and about
        what, of an accepted lead also with whom."""
        self.ensure_one()
        # sudo: the lead itself is never a dealer's
        lead = self.sudo().lead_id
        brief = {
            "city": lead.city or "",
            "state": lead.state_id.name or "",
            "country": lead.country_id.name or "",
            "products": lead._get_dealer_products().mapped("display_name"),
        }
        if self.state in ("accepted", "won"):
            firm = lead.partner_id.commercial_partner_id
            brief |= {
                "customer": lead.partner_name or firm.name or "",
                "contact": lead.contact_name or "",
                "email": lead.email_from or "",
                "phone": lead.phone or "",
                "street": lead.street or "",
            }
        return brief
