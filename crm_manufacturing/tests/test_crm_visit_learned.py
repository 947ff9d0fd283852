from datetime import datetime

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..tools.grade import parse_grade
from .common_visit import NOON, VisitCase


@tagged("post_install", "-at_install")
@freeze_time(NOON)
class TestCrmVisitFeedback(VisitCase):
    """Wishes weigh what those who ask buy, and each of them gets the answer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wish = cls.env["crm.visit.feedback"].create({"name": "Quieter fan"})

    def _ask(self, partner, wish=None, **values):
        return self._note(
            "feedback",
            visit=self._visit(partner, **values),
            feedback_id=(wish or self.wish).id,
        )

    def test_a_note_becomes_a_wish_once(self):
        note = self._note("feedback", "Quieter\nsaid twice", product_id=self.product.id)
        wish = self.env["crm.visit.feedback"].browse(
            note.action_open_feedback()["res_id"]
        )
        self.assertEqual((wish.name, wish.product_id), ("Quieter", self.product))
        self.assertEqual(note.action_open_feedback()["res_id"], wish.id)

    def test_a_note_joins_no_wish_of_another_company(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        wish = self.wish.copy({"company_id": elsewhere.id, "owner_id": False})
        with self.assert_refused("company inconsistencies"):
            self._ask(self.customer, wish)

    def test_the_same_words_are_the_same_wish_as_long_as_it_is_open(self):
        def open_wish(text, **values):
            note = self._note("feedback", text, **values)
            note.action_open_feedback()
            return note.feedback_id

        self.assertEqual(open_wish("quieter FAN"), self.wish)
        self.assertNotEqual(open_wish("quieter_fan"), self.wish)
        self.wish.product_id = self.product
        other = self.env["product.product"].create({"name": "Other fan"})
        self.assertNotEqual(open_wish("Quieter fan", product_id=other.id), self.wish)
        self.wish.state = "refused"
        self.assertNotEqual(open_wish("Quieter fan"), self.wish)

    def test_the_weight_is_the_revenue_of_twelve_months_each_customer_once(self):
        self._invoice(self.customer, 1000)
        self._invoice(self.customer, 200, move_type="out_refund")
        self._invoice(self.customer, 5000, self.today - relativedelta(months=12))
        self._invoice(self.other, 70, self.today - relativedelta(months=11))
        self._ask(self.customer)
        self._ask(self.buyer)
        self.assertEqual((self.wish.asker_count, self.wish.asker_revenue), (1, 800))
        self._ask(self.other)
        self.wish.invalidate_recordset()
        self.assertEqual((self.wish.asker_count, self.wish.asker_revenue), (2, 870))

    def test_nobody_asking_weighs_nothing(self):
        self.assertEqual((self.wish.asker_count, self.wish.asker_revenue), (0, 0))

    def test_the_heaviest_wish_is_listed_first(self):
        heavy = self.env["crm.visit.feedback"].create({"name": "Longer rod"})
        self._invoice(self.customer, 100)
        self._invoice(self.other, 900)
        self._ask(self.customer)
        self._ask(self.other, heavy)
        found = self.env["crm.visit.feedback"].search(
            [("id", "in", (self.wish | heavy).ids)], order="asker_revenue desc, id"
        )
        self.assertEqual(found, heavy | self.wish)

    def test_weights_of_many_wishes_take_one_query(self):
        wishes = self.env["crm.visit.feedback"].create(
            [{"name": f"Wish {n}"} for n in range(200)]
        )
        wishes[:1].mapped("asker_revenue")  # what is read once in a process
        counts = []
        for some in (wishes[:10], wishes):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.mapped("asker_revenue")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_the_category_names_the_owner_from_the_nearest_above(self):
        top = self.env["product.category"].create(
            {"name": "Fans", "feedback_owner_id": self.rep.id}
        )
        below = self.env["product.category"].create(
            {"name": "Ceiling", "parent_id": top.id}
        )
        self.product.categ_id = below
        wish = self.wish.create({"name": "Rod", "product_id": self.product.id})
        self.assertEqual((wish.category_id, wish.owner_id), (below, self.rep))
        below.feedback_owner_id = self.rep2
        other = self.wish.create({"name": "Rod", "category_id": below.id})
        self.assertEqual(other.owner_id, self.rep2)

    def test_the_answer_goes_to_the_salesperson_of_each_who_asked_once(self):
        orphan = self._create_customer("Without Salesperson")
        self._ask(self.customer)
        self._ask(self.customer)
        self._ask(self.other)
        self._ask(orphan, user_id=self.rep_all.id)
        self.wish.write({"state": "done", "answer": "From May on"})
        self.wish.action_answer()
        for partner, teller in (
            (self.customer, self.rep),
            (self.other, self.rep2),
            (orphan, self.rep_all),
        ):
            task = partner.activity_ids
            self.assertEqual((len(task), task.user_id), (1, teller))
            self.assertIn("Quieter fan", task.summary)
            self.assertIn("From May on", task.note)
            self.assertEqual(str(task.date_deadline), "2026-04-01")
        self.assertEqual(self.wish.answered_on, self.today)

    def test_who_tells_the_answer_reads_the_task_in_his_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.rep.lang = "zh_CN"
        self._ask(self.customer)
        self.wish.write({"state": "done", "answer": "From May on"})
        self.wish.action_answer()
        self.assertIn("对期望的答复：", self.customer.activity_ids.summary)

    def test_the_answer_is_told_as_it_was_written(self):
        self._ask(self.customer)
        self.wish.write({"state": "done", "answer": "Blades <b>5</b>\nwide"})
        self.wish.action_answer()
        self.assertIn("&lt;b&gt;5&lt;/b&gt;<br>wide", self.customer.activity_ids.note)
        draft = self.wish.action_write_mail()["context"]["default_body"]
        self.assertIn("&lt;b&gt;5&lt;/b&gt;<br/>wide", draft)

    def test_the_answer_is_not_told_twice_but_to_who_asks_later(self):
        self._ask(self.customer)
        self.wish.write({"state": "refused", "answer": "Too dear"})
        self.wish.action_answer()
        with self.assert_refused("already"):
            self.wish.action_answer()
        self._ask(self.other)
        self.wish.action_answer()
        self.assertEqual(len(self.customer.activity_ids), 1)
        self.assertEqual(len(self.other.activity_ids), 1)
        self.wish.answer = "Next year"
        self.wish.action_answer()
        self.assertEqual(len(self.customer.activity_ids), 2)

    def test_an_answer_needs_a_state_and_words(self):
        self._ask(self.customer)
        self.wish.answer = "Yes"
        with self.assert_refused("State"):
            self.wish.action_answer()
        self.wish.write({"state": "done", "answer": " "})
        with self.assert_refused("Answer"):
            self.wish.action_answer()

    def test_an_owner_in_production_answers_without_reading_visits(self):
        engineer = self._create_user("visit_engineer", "mrp.group_mrp_user")
        self._ask(self.customer)
        wish = self.wish.with_user(engineer)
        wish.write({"state": "done", "answer": "From May on"})
        wish.action_answer()
        self.assertEqual(self.customer.activity_ids.user_id, self.rep)
        self.assertNotIn("note_ids", wish.fields_get())

    def test_the_mail_draft_goes_to_each_customer_alone(self):
        self._ask(self.customer)
        self._ask(self.other, user_id=self.rep2.id)
        self.wish.write({"state": "done", "answer": "From May on"})
        context = self.wish.with_user(self.rep).action_write_mail()["context"]
        self.assertEqual(context["default_res_ids"], self.customer.ids)
        context = self.wish.with_user(self.rep_all).action_write_mail()["context"]
        both = self.customer | self.other
        self.assertCountEqual(context["default_res_ids"], both.ids)
        self.assertEqual(context["default_composition_mode"], "mass_mail")


@tagged("post_install", "-at_install")
@freeze_time(NOON)
class TestCrmVisitNote(VisitCase):
    """What a note can open."""

    def test_a_note_opens_a_lead_with_the_budget(self):
        note = self._note("budget", "Two containers", amount=90000)
        lead = self.env["crm.lead"].browse(note.action_open_lead()["res_id"])
        self.assertEqual((lead.name, lead.expected_revenue), ("Two containers", 90000))
        self.assertEqual((lead.partner_id, lead.user_id), (self.customer, self.rep))
        self.assertEqual(note.action_open_lead()["res_id"], lead.id)

    def test_a_note_opens_an_activity(self):
        note = self._note("complaint", "Box damaged")
        note.action_open_activity()
        note.action_open_activity()
        task = note.visit_id.activity_ids
        self.assertEqual(task.summary, "Box damaged")
        self.assertEqual(str(task.date_deadline), "2026-04-07")

    def test_what_was_said_stays_as_it_was_written(self):
        note = self._note("complaint", "Runs <b>hot</b>\nand loud")
        note.action_open_activity()
        note.action_open_lead()
        for text in (note.activity_id.note, note.lead_id.description):
            self.assertIn("&lt;b&gt;hot&lt;/b&gt;<br>and loud", text)

    def test_a_budget_is_noted_before_the_visit(self):
        visit = self._visit(date="2026-04-20", state="planned", outcome=False)
        note = self._note("budget", visit=visit, amount=900)
        self.assertEqual(note.potential_id.date, self.today)

    def test_a_note_opens_a_competitor_note(self):
        rival = self.env["crm.competitor"].create({"name": "Cheap Fans"})
        note = self._note("price", "40 for the 52 inch", amount=40)
        with self.assert_refused("Competitor"):
            note.action_open_competitor_note()
        note.competitor_id = rival
        note.action_open_competitor_note()
        known = note.competitor_note_id
        self.assertEqual(
            (known.competitor_id, known.partner_id, known.price),
            (rival, self.customer, 40),
        )
        note.action_open_competitor_note()
        self.assertEqual(note.competitor_note_id, known)

    def test_bad_notes_get_a_sentence(self):
        for values, words in (
            ({"text": " "}, "What Was Said"),
            ({"amount": -1}, "Amount"),
            ({"competitor_share": 101}, "Competitors' Share"),
        ):
            with self.assert_refused(words):
                self._note("budget", **{"text": "x", **values})


@tagged("post_install", "-at_install")
@freeze_time(NOON)
class TestPartnerPotential(VisitCase):
    """What a customer could buy in a year, and our share of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        categories = cls.env["product.category"]
        cls.fans = categories.create({"name": "Fans"})
        cls.ceiling = categories.create({"name": "Ceiling", "parent_id": cls.fans.id})
        cls.lamps = categories.create({"name": "Lamps"})
        cls.product.categ_id = cls.ceiling

    def _potential(self, value=1000, **values):
        return self.env["partner.potential"].create(
            {
                "partner_id": self.customer.id,
                "category_id": self.fans.id,
                "year": 2026,
                "value": value,
                **values,
            }
        )

    def _sell(self, amount, day=None, **values):
        line = {"product_id": self.product.id}
        return self._invoice(
            self.customer, amount, day or self.today, line=line, **values
        )

    def test_share_of_wallet_is_ours_of_the_category_and_year(self):
        potential = self._potential()
        self._sell(400)
        self._sell(150, move_type="out_refund")
        self._sell(999, "2025-12-31")
        self._invoice(self.other, 888, line={"product_id": self.product.id})
        self.assertEqual((potential.our_revenue, potential.wallet_share), (250, 25))
        lamps = self._potential(category_id=self.lamps.id)
        self.assertEqual((lamps.our_revenue, lamps.wallet_share), (0, 0))
        everything = self._potential(category_id=False, value=500)
        self.assertEqual(everything.wallet_share, 50)

    def test_a_potential_in_another_currency_is_converted_on_its_date(self):
        currency = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        potential = self._potential(100, currency_id=currency.id)
        self.assertEqual(potential.value_company, 200)

    def test_a_budget_note_fills_the_potential_and_its_correction_too(self):
        note = self._note(
            "budget",
            amount=50000,
            category_id=self.fans.id,
            year=2026,
            competitor_share=60,
        )
        potential = note.potential_id
        self.assertEqual(
            (potential.partner_id, potential.category_id, potential.value),
            (self.customer, self.fans, 50000),
        )
        self.assertEqual((potential.source, potential.competitor_share), ("visit", 60))
        note.amount = 60000
        self.assertEqual((note.potential_id, potential.value), (potential, 60000))
        self.assertFalse(self._note("need", amount=10).potential_id)

    def test_the_newest_statement_holds_and_the_old_one_is_kept(self):
        old = self._potential(date="2026-01-01")
        new = self._potential(2000)
        self.assertEqual((old.active, new.active), (False, True))
        late = self._potential(500, date="2025-12-01")
        self.assertEqual((new.active, late.active), (True, False))
        other_year = self._potential(year=2025)
        self.assertTrue(new.active and other_year.active)

    def test_one_statement_holds_also_after_a_correction(self):
        first = self._potential(date="2026-01-01")
        second = self._potential(2000, year=2027)
        second.year = 2026
        self.assertEqual((first.active, second.active), (False, True))
        first.active = True
        self.assertEqual((first.active, second.active), (False, True))

    def test_a_potential_of_a_person_is_the_customers(self):
        potential = self._potential(partner_id=self.buyer.id)
        self.assertEqual(potential.partner_id, self.customer)

    def test_it_is_stale_after_twelve_months(self):
        fresh = self._potential(date="2025-03-31")
        stale = self._potential(date="2025-03-30", category_id=self.lamps.id)
        self.assertEqual((fresh.is_stale, stale.is_stale), (False, True))
        found = self.env["partner.potential"].search([("is_stale", "=", True)])
        self.assertIn(stale, found)
        self.assertNotIn(fresh, found)

    def test_big_potential_small_share_by_the_companys_limits(self):
        self.company.write({"potential_big_value": 1000, "potential_small_share": 25})
        big = self._potential(1000)
        small = self._potential(999, category_id=self.lamps.id)
        search = self.env["partner.potential"].search
        domain = [("is_opportunity", "=", True), ("id", "in", (big | small).ids)]
        self.assertEqual(search(domain), big)
        self._sell(250)
        self.assertFalse(search(domain))
        big.invalidate_recordset()
        self.assertEqual((big.wallet_share, big.is_opportunity), (25, False))

    def test_bad_figures_get_a_sentence(self):
        for values, words in (
            ({"value": 0}, "Potential per Year"),
            ({"year": 26}, "Year"),
            ({"competitor_share": -1}, "Competitors' Share"),
            ({"date": "2026-04-01"}, "Date"),
        ):
            with self.assert_refused(words):
                self._potential(**values)

    def test_shares_of_many_potentials_take_the_queries_of_few(self):
        partners = self.env["res.partner"].create(
            [{"name": f"C{n}", "is_company": True} for n in range(200)]
        )
        potentials = self.env["partner.potential"].create(
            [{"partner_id": partner.id, "value": 10} for partner in partners]
        )
        counts = []
        for some in (potentials[:10], potentials):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.mapped("wallet_share")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])


