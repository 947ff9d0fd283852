from odoo import api, models
from odoo.tools import SQL


class OrderTrace(models.AbstractModel):
    """The serials made or moved for order lines, and where each one is."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "order.trace"

    @api.model
    def _get_lots(self, sale_lines):
        """``{line id: [{lot_id, name, place}]}``; the last event counts."""
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT DISTINCT ON (event.line_id, lot.id) event.line_id,
                     lot.id AS lot_id, lot.name, event.place
                FROM (%s UNION ALL %s) event JOIN stock_lot lot ON lot.id = event.lot_id
            ORDER BY event.line_id, lot.id, event.is_done DESC, event.date DESC,
                     event.event_id DESC""",
                self._select_made_lots(sale_lines),
                self._select_moved_lots(sale_lines),
            )
        )
        places = self._get_place_names()
        lots = {}
        for row in rows:
            lots.setdefault(row["line_id"], []).append(
                {
                    "lot_id": row["lot_id"],
                    "name": row["name"],
                    "place": places.get(row["place"], row["place"]),
                }
            )
        return {
            line: sorted(found, key=lambda lot: lot["name"])
            for line, found in lots.items()
        }

    def _get_place_names(self):
        return {
            "stock": self.env._("Finished stock"),
            "packed": self.env._("Packed"),
            "transit": self.env._("On the way"),
            "customer": self.env._("Delivered"),
            "returned": self.env._("Returned"),
        }

    def _select_made_lots(self, sale_lines):
        """In the plant (its name and the work order that runs) or in finished stock."""
        return SQL(
            """SELECT production.sale_line_id AS line_id, rel.stock_lot_id AS lot_id,
               CASE WHEN production.state = 'done' THEN 'stock'
                    ELSE CONCAT_WS(', ', warehouse.name, work.name) END AS place,
               FALSE AS is_done, production.date_start AS date,
               production.id AS event_id
          FROM mrp_production production
          JOIN mrp_production_stock_lot_rel rel
               ON rel.mrp_production_id = production.id
          JOIN stock_picking_type operation ON operation.id = production.picking_type_id
     LEFT JOIN stock_warehouse warehouse ON warehouse.id = operation.warehouse_id
     LEFT JOIN LATERAL (SELECT name FROM mrp_workorder
                         WHERE production_id = production.id
                           AND state NOT IN ('done', 'cancel')
                      ORDER BY state <> 'progress', id LIMIT 1) work ON TRUE
         WHERE production.sale_line_id = ANY(%s) AND production.state <> 'cancel'""",
            sale_lines.ids,
        )

    def _select_moved_lots(self, sale_lines):
        """Done moves of the lines' own deliveries and returns, and what is reserved."""
        return SQL(
            """SELECT move.sale_line_id, detail.lot_id,
                  CASE WHEN move.state <> 'done' THEN 'stock'
                       WHEN destination.usage = 'customer' THEN 'customer'
                       WHEN source.usage = 'customer' THEN 'returned'
                       WHEN destination.usage = 'transit' THEN 'transit'
                       WHEN detail.result_package_id IS NOT NULL THEN 'packed'
                       ELSE 'stock' END,
                  move.state = 'done', detail.date, detail.id
             FROM stock_move move
             JOIN stock_move_line detail ON detail.move_id = move.id
             JOIN stock_location source ON source.id = detail.location_id
             JOIN stock_location destination ON destination.id = detail.location_dest_id
            WHERE move.sale_line_id = ANY(%s) AND move.state <> 'cancel'
              AND detail.lot_id IS NOT NULL""",
            sale_lines.ids,
        )
