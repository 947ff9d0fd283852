from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged

from .order_trace_common import ARRIVAL, NOW, OrderTraceCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestOrderTraceJourney(OrderTraceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep = new_test_user(cls.env, "rep", "sales_team.group_sale_salesman")
        cls.boss = new_test_user(
            cls.env,
            "boss",
            "sales_team.group_sale_manager,purchase.group_purchase_user,"
            "mrp.group_mrp_user,stock.group_stock_user",
        )
        cls.order = cls._order((cls.fan, 2), user_id=cls.rep.id)

    def _journey(self, user, order=None):
        trace = self.env["order.trace"].with_user(user)
        return trace.get_journey((order or self.order).id)

    def test_a_line_leads_to_productions_purchases_and_deliveries(self):
        purchase = self._buy(self.order)
        line = self._journey(self.boss)["lines"][0]
        self.assertEqual(line["product"], "Fan")
        self.assertEqual((line["quantity"], line["progress"]), ("2", 0))
        self.assertEqual(line["state_name"], "Waiting for Material")
        self.assertEqual(str(line["promised"]), "2026-03-12")
        self.assertEqual(str(line["expected_date"]), "2026-03-20")
        self.assertIn(f"{purchase.name} from Foshan Motor", line["sentence"])
        self.assertEqual(
            [node["title"] for node in line["productions"]], ["2 × Fan", "2 × Motor"]
        )
        self.assertEqual(
            {node["title"] for node in line["purchases"]}, {"4 × Blade", "6 × Coil"}
        )
        node = line["purchases"][0]
        self.assertEqual(
            (node["model"], node["id"], node["partner"], str(node["date"])),
            ("purchase.order", purchase.id, "Foshan Motor", "2026-03-20"),
        )
        self.assertEqual(
            [node["id"] for node in line["deliveries"]], self.order.picking_ids.ids
        )

    def test_what_the_customer_asked_for_stands_beside_the_promise(self):
        self.assertFalse(self._journey(self.rep)["lines"][0]["requested"])
        self.order.order_line.with_user(self.rep).customer_requested_date = "2026-03-09"
        line = self._journey(self.rep)["lines"][0]
        self.assertEqual(
            (str(line["requested"]), str(line["promised"])),
            ("2026-03-09", "2026-03-12"),
        )

    def test_a_salesperson_sees_states_and_dates_but_no_purchase(self):
        purchase = self._buy(self.order)
        journey = self._journey(self.rep)
        for node in journey["lines"][0]["purchases"]:
            self.assertEqual(
                (node["model"], node["id"], node["name"], node["partner"]),
                (False, False, False, False),
            )
            self.assertEqual(node["state_name"], "On Order")
            self.assertEqual(str(node["date"]), "2026-03-20")
        self.assertNotIn(purchase.name, str(journey))
        self.assertNotIn("Foshan", str(journey))

    def test_an_order_of_somebody_else_has_no_journey(self):
        other = new_test_user(self.env, "other", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self._journey(other)

    def test_a_buyer_has_no_journey(self):
        buyer = new_test_user(self.env, "buyer", "purchase.group_purchase_user")
        with self.assertRaises(AccessError):
            self._journey(buyer)

    def test_a_planner_opens_his_productions(self):
        planner = new_test_user(self.env, "planner", "mrp.group_mrp_user")
        line = self._journey(planner)["lines"][0]
        self.assertEqual(
            [node["id"] for node in line["productions"]],
            self._productions(self.order).sorted("id").ids,
        )

    def test_a_customer_has_no_journey_of_his_own_order(self):
        ada = new_test_user(self.env, "ada", "base.group_portal")
        order = self._order((self.fan, 1), partner_id=ada.partner_id.id)
        self.assertTrue(order.with_user(ada).has_access("read"))
        with self.assertRaises(AccessError):
            self._journey(ada, order)

    def test_a_user_of_another_company_has_no_journey(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        user = new_test_user(
            self.env,
            "elsewhere",
            "sales_team.group_sale_manager",
            company_id=company.id,
            company_ids=company.ids,
        )
        with self.assertRaises(AccessError):
            self._journey(user)

    def test_what_is_late_and_what_is_done_is_said(self):
        purchase = self._buy(self.order)
        with freeze_time("2026-03-25 08:00:00"):
            line = self._journey(self.boss)["lines"][0]
            self.assertTrue(all(node["is_late"] for node in line["purchases"]))
        self._receive(purchase)
        line = self._journey(self.boss)["lines"][0]
        self.assertTrue(all(node["is_done"] for node in line["purchases"]))
        self.assertFalse(any(node["is_late"] for node in line["purchases"]))

    def test_a_purchase_is_ordered_then_received(self):
        def say():
            (line,) = self._journey(self.rep)["lines"]
            return {node["state_name"] for node in line["purchases"]}

        self.assertEqual(say(), {"RFQ"})
        purchase = self._buy(self.order)
        self.assertEqual(say(), {"On Order"})
        self._receive(purchase)
        self.assertEqual(say(), {"Received"})

    def test_the_text_for_the_customer_speaks_his_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        self.fan.with_context(lang="fr_FR").name = "Ventilateur"
        self._buy(self.order)
        text = self._journey(self.rep)["customer_text"]
        self.assertIn("Ventilateur: ", text)
        self.assertIn("20 mars", text)
        self.assertNotIn("Foshan", text)

    def test_a_quotation_and_an_empty_order_have_a_journey(self):
        order = self._order((self.fan, 1), confirm=False)
        line = self._journey(self.boss, order)["lines"][0]
        self.assertEqual((line["productions"], line["deliveries"]), ([], []))
        self.assertEqual(self._journey(self.boss, self._order())["lines"], [])

    def _sentence(self, user, order):
        return self.env["order.trace"].with_user(user).get_order_sentence(order.id)

    def test_an_order_waits_for_what_makes_it_latest(self):
        order = self._order((self.blade, 1), (self.fan, 2))
        purchase = self._buy(order)
        late = purchase.order_line.filtered(lambda line: line.product_id == self.coil)
        late.date_planned = ARRIVAL + timedelta(days=9)
        waits = self._sentence(self.boss, order)
        self.assertIn(f"Waits for 6 Coil, {purchase.name}", waits["sentence"])
        self.assertIn("promised 29 March", waits["sentence"])
        self.assertEqual(
            (waits["res_model"], waits["res_id"], waits["others"]),
            ("purchase.order", purchase.id, 1),
        )

    def test_a_salesperson_reads_it_without_number_and_vendor(self):
        self._buy(self.order)
        waits = self._sentence(self.rep, self.order)
        self.assertIn(", promised 20 March", waits["sentence"])
        self.assertNotIn("Foshan", waits["sentence"])
        self.assertEqual((waits["res_model"], waits["res_id"]), (False, False))

    def test_an_order_that_waits_for_nothing_has_no_sentence(self):
        self._stock(self.blade, 10)
        self.blade.route_ids = False
        order = self._order((self.blade, 1))
        order.picking_ids.action_assign()
        self.assertFalse(self._sentence(self.boss, order))
        self.assertFalse(self._sentence(self.boss, self._order()))

    def test_what_a_strangers_order_waits_for_is_not_told(self):
        other = new_test_user(self.env, "other", "sales_team.group_sale_salesman")
        ada = new_test_user(self.env, "ada", "base.group_portal")
        order = self._order((self.fan, 1), partner_id=ada.partner_id.id)
        for user in (other, ada):
            with self.assertRaises(AccessError):
                self._sentence(user, order)

    def test_statements_do_not_grow_with_the_lines(self):
        small = self._order((self.fan, 1), (self.motor, 1))
        big = self._order(*[(self.fan, 1), (self.motor, 1)] * 5)
        self.env.flush_all()
        counts = []
        for order in (small, small, big):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._journey(self.boss, order)
            self._sentence(self.boss, order)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
