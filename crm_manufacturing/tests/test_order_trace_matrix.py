from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from .order_trace_common import ARRIVAL, NOW, OrderTraceCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestOrderTraceMatrix(OrderTraceCase):
    """Every way the host links, and forgets to link, an order to what serves it."""

    def _waits(self, quantity, product, document, end):
        vendor = " from Foshan Motor" if document._name == "purchase.order" else ""
        return f"Waits for {quantity} {product.name}, {document.name}{vendor}, {end}"

    def test_a_simple_order_from_confirmation_to_delivery(self):
        order = self._order((self.fan, 2))
        purchase = self._purchase(order)
        self.assert_status(
            order,
            "waiting_material",
            0,
            12,
            self._waits(4, self.blade, purchase, "not ordered yet"),
        )
        self._buy(order)
        self.assert_status(
            order,
            "waiting_material",
            0,
            20,
            self._waits(6, self.coil, purchase, "promised 20 March"),
        )
        self._receive(purchase)
        motors, fans = (
            self._productions(order, self.motor),
            self._productions(order, self.fan),
        )
        self.assert_status(
            order,
            "planned",
            0,
            12,
            self._waits(2, self.motor, motors, "planned for 12 March"),
        )
        self._produce(motors)
        self.assert_status(order, "planned", 0, 12, None)
        self._produce(fans)
        self.assert_status(order, "finished", 50, 12, None)
        self._ship(order)
        self.assert_status(order, "delivered", 100, 2, None)

    def test_a_slipped_purchase_says_how_often(self):
        order = self._order((self.fan, 2))
        purchase = self._buy(order)
        for day in (22, 25):
            purchase.order_line.date_planned = datetime(2026, 3, day, 12)
        self.assert_status(
            order,
            "waiting_material",
            0,
            25,
            self._waits(6, self.coil, purchase, "promised 25 March (slipped twice)"),
        )

    def test_two_lines_of_one_product_share_the_motors(self):
        order = self._order((self.fan, 1), (self.fan, 3))
        self._receive(self._buy(order))
        motors = self._productions(order, self.motor)
        self.assertEqual(motors.product_qty, 4)
        for line, quantity in enumerate((1, 3)):
            self.assert_status(
                order,
                "planned",
                0,
                12,
                self._waits(quantity, self.motor, motors, "planned for 12 March"),
                line,
            )
        rows = self.env["order.trace"]._walk(order.order_line, "supply")
        found = {
            row["root_id"]: row["strength"]
            for row in rows
            if (row["model"], row["id"]) == ("mrp.production", motors.id)
        }
        self.assertEqual(found[order.order_line[0].id], "move")
        self.assertEqual(found[order.order_line[1].id], "reference")

    def test_a_product_and_its_own_component_on_one_order(self):
        order = self._order((self.fan, 2), (self.motor, 1))
        self._receive(self._buy(order))
        motors = self._productions(order, self.motor)
        self.assert_status(
            order,
            "planned",
            0,
            12,
            self._waits(2, self.motor, motors, "planned for 12 March"),
        )
        self.assert_status(order, "planned", 0, 12, None, line=1)
        self._produce(motors)
        self.assert_status(order, "finished", 50, 12, None, line=1)

    def test_a_raised_quantity_is_served_when_all_of_it_is_made(self):
        order = self._order((self.fan, 2))
        order.order_line.product_uom_qty = 5
        self._receive(self._buy(order))
        self._produce(self._productions(order, self.motor))
        self.assert_status(order, "planned", 0, 12, None)
        for fans in self._productions(order, self.fan):
            self._produce(fans)
        self.assert_status(order, "finished", 50, 12, None)

    def test_a_lowered_quantity_counts_the_new_quantity_only(self):
        order = self._order((self.fan, 5))
        order.order_line.product_uom_qty = 2
        self._receive(self._buy(order))
        self._produce(self._productions(order, self.motor))
        fans = self._productions(order, self.fan)
        self._produce(fans)
        self.assert_status(order, "finished", 50, 12, None)
        self._ship(order)
        self.assert_status(order, "delivered", 100, 2, None)

    def test_batches_are_summed(self):
        self.fan_bom.write({"enable_batch_size": True, "batch_size": 2})
        order = self._order((self.fan, 5))
        fans = self._productions(order, self.fan)
        self.assertEqual(len(fans), 3)
        self._receive(self._buy(order))
        for motors in self._productions(order, self.motor):
            self._produce(motors)
        self._produce(fans[0])
        self.assert_status(order, "in_production", 20, 12, None)

    def test_a_split_production_is_in_production_by_the_part_made(self):
        order = self._order((self.fan, 4))
        self._receive(self._buy(order))
        self._produce(self._productions(order, self.motor))
        self._produce(self._productions(order, self.fan), 1)
        self.assertEqual(len(self._productions(order, self.fan)), 2)
        self.assert_status(order, "in_production", 12.5, 12, None)
        self._ship(order, 1)
        self.assert_status(order, "partially_shipped", 25, 12, None)

    def test_merged_productions_serve_both_orders(self):
        orders = [self._order((self.fan, quantity)) for quantity in (2, 3)]
        fans = self._productions(orders[0] | orders[1], self.fan)
        action = fans.action_merge()
        merged = self.env["mrp.production"].browse(action["res_id"])
        self.assertFalse(merged.sale_line_id)
        for order in orders:
            self.assert_status(
                order,
                "waiting_material",
                0,
                12,
                self._waits(
                    6, self.blade, self._purchase(orders[1]), "not ordered yet"
                ),
            )
            self.assertIn(
                ("mrp.production", merged.id, "move"),
                [
                    (row["model"], row["id"], row["strength"])
                    for row in self.env["order.trace"]._walk(order.order_line, "supply")
                ],
            )

    def test_three_steps_of_manufacture_and_delivery(self):
        self.warehouse.write(
            {"manufacture_steps": "pbm_sam", "delivery_steps": "pick_pack_ship"}
        )
        order = self._order((self.fan, 2))
        purchase = self._buy(order)
        self.assert_status(
            order,
            "waiting_material",
            0,
            20,
            self._waits(6, self.coil, purchase, "promised 20 March"),
        )
        self._receive(purchase)
        motors = self._productions(order, self.motor)
        self.assert_status(
            order,
            "planned",
            0,
            12,
            self._waits(2, self.motor, motors, "planned for 12 March"),
        )
        for _round in range(6):
            self._do_inner_moves(order)
            for production in self._productions(order):
                if (
                    production.state != "done"
                    and production.reservation_state == "assigned"
                ):
                    self._produce(production)
        self.assert_status(order, "finished", 50, 12, None)
        # stored, picked, packed and shipped
        for _step in range(4):
            self.assertEqual(self._status(order)[0]["state"], "finished")
            self._ship(order)
        self.assert_status(order, "delivered", 100, 2, None)

    def _do_inner_moves(self, order):
        """Components to the line, products to stock; nothing to the customer."""
        pickings = self._productions(order).picking_ids.filtered(
            lambda p: p.state == "assigned" and p not in order.picking_ids
        )
        for picking in pickings:
            picking.move_ids.picked = True
            picking._action_done()

    def test_take_from_stock_else_make_has_no_moves_to_follow(self):
        self.warehouse.mto_pull_id.procure_method = "mts_else_mto"
        self._stock(self.fan, 2)
        order = self._order((self.fan, 5))
        purchase = self._buy(order)
        self.assert_status(
            order,
            "waiting_material",
            20,
            20,
            self._waits(9, self.coil, purchase, "promised 20 March"),
        )
        self._receive(purchase)
        for product in (self.motor, self.fan):
            productions = self._productions(order, product)
            productions.action_assign()
            self._produce(productions)
        order.picking_ids.action_assign()
        self.assert_status(order, "finished", 50, 12, None)

    def test_reordering_rules_are_found_by_the_shared_reference(self):
        products = self.fan | self.motor | self.blade | self.coil
        products.route_ids = [Command.clear()]
        self.env["stock.warehouse.orderpoint"].create(
            [
                {"product_id": product.id, "product_min_qty": 0, "trigger": "auto"}
                for product in products
            ]
        )
        order = self._order((self.fan, 2))
        fans = self._productions(order, self.fan)
        self.assertTrue(fans)
        self.assertFalse(fans.sale_line_id)
        purchase = self._purchase(order)
        self.assert_status(
            order,
            "waiting_material",
            0,
            12,
            self._waits(6, self.coil, purchase, "not ordered yet"),
        )
        rows = self.env["order.trace"]._walk(order.order_line, "supply")
        self.assertIn(
            ("mrp.production", fans.id, "reference"),
            [(row["model"], row["id"], row["strength"]) for row in rows],
        )

    def test_a_vendor_that_groups_purchases_blocks_each_order_by_its_own_need(self):
        self.vendor.group_rfq = "all"
        orders = [self._order((self.fan, quantity)) for quantity in (2, 3)]
        purchase = self._purchase(orders[0])
        self.assertEqual(purchase, self._purchase(orders[1]))
        self._buy(orders[0])
        for order, coils in zip(orders, (6, 9), strict=True):
            self.assert_status(
                order,
                "waiting_material",
                0,
                20,
                self._waits(coils, self.coil, purchase, "promised 20 March"),
            )

    def test_a_kit_is_as_far_as_its_scarcest_component(self):
        kit = self._product("Set", route_ids=False)
        self._bom(kit, {self.fan: 1, self.blade: 2}, type="phantom")
        order = self._order((kit, 1))
        self._stock(self.blade, 2)
        purchase = self._buy(order)
        self.assert_status(
            order,
            "waiting_material",
            0,
            20,
            self._waits(3, self.coil, purchase, "promised 20 March"),
        )
        self._receive(purchase)
        for product in (self.motor, self.fan):
            self._produce(self._productions(order, product))
        self.assert_status(order, "finished", 50, 12, None)
        self._ship(order)
        self.assert_status(order, "delivered", 100, 2, None)

    def test_a_cancelled_order_is_cancelled_whatever_still_runs(self):
        order = self._order((self.fan, 2))
        order._action_cancel()
        self.assert_status(order, "cancelled", 0, False, None)

    def test_made_to_stock_waits_for_a_plan_or_is_finished(self):
        fan = self._product("Stock fan", route_ids=False)
        order = self._order((fan, 5))
        self.assert_status(
            order, "to_plan", 0, False, "Waits for 5 Stock fan, nothing is planned"
        )
        self._stock(fan, 2)
        order.picking_ids.action_assign()
        self.assert_status(
            order, "to_plan", 20, False, "Waits for 3 Stock fan, nothing is planned"
        )
        self._stock(fan, 3)
        order.picking_ids.action_assign()
        self.assert_status(order, "finished", 50, 12, None)

    def test_purchased_and_resold_waits_for_the_vendor(self):
        order = self._order((self.blade, 4))
        purchase = self._buy(order)
        self.assert_status(
            order,
            "waiting_material",
            0,
            20,
            self._waits(4, self.blade, purchase, "promised 20 March"),
        )
        self._receive(purchase)
        self.assert_status(order, "finished", 50, 12, None)

    def test_a_partly_received_purchase_counts_what_came(self):
        order = self._order((self.blade, 4))
        purchase = self._buy(order)
        receipt = purchase.picking_ids
        receipt.move_ids.write({"quantity": 1, "picked": True})
        receipt.with_context(cancel_backorder=False)._action_done()
        self.assert_status(
            order,
            "waiting_material",
            12.5,
            20,
            self._waits(3, self.blade, purchase, "promised 20 March"),
        )

    def test_a_service_is_delivered_by_hand(self):
        care = self.env["product.product"].create({"name": "Care", "type": "service"})
        order = self._order((care, 4))
        self.assert_status(order, "to_plan", 0, False, None)
        order.order_line.qty_delivered = 1
        self.assert_status(order, "partially_shipped", 25, False, None)
        order.order_line.qty_delivered = 4
        status = self._status(order)[0]
        self.assertEqual((status["state"], status["progress"]), ("delivered", 100))

    def test_returned_goods_were_delivered(self):
        order = self._order((self.blade, 4))
        self._receive(self._buy(order))
        picking = self._ship(order)
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = 1
        back = wizard._create_return()
        self.assert_status(order, "delivered", 100, 2, None)
        back.move_ids.picked = True
        back._action_done()
        self.assertEqual(order.order_line.qty_delivered, 3)
        self.assert_status(order, "delivered", 100, 2, None)

    def test_a_component_nobody_supplies_is_named_before_a_purchase(self):
        self.coil.write({"route_ids": [Command.clear()]})
        order = self._order((self.fan, 2))
        motors = self._productions(order, self.motor)
        status = self.assert_status(
            order, "waiting_material", 0, False, "Waits for 6 Coil, nothing is ordered"
        )
        self.assertEqual(status["blocking"]["res_id"], motors.id)

    def test_a_component_that_lies_free_in_stock_is_not_missing(self):
        self.coil.write({"route_ids": [Command.clear()]})
        order = self._order((self.fan, 2))
        self._stock(self.coil, 6)
        self._stock(self.blade, 9)
        sentence = self._status(order)[0]["blocking"]["sentence"]
        self.assertEqual(
            sentence,
            self._waits(4, self.blade, self._purchase(order), "not ordered yet"),
        )

    def test_a_quotation_waits_for_nothing(self):
        order = self._order((self.fan, 2), confirm=False)
        self.assert_status(order, "to_plan", 0, False, None)

    def test_days_late_count_from_the_promise(self):
        order = self._order((self.fan, 2))
        self._buy(order)
        self.assertEqual(self._status(order)[0]["late_days"], 8)
        self._buy(order, ARRIVAL - timedelta(days=10))
        self.assertEqual(self._status(order)[0]["late_days"], 0)

    def test_a_quantity_lowered_to_nothing_is_cancelled(self):
        order = self._order((self.fan, 2), (self.blade, 1))
        order.order_line[0].product_uom_qty = 0
        self.assert_status(order, "cancelled", 0, False, None)
        self.assertEqual(order.trace_state, "waiting_material")

    def test_a_line_deleted_after_all_leaves_the_other_as_it_is(self):
        order = self._order((self.fan, 2), (self.blade, 4))
        order._action_cancel()
        order.action_draft()
        order.order_line[0].unlink()
        order.action_confirm()
        purchase = order.order_line.move_ids.created_purchase_line_ids.order_id
        self.assert_status(
            order,
            "waiting_material",
            0,
            12,
            self._waits(4, self.blade, purchase, "not ordered yet"),
        )

    def test_a_cancelled_production_leaves_the_goods_without_a_plan(self):
        order = self._order((self.motor, 2))
        self._productions(order, self.motor).action_cancel()
        self.assert_status(
            order, "to_plan", 0, False, "Waits for 2 Motor, nothing is planned"
        )

    def test_a_production_made_anew_serves_the_order(self):
        order = self._order((self.motor, 2))
        self._receive(self._buy(order))
        self._productions(order, self.motor).action_cancel()
        anew = self.env["mrp.production"].create(
            {"product_id": self.motor.id, "product_qty": 2, "bom_id": self.motor_bom.id}
        )
        anew.move_finished_ids.move_dest_ids = order.order_line.move_ids.filtered(
            lambda move: not move.production_id
        )
        anew.action_confirm()
        purchase = anew.move_raw_ids.created_purchase_line_ids.order_id
        self.assert_status(
            order,
            "waiting_material",
            0,
            12,
            self._waits(6, self.coil, purchase, "not ordered yet"),
        )
        purchase.button_confirm()
        self._receive(purchase)
        self.assert_status(order, "planned", 0, 12, None)
        self._produce(anew)
        self.assert_status(order, "finished", 50, 12, None)

    def test_what_is_scrapped_was_not_made(self):
        order = self._order((self.motor, 2))
        self._receive(self._buy(order))
        motors = self._productions(order, self.motor)
        self._produce(motors)
        self.assert_status(order, "finished", 50, 12, None)
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.motor.id,
                "scrap_qty": 1,
                "production_id": motors.id,
                "location_id": self.warehouse.lot_stock_id.id,
            }
        )
        scrap.do_scrap()
        self.assert_status(
            order, "to_plan", 25, False, "Waits for 1 Motor, nothing is planned"
        )

    def test_two_steps_of_receipt_are_received_at_the_first(self):
        self.warehouse.reception_steps = "two_steps"
        order = self._order((self.blade, 4))
        purchase = self._buy(order)
        receipt = purchase.picking_ids.filtered(
            lambda p: p.location_id.usage == "supplier"
        )
        receipt.move_ids.picked = True
        receipt._action_done()
        self.assert_status(order, "finished", 50, 12, None)

    def test_goods_that_lie_free_need_no_plan(self):
        fan = self._product("Stock fan", route_ids=False)
        self._stock(fan, 5)
        self.warehouse.out_type_id.reservation_method = "manual"
        order = self._order((fan, 5))
        self.assert_status(order, "planned", 0, 12, None)

    def test_a_rest_nobody_plans_has_no_date(self):
        fan = self._product("Stock fan", route_ids=False)
        self._stock(fan, 2)
        order = self._order((fan, 5))
        self._ship(order, 2)
        self.assert_status(
            order,
            "partially_shipped",
            40,
            False,
            "Waits for 3 Stock fan, nothing is planned",
        )

    def test_a_dozen_counts_in_the_unit_of_the_product(self):
        fan = self._product("Stock fan", route_ids=False)
        order = self._order((fan, 1), confirm=False)
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        order.action_confirm()
        self._stock(fan, 6)
        order.picking_ids.action_assign()
        self.assert_status(
            order, "to_plan", 25, False, "Waits for 6 Stock fan, nothing is planned"
        )

    def test_supply_of_another_company_counts_and_is_not_named(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        bob = new_test_user(
            self.env,
            "bob",
            "sales_team.group_sale_salesman_all_leads,purchase.group_purchase_user",
        )
        order = self._order((self.blade, 4))
        purchase = self._buy(order)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE purchase_order SET company_id = %s WHERE id = %s",
            [other.id, purchase.id],
        )
        self.env.invalidate_all()
        status = self._status(order, bob)[0]
        self.assertEqual(status["expected_date"], ARRIVAL.date())
        self.assertEqual(
            status["blocking"],
            {
                "sentence": "Waits for 4 Blade, promised 20 March",
                "res_model": False,
                "res_id": False,
            },
        )

    def test_progress_never_goes_back_while_nothing_is_cancelled(self):
        order = self._order((self.fan, 2))
        steps = [lambda: None, lambda: self._receive(self._buy(order))]
        for product, quantity in ((self.motor, None), (self.fan, 1), (self.fan, None)):
            steps.append(
                lambda product=product, quantity=quantity: self._produce(
                    self._productions(order, product).filtered(
                        lambda p: p.state != "done"
                    ),
                    quantity,
                )
            )
        steps += [lambda: self._ship(order, 1), lambda: self._ship(order)]
        reached = []
        for step in steps:
            step()
            reached.append(self._status(order)[0]["progress"])
        self.assertEqual(reached, [0, 0, 0, 25, 50, 75, 100])
