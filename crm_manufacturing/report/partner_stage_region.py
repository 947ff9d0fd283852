from odoo import fields, models
from odoo.tools import SQL

from ..models.partner_stage import STAGES


class PartnerStageRegion(models.Model):
    """Customers by country group, tier and stage, the white spots included.

    One row per country group and customer, which counts 1, and one row per country
    group, tier and stage without customer, which counts 0: a cell in which nobody is
    shows 0 instead of being left out. Country groups overlap: Germany is in Europe and
    in the SEPA area, so a customer counts in each and the groups do not add up.
    """

    _name = "partner.stage.region"
    _description = "Customers by Region"
    _auto = False
    _order = "country_group_id, tier_id, id"
    _rec_name = "partner_id"

    company_id = fields.Many2one("res.company", readonly=True)
    country_group_id = fields.Many2one(
        "res.country.group",
        string="Country Group (overlapping)",
        readonly=True,
        help="Country groups overlap: a customer counts in each of his country's.",
    )
    country_id = fields.Many2one("res.country", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    tier_id = fields.Many2one("partner.scorecard.band", readonly=True)
    stage = fields.Selection(STAGES, readonly=True)
    customers = fields.Integer(readonly=True, help="0 in the rows of the white spots.")

    _depends = {
        "partner.score": [
            "scorecard_id",
            "partner_id",
            "effective_band_id",
            "is_current",
        ],
        "partner.stage": ["partner_id", "stage", "is_current"],
        "res.company": ["pyramid_scorecard_id"],
        "res.country.group": ["country_ids"],
        "res.partner": ["country_id", "user_id"],
    }

    @property
    def _table_query(self):
        return SQL(
            """SELECT ROW_NUMBER() OVER (ORDER BY company_id, partner_id,
                      country_group_id, tier_id, stage) AS id, *
                 FROM (%s UNION ALL %s) region""",
            self._select_customers(),
            self._select_white_spots(),
        )

    def _select_customers(self):
        """Everybody who has a tier or a stage, once per group of his country."""
        return SQL(
            """SELECT known.company_id,
                      grouped.res_country_group_id AS country_group_id,
                      partner.country_id, partner.id AS partner_id, partner.user_id,
                      known.tier_id, known.stage, 1 AS customers
                 FROM (SELECT COALESCE(score.company_id, stay.company_id) AS company_id,
                              COALESCE(score.partner_id, stay.partner_id) AS partner_id,
                              score.effective_band_id AS tier_id, stay.stage
                         FROM (%s) score
              FULL OUTER JOIN (SELECT partner_id, company_id, stage FROM partner_stage
                                WHERE is_current) stay
                              ON stay.partner_id = score.partner_id
                              AND stay.company_id = score.company_id) known
                 JOIN res_partner partner ON partner.id = known.partner_id
            LEFT JOIN res_country_res_country_group_rel grouped
                      ON grouped.res_country_id = partner.country_id""",
            self._select_tiers(),
        )

    def _select_tiers(self):
        return SQL(
            """SELECT score.partner_id, score.company_id, score.effective_band_id
                 FROM partner_score score
                 JOIN res_company company ON company.id = score.company_id
                      AND company.pyramid_scorecard_id = score.scorecard_id
                WHERE score.is_current"""
        )

    def _select_white_spots(self):
        stages = [stage for stage, _name in STAGES]
        return SQL(
            """SELECT company.id, region.id, NULL::int, NULL::int, NULL::int, band.id,
                      stage, 0
                 FROM res_company company
                 JOIN partner_scorecard_band band
                      ON band.scorecard_id = company.pyramid_scorecard_id
           CROSS JOIN res_country_group region
           CROSS JOIN UNNEST(%s::varchar[]) AS stage""",
            stages,
        )
