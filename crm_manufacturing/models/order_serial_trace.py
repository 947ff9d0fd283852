from odoo import api, models

from ..tools.serial_range import serial_key


class OrderTrace(models.AbstractModel):
    """Reserved numbers are places of the order as well, before the serial exists."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "order.trace"

    @api.model
    def _get_lots(self, sale_lines):
        self.env.flush_all()
        lots = super()._get_lots(sale_lines)
        # sudo: whoever may ask for the line may know its numbers
        rows = self.env["order.serial.reservation"].sudo()
        if not rows._has_any():
            return lots
        rows = rows.search(
            [("sale_line_id", "in", sale_lines.ids), ("state", "!=", "freed")]
        )
        for row in rows:
            # what was delivered without it keeps a number until the night only
            if row.state == "reserved" and row.sale_line_id._is_served():
                continue
            found = lots.setdefault(row.sale_line_id.id, [])
            if row.name not in {lot["name"] for lot in found}:
                found.append(self._get_reserved_lot(row))
        for found in lots.values():
            found.sort(key=lambda lot: serial_key(lot["name"]))
        return lots

    def _get_reserved_lot(self, row):
        return {
            "lot_id": row.lot_id.id,
            "name": row.name,
            "place": self._get_production_place(row.production_id),
        }

    def _get_production_place(self, production):
        """Plant and work order, as of the serials that exist already."""
        if not production:
            return self.env._("Reserved, not planned yet")
        if production.state == "done":
            return self._get_place_names()["stock"]
        plant = production.picking_type_id.warehouse_id.name
        if production.state in ("draft", "confirmed"):
            return self.env._("Planned in %(plant)s", plant=plant)
        running = production.workorder_ids.filtered(
            lambda work: work.state not in ("done", "cancel")
        ).sorted(lambda work: (work.state != "progress", work.id))
        return ", ".join(word for word in (plant, running[:1].name) if word)
