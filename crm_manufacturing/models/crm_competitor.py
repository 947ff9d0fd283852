from odoo import api, fields, models
from odoo.exceptions import ValidationError

READERS = "sales_team.group_sale_salesman"
# of a competitor as a whole: not tied to a customer, so not for one's own alone
ALL_READERS = "sales_team.group_sale_salesman_all_leads"
SOURCES = [
    ("customer", "The Customer"),
    ("offer", "Their Offer, Seen"),
    ("fair", "Trade Fair"),
    ("public", "Catalogue or Website"),
    ("rumour", "Hearsay"),
]


class CrmCompetitor(models.Model):
    """Who else sells to our customers."""

    _name = "crm.competitor"
    _description = "Competitor"
    _order = "name"

    name = fields.Char(required=True)
    country_id = fields.Many2one("res.country")
    website = fields.Char()
    strength = fields.Text(groups=ALL_READERS)
    weakness = fields.Text(groups=ALL_READERS)
    active = fields.Boolean(default=True)
    note_ids = fields.One2many("crm.competitor.note", "competitor_id", groups=READERS)
    note_count = fields.Integer(compute="_compute_note_count", groups=READERS)

    _name_uniq = models.UniqueIndex(
        "(lower(name))", "There is a competitor of this name already."
    )

    def _compute_note_count(self):
        counts = dict(
            self.env["crm.competitor.note"]._read_group(
                [("competitor_id", "in", self.ids)], ["competitor_id"], ["__count"]
            )
        )
        for competitor in self:
            competitor.note_count = counts.get(competitor, 0)

    def action_open_notes(self):
        """What we know about this competitor (smart button)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Notes about %(name)s", name=self.name),
            "res_model": "crm.competitor.note",
            "view_mode": "list,form",
            "domain": [("competitor_id", "=", self.id)],
            "context": {"default_competitor_id": self.id},
        }


class CrmCompetitorNote(models.Model):
    """What a competitor sells to a customer, at which price, and where he is weak.

    Read by salespeople for their own customers, by those who see all customers for
    all. It is neither tracked nor posted: chatters are read by more people.
    """

    _name = "crm.competitor.note"
    _description = "Competitor Note"
    _order = "date desc, id desc"
    _rec_name = "competitor_id"

    competitor_id = fields.Many2one(
        "crm.competitor", required=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date = fields.Date(
        required=True, default=lambda self: self.env.company._get_today()
    )
    product_id = fields.Many2one("product.product", string="Against Our Product")
    their_product = fields.Char(groups=READERS)
    price = fields.Monetary(string="Their Price", groups=READERS)
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    strength = fields.Text(groups=READERS)
    weakness = fields.Text(groups=READERS)
    note = fields.Text(groups=READERS)
    source = fields.Selection(SOURCES, required=True, default="customer")

    @api.constrains("price")
    def _check_price(self):
        if any(note.price < 0 for note in self):
            raise ValidationError(self.env._("Their Price: must not be negative."))

    @api.constrains("date", "company_id")
    def _check_date(self):
        for note in self:
            if note.date > note.company_id._get_today():
                raise ValidationError(self.env._("Date: must not be in the future."))

    @api.model_create_multi
    def create(self, vals_list):
        """Notes are kept on the commercial entity, where all its people find them."""
        notes = super().create(vals_list)
        for note in notes:
            note.partner_id = note.partner_id.commercial_partner_id
        return notes
