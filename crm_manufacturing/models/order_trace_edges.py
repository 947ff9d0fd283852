from odoo import api, models
from odoo.tools import SQL


class OrderTrace(models.AbstractModel):
    """The host's links between sale, production and purchase.

    What the host forgets to link it mostly still labels with a shared reference; the
    last edges follow it, for demands that have no better link and for the same product
    only.
    """

    _inherit = "order.trace"

    @api.model
    def _edges(self):
        return {
            **super()._edges(),
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
                          rel.move_orig_id,
                          'move'
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
            # sub-assemblies without links between moves (take from stock, else make)
            "production_child": SQL(
                """SELECT 'mrp.production', parent.id, 'mrp.production', child.id,
                          'group'
                     FROM mrp_production parent
                     JOIN mrp_production_group_rel rel
                          ON rel.parent_group_id = parent.production_group_id
                     JOIN mrp_production child
                          ON child.production_group_id = rel.child_group_id
                    WHERE child.state <> 'cancel'"""
            ),
        }

    def _edges_by_reference(self):
        """From a demand nobody is linked to,
                  to what shares its reference and product."""
        unlinked = SQL(
            """move.state IN ('waiting', 'confirmed', 'partially_available')
               AND move.production_id IS NULL
               AND NOT EXISTS (SELECT FROM stock_move_move_rel rel
                                WHERE rel.move_dest_id = move.id)
               AND NOT EXISTS (SELECT FROM stock_move_created_purchase_line_rel rel
                                 JOIN purchase_order_line bought
                                      ON bought.id = rel.created_purchase_line_id
                                 JOIN purchase_order purchase
                                      ON purchase.id = bought.order_id
                                WHERE rel.move_id = move.id
                                  AND purchase.state <> 'cancel')"""
        )
        return {
            "reference_production": SQL(
                """SELECT 'stock.move', move.id, 'mrp.production', production.id,
                        'reference'
                   FROM stock_move move
                   JOIN stock_reference_move_rel labelled ON labelled.move_id = move.id
                   JOIN stock_reference_production_rel label
                        ON label.reference_id = labelled.reference_id
                   JOIN mrp_production production ON production.id = label.production_id
                  WHERE production.product_id = move.product_id
                    AND production.state <> 'cancel'
                    AND production.id IS DISTINCT FROM move.raw_material_production_id
                    AND %s""",
                unlinked,
            ),
            "reference_purchase": SQL(
                """SELECT 'stock.move', move.id, 'purchase.order.line', line.id,
                          'reference'
                    FROM stock_move move
                    JOIN stock_reference_move_rel labelled ON labelled.move_id = move.id
                    JOIN stock_reference_purchase_rel label
                         ON label.reference_id = labelled.reference_id
                    JOIN purchase_order purchase ON purchase.id = label.purchase_id
                    JOIN purchase_order_line line ON line.order_id = purchase.id
                   WHERE line.product_id = move.product_id
                     AND purchase.state <> 'cancel' AND %s""",
                unlinked,
            ),
        }
