from odoo import api, fields, models
from odoo.tools import SQL


class CustomerDeliveryReport(models.Model):
    """One row per confirmed line of goods: what was promised and what arrived when.

    Quantities are in the product's unit, days are the company's. A verdict is 1, 0 or
    NULL; NULL is "not to be judged" and stays out of every average. A line is judged
    once it is delivered in full or its date is past: what is not delivered then counts
    as late from that day on. Estimated promises are left out of the verdicts.
    """

    _name = "customer.delivery.report"
    _description = "Deliveries to Customers"
    _auto = False
    _order = "first_promised_date desc, id desc"
    _rec_name = "sale_order_id"

    sale_line_id = fields.Many2one("sale.order.line", readonly=True)
    sale_order_id = fields.Many2one("sale.order", string="Order", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", string="Plant", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one("product.category", string="Category", readonly=True)
    ordered_qty = fields.Float(string="Ordered", readonly=True)
    delivered_qty = fields.Float(string="Delivered", readonly=True)
    returned_qty = fields.Float(string="Returned", readonly=True)
    complained_qty = fields.Float(
        string="Complained", readonly=True, help="Quantity credited to the customer."
    )
    fill_rate = fields.Float(
        string="Delivered (%)", readonly=True, aggregator="avg", help="At most 100."
    )
    requested_date = fields.Date(string="Requested", readonly=True)
    first_promised_date = fields.Datetime(string="First Promise", readonly=True)
    promised_date = fields.Datetime(string="Last Promise", readonly=True)
    delivered_full_date = fields.Date(
        string="Delivered in Full",
        readonly=True,
        help="The day the last quantity needed to be in full left for the customer.",
    )
    is_due = fields.Boolean(string="Due", readonly=True)
    is_estimated = fields.Boolean(
        string="Estimated Promise",
        readonly=True,
        help="Open when promises were first recorded; left out of the verdicts.",
    )
    on_time_first = fields.Float(
        string="On Time, First Promise", readonly=True, aggregator="avg"
    )
    on_time_last = fields.Float(
        string="On Time, Last Promise", readonly=True, aggregator="avg"
    )
    on_time_requested = fields.Float(
        string="On Time, Requested", readonly=True, aggregator="avg"
    )
    in_full = fields.Float(readonly=True, aggregator="avg")
    is_early = fields.Float(string="Too Early", readonly=True, aggregator="avg")
    days_late = fields.Integer(
        readonly=True,
        aggregator="avg",
        help="Days after the first promise, so far for what is not delivered.",
    )
    slip_count = fields.Integer(string="Slips", readonly=True)
    padding_days = fields.Integer(
        string="Padding (days)",
        readonly=True,
        aggregator="avg",
        help="Days our first promise is after the day the customer asked for.",
    )

    _depends = {
        "sale.order": ["partner_id", "user_id", "company_id", "state", "warehouse_id"],
        "sale.order.line": [
            "order_id",
            "product_id",
            "product_uom_id",
            "product_uom_qty",
            "qty_delivered",
            "customer_requested_date",
            "first_promised_date",
            "promised_date",
            "promise_slip_count",
            "promise_estimated",
        ],
        "stock.move": [
            "sale_line_id",
            "product_id",
            "state",
            "date",
            "quantity",
            "product_uom",
            "location_id",
            "location_dest_id",
        ],
        "account.move": ["state", "move_type"],
        "account.move.line": ["move_id", "quantity", "product_uom_id", "sale_line_ids"],
        "product.category": [
            "delivery_tolerance_own",
            "delivery_full_percent",
            "delivery_late_days",
            "delivery_early_days",
            "parent_path",
        ],
        "res.company": [
            "delivery_full_percent",
            "delivery_late_days",
            "delivery_early_days",
        ],
    }

    @api.model
    def _get_figures(self, partners):
        """``{customer: (percent on time by the first promise, lines it is the share
        of)}``, of the deliveries the reader may see; none for who has none."""
        groups = self._read_group(
            self._get_judged_domain(partners),
            ["partner_id"],
            ["on_time_first:avg", "__count"],
        )
        return {
            partner: (100 * share, count) for partner, share, count in groups if count
        }

    @api.model
    def _get_judged_domain(self, partners):
        return [
            ("partner_id", "in", partners.commercial_partner_id.ids),
            ("is_due", "=", True),
            ("is_estimated", "=", False),
        ]

    @api.model
    def _get_partner_action(self, partner):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_manufacturing.customer_delivery_report_action"
        )
        views = [(False, kind) for kind in ("list", "pivot", "graph")]
        return {
            **action,
            "views": views,
            "context": {},
            "domain": self._get_judged_domain(partner),
        }

    @property
    def _table_query(self):
        return SQL("%s %s %s", self._select(), self._from(), self._where())

    def _select_judged(self):
        """Quantities and days of a line, its tolerance, and the company's today."""
        return SQL(
            """SELECT line.id, ordered.quantity AS ordered_qty, tolerance.*,
                  shipped.returned_qty, COALESCE(shipped.own_qty, line.qty_delivered
                      * unit.factor / product_unit.factor, 0) AS delivered_qty,
                  (line.first_promised_date AT TIME ZONE 'UTC'
                      AT TIME ZONE zone.name)::date AS first_day,
                  (line.promised_date AT TIME ZONE 'UTC'
                      AT TIME ZONE zone.name)::date AS last_day,
                  (%(now)s AT TIME ZONE 'UTC' AT TIME ZONE zone.name)::date AS today,
                  (CASE WHEN NOT shipped.is_kit THEN shipped.full_date
                        WHEN line.qty_delivered >= line.product_uom_qty
                            * tolerance.full_percent / 100 THEN shipped.last_date
                        END AT TIME ZONE 'UTC' AT TIME ZONE zone.name)::date AS full_day
             FROM sale_order_line line
             JOIN sale_order sale ON sale.id = line.order_id
             JOIN res_company company ON company.id = sale.company_id
             JOIN (%(zones)s) zone ON zone.company_id = sale.company_id
             JOIN product_product product ON product.id = line.product_id
             JOIN product_template template ON template.id = product.product_tmpl_id
             JOIN uom_uom unit ON unit.id = line.product_uom_id
             JOIN uom_uom product_unit ON product_unit.id = template.uom_id
       CROSS JOIN LATERAL (SELECT line.product_uom_qty * unit.factor
                               / product_unit.factor AS quantity) ordered
       CROSS JOIN LATERAL (%(tolerance)s) tolerance
       CROSS JOIN LATERAL (%(shipped)s) shipped
            WHERE sale.state = 'sale' AND template.type = 'consu'
              AND line.display_type IS NULL AND line.product_uom_qty > 0
              AND line.first_promised_date IS NOT NULL
              AND shipped.is_cancelled IS NOT TRUE""",
            zones=self.env["res.company"]._select_zones(),
            now=fields.Datetime.now(),
            tolerance=self._select_tolerance(),
            shipped=self._select_shipped(),
        )

    def _select_tolerance(self):
        """The nearest category with a tolerance of its own, else the company."""
        return SQL(
            """SELECT COALESCE(own.full_percent, company.delivery_full_percent, 98)
                        AS full_percent,
                    COALESCE(own.late_days, company.delivery_late_days, 1) AS late_days,
                    COALESCE(own.early_days, company.delivery_early_days, 10)
                        AS early_days
               FROM (VALUES (1)) one
          LEFT JOIN (SELECT ancestor.delivery_full_percent AS full_percent,
                            ancestor.delivery_late_days AS late_days,
                            ancestor.delivery_early_days AS early_days
                       FROM product_category category
                       JOIN product_category ancestor
                            ON category.parent_path LIKE ancestor.parent_path || '%%'
                      WHERE category.id = template.categ_id
                        AND ancestor.delivery_tolerance_own
                   ORDER BY LENGTH(ancestor.parent_path) DESC LIMIT 1) own ON TRUE"""
        )

    def _select_shipped(self):
        """What left for the customer and came back, of the line's own product.

        A kit's own product never moves: its last component's day counts. A line whose
        deliveries were all cancelled is cancelled.
        """
        return SQL(
            """SELECT SUM(quantity) FILTER (WHERE out AND is_own) AS own_qty,
                    COALESCE(SUM(quantity) FILTER (WHERE back AND is_own), 0)
                        AS returned_qty,
                    COALESCE(BOOL_AND(NOT is_own) FILTER (WHERE out), FALSE) AS is_kit,
                    BOOL_AND(move.state = 'cancel') AS is_cancelled,
                    MIN(move.date) FILTER (WHERE so_far >= ordered.quantity
                        * tolerance.full_percent / 100) AS full_date,
                    MAX(move.date) FILTER (WHERE out) AS last_date
               FROM (%s) move""",
            self._select_moves(),
        )

    def _select_moves(self):
        """The line's moves beside those that make it; ``so_far`` runs over its days."""
        return SQL(
            """SELECT move.state, move.date, flow.*,
                    SUM(flow.quantity) FILTER (WHERE flow.out AND flow.is_own)
                        OVER (ORDER BY move.date, move.id) AS so_far
               FROM stock_move move
               JOIN uom_uom moved_unit ON moved_unit.id = move.product_uom
               JOIN stock_location source ON source.id = move.location_id
               JOIN stock_location destination ON destination.id = move.location_dest_id
         CROSS JOIN LATERAL (
                    SELECT move.product_id = line.product_id AS is_own,
                           move.quantity * moved_unit.factor / product_unit.factor
                               AS quantity,
                           move.state = 'done' AND destination.usage = 'customer'
                               AND source.usage <> 'customer' AS out,
                           move.state = 'done' AND source.usage = 'customer'
                               AND destination.usage <> 'customer' AS back) flow
              WHERE move.sale_line_id = line.id AND move.production_id IS NULL"""
        )

    def _select(self):
        return SQL(
            """SELECT line.id, line.id AS sale_line_id, sale.id AS sale_order_id,
                    customer.commercial_partner_id AS partner_id, sale.user_id,
                    sale.company_id, COALESCE(line.warehouse_id, sale.warehouse_id)
                        AS warehouse_id,
                    line.product_id, template.categ_id, judged.ordered_qty,
                    judged.delivered_qty, judged.returned_qty, complaint.complained_qty,
                    LEAST(100, 100 * judged.delivered_qty / judged.ordered_qty)
                        AS fill_rate,
                    line.customer_requested_date AS requested_date,
                    line.first_promised_date, line.promised_date,
                    judged.full_day AS delivered_full_date,
                    judged.full_day IS NOT NULL OR judged.today > judged.first_day
                        AS is_due,
                    COALESCE(line.promise_estimated, FALSE) AS is_estimated,
                    %s AS on_time_first, %s AS on_time_last, %s AS on_time_requested,
                    %s AS in_full, %s AS is_early,
                    CASE WHEN NOT COALESCE(line.promise_estimated, FALSE)
                          AND (judged.full_day IS NOT NULL
                               OR judged.today > judged.first_day)
                         THEN GREATEST(0, COALESCE(judged.full_day, judged.today)
                             - judged.first_day) END AS days_late,
                    COALESCE(line.promise_slip_count, 0) AS slip_count,
                    judged.first_day - line.customer_requested_date AS padding_days""",
            self._get_on_time(SQL("judged.first_day")),
            self._get_on_time(SQL("judged.last_day")),
            self._get_on_time(SQL("line.customer_requested_date")),
            self._get_verdict(
                SQL("judged.first_day"),
                SQL("judged.delivered_qty >= judged.ordered_qty * full_percent / 100"),
            ),
            self._get_verdict(
                SQL("judged.first_day"),
                SQL("judged.full_day < judged.first_day - judged.early_days"),
            ),
        )

    def _get_on_time(self, day):
        """Verdict on a line held against ``day``."""
        return self._get_verdict(
            day,
            SQL(
                """judged.full_day BETWEEN %(day)s - judged.early_days
                                       AND %(day)s + judged.late_days""",
                day=day,
            ),
        )

    def _get_verdict(self, day, holds):
        """1, 0, or NULL while the line is not due or its promise is an estimate."""
        return SQL(
            """CASE WHEN line.promise_estimated OR %(day)s IS NULL
                      OR judged.full_day IS NULL AND judged.today <= %(day)s THEN NULL
                    WHEN %(holds)s THEN 1.0 ELSE 0.0 END""",
            day=day,
            holds=holds,
        )

    def _from(self):
        return SQL(
            """FROM (%s) judged
               JOIN sale_order_line line ON line.id = judged.id
               JOIN sale_order sale ON sale.id = line.order_id
               JOIN res_partner customer ON customer.id = sale.partner_id
               JOIN product_product product ON product.id = line.product_id
               JOIN product_template template ON template.id = product.product_tmpl_id
         CROSS JOIN LATERAL (
                   SELECT COALESCE(SUM(credit.quantity * unit.factor
                              / product_unit.factor), 0) AS complained_qty
                     FROM sale_order_line_invoice_rel link
                     JOIN account_move_line credit ON credit.id = link.invoice_line_id
                     JOIN account_move invoice ON invoice.id = credit.move_id
                     JOIN uom_uom unit ON unit.id = credit.product_uom_id
                     JOIN uom_uom product_unit ON product_unit.id = template.uom_id
                    WHERE link.order_line_id = line.id AND invoice.state = 'posted'
                      AND invoice.move_type = 'out_refund') complaint""",
            self._select_judged(),
        )

    def _where(self):
        return SQL("")
