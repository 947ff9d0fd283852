from ast import literal_eval
from datetime import datetime, timedelta

from freezegun import freeze_time
from lxml import etree

from odoo.fields import Command
from odoo.tests import tagged

from .common_visit import NOON, VisitCase


@tagged("post_install", "-at_install")
@freeze_time(NOON)
class TestCrmVisitBrief(VisitCase):
    """What to know before seeing a customer; each line of it."""

    def _texts(self, *args, **kwargs):
        lines = self._section(*args, **kwargs)
        return lines and [line["text"] for line in lines]

    def _invoice_product(self, product, amount, day):
        return self._invoice(
            self.customer, amount, day, line={"product_id": product.id}
        )

    def test_open_orders_say_when_they_are_expected(self):
        late = self._order(self.customer, "2026-02-01", commitment_date="2026-03-30")
        soon = self._order(self.customer, "2026-03-01", commitment_date="2026-04-20")
        (late | soon).delivery_status = "pending"
        lines = self._section("orders")
        self.assertEqual([line["text"] for line in lines], [late.name, soon.name])
        self.assertEqual([line["alarm"] for line in lines], [True, False])
        self.assertIn("promised 03/30/2026, now expected 03/31/2026", lines[0]["note"])
        self.assertIn("expected 04/20/2026", lines[1]["note"])

    def test_a_delivered_order_is_not_open(self):
        self._deliver(self.customer, done=datetime(2026, 3, 20, 9))
        self.assertEqual(self._section("orders"), [])

    def test_deliveries_late_since_the_last_visit(self):
        self._visit(date=datetime(2026, 3, 1, 9))
        self._deliver(self.customer, datetime(2026, 2, 10, 9), datetime(2026, 2, 20, 9))
        since = self._deliver(
            self.customer, datetime(2026, 3, 10, 9), datetime(2026, 3, 14, 9)
        )
        self._deliver(
            self.customer, datetime(2026, 3, 20, 9), datetime(2026, 3, 20, 12)
        )
        lines = self._section("late_deliveries")
        self.assertEqual([line["text"] for line in lines], [since.name])
        self.assertEqual(lines[0]["note"], "4 days late")

    def test_overdue_invoices_and_their_days(self):
        old = self._invoice(self.customer, 500, self.today - timedelta(days=10))
        self._invoice(self.customer, 700, self.today)
        old.invoice_date_due = self.today - timedelta(days=10)
        lines = self._section("overdue")
        self.assertEqual([line["text"] for line in lines], [old.name])
        self.assertEqual(lines[0]["note"], "10 days overdue")
        self.assertIn("500", lines[0]["value"])

    def test_a_product_is_dropped_by_the_customers_own_rhythm(self):
        for day in ("2025-09-01", "2025-10-01", "2025-11-01"):
            self._order(self.customer, day)
        lines = self._section("dropped")
        self.assertEqual([line["text"] for line in lines], ["Ceiling fan"])
        self.assertEqual(lines[0]["note"], "used to buy every 30 days")
        self._order(self.customer, "2026-02-15")
        self.assertEqual(self._section("dropped"), [])

    def test_a_review_adds_24_months_by_product_and_what_was_lost(self):
        lost = self.env["product.product"].create({"name": "Old fan"})
        self._invoice_product(self.product, 300, self.today)
        self._invoice_product(self.product, 200, self.today - timedelta(days=400))
        self._invoice_product(lost, 900, self.today - timedelta(days=400))
        self._invoice_product(lost, 999, self.today - timedelta(days=800))
        self.assertIsNone(self._section("review", visit=self._visit()))
        review = self._visit(state="planned", visit_type="review")
        lines = self._section("review", visit=review)
        self.assertEqual([line["text"] for line in lines], ["Ceiling fan", "Old fan"])
        self.assertIn("300", lines[0]["value"])
        self.assertIn("200", lines[0]["note"])
        lost_lines = self._section("lost", visit=review)
        self.assertEqual([line["text"] for line in lost_lines], ["Old fan"])
        self.assertIn("900", lost_lines[0]["value"])

    def test_wishes_stay_until_the_customer_has_the_answer(self):
        note = self._note("feedback", "A quieter fan", product_id=self.product.id)
        note.action_open_feedback()
        self.assertEqual(self._texts("feedback"), ["A quieter fan"])
        self.assertEqual(self._section("feedback", self.other), [])
        note.feedback_id.write({"state": "done", "answer": "From May"})
        note.feedback_id.action_answer()
        self.assertEqual(self._section("feedback"), [])

    def test_competitor_notes_are_left_out_for_who_may_not_read_them(self):
        rival = self.env["crm.competitor"].create({"name": "Cheap Fans"})
        note = self._note("competitor", competitor_id=rival.id, amount=40)
        note.action_open_competitor_note()
        self.assertEqual(self._texts("competitors"), ["Cheap Fans"])
        visits = self.env["crm.visit"].with_user(self.rep2)
        brief = visits.get_overview(self.customer.id)
        lines = [s["lines"] for s in brief["sections"] if s["code"] == "competitors"]
        self.assertEqual(lines, [[]])

    def test_balances_are_for_who_may_read_them(self):
        self._invoice(self.customer, 500)
        self.customer.supplier_rank = 1
        accountant = self._create_user(
            "visit_accountant",
            "sales_team.group_sale_salesman_all_leads,account.group_account_invoice",
        )
        visits = self.env["crm.visit"]
        overview = visits.with_user(accountant).get_overview(self.customer.id)
        self.assertEqual(
            [balance["label"] for balance in overview["balances"]],
            ["Owes us", "We owe"],
        )
        self.assertIn("500", overview["balances"][0]["value"])
        self.assertIn("Supplier", overview["roles"])
        self.assertFalse(
            visits.with_user(self.rep).get_overview(self.customer.id)["balances"]
        )

    def test_people_are_listed_with_the_part_they_play(self):
        pays = self.env["res.partner"].create({"name": "Mona"})
        self._visit(
            contact_ids=[
                Command.create({"partner_id": pays.id, "role": "pays"}),
                Command.create({"partner_id": self.buyer.id, "role": "decides"}),
            ]
        )
        people = self.env["crm.visit"].get_overview(self.customer.id)["people"]
        self.assertEqual(
            [(p["name"], p["label"]) for p in people],
            [("Hassan", "Decides"), ("Mona", "Pays")],
        )

    def test_employees_without_sales_rights_get_no_overview(self):
        employee = self._create_user("visit_employee", "base.group_user")
        visits = self.env["crm.visit"].with_user(employee)
        self.assertIs(visits.get_overview(self.customer.id), False)

    def test_a_deleted_customer_has_no_overview(self):
        gone = self.env["res.partner"].create({"name": "Gone"})
        gone.unlink()
        self.assertIs(self.env["crm.visit"].get_overview(gone.id), False)

    def test_the_print_says_how_well_we_know_the_customer(self):
        visit = self._visit()
        report = self.env["ir.actions.report"]
        html, _type = report._render_qweb_html(
            "crm_manufacturing.crm_visit_brief_document", visit.ids
        )
        text = " ".join(html.decode().split())
        self.assertIn("</strong> touches in 12 months", text)
        self.assertIn(self.rep.name, text)
        self.assertIn("Decision maker not met", text)

    def test_the_brief_prints(self):
        self._order(self.customer, "2026-03-01").delivery_status = "pending"
        visit = self._visit(state="planned", purpose="Season order")
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "crm_manufacturing.crm_visit_brief_document", visit.ids
        )
        for words in ("Gulf Breeze", "Season order", "Open Orders"):
            self.assertIn(words, html.decode())

    def test_a_brief_of_many_lines_needs_the_queries_of_a_few(self):
        review = self._visit(state="planned", visit_type="review")
        few = self._count_queries(review, 10)
        many = self._count_queries(review, 200)
        self.assertEqual(few, many)

    def _count_queries(self, review, size):
        """Queries of the brief of a customer with ``size`` of everything."""
        have = self.env["sale.order"].search_count(
            [("partner_id", "=", self.customer.id)]
        )
        names = [f"Fan {number}" for number in range(have, size)]
        self._order_products(names)
        self._note_wishes(names)
        self._note_competitors_and_potentials(names)
        self.env.flush_all()
        review.get_brief()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        brief = review.get_brief()
        count = self.env.cr.sql_log_count - before
        shown = {s["code"]: len(s["lines"]) + s["more"] for s in brief["sections"]}
        for code in ("orders", "feedback", "potential"):
            self.assertEqual(shown[code], size)
        return count

    def _order_products(self, names):
        products = self.env["product.product"].create([{"name": n} for n in names])
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": self.customer.id,
                    "order_line": [Command.create({"product_id": product.id})],
                }
                for product in products
            ]
        )
        orders.write({"state": "sale", "delivery_status": "pending"})

    def _note_wishes(self, names):
        wishes = self.env["crm.visit.feedback"].create([{"name": n} for n in names])
        self._visit(
            note_ids=[
                Command.create(
                    {"topic": "feedback", "text": wish.name, "feedback_id": wish.id}
                )
                for wish in wishes
            ]
        )

    def _note_competitors_and_potentials(self, names):
        rival = self.env["crm.competitor"].create({"name": f"Rival {names[0]}"})
        self.env["crm.competitor.note"].create(
            [
                {"competitor_id": rival.id, "partner_id": self.customer.id}
                for _name in names
            ]
        )
        categories = self.env["product.category"].create([{"name": n} for n in names])
        self.env["partner.potential"].create(
            [
                {"partner_id": self.customer.id, "value": 1, "category_id": category.id}
                for category in categories
            ]
        )


