from datetime import date, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError
from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, new_test_user, tagged
from odoo.tools import mute_logger

from .test_dealer_territory import DealerCase

# a Friday; two working days later is Tuesday the 8th
FRIDAY = date(2026, 12, 4)


class OfferCase(DealerCase):
    """On a Friday at noon, Ventus and Boreas may have the leads of Spain."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(f"{FRIDAY} 12:00:00"))
        cls.company = cls.env.company
        cls.env["res.lang"]._activate_lang("fr_FR")
        calendar = cls.env["resource.calendar"].create({"name": "40 hours"})
        cls.company.write({"resource_calendar_id": calendar.id, "dealer_offer_auto": 0})
        cls.company.partner_id.tz = "UTC"
        cls.rep = new_test_user(
            cls.env,
            "offer_rep",
            groups="sales_team.group_sale_salesman",
            email="rep@ours.example",
        )
        cls.manager = new_test_user(
            cls.env,
            "offer_manager",
            groups="crm_manufacturing.group_channel_manager",
            email="manager@ours.example",
        )
        cls.ventus.email = "info@ventus.example"
        cls.boreas.email = "info@boreas.example"
        cls.iberia = cls.create_territory(
            "Iberia", country_ids=cls.spain, user_id=cls.rep.id
        )
        cls.offers = cls.env["dealer.offer"]

    @classmethod
    def create_lead(cls, **values):
        values = {
            "name": "Fans",
            "country_id": cls.spain.id,
            "user_id": False,
            **values,
        }
        return cls.env["crm.lead"].create(values)

    def give(self, *leads, today=FRIDAY):
        leads = sum(leads[1:], leads[0])
        return self.offers._give(leads, today)

    def add_boreas(self, **values):
        return self.create_territory(
            "Iberia too", self.boreas, country_ids=self.spain, sequence=20, **values
        )

    def run_on(self, day):
        self.offers._run(self.company, day)

    def day(self, number):
        return FRIDAY + timedelta(days=number)


@tagged("post_install", "-at_install")
class TestDealerOfferChoice(OfferCase):
    """To whom a lead is offered."""

    def test_the_dealer_of_the_territory_is_offered_it_for_two_working_days(self):
        lead = self.create_lead()
        offer = self.give(lead)
        self.assertEqual((offer.dealer_id, offer.state), (self.ventus, "offered"))
        self.assertEqual(offer.due_date, date(2026, 12, 8))
        self.assertEqual(offer.territory_id, self.iberia)
        self.assertEqual(
            offer.reason, "Iberia: Spain. No level, 0 open, 0 of 0 answered."
        )
        self.assertEqual((lead.dealer_id, lead.dealer_source), (self.ventus, "offer"))
        self.assertEqual(lead.dealer_reason, "Iberia; offered to him.")

    def test_free_days_of_the_company_are_no_working_days(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": "2026-12-07 00:00:00",
                "date_to": "2026-12-07 23:59:59",
            }
        )
        self.assertEqual(self.give(self.create_lead()).due_date, date(2026, 12, 9))

    def test_several_leads_go_each_to_their_own(self):
        """The host gives all of them to the first one's dealer."""
        self.create_territory("Andes", self.boreas, country_ids=self.peru)
        leads = sum(
            (
                self.create_lead(country_id=country.id)
                for country in (self.spain, self.peru, self.spain)
            ),
            self.env["crm.lead"],
        )
        leads.action_offer_to_dealers()
        dealers = [lead.dealer_offer_ids.dealer_id for lead in leads]
        self.assertEqual(dealers, [self.ventus, self.boreas, self.ventus])

    def test_the_higher_level_comes_first(self):
        self.add_boreas()
        grades = self.env["res.partner.grade"]
        self.ventus.grade_id = grades.create({"name": "Silver", "sequence": 2})
        self.boreas.grade_id = grades.create({"name": "Gold", "sequence": 1})
        offer = self.give(self.create_lead())
        self.assertEqual(offer.dealer_id, self.boreas)
        self.assertIn("Gold, 0 open", offer.reason)

    def test_an_exclusive_territory_comes_before_a_level(self):
        self.add_boreas()
        self.boreas.grade_id = self.env["res.partner.grade"].create({"name": "Gold"})
        self.iberia.is_exclusive = True
        self.assertEqual(self.give(self.create_lead()).dealer_id, self.ventus)

    def test_who_is_named_for_the_product_comes_first(self):
        self.add_boreas(category_ids=self.fans)
        lead, other = self.create_lead(), self.create_lead()
        product = self.env["product.product"].create(
            {"name": "Fan", "categ_id": self.towers.id}
        )
        self.env["sale.order"].create(
            {
                "partner_id": self.create_firm("Sol").id,
                "opportunity_id": lead.id,
                "order_line": [(0, 0, {"product_id": product.id})],
            }
        )
        offers = self.give(lead, other)
        self.assertEqual(offers.mapped("dealer_id"), self.boreas | self.ventus)
        self.assertEqual(lead.dealer_offer_ids.dealer_id, self.boreas)

    def test_who_has_fewer_leads_open_comes_first(self):
        self.add_boreas()
        leads = [self.create_lead() for _number in range(4)]
        offers = self.give(*leads)
        got = [lead.dealer_offer_ids.dealer_id for lead in leads]
        self.assertEqual(got, [self.ventus, self.boreas] * 2)
        self.assertEqual(len(offers), 4)

    def test_who_answers_better_comes_first(self):
        self.add_boreas()
        lost = self.give(self.create_lead(dealer_id=self.ventus.id))
        lost._take_back("unanswered", FRIDAY, "Too late")
        offer = self.give(self.create_lead())
        self.assertEqual(offer.dealer_id, self.boreas)
        records = self.offers._get_answer_records(self.company, FRIDAY)
        self.assertEqual(records, {self.ventus: (0, 1)})

    def test_what_we_took_for_our_own_reasons_counts_for_nothing(self):
        self.give(self.create_lead())._take_back("ours", FRIDAY, "A fair")
        self.assertEqual(self.offers._get_answer_records(self.company, FRIDAY), {})

    def test_who_has_enough_gets_no_more(self):
        self.company.dealer_offer_max_open = 2
        leads = [self.create_lead() for _number in range(3)]
        self.assertEqual(len(self.give(*leads)), 2)
        self.assertFalse(leads[2].dealer_offer_ids)

    def test_a_dealer_chosen_by_a_person_is_offered_it_wherever_it_is(self):
        lead = self.create_lead(country_id=self.peru.id, dealer_id=self.boreas.id)
        self.company.dealer_offer_max_open = 1
        offer = self.give(lead)
        self.assertEqual(offer.dealer_id, self.boreas)
        self.assertFalse(offer.territory_id)

    def test_a_chosen_dealer_who_has_ended_is_not(self):
        lead = self.create_lead(dealer_id=self.boreas.id)
        self.boreas.dealer_stage = "ended"
        with self.assertRaisesRegex(UserError, "no dealer has its place"):
            lead.action_offer_to_dealers()

    def test_a_lead_of_a_dealer_himself_and_a_closed_one_are_not_offered(self):
        own = self.create_lead(partner_id=self.boreas.id)
        with self.assertRaisesRegex(UserError, "from a dealer himself"):
            own.action_offer_to_dealers()
        closed = self.create_lead()
        closed.action_set_lost()
        with self.assertRaisesRegex(UserError, "not offered: closed"):
            closed.action_offer_to_dealers()

    def test_of_many_those_that_cannot_are_left(self):
        nobody = self.create_lead(country_id=self.peru.id)
        result = (self.create_lead() | nobody).action_offer_to_dealers()
        message = result["params"]["message"]
        self.assertIn("1 offered. 1 not: no dealer has its place", message)

    def test_a_territory_of_another_company_is_not_asked(self):
        other = self.env["res.company"].create({"name": "Second"})
        self.env.user.company_ids |= other
        lead = self.create_lead(company_id=other.id)
        self.assertFalse(self.give(lead))
        self.create_territory(
            "Other", self.boreas, country_ids=self.spain, company_id=other.id
        )
        offer = self.give(lead)
        self.assertEqual((offer.dealer_id, offer.company_id), (self.boreas, other))
        self.offers._run(self.company, self.day(30))
        self.assertEqual(offer.state, "offered")


