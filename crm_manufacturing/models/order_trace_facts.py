from odoo import api, models
from odoo.tools import SQL

from ..tools.order_state import Fact

COLUMNS = SQL(", ").join(map(SQL.identifier, Fact._fields))


class OrderTrace(models.AbstractModel):
    """The rows the status of order lines is judged from, in one statement.

    A node has a column of ids for each model, what is known of it is joined by LEFT
    JOIN, and CASE says what counts. Of plain conditions PostgreSQL would suppose that
    they leave a single node, and go through all of a table in memory for each there is.
    """

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "order.trace"

    @api.model
    def _get_facts(self, lines):
        """:class:`Fact` of the lines and of every node that serves them and matters.

        :param lines: SELECT of ids of sale order lines
        Quantities are in the product's unit, dates naive UTC.
        """
        self.env.flush_all()
        query = SQL(
            """WITH RECURSIVE roots AS MATERIALIZED (%(lines)s), %(walk)s,
               node AS MATERIALIZED (
                   SELECT root_id, MIN(strength) AS strength, MAX(lead) AS lead,
                          CASE model WHEN 'stock.move' THEN id END AS move_id,
                          CASE model WHEN 'mrp.production' THEN id END
                              AS production_id,
                          CASE model WHEN 'purchase.order.line' THEN id END
                              AS purchase_id
                     FROM walk GROUP BY root_id, model, id),
               %(lookups)s
               SELECT * FROM (%(facts)s) fact(%(columns)s)""",
            lines=lines,
            walk=self._with_walk(
                "sale.order.line", SQL("SELECT * FROM roots"), "supply"
            ),
            lookups=self._with_lookups(),
            columns=COLUMNS,
            facts=SQL(" UNION ALL ").join(
                [
                    self._select_line_facts(),
                    self._select_move_facts(),
                    self._select_production_facts(),
                    self._select_purchase_facts(),
                ]
            ),
        )
        return map(Fact._make, self.env.execute_query(query))

    def _select_line_facts(self):
        """``quantity`` ordered, ``done`` delivered, ``date`` promised; ``parent_id`` is
        the order; the company's ``zone``."""
        return SQL(
            """SELECT line.id,
                  CASE template.type WHEN 'consu' THEN 'goods' ELSE 'other' END,
                  line.id, 1, NULL::interval, line.product_id, sale.state,
                  (line.product_uom_qty * ratio)::float8,
                  (COALESCE(line.qty_delivered, 0) * ratio)::float8,
                  line.promised_date, sale.id, FALSE, 0::float8, zone.name
             FROM line
             JOIN sale ON sale.id = line.order_id
             JOIN product ON product.id = line.product_id
             JOIN template ON template.id = product.product_tmpl_id
        LEFT JOIN unit sold ON sold.id = line.product_uom_id
        LEFT JOIN unit own ON own.id = template.uom_id
        LEFT JOIN zone ON zone.id = sale.company_id
       CROSS JOIN LATERAL (
                  SELECT CASE WHEN line.product_uom_id = template.uom_id THEN 1
                              ELSE sold.factor / own.factor END AS ratio) unit"""
        )

    def _select_move_facts(self):
        """``quantity`` demanded, ``done`` reserved or done; ``parent_id`` consumes it.

        Kinds: ``out`` and ``back`` to and from the customer, ``transit`` on the way
        to him, ``inner`` for steps before, ``raw`` for components still short, ``step``
        for open moves of stock towards these. The flag says that the same line has a
        later step still to do; ``free`` lies unreserved where the move takes it.
        """
        return SQL(
            """SELECT node.root_id,
                  CASE WHEN move.raw_material_production_id IS NOT NULL THEN 'raw'
                       WHEN move.sale_line_id IS DISTINCT FROM node.root_id THEN 'step'
                       WHEN destination.usage = 'customer' THEN 'out'
                       WHEN source.usage = 'customer' THEN 'back'
                       WHEN destination.usage = 'transit' THEN 'transit'
                       ELSE 'inner' END,
                  move.id, node.strength, NULL::interval, move.product_id, move.state,
                  move.product_qty::float8,
                  -- what a vendor is to bring is never reserved, though the host
                  -- counts it
                  CASE WHEN move.state = 'done' OR source.usage = 'transit'
                         OR source.is_in_house
                       THEN COALESCE(move.quantity, 0) * COALESCE(move.product_qty
                           / NULLIF(move.product_uom_qty, 0), 1)
                       ELSE 0 END::float8,
                  move.date, move.raw_material_production_id,
                  move.sale_line_id = node.root_id AND (move.id, node.root_id) IN (
                      SELECT move_id, sale_line_id FROM later),
                  CASE WHEN move.is_short AND source.is_in_house THEN free.quantity END,
                  NULL
             FROM node
        LEFT JOIN move ON move.id = node.move_id
        LEFT JOIN source USING (location_id, company_id)
        LEFT JOIN place destination ON destination.id = move.location_dest_id
        LEFT JOIN free USING (product_id, location_id)
            WHERE CASE WHEN move.id IS NULL OR move.production_id IS NOT NULL THEN FALSE
                       WHEN move.raw_material_production_id IS NOT NULL
                       -- what others take from their own stock is their matter
                       THEN move.is_short AND (
                            source.is_in_house OR move.id IN (
                                SELECT from_id FROM link
                                 WHERE from_model = 'stock.move'
                                   AND to_model = 'stock.move'))
                       ELSE move.sale_line_id IS NOT DISTINCT FROM node.root_id
                         OR source.is_in_house AND move.state <> 'done' END"""
        )

    def _select_production_facts(self):
        """``quantity`` to make, ``done`` made and not scrapped since, ``date`` of the
        planned or real end."""
        return SQL(
            """SELECT node.root_id, 'production', production.id, node.strength,
                  node.lead, production.product_id, production.state,
                  production.product_uom_qty::float8,
                  COALESCE(output.quantity, 0)::float8, production.date_finished,
                  NULL::int, FALSE, 0::float8, NULL
             FROM node
        LEFT JOIN production ON production.id = node.production_id
        LEFT JOIN (SELECT made.production_id, made.product_id,
                          SUM(CASE place.usage WHEN 'production' THEN made.quantity
                                               ELSE -made.quantity END) AS quantity
                     FROM made LEFT JOIN place ON place.id = made.location_id
                    WHERE made.state = 'done'
                 GROUP BY made.production_id, made.product_id) output
                  ON output.production_id = production.id
                 AND output.product_id = production.product_id
            WHERE CASE WHEN production.id IS NOT NULL THEN TRUE ELSE FALSE END"""
        )

    def _select_purchase_facts(self):
        """``quantity`` ordered, ``done`` received, ``date`` planned; ``parent_id`` is
        the purchase order."""
        return SQL(
            """SELECT node.root_id, 'purchase', purchase.id, node.strength, node.lead,
                  purchase.product_id, purchase.state, purchase.product_uom_qty,
                  (COALESCE(purchase.qty_received, 0) * COALESCE(
                      purchase.product_uom_qty
                      / NULLIF(purchase.product_qty, 0)::float8, 1))::float8,
                  purchase.date_planned, purchase.order_id, FALSE, 0::float8, NULL
             FROM node
        LEFT JOIN purchase ON purchase.id = node.purchase_id
            WHERE CASE WHEN purchase.product_qty > COALESCE(purchase.qty_received, 0)
                       THEN TRUE ELSE FALSE END"""
        )
