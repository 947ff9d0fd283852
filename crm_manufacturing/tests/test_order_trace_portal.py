from datetime import date, timedelta

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
                "serials": [],
            },
        )

    def test_a_later_date_appears_once_the_customer_was_told(self):
        order = self._late_order()
        order.order_line.customer_informed_on = NOW
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

    def test_a_quotation_has_no_block(self):
        order = self._order((self.blade, 2), confirm=False)
        self.assertEqual(self.env["order.trace"]._get_portal_rows(order), [])


@tagged("post_install", "-at_install")
class TestOrderTracePortalPage(OrderTraceCase, HttpCase):
    def test_the_page_has_our_block_and_no_number_of_a_production(self):
        ada = new_test_user(self.env, "ada_portal", "base.group_portal")
        order = self._order((self.fan, 2), partner_id=ada.partner_id.id)
        purchase = self._buy(order)
        self.authenticate("ada_portal", "ada_portal")
        page = self.url_open(f"/my/orders/{order.id}").text
        self.assertIn('id="order_trace"', page)
        self.assertIn("Waiting for Material", page)
        for secret in (
            *self._productions(order).mapped("name"),
            purchase.name,
            "Foshan Motor",
            "Manufacturing Orders",
        ):
            self.assertNotIn(secret, page)
        stranger = new_test_user(self.env, "eve_portal", "base.group_portal")
        self.authenticate("eve_portal", "eve_portal")
        page = self.url_open(f"/my/orders/{order.id}").text
        self.assertNotIn('id="order_trace"', page)
        self.assertTrue(stranger)
