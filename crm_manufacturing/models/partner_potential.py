from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

SOURCES = [
    ("visit", "Visit"),
    ("customer", "Told by the Customer"),
    ("estimate", "Our Estimate"),
    ("market", "Market Data"),
]
STALE_MONTHS = 12
# what decides which statement holds
RIVAL_FIELDS = {"partner_id", "company_id", "category_id", "year", "date", "active"}


class PartnerPotential(models.Model):
    """What a customer could buy of a category in a calendar year, from whomever.

    The newest statement about a customer, category and year holds; the ones before are
    archived, not overwritten. Share of wallet is what we invoiced of it, in percent.
    """

    _name = "partner.potential"
    _description = "Customer Potential"
    _order = "year desc, value_company desc, id desc"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    customer_tier_id = fields.Many2one(related="partner_id.customer_tier_id")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    category_id = fields.Many2one(
        "product.category",
        ondelete="restrict",
        help="With the categories below it. Empty means everything we could sell.",
    )
    year = fields.Integer(
        required=True,
        default=lambda self: self.env.company._get_today().year,
        aggregator=None,
    )
    value = fields.Monetary(required=True, string="Potential per Year")
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    value_company = fields.Monetary(
        string="Potential",
        currency_field="company_currency_id",
        compute="_compute_value_company",
        store=True,
        help="In company currency at the rate of the date.",
    )
    source = fields.Selection(SOURCES, required=True, default="estimate")
    date = fields.Date(
        required=True, default=lambda self: self.env.company._get_today()
    )
    competitor_id = fields.Many2one("crm.competitor")
    competitor_share = fields.Float(string="Competitors' Share (%)", aggregator="avg")
    active = fields.Boolean(default=True)
    our_revenue = fields.Monetary(
        string="Ours",
        currency_field="company_currency_id",
        compute="_compute_share",
        help="Invoiced of the category in the year, credit notes deducted.",
    )
    wallet_share = fields.Float(
        string="Share of Wallet (%)", compute="_compute_share", aggregator=None
    )
    is_opportunity = fields.Boolean(
        string="Big Potential, Small Share",
        compute="_compute_share",
        search="_search_is_opportunity",
    )
    is_stale = fields.Boolean(
        string="Stale",
        compute="_compute_is_stale",
        search="_search_is_stale",
        help="Older than 12 months: ask again.",
    )

    @api.depends("partner_id", "category_id", "year")
    def _compute_display_name(self):
        for potential in self:
            parts = [potential.partner_id.name, potential.category_id.name]
            parts.append(str(potential.year))
            potential.display_name = ", ".join(filter(None, parts))

    @api.depends("value", "currency_id", "date", "company_id")
    def _compute_value_company(self):
        for potential in self:
            potential.value_company = potential.currency_id._convert(
                potential.value,
                potential.company_id.currency_id,
                potential.company_id,
                potential.date or fields.Date.today(),
            )

    @api.depends("value_company", "partner_id", "category_id", "year")
    def _compute_share(self):
        """Read from the share's view, in one query."""
        columns = ["our_revenue", "wallet_share", "is_opportunity"]
        rows = self.env["partner.potential.share"].browse(self._origin.ids).exists()
        shares = {row["id"]: row for row in rows.read(columns)}
        for potential in self:
            row = shares.get(potential._origin.id, {})
            potential.our_revenue = row.get("our_revenue", 0.0)
            potential.wallet_share = row.get("wallet_share", 0.0)
            potential.is_opportunity = row.get("is_opportunity", False)

    def _search_is_opportunity(self, operator, value):
        if operator != "in":
            return NotImplemented
        shares = self.env["partner.potential.share"]._search(
            [("is_opportunity", "in", list(value))]
        )
        return Domain("id", "in", shares)

    def _compute_is_stale(self):
        for potential in self:
            edge = potential.company_id._get_today() - relativedelta(
                months=STALE_MONTHS
            )
            potential.is_stale = bool(potential.date) and potential.date < edge

    def _search_is_stale(self, operator, value):
        if operator != "in":
            return NotImplemented
        edge = self.env.company._get_today() - relativedelta(months=STALE_MONTHS)
        stale = Domain("date", "<", edge)
        return Domain.OR(stale if wanted else ~stale for wanted in value)

    @api.constrains("value", "year", "competitor_share", "date")
    def _check_figures(self):
        for potential in self:
            if potential.value <= 0:
                raise ValidationError(
                    self.env._("Potential per Year: must be above zero.")
                )
            if not 2000 <= potential.year <= 2100:
                raise ValidationError(
                    self.env._("Year: must be a calendar year such as 2026.")
                )
            if not 0 <= potential.competitor_share <= 100:
                raise ValidationError(
                    self.env._("Competitors' Share (%): must be between 0 and 100.")
                )
            if potential.date > potential.company_id._get_today():
                raise ValidationError(self.env._("Date: must not be in the future."))

    # ------------------------------------------------------------------
    # The newest statement holds
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        potentials = super().create(vals_list)
        for potential in potentials:
            potential.partner_id = potential.partner_id.commercial_partner_id
        potentials._leave_newest()
        return potentials

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & RIVAL_FIELDS:
            self._leave_newest()
        return result

    def _get_key(self):
        return (self.partner_id, self.company_id, self.category_id, self.year)

    def _leave_newest(self):
        """Archive what newer statements of the same customers have overtaken."""
        # sudo: a visitor of another's customer overtakes statements he may not read
        same = self.sudo().search([("partner_id", "in", self.partner_id.ids)])
        same = same.sorted(lambda row: (row.date, row.id))
        keys = {row._get_key() for row in self}
        for key, rows in same.grouped(lambda row: row._get_key()).items():
            if key in keys and len(rows) > 1:
                rows[:-1].active = False

    @api.model
    def _merge_partners(self, destination):
        """After the merge, one statement per category and year holds."""
        self.search([("partner_id", "=", destination.id)])._leave_newest()
