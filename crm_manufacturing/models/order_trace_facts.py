from odoo import api, models
from odoo.tools import SQL


class OrderTrace(models.AbstractModel):
    """The rows the status of order lines is judged from, in one statement."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "order.trace"

    @api.model
    def _get_facts(self, lines):
        """Rows of the lines and of every node that serves them.

        :param lines: SELECT of ids of sale order lines
        Quantities are in the product's unit, dates naive UTC.
        """
        self.env.flush_all()
        query = SQL(
            """WITH RECURSIVE roots AS MATERIALIZED (%(lines)s), %(walk)s,
               node AS MATERIALIZED (
                   SELECT root_id, model, id, MIN(strength) AS strength,
                          MIN(depth) AS depth, MAX(lead) AS lead
                     FROM walk GROUP BY root_id, model, id)
               %(facts)s""",
            lines=lines,
            walk=self._with_walk(
                "sale.order.line", SQL("SELECT * FROM roots"), "supply"
            ),
            facts=SQL(" UNION ALL ").join(
                [
                    self._select_line_facts(),
                    self._select_move_facts(),
                    self._select_production_facts(),
                    self._select_purchase_facts(),
                ]
            ),
        )
        return self.env.execute_query_dict(query)

    def _select_line_facts(self):
        """``quantity`` ordered, ``done`` delivered, ``date`` promised; the company's
        ``zone``."""
        return SQL(
            """SELECT line.id AS root_id, 'sale.order.line' AS model, line.id AS id,
                  1 AS strength, 0 AS depth, INTERVAL '0' AS lead,
                  line.product_id, sale.state AS state,
                  CASE template.type WHEN 'consu' THEN 'goods' ELSE 'other' END
                      AS kind,
                  (line.product_uom_qty * unit.factor
                      / product_unit.factor)::float8 AS quantity,
                  (COALESCE(line.qty_delivered, 0) * unit.factor
                      / product_unit.factor)::float8 AS done,
                  line.promised_date AS date, NULL::int AS parent_id,
                  sale.id AS order_id, FALSE AS flag, 0::float8 AS free,
                  COALESCE(company_partner.tz, calendar.tz, 'UTC') AS zone
             FROM roots
             JOIN sale_order_line line ON line.id = roots.id
             JOIN sale_order sale ON sale.id = line.order_id
             JOIN res_company company ON company.id = sale.company_id
             JOIN res_partner company_partner ON company_partner.id = company.partner_id
        LEFT JOIN resource_calendar calendar
                  ON calendar.id = company.resource_calendar_id
             JOIN product_product product ON product.id = line.product_id
             JOIN product_template template ON template.id = product.product_tmpl_id
             JOIN uom_uom unit ON unit.id = line.product_uom_id
             JOIN uom_uom product_unit ON product_unit.id = template.uom_id"""
        )

    def _select_move_facts(self):
        """``quantity`` demanded, ``done`` reserved or done; ``parent_id`` consumes it.

        Kinds: ``out`` and ``back`` to and from the customer, ``transit`` on the way
        to him, ``inner`` for steps before, ``raw`` for components, ``step`` for moves
        of stock towards these, ``other``. The flag says that the same line has a later
        step still to do; ``free`` is what lies unreserved where a component is taken.
        """
        return SQL(
            """SELECT node.root_id, node.model, move.id, node.strength, node.depth,
                  node.lead, move.product_id, move.state,
                  CASE WHEN move.raw_material_production_id IS NOT NULL THEN 'raw'
                       WHEN move.production_id IS NOT NULL THEN 'other'
                       WHEN move.sale_line_id IS DISTINCT FROM node.root_id THEN
                           CASE source.usage WHEN 'internal' THEN 'step'
                                             ELSE 'other' END
                       WHEN destination.usage = 'customer' THEN 'out'
                       WHEN source.usage = 'customer' THEN 'back'
                       WHEN destination.usage = 'transit' THEN 'transit'
                       ELSE 'inner' END AS kind,
                  move.product_qty::float8 AS quantity,
                  -- what a vendor is to bring is never reserved, though the host
                  -- counts it
                  CASE WHEN move.state = 'done'
                         OR source.usage IN ('internal', 'transit')
                       THEN COALESCE(move.quantity, 0) * COALESCE(move.product_qty
                           / NULLIF(move.product_uom_qty, 0), 1)
                       ELSE 0 END::float8 AS done,
                  move.date, move.raw_material_production_id AS parent_id,
                  move.purchase_line_id AS order_id,
                  move.sale_line_id = node.root_id AND EXISTS (
                      SELECT FROM stock_move_move_rel rel
                        JOIN stock_move later ON later.id = rel.move_dest_id
                       WHERE rel.move_orig_id = move.id
                         AND later.sale_line_id = node.root_id
                         AND later.state NOT IN ('done', 'cancel')) AS flag,
                  CASE WHEN move.raw_material_production_id IS NOT NULL
                        AND move.state IN ('waiting', 'confirmed',
                                           'partially_available')
                       THEN (SELECT SUM(quant.quantity - quant.reserved_quantity)
                               FROM stock_quant quant
                               JOIN stock_location place ON place.id = quant.location_id
                              WHERE quant.product_id = move.product_id
                                AND place.parent_path LIKE source.parent_path || '%%')
                       END::float8 AS free, NULL AS zone
             FROM node
             JOIN stock_move move ON move.id = node.id
             JOIN stock_location source ON source.id = move.location_id
             JOIN stock_location destination ON destination.id = move.location_dest_id
            WHERE node.model = 'stock.move'"""
        )

    def _select_production_facts(self):
        """``quantity`` to make, ``done`` made, ``date`` of the planned or real end."""
        return SQL(
            """SELECT node.root_id, node.model, production.id, node.strength,
                      node.depth,
                      node.lead, production.product_id, production.state,
                      'production' AS kind, production.product_uom_qty AS quantity,
                      COALESCE((SELECT SUM(made.quantity * COALESCE(made.product_qty
                                           / NULLIF(made.product_uom_qty, 0), 1))
                                  FROM stock_move made
                                 WHERE made.production_id = production.id
                                   AND made.product_id = production.product_id
                                   AND made.state = 'done'), 0)::float8 AS done,
                      production.date_finished AS date, NULL::int AS parent_id,
                      NULL::int AS order_id, FALSE AS flag, 0::float8 AS free,
                      NULL AS zone
                 FROM node
                 JOIN mrp_production production ON production.id = node.id
                WHERE node.model = 'mrp.production'"""
        )

    def _select_purchase_facts(self):
        """``quantity`` ordered, ``done`` received, ``date`` planned; the flag says that
        the vendor or the order promised it."""
        return SQL(
            """SELECT node.root_id, node.model, line.id, node.strength, node.depth,
                      node.lead, line.product_id, purchase.state, 'purchase' AS kind,
                      line.product_uom_qty AS quantity,
                      (COALESCE(line.qty_received, 0) * COALESCE(line.product_uom_qty
                          / NULLIF(line.product_qty, 0)::float8, 1))::float8 AS done,
                      line.date_planned AS date, NULL::int AS parent_id,
                      purchase.id AS order_id,
                      line.promised_date IS NOT NULL AS flag, 0::float8 AS free,
                      NULL AS zone
                 FROM node
                 JOIN purchase_order_line line ON line.id = node.id
                 JOIN purchase_order purchase ON purchase.id = line.order_id
                WHERE node.model = 'purchase.order.line'"""
        )
