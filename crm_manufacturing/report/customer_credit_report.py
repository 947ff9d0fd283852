from odoo import fields, models
from odoo.tools import SQL


class CustomerCreditReport(models.Model):
    """What each customer owes, how late he is, and what leaves for him soon.

    One row per commercial partner and company, in company currency. ``receivable`` is
    what is posted and open; ``overdue_amount`` is the part past its due date less what
    he paid or was credited without its being matched, never below 0; ``days_late`` is
    counted from the oldest of these items. ``soon_amount`` is what was shipped and not
    invoiced, or ships within the company's days ahead: of a long frame order only that
    counts. A service has no shipment and counts from its promised day, without one at
    once. ``now_amount`` is the same for the days before a shipment.
    """

    _name = "customer.credit.report"
    _description = "Credit of Customers"
    _auto = False
    _order = "overdue_amount desc, receivable desc, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    receivable = fields.Monetary(string="Owed", readonly=True)
    overdue_amount = fields.Monetary(string="Overdue", readonly=True)
    days_late = fields.Integer(
        readonly=True,
        aggregator="max",
        help="Days since the due date of the oldest open item.",
    )
    soon_amount = fields.Monetary(
        string="Ships Soon",
        readonly=True,
        help="Shipped and not invoiced, or shipping within the days of the settings.",
    )
    now_amount = fields.Monetary(
        string="Ships Now",
        readonly=True,
        help="Shipped and not invoiced, or shipping within the days in which a "
        "delivery is checked.",
    )
    credit_limit = fields.Monetary(compute="_compute_credit_limit")
    is_over = fields.Boolean(
        string="Over the Credit",
        compute="_compute_credit_limit",
        search="_search_is_over",
        help="More owed and shipping soon than the limit, or overdue for longer than "
        "the days of the settings.",
    )

    _depends = {
        "account.account": ["account_type"],
        "account.move.line": [
            "account_id",
            "amount_residual",
            "company_id",
            "date_maturity",
            "parent_state",
            "partner_id",
            "reconciled",
        ],
        "res.company": ["credit_check_days", "credit_horizon_days"],
        "res.partner": ["commercial_partner_id"],
        "product.product": ["product_tmpl_id"],
        "product.template": ["type"],
        "sale.order": [
            "commitment_date",
            "company_id",
            "currency_rate",
            "partner_id",
            "state",
        ],
        "sale.order.line": [
            "order_id",
            "price_total",
            "product_id",
            "product_uom_qty",
            "qty_delivered",
            "qty_invoiced",
        ],
        "stock.move": ["date", "product_qty", "sale_line_id", "state"],
    }

    def _compute_credit_limit(self):
        for company, rows in self.grouped("company_id").items():
            # sudo: who reads the row may read the limit
            known = company.sudo().account_use_credit_limit
            for row in rows:
                partner = row.partner_id.sudo().with_company(company)
                row.credit_limit = known and partner.credit_limit
                row.is_over = row._is_over(company)

    def _is_over(self, company):
        used = self.receivable + self.soon_amount
        # sudo: the days of the settings, for whoever may read who owes
        late_days = company.sudo().credit_late_days
        is_late = self.overdue_amount > 0 and self.days_late > late_days
        return is_late or (
            self.credit_limit > 0
            and self.currency_id.compare_amounts(used, self.credit_limit) > 0
        )

    def _search_is_over(self, operator, value):
        """The limit is the host's and of no column: who owes is looked through."""
        if operator != "in":
            return NotImplemented
        owing = ["|", ("receivable", ">", 0), ("soon_amount", ">", 0)]
        over = self.search(owing).filtered("is_over")
        return [("id", "in" if True in value else "not in", over.ids)]

    @property
    def _table_query(self):
        return SQL(
            """SELECT partner_id * 10000::bigint + company_id AS id, partner_id,
                      company_id, SUM(receivable) AS receivable,
                      GREATEST(0, SUM(overdue_amount)) AS overdue_amount,
                      CASE WHEN SUM(overdue_amount) > 0
                           THEN MAX(days_late) ELSE 0 END AS days_late,
                      SUM(soon_amount) AS soon_amount, SUM(now_amount) AS now_amount
                 FROM (%s UNION ALL %s) item GROUP BY partner_id, company_id""",
            self._select_receivables(),
            self._select_shipments(),
        )

    def _select_today(self):
        """LATERAL of ``clock.today``, the day of ``company``, and ``clock.zone``."""
        return SQL(
            """JOIN res_partner company_partner
                    ON company_partner.id = company.partner_id
          LEFT JOIN resource_calendar calendar
                    ON calendar.id = company.resource_calendar_id
         CROSS JOIN LATERAL (
                   SELECT COALESCE(company_partner.tz, calendar.tz, 'UTC') AS zone
                   ) place
         CROSS JOIN LATERAL (
                   SELECT (%s::timestamp AT TIME ZONE 'UTC'
                           AT TIME ZONE place.zone)::date AS today,
                          place.zone) clock""",
            fields.Datetime.now(),
        )

    def _select_receivables(self):
        """Open items; what is not due to anybody yet may still reduce the debt."""
        return SQL(
            """SELECT partner.commercial_partner_id AS partner_id, line.company_id,
                      line.amount_residual AS receivable,
                      CASE WHEN line.date_maturity < clock.today
                                OR line.amount_residual < 0
                           THEN line.amount_residual ELSE 0 END AS overdue_amount,
                      CASE WHEN line.amount_residual > 0
                           THEN GREATEST(0, clock.today - line.date_maturity)
                      END AS days_late,
                      0::numeric AS soon_amount, 0::numeric AS now_amount
                 FROM account_move_line line
                 JOIN account_account account ON account.id = line.account_id
                 JOIN res_partner partner ON partner.id = line.partner_id
                 JOIN res_company company ON company.id = line.company_id
                 %s
                WHERE line.parent_state = 'posted' AND NOT line.reconciled
                  AND account.account_type = 'asset_receivable'""",
            self._select_today(),
        )

    def _select_shipments(self):
        """Confirmed lines: shipped or shipping, less invoiced, with their taxes.

        What is still to come of a line is split by its own moves, so that units of
        measure and kits need no conversion.
        """
        return SQL(
            """SELECT partner.commercial_partner_id, sale.company_id, 0::numeric,
                      0::numeric, NULL::int, piece.price * GREATEST(
                          0, line.qty_delivered + piece.open
                             * COALESCE(move.soon, service.soon::int, 0)
                             - line.qty_invoiced),
                      piece.price * GREATEST(
                          0, line.qty_delivered + piece.open
                             * COALESCE(move.now, service.now::int, 0)
                             - line.qty_invoiced)
                 FROM sale_order_line line
                 JOIN sale_order sale ON sale.id = line.order_id
                 JOIN res_partner partner ON partner.id = sale.partner_id
                 JOIN res_company company ON company.id = sale.company_id
                 %(clock)s
         CROSS JOIN LATERAL (
                   SELECT line.price_total / line.product_uom_qty
                              / COALESCE(NULLIF(sale.currency_rate, 0), 1) AS price,
                          GREATEST(0, line.product_uom_qty - line.qty_delivered)
                              AS open) piece
          LEFT JOIN LATERAL (
                   SELECT SUM(move.product_qty) FILTER (WHERE leaving.day
                              <= clock.today + company.credit_horizon_days)
                              / NULLIF(SUM(move.product_qty), 0) AS soon,
                          SUM(move.product_qty) FILTER (WHERE leaving.day
                              <= clock.today + company.credit_check_days)
                              / NULLIF(SUM(move.product_qty), 0) AS now
                     FROM stock_move move
                     JOIN stock_location goal ON goal.id
                              = COALESCE(move.location_final_id, move.location_dest_id)
               CROSS JOIN LATERAL (
                          SELECT (move.date AT TIME ZONE 'UTC'
                                  AT TIME ZONE clock.zone)::date AS day) leaving
                    WHERE move.sale_line_id = line.id AND goal.usage = 'customer'
                      AND move.state NOT IN ('done', 'cancel')) move ON TRUE
          LEFT JOIN LATERAL (
                   SELECT COALESCE(sale.commitment_date::date, clock.today)
                              <= clock.today + company.credit_horizon_days AS soon,
                          COALESCE(sale.commitment_date::date, clock.today)
                              <= clock.today + company.credit_check_days AS now
                     FROM product_product product
                     JOIN product_template template
                          ON template.id = product.product_tmpl_id
                    WHERE product.id = line.product_id
                      AND template.type = 'service') service ON TRUE
                WHERE sale.state = 'sale' AND line.display_type IS NULL
                  AND line.product_uom_qty > 0 AND line.is_downpayment IS NOT TRUE""",
            clock=self._select_today(),
        )

    def _get_figures(self, partners, company):
        """``{commercial partner id: row}`` of those with any; one statement."""
        # what was read for the order before is not true for the next
        self.invalidate_model(flush=False)
        # sudo: the figure decides for who may not read invoices
        rows = self.sudo().search(
            [
                ("partner_id", "in", partners.commercial_partner_id.ids),
                ("company_id", "=", company.id),
            ]
        )
        return {row.partner_id.id: row for row in rows}

    def action_open_items(self):
        """The open items behind the row (button)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open Items of %s", self.partner_id.display_name),
            "res_model": "account.move.line",
            "view_mode": "list,form",
            "domain": [
                ("partner_id.commercial_partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("parent_state", "=", "posted"),
                ("account_id.account_type", "=", "asset_receivable"),
                ("reconciled", "=", False),
            ],
            "context": {"create": False},
        }
