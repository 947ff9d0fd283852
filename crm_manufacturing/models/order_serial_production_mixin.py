from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.serial_range import format_ranges


class OrderSerialProductionMixin(models.AbstractModel):
    """A manufacturing order makes exactly the serials its order line reserved."""

    _name = "order.serial.production.mixin"
    _description = "Production with Reserved Serials"

    serial_reservation_ids = fields.One2many(
        "order.serial.reservation",
        "production_id",
        string="Reserved Serials",
        groups="base.group_user",
    )
    serial_range = fields.Char(
        string="Reserved for the Order",
        compute="_compute_serial_range",
        compute_sudo=True,
        groups="base.group_user",
        help="The serial numbers the sales order reserved; they are made here.",
    )

    @api.depends("serial_reservation_ids.name")
    def _compute_serial_range(self):
        for production in self:
            production.serial_range = format_ranges(
                production.serial_reservation_ids.mapped("name")
            )

    def _get_reservations(self):
        """The rows of these productions; nothing is asked where nothing is reserved."""
        # sudo: the shop floor makes what it need not be able to change
        rows = self.env["order.serial.reservation"].sudo()
        return self.sudo().serial_reservation_ids if rows._has_any() else rows

    def _get_next_reserved(self):
        """The reserved numbers not in production yet, at most what is to be made."""
        rows = self._get_reservations().filtered(
            lambda row: not row.lot_id or row.lot_id not in self.lot_producing_ids
        )
        count = int(self.product_uom_qty) - len(self.lot_producing_ids)
        return rows._sorted()[: max(count, 0)]

    def _take_reserved_lot(self):
        """Make a one-piece production's reserved serial; whether there was one."""
        rows = self._get_next_reserved()
        if self.product_tracking != "serial" or self.product_qty != 1 or not rows:
            return False
        self.lot_producing_ids = rows._make_lots().sudo(False)
        return True

    def _produce_reserved_lot(self, workorder=False):
        """As the host does with a serial it has generated."""
        self.qty_producing = 1
        (workorder or self).set_qty_producing()
        if self.picking_type_id.auto_print_generated_mrp_lot:
            return self._autoprint_generated_lot(self.lot_producing_ids)
        return None

    def _make_reserved_lots(self, names):
        """The serials of the reserved numbers among these, so that they are found."""
        self._get_reservations().filtered(lambda row: row.name in names)._make_lots()

    def _check_reserved_serials(self):
        """Exactly the reserved serials, and no serial reserved for another."""
        for production in self.filtered("lot_producing_ids"):
            rows = production._get_reservations()
            own = set(rows.mapped("name"))
            strange = production.lot_producing_ids.filtered(
                lambda lot, own=own: lot.name not in own
            )
            production._refuse_lots_of_others(strange)
            unreserved = int(production.product_uom_qty) - len(rows)
            if rows and len(strange) > max(unreserved, 0):
                raise ValidationError(
                    self.env._(
                        "%(production)s makes the serials reserved by its order, "
                        "%(serials)s; %(strange)s is not one of them.",
                        production=production.name,
                        serials=production.sudo().serial_range,
                        strange=strange[0].name,
                    )
                )

    def _refuse_lots_of_others(self, lots):
        # sudo: a number is refused whoever holds it
        held = self.env["order.serial.reservation"].sudo()
        if lots and held._has_any():
            held = held.search([("lot_id", "in", lots.ids), ("state", "=", "used")])
            for row in held:
                if row.production_id not in (self, self.browse()):
                    row._raise_reserved()

    def _release_serials(self):
        """A cancelled production gives its numbers back to the order line."""
        rows = self._get_reservations()
        lines = rows.sale_line_id
        rows.filtered(lambda row: row.production_id.state != "done").write(
            {"production_id": False}
        )
        lines._spread_serials()

    def _split_serials(self, rows):
        """The numbers these parts had before the split follow the pieces."""
        # sudo: numbers are given by the engine alone
        parts = self.sudo() if rows else self.browse()
        for group in parts.production_group_id:
            pieces = parts.filtered(
                lambda mo, group=group: mo.production_group_id == group
            )
            own = rows.filtered(
                lambda row, group=group: (
                    row.sale_line_id
                    and row.production_id.production_group_id in (group, group.browse())
                )
            )
            own._spread_over(pieces)

    def _get_serial_labels(self):
        return self.env["order.serial.label"]._of_productions(self)
