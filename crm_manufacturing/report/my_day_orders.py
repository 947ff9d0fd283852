from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date


class MyDay(models.AbstractModel):
    """The orders that will be later than promised, one line each."""

    # a file is a section of the day
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "my.day"

    @api.model
    def _my_day_sections(self):
        sections = super()._my_day_sections()
        place = [code for code, _name in sections].index("quotation")
        risk = ("risk", self.env._("Orders at risk"))
        return [*sections[:place], risk, *sections[place:]]

    @api.model
    def _get_loaders(self):
        return [*super()._get_loaders(), "_load_risks"]

    @api.model
    def _load_risks(self, users, today):
        """Orders with an open alert, as the alerts' last run left them.

        The alerts, not the trace itself: one query, whatever is on order.
        """
        alerts = self.env["order.trace.alert"]
        domain = Domain("closed_on", "=", False)
        domain &= Domain("company_id", "=", self.env.company.id)
        if users is not None:
            domain &= Domain("sale_line_id.order_id.user_id", "in", users)
        rows = self.env.execute_query_dict(
            SQL(
                """WITH alert AS MATERIALIZED (%(alerts)s)
               SELECT so.id, so.name, MIN(alert.promised_day) AS promised,
                      MAX(alert.expected_day) AS expected, customer.id AS partner_id,
                      customer.complete_name AS partner, customer.phone, customer.city,
                      person.name AS "user", band.code AS tier, band.color
                 FROM alert
                 JOIN sale_order_line line ON line.id = alert.sale_line_id
                 JOIN sale_order so ON so.id = line.order_id
                 JOIN res_partner contact ON contact.id = so.partner_id
                 JOIN res_partner customer
                      ON customer.id = contact.commercial_partner_id
            LEFT JOIN res_users usr ON usr.id = so.user_id
            LEFT JOIN res_partner person ON person.id = usr.partner_id
                 JOIN res_company company ON company.id = so.company_id
            LEFT JOIN partner_score score ON score.partner_id = customer.id
                      AND score.is_current AND score.company_id = so.company_id
                      AND score.scorecard_id = company.pyramid_scorecard_id
            LEFT JOIN partner_scorecard_band band ON band.id = score.effective_band_id
             GROUP BY so.id, customer.id, person.id, band.id
             ORDER BY band.sequence NULLS LAST, promised, so.id""",
                alerts=alerts._search(domain).select(
                    SQL("order_trace_alert.sale_line_id, promised_day, expected_day")
                ),
            )
        )
        return [self._get_risk_line(row) for row in rows]

    @api.model
    def _get_risk_line(self, row):
        return {
            **row,
            "key": f"risk-{row['id']}",
            "section": "risk",
            "res_model": "sale.order",
            "res_id": row["id"],
            "date": row["promised"],
            "touch": row["name"],
            "icon": "fa-truck",
            "reason": self.env._(
                "promised %(promised)s, expected %(expected)s",
                promised=format_date(self.env, row["promised"]),
                expected=format_date(self.env, row["expected"]),
            ),
            "last_touch_date": False,
            "also": [],
        }
