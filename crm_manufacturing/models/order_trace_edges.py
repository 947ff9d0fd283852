from odoo import api, models
from odoo.tools import SQL


class OrderTrace(models.AbstractModel):
    """The host's links between sale, production and purchase.

    What the host forgets to link it mostly still labels with a shared reference; the
    last edges follow it, for demands that have no better link and for the same product
    only.
    """

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "order.trace"

    @api.model
    def _edges(self):
        return {**super()._edges(), **self._edges_of_host()}

    @api.model
    def _get_steps(self, direction):
        """Back, the host's own edges are walked as they are written for it."""
        if direction == "supply":
            return super()._get_steps(direction)
        host, edges = self._edges_of_host(), self._edges()
        back = {
            code: edge
            for code, edge in self._edges_back().items()
            if edges.get(code) == host[code]
        }
        edges = {**edges, **back}.values()
        return [self._step_along(edge, direction) for edge in edges]

    def _edges_of_host(self):
        return {
            **self._edges_of_lines(),
            **self._edges_of_moves(),
            **self._edges_of_productions(),
            **self._edges_by_reference(),
        }

    def _edges_of_lines(self):
        return {
            # batches, splits, take-from-stock-else-make and kits keep this link
            "line_production": SQL(
                """SELECT 'sale.order.line', sale_line_id, 'mrp.production', id, 'line'
                     FROM mrp_production
                    WHERE sale_line_id IS NOT NULL AND state <> 'cancel'"""
            ),
            # the finished move of a production carries the line too: it is no delivery
            "line_move": SQL(
                """SELECT 'sale.order.line', sale_line_id, 'stock.move', id, 'move'
                     FROM stock_move
                    WHERE sale_line_id IS NOT NULL AND production_id IS NULL
                      AND state <> 'cancel'"""
            ),
            # services bought for the order, and goods the vendor ships himself
            "line_purchase": SQL(
                """SELECT 'sale.order.line', line.sale_line_id, 'purchase.order.line',
                         line.id, 'line'
                    FROM purchase_order_line line
                    JOIN purchase_order purchase ON purchase.id = line.order_id
                   WHERE line.sale_line_id IS NOT NULL AND purchase.state <> 'cancel'"""
            ),
        }

    def _edges_of_moves(self):
        return {
            "move_origin": SQL(
                """SELECT 'stock.move', rel.move_dest_id, 'stock.move',
                          rel.move_orig_id, 'move'
                     FROM stock_move_move_rel rel
                     JOIN stock_move origin ON origin.id = rel.move_orig_id
                    WHERE origin.state <> 'cancel'"""
            ),
            "move_production": SQL(
                """SELECT 'stock.move', id, 'mrp.production', production_id, 'move'
                     FROM stock_move
                    WHERE production_id IS NOT NULL AND state <> 'cancel'"""
            ),
            "move_created_production": SQL(
                """SELECT 'stock.move', move.id, 'mrp.production', production.id, 'move'
                     FROM stock_move move
                     JOIN mrp_production production
                          ON production.id = move.created_production_id
                    WHERE production.state <> 'cancel' AND move.state <> 'cancel'"""
            ),
            "move_receipt": SQL(
                """SELECT 'stock.move', id, 'purchase.order.line', purchase_line_id,
                          'move'
                     FROM stock_move
                    WHERE purchase_line_id IS NOT NULL AND state <> 'cancel'"""
            ),
            # before the receipt exists
            "move_purchase": SQL(
                """SELECT 'stock.move', rel.move_id, 'purchase.order.line', line.id,
                          'move'
                 FROM stock_move_created_purchase_line_rel rel
                 JOIN stock_move move ON move.id = rel.move_id
                 JOIN purchase_order_line line ON line.id = rel.created_purchase_line_id
                 JOIN purchase_order purchase ON purchase.id = line.order_id
                WHERE purchase.state <> 'cancel' AND move.state <> 'cancel'"""
            ),
        }

    def _edges_of_productions(self):
        return {
            "production_component": SQL(
                """SELECT 'mrp.production', raw_material_production_id, 'stock.move',
                          id,
                         'move'
                    FROM stock_move
                   WHERE raw_material_production_id IS NOT NULL AND state <> 'cancel'"""
            ),
            **self._edges_by_group(),
        }

    def _edges_back(self):
        """The edges over many-to-many links, written from supply to demand.

        Their OFFSET keeps PostgreSQL from joining all groups or references to one
        another before it looks at the node: it starts from the near end.
        """
        return {**self._edges_by_group("demand"), **self._edges_by_reference_back()}

    def _edges_by_group(self, direction="supply"):
        """Sub-assemblies without links between moves (take from stock, else make)."""
        near, far = (
            ("parent", "child") if direction == "supply" else ("child", "parent")
        )
        edge = SQL(
            """SELECT 'mrp.production', %(start)s, 'mrp.production', %(end)s, 'group'
                 FROM mrp_production near
           CROSS JOIN LATERAL (
                      SELECT production.id
                        FROM mrp_production_group_rel rel
                        JOIN mrp_production production
                             ON production.production_group_id = rel.%(far_group)s
                       WHERE rel.%(near_group)s = near.production_group_id
                         AND production.state <> 'cancel'
                         AND (SELECT raw.id FROM stock_move raw
                               WHERE raw.raw_material_production_id = %(parent)s
                                 AND raw.created_production_id = %(child)s
                               LIMIT 1) IS NULL
                      OFFSET 0) far
                WHERE near.state <> 'cancel'""",
            parent=SQL.identifier("near" if near == "parent" else "production", "id"),
            child=SQL.identifier("production" if near == "parent" else "near", "id"),
            start=SQL.identifier("near" if near == "parent" else "far", "id"),
            end=SQL.identifier("far" if near == "parent" else "near", "id"),
            near_group=SQL.identifier(f"{near}_group_id"),
            far_group=SQL.identifier(f"{far}_group_id"),
        )
        return {"production_child": edge}

    def _edges_by_reference(self):
        """From a demand nobody is linked to, to what shares reference and product."""
        return {
            "reference_production": SQL(
                """SELECT 'stock.move', move.id, 'mrp.production', shared.id,
                          'reference'
                     FROM stock_move move
               CROSS JOIN LATERAL (
                          SELECT production.id
                            FROM stock_reference_move_rel labelled
                            JOIN stock_reference_production_rel label
                                 ON label.reference_id = labelled.reference_id
                            JOIN mrp_production production
                                 ON production.id = label.production_id
                           WHERE labelled.move_id = move.id
                             AND production.product_id = move.product_id
                             AND production.state <> 'cancel'
                             AND production.id
                                 IS DISTINCT FROM move.raw_material_production_id
                          OFFSET 0) shared
                    WHERE %s""",
                self._is_unlinked(),
            ),
            "reference_purchase": SQL(
                """SELECT 'stock.move', move.id, 'purchase.order.line', shared.id,
                          'reference'
                     FROM stock_move move
               CROSS JOIN LATERAL (
                          SELECT line.id
                            FROM stock_reference_move_rel labelled
                            JOIN stock_reference_purchase_rel label
                                 ON label.reference_id = labelled.reference_id
                            JOIN purchase_order purchase
                                 ON purchase.id = label.purchase_id
                            JOIN purchase_order_line line ON line.order_id = purchase.id
                           WHERE labelled.move_id = move.id
                             AND line.product_id = move.product_id
                             AND purchase.state <> 'cancel'
                          OFFSET 0) shared
                    WHERE %s""",
                self._is_unlinked(),
            ),
        }

    def _edges_by_reference_back(self):
        """The same edges, found from the production or the purchase."""
        return {
            "reference_production": SQL(
                """SELECT 'stock.move', shared.id, 'mrp.production', production.id,
                          'reference'
                     FROM mrp_production production
               CROSS JOIN LATERAL (
                          SELECT move.id
                            FROM stock_reference_production_rel label
                            JOIN stock_reference_move_rel labelled
                                 ON labelled.reference_id = label.reference_id
                            JOIN stock_move move ON move.id = labelled.move_id
                           WHERE label.production_id = production.id
                             AND move.product_id = production.product_id
                             AND production.id
                                 IS DISTINCT FROM move.raw_material_production_id
                             AND %s
                          OFFSET 0) shared
                    WHERE production.state <> 'cancel'""",
                self._is_unlinked(),
            ),
            "reference_purchase": SQL(
                """SELECT 'stock.move', shared.id, 'purchase.order.line', line.id,
                          'reference'
                     FROM purchase_order_line line
                     JOIN purchase_order bought ON bought.id = line.order_id
               CROSS JOIN LATERAL (
                          SELECT move.id
                            FROM stock_reference_purchase_rel label
                            JOIN stock_reference_move_rel labelled
                                 ON labelled.reference_id = label.reference_id
                            JOIN stock_move move ON move.id = labelled.move_id
                           WHERE label.purchase_id = line.order_id
                             AND move.product_id = line.product_id AND %s
                          OFFSET 0) shared
                    WHERE bought.state <> 'cancel'""",
                self._is_unlinked(),
            ),
        }

    def _is_unlinked(self):
        """Condition: the ``move`` still lacks something and nothing better leads on.

        Scalar, so that PostgreSQL asks it of the move before it joins anything.
        """
        return SQL(
            """move.state IN ('waiting', 'confirmed', 'partially_available')
               AND move.production_id IS NULL
               AND (SELECT rel.move_dest_id FROM stock_move_move_rel rel
                     WHERE rel.move_dest_id = move.id LIMIT 1) IS NULL
               AND (SELECT rel.move_id FROM stock_move_created_purchase_line_rel rel
                      JOIN purchase_order_line proposed
                           ON proposed.id = rel.created_purchase_line_id
                      JOIN purchase_order proposal ON proposal.id = proposed.order_id
                     WHERE rel.move_id = move.id AND proposal.state <> 'cancel'
                     LIMIT 1) IS NULL"""
        )
