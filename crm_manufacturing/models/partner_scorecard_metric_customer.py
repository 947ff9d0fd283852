from odoo import api, models
from odoo.tools import SQL

from ..tools.period import previous_bounds

CUSTOMER_DOCUMENTS = ("out_invoice", "out_refund")


class PartnerScorecardMetric(models.AbstractModel):
    """What the orders, invoices and payments of a customer say.

    Amounts are untaxed and in company currency as booked, credit notes deducted on
    their own date. An order belongs to the company's day of its order date.
    """

    _inherit = "partner.scorecard.metric"

    @api.model
    def _selection_metric(self):
        return super()._selection_metric() + [
            ("invoiced_revenue", self.env._("Invoiced revenue")),
            ("ordered_revenue", self.env._("Ordered revenue")),
            ("gross_margin", self.env._("Gross margin")),
            ("order_count", self.env._("Number of orders")),
            ("order_recency", self.env._("Recency in own intervals")),
            ("revenue_growth", self.env._("Revenue growth")),
            ("payment_delay", self.env._("Days late in paying")),
        ]

    @api.model
    def _lower_is_better(self):
        return super()._lower_is_better() | {"order_recency", "payment_delay"}

    @api.model
    def _confidential(self):
        return super()._confidential() | {"gross_margin"}

    # ------------------------------------------------------------------
    # Invoices
    # ------------------------------------------------------------------

    @api.model
    def _where_invoices(self, company, date_from, date_to):
        """Posted customer documents of the period; spelled as the partial index."""
        return SQL(
            """move.state = 'posted' AND move.move_type IN ('out_invoice', 'out_refund')
            AND move.commercial_partner_id IS NOT NULL AND move.company_id = %s
            AND move.invoice_date BETWEEN %s AND %s""",
            company.id,
            date_from,
            date_to,
        )

    @api.model
    def _metric_invoiced_revenue(self, company, date_from, date_to):
        """Customer invoices minus credit notes, company currency as booked."""
        return SQL(
            """SELECT move.commercial_partner_id AS partner_id,
                      SUM(move.amount_untaxed_signed) AS value, COUNT(*) AS evidence
                 FROM account_move move WHERE %s GROUP BY 1""",
            self._where_invoices(company, date_from, date_to),
        )

    @api.model
    def _metric_invoiced_revenue_silence(self):
        return 0

    @api.model
    def _metric_invoiced_revenue_action(self, partner, company, date_from, date_to):
        return self._get_invoice_action(partner, company, date_from, date_to)

    @api.model
    def _metric_revenue_growth(self, company, date_from, date_to):
        """Revenue against the period before, as a ratio: 0.25 is a quarter more.

        Only for customers with revenue in the period before; a new customer has no
        growth yet.
        """
        previous_from, _previous_to = previous_bounds(date_from, date_to)
        return SQL(
            """SELECT partner_id, value / previous - 1 AS value, evidence FROM (
                 SELECT move.commercial_partner_id AS partner_id, COUNT(*) AS evidence,
                        COALESCE(SUM(move.amount_untaxed_signed)
                            FILTER (WHERE move.invoice_date >= %(start)s), 0) AS value,
                        SUM(move.amount_untaxed_signed)
                            FILTER (WHERE move.invoice_date < %(start)s) AS previous
                   FROM account_move move WHERE %(where)s GROUP BY 1) both_periods
                WHERE previous > 0""",
            start=date_from,
            where=self._where_invoices(company, previous_from, date_to),
        )

    @api.model
    def _metric_revenue_growth_silence(self):
        return None

    @api.model
    def _metric_revenue_growth_action(self, partner, company, date_from, date_to):
        previous_from, _previous_to = previous_bounds(date_from, date_to)
        return self._get_invoice_action(partner, company, previous_from, date_to)

    @api.model
    def _metric_gross_margin(self, company, date_from, date_to):
        """Revenue minus cost of the invoiced lines whose cost is known.

        The cost is what the host booked with the invoice (its cost of goods sold
        lines); where it books none, quantity at the product's cost, as the host's own
        invoice analysis does. Lines without product or cost have no margin: they are
        left out on both sides, and a customer with only such lines has no row.
        Evidence counts invoices.
        """
        return SQL(
            """SELECT partner_id, SUM(margin) AS value, COUNT(*) AS evidence FROM (
                 SELECT partner_id, move_id, SUM(revenue - cost) AS margin
                   FROM (%s) costed WHERE cost IS NOT NULL GROUP BY 1, 2) per_invoice
             GROUP BY 1""",
            self._select_costed_lines(company, date_from, date_to),
        )

    @api.model
    def _select_costed_lines(self, company, date_from, date_to):
        """SELECT of partner_id, move_id, revenue and cost per invoice line."""
        return SQL(
            """WITH product AS MATERIALIZED (%(products)s)
               SELECT move.commercial_partner_id AS partner_id, move.id AS move_id,
                      -line.balance AS revenue,
                      COALESCE(booked.cost, %(sign)s * line.quantity
                          * COALESCE(uom.factor, 1) / product.factor * product.cost
                      ) AS cost
                 FROM account_move move
                 JOIN account_move_line line
                      ON line.move_id = move.id AND line.display_type = 'product'
                 JOIN product ON product.id = line.product_id
            LEFT JOIN uom_uom uom ON uom.id = line.product_uom_id
            LEFT JOIN (%(booked)s) booked ON booked.line_id = line.id
                WHERE %(where)s""",
            products=self._select_product_costs(company),
            sign=SQL("CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END"),
            booked=self._select_booked_cost(company, date_from, date_to),
            where=self._where_invoices(company, date_from, date_to),
        )

    @api.model
    def _select_product_costs(self, company):
        """SELECT of id, cost (or NULL) and factor of the unit the cost is for."""
        return SQL(
            """SELECT product.id, COALESCE(base.factor, 1) AS factor,
                      NULLIF((product.standard_price ->> %s)::numeric, 0) AS cost
                 FROM product_product product
                 JOIN product_template template ON template.id = product.product_tmpl_id
                 JOIN uom_uom base ON base.id = template.uom_id""",
            str(company.id),
        )

    @api.model
    def _select_booked_cost(self, company, date_from, date_to):
        """SELECT of line_id and the cost of goods sold booked for that line."""
        return SQL(
            """SELECT cogs.cogs_origin_id AS line_id, SUM(cogs.balance) AS cost
                 FROM account_move_line cogs
                 JOIN account_move move ON move.id = cogs.move_id
                 JOIN account_account account ON account.id = cogs.account_id
                WHERE cogs.display_type = 'cogs' AND cogs.cogs_origin_id IS NOT NULL
                  AND account.account_type LIKE 'expense%%' AND %s
             GROUP BY 1""",
            self._where_invoices(company, date_from, date_to),
        )

    @api.model
    def _metric_gross_margin_silence(self):
        return None

    @api.model
    def _metric_gross_margin_action(self, partner, company, date_from, date_to):
        costed = self._select_costed_lines(company, date_from, date_to)
        query = SQL(
            """SELECT DISTINCT move_id FROM (%s) costed
                WHERE cost IS NOT NULL AND partner_id = %s""",
            costed,
            partner.commercial_partner_id.id,
        )
        action = self._get_invoice_action(partner, company, date_from, date_to)
        action["domain"] = [("id", "in", self._get_ids(query))]
        return action

    @api.model
    def _metric_payment_delay(self, company, date_from, date_to):
        """Average days late of the invoices that fell due in the period.

        Each invoice counts once with the days between its due date and its payments,
        weighted by the amount paid each time; what is still open is late from the due
        date until the last day of the period. Early payment is 0 days late. Amounts
        settled by a credit note are left out.
        """
        return SQL(
            """SELECT partner_id, AVG(days) AS value, COUNT(*) AS evidence FROM (
                 SELECT move.commercial_partner_id AS partner_id, move.id,
                        SUM(part.amount
                            * GREATEST(part.date - move.invoice_date_due, 0))
                            / NULLIF(SUM(part.amount), 0) AS days
                   FROM account_move move
                   JOIN account_move_line line ON line.move_id = move.id
                        AND line.display_type = 'payment_term'
             CROSS JOIN LATERAL (%(parts)s) part
                  WHERE %(where)s
               GROUP BY 1, 2) per_invoice
                WHERE days IS NOT NULL GROUP BY 1""",
            parts=self._select_settlements(date_to),
            where=self._where_due_invoices(company, date_from, date_to),
        )

    @api.model
    def _select_settlements(self, date_to):
        """SELECT of amount and date: each payment of ``line``, and its open rest.

        A payment after ``date_to`` is not known yet on that day: it is open.
        """
        return SQL(
            """SELECT rec.amount, LEAST(rec.max_date, %(today)s) AS date
                 FROM account_partial_reconcile rec
                 JOIN account_move_line other ON other.id = rec.credit_move_id
                 JOIN account_move other_move ON other_move.id = other.move_id
                WHERE rec.debit_move_id = line.id
                  AND other_move.move_type <> 'out_refund'
            UNION ALL
               SELECT line.amount_residual, %(today)s::date
                WHERE line.amount_residual > 0""",
            today=date_to,
        )

    @api.model
    def _where_due_invoices(self, company, date_from, date_to):
        return SQL(
            """move.state = 'posted' AND move.move_type = 'out_invoice'
            AND move.commercial_partner_id IS NOT NULL AND move.company_id = %s
            AND move.invoice_date_due BETWEEN %s AND %s
            AND move.invoice_date <= %s""",
            company.id,
            date_from,
            date_to,
            date_to,
        )

    @api.model
    def _metric_payment_delay_silence(self):
        return None

    @api.model
    def _metric_payment_delay_action(self, partner, company, date_from, date_to):
        query = SQL(
            """SELECT move.id FROM account_move move
                 JOIN account_move_line line ON line.move_id = move.id
                      AND line.display_type = 'payment_term'
           CROSS JOIN LATERAL (%s) part
                WHERE %s AND move.commercial_partner_id = %s
             GROUP BY 1 HAVING SUM(part.amount) <> 0""",
            self._select_settlements(date_to),
            self._where_due_invoices(company, date_from, date_to),
            partner.commercial_partner_id.id,
        )
        action = self._get_invoice_action(partner, company, date_from, date_to)
        action["domain"] = [("id", "in", self._get_ids(query))]
        return action

    @api.model
    def _get_invoice_action(self, partner, company, date_from, date_to):
        """The customer documents of the period, by commercial partner."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Invoices of %(partner)s", partner=partner.display_name),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [
                ("commercial_partner_id", "=", partner.commercial_partner_id.id),
                ("company_id", "=", company.id),
                ("state", "=", "posted"),
                ("move_type", "in", CUSTOMER_DOCUMENTS),
                ("invoice_date", ">=", date_from),
                ("invoice_date", "<=", date_to),
            ],
            # the type shows the columns customer and date
            "context": {"create": False, "default_move_type": "out_invoice"},
        }

    # ------------------------------------------------------------------
    # Orders
    # ------------------------------------------------------------------

    @api.model
    def _select_orders(self, company, date_from, date_to):
        """SELECT of partner_id, day and amount of the confirmed orders.

        ``date_from`` None means since ever.
        """
        start = company._get_day_start(date_from) if date_from else None
        return SQL(
            """SELECT partner.commercial_partner_id AS partner_id,
                      (so.date_order AT TIME ZONE 'UTC'
                          AT TIME ZONE %(tz)s)::date AS day,
                      so.amount_untaxed
                          / COALESCE(NULLIF(so.currency_rate, 0), 1) AS amount
                 FROM sale_order so
                 JOIN res_partner partner ON partner.id = so.partner_id
                WHERE so.state = 'sale' AND so.company_id = %(company)s
                  AND so.date_order < %(end)s %(since)s""",
            tz=company._get_timezone(),
            company=company.id,
            end=company._get_day_start(date_to, days=1),
            since=SQL("AND so.date_order >= %s", start) if start else SQL(),
        )

    @api.model
    def _metric_ordered_revenue(self, company, date_from, date_to):
        """Confirmed orders, untaxed, at the currency rate of each order."""
        return SQL(
            """SELECT partner_id, SUM(amount) AS value, COUNT(*) AS evidence
                 FROM (%s) orders GROUP BY 1""",
            self._select_orders(company, date_from, date_to),
        )

    @api.model
    def _metric_ordered_revenue_silence(self):
        return 0

    @api.model
    def _metric_ordered_revenue_action(self, partner, company, date_from, date_to):
        return self._get_order_action(partner, company, date_from, date_to)

    @api.model
    def _metric_order_count(self, company, date_from, date_to):
        """Number of confirmed orders."""
        return SQL(
            """SELECT partner_id, COUNT(*) AS value, COUNT(*) AS evidence
                 FROM (%s) orders GROUP BY 1""",
            self._select_orders(company, date_from, date_to),
        )

    @api.model
    def _metric_order_count_silence(self):
        return 0

    @api.model
    def _metric_order_count_action(self, partner, company, date_from, date_to):
        return self._get_order_action(partner, company, date_from, date_to)

    @api.model
    def _metric_order_recency(self, company, date_from, date_to):
        """Days since the last order in units of the customer's own median interval.

        1 means an order is due by his own rhythm, 2.5 that he is silent for two and a
        half of his intervals. All confirmed orders until ``date_to`` count, several on
        one day as one; a customer with a single order day has no interval and no value.
        Evidence counts the intervals.
        """
        return SQL(
            """SELECT partner_id, (%s::date - last_day) / median AS value,
                      intervals AS evidence
                 FROM (%s) rhythm WHERE intervals > 0""",
            date_to,
            self._select_rhythm(self._select_orders(company, None, date_to)),
        )

    @api.model
    def _metric_order_recency_silence(self):
        return None

    @api.model
    def _metric_order_recency_action(self, partner, company, date_from, date_to):
        return self._get_order_action(partner, company, None, date_to)

    @api.model
    def _select_rhythm(self, purchases):
        """SELECT of partner_id, first_day, last_day, median (days), intervals.

        ``purchases`` is a SELECT with partner_id and day.
        """
        return SQL(
            """SELECT partner_id, MIN(day) AS first_day, MAX(day) AS last_day,
                      COUNT(gap) AS intervals,
                      PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY gap) AS median
                 FROM (SELECT partner_id, day, day - LAG(day) OVER (
                                  PARTITION BY partner_id ORDER BY day) AS gap
                         FROM (SELECT DISTINCT partner_id, day FROM (%s) purchases) days
                      ) gaps
             GROUP BY 1""",
            purchases,
        )

    @api.model
    def _get_order_action(self, partner, company, date_from, date_to):
        """The confirmed orders of the period, by commercial partner."""
        domain = [
            ("partner_id.commercial_partner_id", "=", partner.commercial_partner_id.id),
            ("company_id", "=", company.id),
            ("state", "=", "sale"),
            ("date_order", "<", company._get_day_start(date_to, days=1)),
        ]
        if date_from:
            domain.append(("date_order", ">=", company._get_day_start(date_from)))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Orders of %(partner)s", partner=partner.display_name),
            "res_model": "sale.order",
            "view_mode": "list,form",
            "domain": domain,
            "context": {"create": False},
        }

    @api.model
    def _get_ids(self, query):
        """First column of a SELECT, for a domain the ORM cannot say."""
        self.env.flush_all()
        return [row[0] for row in self.env.execute_query(query)]
