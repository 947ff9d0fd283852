from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from .my_day import CUSTOMER, CUSTOMER_JOINS


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
                      MAX(alert.expected_day) AS expected, %(customer)s
                 FROM alert
                 JOIN sale_order_line line ON line.id = alert.sale_line_id
                 JOIN sale_order so ON so.id = line.order_id
                      %(joins)s
             GROUP BY so.id, customer.id, person.id, band.id
             ORDER BY band.sequence NULLS LAST, promised, so.id""",
                customer=CUSTOMER,
                joins=CUSTOMER_JOINS,
                alerts=alerts._search(domain).select(
                    SQL("order_trace_alert.sale_line_id, promised_day, expected_day")
                ),
            )
        )
        return [self._get_risk_line(row) for row in rows]

    @api.model
    def _get_risk_line(self, row):
        reason = self.env._(
            "promised %(promised)s, expected %(expected)s",
            promised=format_date(self.env, row["promised"]),
            expected=format_date(self.env, row["expected"]),
        )
        line = self._get_order_line(row, "risk", reason)
        return {**line, "date": row["promised"], "icon": "fa-truck"}
