from odoo import models
from odoo.tools import SQL


class OrderTrace(models.AbstractModel):
    """What the facts need to know beside the documents: each table is read once."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "order.trace"

    def _with_lookups(self):
        return SQL(", ").join(
            [
                self._with_sales(),
                self._with_made(),
                self._with_places(),
                self._with_later(),
                self._with_free(),
            ]
        )

    def _with_sales(self):
        """The CTEs ``line``, ``sale``, ``template``, ``unit`` and ``zone``."""
        return SQL(
            """line AS MATERIALIZED (
                   SELECT id, order_id, product_id, product_uom_id, product_uom_qty,
                          qty_delivered, promised_date
                     FROM sale_order_line WHERE id = ANY(ARRAY(SELECT id FROM roots))),
               sale AS MATERIALIZED (
                   SELECT id, state, company_id FROM sale_order
                    WHERE id = ANY(ARRAY(SELECT DISTINCT order_id FROM line))),
               product AS MATERIALIZED (
                   SELECT id, product_tmpl_id FROM product_product
                    WHERE id = ANY(ARRAY(SELECT DISTINCT product_id FROM line))),
               template AS MATERIALIZED (
                   SELECT id, type, uom_id FROM product_template
                    WHERE id = ANY(ARRAY(SELECT product_tmpl_id FROM product))),
               unit AS MATERIALIZED (SELECT id, factor FROM uom_uom),
               zone AS MATERIALIZED (
                   SELECT company.id, COALESCE(partner.tz, calendar.tz, 'UTC') AS name
                     FROM res_company company
                     JOIN res_partner partner ON partner.id = company.partner_id
                LEFT JOIN resource_calendar calendar
                          ON calendar.id = company.resource_calendar_id
                    WHERE company.id IN (SELECT company_id FROM sale))"""
        )

    def _with_made(self):
        """The CTE ``made``: finished moves of the productions that have begun.

        Their state is left to who reads them: by it PostgreSQL might look them up.
        """
        return SQL(
            """made AS MATERIALIZED (
                   SELECT production_id, product_id, location_id, state,
                          quantity * COALESCE(
                              product_qty / NULLIF(product_uom_qty, 0), 1) AS quantity
                     FROM stock_move
                    WHERE production_id = ANY(ARRAY(
                          SELECT id FROM production
                           WHERE state IN ('progress', 'to_close', 'done'))))"""
        )

    def _with_places(self):
        """The CTEs ``place`` of the locations of moves, and ``source`` of where they
        start and whether what lies there is ours."""
        return SQL(
            """place AS MATERIALIZED (
                   SELECT id, usage, parent_path FROM stock_location
                    WHERE id = ANY(ARRAY(SELECT location_id FROM move UNION
                                         SELECT location_dest_id FROM move UNION
                                         SELECT location_id FROM made))),
               source AS MATERIALIZED (
                   SELECT move.location_id, move.company_id, source.usage,
                          source.parent_path, %(in_house)s AS is_in_house
                     FROM (SELECT DISTINCT location_id, company_id FROM move) move
                     JOIN place source ON source.id = move.location_id)""",
            in_house=self._is_in_house(),
        )

    def _is_in_house(self):
        """Condition: what lies at ``source``, where a ``move`` starts, is ours.

        Of the move it may ask for ``location_id`` and ``company_id``.
        """
        return SQL("source.usage = 'internal'")

    def _with_later(self):
        """The CTE ``later``: moves of an order line that has a later step to do."""
        return SQL(
            """later AS MATERIALIZED (
                   SELECT DISTINCT edge.to_id AS move_id, move.sale_line_id
                     FROM edge
                     JOIN move ON move.id = CASE WHEN edge.from_model = 'stock.move'
                           AND edge.to_model = 'stock.move' THEN edge.from_id END
                    WHERE move.sale_line_id IS NOT NULL AND move.state <> 'done')"""
        )

    def _with_free(self):
        """The CTE ``free``: what lies unreserved where open moves take a product."""
        return SQL(
            """asked AS MATERIALIZED (
                   SELECT DISTINCT move.product_id, move.location_id,
                          source.parent_path
                     FROM move
                LEFT JOIN source USING (location_id, company_id)
                    WHERE move.is_short AND source.is_in_house IS TRUE),
               quant AS MATERIALIZED (
                   SELECT product_id, location_id,
                          SUM(quantity - reserved_quantity) AS quantity
                     FROM stock_quant
                    WHERE product_id = ANY(ARRAY(SELECT DISTINCT product_id FROM asked))
                 GROUP BY product_id, location_id),
               shelf AS MATERIALIZED (
                   SELECT id, parent_path FROM stock_location
                    WHERE id = ANY(ARRAY(SELECT DISTINCT location_id FROM quant))),
               free AS MATERIALIZED (
                   SELECT asked.product_id, asked.location_id,
                          SUM(quant.quantity) AS quantity
                     FROM asked
                     JOIN quant ON quant.product_id = asked.product_id
                     JOIN shelf ON shelf.id = quant.location_id
                      AND shelf.parent_path LIKE asked.parent_path || '%%'
                 GROUP BY asked.product_id, asked.location_id)"""
        )
