from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools.serial_range import serial_key

CLOSED = ("done", "cancel")


class OrderSerialReservation(models.Model):
    """Hands reserved numbers to productions, and takes back what nobody needs."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "order.serial.reservation"

    def _sorted(self):
        return self.sorted(lambda row: serial_key(row.name))

    def _spread_over(self, productions):
        """Give each open production as many numbers as it makes, in order.

        Numbers that are in a production's hands already stay there.
        """
        productions = productions.filtered(lambda mo: mo.state not in CLOSED)
        ours = self.filtered(lambda row: row.production_id.state != "done")
        room = {}
        staying = self.browse()
        for production in productions.sorted("id"):
            held = ours.filtered(
                lambda row, mo=production: (
                    row.production_id == mo
                    and row.lot_id in mo.lot_producing_ids
                    and row.lot_id
                )
            )
            staying |= held
            room[production] = int(production.product_uom_qty) - len(held)
        waiting = list((ours - staying)._sorted())
        for production, count in room.items():
            rows = self.browse(row.id for row in waiting[: max(count, 0)])
            waiting = waiting[max(count, 0) :]
            rows._give_to(production)
        self.browse(row.id for row in waiting)._give_to(self.env["mrp.production"])

    def _give_to(self, production):
        moving = self.filtered(lambda row: row.production_id != production)
        if moving:
            moving.write({"production_id": production.id})

    def _make_lots(self):
        """The serials of these numbers, made where they do not exist; in order."""
        rows = self._sorted()
        missing = rows.filtered(lambda row: not row.lot_id)
        missing.write({"state": "used"})
        lots = self.env["stock.lot"].create(
            [{"name": row.name, "product_id": row.product_id.id} for row in missing]
        )
        for row, lot in zip(missing, lots, strict=True):
            row.lot_id = lot
        return rows.lot_id

    @api.model
    def _refuse_made_elsewhere(self, lots):
        """A number reserved by an order is made by its manufacturing order alone."""
        if not self._has_any():
            return
        # sudo: a number is refused whoever holds it
        rows = self.sudo().search(
            [
                ("product_id", "in", lots.product_id.ids),
                ("name", "in", lots.mapped("name")),
                ("state", "=", "reserved"),
            ]
        )
        held = {(row.product_id, row.name): row for row in rows}
        for lot in lots:
            if row := held.get((lot.product_id, lot.name)):
                row._raise_reserved()

    @api.model
    def _cron_free(self):
        """Take back what expired, was cancelled or deleted, or was not needed."""
        for company in self.env["res.company"]._get_all():
            self._run_free(company, company._get_today())

    @api.model
    def _run_free(self, company, today):
        expired = Domain("sale_line_id.order_id.state", "in", ["draft", "sent"]) & (
            Domain("sale_line_id.order_id.validity_date", "<", today)
        )
        needless = (
            Domain("sale_line_id", "=", False)
            | Domain("sale_line_id.order_id.state", "=", "cancel")
            | expired
        )
        rows = self.search(
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "reserved")
            & needless
        )
        rows |= self.search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "reserved"),
                ("production_id", "=", False),
                ("sale_line_id.order_id.state", "=", "sale"),
            ]
        ).filtered(lambda row: row.sale_line_id._is_served())
        rows.filtered(lambda row: not row._is_bound())._free()

    def _raise_reserved(self):
        raise ValidationError(
            self.env._(
                "%(serial)s is reserved for order %(order)s: its manufacturing order "
                "makes it, by Generate Serial.",
                serial=self.name,
                order=self.order_id.name,
            )
        )

    def _free_last(self, count):
        """Free up to ``count`` numbers, the highest first, those waiting before those
        in a production; what is bound stays."""
        free = self.filtered(lambda row: not row._is_bound())._sorted()
        planned = free.filtered("production_id")
        order = (planned | (free - planned)).ids
        self.browse(reversed(order[-count:]))._free()
