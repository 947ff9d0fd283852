from odoo import fields, models
from odoo.tools import SQL

COVERAGES = [
    ("white", "Nobody"),
    ("partial", "Some Products"),
    ("open", "Dealer"),
    ("exclusive", "Exclusive Dealer"),
]


class DealerTerritorySpot(models.Model):
    """Where our customers and leads are, and which dealer works there: the map without
    a map, one row per company, country and state.

    A row without dealer is a white spot. Customers named in a territory are not a
    place and are not counted as one.
    """

    _name = "dealer.territory.spot"
    _description = "Territories and White Spots"
    _auto = False
    _order = "coverage_rank, customer_count desc, lead_count desc, id"
    _rec_name = "country_id"

    company_id = fields.Many2one("res.company", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    state_id = fields.Many2one(
        "res.country.state", string="State of the Country", readonly=True
    )
    customer_count = fields.Integer(
        string="Customers", readonly=True, help="New, active and dormant ones."
    )
    prospect_count = fields.Integer(
        string="Prospects", readonly=True, help="Suspects and prospects."
    )
    lead_count = fields.Integer(string="Open Leads", readonly=True)
    dealer_count = fields.Integer(string="Dealers", readonly=True, aggregator=None)
    dealer_names = fields.Char(string="Who Works Here", readonly=True)
    coverage = fields.Selection(COVERAGES, readonly=True)
    coverage_rank = fields.Integer(readonly=True, aggregator=None)

    _depends = {
        "crm.lead": [
            "active",
            "company_id",
            "country_id",
            "state_id",
            "won_status",
        ],
        "dealer.territory": [
            "active",
            "category_ids",
            "company_id",
            "country_ids",
            "date_end",
            "date_start",
            "dealer_id",
            "is_exclusive",
            "partner_ids",
            "state_ids",
        ],
        "partner.stage": ["company_id", "is_current", "partner_id", "stage"],
        "res.partner": ["country_id", "dealer_stage", "name", "state_id"],
    }

    def action_open_leads(self):
        """The open leads of the place (button)."""
        pending = [("won_status", "=", "pending")]
        return self._get_action("crm.lead", self.env._("Leads"), pending)

    def action_open_customers(self):
        """Customers and prospects of the place (button)."""
        stages = ("new", "active", "dormant", "suspect", "prospect")
        domain = [("customer_stage", "in", stages), ("dealer_stage", "=", False)]
        return self._get_action("res.partner", self.env._("Customers"), domain)

    def _get_action(self, model, name, domain):
        self.ensure_one()
        place = [
            ("country_id", "=", self.country_id.id),
            ("state_id", "=", self.state_id.id),
        ]
        return {
            "type": "ir.actions.act_window",
            "name": f"{name}: {self.state_id.name or self.country_id.name}",
            "res_model": model,
            "view_mode": "list,form",
            "domain": place + domain,
        }

    @property
    def _table_query(self):
        return SQL(
            """SELECT ROW_NUMBER() OVER (
                          ORDER BY place.company_id, place.country_id, place.state_id
                      ) AS id, place.*, COALESCE(works.dealer_count, 0) AS dealer_count,
                      works.dealer_names,
                      CASE works.rank WHEN 3 THEN 'exclusive' WHEN 2 THEN 'open'
                           WHEN 1 THEN 'partial' ELSE 'white' END AS coverage,
                      COALESCE(works.rank, 0) AS coverage_rank
                 FROM (%s) place
    LEFT JOIN LATERAL (%s) works ON TRUE""",
            self._select_places(),
            self._select_works(self.env.company._get_today()),
        )

    def _select_places(self):
        """Each place with its customers and leads, or where a territory is named."""
        return SQL(
            """SELECT company_id, country_id, state_id,
                      SUM(customers)::int AS customer_count,
                      SUM(prospects)::int AS prospect_count,
                      SUM(leads)::int AS lead_count
                 FROM (SELECT stay.company_id, partner.country_id, partner.state_id,
                              (stay.stage IN ('new', 'active', 'dormant'))::int
                              AS customers,
                              (stay.stage IN ('suspect', 'prospect'))::int AS prospects,
                              0 AS leads
                         FROM partner_stage stay
                         JOIN res_partner partner ON partner.id = stay.partner_id
                        WHERE stay.is_current AND partner.dealer_stage IS NULL
                    UNION ALL
                       SELECT company.id, lead.country_id, lead.state_id, 0, 0, 1
                         FROM crm_lead lead
                         JOIN res_company company
                              ON lead.company_id IS NULL OR company.id = lead.company_id
                        WHERE lead.active AND lead.won_status = 'pending'
                    UNION ALL
                       SELECT territory.company_id, named.res_country_id, NULL, 0, 0, 0
                         FROM dealer_territory territory
                         JOIN dealer_territory_res_country_rel named
                              ON named.dealer_territory_id = territory.id
                        WHERE territory.active
                    UNION ALL
                       SELECT territory.company_id, state.country_id, state.id, 0, 0, 0
                         FROM dealer_territory territory
                         JOIN dealer_territory_res_country_state_rel named
                              ON named.dealer_territory_id = territory.id
                         JOIN res_country_state state
                              ON state.id = named.res_country_state_id
                        WHERE territory.active) told
                WHERE country_id IS NOT NULL
             GROUP BY 1, 2, 3"""
        )

    def _select_works(self, today):
        """Who works in the place ``place`` on a day; without rows nobody does."""
        return SQL(
            """SELECT COUNT(DISTINCT dealer.id) AS dealer_count,
                      STRING_AGG(DISTINCT dealer.name, ', ') AS dealer_names,
                      MAX(CASE WHEN limited.is_so THEN 1
                               WHEN territory.is_exclusive THEN 3 ELSE 2 END) AS rank
                 FROM dealer_territory territory
                 JOIN res_partner dealer ON dealer.id = territory.dealer_id
           CROSS JOIN LATERAL (
                      SELECT EXISTS (SELECT 1
                                       FROM dealer_territory_product_category_rel sold
                                      WHERE sold.dealer_territory_id = territory.id
                             ) AS is_so) limited
                WHERE territory.active AND territory.company_id = place.company_id
                  AND COALESCE(territory.date_start <= %(today)s, TRUE)
                  AND COALESCE(territory.date_end >= %(today)s, TRUE)
                  AND COALESCE(dealer.dealer_stage, '')
                      NOT IN ('candidate', 'ended')
                  AND %(covers)s
               HAVING COUNT(*) > 0""",
            today=today,
            covers=self._where_covers(),
        )

    def _where_covers(self):
        """As the territory itself finds customers by place."""
        return SQL(
            """(EXISTS (SELECT 1 FROM dealer_territory_res_country_state_rel named
                         WHERE named.dealer_territory_id = territory.id
                           AND named.res_country_state_id = place.state_id)
                OR EXISTS (SELECT 1 FROM dealer_territory_res_country_rel named
                            WHERE named.dealer_territory_id = territory.id
                              AND named.res_country_id = place.country_id)
                   AND NOT EXISTS (
                       SELECT 1 FROM dealer_territory_res_country_state_rel named
                         JOIN res_country_state state
                              ON state.id = named.res_country_state_id
                        WHERE named.dealer_territory_id = territory.id
                          AND state.country_id = place.country_id)
                OR NOT EXISTS (SELECT 1 FROM dealer_territory_res_country_rel named
                                WHERE named.dealer_territory_id = territory.id)
                   AND NOT EXISTS (
                       SELECT 1 FROM dealer_territory_res_country_state_rel named
                        WHERE named.dealer_territory_id = territory.id)
                   AND NOT EXISTS (SELECT 1 FROM dealer_territory_partner_rel named
                                    WHERE named.dealer_territory_id = territory.id))"""
        )
