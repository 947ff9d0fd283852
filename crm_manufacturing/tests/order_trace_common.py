from datetime import datetime

from odoo.fields import Command
from odoo.tests import TransactionCase, freeze_time

NOW = datetime(2026, 3, 2, 8)
PROMISE = datetime(2026, 3, 12, 12)
ARRIVAL = datetime(2026, 3, 20, 12)


@freeze_time(NOW)
class OrderTraceCase(TransactionCase):
    """A fan of one motor and two blades; a motor of three coils; all made to order.

    Blades and coils are bought from Foshan Motor.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.partner_id.tz = "UTC"
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.mto = cls.warehouse.mto_pull_id.route_id
        cls.mto.active = True
        cls.vendor = cls.env["res.partner"].create({"name": "Foshan Motor"})
        cls.customer = cls.env["res.partner"].create({"name": "Ada"})
        cls.fan, cls.motor = cls._product("Fan"), cls._product("Motor")
        cls.blade, cls.coil = (
            cls._product(
                name, seller_ids=[Command.create({"partner_id": cls.vendor.id})]
            )
            for name in ("Blade", "Coil")
        )
        cls.fan_bom = cls._bom(cls.fan, {cls.motor: 1, cls.blade: 2})
        cls.motor_bom = cls._bom(cls.motor, {cls.coil: 3})

    @classmethod
    def _product(cls, name, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "is_storable": True,
                "route_ids": [Command.set(cls.mto.ids)],
                **values,
            }
        )

    @classmethod
    def _bom(cls, product, components, **values):
        return cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "product_qty": 1,
                "bom_line_ids": [
                    Command.create(
                        {"product_id": component.id, "product_qty": quantity}
                    )
                    for component, quantity in components.items()
                ],
                **values,
            }
        )

    @classmethod
    def _order(cls, *lines, confirm=True, **values):
        """An order promised on 12 March of ``(product, quantity)``."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "commitment_date": PROMISE,
                "order_line": [
                    Command.create(
                        {"product_id": product.id, "product_uom_qty": quantity}
                    )
                    for product, quantity in lines
                ],
                **values,
            }
        )
        if confirm:
            order.action_confirm()
        return order

    def _stock(self, product, quantity, lot=None):
        self.env["stock.quant"]._update_available_quantity(
            product, self.warehouse.lot_stock_id, quantity, lot_id=lot
        )

    def _productions(self, order, product=None):
        productions = self.env["mrp.production"].search(
            [("reference_ids.sale_ids", "in", order.ids), ("state", "!=", "cancel")]
        )
        return productions.filtered(lambda p: product in (None, p.product_id))

    def _purchase(self, order):
        return order.stock_reference_ids.purchase_ids

    def _buy(self, order, arrival=ARRIVAL):
        """Confirm what was proposed to buy, to arrive at noon of 20 March."""
        purchase = self._purchase(order)
        purchase.order_line.date_planned = arrival
        purchase.button_confirm()
        return purchase

    def _receive(self, purchase):
        for picking in purchase.picking_ids:
            picking.move_ids.picked = True
            picking._action_done()

    def _produce(self, production, quantity=None):
        production.qty_producing = quantity or production.product_qty
        production._set_qty_producing()
        production.move_raw_ids.picked = True
        if production.qty_producing < production.product_qty:
            backorders = production._split_productions(
                {
                    production: [
                        production.qty_producing,
                        production.product_qty - production.qty_producing,
                    ]
                }
            )
            production = backorders[0]
            production.qty_producing = quantity
            production._set_qty_producing()
            production.move_raw_ids.picked = True
        production.with_context(
            skip_backorder=True, skip_consumption=True
        ).button_mark_done()
        return production

    def _ship(self, order, quantity=None):
        picking = order.picking_ids.filtered(lambda p: p.state == "assigned")[:1]
        for move in picking.move_ids:
            if quantity is not None:
                move.quantity = quantity
            move.picked = True
        picking.with_context(cancel_backorder=False)._action_done()
        return picking

    def _status(self, order, user=None):
        trace = self.env["order.trace"].with_user(user or self.env.user)
        statuses = trace._status(order.order_line)
        return [statuses[line.id] for line in order.order_line]

    def assert_status(self, order, state, progress, expected, sentence, line=0):
        """The expected date is a day of March 2026, or False."""
        status = self._status(order)[line]
        found = (
            status["state"],
            status["progress"],
            status["expected_date"] and status["expected_date"].day,
            status["blocking"] and status["blocking"]["sentence"],
        )
        if expected:
            self.assertEqual(str(status["expected_date"])[:7], "2026-03")
        self.assertEqual(found, (state, progress, expected, sentence))
        return status
