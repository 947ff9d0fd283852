from odoo import api, models
from odoo.tools import SQL


class OrderTrace(models.AbstractModel):
    """The host's edges as the status walks them: from demand to supply, and fast.

    A dozen edges asked of each node, one by one, cost several times what it costs to
    read the node once and look where it leads. The finished move of a production is
    passed over, and what is cancelled is left to the facts to drop. An edge that
    another addon brings, or changes, is walked as it is.
    """

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "order.trace"

    @api.model
    def _get_fast_steps(self):
        host, edges = self._edges_of_host(), self._edges()
        if any(edges.get(code) != edge for code, edge in host.items()):
            return self._get_steps("supply")
        return [
            self._step_from_line(),
            self._step_from_move(),
            self._step_from_production(),
            *(
                self._step_along(edge, "supply")
                for code, edge in edges.items()
                if code not in host
            ),
        ]

    def _step_from_line(self):
        """What is not the host's finished move, which carries the line as well."""
        return SQL(
            """SELECT step.model, step.id, step.strength, INTERVAL '0' AS lead
                 FROM (SELECT walk.id OFFSET 0) line(id) CROSS JOIN LATERAL (
                      SELECT 'mrp.production'::text AS model, id, 1 AS strength
                        FROM mrp_production WHERE sale_line_id = line.id
                   UNION ALL
                      SELECT 'stock.move', id, 2 FROM stock_move
                       WHERE sale_line_id = line.id AND production_id IS NULL
                   UNION ALL
                      SELECT 'purchase.order.line', id, 1 FROM purchase_order_line
                       WHERE sale_line_id = line.id) step
                WHERE walk.model = 'sale.order.line'"""
        )

    def _step_from_move(self):
        return SQL(
            """SELECT step.model, step.id, step.strength, INTERVAL '0' AS lead
                 FROM stock_move move CROSS JOIN LATERAL (
                      SELECT model::text, id, 2 AS strength
                        FROM (VALUES ('mrp.production', move.created_production_id),
                                     ('purchase.order.line', move.purchase_line_id)
                             ) named(model, id)
                       WHERE id IS NOT NULL
                   UNION ALL
                      SELECT CASE WHEN origin.production_id IS NULL THEN 'stock.move'
                                  ELSE 'mrp.production' END,
                             COALESCE(origin.production_id, origin.id), 2
                        FROM stock_move_move_rel rel
                        JOIN stock_move origin ON origin.id = rel.move_orig_id
                       WHERE rel.move_dest_id = move.id
                   UNION ALL
                      SELECT 'purchase.order.line', created_purchase_line_id, 2
                        FROM stock_move_created_purchase_line_rel
                       WHERE move_id = move.id
                   UNION ALL
                      SELECT shared.model, shared.id, 4
                        FROM (SELECT 1 WHERE %(is_unlinked)s OFFSET 0) unlinked
                  CROSS JOIN LATERAL (%(by_reference)s OFFSET 0) shared) step
                WHERE walk.model = 'stock.move' AND move.id = walk.id
                  AND move.state <> 'cancel'""",
            is_unlinked=self._is_unlinked(),
            by_reference=self._select_by_reference(),
        )

    def _select_by_reference(self):
        """Productions and purchases of the move's product that share its reference."""
        return SQL(
            """SELECT 'mrp.production'::text AS model, production.id
                 FROM stock_reference_move_rel labelled
                 JOIN stock_reference_production_rel label
                      ON label.reference_id = labelled.reference_id
                 JOIN mrp_production production ON production.id = label.production_id
                WHERE labelled.move_id = move.id
                  AND production.product_id = move.product_id
                  AND production.id IS DISTINCT FROM move.raw_material_production_id
            UNION ALL
               SELECT 'purchase.order.line', line.id
                 FROM stock_reference_move_rel labelled
                 JOIN stock_reference_purchase_rel label
                      ON label.reference_id = labelled.reference_id
                 JOIN purchase_order_line line ON line.order_id = label.purchase_id
                WHERE labelled.move_id = move.id
                  AND line.product_id = move.product_id"""
        )

    def _step_from_production(self):
        return SQL(
            """SELECT step.model, step.id, step.strength,
                      GREATEST(production.date_finished - production.date_start,
                               INTERVAL '0') AS lead
                 FROM mrp_production production CROSS JOIN LATERAL (
                      SELECT 'stock.move'::text AS model, id, 2 AS strength
                        FROM stock_move
                       WHERE raw_material_production_id = production.id
                   UNION ALL
                      SELECT 'mrp.production', child.id, 3
                        FROM mrp_production_group_rel rel
                        JOIN mrp_production child
                             ON child.production_group_id = rel.child_group_id
                       WHERE rel.parent_group_id = production.production_group_id
                         AND (SELECT raw.id FROM stock_move raw
                               WHERE raw.created_production_id = child.id
                                 AND raw.raw_material_production_id = production.id
                               LIMIT 1) IS NULL) step
                WHERE walk.model = 'mrp.production' AND production.id = walk.id
                  AND production.state <> 'cancel'"""
        )