@tagged("post_install", "-at_install")
@freeze_time(NOON)
class TestCrmVisitMerge(VisitCase):
    """Merging contacts loses nothing that was learned."""

    def test_everything_moves_to_the_contact_that_stays(self):
        rival = self.env["crm.competitor"].create({"name": "Cheap Fans"})
        visit = self._visit(
            self.other, contact_ids=[Command.create({"partner_id": self.buyer.id})]
        )
        note = self._note("competitor", visit=visit, competitor_id=rival.id, amount=1)
        note.action_open_competitor_note()
        values = {"category_id": False, "year": 2026}
        old, new = self.env["partner.potential"].create(
            [
                {"partner_id": self.other.id, "value": 5, "date": "2026-01-01"}
                | values,
                {"partner_id": self.customer.id, "value": 7} | values,
            ]
        )
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer | self.other).ids, self.customer)
        self.assertEqual(visit.partner_id, self.customer)
        self.assertEqual(visit.commercial_partner_id, self.customer)
        self.assertEqual(note.commercial_partner_id, self.customer)
        self.assertEqual(note.competitor_note_id.partner_id, self.customer)
        self.assertEqual((old.partner_id, old.active), (self.customer, False))
        self.assertTrue(new.active)

    def test_two_persons_merged_were_met_once(self):
        twin = self.env["res.partner"].create(
            {"name": "Hassan A.", "parent_id": self.customer.id}
        )
        visit = self._visit(
            contact_ids=[
                Command.create({"partner_id": twin.id}),
                Command.create({"partner_id": self.buyer.id, "role": "decides"}),
            ]
        )
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((twin | self.buyer).ids, self.buyer)
        self.assertEqual(visit.contact_ids.partner_id, self.buyer)
        self.assertEqual(visit.contact_ids.role, "decides")
        self.assertTrue(visit.met_decider)

    def test_a_decision_maker_stays_one_when_he_is_merged(self):
        twin = self.buyer.copy()
        visit = self._visit(
            contact_ids=[
                Command.create({"partner_id": self.buyer.id, "role": "decides"}),
                Command.create({"partner_id": twin.id, "role": "blocks"}),
            ]
        )
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((twin | self.buyer).ids, self.buyer)
        self.assertEqual(visit.contact_ids.role, "decides")

    def test_visits_of_an_archived_customer_stay(self):
        visit = self._visit()
        self.customer.active = False
        self.assertEqual(
            self.env["crm.visit"].search([("partner_id", "=", self.customer.id)]), visit
        )


