from odoo import api, models
from odoo.tools import SQL

from ..tools.order_state import Fact

COLUMNS = SQL(", ").join(map(SQL.identifier, Fact._fields))


class OrderTrace(models.AbstractModel):
    """The rows the status of order lines is judged from, in one statement."""

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
                   SELECT root_id, model, id, MIN(strength) AS strength,
                          MAX(lead) AS lead
                     FROM walk GROUP BY root_id, model, id)
               SELECT * FROM (%(facts)s) fact(%(columns)s)""",
            lines=lines,
            walk=self._with_walk(
                "sale.order.line", SQL("SELECT * FROM roots"), self._get_fast_steps()
            ),
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
                  (line.product_uom_qty * unit.ratio)::float8,
                  (COALESCE(line.qty_delivered, 0) * unit.ratio)::float8,
                  line.promised_date, sale.id, FALSE, 0::float8,
                  (SELECT COALESCE(partner.tz, calendar.tz, 'UTC')
                     FROM res_company company
                     JOIN res_partner partner ON partner.id = company.partner_id
                LEFT JOIN resource_calendar calendar
                          ON calendar.id = company.resource_calendar_id
                    WHERE company.id = sale.company_id)
             FROM roots
             JOIN sale_order_line line ON line.id = roots.id
             JOIN sale_order sale ON sale.id = line.order_id
             JOIN product_product product ON product.id = line.product_id
             JOIN product_template template ON template.id = product.product_tmpl_id
       CROSS JOIN LATERAL (
                  SELECT CASE WHEN line.product_uom_id = template.uom_id THEN 1 ELSE
                      (SELECT factor FROM uom_uom WHERE id = line.product_uom_id)
                      / (SELECT factor FROM uom_uom WHERE id = template.uom_id)
                      END AS ratio) unit"""
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
                         OR %(in_house)s
                       THEN COALESCE(move.quantity, 0) * COALESCE(move.product_qty
                           / NULLIF(move.product_uom_qty, 0), 1)
                       ELSE 0 END::float8,
                  move.date, move.raw_material_production_id,
                  -- a scalar, so that nobody hashes all moves of the database
                  move.sale_line_id = node.root_id AND (
                      SELECT TRUE FROM stock_move_move_rel rel
                        JOIN stock_move later ON later.id = rel.move_dest_id
                       WHERE rel.move_orig_id = move.id
                         AND later.sale_line_id = node.root_id
                         AND later.state NOT IN ('done', 'cancel')
                       LIMIT 1) IS NOT NULL,
                  CASE WHEN move.state IN ('waiting', 'confirmed',
                                           'partially_available')
                        AND %(in_house)s
                       THEN (%(free)s)
                       END::float8, NULL
             FROM node
             JOIN stock_move move ON move.id = node.id
             JOIN stock_location source ON source.id = move.location_id
             JOIN stock_location destination ON destination.id = move.location_dest_id
            WHERE node.model = 'stock.move' AND move.production_id IS NULL
              AND move.state <> 'cancel'
              AND CASE WHEN move.raw_material_production_id IS NOT NULL
                       -- what others take from their own stock is their matter
                       THEN move.state IN ('waiting', 'confirmed',
                                           'partially_available')
                        AND (%(in_house)s OR (
                             SELECT rel.move_orig_id FROM stock_move_move_rel rel
                              WHERE rel.move_dest_id = move.id LIMIT 1) IS NOT NULL)
                       ELSE move.sale_line_id IS NOT DISTINCT FROM node.root_id
                         OR %(in_house)s AND move.state NOT IN ('done', 'cancel')
                       END""",
            in_house=self._is_in_house(),
            free=self._select_free(),
        )

    def _select_free(self):
        """What lies unreserved at ``source``, of the product of the ``move``."""
        return SQL(
            """SELECT SUM(quant.quantity - quant.reserved_quantity)
                 FROM stock_quant quant
                 JOIN stock_location place ON place.id = quant.location_id
                WHERE quant.product_id = move.product_id
                  AND place.parent_path LIKE source.parent_path || '%%'"""
        )

    def _is_in_house(self):
        """Condition: what lies where the ``move`` starts, at ``source``, is ours."""
        return SQL("source.usage = 'internal'")

    def _select_production_facts(self):
        """``quantity`` to make, ``done`` made and not scrapped since, ``date`` of the
        planned or real end."""
        return SQL(
            """SELECT node.root_id, 'production', production.id, node.strength,
                  node.lead, production.product_id, production.state,
                  production.product_uom_qty::float8,
                  CASE WHEN production.state IN ('progress', 'to_close', 'done') THEN
                      (SELECT COALESCE(SUM(made.quantity * COALESCE(made.product_qty
                                  / NULLIF(made.product_uom_qty, 0), 1)
                                  * CASE source.usage WHEN 'production' THEN 1
                                                      ELSE -1 END), 0)
                         FROM stock_move made
                         JOIN stock_location source ON source.id = made.location_id
                        WHERE made.production_id = production.id
                          AND made.product_id = production.product_id
                          AND made.state = 'done') ELSE 0 END::float8,
                  production.date_finished, NULL::int, FALSE, 0::float8, NULL
             FROM node
             JOIN mrp_production production ON production.id = node.id
            WHERE node.model = 'mrp.production' AND production.state <> 'cancel'"""
        )

    def _select_purchase_facts(self):
        """``quantity`` ordered, ``done`` received, ``date`` planned; ``parent_id`` is
        the purchase order."""
        return SQL(
            """SELECT node.root_id, 'purchase', line.id, node.strength, node.lead,
                  line.product_id, purchase.state, line.product_uom_qty,
                  (COALESCE(line.qty_received, 0) * COALESCE(line.product_uom_qty
                      / NULLIF(line.product_qty, 0)::float8, 1))::float8,
                  line.date_planned, purchase.id, FALSE, 0::float8, NULL
             FROM node
             JOIN purchase_order_line line ON line.id = node.id
             JOIN purchase_order purchase ON purchase.id = line.order_id
            WHERE node.model = 'purchase.order.line' AND purchase.state <> 'cancel'
              AND line.product_qty > COALESCE(line.qty_received, 0)"""
        )