@tagged("post_install", "-at_install")
class TestDealerOfferAnswer(OfferCase):
    """What a dealer answers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls.create_lead()
        cls.offer = cls.offers._give(cls.lead, FRIDAY).with_user(cls.manager)

    def test_accepted_he_has_14_days_for_progress(self):
        self.offer.action_accept()
        self.assertEqual(self.offer.state, "accepted")
        self.assertEqual(self.offer.due_date, date(2026, 12, 18))

    def test_progress_gives_the_days_again_and_the_same_words_do_not(self):
        self.offer.action_accept()
        with freeze_time("2026-12-14 12:00:00"):
            self.offer.progress = "Visited the plant"
            self.assertEqual(self.offer.due_date, date(2026, 12, 28))
        with freeze_time("2026-12-20 12:00:00"):
            self.offer.progress = "Visited the plant "
            self.offer.credited_user_id = self.manager
            self.offer.progress = ""
            self.assertEqual(self.offer.due_date, date(2026, 12, 28))
            self.offer._report("Quoted")
            self.assertEqual(self.offer.due_date, date(2027, 1, 3))

    def test_there_is_no_progress_before_it_is_accepted(self):
        with self.assertRaisesRegex(UserError, "not accepted"):
            self.offer.progress = "Visited"

    def test_declined_it_is_never_offered_to_him_again(self):
        with self.assertRaisesRegex(UserError, "say why"):
            self.offer.action_decline()
        self.offer.answer = "Too far"
        self.offer.action_decline()
        self.assertEqual(self.offer.state, "declined")
        self.assertFalse(self.lead.dealer_id)
        for days in (0, 31, 4000):
            self.assertFalse(self.give(self.lead, today=self.day(days)))
        self.add_boreas()
        self.assertEqual(self.give(self.lead).dealer_id, self.boreas)

    def test_leads_are_part_of_what_he_keeps_up(self):
        """Those he let lie count against him; declined ones and ours do not."""
        kept, lying, declined, ours, waiting = (
            self.give(self.create_lead()).sudo() for _number in range(5)
        )
        kept._accept()
        lying._take_back("idle", FRIDAY, "No progress")
        declined._decline("Too far")
        ours._take_back("ours", FRIDAY, "We sell it ourselves")
        self.env.flush_all()
        metric = self.env["partner.scorecard.metric"]
        period = (self.company, date(2026, 1, 1), FRIDAY)
        rows = self.env.execute_query(
            metric._metric_dealer_registration_quality(*period)
        )
        self.assertEqual(rows, [(self.ventus.id, 0.5, 2)])
        action = metric._metric_dealer_registration_quality_action(self.ventus, *period)
        found = self.env["dealer.follow.up"].search(action["domain"])
        self.assertEqual(found.offer_id, kept | lying)
        self.assertEqual(waiting.state, "offered")

    def test_nor_does_a_new_place_bring_him_back(self):
        self.offer._decline("Too far")
        self.lead.country_id = self.peru
        self.lead.country_id = self.spain
        self.assertFalse(self.lead.dealer_id)

    def test_an_accepted_lead_can_be_given_back(self):
        self.offer.action_accept()
        self.offer._decline("No time")
        self.assertEqual(self.offer.state, "declined")

    def test_what_is_decided_is_decided(self):
        self.offer._decline("Too far")
        with self.assertRaisesRegex(UserError, "is Declined"):
            self.offer.action_accept()
        with self.assertRaisesRegex(UserError, "is Declined"):
            self.offer._report("Quoted")

    def test_the_customer_is_told_to_him_once_he_accepted(self):
        self.lead.write({"partner_name": "Sol SA", "city": "Madrid", "phone": "1234"})
        brief = self.offer._get_brief()
        self.assertEqual((brief["city"], brief["country"]), ("Madrid", "Spain"))
        self.assertNotIn("customer", brief)
        self.offer.action_accept()
        brief = self.offer._get_brief()
        self.assertEqual((brief["customer"], brief["phone"]), ("Sol SA", "1234"))

    def test_state_and_days_move_by_the_buttons_alone(self):
        for name, value in (("state", "won"), ("due_date", "2030-01-01")):
            with self.assertRaisesRegex(UserError, "use the buttons"):
                self.offer.write({name: value})

    def test_a_lead_with_a_dealer_is_not_deleted(self):
        with self.assertRaisesRegex(UserError, "with a dealer"):
            self.lead.unlink()
        self.offer._decline("Too far")
        self.lead.unlink()


@tagged("post_install", "-at_install")
class TestDealerOfferClock(OfferCase):
    """When a lead is taken back, and what does not move the clock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls.create_lead()
        cls.offer = cls.offers._give(cls.lead, FRIDAY)

    def accept(self):
        self.offer._accept()
        self.assertEqual(self.offer.due_date, self.day(14))

    def test_not_accepted_it_is_taken_back_the_day_after_the_last(self):
        self.run_on(date(2026, 12, 8))
        self.assertEqual(self.offer.state, "offered")
        self.run_on(date(2026, 12, 9))
        self.assertEqual(self.offer.state, "taken_back")
        self.assertEqual(self.offer.taken_for, "unanswered")
        self.assertEqual(self.offer.closed_on, date(2026, 12, 9))
        self.assertEqual(self.offer.cool_down_until, date(2027, 1, 8))
        self.assertFalse(self.lead.dealer_id)

    def test_cool_down_ends_after_30_days(self):
        self.run_on(date(2026, 12, 9))
        self.assertFalse(self.give(self.lead, today=date(2027, 1, 8)))
        again = self.give(self.lead, today=date(2027, 1, 9))
        self.assertEqual(again.dealer_id, self.ventus)

    def test_without_progress_he_is_warned_3_days_before_and_loses_it_after_14(self):
        self.accept()
        self.run_on(self.day(10))
        self.assertFalse(self.offer.warned_on)
        self.run_on(self.day(11))
        self.assertEqual(self.offer.warned_on, self.day(11))
        self.assertEqual(self.offer.due_date, self.day(14))
        self.run_on(self.day(14))
        self.assertEqual(self.offer.state, "accepted")
        self.run_on(self.day(15))
        self.assertEqual(self.offer.taken_for, "idle")

    def test_he_is_warned_once_and_again_after_progress(self):
        self.accept()
        self.run_on(self.day(11))
        self.run_on(self.day(12))
        self.assertEqual(self.offer.warned_on, self.day(11))
        with freeze_time(f"{self.day(13)} 12:00:00"):
            self.offer.progress = "Quoted"
        self.assertFalse(self.offer.warned_on)
        self.run_on(self.day(24))
        self.assertEqual(self.offer.warned_on, self.day(24))

    def test_nobody_loses_an_accepted_lead_unwarned(self):
        """The scheduled action was off for a month."""
        self.accept()
        self.run_on(self.day(44))
        self.assertEqual(self.offer.state, "accepted")
        self.assertEqual(self.offer.due_date, self.day(47))
        self.assertIn("Warned late", self.offer.message_ids[0].body)
        self.run_on(self.day(48))
        self.assertEqual(self.offer.taken_for, "idle")

    def test_nor_one_he_had_not_answered_while_nothing_counted(self):
        self.run_on(self.day(44))
        self.assertEqual(
            (self.offer.state, self.offer.due_date), ("offered", self.day(47))
        )
        self.run_on(self.day(48))
        self.assertEqual(self.offer.taken_for, "unanswered")

    def test_without_warning_days_nobody_is_warned(self):
        self.company.dealer_offer_warning_days = 0
        self.accept()
        self.run_on(self.day(15))
        self.assertEqual(
            (self.offer.state, self.offer.warned_on), ("taken_back", False)
        )

    def test_nothing_is_taken_while_the_room_is_off(self):
        group = self.env.ref("crm_manufacturing.group_dealer_room")
        sales = self.env.ref("sales_team.group_sale_salesman")
        sales.implied_ids -= group
        with freeze_time(f"{self.day(20)} 12:00:00"):
            self.offers._cron_run()
        self.assertEqual(self.offer.state, "offered")

    def test_offering_it_again_moves_no_day(self):
        self.accept()
        with freeze_time(f"{self.day(5)} 12:00:00"):
            with self.assertRaisesRegex(UserError, "with a dealer already"):
                self.lead.action_offer_to_dealers()
            (self.lead | self.create_lead()).action_offer_to_dealers()
        self.assertEqual(self.lead.dealer_offer_ids, self.offer)
        self.assertEqual(self.offer.due_date, self.day(14))

    def test_a_territory_switched_off_and_on_moves_no_day(self):
        self.accept()
        self.iberia.active = False
        self.iberia.active = True
        self.assertEqual(
            (self.offer.state, self.offer.due_date), ("accepted", self.day(14))
        )

    def test_another_setting_moves_no_day_that_is_set(self):
        self.company.dealer_offer_answer_days = 5
        self.assertEqual(self.offer.due_date, date(2026, 12, 8))
        self.accept()
        self.company.dealer_offer_progress_days = 30
        self.assertEqual(self.offer.due_date, self.day(14))
        self.assertEqual(self.company._get_progress_due(FRIDAY), self.day(30))

    def test_another_owner_or_place_of_the_lead_moves_no_day(self):
        self.accept()
        self.lead.user_id = self.manager
        self.lead.country_id = self.peru
        self.assertEqual(self.offer.due_date, self.day(14))
        self.assertEqual(self.offer.credited_user_id, self.rep)
        self.assertEqual(self.lead.dealer_id, self.ventus)

    def test_moved_to_another_dealer_his_days_begin_and_the_first_is_not_blamed(self):
        self.accept()
        with freeze_time(f"{self.day(5)} 12:00:00"):
            self.lead.dealer_id = self.boreas
        self.assertEqual(
            (self.offer.state, self.offer.taken_for), ("taken_back", "ours")
        )
        self.assertFalse(self.offer.cool_down_until)
        new = self.lead.dealer_offer_ids - self.offer
        self.assertEqual((new.dealer_id, new.state), (self.boreas, "offered"))
        self.assertEqual(new.due_date, date(2026, 12, 11))
        self.lead.dealer_id = self.ventus
        self.assertEqual(new.state, "taken_back")

    def test_it_is_not_moved_to_who_declined_it(self):
        self.offer._decline("Too far")
        self.add_boreas()
        self.give(self.lead)
        with self.assertRaisesRegex(UserError, "he declined it"):
            self.lead.dealer_id = self.ventus

    def test_freed_by_hand_it_is_with_nobody(self):
        self.accept()
        self.lead.dealer_id = False
        self.assertEqual(self.offer.taken_for, "ours")
        self.assertEqual(self.offer.answer, "The lead was freed by hand.")

    def test_a_registered_deal_has_the_lead_and_is_offered_to_nobody(self):
        product = self.env["product.product"].create({"name": "Fan"})
        for dealer in (self.ventus, self.boreas):
            lead = self.create_lead()
            offer = self.give(lead)
            deals = self.env["dealer.registration"]
            deal = deals.create(
                {
                    "dealer_id": dealer.id,
                    "end_name": dealer.name,
                    "product_ids": product.ids,
                    "lead_id": lead.id,
                }
            )
            deal.action_submit()
            deal.with_user(self.manager).action_approve()
            self.assertEqual(offer.taken_for, "ours")
            self.assertEqual(offer.answer, f"Registered deal {deal.name}.")
            self.assertEqual(lead.dealer_id, dealer)
            with self.assertRaisesRegex(UserError, "a registered deal"):
                lead.action_offer_to_dealers()

    def test_an_ended_dealer_keeps_none(self):
        self.accept()
        self.ventus.dealer_stage = "ended"
        self.assertEqual(self.offer.taken_for, "ours")
        self.assertFalse(self.lead.dealer_id)

    def test_every_night_the_next_dealer_where_the_company_says_so(self):
        self.add_boreas()
        ours = self.create_lead(user_id=self.rep.id)
        new = self.create_lead()
        self.run_on(date(2026, 12, 9))
        self.assertFalse(new.dealer_offer_ids)
        self.company.dealer_offer_auto = True
        self.run_on(date(2026, 12, 9))
        second = self.lead.dealer_offer_ids - self.offer
        self.assertEqual((second.dealer_id, second.state), (self.boreas, "offered"))
        self.assertTrue(new.dealer_offer_ids)
        self.assertFalse(ours.dealer_offer_ids)

    def test_days_that_make_no_sense_are_refused(self):
        for name, value in (
            ("dealer_offer_answer_days", 0),
            ("dealer_offer_warning_days", 14),
            ("dealer_offer_max_open", -1),
        ):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
                self.company[name] = value
                self.env.flush_all()


