from datetime import timedelta

from odoo.fields import Command
from odoo.tests import RecordCapturer, freeze_time, new_test_user, tagged

from .order_trace_common import ARRIVAL, NOW, OrderTraceCase


@freeze_time(NOW)
class OrderTraceAlertCase(OrderTraceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = new_test_user(cls.env, "ann", "sales_team.group_sale_salesman")
        cls.bob = new_test_user(cls.env, "bob", "sales_team.group_sale_salesman")
        # what earlier data of the database may hold is nobody's business here
        cls.env["sale.order"].search([("state", "=", "sale")]).state = "draft"

    def _late_order(self, **values):
        order = self._order((self.blade, 2), **{"user_id": self.ann.id, **values})
        self._buy(order)
        return order

    def _run(self, minutes=0):
        now = NOW + timedelta(minutes=minutes)
        with freeze_time(now):
            self.env["order.trace.alert"]._run(self.company, now)

    def _activities(self, partner=None, user=None):
        return self.env["mail.activity"].search(
            [
                ("user_id", "=", (user or self.ann).id),
                ("res_model", "=", "res.partner"),
                ("res_id", "=", (partner or self.customer).id),
            ]
        )

    def _digests(self, user=None):
        return self.env["mail.activity"].search(
            [("user_id", "=", (user or self.ann).id), ("res_model", "=", False)]
        )

    def _move(self, order, arrival):
        self._purchase(order).order_line.date_planned = arrival

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
            self.assertIn(f">{order.name}</a>, Ada, Blade", activity.note)
        self.assertEqual(activity.note.count(": 03/12/2026 → 03/20/2026"), 2)

    def test_one_event_is_told_once(self):
        self._set_tier(self.customer, 0)
        self._late_order()
        for minutes in (0, 30, 60, 90):
            self._run(minutes)
        self.assertEqual(len(self._activities()), 1)

    def test_who_leaves_hands_it_on_to_his_successor(self):
        self._set_tier(self.customer, 0)
        order = self._late_order()
        digest = self._late_order(partner_id=self.customer.copy().id)
        self._run()
        self._run(30)
        self.assertTrue(self._activities() and self._digests())
        (order | digest).user_id = self.bob
        self.ann.active = False
        self._run(60)
        self._run(90)
        self.assertFalse(self._activities() or self._digests())
        self.assertEqual(len(self._activities(user=self.bob)), 1)
        self.assertEqual(len(self._digests(user=self.bob)), 1)

    def test_a_typing_error_that_is_corrected_rings_nobody(self):
        self._set_tier(self.customer, 0)
        order = self._late_order()
        self._run()
        self._move(order, NOW + timedelta(days=2))
        self._run(30)
        self.assertFalse(self._activities())
        self.assertTrue(self.env["order.trace.alert"].search([]).closed_on)

    def test_it_closes_itself_when_the_supply_recovers(self):
        self._set_tier(self.customer, 0)
        order = self._late_order()
        self._run()
        self._run(30)
        self.assertTrue(self._activities())
        self._move(order, NOW + timedelta(days=2))
        self._run(60)
        self.assertFalse(self._activities())

    def test_a_later_date_is_a_new_event_in_the_same_activity(self):
        self._set_tier(self.customer, 0)
        order = self._late_order()
        self._run()
        self._run(30)
        self._move(order, ARRIVAL + timedelta(days=5))
        self._run(40)
        self.assertIn("03/20/2026", self._activities().note)
        self._run(70)
        self.assertEqual(len(self._activities()), 1)
        self.assertIn("03/25/2026", self._activities().note)

    def test_a_better_date_that_still_is_late_is_read_in_the_open_activity(self):
        self._set_tier(self.customer, 0)
        order = self._late_order()
        self._run()
        self._run(30)
        self.assertIn("03/12/2026 → 03/20/2026", self._activities().note)
        self._move(order, ARRIVAL - timedelta(days=3))
        self._run(31)
        self.assertIn("03/12/2026 → 03/17/2026", self._activities().note)

    def test_a_worse_date_is_not_read_there_before_it_is_settled(self):
        self._set_tier(self.customer, 0)
        order = self._late_order()
        self._run()
        self._run(30)
        self._move(order, ARRIVAL + timedelta(days=3))
        self._run(31)
        self.assertIn("03/12/2026 → 03/20/2026", self._activities().note)
        self._run(61)
        self.assertIn("03/12/2026 → 03/23/2026", self._activities().note)

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

    def test_an_overdue_part_that_stays_away_is_told_once(self):
        self._set_tier(self.customer, 0)
        self._late_order()
        self._run(0)
        self._run(30)
        self._activities().action_feedback()
        for day in (19, 20, 21):
            self._run(day * 24 * 60)
            self._run(day * 24 * 60 + 40)
        self.assertFalse(self._activities())
        alert = self.env["order.trace.alert"].search([])
        self.assertEqual((alert.planned_day.day, alert.expected_day.day), (20, 23))

    def test_a_slip_after_the_activity_is_done_is_a_new_one(self):
        self._set_tier(self.customer, 0)
        order = self._late_order()
        self._run(0)
        self._run(30)
        self._activities().action_feedback()
        self._move(order, ARRIVAL + timedelta(days=5))
        self._run(40)
        self._run(70)
        self.assertEqual(len(self._activities()), 1)

    def test_a_recovered_line_leaves_the_activity_of_the_others(self):
        self._set_tier(self.customer, 0)
        first, second = self._late_order(), self._late_order()
        self._run(0)
        self._run(30)
        self._move(first, NOW + timedelta(days=2))
        self._run(60)
        self.assertNotIn(first.name, self._activities().note)
        self.assertIn(second.name, self._activities().note)

    def test_the_next_day_brings_the_next_list(self):
        first = self._late_order()
        self._run(0)
        self._run(30)
        second = self._late_order()
        self._run(60)
        self._run(120)
        self.assertNotIn(second.name, self._digests().note)
        self._run(24 * 60)
        digest = self._digests()
        self.assertEqual(len(digest), 1, "an open list is carried on")
        self.assertIn(first.name, digest.note)
        self.assertIn(second.name, digest.note)

    def test_the_day_of_the_list_is_the_companys(self):
        """08:00 UTC of 2 March is 17:00 there; eight hours later its 3 March began."""
        self.company.partner_id.tz = "Asia/Tokyo"
        self._late_order()
        self._run(0)
        self._run(30)
        self._digests().action_feedback()
        self._late_order()
        self._run(60)
        self._run(6 * 60 + 50)
        self.assertFalse(self._digests())
        self._run(7 * 60 + 1)
        self.assertEqual(len(self._digests()), 1)

    def test_a_list_whose_lines_recovered_goes(self):
        order = self._late_order()
        self._run(0)
        self._run(30)
        self._move(order, NOW + timedelta(days=2))
        self._run(60)
        self.assertFalse(self._digests())

    def test_the_customers_salesperson_is_told_before_the_orders(self):
        self._set_tier(self.customer, 0)
        self.customer.user_id = self.bob
        self._late_order()
        self._run(0)
        self._run(30)
        self.assertTrue(self._activities(user=self.bob))
        self.assertFalse(self._activities())

    def test_who_has_left_is_not_told_but_his_team_leader(self):
        self._set_tier(self.customer, 0)
        order = self._late_order()
        order.team_id = self.env["crm.team"].create(
            {"name": "Exports", "user_id": self.bob.id}
        )
        self.ann.active = False
        self._run(0)
        self._run(30)
        self.assertTrue(self._activities(user=self.bob))

    def test_an_order_of_nobody_goes_to_a_sales_manager(self):
        boss = new_test_user(self.env, "boss", "sales_team.group_sale_manager")
        managers = self.env.ref("sales_team.group_sale_manager").all_user_ids
        (managers - boss).company_ids = [Command.link(self.company.id)]
        self._late_order(user_id=False, team_id=False)
        self._run(0)
        self._run(30)
        told = self.env["order.trace.alert"].search([]).told_user_id
        self.assertEqual(told, managers.filtered("active").sorted("id")[0])

    def test_a_line_without_promise_or_date_is_no_alert(self):
        order = self._order((self.blade, 2), user_id=self.ann.id)
        order.order_line.sudo().promised_date = False
        self._buy(order)
        waits = self._order((self.fan, 1), user_id=self.ann.id)
        self._run()
        self.assertFalse(
            self.env["order.trace.alert"].search(
                [("sale_line_id", "in", (order | waits).order_line.ids)]
            )
        )

    def test_a_run_leaves_the_company_to_another_that_is_at_it(self):
        self._late_order()
        with self.registry.cursor() as other:
            other.execute(
                "SELECT id FROM res_company WHERE id = %s FOR NO KEY UPDATE NOWAIT",
                [self.company.id],
            )
            self.assertFalse(self.company.try_lock_for_update(allow_referencing=True))
            self._run()
        self.assertFalse(self.env["order.trace.alert"].search([]))

    def test_the_activity_done_says_that_the_customer_was_told(self):
        self._set_tier(self.customer, 0)
        line = self._late_order().order_line
        self._run(0)
        self._run(30)
        self.assertTrue(line.customer_to_inform)
        self._activities().with_user(self.ann).action_feedback()
        self.env.invalidate_all()
        self.assertEqual(str(line.customer_informed_date), "2026-03-20")
        self.assertFalse(line.customer_to_inform)

    def test_who_tells_the_customer_on_the_order_is_done_with_the_activity(self):
        self._set_tier(self.customer, 0)
        first, second = self._late_order(), self._late_order()
        self._run(0)
        self._run(30)
        first.with_user(self.ann).action_customer_informed()
        activity = self._activities()
        self.assertEqual(len(activity), 1, "the other order is still to be told")
        self.assertNotIn(first.name, activity.note)
        self.assertIn(second.name, activity.note)
        rows = self.env["order.trace.alert"].with_user(self.ann)
        rows = rows._get_mail_rows(self.customer)
        self.assertEqual([row["order"] for row in rows], [second.name])
        second.with_user(self.ann).action_customer_informed()
        self.assertFalse(self._activities())

    def test_what_the_customer_knows_already_is_not_told(self):
        self._set_tier(self.customer, 0)
        order = self._late_order()
        self._run(0)
        order.action_customer_informed()
        self._run(30)
        self.assertFalse(self._activities())
        self._move(order, ARRIVAL + timedelta(days=5))
        self._run(40)
        self._run(70)
        self.assertEqual(len(self._activities()), 1)

    def test_the_draft_mail_is_in_the_customers_language_without_secrets(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self._set_tier(self.customer, 0)
        self.customer.lang = "fr_FR"
        buyer = self.env["res.partner"].create(
            {"name": "Aude", "parent_id": self.customer.id, "email": "a@example.com"}
        )
        order = self._late_order(partner_id=buyer.id, client_order_ref="PO-7")
        self._run(0)
        self._run(30)
        activity = self._activities()
        template = activity.activity_type_id.mail_template_ids
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.ann)
            .with_context(default_res_ids=[self.customer.id])
            .create(
                {
                    "model": activity.res_model,
                    "template_id": template.id,
                    "composition_mode": "comment",
                }
            )
        )
        self.assertEqual(composer.lang, "fr_FR")
        self.assertEqual(composer.partner_ids, buyer)
        self.assertIn(f"{order.name} (PO-7)", composer.body)
        self.assertIn("12/03/2026", composer.body)
        self.assertIn("20/03/2026", composer.body)
        self.assertNotIn("Foshan", composer.body)
        self.assertNotIn(self._purchase(order).name, composer.body)

    def test_nobody_promises_a_day_while_a_part_is_overdue(self):
        self._set_tier(self.customer, 0)
        self._late_order()
        self._run(0)
        self._run(30)
        rows = self.env["order.trace.alert"]
        self.assertFalse(rows._get_mail_rows(self.customer)[0]["is_earliest"])
        self.assertNotIn("not before", self._activities().note)
        self._run(21 * 24 * 60)
        self.assertIn("→ not before 03/23/2026", self._activities().note)
        self.assertTrue(rows._get_mail_rows(self.customer)[0]["is_earliest"])
        composer = self.env["mail.compose.message"].create(
            {
                "model": "res.partner",
                "res_ids": str(self.customer.ids),
                "template_id": self._activities().activity_type_id.mail_template_ids.id,
                "composition_mode": "comment",
            }
        )
        self.assertIn("not before", composer.body)
        self.assertNotIn("now expected", composer.body)

    def test_queries_do_not_grow_with_the_lines(self):
        self._set_tier(self.customer, 0)
        others = self.env["res.partner"].create({"name": "Cleo"})
        counts = []
        for lines in (2, 2, 10):
            for partner in (self.customer, others):
                self._order(
                    *[(self.blade, 1)] * lines,
                    user_id=self.ann.id,
                    partner_id=partner.id,
                )
            purchases = self.env["purchase.order"].search(
                [("partner_id", "=", self.vendor.id), ("state", "=", "draft")]
            )
            purchases.order_line.date_planned = ARRIVAL
            purchases.button_confirm()
            self._run(0)
            self.env["mail.activity"].search([]).unlink()
            self.env["order.trace.alert"].search([]).told_day = False
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._run(30)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.env["sale.order"].search([("state", "=", "sale")]).state = "draft"
            self.env["order.trace.alert"].search([]).unlink()
        self.assertEqual(counts[1], counts[2], "the first run warms up")
