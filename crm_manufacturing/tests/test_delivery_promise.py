from datetime import datetime, timedelta
from unittest.mock import Mock, patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, TransactionCase, freeze_time, new_test_user, tagged

FRIDAY = datetime(2026, 3, 6, 9)
PROMISE = datetime(2026, 3, 12, 12)


class PromiseCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fan, cls.motor = cls.env["product.product"].create(
            [
                {"name": "Fan", "type": "consu", "is_storable": True, "sale_delay": 6},
                {"name": "Motor", "type": "consu", "is_storable": True},
            ]
        )
        cls.customer, cls.vendor = cls.env["res.partner"].create(
            [{"name": "Ada"}, {"name": "Foshan Motor"}]
        )

    @classmethod
    def _order(cls, lines=1, confirm=True, **values):
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "order_line": [
                    Command.create({"product_id": cls.fan.id, "product_uom_qty": 5})
                    for _line in range(lines)
                ],
                **values,
            }
        )
        if confirm:
            order.action_confirm()
        return order

    @classmethod
    def _purchase(cls, lines=1, **values):
        return cls.env["purchase.order"].create(
            {
                "partner_id": cls.vendor.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.motor.id,
                            "product_qty": 40,
                            "date_planned": PROMISE,
                        }
                    )
                    for _line in range(lines)
                ],
                **values,
            }
        )

    def assert_promise(self, line, first, last, slips):
        found = (line.first_promised_date, line.promised_date, line.promise_slip_count)
        self.assertEqual(found, (first, last, slips))

    def _changes(self, order):
        field = "sale_order_id" if order._name == "sale.order" else "purchase_order_id"
        return self.env["delivery.promise.change"].search([(field, "in", order.ids)])


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestSalePromise(PromiseCase):
    def test_confirming_freezes_the_delivery_date(self):
        line = self._order(commitment_date=PROMISE).order_line
        self.assert_promise(line, PROMISE, PROMISE, 0)
        self.assertFalse(self._changes(line.order_id))

    def test_without_a_date_the_expected_date_of_the_line_is_frozen(self):
        order = self._order(confirm=False)
        self.assertIn("03/12/2026", order.promise_notice)
        order.action_confirm()
        frozen = FRIDAY + timedelta(days=6)
        self.assert_promise(order.order_line, frozen, frozen, 0)
        self.assertEqual(
            order.promise_notice,
            "No delivery date entered: we are held to 03/12/2026.",
        )

    def test_a_quotation_without_goods_has_no_notice(self):
        self.assertIs(self._order(lines=0, confirm=False).promise_notice, False)

    def test_the_notice_names_the_first_and_the_last_day_of_the_lines(self):
        order = self._order(lines=2, confirm=False)
        order.order_line[1].customer_lead = 9
        self.assertIn("03/12/2026 to 03/15/2026", order.promise_notice)
        order.commitment_date = PROMISE
        self.assertFalse(order.promise_notice)

    def test_a_day_is_one_on_the_clocks_of_the_company(self):
        self.env.company.partner_id.tz = "Europe/Berlin"
        saturday = datetime(2026, 3, 28, 8)
        order = self._order(commitment_date=saturday)
        # the night has 23 hours: 9 o'clock to 9 o'clock on the clocks of Berlin
        order.commitment_date = saturday + timedelta(hours=23)
        self.assertEqual(order.order_line.promise_slip_count, 1)

    def test_goods_that_leave_together_wait_for_the_slowest_line(self):
        order = self._order(lines=2, confirm=False, picking_policy="one")
        order.action_confirm()
        order.order_line[1].customer_lead = 9
        self.assertEqual(order.order_line.mapped("promise_slip_count"), [1, 1])

    def test_a_later_order_date_moves_a_promise_without_delivery_date(self):
        order = self._order()
        order.date_order = FRIDAY + timedelta(days=2)
        self.assertEqual(order.order_line.promise_slip_count, 1)

    def test_nobody_imports_a_promise(self):
        boss = new_test_user(self.env, "boss", "sales_team.group_sale_manager")
        line = {"product_id": self.fan.id, "first_promised_date": PROMISE}
        with self.assertRaises(AccessError):
            self.env["sale.order"].with_user(boss).create(
                {"partner_id": self.customer.id, "order_line": [Command.create(line)]}
            )

    def test_a_quotation_promises_nothing(self):
        line = self._order(confirm=False, commitment_date=PROMISE).order_line
        self.assert_promise(line, False, False, 0)

    def test_a_service_and_a_note_promise_nothing(self):
        service = self.env["product.product"].create(
            {"name": "Care", "type": "service"}
        )
        order = self._order(confirm=False, commitment_date=PROMISE)
        order.order_line = [
            Command.create({"product_id": service.id}),
            Command.create({"display_type": "line_note", "name": "Thank you"}),
        ]
        order.action_confirm()
        self.assertEqual(
            order.order_line.mapped("first_promised_date"), [PROMISE, False, False]
        )

    def test_a_line_added_to_a_confirmed_order_is_promised_when_added(self):
        order = self._order(commitment_date=PROMISE)
        order.order_line = [Command.create({"product_id": self.motor.id})]
        self.assertEqual(order.order_line.mapped("first_promised_date"), [PROMISE] * 2)

    def test_a_later_delivery_date_is_one_slip_of_each_line(self):
        order = self._order(lines=2, commitment_date=PROMISE)
        later = PROMISE + timedelta(days=3)
        order.commitment_date = later
        for line in order.order_line:
            self.assert_promise(line, PROMISE, later, 1)
        changes = self._changes(order)
        self.assertEqual(changes.mapped("days"), [3, 3])
        self.assertEqual(changes.mapped("old_date"), [PROMISE] * 2)
        self.assertEqual(changes.user_id, self.env.user)

    def test_less_than_a_day_is_recorded_and_no_slip(self):
        order = self._order(commitment_date=PROMISE)
        later = PROMISE + timedelta(hours=23)
        order.commitment_date = later
        self.assert_promise(order.order_line, PROMISE, later, 0)
        self.assertEqual(self._changes(order).mapped("is_slip"), [False])

    def test_hours_add_up_to_a_slip(self):
        order = self._order(commitment_date=PROMISE)
        for hours in (13, 26, 39, 52):
            order.commitment_date = PROMISE + timedelta(hours=hours)
        self.assertEqual(order.order_line.promise_slip_count, 2)

    def test_an_earlier_date_is_no_slip_and_going_back_is_one(self):
        order = self._order(commitment_date=PROMISE)
        order.commitment_date = PROMISE - timedelta(days=4)
        self.assertEqual(order.order_line.promise_slip_count, 0)
        order.commitment_date = PROMISE
        self.assert_promise(order.order_line, PROMISE, PROMISE, 1)

    def test_a_longer_lead_time_moves_a_promise_without_delivery_date(self):
        line = self._order().order_line
        line.customer_lead = 9
        first = FRIDAY + timedelta(days=6)
        self.assert_promise(line, first, first + timedelta(days=3), 1)

    def test_customer_asked_starts_a_new_promise_without_slip(self):
        order = self._order(lines=2, commitment_date=PROMISE)
        later = PROMISE + timedelta(days=30)
        order.write({"commitment_date": later, "promise_reason": "customer"})
        for line in order.order_line:
            self.assert_promise(line, later, later, 0)
        changes = self._changes(order)
        self.assertEqual(changes.mapped("reason"), ["customer"] * 2)
        self.assertEqual(changes.mapped("is_slip"), [False] * 2)
        self.assertEqual(changes.mapped("customer_share"), [100] * 2)

    def test_a_reason_explains_the_last_change_once(self):
        order = self._order(commitment_date=PROMISE)
        order.commitment_date = PROMISE + timedelta(days=2)
        order.commitment_date = PROMISE + timedelta(days=4)
        order.promise_reason = "plant"
        self.assertEqual(self._changes(order).mapped("reason"), ["plant", False])
        order.promise_reason = "error"
        self.assertEqual(self._changes(order).mapped("reason"), ["plant", False])
        self.assertEqual(order.order_line.promise_slip_count, 2)

    def test_nobody_says_that_the_customer_asked_for_another_s_move(self):
        ann = new_test_user(self.env, "ann", "sales_team.group_sale_salesman")
        later = PROMISE + timedelta(days=3)
        order = self._order(commitment_date=PROMISE, user_id=ann.id)
        order.commitment_date = later
        order.with_user(ann).promise_reason = "customer"
        self.assert_promise(order.order_line, PROMISE, later, 1)
        self.assertFalse(self._changes(order).reason)
        order.with_user(ann).promise_reason = "plant"
        self.assertEqual(self._changes(order).reason, "plant")

    def test_the_reason_is_asked_when_the_form_moves_a_promise(self):
        order = self._order(commitment_date=PROMISE)
        with Form(order) as form:
            self.assertFalse(form.promise_reason_asked)
            form.commitment_date = PROMISE + timedelta(days=2)
            self.assertTrue(form.promise_reason_asked)
            form.promise_reason = "supplier"
        self.assertEqual(self._changes(order).reason, "supplier")

    def test_a_duplicated_order_starts_clean(self):
        order = self._order(commitment_date=PROMISE)
        order.commitment_date = PROMISE + timedelta(days=2)
        self.assert_promise(order.copy().order_line, False, False, 0)

    def test_an_order_confirmed_again_keeps_its_first_promise(self):
        order = self._order(commitment_date=PROMISE)
        order._action_cancel()
        order.action_draft()
        later = PROMISE + timedelta(days=5)
        order.commitment_date = later
        order.action_confirm()
        self.assert_promise(order.order_line, PROMISE, later, 1)

    def test_nobody_writes_a_promise_or_its_history(self):
        order = self._order(commitment_date=PROMISE)
        order.commitment_date = PROMISE + timedelta(days=2)
        manager = new_test_user(self.env, "boss", "sales_team.group_sale_manager")
        worker = new_test_user(self.env, "smith", "mrp.group_mrp_user")
        for user in (manager, worker):
            line = order.order_line.with_user(user)
            for values in ({"promise_slip_count": 0}, {"first_promised_date": False}):
                with self.assertRaises(AccessError):
                    line.write(values)
        change = self._changes(order).with_user(manager)
        self.assertEqual(change.days, 2)
        for forbidden in (
            lambda: change.write({"reason": "customer"}),
            lambda: change.unlink(),
            lambda: change.create({"new_date": PROMISE}),
        ):
            with self.assertRaises(AccessError):
                forbidden()
        with self.assertRaises(UserError):
            change.sudo().new_date = PROMISE
        with self.assertRaises(UserError):
            change.sudo().unlink()

    def test_a_slip_is_not_shed_with_its_line_or_order(self):
        boss = new_test_user(self.env, "boss", "sales_team.group_sale_manager")
        order = self._order(lines=2, commitment_date=PROMISE).with_user(boss)
        order.commitment_date = PROMISE + timedelta(days=2)
        order._action_cancel()
        order.action_draft()
        order.order_line[1].sudo().unlink()
        for forbidden in (order.order_line.unlink, order.unlink):
            with self.assertRaisesRegex(UserError, f"{order.name}: the promised date"):
                forbidden()
        buyer = new_test_user(self.env, "pat", "purchase.group_purchase_user")
        purchase = self._purchase().with_user(buyer)
        purchase.button_confirm()
        purchase.order_line.date_planned = PROMISE + timedelta(days=2)
        purchase.button_cancel()
        with self.assertRaisesRegex(UserError, f"{purchase.name}: the promised date"):
            purchase.unlink()

    def test_a_line_without_history_goes_as_the_host_lets_it(self):
        boss = new_test_user(self.env, "boss", "sales_team.group_sale_manager")
        order = self._order(lines=2, commitment_date=PROMISE).with_user(boss)
        order._action_cancel()
        order.order_line[0].unlink()
        order.unlink()
        self.assertFalse(order.exists())

    def test_a_salesperson_moves_his_promise_and_reads_his_history_only(self):
        ann, bob = (
            new_test_user(self.env, login, "sales_team.group_sale_salesman")
            for login in ("ann", "bob")
        )
        order = self._order(commitment_date=PROMISE, user_id=ann.id)
        order.with_user(ann).commitment_date = PROMISE + timedelta(days=2)
        change = self._changes(order)
        self.assertEqual(change.user_id, ann)
        changes = self.env["delivery.promise.change"]
        self.assertEqual(changes.with_user(ann).search([]), change)
        self.assertNotIn(change, changes.with_user(bob).search([]))

    def test_orders_open_at_install_are_frozen_as_estimated(self):
        lines = self._order(commitment_date=PROMISE).order_line
        done = self._order(commitment_date=PROMISE).order_line
        done.move_ids.quantity = 5
        done.move_ids.picked = True
        done.move_ids.picking_id._action_done()
        both = (lines + done).sudo()
        both.write({"first_promised_date": False, "promised_date": False})
        self.env["sale.order.line"]._estimate_open_promises()
        self.assert_promise(lines, PROMISE, PROMISE, 0)
        self.assertTrue(lines.promise_estimated)
        self.assert_promise(done, False, False, 0)

    def test_moving_promises_costs_the_same_for_3_and_30_lines(self):
        def move(lines):
            order = self._order(lines=lines, commitment_date=PROMISE)
            order.order_line.sudo().promised_date = PROMISE - timedelta(days=2)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            order.order_line._follow_host_date()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        move(1)
        self.assertEqual(move(3), move(30))

    def test_confirming_costs_no_query_more_per_line(self):
        def confirm(lines, freeze=True):
            order = self._order(lines=lines, confirm=False, commitment_date=PROMISE)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            model = type(order.order_line)
            with patch.object(
                model, "_freeze_promise", model._freeze_promise if freeze else Mock()
            ):
                order.action_confirm()
                self.env.flush_all()
            return self.env.cr.sql_log_count - before

        confirm(1)
        for lines in (3, 30):
            without = confirm(lines, freeze=False)
            self.assertLessEqual(confirm(lines) - without, 1, lines)


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestPurchasePromise(PromiseCase):
    def test_before_the_vendor_confirms_the_date_is_our_wish(self):
        line = self._purchase().order_line
        self.assert_promise(line, False, False, 0)
        self.assertEqual(line.wished_date, PROMISE)

    def test_without_his_word_the_order_freezes_our_wish_and_says_so(self):
        order = self._purchase()
        order.button_confirm()
        line = order.order_line
        self.assert_promise(line, PROMISE, PROMISE, 0)
        self.assertEqual(line.promise_source, "assumed")
        self.assertFalse(line.wished_date)

    def test_the_form_says_whose_word_the_date_is(self):
        order = self._purchase(lines=2)
        self.assertIn("our wish until the vendor confirms", order.promise_notice)
        order.order_line[0]._freeze_vendor_promise()
        self.assertIn("our wish until the vendor confirms", order.promise_notice)
        order.button_confirm()
        self.assertIn("the vendor did not confirm", order.promise_notice)
        order.action_acknowledge()
        self.assertEqual(order.promise_notice, "Confirmed by the vendor.")
        order.button_cancel()
        self.assertFalse(order.promise_notice)

    def test_dates_entered_in_the_portal_freeze_his_promise(self):
        order = self._purchase()
        order.print_quotation()
        line = order.order_line
        his = PROMISE + timedelta(days=8)
        order._update_date_planned_for_lines([(line, his)])
        self.assert_promise(line, his, his, 0)
        order.button_confirm()
        self.assert_promise(line, his, his, 0)
        self.assertEqual(line.promise_source, "vendor")

    def test_as_confirmed_by_vendor_freezes_before_the_order(self):
        order = self._purchase()
        order.action_vendor_confirmed()
        self.assertEqual(order.order_line.promise_source, "vendor")
        order.order_line.date_planned = PROMISE + timedelta(days=2)
        self.assert_promise(order.order_line, PROMISE, PROMISE + timedelta(days=2), 1)

    def test_a_later_date_from_the_vendor_is_his_slip(self):
        order = self._purchase()
        order.button_confirm()
        later = PROMISE + timedelta(days=8)
        order._update_date_planned_for_lines([(order.order_line, later)])
        self.assert_promise(order.order_line, PROMISE, later, 1)
        self.assertEqual(self._changes(order).reason, "supplier")

    def test_acknowledging_confirms_the_date_without_a_change(self):
        order = self._purchase()
        order.button_confirm()
        order.action_acknowledge()
        self.assertEqual(order.order_line.promise_source, "vendor")
        self.assertFalse(self._changes(order))

    def test_a_receipt_does_not_make_our_wish_his_word(self):
        order = self._purchase()
        order.button_confirm()
        order.picking_ids.move_ids.picked = True
        order.picking_ids._action_done()
        self.assertTrue(order.acknowledged)
        self.assertEqual(order.order_line.promise_source, "assumed")

    def test_who_only_reads_a_purchase_does_not_confirm_it_for_the_vendor(self):
        reader = new_test_user(self.env, "reader", "stock.group_stock_user")
        order = self._purchase()
        with self.assertRaises(AccessError):
            order.with_user(reader).action_vendor_confirmed()
        self.assertFalse(order.order_line.first_promised_date)

    def test_the_buyer_is_asked_once_for_all_lines(self):
        order = self._purchase(lines=2)
        order.button_confirm()
        later = PROMISE + timedelta(days=2)
        order.write(
            {
                "order_line": [
                    Command.update(line.id, {"date_planned": later})
                    for line in order.order_line
                ],
                "promise_reason": "transport",
            }
        )
        self.assertEqual(self._changes(order).mapped("reason"), ["transport"] * 2)
        self.assertEqual(order.order_line.mapped("promise_slip_count"), [1, 1])

    def test_the_scheduler_slips_in_its_own_name_without_a_reason(self):
        order = self._purchase()
        order.button_confirm()
        robot = self.env.ref("base.user_root")
        order.order_line.with_user(robot).date_planned = PROMISE + timedelta(days=1)
        change = self._changes(order)
        self.assertEqual(
            (change.user_id, change.reason, change.is_slip), (robot, False, True)
        )

    def test_a_line_added_to_an_order_is_promised_when_added(self):
        order = self._purchase()
        order.button_confirm()
        order.order_line = [
            Command.create({"product_id": self.fan.id, "date_planned": PROMISE})
        ]
        self.assertEqual(order.order_line.mapped("first_promised_date"), [PROMISE] * 2)

    def test_a_duplicated_order_starts_clean(self):
        order = self._purchase()
        order.button_confirm()
        line = order.copy().order_line
        self.assert_promise(line, False, False, 0)
        self.assertFalse(line.promise_source)

    def test_a_buyer_reads_the_history_of_purchases_only(self):
        buyer = new_test_user(self.env, "buyer", "purchase.group_purchase_user")
        purchase = self._purchase(user_id=buyer.id)
        purchase.button_confirm()
        purchase.order_line.with_user(buyer).date_planned = PROMISE + timedelta(days=2)
        sale = self._order(commitment_date=PROMISE)
        sale.commitment_date = PROMISE + timedelta(days=2)
        seen = self.env["delivery.promise.change"].with_user(buyer).search([])
        self.assertEqual(
            seen & (self._changes(sale) | self._changes(purchase)),
            self._changes(purchase),
        )

    def test_a_vendor_in_the_portal_reads_no_promise_of_ours(self):
        order = self._purchase()
        order.button_confirm()
        portal = new_test_user(self.env, "vendor", "base.group_portal")
        self.vendor.user_ids = [Command.set([])]
        portal.partner_id.parent_id = self.vendor
        order.message_subscribe(portal.partner_id.ids)
        line = order.order_line.with_user(portal)
        self.assertTrue(line.date_planned)
        with self.assertRaises(AccessError):
            _date = line.promise_source

    def test_orders_open_at_install_are_frozen_as_estimated(self):
        order = self._purchase()
        order.button_confirm()
        order.order_line.sudo().write(
            {
                "first_promised_date": False,
                "promised_date": False,
                "promise_source": False,
            }
        )
        self.env["purchase.order.line"]._estimate_open_promises()
        line = order.order_line
        self.assert_promise(line, PROMISE, PROMISE, 0)
        self.assertEqual(
            (line.promise_source, line.promise_estimated), ("assumed", True)
        )
