from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import escape_psql

TOPICS = [
    ("need", "Need"),
    ("budget", "Direction and Budget"),
    ("feedback", "Product Feedback"),
    ("quality", "Quality"),
    ("competitor", "Competitor"),
    ("complaint", "Complaint"),
    ("price", "Price"),
    ("next_step", "Next Step"),
]


class CrmVisitNote(models.Model):
    """What was learned about one topic, and what came of it."""

    _name = "crm.visit.note"
    _description = "Visit Note"
    _order = "visit_id, sequence, id"
    _rec_name = "text"
    _check_company_auto = True

    visit_id = fields.Many2one(
        "crm.visit", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    commercial_partner_id = fields.Many2one(
        related="visit_id.commercial_partner_id", string="Customer", store=True
    )
    company_id = fields.Many2one(related="visit_id.company_id", store=True)
    user_id = fields.Many2one(related="visit_id.user_id")
    day = fields.Date(related="visit_id.day", store=True)
    topic = fields.Selection(TOPICS, required=True, default="need")
    text = fields.Text(string="What Was Said", required=True)
    product_id = fields.Many2one("product.product")
    category_id = fields.Many2one(
        "product.category",
        compute="_compute_category_id",
        store=True,
        readonly=False,
        help="Of a budget: what it is for. Empty means everything we could sell.",
    )
    amount = fields.Monetary(help="Of a budget: per year. Of a price: per unit.")
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    year = fields.Integer(
        default=lambda self: self.env.company._get_today().year,
        help="Of a budget: the calendar year it is for.",
    )
    competitor_id = fields.Many2one("crm.competitor", index="btree_not_null")
    competitor_share = fields.Float(
        string="Competitors' Share (%)", help="Of a budget: bought from competitors."
    )
    lead_id = fields.Many2one("crm.lead", readonly=True, copy=False)
    activity_id = fields.Many2one("mail.activity", readonly=True, copy=False)
    competitor_note_id = fields.Many2one(
        "crm.competitor.note", readonly=True, copy=False
    )
    feedback_id = fields.Many2one(
        "crm.visit.feedback",
        string="Wish",
        index="btree_not_null",
        copy=False,
        check_company=True,
    )
    answered_on = fields.Date(
        readonly=True, copy=False, help="When the answer to the wish was passed on."
    )
    potential_id = fields.Many2one("partner.potential", readonly=True, copy=False)

    @api.depends("product_id")
    def _compute_category_id(self):
        for note in self:
            note.category_id = note.product_id.categ_id or note.category_id

    @api.constrains("text")
    def _check_text(self):
        if any(not note.text.strip() for note in self):
            raise ValidationError(self.env._("What Was Said: must not be empty."))

    @api.constrains("amount", "competitor_share")
    def _check_amounts(self):
        for note in self:
            if note.amount < 0:
                raise ValidationError(self.env._("Amount: must not be negative."))
            if not 0 <= note.competitor_share <= 100:
                raise ValidationError(
                    self.env._("Competitors' Share (%): must be between 0 and 100.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        notes = super().create(vals_list)
        notes._fill_potential()
        return notes

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"topic", "amount", "currency_id", "year", "category_id"}:
            self._fill_potential()
        return result

    def _fill_potential(self):
        """A budget line with an amount says what the customer could buy in a year."""
        for note in self.filtered(lambda n: n.topic == "budget" and n.amount):
            values = note._prepare_potential_vals()
            if note.potential_id:
                note.potential_id.write(values)
            else:
                note.potential_id = self.env["partner.potential"].create(values)

    def _prepare_potential_vals(self):
        return {
            "partner_id": self.commercial_partner_id.id,
            "company_id": self.company_id.id,
            "category_id": self.category_id.id,
            "year": self.year,
            "value": self.amount,
            "currency_id": self.currency_id.id,
            "source": "visit",
            # said beforehand, of a visit to come
            "date": min(self.day, self.company_id._get_today()),
            "competitor_id": self.competitor_id.id,
            "competitor_share": self.competitor_share,
        }

    # ------------------------------------------------------------------
    # What a note can open
    # ------------------------------------------------------------------

    def action_open_lead(self):
        """The lead this note opened, made at the first click (button)."""
        self.ensure_one()
        self.check_access("write")
        if not self.lead_id:
            self.lead_id = self.visit_id._create_lead(self._get_title(), self.text)
            self.lead_id.expected_revenue = self._get_expected_revenue()
        return self.lead_id._get_records_action()

    def action_open_activity(self):
        """A task a week from today for who was there (button)."""
        self.ensure_one()
        self.check_access("write")
        if not self.activity_id.active:
            day = fields.Date.add(self.company_id._get_today(), days=7)
            self.activity_id = self.visit_id._schedule(
                self._get_title(), day, note=self.text
            )
        return self.activity_id._get_records_action(
            name=self.env._("Activity"), target="new"
        )

    def action_open_competitor_note(self):
        """The competitor note, prepared from what was said (button)."""
        self.ensure_one()
        if not self.competitor_id:
            raise UserError(
                self.env._("Competitor: choose whom the note is about first.")
            )
        if not self.competitor_note_id:
            self.competitor_note_id = self.env["crm.competitor.note"].create(
                self._prepare_competitor_note_vals()
            )
        return self.competitor_note_id._get_records_action(
            name=self.env._("Competitor Note"), target="new"
        )

    def action_open_feedback(self):
        """The wish on the product feedback list (button)."""
        self.ensure_one()
        self.check_access("write")
        if not self.feedback_id:
            self.feedback_id = self._find_wish() or self._create_wish()
        return self.feedback_id._get_records_action()

    def _find_wish(self):
        """The open wish in the same words, so that all who ask weigh on one."""
        domain = Domain("company_id", "=", self.company_id.id)
        domain &= Domain("state", "in", ("new", "design"))
        domain &= Domain("name", "=ilike", escape_psql(self._get_title()))
        if self.product_id:
            domain &= Domain("product_id", "in", (self.product_id.id, False))
        return self.env["crm.visit.feedback"].search(domain, limit=1)

    def _create_wish(self):
        return self.env["crm.visit.feedback"].create(
            {
                "name": self._get_title(),
                "description": self.text,
                "product_id": self.product_id.id,
                "category_id": self.category_id.id,
                "company_id": self.company_id.id,
            }
        )

    def _get_title(self):
        """The first line, short enough for a name."""
        return self.text.strip().partition("\n")[0][:80]

    def _get_expected_revenue(self):
        """The budget in company currency; nothing for other topics."""
        if self.topic != "budget":
            return 0.0
        return self.currency_id._convert(
            self.amount, self.company_id.currency_id, self.company_id, self.day
        )

    def _prepare_competitor_note_vals(self):
        return {
            "competitor_id": self.competitor_id.id,
            "partner_id": self.commercial_partner_id.id,
            "company_id": self.company_id.id,
            "product_id": self.product_id.id,
            "price": self.amount,
            "currency_id": self.currency_id.id,
            "note": self.text,
            "source": "customer",
            "date": self.day,
        }
