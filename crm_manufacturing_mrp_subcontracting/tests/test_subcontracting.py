from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.crm_manufacturing.tests.order_trace_common import (
    NOW,
    OrderTraceCase,
)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestSubcontracting(OrderTraceCase):
    """Motors that Foshan Motor winds for us, bought to order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.motor.seller_ids = [Command.create({"partner_id": cls.vendor.id})]
        cls.motor_bom.write(
            {"type": "subcontract", "subcontractor_ids": cls.vendor.ids}
        )
        cls.blade.route_ids = False
        cls.coil.route_ids = False

    def _waits(self, quantity, purchase):
        return (
            f"Waits for {quantity} Motor, {purchase.name} from Foshan Motor, "
            "promised 20 March"
        )

    def test_a_subcontracted_product_waits_for_the_subcontractor(self):
        self._stock(self.coil, 6)
        order = self._order((self.motor, 2))
        purchase = self._buy(order)
        self.assert_status(order, "waiting_material", 0, 20, self._waits(2, purchase))
        self._receive(purchase)
        self.assert_status(order, "finished", 50, 12, None)

    def test_a_subcontracted_component_blocks_the_order_above_it(self):
        order = self._order((self.fan, 2))
        self._stock(self.blade, 4)
        self._stock(self.coil, 6)
        self._productions(order, self.fan).action_assign()
        purchase = self._buy(order)
        self.assert_status(order, "waiting_material", 0, 20, self._waits(2, purchase))
        self._receive(purchase)
        self.assert_status(order, "planned", 0, 12, None)

    def test_what_we_must_send_him_and_nobody_has_is_missing(self):
        order = self._order((self.motor, 2))
        self._buy(order)
        self.assert_status(
            order, "waiting_material", 0, False, "Waits for 6 Coil, nothing is ordered"
        )

    def test_what_he_takes_from_his_own_stock_holds_nobody_up(self):
        self.warehouse.subcontracting_to_resupply = False
        order = self._order((self.motor, 2))
        purchase = self._buy(order)
        self.assert_status(order, "waiting_material", 0, 20, self._waits(2, purchase))

    def test_a_part_received_counts(self):
        self._stock(self.coil, 12)
        order = self._order((self.motor, 4))
        purchase = self._buy(order)
        purchase.picking_ids.move_ids.write({"quantity": 1, "picked": True})
        purchase.picking_ids.with_context(cancel_backorder=False)._action_done()
        self.assert_status(order, "in_production", 12.5, 20, self._waits(3, purchase))

    def test_the_subcontractor_s_purchase_knows_which_customer_waits(self):
        order = self._order((self.fan, 2))
        purchase = self._buy(order)
        self.assertEqual(purchase.affected_customer_count, 1)
        production = purchase.picking_ids.move_ids.move_orig_ids.production_id
        self.assertEqual(production.affected_customer_count, 1)
