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
        return {
            **super()._edges(),
            **self._edges_of_lines(),
            **self._edges_of_documents(),
        }

    def _edges_of_documents(self):
        """Those from moves and productions."""
        return {
            **self._edges_of_moves(),
            **self._edges_of_productions(),
            **self._edges_by_reference(),
        }

    def _edges_of_lines(self):
        return {
            # batches, splits, take-from-stock-else-make and kits keep this link
            "line_production": SQL(
                """SELECT 'sale.order.line', sale_line_id, 'mrp.production', id, 'line'
                     FROM mrp_production WHERE sale_line_id IS NOT NULL"""
            ),
            # the finished move of a production carries the line too: it is no delivery
            "line_move": SQL(
                """SELECT 'sale.order.line', sale_line_id, 'stock.move', id, 'move'
                     FROM stock_move
                    WHERE sale_line_id IS NOT NULL AND production_id IS NULL"""
            ),
            # services bought for the order, and goods the vendor ships himself
            "line_purchase": SQL(
                """SELECT 'sale.order.line', sale_line_id, 'purchase.order.line', id,
                         'line'
                    FROM purchase_order_line WHERE sale_line_id IS NOT NULL"""
            ),
        }

    def _edges_of_moves(self):
        return {
            "move_origin": SQL(
                """SELECT 'stock.move', move_dest_id, 'stock.move', move_orig_id, 'move'
                     FROM stock_move_move_rel"""
            ),
            "move_production": SQL(
                """SELECT 'stock.move', id, 'mrp.production', production_id, 'move'
                     FROM stock_move WHERE production_id IS NOT NULL"""
            ),
            "move_created_production": SQL(
                """SELECT 'stock.move', id, 'mrp.production', created_production_id,
                          'move'
                     FROM stock_move WHERE created_production_id IS NOT NULL"""
            ),
            "move_receipt": SQL(
                """SELECT 'stock.move', id, 'purchase.order.line', purchase_line_id,
                          'move'
                     FROM stock_move WHERE purchase_line_id IS NOT NULL"""
            ),
            # before the receipt exists
            "move_purchase": SQL(
                """SELECT 'stock.move', move_id, 'purchase.order.line',
                          created_purchase_line_id, 'move'
                     FROM stock_move_created_purchase_line_rel"""
            ),
        }

    def _edges_of_productions(self):
        return {
            "production_component": SQL(
                """SELECT 'mrp.production', raw_material_production_id, 'stock.move',
                          id, 'move'
                     FROM stock_move
                    WHERE raw_material_production_id IS NOT NULL"""
            ),
            # sub-assemblies without links between moves (take from stock, else make)
            "production_child": SQL(
                """SELECT 'mrp.production', parent.id, 'mrp.production', child.id,
                          'group'
                     FROM mrp_production parent
                     JOIN mrp_production_group_rel rel
                          ON rel.parent_group_id = parent.production_group_id
                     JOIN mrp_production child
                          ON child.production_group_id = rel.child_group_id
                    WHERE (SELECT raw.id FROM stock_move raw
                            WHERE raw.raw_material_production_id = parent.id
                              AND raw.created_production_id = child.id
                            LIMIT 1) IS NULL"""
            ),
        }

    def _edges_by_reference(self):
        """From a demand nobody is linked to, to what shares reference and product.

        Products are compared in a way that PostgreSQL cannot join by: a product may
        have any number of moves, and a reference has a few.
        """
        return {
            "reference_production": SQL(
                """SELECT 'stock.move', move.id, 'mrp.production', production.id,
                          'reference'
                     FROM stock_move move
                     JOIN stock_reference_move_rel labelled
                          ON labelled.move_id = move.id
                     JOIN stock_reference_production_rel label
                          ON label.reference_id = labelled.reference_id
                     JOIN mrp_production production
                          ON production.id = label.production_id
                    WHERE (production.product_id = move.product_id) IS TRUE
                      AND production.id IS DISTINCT FROM move.raw_material_production_id
                      AND %s""",
                self._is_unlinked(),
            ),
            "reference_purchase": SQL(
                """SELECT 'stock.move', move.id, 'purchase.order.line', line.id,
                          'reference'
                     FROM stock_move move
                     JOIN stock_reference_move_rel labelled
                          ON labelled.move_id = move.id
                     JOIN stock_reference_purchase_rel label
                          ON label.reference_id = labelled.reference_id
                     JOIN purchase_order_line line ON line.order_id = label.purchase_id
                    WHERE (line.product_id = move.product_id) IS TRUE AND %s""",
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
