import base64

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .order_trace_common import NOW, OrderTraceCase


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestOrderSerial(OrderTraceCase):
    """Quotations of fans hold the next serial numbers, and their productions make
    exactly those."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.motor.route_ids = cls.blade.route_ids = False
        cls.fan.write(
            {
                "tracking": "serial",
                "serial_prefix_format": "FAN-",
                "serial_reserve_on_order": True,
            }
        )
        cls.fan.lot_sequence_id.padding = 6
        cls.rows = cls.env["order.serial.reservation"]

    def setUp(self):
        super().setUp()
        # PostgreSQL's sequences go on when a test is rolled back
        self.fan.lot_sequence_id.number_next = 120

    def _quote(self, quantity=5, product=None, **values):
        return self._order((product or self.fan, quantity), confirm=False, **values)

    def _range(self, order):
        self.env.invalidate_all()
        return order.order_line.serial_range

    def _production(self, order):
        return self._productions(order, self.fan)

    def _make(self, production, quantity=None):
        """Through the host's dialog, as the shop floor does."""
        self._stock(self.motor, 50)
        self._stock(self.blade, 50)
        wizard = self.env["mrp.production.serials"].create(
            {"production_id": production.id}
        )
        if quantity:
            wizard.serial_numbers = "\n".join(
                wizard.serial_numbers.splitlines()[:quantity]
            )
        wizard.action_apply()
        production.move_raw_ids.picked = True
        return production

    # reserving

    def test_a_quotation_proposes_the_next_numbers(self):
        self.assertEqual(self._range(self._quote()), "FAN-000120 - FAN-000124")

    def test_a_product_that_does_not_reserve_holds_nothing(self):
        self.fan.serial_reserve_on_order = False
        self.assertEqual(self._range(self._quote()), "")

    def test_a_typing_error_reserves_nothing(self):
        with self.assertRaisesRegex(ValidationError, "at most 10000 pieces"):
            self._quote(10_001)

    def test_the_next_quotation_gets_the_numbers_after(self):
        self._quote()
        self.assertEqual(self._range(self._quote(2)), "FAN-000125 - FAN-000126")

    def test_a_copied_quotation_gets_numbers_of_its_own(self):
        copy = self._quote(2).copy()
        self.assertEqual(self._range(copy), "FAN-000122 - FAN-000123")

    def test_dozens_count_in_pieces(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._quote(1)
        order.order_line.product_uom_id = dozen
        self.assertEqual(self._range(order), "FAN-000120 - FAN-000131")

    def test_a_product_without_its_own_sequence_uses_the_shared_one(self):
        self.fan.lot_sequence_id = False
        shared = self.env.ref("stock.sequence_production_lots")
        shared.number_next_actual = 700
        self.assertEqual(self._range(self._quote(2)), "0000700 - 0000701")

    def test_without_any_sequence_the_product_is_named(self):
        self.fan.lot_sequence_id = False
        self.env["ir.sequence"].search([("code", "=", "stock.lot.serial")]).active = 0
        with self.assertRaisesRegex(UserError, "Fan has no serial sequence"):
            self._quote()

    def test_numbers_that_exist_as_serials_are_passed_over(self):
        self.env["stock.lot"].create({"name": "FAN-000121", "product_id": self.fan.id})
        self.assertEqual(
            self._range(self._quote(3)), "FAN-000120, FAN-000122 - FAN-000123"
        )

    def test_a_sequence_stuck_in_used_numbers_says_so(self):
        self.env["stock.lot"].create(
            [
                {"name": f"FAN-{number:06}", "product_id": self.fan.id}
                for number in range(120, 400)
            ]
        )
        with self.assertRaisesRegex(UserError, "Set its next number higher"):
            self._quote(1)

    # quantity

    def test_a_raised_quantity_adds_numbers(self):
        order = self._quote(2)
        order.order_line.product_uom_qty = 4
        self.assertEqual(self._range(order), "FAN-000120 - FAN-000123")

    def test_a_lowered_quantity_frees_the_highest(self):
        order = self._quote(5)
        order.order_line.product_uom_qty = 3
        self.assertEqual(self._range(order), "FAN-000120 - FAN-000122")

    def test_freed_numbers_are_offered_before_new_ones(self):
        order = self._quote(5)
        order.order_line.product_uom_qty = 3
        self.assertEqual(self._range(self._quote(3)), "FAN-000123 - FAN-000125")

    def test_a_freed_number_made_meanwhile_is_not_given_again(self):
        order = self._quote(5)
        order.order_line.product_uom_qty = 3
        self.env["stock.lot"].create({"name": "FAN-000123", "product_id": self.fan.id})
        self.assertEqual(self._range(self._quote(2)), "FAN-000124 - FAN-000125")

    def test_another_product_on_the_line_frees_the_numbers(self):
        order = self._quote(2)
        order.order_line.product_id = self.motor
        self.assertEqual(self._range(order), "")
        self.assertEqual(self._range(self._quote(2)), "FAN-000120 - FAN-000121")

    def test_a_removed_line_and_a_deleted_quotation_free_their_numbers(self):
        first, second = self._quote(2), self._quote(2)
        first.order_line.unlink()
        second.unlink()
        self.assertEqual(self._range(self._quote(4)), "FAN-000120 - FAN-000123")

    def test_a_raised_quantity_after_confirmation_reaches_the_production(self):
        order = self._quote(2)
        order.action_confirm()
        order.order_line.product_uom_qty = 4
        self.assertEqual(sum(self._production(order).mapped("product_qty")), 4)
        self.assertEqual(
            self._production(order).serial_reservation_ids.mapped("name"),
            ["FAN-000120", "FAN-000121", "FAN-000122", "FAN-000123"],
        )

    # making

    def test_the_production_knows_its_numbers(self):
        order = self._quote()
        order.action_confirm()
        self.assertEqual(
            self._production(order).serial_range, "FAN-000120 - FAN-000124"
        )

    def test_the_dialog_makes_exactly_the_reserved_numbers(self):
        order = self._quote(3)
        order.action_confirm()
        production = self._make(self._production(order))
        self.assertEqual(
            production.lot_producing_ids.mapped("name"),
            ["FAN-000120", "FAN-000121", "FAN-000122"],
        )
        production.button_mark_done()
        self.assertEqual(production.state, "done")
        self.assertEqual(
            set(order.order_line.serial_reservation_ids.mapped("state")), {"used"}
        )

    def test_one_piece_takes_its_number_at_once(self):
        order = self._quote(1)
        order.action_confirm()
        production = self._production(order)
        production.action_generate_serial()
        self.assertEqual(production.lot_producing_ids.name, "FAN-000120")
        self.assertEqual(production.qty_producing, 1)
        production.action_clear_lot_producing_ids()
        production.action_generate_serial()
        self.assertEqual(production.lot_producing_ids.name, "FAN-000120")

    def test_the_shop_floor_makes_reserved_serials_with_its_own_rights(self):
        maker = new_test_user(self.env, "max", groups="mrp.group_mrp_user")
        order = self._quote(1)
        order.action_confirm()
        production = self._production(order).with_user(maker)
        production.action_generate_serial()
        self.assertEqual(production.lot_producing_ids.name, "FAN-000120")

    def test_a_production_refuses_a_number_that_is_not_its_own(self):
        order = self._quote(1)
        order.action_confirm()
        lot = self.env["stock.lot"].create(
            {"name": "FAN-000999", "product_id": self.fan.id}
        )
        with self.assertRaisesRegex(ValidationError, "FAN-000999 is not one of them"):
            self._production(order).lot_producing_ids = lot

    def test_a_reserved_number_made_elsewhere_is_refused(self):
        order = self._quote(1)
        with self.assertRaisesRegex(
            ValidationError, f"FAN-000120 is reserved for order {order.name}"
        ):
            self.env["stock.lot"].create(
                {"name": "FAN-000120", "product_id": self.fan.id}
            )

    def test_the_same_number_of_another_product_is_no_matter(self):
        self._quote(1)
        self.motor.tracking = "serial"
        self.assertTrue(
            self.env["stock.lot"].create(
                {"name": "FAN-000120", "product_id": self.motor.id}
            )
        )

    def test_a_serial_made_for_one_order_is_refused_in_the_production_of_another(self):
        first, second = self._quote(1), self._quote(1)
        (first | second).action_confirm()
        self._production(first).action_generate_serial()
        lot = self._production(first).lot_producing_ids
        with self.assertRaisesRegex(
            ValidationError, f"FAN-000120 is reserved for order {first.name}"
        ):
            self._production(second).lot_producing_ids = lot

    def test_two_rows_never_hold_one_number(self):
        row = self._quote(1).order_line.serial_reservation_ids
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint():
                self.env.cr.execute(
                    """INSERT INTO order_serial_reservation
                              (name, product_id, company_id, state)
                       SELECT name, product_id, company_id, 'reserved'
                         FROM order_serial_reservation WHERE id = %s""",
                    [row.id],
                )

    # choosing

    def test_a_salesperson_may_choose_another_number_and_the_old_one_is_free(self):
        seller = new_test_user(
            self.env, "sally", groups="sales_team.group_sale_salesman"
        )
        order = self._quote(1, user_id=seller.id)
        row = order.order_line.serial_reservation_ids.with_user(seller)
        row.name = "FAN-000888"
        self.assertEqual(self._range(order), "FAN-000888")
        self.assertEqual(self._range(self._quote(1)), "FAN-000120")
        with self.assertRaises(AccessError):
            row.state = "freed"

    def test_a_chosen_number_that_exists_is_refused_with_a_sentence(self):
        self.env["stock.lot"].create({"name": "FAN-000050", "product_id": self.fan.id})
        held = self._quote(1).order_line.serial_reservation_ids
        row = self._quote(1).order_line.serial_reservation_ids
        with self.assertRaisesRegex(ValidationError, "FAN-000050 already exists"):
            row.name = "FAN-000050"
        with self.assertRaisesRegex(ValidationError, "FAN-000120 is already reserved"):
            row.name = held.name

    # cancelled, expired

    def test_a_cancelled_quotation_frees_its_numbers(self):
        self._quote(2)._action_cancel()
        self.assertEqual(self._range(self._quote(2)), "FAN-000120 - FAN-000121")

    def test_a_cancelled_order_frees_what_is_not_begun(self):
        order = self._quote(2)
        order.action_confirm()
        order._action_cancel()
        self.assertFalse(self._production(order).serial_reservation_ids)
        self.assertEqual(self._range(self._quote(2)), "FAN-000120 - FAN-000121")

    def test_a_cancelled_order_keeps_the_numbers_of_what_is_made(self):
        order = self._quote(1)
        order.action_confirm()
        self._production(order).action_generate_serial()
        order._action_cancel()
        self.assertEqual(self._range(order), "FAN-000120")

    def test_a_quotation_set_to_draft_again_gets_numbers_again(self):
        order = self._quote(2)
        order._action_cancel()
        order.action_draft()
        self.assertEqual(self._range(order), "FAN-000120 - FAN-000121")

    def test_an_expired_quotation_loses_its_numbers_the_day_after(self):
        order = self._quote(2, validity_date="2026-03-10")
        self.rows._run_free(self.company, NOW.date().replace(day=10))
        self.assertEqual(self._range(order), "FAN-000120 - FAN-000121")
        self.rows._run_free(self.company, NOW.date().replace(day=11))
        self.assertEqual(self._range(order), "")

    def test_an_expired_quotation_that_is_confirmed_gets_numbers(self):
        order = self._quote(2, validity_date="2026-03-01")
        self.assertEqual(self._range(order), "")
        order.action_confirm()
        self.assertEqual(
            self._production(order).serial_range, "FAN-000120 - FAN-000121"
        )

    def test_the_cron_runs(self):
        self._quote(1, validity_date="2026-03-10")
        with freeze_time("2026-04-01"), self.enter_registry_test_mode():
            cron = self.env.ref("crm_manufacturing.ir_cron_order_serial_free")
            cron.method_direct_trigger()
        self.assertEqual(self.rows.search([]).mapped("state"), ["freed"])

    # split, merged, cancelled productions

    def test_a_backorder_takes_the_rest_of_the_numbers(self):
        order = self._quote(5)
        order.action_confirm()
        production = self._make(self._production(order), quantity=2)
        production.with_context(
            skip_backorder=True, mo_ids_to_backorder=production.ids
        ).button_mark_done()
        rest = self._production(order) - production
        self.assertEqual(production.state, "done")
        self.assertEqual(production.serial_range, "FAN-000120 - FAN-000121")
        self.assertEqual(rest.serial_range, "FAN-000122 - FAN-000124")

    def test_split_productions_share_the_numbers(self):
        order = self._quote(5)
        order.action_confirm()
        production = self._production(order)
        first, second = production._split_productions({production: [2, 3]})
        self.assertEqual(first.serial_range, "FAN-000120 - FAN-000121")
        self.assertEqual(second.serial_range, "FAN-000122 - FAN-000124")

    def test_merged_productions_keep_all_numbers_for_their_orders(self):
        first, second = self._quote(2), self._quote(3)
        (first | second).action_confirm()
        action = self._production(first | second).action_merge()
        merged = self.env["mrp.production"].browse(action["res_id"])
        self.assertEqual(merged.serial_range, "FAN-000120 - FAN-000124")
        self.assertEqual(self._range(first), "FAN-000120 - FAN-000121")
        one, two = merged._split_productions({merged: [1, 4]})
        self.assertEqual(one.serial_range, "FAN-000120")
        self.assertEqual(two.serial_range, "FAN-000121 - FAN-000124")

    def test_a_cancelled_production_gives_its_numbers_back_to_the_line(self):
        order = self._quote(2)
        order.action_confirm()
        self._production(order).action_cancel()
        self.assertEqual(self._range(order), "FAN-000120 - FAN-000121")
        self.assertFalse(order.order_line.serial_reservation_ids.production_id)

    # where each is

    def _places(self, order):
        self.env.invalidate_all()
        return (order.order_line.serial_places or "").splitlines()

    def test_the_line_says_where_each_serial_is(self):
        centre = self.env["mrp.workcenter"].create({"name": "Assembly"})
        self.fan_bom.operation_ids = [
            Command.create({"name": "Mount", "workcenter_id": centre.id})
        ]
        order = self._quote(1)
        self.assertEqual(self._places(order), ["FAN-000120: Reserved, not planned yet"])
        order.action_confirm()
        plant = self.warehouse.name
        self.assertEqual(self._places(order), [f"FAN-000120: Planned in {plant}"])
        production = self._production(order)
        production.workorder_ids.button_start()
        self.assertEqual(self._places(order), [f"FAN-000120: {plant}, Mount"])
        self._make(production).button_mark_done()
        self.assertEqual(self._places(order), ["FAN-000120: Finished stock"])
        order.picking_ids.action_assign()
        self._ship(order)
        self.assertEqual(self._places(order), ["FAN-000120: Delivered"])

    def test_a_line_served_from_stock_does_not_show_the_numbers_it_did_not_need(self):
        lot = self.env["stock.lot"].create({"name": "OLD-1", "product_id": self.fan.id})
        order = self._quote(1)
        self.fan.route_ids = False
        self._stock(self.fan, 1, lot)
        order.action_confirm()
        self._ship(order)
        self.assertEqual(self._places(order), ["OLD-1: Delivered"])
        self.rows._run_free(self.company, NOW.date())
        self.assertEqual(self._range(order), "")

    def test_the_small_form_of_a_line_shows_its_serials(self):
        line = self._quote(1).order_line
        action = line.action_requirement()
        self.assertEqual((action["res_id"], action["target"]), (line.id, "new"))

    def test_a_merged_production_tells_each_line_its_own_serials(self):
        first, second = self._quote(1), self._quote(1)
        (first | second).action_confirm()
        action = self._production(first | second).action_merge()
        merged = self.env["mrp.production"].browse(action["res_id"])
        self._make(merged).button_mark_done()
        self.assertEqual(self._places(first), ["FAN-000120: Finished stock"])
        self.assertEqual(self._places(second), ["FAN-000121: Finished stock"])

    # labels

    def _label(self, record, report="action_report_order_serial_label"):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            f"crm_manufacturing.{report}", record.ids
        )
        return html.decode()

    def test_the_label_has_serial_order_requirement_and_barcode(self):
        order = self._quote(1)
        order.order_line.customer_requirement = "Engrave <Ada & Co>"
        order.action_confirm()
        production = self._production(order)
        html = self._label(production)
        for words in (
            "FAN-000120",
            order.name,
            "Engrave &lt;Ada &amp; Co&gt;",
            "data:image/svg+xml;base64,",
        ):
            self.assertIn(words, html)
        production.action_generate_serial()
        lot = production.lot_producing_ids
        html = self._label(lot, "action_report_order_serial_label_lot")
        self.assertIn("FAN-000120", html)
        self.assertIn("Engrave &lt;Ada &amp; Co&gt;", html)

    def test_the_bar_code_is_a_drawing_and_other_letters_get_none(self):
        label = self.env["order.serial.label"]
        head, picture = label._get_barcode("FAN-000120").split(",")
        self.assertEqual(head, "data:image/svg+xml;base64")
        self.assertIn(b"<svg", base64.b64decode(picture))
        self.assertIsNone(label._get_barcode("ВЕНТ-1"))

    def test_the_label_of_a_production_is_found_by_its_template(self):
        report = self.env["ir.actions.report"]
        for name, model in (("label", "mrp.production"), ("label_lot", "stock.lot")):
            found = report._get_report_from_name(
                f"crm_manufacturing.order_serial_{name}"
            )
            self.assertEqual(found.model, model)

    def test_the_label_of_a_serial_without_order_prints(self):
        lot = self.env["stock.lot"].create(
            {"name": "FAN-000001", "product_id": self.fan.id}
        )
        self.assertIn(
            "FAN-000001", self._label(lot, "action_report_order_serial_label_lot")
        )

    def test_the_shop_floor_prints_labels(self):
        maker = new_test_user(self.env, "max", groups="mrp.group_mrp_user")
        order = self._quote(1)
        order.action_confirm()
        labels = self._production(order).with_user(maker)._get_serial_labels()
        self.assertEqual(labels[0]["order"], order.name)

    # who sees what, and the cost

    def test_another_company_and_another_salesperson_see_nothing(self):
        self._quote(1, user_id=self.env.user.id)
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "sven",
            groups="sales_team.group_sale_salesman_all_leads",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        colleague = new_test_user(
            self.env, "carl", groups="sales_team.group_sale_salesman"
        )
        for user in (stranger, colleague):
            self.assertFalse(self.rows.with_user(user).search([]))

    def test_a_portal_customer_reads_no_serials_by_rpc(self):
        portal = new_test_user(self.env, "petra", groups="base.group_portal")
        order = self._quote(1, partner_id=portal.partner_id.id)
        order.state = "sent"
        for name in ("serial_range", "serial_places", "serial_reservation_ids"):
            with self.assertRaises(AccessError):
                order.order_line.with_user(portal).read([name])

    def _count(self, number):
        self.fan.serial_reserve_on_order = False
        order = self._order(*[(self.fan, 2)] * number, confirm=False)
        self.fan.serial_reserve_on_order = True
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        order.order_line._sync_serials()
        self.env.flush_all()
        self.assertEqual(len(order.order_line.serial_reservation_ids), 2 * number)
        return self.cr.sql_log_count - before

    def test_thirty_lines_cost_the_queries_of_three(self):
        for _warm in range(2):
            self._count(3)
        self.assertEqual(self._count(3), self._count(30))

    def test_where_nothing_is_reserved_nothing_is_asked(self):
        self.fan.serial_reserve_on_order = False
        order = self._quote(1)
        self.assertFalse(self.rows._has_any())
        order.order_line.mapped("product_id.serial_reserve_on_order")
        with self.assertQueryCount(0):
            order.order_line._sync_serials()
            order.order_line._spread_serials()
            order.order_line._free_serials()
