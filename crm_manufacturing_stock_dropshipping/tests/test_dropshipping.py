from odoo.tests import freeze_time, tagged

from odoo.addons.crm_manufacturing.tests.order_trace_common import (
    NOW,
    OrderTraceCase,
)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestDropshipping(OrderTraceCase):
    """Blades that Foshan Motor ships to the customer himself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.blade.route_ids = cls.env.ref("stock_dropshipping.route_drop_shipping")

    def test_goods_the_vendor_ships_wait_for_him_until_they_are_delivered(self):
        order = self._order((self.blade, 4))
        purchase = self._buy(order)
        self.assert_status(
            order,
            "waiting_material",
            0,
            20,
            f"Waits for 4 Blade, {purchase.name} from Foshan Motor, promised 20 March",
        )
        self._receive(purchase)
        self.assert_status(order, "delivered", 100, 2, None)

    def test_a_part_shipped_is_partially_shipped(self):
        order = self._order((self.blade, 4))
        purchase = self._buy(order)
        purchase.picking_ids.move_ids.write({"quantity": 1, "picked": True})
        purchase.picking_ids.with_context(cancel_backorder=False)._action_done()
        self.assert_status(
            order,
            "partially_shipped",
            25,
            20,
            f"Waits for 3 Blade, {purchase.name} from Foshan Motor, promised 20 March",
        )

    def test_a_cancelled_dropship_leaves_nothing_planned(self):
        order = self._order((self.blade, 4))
        self._purchase(order).button_cancel()
        self.assert_status(
            order, "to_plan", 0, False, "Waits for 4 Blade, nothing is planned"
        )

    def test_the_vendor_s_purchase_knows_which_customer_waits(self):
        order = self._order((self.blade, 4))
        purchase = self._purchase(order)
        self.assertEqual(purchase.affected_customer_count, 1)
        action = purchase.action_affected_customers()
        rows = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(rows.sale_line_id, order.order_line)

    def _purchase(self, order):
        return order.order_line.purchase_line_ids.order_id
