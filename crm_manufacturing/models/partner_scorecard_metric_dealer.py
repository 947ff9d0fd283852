from odoo import api, models
from odoo.tools import SQL


class PartnerScorecardMetric(models.AbstractModel):
    """How dealers keep what was agreed. None of it has a figure without evidence."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "partner.scorecard.metric"

    @api.model
    def _selection_metric(self):
        return super()._selection_metric() + [
            ("dealer_target", self.env._("Target attainment")),
            (
                "dealer_registration_quality",
                self.env._("Leads and registrations kept up"),
            ),
            ("dealer_stock_reporting", self.env._("Stock reported in time and right")),
            ("dealer_new_customers", self.env._("New end customers")),
            ("dealer_return_rate", self.env._("Returned by the dealer")),
        ]

    @api.model
    def _lower_is_better(self):
        return super()._lower_is_better() | {"dealer_return_rate"}

    @api.model
    def _get_units(self):
        return super()._get_units() | {
            "dealer_target": "ratio",
            "dealer_registration_quality": "ratio",
            "dealer_stock_reporting": "ratio",
            "dealer_return_rate": "ratio",
        }

    @api.model
    def _get_dealer_action(self, name, field, partner, company, date_from, date_to):
        """The window action ``name`` on the dealer's rows of the period."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"crm_manufacturing.{name}"
        )
        action["context"] = {}
        action["domain"] = [
            ("dealer_id", "=", partner.commercial_partner_id.id),
            ("company_id", "=", company.id),
            (field, ">=", date_from),
            (field, "<=", date_to),
        ]
        return action

    @api.model
    def _get_deliveries(self):
        """SELECT of the lines delivered to customers, whatever room has them."""
        return self.env["customer.delivery.report"]._table_query

    # ------------------------------------------------------------------
    # Targets
    # ------------------------------------------------------------------

    @api.model
    def _metric_dealer_target(self, company, date_from, date_to):
        """Achieved of the targets' parts in the period; evidence counts targets."""
        targets = self.env["dealer.target.report"]._select(
            SQL("target.company_id = %s", company.id), date_from, date_to
        )
        return SQL(
            """SELECT partner_id, (SUM(achieved) / NULLIF(SUM(part), 0))::float8
                          AS value, COUNT(*) AS evidence
                 FROM (%s) target GROUP BY 1""",
            targets,
        )

    @api.model
    def _metric_dealer_target_silence(self):
        return None

    @api.model
    def _metric_dealer_target_action(self, partner, company, date_from, date_to):
        action = self._get_dealer_action(
            "dealer_target_action", "date_end", partner, company, date_from, date_to
        )
        action["domain"] = [*action["domain"][:3], ("date_start", "<=", date_to)]
        return action

    # ------------------------------------------------------------------
    # Leads and registrations
    # ------------------------------------------------------------------

    @api.model
    def _metric_dealer_registration_quality(self, company, date_from, date_to):
        """Of the leads given and the deals approved in the period, those followed up.
        Evidence counts both.

        A win is worth no more than a loss, or only sure deals would be registered.
        """
        return SQL(
            """SELECT dealer_id AS partner_id, AVG(is_kept_up::int)::float8 AS value,
                      COUNT(*) AS evidence
                 FROM (%s) followed
                WHERE company_id = %s AND date BETWEEN %s AND %s GROUP BY 1""",
            self.env["dealer.follow.up"]._get_query(date_to),
            company.id,
            date_from,
            date_to,
        )

    @api.model
    def _metric_dealer_registration_quality_silence(self):
        return None

    @api.model
    def _metric_dealer_registration_quality_action(self, *args):
        return self._get_dealer_action("dealer_follow_up_action", "date", *args)

    # ------------------------------------------------------------------
    # Stock reports
    # ------------------------------------------------------------------

    @api.model
    def _metric_dealer_stock_reporting(self, company, date_from, date_to):
        """Mean of the months due: half for in time, half for as calculated.

        The level of the stock plays no part. Evidence counts months.
        """
        months = self.env["dealer.stock.month"]._get_query(date_to)
        return SQL(
            """SELECT dealer_id AS partner_id,
                      AVG((is_in_time::int + is_equal::int) / 2.0)::float8 AS value,
                      COUNT(*) AS evidence
                 FROM (%s) month
                WHERE company_id = %s AND period BETWEEN %s AND %s GROUP BY 1""",
            months,
            company.id,
            date_from,
            date_to,
        )

    @api.model
    def _metric_dealer_stock_reporting_silence(self):
        return None

    @api.model
    def _metric_dealer_stock_reporting_action(self, *args):
        return self._get_dealer_action("dealer_stock_month_action", "period", *args)

    # ------------------------------------------------------------------
    # End customers
    # ------------------------------------------------------------------

    @api.model
    def _metric_dealer_new_customers(self, company, date_from, date_to):
        """End customers named in the period for the first time by the dealer.

        Who never names any has no figure. Evidence counts all he named.
        """
        return SQL(
            """SELECT dealer_id AS partner_id,
                      COUNT(*) FILTER (WHERE first >= %(start)s)::float8 AS value,
                      COUNT(*) AS evidence
                 FROM (SELECT report.dealer_id, MIN(report.period) AS first
                         FROM dealer_stock_sale sale
                         JOIN dealer_stock_report_line line ON line.id = sale.line_id
                         JOIN dealer_stock_report report ON report.id = line.report_id
                    LEFT JOIN res_partner buyer ON buyer.id = sale.end_partner_id
                        WHERE report.company_id = %(company)s AND report.is_current
                          AND report.state <> 'draft' AND report.period <= %(end)s
                     GROUP BY 1, COALESCE(buyer.commercial_partner_id::text,
                                          LOWER(TRIM(sale.end_name)))) named
             GROUP BY 1""",
            start=date_from,
            end=date_to,
            company=company.id,
        )

    @api.model
    def _metric_dealer_new_customers_silence(self):
        return None

    @api.model
    def _metric_dealer_new_customers_action(self, *args):
        return self._get_dealer_action("dealer_stock_sale_action", "period", *args)

    # ------------------------------------------------------------------
    # Returns
    # ------------------------------------------------------------------

    @api.model
    def _metric_dealer_return_rate(self, company, date_from, date_to):
        """Returned of delivered, weighted by price, of the lines first promised for
        the period; evidence counts lines."""
        return SQL(
            """SELECT delivery.partner_id,
                      (SUM(delivery.returned_qty * weight.price)
                          / NULLIF(SUM(delivery.delivered_qty * weight.price), 0)
                      )::float8 AS value, COUNT(*) AS evidence
                 FROM (%(deliveries)s) delivery
                 JOIN sale_order_line line ON line.id = delivery.sale_line_id
           CROSS JOIN LATERAL (
                      SELECT line.price_subtotal / NULLIF(delivery.ordered_qty, 0)
                             AS price) weight
                WHERE delivery.company_id = %(company)s AND delivery.delivered_qty > 0
                  AND delivery.first_promised_date >= %(start)s
                  AND delivery.first_promised_date < %(end)s GROUP BY 1""",
            deliveries=self._get_deliveries(),
            company=company.id,
            start=company._get_day_start(date_from),
            end=company._get_day_start(date_to, days=1),
        )

    @api.model
    def _metric_dealer_return_rate_silence(self):
        return None

    @api.model
    def _metric_dealer_return_rate_action(self, partner, company, date_from, date_to):
        action = self.env["customer.delivery.report"]._get_partner_action(partner)
        action["domain"] = [
            ("partner_id", "=", partner.commercial_partner_id.id),
            ("company_id", "=", company.id),
            ("delivered_qty", ">", 0),
            ("first_promised_date", ">=", company._get_day_start(date_from)),
            ("first_promised_date", "<", company._get_day_start(date_to, days=1)),
        ]
        return action
