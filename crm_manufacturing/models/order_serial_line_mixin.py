from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.serial_range import format_ranges

# more on one line is a typing error, whose rows would hold up the server
MOST_SERIALS = 10_000
# a change of these asks for more numbers, fewer, or others
COUNTED_FIELDS = {"product_id", "product_uom_qty", "product_uom_id", "order_id"}


class OrderSerialLineMixin(models.AbstractModel):
    """The serial numbers reserved for an order line, and where each serial is."""

    _name = "order.serial.line.mixin"
    _description = "Line with Reserved Serials"

    serial_reservation_ids = fields.One2many(
        "order.serial.reservation",
        "sale_line_id",
        string="Reserved Serials",
        groups="base.group_user",
    )
    serial_range = fields.Char(
        string="Serials",
        compute="_compute_serial_range",
        compute_sudo=True,
        groups="base.group_user",
        help="The numbers reserved for this line; they are given when it is saved.",
    )
    serial_places = fields.Text(
        string="Where the Serials Are",
        compute="_compute_serial_places",
        groups="base.group_user",
        help="Each serial of this line: in the plant and at which work order, in "
        "finished stock, packed, on the way, delivered or returned.",
    )

    @api.depends("serial_reservation_ids.name")
    def _compute_serial_range(self):
        reserved = self.env["order.serial.reservation"]._has_any()
        for line in self:
            names = reserved and line.serial_reservation_ids.mapped("name")
            line.serial_range = format_ranges(names or [])

    def _compute_serial_places(self):
        lots = self.env["order.trace"]._get_lots(self._origin)
        for line in self:
            line.serial_places = "\n".join(
                f"{lot['name']}: {lot['place']}"
                for lot in lots.get(line._origin.id, [])
            )

    def _sync_serials(self):
        """Reserve what is missing, free what is too much, and tell the productions."""
        reserving = self.product_id.filtered("serial_reserve_on_order")
        # sudo: numbers are given by the engine alone
        rows = self.env["order.serial.reservation"].sudo()
        if not (reserving or rows._has_any()):
            return
        wanted = {}
        for line in self.sudo():
            live = line.serial_reservation_ids
            kept = live.filtered(lambda row, li=line: row.product_id == li.product_id)
            (live - kept)._free()
            count = line._get_serial_count()
            if len(kept) > count:
                kept._free_last(len(kept) - count)
            elif len(kept) < count:
                wanted[line] = count - len(kept)
        rows._reserve(wanted)
        self._spread_serials()

    def _get_serial_count(self):
        """How many numbers the line needs now; none when cancelled or expired."""
        order, product = self.order_id, self.product_id
        if order.state == "cancel" or self.display_type or product.tracking != "serial":
            return 0
        if order.state != "sale" and order._is_quotation_over():
            return 0
        if not product.serial_reserve_on_order:
            return len(self.serial_reservation_ids)
        quantity = self.product_uom_id._compute_quantity(
            self.product_uom_qty, product.uom_id
        )
        if quantity > MOST_SERIALS:
            raise ValidationError(
                self.env._(
                    "Quantity: serial numbers are reserved for at most %(most)s pieces "
                    "of %(product)s a line.",
                    most=MOST_SERIALS,
                    product=product.display_name,
                )
            )
        return max(int(quantity), 0)

    def _is_served(self):
        """Delivered in full, so that what is reserved still was not needed."""
        return 0 < self.product_uom_qty <= self.qty_delivered

    def _spread_serials(self):
        """The lines' open productions take exactly the lines' numbers."""
        if not self.env["order.serial.reservation"]._has_any():
            return
        # sudo: numbers are given by the engine alone
        lines = self.sudo().filtered(
            lambda line: line.state == "sale" and line.serial_reservation_ids
        )
        if not lines:
            return
        productions = (
            self.env["mrp.production"]
            .sudo()
            .search(
                [
                    ("sale_line_id", "in", lines.ids),
                    ("state", "not in", ("done", "cancel")),
                ]
            )
        )
        for line in lines:
            own = productions.filtered(
                lambda mo, li=line: (
                    mo.sale_line_id == li and mo.product_id == li.product_id
                )
            )
            rows = line.serial_reservation_ids
            rows._spread_over(own | rows.production_id)

    def _free_serials(self):
        """The line goes, or nobody waits for it."""
        # sudo: numbers are given by the engine alone
        rows = self.env["order.serial.reservation"].sudo()
        if rows._has_any():
            held = self.sudo().serial_reservation_ids
            held.filtered(lambda row: not row._is_bound())._free()
