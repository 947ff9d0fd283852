from typing import NamedTuple

from odoo import fields, models
from odoo.tools import SQL

VENDOR_REASONS = ("supplier", "transport")


class Clock(NamedTuple):
    """SQL of a company's time zone, and of the day as of which lines are judged."""

    zone: SQL
    today: SQL


class SupplierReceiptReport(models.Model):
    """One row per confirmed purchase line of goods: the vendor's word and what came.

    Quantities are in the product's unit, days are the company's, money is the
    company's currency. A verdict is 1, 0 or NULL; NULL is "not to be judged" and stays
    out of every average. Columns that cost more than the line itself are joins on the
    line's id, which PostgreSQL leaves out where nobody asks for them.
    """

    _name = "supplier.receipt.report"
    _description = "Receipts from Suppliers"
    _auto = False
    _order = "first_promised_date desc, id desc"
    _rec_name = "order_id"

    purchase_line_id = fields.Many2one("purchase.order.line", readonly=True)
    order_id = fields.Many2one("purchase.order", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Supplier", readonly=True)
    user_id = fields.Many2one("res.users", string="Buyer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one("product.category", string="Category", readonly=True)
    ordered_date = fields.Datetime(string="Ordered On", readonly=True)
    ordered_qty = fields.Float(string="Ordered", readonly=True)
    received_qty = fields.Float(
        string="Received", readonly=True, help="Less what was returned."
    )
    returned_qty = fields.Float(string="Returned", readonly=True)
    scrapped_qty = fields.Float(
        string="Scrapped",
        readonly=True,
        help="Scrapped out of lots this line brought; a lot of several lines by share.",
    )
    excess_qty = fields.Float(string="Beyond the Order", readonly=True)
    first_promised_date = fields.Datetime(string="First Promise", readonly=True)
    promised_date = fields.Datetime(string="Last Promise", readonly=True)
    received_full_date = fields.Date(
        string="Received in Full",
        readonly=True,
        help="The day the last quantity needed to be in full arrived.",
    )
    is_due = fields.Boolean(string="Due", readonly=True)
    is_rated = fields.Boolean(
        string="Rated",
        readonly=True,
        help="Counts in the supplier's rating against his first promise.",
    )
    is_promised = fields.Boolean(
        string="Promised in Time",
        readonly=True,
        help="Promised, and not inside the vendor's own lead time by our wish.",
    )
    is_received = fields.Boolean(string="Anything Received", readonly=True)
    is_confirmed = fields.Boolean(string="Confirmed by Vendor", readonly=True)
    is_repeat = fields.Boolean(
        string="Bought Before",
        readonly=True,
        help="The vendor sold us the product in the 12 months before.",
    )
    is_rushed = fields.Boolean(
        string="Short Notice",
        readonly=True,
        help="Promised for a day inside the vendor's own lead time, by our wish.",
    )
    is_unclear = fields.Boolean(
        string="Sent Unclear",
        readonly=True,
        help="Without a specification, drawing or instruction its category asks for.",
    )
    on_time_first = fields.Float(
        string="On Time, First Promise", readonly=True, aggregator="avg"
    )
    on_time_last = fields.Float(
        string="On Time, Last Promise", readonly=True, aggregator="avg"
    )
    in_full = fields.Float(readonly=True, aggregator="avg")
    otif_first = fields.Float(
        string="OTIF, First Promise",
        readonly=True,
        aggregator="avg",
        help="On time and in full.",
    )
    otif_last = fields.Float(
        string="OTIF, Last Promise", readonly=True, aggregator="avg"
    )
    otif_rushed = fields.Float(
        string="OTIF, Short Notice",
        readonly=True,
        aggregator="avg",
        help="Lines we ordered inside the vendor's own lead time; not his rating.",
    )
    days_late = fields.Integer(
        readonly=True,
        aggregator="avg",
        help="Days after the first promise, so far for what has not arrived.",
    )
    slip_count = fields.Integer(
        string="Slips",
        readonly=True,
        help="How often the vendor moved his promise to a later date.",
    )
    own_change_count = fields.Integer(
        string="Our Changes",
        readonly=True,
        help="Changes of date, quantity, price or product by us after confirmation.",
    )
    confirmation_days = fields.Float(
        string="Days to Confirm", readonly=True, aggregator="avg"
    )
    price_drift = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Price against the average of the 12 months before, in the currency of "
        "the order: 0.05 is 5 % dearer.",
    )
    pricelist_gap = fields.Float(
        string="Above Vendor's Pricelist",
        readonly=True,
        aggregator="avg",
        help="Price against the vendor's pricelist: 0.05 is 5 % dearer.",
    )
    received_value = fields.Monetary(readonly=True)
    rejected_value = fields.Monetary(string="Returned or Scrapped Value", readonly=True)

    _depends = {
        "purchase.order": [
            "partner_id",
            "user_id",
            "company_id",
            "currency_id",
            "currency_rate",
            "date_approve",
            "date_order",
            "state",
            "supplier_requested_on",
        ],
        "purchase.order.line": [
            "order_id",
            "product_id",
            "product_uom_id",
            "product_qty",
            "qty_received",
            "price_subtotal",
            "first_promised_date",
            "promised_date",
            "promise_estimated",
            "supplier_lead_days",
            "supplier_confirmed_on",
            "supplier_change_count",
            "supplier_unclear",
        ],
        "delivery.promise.change": ["purchase_line_id", "is_slip", "reason"],
        "stock.move": [
            "purchase_line_id",
            "product_id",
            "state",
            "date",
            "quantity",
            "product_uom",
            "location_id",
            "location_dest_id",
            "picking_id",
            "picking_type_id",
            "origin_returned_move_id",
        ],
        "stock.move.line": ["lot_id", "move_id", "quantity_product_uom", "state"],
        "stock.picking": ["arrival_date"],
        "stock.scrap": ["lot_id", "product_uom_id", "scrap_qty", "state"],
        "product.supplierinfo": ["partner_id", "price", "discount", "min_qty"],
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

    @property
    def _table_query(self):
        return self._get_query()

    def _get_query(self, today=None):
        """The report as of ``today``; without it as of each company's present day."""
        # OFFSET 0: days and floats are worked out once a line, not in each column
        shown = SQL(", company.zone, company.today")
        lines = SQL("(%s OFFSET 0)", self._select_lines(today, shown))
        promised = SQL("(%s)", self._select_lines(today, shown, SQL("OFFSET 0")))
        clock = Clock(SQL("line.zone"), SQL("line.today"))
        return SQL(
            "SELECT %s, %s FROM %s line %s %s",
            self._select(clock),
            self._select_shown(clock),
            promised,
            self._join(lines, clock),
            self._join_shown(lines),
        )

    def _select_batch_lines(self, today, since, company):
        """SELECT of the lines of a company that :meth:`_select_batch_rows` needs.

        A batch reads them once for all joins, and so no wider than they need. A screen
        asks for few rows, which PostgreSQL finds by their indexes.

        :param since: naive UTC, the beginning of the period
        """
        return SQL(
            "%s AND %s",
            self._select_lines(today),
            self._is_read(today, since, company),
        )

    def _select_batch_rows(self, lines, today, since, company):
        """The rows of :meth:`_get_query` with the columns that are added up.

        Receipts are those of the lines promised from ``since`` on.

        :param lines: SQL name of :meth:`_select_batch_lines`
        """
        clock = Clock(SQL("%s", company._get_timezone()), SQL("%s::date", today))
        return SQL(
            "SELECT %s FROM %s line %s",
            self._select(clock),
            lines,
            self._join(lines, clock, since),
        )

    def _is_read(self, today, since, company):
        """Lines of the company, ordered by ``today``, that count or give the price of
        one that does."""
        return SQL(
            """purchase.company_id = %(company)s AND %(ordered)s < %(end)s
               AND (line.first_promised_date >= %(since)s
                    OR %(ordered)s >= %(since)s::timestamp - INTERVAL '12 months')""",
            company=company.id,
            ordered=SQL("COALESCE(purchase.date_approve, purchase.date_order)"),
            end=company._get_day_start(today, days=1),
            since=since,
        )

    # ------------------------------------------------------------------
    # Columns
    # ------------------------------------------------------------------

    def _select(self, clock):
        """What a batch adds up, and what comes from the same joins."""
        return SQL(
            "line.id, line.partner_id, line.ordered_date, line.first_promised_date, "
            "%s, %s, %s",
            self._select_quantities(),
            self._select_verdicts(clock),
            self._select_dealings(),
        )

    def _select_shown(self, clock):
        """What only a screen asks for."""
        last = SQL("last.day")
        own = SQL("NOT line.is_rushed")
        otif_last = self._get_verdict(clock, last, own, self._is_on_time(last))
        return SQL(
            """line.id AS purchase_line_id, shown.order_id, purchase.user_id,
               line.company_id, line.product_id, template.categ_id,
               line.quantity AS ordered_qty, shown.promised_date,
               arrived.full_day AS received_full_date,
               %(otif_last)s AS on_time_last, %(otif_last)s AS otif_last,
               (COALESCE(change.ours, 0) + COALESCE(shown.supplier_change_count, 0))
                   ::int AS own_change_count,
               COALESCE(shown.supplier_unclear, FALSE) AS is_unclear, %(prices)s""",
            otif_last=otif_last,
            prices=self._select_prices(),
        )

    def _select_quantities(self):
        """Values are in company currency."""
        return SQL(
            """COALESCE(arrived.brought, 0) - COALESCE(arrived.returned, 0)
                   AS received_qty,
               COALESCE(arrived.returned, 0) AS returned_qty,
               COALESCE(scrap.quantity, 0) AS scrapped_qty,
               GREATEST(0, COALESCE(arrived.brought, 0) - COALESCE(arrived.returned, 0)
                   - line.quantity) AS excess_qty,
               COALESCE(arrived.brought > 0, FALSE) AS is_received,
               COALESCE(arrived.brought, 0) * %(price)s AS received_value,
               LEAST(COALESCE(arrived.brought, 0), COALESCE(arrived.returned, 0)
                   + COALESCE(scrap.quantity, 0)) * %(price)s AS rejected_value""",
            price=SQL("(line.amount / line.quantity / line.rate)"),
        )

    def _select_verdicts(self, clock):
        """Against the first promise; ``otif_rushed`` is apart from the rating."""
        first = SQL("line.first_day")
        on_time = self._is_on_time(first)
        own, rushed = SQL("NOT line.is_rushed"), SQL("line.is_rushed")
        full = SQL("arrived.full_day IS NOT NULL")
        return SQL(
            """arrived.full_day IS NOT NULL
                   OR COALESCE(%(today)s > line.first_day, FALSE) AS is_due,
               %(otif_first)s IS NOT NULL AS is_rated, line.is_rushed,
               line.first_day IS NOT NULL AND NOT line.is_rushed AS is_promised,
               %(otif_first)s AS on_time_first, %(in_full)s AS in_full,
               %(otif_first)s AS otif_first, %(otif_rushed)s AS otif_rushed,
               CASE WHEN arrived.full_day IS NOT NULL OR %(today)s > line.first_day
                    THEN GREATEST(0, COALESCE(arrived.full_day, %(today)s)
                        - line.first_day) END AS days_late""",
            today=clock.today,
            otif_first=self._get_verdict(clock, first, own, on_time),
            otif_rushed=self._get_verdict(clock, first, rushed, on_time),
            in_full=self._get_verdict(clock, first, own, full),
        )

    def _is_on_time(self, day):
        """In full by ``day``, within the tolerance."""
        return SQL(
            """arrived.full_day BETWEEN %(day)s - line.early_days
                                    AND %(day)s + line.late_days""",
            day=day,
        )

    def _get_verdict(self, clock, day, judged, holds):
        """1 or 0 once the line is full or its day is past; NULL where it is not due,
        not ``judged``, or its promise was estimated. What has not come is late from
        that day on, though it may still come within the tolerance."""
        return SQL(
            """CASE WHEN line.promise_estimated OR %(day)s IS NULL
                      OR (%(judged)s) IS NOT TRUE
                      OR arrived.full_day IS NULL AND %(today)s <= %(day)s THEN NULL
                    WHEN %(holds)s THEN 1::float8 ELSE 0 END""",
            day=day,
            today=clock.today,
            judged=judged,
            holds=holds,
        )

    def _select_dealings(self):
        """How the vendor answered."""
        return SQL(
            """COALESCE(change.slips, 0)::int AS slip_count,
               line.answered_in IS NOT NULL AS is_confirmed,
               GREATEST(0, EXTRACT(EPOCH FROM line.answered_in)::float8 / 86400)
                   AS confirmation_days"""
        )

    def _select_prices(self):
        return SQL(
            """history.drift IS NOT NULL AS is_repeat, history.drift AS price_drift,
               (%s) AS pricelist_gap""",
            self._select_pricelist_gap(),
        )

    def _select_pricelist_gap(self):
        """Against the vendor's price that was valid for the line, as the host picks
        it; in the order's currency only."""
        return SQL(
            """SELECT line.amount / line.quantity / NULLIF(seller.price
                          * (1 - COALESCE(seller.discount, 0) / 100)
                          * line.factor / seller_unit.factor, 0) - 1
                 FROM product_supplierinfo seller
                 JOIN res_partner seller_partner
                      ON seller_partner.id = seller.partner_id
                 JOIN uom_uom seller_unit ON seller_unit.id = seller.product_uom_id
                WHERE seller.product_tmpl_id = template.id
                  AND COALESCE(seller.product_id, line.product_id) = line.product_id
                  AND seller_partner.commercial_partner_id = line.partner_id
                  AND COALESCE(seller.company_id, line.company_id) = line.company_id
                  AND seller.currency_id = line.currency_id
                  AND COALESCE(seller.date_start, line.ordered_date)
                      <= line.ordered_date
                  AND COALESCE(seller.date_end, line.ordered_date::date)
                      >= line.ordered_date::date
                  AND seller.min_qty * seller_unit.factor / line.factor
                      <= line.quantity
             ORDER BY seller.sequence, seller.min_qty DESC, seller.price LIMIT 1"""
        )

    # ------------------------------------------------------------------
    # Sources
    # ------------------------------------------------------------------

    def _join(self, lines, clock, since=None):
        """What a line has many of, grouped by its id."""
        return SQL(
            """LEFT JOIN (%(arrived)s) arrived ON arrived.purchase_line_id = line.id
          LEFT JOIN (%(scrap)s) scrap ON scrap.purchase_line_id = line.id
          LEFT JOIN (%(change)s) change ON change.purchase_line_id = line.id""",
            arrived=self._select_arrived(lines, clock, since),
            scrap=self._select_scrap(),
            change=self._select_changes(),
        )

    def _join_shown(self, lines):
        """What only a screen asks for; by unique ids, so that it can be left out."""
        return SQL(
            """LEFT JOIN purchase_order_line shown ON shown.id = line.id
          LEFT JOIN purchase_order purchase ON purchase.id = shown.order_id
          LEFT JOIN product_product product ON product.id = line.product_id
          LEFT JOIN product_template template ON template.id = product.product_tmpl_id
          LEFT JOIN (%(history)s) history ON history.purchase_line_id = line.id
         CROSS JOIN LATERAL (SELECT %(last)s AS day) last""",
            history=self._select_price_history(lines),
            last=self._get_day(SQL("shown.promised_date"), SQL("line.zone")),
        )

    def _select_lines(self, today=None, shown=None, once=None):
        """Confirmed lines of goods, with what more than one of the joins needs.

        ``quantity`` is in the product's unit, ``amount`` in the order's currency. They
        are floats, which add up several times as fast as exact numbers; making them is
        dear, and is done here alone.

        :param shown: SQL of more columns, beginning with a comma
        """
        return SQL(
            """SELECT line.id, line.product_id, goods.factor,
                      line.product_qty::float8 * unit.factor / goods.factor
                          AS quantity,
                      line.price_subtotal::float8 AS amount,
                      vendor.commercial_partner_id AS partner_id, purchase.company_id,
                      purchase.currency_id,
                      COALESCE(NULLIF(NULLIF(purchase.currency_rate, 1), 0)::float8, 1)
                          AS rate,
                      COALESCE(purchase.date_approve, purchase.date_order)
                          AS ordered_date,
                      line.first_promised_date, line.promise_estimated,
                      promise.first_day, promise.is_rushed,
                      COALESCE(goods.full_percent, company.full_percent)
                          AS full_percent,
                      COALESCE(goods.late_days, company.late_days) AS late_days,
                      COALESCE(goods.early_days, company.early_days) AS early_days,
                      line.supplier_confirmed_on - purchase.supplier_requested_on
                          AS answered_in %(shown)s
                 FROM purchase_order_line line
                 JOIN purchase_order purchase ON purchase.id = line.order_id
                 JOIN res_partner vendor ON vendor.id = purchase.partner_id
                 JOIN (%(companies)s) company ON company.id = purchase.company_id
                 JOIN (%(goods)s) goods ON goods.id = line.product_id
                 JOIN (%(units)s) unit ON unit.id = line.product_uom_id
           CROSS JOIN LATERAL (%(promise)s %(once)s) promise
                WHERE purchase.state = 'purchase'
                  AND line.display_type IS NULL AND line.product_qty > 0""",
            shown=shown or SQL(),
            companies=self._select_companies(today),
            goods=self._select_goods(),
            units=self._select_units(),
            promise=self._select_promise(),
            once=once or SQL(),
        )

    def _select_goods(self):
        """Products that can be received, with their unit's factor and the tolerance of
        their category."""
        return SQL(
            """SELECT product.id, unit.factor, own.full_percent, own.late_days,
                      own.early_days
                 FROM product_product product
                 JOIN product_template template ON template.id = product.product_tmpl_id
                 JOIN (%s) unit ON unit.id = template.uom_id
            LEFT JOIN (%s) own ON own.categ_id = template.categ_id
                WHERE template.type = 'consu' OFFSET 0""",
            self._select_units(),
            self._select_own_tolerances(),
        )

    def _select_units(self):
        """Units with their factor as a float.

        OFFSET 0 has PostgreSQL turn it into one once a unit, not several times a line.
        """
        return SQL("SELECT id, factor::float8 AS factor FROM uom_uom OFFSET 0")

    def _select_companies(self, today=None):
        """Companies with their clock and tolerance."""
        now = self._get_day(fields.Datetime.now(), SQL("zone.name"))
        return SQL(
            """SELECT company.id, zone.name AS zone, %(today)s AS today,
                      COALESCE(company.delivery_full_percent, 98)::float8
                          AS full_percent,
                      COALESCE(company.delivery_late_days, 1) AS late_days,
                      COALESCE(company.delivery_early_days, 10) AS early_days
                 FROM res_company company
                 JOIN (%(zones)s) zone ON zone.company_id = company.id OFFSET 0""",
            today=SQL("%s::date", today) if today else now,
            zones=self.env["res.company"]._select_zones(),
        )

    def _select_own_tolerances(self):
        """Per category the nearest one from itself up with a tolerance of its own."""
        return SQL(
            """SELECT DISTINCT ON (category.id) category.id AS categ_id,
                      above.delivery_full_percent::float8 AS full_percent,
                      above.delivery_late_days AS late_days,
                      above.delivery_early_days AS early_days
                 FROM product_category category
                 JOIN product_category above ON above.delivery_tolerance_own
                      AND category.parent_path LIKE above.parent_path || '%%'
             ORDER BY category.id, LENGTH(above.parent_path) DESC"""
        )

    def _get_day(self, moment, zone):
        """The zone's day of a moment in UTC."""
        return SQL(
            "(%s::timestamp AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, zone
        )

    def _select_promise(self):
        """The day promised, and whether it is inside the vendor's own lead time."""
        zone = SQL("company.zone")
        first = self._get_day(SQL("line.first_promised_date"), zone)
        ordered = SQL("COALESCE(purchase.date_approve, purchase.date_order)")
        return SQL(
            """SELECT %(first)s AS first_day,
                      COALESCE(line.supplier_lead_days > 0 AND %(first)s - %(ordered)s
                          < line.supplier_lead_days, FALSE) AS is_rushed""",
            first=first,
            ordered=self._get_day(ordered, zone),
        )

    def _select_arrived(self, lines, clock, since=None):
        """Per line what came, what went back, and the day on which it became full.

        Full is counted on what came less what went back until then; goods sent back
        later count as returned, not as never delivered. A kit's own product never
        moves: the host says how many came.
        """
        return SQL(
            """SELECT purchase_line_id, returned,
                      CASE WHEN is_kit THEN kit.received ELSE brought END AS brought,
                      CASE WHEN NOT is_kit THEN full_day
                           WHEN kit.received >= needed THEN last_day END AS full_day
                 FROM (SELECT purchase_line_id, MIN(needed) AS needed,
                              MIN(ordered) AS ordered, MAX(day) AS last_day,
                              BOOL_AND(NOT is_own) AS is_kit,
                              SUM(quantity) FILTER (WHERE is_own AND quantity > 0)
                                  AS brought,
                              -SUM(quantity) FILTER (WHERE is_own AND quantity < 0)
                                  AS returned,
                              MIN(day) FILTER (WHERE so_far >= needed) AS full_day
                         FROM (%s) running
                     GROUP BY purchase_line_id) line_sums
   CROSS JOIN LATERAL (SELECT CASE WHEN is_kit THEN (%s) END AS received) kit""",
            self._select_running(lines, clock, since),
            self._select_kit(),
        )

    def _select_kit(self):
        """How many of a kit came. Looked up: few lines are of kits."""
        return SQL(
            """SELECT line_sums.ordered * line.qty_received::float8
                          / line.product_qty::float8
                 FROM purchase_order_line line
                WHERE line.id = line_sums.purchase_line_id"""
        )

    def _select_running(self, lines, clock, since=None):
        """The moves of lines until today, with what had come by each of them."""
        return SQL(
            """SELECT moved.*, SUM(moved.quantity) FILTER (WHERE moved.is_own) OVER (
                          PARTITION BY moved.purchase_line_id
                          ORDER BY moved.day, moved.id
                          ROWS UNBOUNDED PRECEDING) AS so_far
                 FROM (%s OFFSET 0) moved WHERE moved.day <= moved.today""",
            self._select_moved(lines, clock, since),
        )

    def _select_moved(self, lines, clock, since=None):
        """Moves beside what their line needs, in the product's unit.

        Their day is the arrival that was entered, else the day they were booked.
        """
        return SQL(
            """SELECT move.purchase_line_id, move.id, %(today)s AS today,
                      COALESCE(move.arrival_date, %(day)s) AS day,
                      move.product_id = line.product_id AS is_own,
                      move.quantity / line.factor AS quantity,
                      line.quantity AS ordered,
                      line.quantity * line.full_percent / 100 - 0.000001 AS needed
                 FROM %(lines)s line
                 JOIN (%(moves)s) move ON move.purchase_line_id = line.id
                WHERE %(since)s""",
            today=clock.today,
            day=self._get_day(SQL("move.date"), clock.zone),
            lines=lines,
            moves=self._select_moves(),
            since=SQL("line.first_promised_date >= %s", since)
            if since
            else SQL("TRUE"),
        )

    def _select_moves(self):
        """Done moves of lines, in the reference unit of their product's unit; what goes
        back to the vendor is negative."""
        return SQL(
            """SELECT move.id, move.purchase_line_id, move.product_id, move.date,
                      picking.arrival_date,
                      move.quantity::float8 * unit.factor
                          * CASE WHEN %(back)s THEN -1 ELSE 1 END AS quantity
                 FROM stock_move move
                 JOIN (%(units)s) unit ON unit.id = move.product_uom
            LEFT JOIN stock_picking picking ON picking.id = move.picking_id
                      AND picking.arrival_date IS NOT NULL
                WHERE move.state = 'done' AND move.purchase_line_id IS NOT NULL
                  AND (%(back)s OR %(in)s) OFFSET 0""",
            units=self._select_units(),
            back=self._is_returned(),
            **{"in": self._is_brought()},
        )

    def _is_brought(self):
        """Goods that come from the vendor, wherever he keeps them; also straight to
        the customer, and from a subcontractor's place, which is one of our own."""
        return SQL(
            "(%s OR %s AND move.origin_returned_move_id IS NULL)",
            self._is_at(SQL("move.location_id"), "supplier", "transit"),
            self._is_incoming(),
        )

    def _is_returned(self):
        """Back to the vendor, or a return to the place a receipt came from."""
        return SQL(
            """(%s OR move.origin_returned_move_id IS NOT NULL AND NOT %s
                      AND %s IS NOT TRUE)""",
            self._is_at(SQL("move.location_dest_id"), "supplier"),
            self._is_at(SQL("move.location_id"), "supplier", "transit", "customer"),
            self._is_incoming(),
        )

    def _is_at(self, place, *usages):
        """Whether a place is of one of the usages; its table is hashed, not joined."""
        return SQL(
            "%s IN (SELECT id FROM stock_location WHERE usage IN %s)", place, usages
        )

    def _is_incoming(self):
        return SQL(
            """move.picking_type_id IN (
                   SELECT id FROM stock_picking_type WHERE code = 'incoming')"""
        )

    def _select_scrap(self):
        """What was scrapped of the lots a line brought, by its share of each lot."""
        return SQL(
            """SELECT brought.purchase_line_id,
                      SUM(scrapped.quantity * brought.quantity / brought.total)
                          AS quantity
                 FROM (SELECT scrap.lot_id, SUM(scrap.scrap_qty * scrap_unit.factor
                                  / lot_unit.factor) AS quantity
                         FROM stock_scrap scrap
                         JOIN uom_uom scrap_unit ON scrap_unit.id = scrap.product_uom_id
                         JOIN product_product item ON item.id = scrap.product_id
                         JOIN product_template kind ON kind.id = item.product_tmpl_id
                         JOIN uom_uom lot_unit ON lot_unit.id = kind.uom_id
                        WHERE scrap.state = 'done' AND scrap.lot_id IS NOT NULL
                     GROUP BY scrap.lot_id) scrapped
                 JOIN (SELECT detail.lot_id, receipt.purchase_line_id,
                              SUM(detail.quantity_product_uom) AS quantity,
                              NULLIF(SUM(SUM(detail.quantity_product_uom))
                                  OVER (PARTITION BY detail.lot_id), 0) AS total
                         FROM stock_move_line detail
                         JOIN stock_move receipt ON receipt.id = detail.move_id
                         JOIN stock_location target
                              ON target.id = receipt.location_dest_id
                        WHERE detail.state = 'done' AND target.usage <> 'supplier'
                          AND receipt.purchase_line_id IS NOT NULL
                          AND detail.lot_id IN (
                              SELECT lot_id FROM stock_scrap WHERE state = 'done')
                     GROUP BY 1, 2) brought ON brought.lot_id = scrapped.lot_id
             GROUP BY brought.purchase_line_id"""
        )

    def _select_changes(self):
        """Moves of the promise: the vendor's slips, and what we moved ourselves."""
        return SQL(
            """SELECT purchase_line_id,
                      COUNT(*) FILTER (WHERE is_slip
                          AND COALESCE(reason, 'supplier') IN %(vendor)s) AS slips,
                      COUNT(*) FILTER (WHERE reason NOT IN %(vendor)s) AS ours
                 FROM delivery_promise_change
                WHERE purchase_line_id IS NOT NULL GROUP BY purchase_line_id""",
            vendor=VENDOR_REASONS,
        )

    def _select_price_history(self, lines):
        """Price over the average of the 12 months before, weighted by quantity.

        Grouped by the line's id, of which there is one, so that the join can be left
        out where no price is asked for.
        """
        return SQL(
            """SELECT id AS purchase_line_id, MIN(%s) AS drift FROM (%s) bought
             GROUP BY id""",
            self._get_drift(),
            self._select_bought(lines),
        )

    def _select_batch_prices(self, lines):
        """The rows of :meth:`_get_query` with the columns on prices, which need
        nothing of what is joined.

        :param lines: SQL name of :meth:`_select_batch_lines`
        """
        return SQL(
            """SELECT partner_id, ordered_date, drift AS price_drift,
                      drift IS NOT NULL AS is_repeat
                 FROM (%s) bought CROSS JOIN LATERAL (SELECT %s AS drift) price""",
            self._select_bought(lines),
            self._get_drift(),
        )

    def _get_drift(self):
        return SQL("price / NULLIF(amount / NULLIF(quantity, 0), 0) - 1")

    def _select_bought(self, lines):
        """Lines with their price, and the ``amount`` and ``quantity`` bought before.

        In the order's own currency: exchange rates are not the vendor's doing. What
        was given away has no price.
        """
        return SQL(
            """SELECT line.id, line.partner_id, line.ordered_date,
                      NULLIF(line.amount, 0) / line.quantity AS price,
                      SUM(line.amount) OVER before AS amount,
                      SUM(line.quantity) FILTER (WHERE line.amount <> 0) OVER before
                          AS quantity
                 FROM %s line
               WINDOW before AS (
                   PARTITION BY line.product_id, line.partner_id, line.currency_id,
                                line.company_id
                   ORDER BY line.ordered_date
                   RANGE BETWEEN '12 months' PRECEDING
                             AND '1 microsecond' PRECEDING)""",
            lines,
        )