@tagged("post_install", "-at_install")
class TestDealerOfferEnd(OfferCase):
    """Won, lost, merged."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls.create_lead(expected_revenue=5000, type="opportunity")
        cls.offer = cls.offers._give(cls.lead, FRIDAY)

    def told(self, partner):
        messages = self.env["mail.message"].sudo()
        return messages.search([("notified_partner_ids", "in", partner.ids)])

    def test_a_lead_a_dealer_has_stays_in_its_company(self):
        lead = self.create_lead()
        offer = self.give(lead)
        other = self.company.create({"name": "Other"})
        values = {"company_id": other.id, "user_id": False, "team_id": False}
        with self.assertRaisesRegex(ValidationError, "Company: Fans is with a dealer"):
            lead.write(values)
        offer._decline("Too far")
        lead.write(values)
        self.assertEqual(lead.company_id, other)

    def test_the_territorys_salesperson_is_told_and_credited_with_the_win(self):
        self.assertEqual(self.lead.user_id, self.rep)
        self.assertIn(
            "Leads offered to dealers", self.told(self.rep.partner_id)[0].subject
        )
        self.offer._accept()
        self.lead.user_id = self.manager
        self.lead.action_set_won()
        self.assertEqual((self.offer.state, self.offer.won_revenue), ("won", 5000))
        self.assertEqual(self.offer.credited_user_id, self.rep)
        self.assertEqual(self.offer.closed_on, FRIDAY)
        self.assertIn("credited to you", self.told(self.rep.partner_id)[0].subject)

    def test_the_dealer_is_told_of_the_place_and_not_of_the_customer(self):
        lead = self.create_lead(partner_name="Sol SA", name="Sol fans", city="Madrid")
        self.give(lead)
        mail = self.told(self.ventus)[0]
        self.assertIn("Madrid, Spain, until 12/08/2026", mail.body)
        self.assertNotIn("Sol", mail.body)
        self.assertFalse(mail.model)

    def test_he_is_told_in_his_language(self):
        self.ventus.lang = "fr_FR"
        self.give(self.create_lead(city="Lyon"))
        self.assertIn("08/12/2026", self.told(self.ventus)[0].body)

    def test_why_it_was_taken_is_kept_and_told_in_his_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.ventus.lang = "zh_CN"
        self.run_on(self.day(10))
        self.run_on(self.day(20))
        self.assertEqual(self.offer.answer, "未按时接受。")
        self.assertIn("未按时接受。", self.told(self.ventus)[0].body)

    def test_many_leads_are_one_message(self):
        before = len(self.told(self.ventus))
        self.give(*[self.create_lead() for _number in range(5)])
        self.assertEqual(len(self.told(self.ventus)) - before, 1)

    def test_a_win_undone_is_no_win_and_by_the_former_day_his_again(self):
        self.offer._accept()
        self.lead.action_set_won()
        self.lead.stage_id = self.env["crm.stage"].search([("is_won", "=", False)])[:1]
        self.assertEqual((self.offer.state, self.offer.won_revenue), ("accepted", 0))
        self.assertEqual(self.offer.due_date, self.day(14))

    def test_a_lost_lead_is_lost_and_one_only_offered_is_over(self):
        other = self.create_lead()
        offer = self.give(other)
        self.offer._accept()
        (self.lead | other).action_set_lost()
        self.assertEqual((self.offer.state, offer.state), ("lost", "taken_back"))
        self.assertEqual(offer.taken_for, "ours")

    def test_merged_leads_keep_what_was_offered_and_one_dealer(self):
        self.add_boreas()
        other = self.create_lead(type="opportunity")
        theirs = self.give(other)
        declined = self.give(self.create_lead(type="opportunity"))
        third = declined.lead_id
        self.assertEqual(theirs.dealer_id, self.boreas)
        declined._decline("Too far")
        theirs._accept()
        merged = (self.lead | other | third).merge_opportunity()
        self.assertEqual(merged.dealer_offer_ids, self.offer | theirs | declined)
        self.assertEqual(theirs.state, "accepted")
        self.assertEqual(self.offer.state, "taken_back")
        self.assertEqual(merged.dealer_id, self.boreas)
        self.assertTrue(merged._is_refused(self.ventus, self.day(4000)))

    def test_merged_with_a_registered_deal_it_is_that_dealers(self):
        self.offer._accept()
        other = self.create_lead(type="opportunity")
        deal = self.env["dealer.registration"].create(
            {
                "dealer_id": self.boreas.id,
                "end_name": "Sol SA",
                "product_ids": self.env["product.product"].create({"name": "Fan"}).ids,
                "lead_id": other.id,
            }
        )
        deal.action_submit()
        deal.with_user(self.manager).action_approve()
        merged = (self.lead | other).merge_opportunity()
        self.assertEqual(merged.dealer_id, self.boreas)
        self.assertEqual(merged.dealer_source, "registration")
        self.assertEqual(self.offer.taken_for, "ours")

    def test_no_default_of_the_caller_says_how_it_stands(self):
        lead = self.create_lead()
        spoilt = {
            "default_state": "won",
            "default_won_revenue": 9000,
            "default_progress": "Visited",
        }
        lead.with_user(self.manager).with_context(**spoilt).action_offer_to_dealers()
        offer = lead.dealer_offer_ids
        self.assertEqual(
            (offer.state, offer.won_revenue, offer.progress), ("offered", 0, False)
        )

    def test_merged_dealers_keep_their_record(self):
        self.offer._decline("Too far")
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((self.ventus | self.boreas).ids, self.boreas)
        self.assertEqual(self.offer.dealer_id, self.boreas)
        self.assertFalse(self.give(self.lead))

    def test_one_dealer_at_a_time_whoever_writes(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.offer.sudo().copy({"dealer_id": self.boreas.id})
            self.env.flush_all()

    def test_who_may_see_and_do_what(self):
        stranger = new_test_user(
            self.env, "offer_other", groups="sales_team.group_sale_salesman"
        )
        self.assertEqual(self.offer.with_user(self.rep).state, "offered")
        with self.assertRaises(AccessError):
            self.offer.with_user(stranger).read(["state"])
        with self.assertRaises(AccessError):
            self.offer.with_user(self.rep).action_accept()
        portal = new_test_user(self.env, "offer_portal", groups="base.group_portal")
        for ask in (
            lambda: self.offers.with_user(portal).search([]),
            lambda: self.lead.with_user(portal).read(["name"]),
        ):
            with self.assertRaises(AccessError):
                ask()

    def test_the_salesperson_offers_his_own_leads_and_no_others(self):
        mine = self.create_lead(user_id=self.rep.id)
        mine.with_user(self.rep).action_offer_to_dealers()
        self.assertEqual(mine.dealer_offer_ids.dealer_id, self.ventus)
        other = self.create_lead(user_id=self.manager.id)
        with self.assertRaises(AccessError):
            other.with_user(self.rep).action_offer_to_dealers()

    def test_another_company_reads_nothing_of_it(self):
        company = self.env["res.company"].create({"name": "Second"})
        manager = new_test_user(
            self.env,
            "offer_second",
            groups="crm_manufacturing.group_channel_manager",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.assertFalse(self.offers.with_user(manager).search([]))

    def test_queries_do_not_grow_with_the_leads(self):
        self.add_boreas()
        counts = []
        for size in (10, 200):
            leads = self.env["crm.lead"].create(
                [
                    {
                        "name": f"{size} {number}",
                        "country_id": self.spain.id,
                        "user_id": False,
                    }
                    for number in range(size)
                ]
            )
            row = []
            offers = self.count(row, lambda ls=leads: self.offers._give(ls, FRIDAY))
            self.assertEqual(len(offers), size)
            self.count(row, lambda: self.run_on(FRIDAY))
            self.count(row, offers._accept)
            self.count(row, lambda: self.run_on(self.day(11)))
            self.count(row, lambda: self.run_on(self.day(15)))
            self.assertEqual(set(offers.mapped("state")), {"taken_back"})
            counts.append(row)
        for few, many in zip(*counts, strict=True):
            # rows are inserted by the hundred
            self.assertLessEqual(many, few + 5)

    def count(self, row, act):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        result = act()
        self.env.flush_all()
        row.append(self.env.cr.sql_log_count - before)
        return result


@tagged("post_install", "-at_install")
class TestDealerOfferConcurrency(BaseCase):
    """Two offer the same lead at once, in two real transactions: one dealer has it."""

    def setUp(self):
        super().setUp()
        self.one, self.two = self._open(), self._open()
        country = self.one["res.country"].search([("code", "=", "IS")])
        self.dealer = self.one["res.partner"].create(
            {"name": "Ventus", "is_company": True, "dealer_stage": "active"}
        )
        self.territory = self.one["dealer.territory"].create(
            {
                "name": "Iceland concurrent",
                "dealer_id": self.dealer.id,
                "country_ids": country.ids,
            }
        )
        self.lead = self.one["crm.lead"].create(
            {"name": "Concurrent", "country_id": country.id}
        )
        self.one.cr.commit()
        self.addCleanup(self._remove)

    def _open(self):
        cursor = db_connect(get_db_name()).cursor()
        self.addCleanup(cursor.close)
        return api.Environment(cursor, SUPERUSER_ID, {})

    def _remove(self):
        for env in (self.two, self.one):
            env.cr.rollback()
            env.transaction.reset()
        self.lead.dealer_offer_ids.unlink()
        self.lead.unlink()
        self.territory.unlink()
        self.dealer.unlink()
        self.one.cr.commit()

    def give(self, env):
        offers = env["dealer.offer"]._give(self.lead.with_env(env), FRIDAY)
        env.flush_all()
        return offers

    def test_the_second_is_tried_again_and_finds_it_given(self):
        for env in (self.one, self.two):
            env.cr.rollback()
            env.transaction.reset()
            self.assertFalse(self.lead.with_env(env).dealer_offer_ids)
        self.assertEqual(len(self.give(self.one)), 1)
        self.one.cr.commit()
        errors = (SerializationFailure, IntegrityError)
        with self.assertRaises(errors), mute_logger("odoo.sql_db"):
            self.give(self.two)
        self.two.cr.rollback()
        self.two.transaction.reset()
        self.assertFalse(self.give(self.two))

    def test_accepted_while_it_is_taken_back_one_of_the_two_holds(self):
        offer = self.give(self.one)
        self.one.cr.commit()
        later = offer.with_env(self.two)
        self.assertEqual(later.state, "offered")
        offer._accept()
        self.one.flush_all()
        self.one.cr.commit()
        with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
            later._take_back("unanswered", FRIDAY, "Too late")
            self.two.flush_all()
        self.two.cr.rollback()
        self.two.transaction.reset()
        self.assertEqual(later.state, "accepted")