@tagged("post_install", "-at_install")
@freeze_time(NOON)
class TestCrmVisitSatisfaction(VisitCase):
    """One rating per delivered order, 1 to 5 for three subjects, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._deliver(cls.customer, done=datetime(2026, 3, 20, 9))
        cls.ratings = cls.env["crm.visit.satisfaction"]

    def _answer(self, order=None, delivery=5, quality=4, service=3):
        rating = self.ratings._get_for_order(order or self.order)
        rating.write({"delivery": delivery, "quality": quality, "service": service})
        rating.action_answer()
        return rating

    def test_three_grades_and_their_mean(self):
        rating = self._answer()
        self.assertEqual((rating.score, rating.day), (4, self.today))
        self.assertEqual(rating.state, "answered")
        self.assertFalse(rating.activity_ids)
        # sudo: the host's rating is not read by salespeople
        self.assertEqual(rating.sudo().rating_ids.mapped("rating"), [4])

    def test_two_or_less_is_called_back_today(self):
        rating = self._answer(quality=2, service=1)
        task = rating.activity_ids
        self.assertEqual((task.date_deadline, task.user_id), (self.today, self.rep))
        self.assertIn("quality, service", task.summary)

    def test_the_salesperson_reads_it_in_his_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.rep.lang = "zh_CN"
        rating = self._answer(quality=2, service=1)
        self.assertIn("不满意：Gulf Breeze", rating.activity_ids.summary)

    def test_an_order_is_rated_once(self):
        rating = self._answer()
        with self.assert_refused("already"):
            rating.action_answer()
        with self.assert_refused("already"):
            rating.rating_apply(5, rating=rating.sudo().rating_ids)
        self.assertEqual(self.ratings._get_for_order(self.order), rating)

    def test_an_answer_is_neither_bettered_nor_made_up(self):
        rating = self._answer(delivery=1).with_user(self.rep)
        for field, value in (("delivery", 5), ("comment", "Fine"), ("order_id", 1)):
            with self.assert_refused("already"):
                rating.write({field: value})
        later = self._deliver(self.customer, done=datetime(2026, 3, 28, 9))
        forged = {"order_id": later.id, "day": "2025-01-01", "state": "answered"}
        forged |= dict.fromkeys(("delivery", "quality", "service"), 5)
        for change in (
            lambda: rating.write({"state": "asked"}),
            lambda: self.ratings.with_user(self.rep).create(forged),
        ):
            with self.assertRaises(AccessError):
                change()

    def test_a_salesperson_takes_the_answer_on_the_phone(self):
        ratings = self.ratings.with_user(self.rep)
        rating = ratings._get_for_order(self.order.with_user(self.rep))
        rating.write({"delivery": 5, "quality": 4, "service": 2, "comment": "Slow"})
        rating.action_answer()
        self.assertEqual((rating.state, rating.day), ("answered", self.today))

    def test_what_a_customer_writes_is_text_in_the_task(self):
        rating = self.ratings._get_for_order(self.order)
        rating.write({"delivery": 1, "quality": 4, "service": 4})
        rating.comment = "Only <b>3</b> of 5\nBad"
        rating.action_answer()
        self.assertIn("&lt;b&gt;3&lt;/b&gt; of 5<br>Bad", rating.activity_ids.note)

    def test_grades_outside_one_to_five_are_refused(self):
        for grade in (0, -1, 6):
            with self.assert_refused("1 to 5"):
                self._answer(quality=grade)

    def test_nothing_delivered_is_not_rated(self):
        waiting = self._deliver(self.customer)
        with self.assert_refused("nothing of"):
            waiting.action_ask_satisfaction()

    def test_the_call_dialog_saves_by_taking_the_answer(self):
        self._deliver(self.customer, done=NOON)
        action = self._visit().action_ask_satisfaction()
        self.assertEqual(action["name"], "Satisfaction")
        view = self.env["ir.ui.view"].browse(action["views"][0][0])
        arch = etree.fromstring(
            self.env["crm.visit.satisfaction"].get_view(view.id, "form")["arch"]
        )
        buttons = [node.get("name") for node in arch.iterfind(".//footer/button")]
        self.assertIn("action_answer", buttons)
        self.assertEqual(arch.find("header").get("invisible"), "1")

    def test_the_call_asks_about_the_order_delivered_last(self):
        later = self._deliver(self.customer, done=datetime(2026, 3, 28, 9))
        visit = self._visit(visit_type="call")
        rating = self.ratings.browse(visit.action_ask_satisfaction()["res_id"])
        self.assertEqual((rating.order_id, rating.visit_id), (later, visit))
        self._answer(later)
        self._answer(self.order)
        with self.assert_refused("no delivered order"):
            visit.action_ask_satisfaction()

    def test_the_faces_of_the_host_grade_all_three(self):
        rating = self.ratings._get_for_order(self.order)
        rating._rating_get_access_token()
        rating.rating_apply(3, rating=rating.sudo().rating_ids, feedback="So so")
        self.assertEqual(
            (rating.delivery, rating.quality, rating.service, rating.comment),
            (3, 3, 3, "So so"),
        )

    def test_the_metric_is_the_mean_of_the_period(self):
        self._answer()
        second = self._deliver(self.customer, done=datetime(2026, 3, 28, 9))
        self._answer(second, 1, 1, 1)
        card = self._create_card("score", {"satisfaction": {"floor": 1, "target": 5}})
        self._run(card)
        score = self._score(self.customer, card)
        self.assertEqual(score.detail["satisfaction"]["value"], 2.5)
        self.assertEqual(score.detail["satisfaction"]["evidence"], 2)
        action = score.action_open_documents("satisfaction")
        self.assertEqual(self.ratings.search_count(action["domain"]), 2)

    def test_the_trend_is_by_plant(self):
        rating = self._answer()
        self.assertEqual(rating.warehouse_id, self.order.warehouse_id)
        groups = self.ratings._read_group(
            [("order_id", "=", self.order.id)],
            ["warehouse_id", "day:month"],
            ["score:avg"],
        )
        self.assertEqual([row[2] for row in groups], [4])

    def test_the_mail_carries_the_link(self):
        rating = self.ratings._get_for_order(self.order)
        action = rating.action_send_mail()
        template = self.env["mail.template"].browse(
            action["context"]["default_template_id"]
        )
        body = template._render_field("body_html", rating.ids)[rating.id]
        token = rating.sudo().rating_ids.access_token
        self.assertIn(f"/satisfaction/{token}", body)

    def test_a_grade_is_one_of_five_texts(self):
        self.assertEqual([parse_grade(t) for t in ("1", "5")], [1, 5])
        for text in ("0", "6", "-1", "nan", "5; drop", "4.0", "\u0665", "", None):
            self.assertIsNone(parse_grade(text), text)


@tagged("post_install", "-at_install")
class TestCrmVisitSatisfactionPage(VisitCase, HttpCase):
    """The page behind the link; nobody is logged in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._deliver(cls.customer, done=datetime(2026, 3, 20, 9))
        cls.rating = cls.env["crm.visit.satisfaction"]._get_for_order(cls.order)
        cls.path = "/satisfaction/" + cls.rating._rating_get_access_token()

    def setUp(self):
        super().setUp()
        page = self.url_open(self.path).text
        self.token = page.partition('name="csrf_token" value="')[2].partition('"')[0]

    def _post(self, **answer):
        return self.url_open(self.path, {"csrf_token": self.token, **answer})

    def test_the_customer_answers_once(self):
        self.assertIn(self.order.name, self.url_open(self.path).text)
        page = self._post(delivery="5", quality="4", service="3", comment="<b>ok</b>")
        self.assertIn("Thank you!", page.text)
        self.assertEqual(
            (self.rating.delivery, self.rating.quality, self.rating.service), (5, 4, 3)
        )
        self.assertNotIn("<form", self.url_open(self.path).text.partition("<main")[2])
        self._post(delivery="1", quality="1", service="1")
        self.assertEqual(self.rating.delivery, 5)

    def test_bad_grades_are_asked_again_and_change_nothing(self):
        for bad in ("0", "6", "-1", "nan", "5; drop", ""):
            page = self._post(delivery=bad, quality="4", service="3")
            self.assertIn("Please choose 1 to 5", page.text)
        self.assertEqual(self.rating.state, "asked")

    def test_a_sign_no_database_keeps_and_a_file_do_no_harm(self):
        grades = {"delivery": "5", "quality": "4", "service": "3"}
        page = self.url_open(
            self.path,
            {"csrf_token": self.token, **grades, "delivery": "x"},
            files={"comment": ("words.txt", b"words")},
        )
        self.assertIn("Please choose 1 to 5", page.text)
        self._post(**grades, comment="o\0k")
        self.assertEqual(self.rating.comment, "ok")

    def test_no_token_no_page(self):
        for path in ("/satisfaction/x", "/satisfaction/" + "0" * 32):
            self.assertEqual(self.url_open(path).status_code, 404)
        foreign = self.order._rating_get_access_token(self.customer)
        self.assertEqual(self.url_open(f"/satisfaction/{foreign}").status_code, 404)

    def test_the_page_shows_the_order_and_nothing_of_its_amounts(self):
        text = self.url_open(self.path).text
        self.assertNotIn(str(self.order.amount_total), text)
        self.assertNotIn(self.rep.name, text)
