from datetime import date, timedelta

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged

from .order_trace_common import ARRIVAL, NOW, OrderTraceCase
from .test_order_trace_alert import OrderTraceAlertCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestOrderTracePortal(OrderTraceAlertCase):
    def _row(self, order, day=0):
        with freeze_time(NOW + timedelta(days=day)):
            self.env.invalidate_all()
            return self.env["order.trace"]._get_portal_rows(order)[0]

    def test_the_customer_reads_plain_values_and_nothing_else(self):
        order = self._late_order()
        self.assertEqual(
            self._row(order),
            {
                "product": "Blade",
                "quantity": 2,
                "unit": "Units",
                "state": "waiting_material",
                "state_name": "Waiting for Material",
                "progress": 0,
                "promised": date(2026, 3, 12),
                "expected": False,
                "is_earliest": False,
                "serials": [],
            },
        )

    def test_a_later_date_appears_once_the_customer_was_told(self):
        order = self._late_order()
        order.action_customer_informed()
        self.assertEqual(self._row(order)["expected"], date(2026, 3, 20))

    def test_a_later_date_appears_after_two_working_days(self):
        order = self._late_order()
        self._run()
        self.assertFalse(self._row(order, day=1)["expected"])
        self.assertEqual(self._row(order, day=2)["expected"], date(2026, 3, 20))

    def test_a_company_shows_it_at_once_or_never_and_a_customer_can_be_spared(self):
        order = self._late_order()
        self.company.portal_late_policy = "at_once"
        self.assertTrue(self._row(order)["expected"])
        self.customer.portal_late_hidden = True
        self.assertFalse(self._row(order)["expected"])
        self.company.portal_late_policy = "never"
        self.customer.portal_late_hidden = False
        self.assertFalse(self._row(order, day=30)["expected"])

    def test_what_the_customer_was_told_stays_while_it_slips_again(self):
        order = self._late_order()
        order.action_customer_informed()
        self._move(order, ARRIVAL + timedelta(days=5))
        self._run()
        self.assertEqual(self._row(order)["expected"], date(2026, 3, 20))
        self.assertEqual(self._row(order, day=2)["expected"], date(2026, 3, 25))

    def test_the_day_is_the_earliest_while_a_part_is_overdue(self):
        order = self._late_order()
        self.company.portal_late_policy = "at_once"
        row = self._row(order, day=18)
        self.assertEqual((row["expected"].day, row["is_earliest"]), (20, False))
        row = self._row(order, day=22)
        self.assertEqual((row["expected"].day, row["is_earliest"]), (24, True))

    def test_working_days_pass_over_the_weekend(self):
        order = self._late_order()
        self._run(4 * 24 * 60)  # a Friday
        self.assertFalse(self._row(order, day=7)["expected"])
        self.assertEqual(self._row(order, day=8)["expected"], date(2026, 3, 20))

    def test_a_date_on_time_or_of_a_delivered_line_is_not_shown(self):
        order = self._order((self.blade, 2))
        self.company.portal_late_policy = "at_once"
        purchase = self._buy(order, NOW + timedelta(days=2))
        self.assertFalse(self._row(order)["expected"])
        self._receive(purchase)
        self._ship(order)
        row = self._row(order)
        self.assertEqual((row["state"], row["expected"]), ("delivered", False))

    def test_serials_come_with_the_delivery(self):
        self.blade.tracking = "serial"
        order = self._order((self.blade, 1))
        purchase = self._buy(order)
        purchase.picking_ids.move_ids.move_line_ids.lot_name = "SN-1"
        self._receive(purchase)
        self.assertEqual(self._row(order)["serials"], [])
        self._ship(order)
        self.assertEqual(self._row(order)["serials"], ["SN-1"])

    def test_a_quotation_has_no_block(self):
        order = self._order((self.blade, 2), confirm=False)
        self.assertEqual(self.env["order.trace"]._get_portal_rows(order), [])


@tagged("post_install", "-at_install")
class TestOrderTracePortalPage(OrderTraceCase, HttpCase):
    """The page itself, over HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ada = new_test_user(cls.env, "ada_portal", "base.group_portal")
        cls.eve = new_test_user(cls.env, "eve_portal", "base.group_portal")
        cls.order = cls._order((cls.fan, 2), partner_id=cls.ada.partner_id.id)
        cls.purchase = cls.order.stock_reference_ids.purchase_ids
        cls.purchase.order_line.date_planned = ARRIVAL
        cls.purchase.button_confirm()

    def _page(self, login=None, token=None):
        self.authenticate(login, login)
        query = f"?access_token={token}" if token else ""
        return self.url_open(f"/my/orders/{self.order.id}{query}")

    def assert_safe(self, page):
        self.assertIn('id="order_trace"', page)
        self.assertIn("Waiting for Material", page)
        for secret in (
            *self._productions(self.order).mapped("name"),
            self.purchase.name,
            "Foshan Motor",
            "Manufacturing Orders",
            "Coil",
        ):
            self.assertNotIn(secret, page)

    def test_the_customer_reads_his_order_and_no_document_of_ours(self):
        self.assert_safe(self._page("ada_portal").text)

    def test_the_delivery_date_is_told_once(self):
        self.assertNotIn("Delivery Date", self._page("ada_portal").text)
        self.order = self._order(
            (self.fan, 2), partner_id=self.ada.partner_id.id, confirm=False
        )
        self.order.state = "sent"
        self.assertEqual(self._page("ada_portal").text.count("Delivery Date"), 1)

    def test_the_slip_of_a_delivery_to_come_tells_no_planned_date(self):
        picking = self.order.picking_ids
        picking.move_ids.date = "2031-07-09"
        slip = "stock.report_deliveryslip"
        report = self.env["ir.actions.report"]._render_qweb_html(slip, picking.ids)
        self.assertIn("2031", report[0].decode())
        for login, query in (
            ("ada_portal", ""),
            (None, f"?access_token={self.order._portal_ensure_token()}"),
        ):
            self._page(login)
            page = self.url_open(f"/my/picking/pdf/{picking.id}{query}")
            self.assertEqual(page.status_code, 200)
            self.assertIn("Fan", page.text)
            self.assertNotIn("2031", page.text)

    def test_a_large_quantity_is_written_out(self):
        self.order.order_line.product_uom_qty = 1234567.5
        self.assertIn("1234567.5", self._page("ada_portal").text)

    def test_dates_are_written_as_the_customer_writes_them(self):
        self.assertIn("Mar 12, 2026", self._page("ada_portal").text)
        self.env["res.lang"]._activate_lang("zh_CN")
        self.ada.lang = "zh_CN"
        self.assertIn("2026年3月12日", self._page("ada_portal").text)

    def test_who_has_the_link_reads_the_same(self):
        token = self.order._portal_ensure_token()
        self.assert_safe(self._page(token=token).text)
        self.assert_safe(self._page("eve_portal", token).text)

    def test_a_wrong_link_and_another_customer_read_nothing(self):
        for login, token in (
            (None, "wrong"),
            (None, None),
            ("eve_portal", None),
            ("eve_portal", "wrong"),
        ):
            page = self._page(login, token)
            self.assertNotIn("order_trace", page.text)
            self.assertNotIn(self.order.name, page.text)

    def test_the_portal_reads_no_field_of_the_trace_by_rpc(self):
        order = self.order.with_user(self.ada)
        for record, names in (
            (order, ["trace_state", "trace_expected_date", "customer_to_inform"]),
            (order.order_line, ["trace_sentence", "customer_informed_date"]),
        ):
            for name in names:
                with self.assertRaises(AccessError):
                    record.read([name])
