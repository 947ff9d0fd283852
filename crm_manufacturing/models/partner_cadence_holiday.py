from odoo import api, fields, models
from odoo.tools import SQL


class PartnerCadenceHoliday(models.Model):
    """The main holiday of a country, before which customers are thanked."""

    _name = "partner.cadence.holiday"
    _description = "Main Holiday"
    _order = "date, name"

    name = fields.Char(required=True, translate=True)
    date = fields.Date(required=True)
    is_yearly = fields.Boolean(
        string="Every Year", help="On the same day of every year; otherwise this once."
    )
    country_ids = fields.Many2many(
        "res.country",
        string="Countries",
        help="Empty: all countries without a holiday of their own.",
    )

    @api.model
    def _select_next(self, today):
        """SELECT of country_id and the date of its next holiday; 0 is no country."""
        dates = SQL(
            """SELECT holiday.id, CASE
                      WHEN NOT COALESCE(holiday.is_yearly, FALSE) THEN holiday.date
                      WHEN here.date >= %(today)s THEN here.date
                      ELSE (here.date + INTERVAL '1 year')::date END AS date
                 FROM partner_cadence_holiday holiday
           CROSS JOIN LATERAL (
                      SELECT (holiday.date + MAKE_INTERVAL(years => %(year)s
                          - EXTRACT(YEAR FROM holiday.date)::int))::date AS date) here
            """,
            year=today.year,
            today=today,
        )
        return SQL(
            """SELECT place.id AS country_id, COALESCE(own.date, common.date) AS date
                 FROM (SELECT id FROM res_country UNION ALL SELECT 0) place
            LEFT JOIN (SELECT rel.res_country_id AS country_id, MIN(dated.date) AS date
                         FROM (%(dates)s) dated
                         JOIN partner_cadence_holiday_res_country_rel rel
                              ON rel.partner_cadence_holiday_id = dated.id
                        WHERE dated.date >= %(today)s GROUP BY 1) own
                      ON own.country_id = place.id
            LEFT JOIN (SELECT MIN(dated.date) AS date FROM (%(dates)s) dated
                        WHERE dated.date >= %(today)s AND NOT EXISTS (
                              SELECT FROM partner_cadence_holiday_res_country_rel rel
                               WHERE rel.partner_cadence_holiday_id = dated.id)) common
                      ON TRUE
                WHERE COALESCE(own.date, common.date) IS NOT NULL""",
            dates=dates,
            today=today,
        )