@tagged("post_install", "-at_install")
@freeze_time(NOON)
class TestCrmVisitRelationship(VisitCase):
    """How well we know a customer."""

    def _figures(self, partner):
        return self.env["crm.visit"]._get_relationships(partner)[partner.id]

    def test_touches_of_twelve_months_by_person(self):
        self._visit()
        self._visit(date=datetime(2026, 3, 30, 9))
        self._visit(self.buyer, date=datetime(2026, 3, 30, 12))
        self._visit(user_id=self.rep2.id)
        self._visit(outcome="not_reached")
        self._visit(state="planned", outcome=False)
        self._visit(date=datetime(2025, 3, 31, 12))
        self._visit(date=datetime(2025, 4, 1, 12))
        figures = self._figures(self.customer)
        self.assertEqual(figures["touches"], 4)
        self.assertEqual(
            figures["shares"],
            [
                {"name": self.rep.name, "percent": 75},
                {"name": self.rep2.name, "percent": 25},
            ],
        )
        self.assertEqual(self.customer.touch_count, 4)
        self.assertEqual(self.buyer.touch_count, 4)

    def test_the_decision_maker_was_met_or_not(self):
        self._visit()
        self.assertFalse(self._figures(self.customer)["met_decider"])
        met = {"partner_id": self.buyer.id, "role": "decides"}
        self._visit(contact_ids=[Command.create(met)])
        self.assertTrue(self._figures(self.customer)["met_decider"])
        self.assertTrue(self.customer.decider_met)

    def test_a_key_customer_one_person_risk_of_us_is_flagged(self):
        self._invoice(self.customer, 850)
        self._invoice(self.other, 10)
        small = self._create_customer("Small")
        self._invoice(small, 1)
        self._run()
        self.assertEqual(self.customer.customer_tier_id.code, "A")
        flagged = self.env["res.partner"].search([("one_person_risk", "=", True)])
        self.assertIn(self.customer, flagged)
        self.assertNotIn(small, flagged)
        self.assertTrue(self.customer.one_person_risk)
        # the filter names customers, not all their people
        arch = self.env["res.partner"].get_view(None, "search")["arch"]
        view = etree.fromstring(arch)
        (node,) = view.iterfind(".//filter[@name='one_person_risk']")
        listed = self.env["res.partner"].search(literal_eval(node.get("domain")))
        self.assertIn(self.customer, listed)
        self.assertNotIn(self.buyer, listed)
        self._visit()
        self.assertTrue(self._figures(self.customer)["one_colleague"])
        self._visit(user_id=self.rep2.id)
        self.assertFalse(self._figures(self.customer)["one_colleague"])
        self.assertTrue(self._figures(self.customer)["no_deputy"])
        self.assertTrue(self.customer.one_person_risk)
        self.customer.deputy_user_id = self.rep2
        flagged = self.env["res.partner"].search([("one_person_risk", "=", True)])
        self.assertNotIn(self.customer, flagged)

    def test_figures_of_many_customers_take_the_queries_of_few(self):
        partners = self.env["res.partner"].create(
            [{"name": f"C{n}", "is_company": True} for n in range(200)]
        )
        partners[:1].mapped("touch_count")  # what is read once in a process
        counts = []
        for some in (partners[:10], partners):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.mapped("touch_count")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
