from datetime import date, timedelta

from odoo.tests import HttpCase, RecordCapturer, freeze_time, new_test_user, tagged

from .order_trace_common import ARRIVAL, NOW, OrderTraceCase


@freeze_time(NOW)
class OrderTraceAlertCase(OrderTraceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = new_test_user(cls.env, "ann", "sales_team.group_sale_salesman")
        cls.env["sale.order"].search([("state", "=", "sale")]).state = "draft"

    def _late_order(self, **values):
        order = self._order((self.blade, 2), user_id=self.ann.id, **values)
        self._buy(order)
        return order

    def _run(self, minutes=0):
        now = NOW + timedelta(minutes=minutes)
        with freeze_time(now):
            self.env["order.trace.alert"]._run(self.company, now)

    def _activities(self, partner=None):
        return self.env["mail.activity"].search(
            [
                ("user_id", "=", self.ann.id),
                ("res_id", "=", (partner or self.customer).id),
            ]
        )

    def _digests(self):
        return self.env["mail.activity"].search(
            [("user_id", "=", self.ann.id), ("res_model", "=", False)]
        )

    def _set_tier(self, partner, place):
        card = self.company.pyramid_scorecard_id
        self.env["partner.score"].create(
            {
                "partner_id": partner.id,
                "scorecard_id": card.id,
                "company_id": self.company.id,
                "date": NOW.date(),
                "band_id": card.band_ids.sorted("threshold")[place].id,
                "is_current": True,
            }
        )
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestOrderTraceAlert(OrderTraceAlertCase):
    def test_an_a_customer_is_one_activity_for_all_his_late_lines(self):
        self._set_tier(self.customer, 0)
        orders = self._late_order() | self._late_order()
        self._run()
        self.assertFalse(self._activities())
        self._run(29)
        self.assertFalse(self._activities())
        self._run(30)
        activity = self._activities()
        self.assertEqual(len(activity), 1)
        for order in orders:
            self.assertIn(
                f"{order.name}, Blade: 03/12/2026 → 03/20/2026", activity.note
            )

    def test_one_event_is_told_once(self):
        self._set_tier(self.customer, 0)
        self._late_order()
        for minutes in (0, 30, 60, 90):
            self._run(minutes)
        self.assertEqual(len(self._activities()), 1)

    def test_a_typing_error_that_is_corrected_rings_nobody(self):
        self._set_tier(self.customer, 0)
        order = self._late_order()
        self._run()
        self._purchase(order).order_line.date_planned = NOW + timedelta(days=2)
        self._run(30)
        self.assertFalse(self._activities())
        self.assertTrue(self.env["order.trace.alert"].search([]).closed_on)

    def test_it_closes_itself_when_the_supply_recovers(self):
        self._set_tier(self.customer, 0)
        order = self._late_order()
        self._run()
        self._run(30)
        self.assertTrue(self._activities())
        self._purchase(order).order_line.date_planned = NOW + timedelta(days=2)
        self._run(60)
        self.assertFalse(self._activities())

    def test_a_later_date_is_a_new_event_in_the_same_activity(self):
        self._set_tier(self.customer, 0)
        order = self._late_order()
        self._run()
        self._run(30)
        self._purchase(order).order_line.date_planned = ARRIVAL + timedelta(days=5)
        self._run(40)
        self.assertIn("03/20/2026", self._activities().note)
        self._run(70)
        self.assertEqual(len(self._activities()), 1)
        self.assertIn("03/25/2026", self._activities().note)

    def test_other_customers_come_as_one_list_a_day(self):
        others = self.env["res.partner"].create([{"name": "Cleo"}, {"name": "Dora"}])
        self._set_tier(others[0], 2)
        orders = [self._late_order(partner_id=other.id) for other in others]
        for minutes in (0, 30, 60, 90):
            self._run(minutes)
        self.assertFalse(self._activities(others[0]) | self._activities(others[1]))
        digest = self._digests()
        self.assertEqual(len(digest), 1)
        for order in orders:
            self.assertIn(order.name, digest.note)

    def test_less_than_a_working_day_is_no_alert(self):
        order = self._order((self.blade, 2), user_id=self.ann.id)
        self._buy(order, order.commitment_date + timedelta(hours=6))
        self._run()
        self.assertFalse(self.env["order.trace.alert"].search([]))

    def test_the_cron_runs_all_companies(self):
        self._late_order()
        with self.enter_registry_test_mode():
            cron = self.env.ref("crm_manufacturing.ir_cron_order_trace_alert")
            self.assertTrue(cron.method_direct_trigger())
        self.assertEqual(len(self.env["order.trace.alert"].search([])), 1)

    def test_a_moved_purchase_is_looked_at_at_once_and_when_settled(self):
        order = self._late_order()
        cron = self.env.ref("crm_manufacturing.ir_cron_order_trace_alert")
        with RecordCapturer(
            self.env["ir.cron.trigger"], [("cron_id", "=", cron.id)]
        ) as capture:
            self._purchase(order).order_line.date_planned = ARRIVAL + timedelta(days=1)
        self.assertEqual(
            sorted(set(capture.records.mapped("call_at"))),
            [NOW, NOW + timedelta(minutes=30)],
        )


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
