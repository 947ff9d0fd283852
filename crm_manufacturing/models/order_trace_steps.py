from odoo import api, models
from odoo.tools import SQL


class OrderTrace(models.AbstractModel):
    """The host's edges from demand to supply, with one reading of each document.

    Edge by edge a move would be read five times, and what is joined to it once for each
    row. What is cancelled is left to the walk. An edge that another addon brings, or
    changes, is walked as it is.
    """

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "order.trace"

    @api.model
    def _get_steps(self, direction):
        read, edges = self._edges_of_documents(), self._edges()
        is_changed = any(edges.get(code) != edge for code, edge in read.items())
        if direction != "supply" or is_changed:
            return super()._get_steps(direction)
        others = [edge for code, edge in edges.items() if code not in read]
        return [
            self._step_from_move(),
            self._step_from_production(),
            *(self._step_along(edge, direction) for edge in others),
        ]

    def _step_from_move(self):
        return SQL(
            """(WITH origin AS MATERIALIZED (
                    SELECT move_dest_id AS move_id, move_orig_id AS id
                      FROM stock_move_move_rel
                     WHERE move_dest_id = ANY(ARRAY(SELECT id FROM near_move))),
                proposed AS MATERIALIZED (
                    SELECT move_id, created_purchase_line_id AS id
                      FROM stock_move_created_purchase_line_rel
                     WHERE move_id = ANY(ARRAY(SELECT id FROM near_move))),
                %(unlinked)s, %(shared)s
             SELECT 'stock.move', near_move.id, named.model, named.id, 2
               FROM near_move CROSS JOIN LATERAL (
                    VALUES ('mrp.production', production_id),
                           ('mrp.production', created_production_id),
                           ('purchase.order.line', purchase_line_id)) named(model, id)
              WHERE named.id IS NOT NULL
              UNION ALL
             SELECT 'stock.move', move_id, 'stock.move', id, 2 FROM origin
              UNION ALL
             SELECT 'stock.move', move_id, 'purchase.order.line', id, 2 FROM proposed
              UNION ALL
             SELECT 'stock.move', move_id, model, id, 4 FROM shared)""",
            unlinked=self._with_unlinked(),
            shared=self._with_shared(),
        )

    def _with_unlinked(self):
        """The CTE ``unlinked`` of moves :meth:`_is_unlinked` holds for."""
        return SQL(
            """lacking AS MATERIALIZED (
                   SELECT id FROM near_move
                    WHERE state IN ('waiting', 'confirmed', 'partially_available')
                      AND production_id IS NULL
                      AND id NOT IN (SELECT move_id FROM origin)),
               proposal AS MATERIALIZED (
                   SELECT id, order_id FROM purchase_order_line
                    WHERE id = ANY(ARRAY(
                          SELECT id FROM proposed
                           WHERE move_id IN (SELECT id FROM lacking)))),
               alive AS MATERIALIZED (
                   SELECT id FROM purchase_order
                    WHERE id = ANY(ARRAY(SELECT order_id FROM proposal))
                      AND state <> 'cancel'),
               unlinked AS MATERIALIZED (
                   SELECT id FROM lacking
                    WHERE id NOT IN (
                          SELECT proposed.move_id
                            FROM proposed
                            JOIN proposal ON proposal.id = proposed.id
                            JOIN alive ON alive.id = proposal.order_id))"""
        )

    def _with_shared(self):
        """The CTE ``shared(move_id, model, id)``: productions and purchases of the same
        product that share an unlinked move's reference."""
        return SQL(
            """labelled AS MATERIALIZED (
                   SELECT move_id, reference_id FROM stock_reference_move_rel
                    WHERE move_id = ANY(ARRAY(SELECT id FROM unlinked))),
               %(productions)s, %(purchases)s,
               shared AS (
                   SELECT move.id AS move_id, offered.model, offered.id
                     FROM labelled
                     JOIN near_move move ON move.id = labelled.move_id
                     JOIN (SELECT * FROM labelled_production
                            UNION SELECT * FROM labelled_purchase) offered
                          ON offered.reference_id = labelled.reference_id
                    -- no equality to join by, see _edges_by_reference
                    WHERE (offered.product_id = move.product_id) IS TRUE
                      AND (offered.model <> 'mrp.production' OR offered.id
                           IS DISTINCT FROM move.raw_material_production_id))""",
            productions=self._with_labelled_productions(),
            purchases=self._with_labelled_purchases(),
        )

    def _with_labelled_productions(self):
        return SQL(
            """production_label AS MATERIALIZED (
                   SELECT reference_id, production_id
                     FROM stock_reference_production_rel
                    WHERE reference_id = ANY(ARRAY(
                          SELECT DISTINCT reference_id FROM labelled))),
               made AS MATERIALIZED (
                   SELECT id, product_id FROM mrp_production
                    WHERE id = ANY(ARRAY(SELECT production_id FROM production_label))),
               labelled_production AS (
                   SELECT reference_id, product_id, 'mrp.production' AS model, id
                     FROM production_label
                     JOIN made ON made.id = production_label.production_id)"""
        )

    def _with_labelled_purchases(self):
        return SQL(
            """purchase_label AS MATERIALIZED (
                   SELECT reference_id, purchase_id FROM stock_reference_purchase_rel
                    WHERE reference_id = ANY(ARRAY(
                          SELECT DISTINCT reference_id FROM labelled))),
               bought AS MATERIALIZED (
                   SELECT id, product_id, order_id FROM purchase_order_line
                    WHERE order_id = ANY(ARRAY(
                          SELECT purchase_id FROM purchase_label))),
               labelled_purchase AS (
                   SELECT reference_id, product_id, 'purchase.order.line' AS model, id
                     FROM purchase_label
                     JOIN bought ON bought.order_id = purchase_label.purchase_id)"""
        )

    def _step_from_production(self):
        """To its components and, where none of them was made to order for it, to the
        productions of the groups below its own."""
        return SQL(
            """(WITH component AS MATERIALIZED (
                    SELECT id, raw_material_production_id AS parent_id,
                           created_production_id
                      FROM stock_move
                     WHERE raw_material_production_id = ANY(ARRAY(
                           SELECT id FROM near_production))),
                below AS MATERIALIZED (
                    SELECT parent_group_id, child_group_id
                      FROM mrp_production_group_rel
                     WHERE parent_group_id = ANY(ARRAY(
                           SELECT production_group_id FROM near_production))),
                child AS MATERIALIZED (
                    SELECT id, production_group_id FROM mrp_production
                     WHERE production_group_id = ANY(ARRAY(
                           SELECT child_group_id FROM below)))
             SELECT 'mrp.production', parent_id, 'stock.move', id, 2
               FROM component
              UNION ALL
             SELECT 'mrp.production', parent.id, 'mrp.production', child.id, 3
               FROM near_production parent
               JOIN below ON below.parent_group_id = parent.production_group_id
               JOIN child ON child.production_group_id = below.child_group_id
              WHERE (parent.id, child.id) NOT IN (
                    SELECT parent_id, created_production_id FROM component
                     WHERE created_production_id IS NOT NULL))"""
        )
