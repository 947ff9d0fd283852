from datetime import timedelta

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval
from odoo.tools.view_validation import get_expression_field_names

from .order_trace_common import ARRIVAL, NOW
from .test_order_trace_alert import OrderTraceAlertCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestOrderTraceScreen(OrderTraceAlertCase):
    """Lists, filters, buttons: what people see of the trace."""

    def _find(self, *domain, user=None):
        lines = self.env["sale.order.line"].with_user(user or self.env.user)
        return lines.search(list(domain))

    def test_an_order_promised_soon_that_waits_is_at_risk(self):
        soon = self._order((self.blade, 1), commitment_date=NOW + timedelta(days=7))
        later = self._order((self.blade, 1), commitment_date=NOW + timedelta(days=9))
        passed = self._order((self.blade, 1), commitment_date=NOW - timedelta(days=3))
        at_risk = self._find(("trace_at_risk", "=", True))
        self.assertEqual(at_risk, (soon | passed).order_line)
        self.company.order_risk_days = 10
        self.assertIn(later.order_line, self._find(("trace_at_risk", "=", True)))
        self.assertTrue(later.order_line.trace_at_risk)

    def test_an_unknown_timezone_is_utc(self):
        order = self._order((self.fan, 2))
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET tz = 'Mars/Olympus'")
        self.env.invalidate_all()
        self.assertTrue(order.order_line.trace_state)
        self.assertTrue(self.env["order.trace"].get_journey(order.id)["lines"])

    def test_what_does_not_wait_is_not_at_risk(self):
        self._stock(self.blade, 10)
        self.blade.route_ids = False
        order = self._order((self.blade, 1), commitment_date=NOW + timedelta(days=1))
        order.picking_ids.action_assign()
        self.assertFalse(self._find(("trace_at_risk", "=", True)))
        self.assertFalse(order.order_line.trace_at_risk)

    def test_a_line_with_all_its_parts_waits_for_its_own_production(self):
        order = self._order((self.fan, 2), commitment_date=NOW - timedelta(days=1))
        self._buy(order)
        self._receive(self._purchase(order))
        self._produce(self._productions(order, self.motor))
        production = self._productions(order, self.fan)
        line = order.order_line
        self.assertIn(line, self._find(("trace_at_risk", "=", True)))
        waits = (
            f"Waits for its production to %s, {production.name}, planned for 1 March"
        )
        self.assertEqual(line.trace_sentence, waits % "begin")
        production.qty_producing = 1
        self.env.invalidate_all()
        self.assertEqual(line.trace_sentence, waits % "end")
        nobody = new_test_user(self.env, login="no_maker", groups="base.group_user")
        sentences = self.env["order.trace"].with_user(nobody)._line_sentences(line)
        self.assertEqual(
            sentences[line.id], "Waits for its production to end, planned for 1 March"
        )

    def test_the_rest_of_a_line_that_lies_ready_waits_for_its_shipment(self):
        self._stock(self.blade, 10)
        self.blade.route_ids = False
        order = self._order((self.blade, 10), commitment_date=NOW - timedelta(days=1))
        order.picking_ids.action_assign()
        self._ship(order, 6)
        line = order.order_line
        self.assertEqual(line.trace_state, "partially_shipped")
        self.assertIn(line, self._find(("trace_at_risk", "=", True)))
        rest = order.picking_ids.filtered(lambda picking: picking.state != "done")
        rest.move_ids.date = NOW + timedelta(days=1)
        waits = "Waits for the shipment of 4, planned for 3 March"
        for reserve in (rest.do_unreserve, rest.action_assign):
            reserve()
            self.env.invalidate_all()
            self.assertEqual(line.trace_sentence, waits)
        rest.action_cancel()
        self.env.invalidate_all()
        self.assertIn("nothing is planned", line.trace_sentence)

    def test_goods_that_lie_free_wait_for_their_shipment(self):
        self.blade.route_ids = False
        order = self._order((self.blade, 3), commitment_date=NOW - timedelta(days=1))
        self._stock(self.blade, 10)
        self.env.invalidate_all()
        line = order.order_line
        self.assertIn(line, self._find(("trace_at_risk", "=", True)))
        self.assertIn("Waits for the shipment of 3, planned for", line.trace_sentence)
        self._ship(order.picking_ids.action_assign() and order)
        self.env.invalidate_all()
        self.assertFalse(line.trace_sentence)

    def test_the_best_tier_comes_first_then_the_earliest_promise(self):
        good, bad = self.env["res.partner"].create([{"name": "A"}, {"name": "D"}])
        self._set_tier(good, 0)
        self._set_tier(bad, 2)
        orders = [
            self._order(
                (self.blade, 1),
                partner_id=partner.id,
                commitment_date=NOW + timedelta(days=days),
            )
            for partner, days in ((bad, 1), (good, 5), (good, 2))
        ]
        arch_order = "customer_tier_id, promised_date, id"
        lines = self.env["sale.order.line"].search(
            [("trace_at_risk", "=", True)], order=arch_order
        )
        self.assertEqual(
            lines.order_id, orders[2] | orders[1] | orders[0], "in this order"
        )
        self.assertEqual(lines.ids, [o.order_line.id for o in reversed(orders)])

    def test_the_menu_shows_a_salesperson_his_own_first(self):
        self._order(
            (self.blade, 1),
            user_id=self.ann.id,
            commitment_date=NOW + timedelta(days=1),
        )
        lines = self.env["sale.order.line"]
        action = lines.with_user(self.ann).action_orders_at_risk()
        self.assertTrue(action["context"]["search_default_mine"])
        boss = new_test_user(self.env, "boss", "sales_team.group_sale_manager")
        action = lines.with_user(boss).action_orders_at_risk()
        self.assertFalse(action["context"]["search_default_mine"])

    def test_a_salesperson_sees_his_own_orders_at_risk_only(self):
        day = NOW + timedelta(days=1)
        own = self._order((self.blade, 1), user_id=self.ann.id, commitment_date=day)
        self._order((self.blade, 1), user_id=self.bob.id, commitment_date=day)
        self.assertEqual(
            self._find(("trace_at_risk", "=", True), user=self.ann), own.order_line
        )

    def test_another_company_sees_none(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        user = new_test_user(
            self.env,
            "elsewhere",
            "sales_team.group_sale_manager",
            company_id=company.id,
            company_ids=company.ids,
        )
        self._order((self.blade, 1), commitment_date=NOW + timedelta(days=1))
        self.assertFalse(self._find(("trace_at_risk", "=", True), user=user))

    def test_late_and_not_told_ends_when_told_and_begins_with_the_next_slip(self):
        order = self._late_order()
        line, not_told = order.order_line, ("customer_to_inform", "=", True)
        self.assertEqual(self._find(not_told), line)
        self.assertTrue(order.customer_to_inform)
        order.with_user(self.ann).action_customer_informed()
        self.assertFalse(self._find(not_told))
        self.assertEqual(line.customer_informed_on, NOW)
        self.assertEqual(str(line.customer_informed_date), "2026-03-20")
        self._move(order, ARRIVAL + timedelta(days=3))
        self.env.invalidate_all()
        self.assertEqual(self._find(not_told), line)
        self.assertEqual(
            self.env["sale.order"].search([not_told, ("id", "=", order.id)]), order
        )

    def test_an_accepted_date_is_accepted_until_it_slips(self):
        order = self._late_order()
        order.with_user(self.ann).action_new_date_accepted()
        self.assertTrue(order.order_line.new_date_accepted)
        self.assertFalse(order.customer_to_inform)
        self._move(order, ARRIVAL + timedelta(days=3))
        order.with_user(self.ann).action_customer_informed()
        self.assertFalse(order.order_line.new_date_accepted)

    def test_what_is_on_time_is_not_to_be_told(self):
        order = self._order((self.blade, 2))
        self._buy(order, NOW + timedelta(days=2))
        self.assertFalse(order.customer_to_inform)
        order.action_customer_informed()
        self.assertFalse(order.order_line.customer_informed_on)

    def test_a_copied_order_starts_untold(self):
        order = self._late_order()
        order.action_new_date_accepted()
        copy = order.copy().order_line
        self.assertFalse(copy.customer_informed_on or copy.customer_informed_date)
        self.assertFalse(copy.new_date_accepted)

    def test_orders_are_filtered_by_state_and_lateness(self):
        late, early = self._late_order(), self._order((self.blade, 1))
        self._buy(early, NOW + timedelta(days=2))
        orders = self.env["sale.order"]
        self.assertEqual(orders.search([("trace_late_days", ">", 0)]), late)
        days = late.trace_late_days
        for operator, value, found in (
            ("=", days, late),
            ("<", days, early),
            ("!=", days, early),
            ("=", False, early),
            ("in", [0, days], late | early),
        ):
            for records in (late | early, (late | early).order_line):
                domain = [("id", "in", records.ids)]
                domain.append(("trace_late_days", operator, value))
                hits = records.search(domain)
                owners = hits if records == late | early else hits.order_id
                self.assertEqual(owners, found, (operator, value, records))
        self.assertEqual(
            orders.search([("trace_state", "=", "waiting_material")]), late | early
        )
        self.assertFalse(orders.search([("trace_state", "=", "finished")]))

    def test_what_was_delivered_late_will_not_be_late(self):
        order, orders = self._late_order(), self.env["sale.order"]
        arch = orders.get_view(view_type="search")["arch"]
        condition = etree.fromstring(arch).find(".//filter[@name='trace_late']")
        domain = safe_eval(condition.get("domain"))
        self.assertEqual(orders.search(domain), order)
        with freeze_time(ARRIVAL):
            self._receive(self._purchase(order))
            self._ship(order)
            self.env.flush_all()
            self.assertEqual(order.trace_state, "delivered")
            self.assertTrue(order.trace_late_days)
            self.assertFalse(orders.search(domain))

    def test_lists_of_lines_and_orders_cost_the_same_for_few_and_many(self):
        orders = self.env["sale.order"]
        for _number in range(10):
            orders |= self._order((self.blade, 1), (self.fan, 1))
        names = ["trace_state", "trace_late_days", "customer_to_inform"]
        for records, fields in (
            (orders, names),
            (orders.order_line, [*names, "trace_sentence", "trace_expected_date"]),
        ):
            counts = []
            for some in (records.ids[:3], records.ids[:3], records.ids):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                records.browse(some).read(fields)
                counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(counts[1], counts[2], records._name)

    def test_the_order_form_opens_for_those_who_read_orders(self):
        order = self._late_order()
        with Form(order.with_user(self.ann)) as form:
            self.assertEqual(form.trace_state, "waiting_material")

    def _lists(self):
        """The list of orders, and that of lines in the form, as a salesperson has
        them."""
        orders = self.env["sale.order"].with_user(self.ann)
        form = etree.fromstring(orders.get_view(view_type="form")["arch"])
        yield etree.fromstring(orders.get_view(view_type="list")["arch"])
        yield form.find(".//field[@name='order_line']/list")

    def test_state_and_sentence_are_read_in_full_in_lists(self):
        orders, lines = self._lists()
        for columns in (orders, lines):
            self.assertTrue(columns.find("field[@name='trace_state']").get("width"))
        sentence = lines.find("field[@name='trace_sentence']")
        self.assertTrue(sentence.get("width"))
        self.assertIn("text-wrap", sentence.get("class"))

    def test_a_column_hangs_on_none_that_may_not_be_read(self):
        for columns in self._lists():
            late = {
                column.get("name")
                for column in columns.findall("field")
                if "load_when_shown" in column.get("options", "")
            }
            self.assertIn("trace_state", late)
            for column in columns.findall("field"):
                names = get_expression_field_names(column.get("invisible", "False"))
                self.assertFalse(names & late, column.get("name"))

    def test_a_row_opens_its_order(self):
        line = self._late_order().order_line
        action = line.with_user(self.ann).action_open_order()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("sale.order", line.order_id.id)
        )


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestOrderTraceAffectedScreen(OrderTraceAlertCase):
    """Whom a late part hurts, as told to buyers and planners."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = new_test_user(cls.env, "buyer", "purchase.group_purchase_user")
        cls.planner = new_test_user(cls.env, "planner", "mrp.group_mrp_user")
        cls.good = cls.env["res.partner"].create({"name": "Good"})
        cls.order = cls._order((cls.fan, 1), user_id=cls.ann.id)

    def _rows(self, record):
        action = record.action_affected_customers()
        return record.env[action["res_model"]].search(action["domain"])

    def test_a_buyer_sees_customers_orders_state_and_dates(self):
        purchase = self._buy(self.order)
        row = self._rows(purchase.with_user(self.buyer))
        self.assertEqual(
            row.read(["order_partner_id", "order_id", "trace_state", "late_days"])[0],
            {
                "id": row.id,
                "order_partner_id": (self.customer.id, "Ada"),
                "order_id": (self.order.id, self.order.name),
                "trace_state": "waiting_material",
                "late_days": 8,
            },
        )
        self.assertEqual(str(row.expected_date), "2026-03-20")
        with self.assertRaises(AccessError):
            row.action_open_order()

    def test_the_count_is_of_customers_with_the_best_tier(self):
        self._set_tier(self.customer, 2)
        self._set_tier(self.good, 0)
        self.vendor.group_rfq = "all"
        orders = self._order((self.fan, 1))
        orders |= self._order((self.fan, 1), partner_id=self.good.id)
        purchase = self._purchase(orders[1]).with_user(self.buyer)
        self.assertEqual(purchase.affected_customer_count, 2)
        bands = self.company.pyramid_scorecard_id.band_ids.sorted("threshold")
        self.assertEqual(purchase.affected_tier_id, bands[0])
        self.assertEqual(
            self._rows(purchase).mapped("order_partner_id.name"), ["Good", "Ada"]
        )

    def test_a_component_leads_to_who_waits_for_it(self):
        self._buy(self.order)
        for product in (self.coil, self.coil.product_tmpl_id):
            rows = self._rows(product.with_user(self.planner))
            self.assertEqual(rows.order_id.ids, self.order.ids)
        self.assertFalse(self._rows(self._product("Idle").with_user(self.planner)))

    def test_a_production_leads_to_its_customers(self):
        production = self._productions(self.order, self.motor)
        self.assertEqual(
            self._rows(production.with_user(self.planner)).order_id.ids, self.order.ids
        )

    def test_who_may_not_read_the_document_learns_nothing(self):
        purchase = self._buy(self.order)
        with self.assertRaises(AccessError):
            purchase.with_user(self.ann).action_affected_customers()

    def test_who_neither_sells_nor_makes_nor_buys_learns_nothing_of_a_product(self):
        self._buy(self.order)
        clerk = new_test_user(self.env, "clerk", "base.group_user")
        for product in (self.coil, self.coil.product_tmpl_id):
            with self.assertRaises(AccessError):
                product.with_user(clerk).action_affected_customers()

    def test_nobody_makes_rows_to_read_the_name_of_an_order(self):
        rows = self.env["order.trace.affected"].with_user(self.planner)
        with self.assertRaises(AccessError):
            rows.create({"order_id": self.order.id})

    def test_rows_are_seen_by_who_asked_alone(self):
        rows = self._rows(self._buy(self.order).with_user(self.buyer))
        other = new_test_user(self.env, "buyer2", "purchase.group_purchase_user")
        self.assertFalse(rows.with_user(other).search([("id", "in", rows.ids)]))
