from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .dealer_room import without_defaults

CHANNEL = "crm_manufacturing.group_channel_manager"
MANAGER = "crm_manufacturing.group_manager"
# the dealer reads his registration by RPC, too, and nothing of this
READERS = "base.group_user"
STATES = [
    ("draft", "Draft"),
    ("submitted", "Submitted"),
    ("approved", "Approved"),
    ("returned", "Returned"),
    ("rejected", "Rejected"),
    ("expired", "Expired"),
    ("won", "Won"),
    ("lost", "Deal Lost"),
]
# what makes two deals the same; after the approval it stays
IDENTITY = {
    "category_ids",
    "company_id",
    "dealer_id",
    "end_country_id",
    "end_domain",
    "end_name",
    "end_partner_id",
    "end_vat",
    "end_website",
    "product_ids",
}
# what the approval was given for
DECIDED = IDENTITY | {"lead_id"}
# moved by the buttons and the clock alone
ENGINE = {
    "answer_due_date",
    "answered_on",
    "conflict_ids",
    "extension_count",
    "has_new_progress",
    "is_escalated",
    "is_reminded",
    "key_ids",
    "protected_until",
    "state",
    "submitted_on",
}
EDITABLE_STATES = ("draft", "returned", "submitted")


class DealerRegistration(models.Model):
    """A deal a dealer works on, protected for him once a person has approved it.

    Three roles are kept: who brought the deal, who works on it, who delivers.
    """

    _name = "dealer.registration"
    _description = "Registered Deal"
    _inherit = ["mail.thread", "mail.activity.mixin", "partner.score.guard.mixin"]
    _order = "submitted_on desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        STATES, default="draft", required=True, readonly=True, tracking=True, index=True
    )
    dealer_id = fields.Many2one(
        "res.partner",
        string="Originating Dealer",
        required=True,
        index=True,
        domain=[("dealer_stage", "!=", False)],
        tracking=True,
        help="Who brought the deal.",
    )
    owner_dealer_id = fields.Many2one(
        "res.partner",
        string="Owning Dealer",
        compute="_compute_roles",
        store=True,
        readonly=False,
        precompute=True,
        domain=[("dealer_stage", "!=", False)],
        tracking=True,
        help="Who works on the deal.",
        groups=READERS,
    )
    delivery_dealer_id = fields.Many2one(
        "res.partner",
        string="Delivering Dealer",
        compute="_compute_roles",
        store=True,
        readonly=False,
        precompute=True,
        domain=[("dealer_stage", "!=", False)],
        tracking=True,
        help="Who delivers and looks after the end customer.",
        groups=READERS,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Answered By",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        domain=[("share", "=", False)],
        index=True,
        tracking=True,
        groups=READERS,
    )
    end_partner_id = fields.Many2one(
        "res.partner",
        string="End Customer",
        index="btree_not_null",
        tracking=True,
        help="Where he is one of our contacts.",
        groups=READERS,
    )
    end_name = fields.Char(
        string="End Customer's Name",
        compute="_compute_end_customer",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    end_country_id = fields.Many2one(
        "res.country",
        string="Country",
        compute="_compute_end_customer",
        store=True,
        readonly=False,
        precompute=True,
    )
    end_state_id = fields.Many2one(
        "res.country.state",
        string="State of the Country",
        compute="_compute_end_customer",
        store=True,
        readonly=False,
        precompute=True,
    )
    end_vat = fields.Char(
        string="Tax ID",
        compute="_compute_end_customer",
        store=True,
        readonly=False,
        precompute=True,
    )
    end_website = fields.Char(
        string="Website",
        compute="_compute_end_customer",
        store=True,
        readonly=False,
        precompute=True,
    )
    end_domain = fields.Char(
        string="Mail Domain",
        compute="_compute_end_domain",
        store=True,
        readonly=False,
        precompute=True,
        groups=READERS,
    )
    # deleted products would take the protection away that was given for them
    product_ids = fields.Many2many(
        "product.product", string="Products", ondelete="restrict"
    )
    category_ids = fields.Many2many(
        "product.category", string="Product Categories", ondelete="restrict"
    )
    volume_qty = fields.Float(string="Volume", digits="Product Unit")
    expected_revenue = fields.Monetary(tracking=True)
    expected_date = fields.Date(string="Expected Order", tracking=True)
    evidence = fields.Text(help="What was done so far: meetings, plans, a tender.")
    answer = fields.Text(
        copy=False,
        tracking=True,
        groups=READERS,
        help="Why, in words for the dealer. Never who else is at it.",
    )
    submitted_on = fields.Datetime(readonly=True, copy=False)
    answer_due_date = fields.Date(string="Answer Due", readonly=True, copy=False)
    answered_on = fields.Datetime(readonly=True, copy=False)
    is_escalated = fields.Boolean(string="Escalated", readonly=True, copy=False)
    protected_until = fields.Date(readonly=True, copy=False, tracking=True)
    progress = fields.Text(
        copy=False, tracking=True, help="What has moved since the approval."
    )
    progress_date = fields.Date(string="Progress On", readonly=True, copy=False)
    has_new_progress = fields.Boolean(readonly=True, copy=False, groups=READERS)
    extension_count = fields.Integer(string="Extensions", readonly=True, copy=False)
    is_reminded = fields.Boolean(readonly=True, copy=False, groups=READERS)
    lead_id = fields.Many2one(
        "crm.lead",
        string="Opportunity",
        index="btree_not_null",
        copy=False,
        check_company=True,
        tracking=True,
        help="Chosen before the approval: linked by it. Empty: created by it.",
        groups=READERS,
    )

    # who wrote last is who answered
    create_uid = fields.Many2one(
        "res.users", string="Created by", readonly=True, groups=READERS
    )
    write_uid = fields.Many2one(
        "res.users", string="Last Updated by", readonly=True, groups=READERS
    )

    @api.model
    def _next(self):
        # sudo: whoever registers a deal counts one further
        return self.env["ir.sequence"].sudo().next_by_code("dealer.registration")

    @api.depends("name", "end_name")
    def _compute_display_name(self):
        for deal in self:
            parts = (deal.name, deal.end_name)
            deal.display_name = " ".join(filter(None, parts))

    @api.depends("dealer_id")
    def _compute_roles(self):
        for deal in self:
            deal.owner_dealer_id = deal.dealer_id
            deal.delivery_dealer_id = deal.dealer_id

    @api.depends("dealer_id")
    def _compute_user_id(self):
        for deal in self:
            deal.user_id = deal.dealer_id.dealer_manager_id

    @api.depends("end_partner_id")
    def _compute_end_customer(self):
        """What our contact says; without one, what was typed stays.

        So does what a dealer typed himself: he would learn what we know of a firm.
        """
        for deal in self:
            firm = deal.end_partner_id.commercial_partner_id
            if deal.create_uid.share:
                firm = firm.browse()
            deal.end_name = firm.name or deal.end_name
            deal.end_country_id = firm.country_id or deal.end_country_id
            deal.end_state_id = firm.state_id or deal.end_state_id
            deal.end_vat = firm.vat or deal.end_vat
            deal.end_website = firm.website or deal.end_website

    @api.constrains(
        "state", "end_partner_id", "end_name", "product_ids", "category_ids"
    )
    def _check_complete(self):
        for deal in self:
            if deal.state == "draft":
                continue
            if not deal.end_partner_id and not (deal.end_name or "").strip():
                raise ValidationError(self.env._("End Customer: say who it is."))
            if not deal.product_ids and not deal.category_ids:
                raise ValidationError(
                    self.env._("Products: name at least one, or a category.")
                )

    @api.constrains("lead_id")
    def _check_lead(self):
        """An opportunity mirrors one deal that lives."""
        for deal in self.filtered("lead_id"):
            others = self.search(
                [
                    ("lead_id", "=", deal.lead_id.id),
                    ("id", "!=", deal.id),
                    ("state", "in", ("submitted", "approved")),
                ]
            )
            if others:
                raise ValidationError(
                    self.env._(
                        "Opportunity: %(lead)s belongs to %(deal)s already.",
                        lead=deal.lead_id.display_name,
                        deal=others[0].name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self = without_defaults(self, ENGINE)
            vals_list = [
                {name: value for name, value in vals.items() if name not in ENGINE}
                for vals in vals_list
            ]
        # not a default: a form that is opened, or asked for by RPC, counts no further
        vals_list = [
            {**self._clean(vals), "name": vals.get("name") or self._next()}
            for vals in vals_list
        ]
        deals = super().create(vals_list)
        live = deals.filtered(lambda deal: deal.state != "draft")
        live._sync_keys()
        live._secure()
        return deals

    def write(self, vals):
        """What was approved stays as it was approved; the buttons move the rest."""
        if not self.env.su:
            self._refuse_by_hand(vals)
        moved = self._filter_moved(vals)
        result = super().write(self._clean(vals))
        for company, deals in moved.grouped("company_id").items():
            today = company._get_today()
            # past the refusal by hand: what is new is ours to say
            super(DealerRegistration, deals).write(
                {"progress_date": today, "has_new_progress": True}
            )
        if vals.keys() & IDENTITY:
            self.filtered(lambda deal: deal.state != "draft")._sync_keys()
        if vals.keys() & (IDENTITY | {"state"}):
            self._secure()
        if "owner_dealer_id" in vals:
            self._hand_over_lead()
        return result

    def _filter_moved(self, vals):
        """Of which something is told that was not known: the same words are no news."""
        text = (vals.get("progress") or "").strip()
        return self.filtered(
            lambda deal: text and text != (deal.progress or "").strip()
        )

    def _refuse_by_hand(self, vals):
        if vals.keys() & ENGINE:
            raise UserError(self.env._("State: use the buttons of the registration."))
        settled = self.filtered(lambda deal: deal.state not in EDITABLE_STATES)
        if settled and vals.keys() & DECIDED:
            raise UserError(
                self.env._(
                    "%(deal)s was decided on with this end customer, these products "
                    "and this opportunity. Return it, to change them.",
                    deal=settled[0].name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        if any(deal.state != "draft" for deal in self):
            raise UserError(
                self.env._("What was submitted is kept. Return or reject it.")
            )

    @api.model
    def _clean(self, vals):
        """Firms, not their contacts."""
        vals = dict(vals)
        for name in ("dealer_id", "owner_dealer_id", "delivery_dealer_id"):
            if vals.get(name):
                partner = self.env["res.partner"].browse(vals[name])
                vals[name] = partner.commercial_partner_id.id
        return vals
