from odoo import fields, models
from odoo.tools import SQL


class PartnerPotentialShare(models.Model):
    """Share of wallet: what we invoiced of what a customer could buy.

    One row per potential, also the archived ones, under the same id. Ours is the
    posted invoices less credit notes of the category, and those below it, in the
    calendar year of the potential, in company currency as booked.
    """

    _name = "partner.potential.share"
    _description = "Share of Wallet"
    _auto = False
    _order = "value_company desc, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    category_id = fields.Many2one("product.category", readonly=True)
    year = fields.Char(readonly=True)
    active = fields.Boolean(readonly=True)
    date = fields.Date(readonly=True)
    customer_tier_id = fields.Many2one(related="partner_id.customer_tier_id")
    value_company = fields.Monetary(string="Potential", readonly=True)
    our_revenue = fields.Monetary(string="Ours", readonly=True)
    open_value = fields.Monetary(
        string="Still to Win", readonly=True, help="Potential less ours, never below 0."
    )
    wallet_share = fields.Float(
        string="Share of Wallet (%)", readonly=True, aggregator="avg"
    )
    is_opportunity = fields.Boolean(
        string="Big Potential, Small Share",
        readonly=True,
        help="At least the potential and below the share set in Settings.",
    )

    _depends = {
        "account.move": ["state", "move_type", "invoice_date", "commercial_partner_id"],
        "account.move.line": ["balance", "product_id", "display_type"],
        "partner.potential": [
            "partner_id",
            "company_id",
            "category_id",
            "year",
            "value_company",
            "date",
            "active",
        ],
        "product.category": ["parent_path"],
        "product.template": ["categ_id"],
        "res.company": ["potential_big_value", "potential_small_share"],
        "res.partner": ["user_id", "country_id"],
    }

    @property
    def _table_query(self):
        return SQL(
            """SELECT shared.*,
                      GREATEST(value_company - our_revenue, 0) AS open_value,
                      value_company >= company.potential_big_value
                      AND wallet_share < company.potential_small_share
                          AS is_opportunity
                 FROM (%s) shared JOIN res_company company
                      ON company.id = shared.company_id""",
            self._select_shares(),
        )

    def _select_shares(self):
        return SQL(
            """SELECT potential.id, potential.partner_id, partner.user_id,
                      partner.country_id, potential.company_id, potential.category_id,
                      potential.year::varchar AS year, potential.active, potential.date,
                      potential.value_company, COALESCE(ours.revenue, 0) AS our_revenue,
                      100 * COALESCE(ours.revenue, 0)
                          / NULLIF(potential.value_company, 0) AS wallet_share
                 FROM partner_potential potential
                 JOIN res_partner partner ON partner.id = potential.partner_id
            LEFT JOIN LATERAL (%s) ours ON TRUE""",
            self._select_ours(),
        )

    def _select_ours(self):
        """SELECT of the revenue of one potential; its category is a tree."""
        return SQL(
            """SELECT -SUM(line.balance) AS revenue
                 FROM account_move move
                 JOIN account_move_line line ON line.move_id = move.id
                      AND line.display_type = 'product'
            LEFT JOIN product_product product ON product.id = line.product_id
            LEFT JOIN product_template template
                      ON template.id = product.product_tmpl_id
            LEFT JOIN product_category category ON category.id = template.categ_id
            LEFT JOIN product_category wanted ON wanted.id = potential.category_id
                WHERE move.state = 'posted'
                  AND move.move_type IN ('out_invoice', 'out_refund')
                  AND move.commercial_partner_id = potential.partner_id
                  AND move.company_id = potential.company_id
                  AND move.invoice_date BETWEEN make_date(potential.year, 1, 1)
                      AND make_date(potential.year, 12, 31)
                  AND (potential.category_id IS NULL
                       OR category.parent_path LIKE wanted.parent_path || '%%')"""
        )
