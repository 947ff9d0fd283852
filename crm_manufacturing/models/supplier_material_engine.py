from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from ..tools.period import get_period_start

STEPS = {"month": relativedelta(months=1), "week": relativedelta(weeks=1)}


class SupplierMaterialPlan(models.Model):
    """The statement that computes and writes the drafts of a company.

    Only moves and purchase lines are read, never totals of productions. Demand is the
    open part of the first move of goods that are bought, reached by the trace from a
    confirmed order line: what is reserved is in the house already. Demand with a
    purchase of its own (make to order) is asked of that vendor; the rest of the
    product's first vendor, less free stock and less what others have confirmed beyond
    their own demand, both at the earliest need. Cumulated over the periods, so that a
    surplus covers later periods and a lack is shown once, where it arises.
    """

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "supplier.material.plan"

    @api.model
    def _run(self, company, today):
        """Write today's drafts of all suppliers of the company: one statement.

        A change of the drafts is written, an equal figure is not. Of two runs at once
        the second one leaves the company to the first.
        """
        if not company._try_lock(self._name):
            return
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                """WITH RECURSIVE %s, %s, %s SELECT 1""",
                self._with_measure(company, today),
                self._with_figures(company, today),
                self._with_write(company, today),
            )
        )
        self.env.invalidate_all()
        self._drop_empty_drafts(company)

    def _drop_empty_drafts(self, company):
        """Nothing is needed any more and nothing was ever said."""
        drafts = self.search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "draft"),
                ("line_ids", "=", False),
            ]
        )
        drafts.unlink()

    @api.model
    def _get_first_period(self, company, today):
        return get_period_start(today, company.material_plan_period)

    def _get_end(self, company, today):
        """The day after the last period shown."""
        step = STEPS[company.material_plan_period]
        first = self._get_first_period(company, today)
        return first + step * company.material_plan_periods

    def _select_period(self, moment, company, today):
        """The period of a naive UTC moment; what is overdue belongs to the first."""
        return SQL(
            "GREATEST(date_trunc(%s, %s)::date, %s)",
            company.material_plan_period,
            self._select_day(moment, company),
            self._get_first_period(company, today),
        )

    def _select_day(self, moment, company):
        return SQL(
            "(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date",
            moment,
            company._get_timezone(),
        )

    def _with_measure(self, company, today):
        """What is needed, on its way, on stock, and who brings what."""
        trace = self.env["order.trace"]
        roots = SQL("SELECT id FROM roots")
        return SQL(
            """roots AS MATERIALIZED (%(roots)s), %(walk)s,
               reached AS MATERIALIZED (
                   SELECT move_id, root_id, MIN(strength) AS strength
                     FROM (SELECT root_id, strength,
                                  CASE model WHEN 'stock.move' THEN id END AS move_id
                             FROM walk) walk
                    WHERE move_id IS NOT NULL GROUP BY move_id, root_id),
               need AS MATERIALIZED (%(need)s),
               vendor AS MATERIALIZED (%(vendor)s),
               demand AS MATERIALIZED (
                   SELECT need.*, COALESCE(linked_id, vendor.partner_id) AS partner_id
                     FROM need LEFT JOIN vendor USING (product_id)
                    WHERE COALESCE(linked_id, vendor.partner_id) IS NOT NULL),
               stock AS MATERIALIZED (%(stock)s),
               supply AS MATERIALIZED (%(supply)s),
               told AS MATERIALIZED (%(told)s)""",
            roots=self._select_roots(company),
            walk=trace._with_walk("sale.order.line", roots, "supply"),
            need=self._select_need(company, today),
            vendor=self._select_vendor(company, today),
            stock=self._select_stock(company),
            supply=self._select_supply(company, today),
            told=self._select_told(company),
        )

    def _select_roots(self, company):
        """Confirmed customer order lines that still wait for goods."""
        return SQL(
            """SELECT line.id
                 FROM sale_order_line line
                 JOIN sale_order sale ON sale.id = line.order_id
                WHERE sale.company_id = %s AND sale.state = 'sale'
                  AND line.display_type IS NULL AND line.product_id IS NOT NULL
                  AND line.product_uom_qty > COALESCE(line.qty_delivered, 0)""",
            company.id,
        )

    def _select_need(self, company, today):
        """``move_id, product_id, period, day, quantity, linked_id`` of bought demand.

        The first step of a chain of moves inside the house counts, and it alone. What
        a vendor ships to the customer himself is demand as well.
        """
        return SQL(
            """SELECT move.id AS move_id, move.product_id, %(period)s AS period,
                  GREATEST(%(day)s, %(today)s) AS day, open.quantity, linked.partner_id
                      AS linked_id
             FROM (SELECT DISTINCT move_id FROM reached) reached
             JOIN stock_move move ON move.id = reached.move_id
             JOIN stock_location source ON source.id = move.location_id
             JOIN stock_location destination ON destination.id = move.location_dest_id
       CROSS JOIN LATERAL (
                  SELECT move.product_qty::numeric - CASE source.usage
                             WHEN 'supplier' THEN 0 ELSE COALESCE(move.quantity, 0)
                             * COALESCE(move.product_qty
                                 / NULLIF(move.product_uom_qty, 0), 1)
                         END AS quantity) open
        LEFT JOIN LATERAL (%(linked)s) linked ON TRUE
            WHERE move.company_id = %(company)s AND move.production_id IS NULL
              AND move.created_production_id IS NULL
              AND move.state NOT IN ('draft', 'done', 'cancel') AND open.quantity > 0
              AND (source.usage IN ('internal', 'transit')
                   OR source.usage = 'supplier' AND destination.usage = 'customer')
              AND %(day)s < %(end)s
              AND NOT EXISTS (
                  SELECT FROM stock_move_move_rel rel
                    JOIN stock_move origin ON origin.id = rel.move_orig_id
                    JOIN stock_location place ON place.id = origin.location_id
                   WHERE rel.move_dest_id = move.id AND origin.state <> 'cancel'
                     AND (place.usage IN ('internal', 'transit')
                          OR origin.production_id IS NOT NULL))""",
            period=self._select_period(SQL("move.date"), company, today),
            day=self._select_day(SQL("move.date"), company),
            today=today,
            linked=self._select_linked(),
            company=company.id,
            end=self._get_end(company, today),
        )

    def _select_linked(self):
        """The supplier whose purchase was made for this move, confirmed ones first."""
        return SQL(
            """SELECT supplier.commercial_partner_id AS partner_id
                 FROM (SELECT rel.created_purchase_line_id AS line_id
                         FROM stock_move_created_purchase_line_rel rel
                        WHERE rel.move_id = move.id
                        UNION ALL
                       SELECT origin.purchase_line_id
                         FROM stock_move_move_rel rel
                         JOIN stock_move origin ON origin.id = rel.move_orig_id
                        WHERE rel.move_dest_id = move.id AND origin.state <> 'cancel'
                        UNION ALL
                       SELECT move.purchase_line_id) link
                 JOIN purchase_order_line line ON line.id = link.line_id
                 JOIN purchase_order purchase ON purchase.id = line.order_id
                 JOIN res_partner supplier ON supplier.id = purchase.partner_id
                WHERE purchase.state <> 'cancel'
             ORDER BY purchase.state = 'purchase' DESC, line.id LIMIT 1"""
        )

    def _select_vendor(self, company, today):
        """The first vendor of each needed product that we do not make ourselves."""
        return SQL(
            """SELECT DISTINCT ON (product.id) product.id AS product_id,
                      supplier.commercial_partner_id AS partner_id
                 FROM (SELECT DISTINCT product_id FROM need
                        WHERE linked_id IS NULL) needed
                 JOIN product_product product ON product.id = needed.product_id
                 JOIN product_supplierinfo info
                      ON info.product_tmpl_id = product.product_tmpl_id
                     AND COALESCE(info.product_id, product.id) = product.id
                 JOIN res_partner supplier ON supplier.id = info.partner_id
                WHERE COALESCE(info.company_id, %(company)s) = %(company)s
                  AND %(today)s BETWEEN COALESCE(info.date_start, %(today)s)
                                    AND COALESCE(info.date_end, %(today)s)
                  AND supplier.active
                  AND NOT EXISTS (
                      SELECT FROM mrp_bom bom
                       WHERE bom.product_tmpl_id = product.product_tmpl_id
                         AND COALESCE(bom.product_id, product.id) = product.id
                         AND COALESCE(bom.company_id, %(company)s) = %(company)s
                         AND bom.active AND bom.type = 'normal')
             ORDER BY product.id, info.sequence, info.min_qty DESC, info.price,
                      info.id""",
            company=company.id,
            today=today,
        )

    def _select_stock(self, company):
        """Unreserved stock of the company; a hole in it is no demand of a customer."""
        return SQL(
            """SELECT quant.product_id,
                      GREATEST(0, SUM(quant.quantity - quant.reserved_quantity)
                          ::numeric) AS free
                 FROM stock_quant quant
                 JOIN stock_location place ON place.id = quant.location_id
                WHERE quant.company_id = %s AND place.usage = 'internal'
                  AND quant.product_id IN (SELECT product_id FROM demand)
             GROUP BY quant.product_id""",
            company.id,
        )

    def _select_supply(self, company, today):
        """Open and received purchases per supplier, product and period."""
        return SQL(
            """SELECT partner_id, product_id, period, SUM(requested) AS requested,
                      SUM(confirmed) AS confirmed, SUM(received) AS received,
                      SUM(overdue) AS overdue
                 FROM (%s UNION ALL %s) bought
                WHERE product_id IN (SELECT product_id FROM demand)
                   OR product_id IN (SELECT product_id FROM
                          supplier_material_plan_line line JOIN told
                          ON told.plan_id = line.plan_id)
             GROUP BY partner_id, product_id, period""",
            self._select_ordered(company, today),
            self._select_received(company, today),
        )

    def _select_ordered(self, company, today):
        """Open purchase lines, in the product's unit, by the day that is promised."""
        moment = SQL("COALESCE(line.promised_date, line.date_planned)")
        return SQL(
            """SELECT supplier.commercial_partner_id AS partner_id, line.product_id,
                      %(period)s AS period,
                      CASE WHEN purchase.state <> 'purchase' THEN open.quantity ELSE 0
                          END AS requested,
                      CASE WHEN purchase.state = 'purchase' THEN open.quantity ELSE 0
                          END AS confirmed,
                      0 AS received,
                      CASE WHEN purchase.state = 'purchase' AND %(day)s < %(today)s
                           THEN open.quantity ELSE 0 END AS overdue
                 FROM purchase_order_line line
                 JOIN purchase_order purchase ON purchase.id = line.order_id
                 JOIN res_partner supplier ON supplier.id = purchase.partner_id
           CROSS JOIN LATERAL (SELECT (line.product_uom_qty - COALESCE(line.qty_received
                          * line.product_uom_qty / NULLIF(line.product_qty, 0), 0)
                          )::numeric AS quantity) open
                WHERE purchase.company_id = %(company)s AND purchase.state <> 'cancel'
                  AND line.display_type IS NULL AND open.quantity > 0
                  AND %(day)s < %(end)s""",
            period=self._select_period(moment, company, today),
            day=self._select_day(moment, company),
            today=today,
            company=company.id,
            end=self._get_end(company, today),
        )

    def _select_received(self, company, today):
        """What came in since the first period began, less what went back."""
        start = company._get_day_start(self._get_first_period(company, today))
        return SQL(
            """SELECT supplier.commercial_partner_id, move.product_id, %(period)s, 0, 0,
                      CASE source.usage WHEN 'supplier' THEN 1 ELSE -1 END
                          * (move.quantity * COALESCE(move.product_qty
                              / NULLIF(move.product_uom_qty, 0), 1))::numeric, 0
                 FROM stock_move move
                 JOIN purchase_order_line line ON line.id = move.purchase_line_id
                 JOIN purchase_order purchase ON purchase.id = line.order_id
                 JOIN res_partner supplier ON supplier.id = purchase.partner_id
                 JOIN stock_location source ON source.id = move.location_id
                 JOIN stock_location destination
                      ON destination.id = move.location_dest_id
                WHERE move.company_id = %(company)s AND move.state = 'done'
                  AND move.date >= %(start)s
                  AND (source.usage = 'supplier') <> (destination.usage = 'supplier')
                  AND %(day)s < %(end)s""",
            period=self._select_period(SQL("move.date"), company, today),
            day=self._select_day(SQL("move.date"), company),
            company=company.id,
            start=start,
            end=self._get_end(company, today),
        )

    def _select_told(self, company):
        """The version each supplier knows, if any."""
        return SQL(
            """SELECT DISTINCT ON (partner_id) id AS plan_id, partner_id, period
                 FROM supplier_material_plan
                WHERE company_id = %s AND state IN ('sent', 'answered')
             ORDER BY partner_id, version DESC, id DESC""",
            company.id,
        )
