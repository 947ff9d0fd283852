import threading
from datetime import date, datetime, timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError
from psycopg2.errors import CheckViolation, LockNotAvailable, SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, freeze_time, new_test_user, tagged
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

from .test_dealer_territory import DealerCase


class RegistrationCase(DealerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env,
            "registration_channel",
            groups="crm_manufacturing.group_channel_manager",
        )
        (cls.ventus | cls.boreas).dealer_manager_id = cls.manager
        cls.fan, cls.mast = cls.env["product.product"].create(
            [
                {"name": "Fan", "categ_id": cls.towers.id},
                {"name": "Mast", "categ_id": cls.towers.id},
            ]
        )
        cls.env = cls.env(user=cls.manager)

    @classmethod
    def register(cls, dealer=None, products=None, categories=None, **values):
        if "end_partner_id" not in values:
            values.setdefault("end_name", "Acme GmbH")
        deal = cls.env["dealer.registration"].create(
            {
                "dealer_id": (dealer or cls.ventus).id,
                "product_ids": (products if products is not None else cls.fan).ids,
                "category_ids": (categories or cls.fans.browse()).ids,
                **values,
            }
        )
        deal.action_submit()
        return deal

    def approve(self, *args, **values):
        deal = self.register(*args, **values)
        deal.action_approve()
        return deal


@tagged("post_install", "-at_install")
class TestDealerRegistration(RegistrationCase):
    """What a registered deal is, and who may say what becomes of it."""

    def test_without_end_customer_or_product_nothing_is_submitted(self):
        with self.assertRaisesRegex(ValidationError, "End Customer"):
            self.register(end_name=" ")
        with self.assertRaisesRegex(ValidationError, "Products"):
            self.register(products=self.fan.browse())

    def test_the_contact_says_who_the_end_customer_is(self):
        firm = self.create_firm(
            "Sol SA",
            country_id=self.spain.id,
            vat="ESA12345674",
            website="https://www.sol.example/fans",
        )
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": firm.id})
        deal = self.register(end_partner_id=contact.id)
        self.assertEqual(deal.end_name, "Sol SA")
        self.assertEqual(deal.end_country_id, self.spain)
        self.assertEqual(deal.end_vat, "ESA12345674")
        self.assertEqual(deal.end_domain, "sol.example")
        self.assertEqual(
            set(deal.sudo().key_ids.mapped("name")),
            {
                f"partner:{firm.id}",
                "vat:ESA12345674",
                "number:A12345674",
                "domain:sol.example",
                "name:sol",
            },
        )

    def test_a_mail_provider_is_no_key(self):
        deal = self.register(end_domain="gmail.com", end_website="gmail.com")
        self.assertEqual(deal.sudo().key_ids.mapped("name"), ["name:acme"])

    def test_the_answer_finishes_what_was_asked_of_our_people(self):
        deal = self.register()
        self.assertTrue(deal.activity_ids)
        deal.action_approve()
        self.assertFalse(deal.activity_ids)

    def test_three_roles_are_kept_and_a_contact_stands_for_his_firm(self):
        contact = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": self.boreas.id}
        )
        deal = self.register()
        self.assertEqual(deal.owner_dealer_id, self.ventus)
        self.assertEqual(deal.delivery_dealer_id, self.ventus)
        deal.delivery_dealer_id = contact
        self.assertEqual(deal.delivery_dealer_id, self.boreas)
        self.assertEqual(deal.dealer_id, self.ventus)

    def test_states_are_moved_by_buttons_alone(self):
        deal = self.register()
        for name, value in (
            ("state", "approved"),
            ("protected_until", "2030-01-01"),
            ("conflict_ids", []),
        ):
            with self.assertRaises(UserError):
                deal.write({name: value})
        made = self.env["dealer.registration"].create(
            {
                "dealer_id": self.ventus.id,
                "state": "approved",
                "protected_until": "2030-01-01",
            }
        )
        self.assertEqual((made.state, made.protected_until), ("draft", False))

    def test_the_callers_context_sets_no_state(self):
        deals = self.env["dealer.registration"].with_context(
            default_state="approved",
            default_protected_until="2030-01-01",
            default_end_name="Acme",
        )
        made = deals.create({"dealer_id": self.ventus.id})
        self.assertEqual((made.state, made.protected_until), ("draft", False))
        self.assertEqual(made.end_name, "Acme")

    def test_a_button_out_of_turn_is_refused(self):
        deal = self.register()
        with self.assertRaisesRegex(UserError, "is Submitted"):
            deal.action_submit()
        with self.assertRaisesRegex(UserError, "is Submitted"):
            deal.action_extend()
        deal.action_approve()
        with self.assertRaisesRegex(UserError, "is Approved"):
            deal.action_approve()

    def test_what_was_approved_keeps_customer_and_products(self):
        deal = self.approve()
        for vals in ({"end_name": "Other"}, {"product_ids": [(5, 0, 0)]}):
            with self.assertRaisesRegex(UserError, "Return it"):
                deal.write(vals)
        deal.expected_date = self.today
        deal.answer = "The tender was withdrawn"
        deal.action_return()
        deal.end_name = "Other"

    def test_what_was_submitted_is_not_deleted(self):
        deal = self.register()
        with self.assertRaisesRegex(UserError, "is kept"):
            deal.unlink()
        draft = deal.copy()
        self.assertEqual(draft.state, "draft")
        self.assertNotEqual(draft.name, deal.name)
        draft.unlink()

    def test_a_return_or_refusal_says_why_and_never_who(self):
        self.approve(self.boreas)
        deal = self.register()
        with self.assertRaisesRegex(UserError, "tell the dealer why"):
            deal.action_reject()
        deal.answer = "boreas ltd was first"
        with self.assertRaisesRegex(UserError, "names Boreas Ltd"):
            deal.action_reject()
        deal.answer = "The deal is known to us already"
        deal.action_reject()
        self.assertEqual(deal.state, "rejected")
        self.assertTrue(deal.answered_on)

    def test_the_answer_names_no_dealer_whatever_he_is_called_and_whoever_he_is(self):
        notus = self.create_firm("Notus Sistemas, S.A. de C.V.", dealer_stage="ended")
        notus.active = False
        deal = self.register()
        for text in (
            "notus sistemas asked before",
            "NOTUS-SISTEMAS S.A. de C.V.",
            "It is Boreas's",
            "Boreas Ltd.",
        ):
            deal.answer = text
            with self.assertRaisesRegex(UserError, "Say why, not who"):
                deal.action_reject()
        self.create_firm("Ten", dealer_stage="candidate")
        self.create_firm("Acme", dealer_stage="candidate")
        deal.answer = "Tender lost: Acme GmbH wrote to Ventus Trading, not to boreas"
        deal.action_reject()

    def test_the_names_are_read_once_however_many_dealers_and_deals_there_are(self):
        deals = self.register() | self.register(end_name="Sol SA")
        deals.answer = "The deal is known to us already"
        deals.mapped("dealer_id.name")
        self.env.flush_all()
        with self.assertQueryCount(1):
            deals._check_answer()
        self.env["res.partner"].sudo().create(
            [{"name": f"Dealer {n}", "dealer_stage": "candidate"} for n in range(50)]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        deals.mapped("answer"), deals.mapped("dealer_id.name")
        (deals.owner_dealer_id | deals.delivery_dealer_id).mapped("name")
        with self.assertQueryCount(1):
            deals._check_answer()

    def get_mails(self, deal, dealer=None):
        """What the dealer was told, the newest first."""
        found = self.env["mail.message"].sudo()
        found = found.search([("model", "=", deal._name), ("res_id", "=", deal.id)])
        dealer = dealer or self.ventus
        return found.filtered(lambda one: dealer in one.notified_partner_ids)

    def test_the_dealer_is_told_what_was_decided_and_why(self):
        self.ventus.sudo().email = "info@ventus.example"
        self.approve(self.boreas)
        deal = self.register()
        deal.answer = "The deal is known to us already"
        deal.action_reject()
        mail = self.get_mails(deal)[0]
        self.assertIn("known to us already", mail.body)
        self.assertNotIn("Boreas", mail.body)

    def test_he_is_told_in_his_language_by_the_company(self):
        company = self.env.company.sudo()
        company.email = "office@ours.example"
        self.manager.sudo().email = "manager@ours.example"
        self.env["res.lang"].sudo()._activate_lang("zh_CN")
        self.ventus.sudo().write({"email": "info@ventus.example", "lang": "zh_CN"})
        with freeze_time("2026-03-13 12:00:00"):
            deal = self.register()
            self.assertIn("2026/03/17", self.get_mails(deal)[0].body)
            deal.action_approve()
            self.assertIn("您的报备", self.get_mails(deal)[0].body)
        self.run_clock(deal, deal.protected_until - timedelta(days=1))
        self.assertIn("保护期至", self.get_mails(deal)[0].body)
        self.run_clock(deal, deal.protected_until + timedelta(days=1))
        mails = self.get_mails(deal)
        self.assertEqual(len(mails), 4)
        self.assertIn("您的报备", mails[0].body)
        self.assertEqual(mails.author_id, company.partner_id)
        self.assertNotIn("manager@", "".join(mails.mapped("email_from")))

    def run_clock(self, deal, day):
        self.env["dealer.registration"].sudo()._run(deal.company_id, day)

    def test_a_new_request_has_no_former_answer(self):
        deal = self.register()
        deal.answer = "Say in which country"
        deal.action_return()
        self.assertTrue(deal.answer)
        deal.action_submit()
        with self.assertRaisesRegex(UserError, "tell the dealer why"):
            deal.action_return()

    def test_nothing_is_protected_for_who_is_no_dealer_now(self):
        deal = self.register()
        self.boreas.sudo().dealer_stage = "ended"
        deal.owner_dealer_id = self.boreas
        with self.assertRaisesRegex(UserError, "Boreas Ltd is no dealer now"):
            deal.action_approve()
        deal.owner_dealer_id = self.ventus
        self.ventus.sudo().dealer_stage = "ended"
        self.assertEqual(deal.state, "returned")
        with self.assertRaisesRegex(UserError, "Ventus Trading is no dealer now"):
            deal.action_submit()


@tagged("post_install", "-at_install")
class TestDealerRegistrationConflict(RegistrationCase):
    """When two registrations are the same deal."""

    def assert_same(self, *args, **values):
        deal = self.register(self.boreas, *args, **values)
        self.assertIn(self.first, deal.conflict_ids)
        self.assertTrue(deal.is_blocked)
        with (
            self.assertRaisesRegex(UserError, f"{self.first.name} is approved"),
            self.env.cr.savepoint(),
        ):
            deal.action_approve()

    def assert_another(self, *args, **values):
        deal = self.register(self.boreas, *args, **values)
        self.assertNotIn(self.first, deal.conflict_ids)
        deal.action_approve()
        deal.answer = "Out of the way of the next one"
        deal.action_return()

    def first_with(self, **values):
        self.first = self.approve(**values)

    def test_the_same_name_without_case_accents_and_legal_form(self):
        self.first_with(end_name="Fábrica Sol, S.A.")
        self.assert_same(end_name="FABRICA SOL")
        self.assert_another(end_name="Fabrica Luna")

    def test_the_same_name_in_two_countries_is_no_same_customer(self):
        self.first_with(end_country_id=self.spain.id)
        self.assert_another(end_country_id=self.peru.id)
        self.assert_same()

    def test_the_same_tax_number_or_domain_with_another_name(self):
        self.first_with(
            end_vat="ES A1234567",
            end_domain="sol.example",
            end_country_id=self.spain.id,
        )
        self.assert_same(end_name="X", end_vat="esa1234567")
        self.assert_same(end_name="Y", end_website="https://www.sol.example/")
        self.assert_another(end_name="Z", end_vat="ESA7654321")

    def test_a_tax_number_without_its_country_s_letters(self):
        self.first_with(end_vat="ES A1234567", end_country_id=self.spain.id)
        self.assert_same(end_name="X", end_vat="a 123-4567")
        peru = self.peru.id
        self.assert_another(end_name="Y", end_vat="A1234567", end_country_id=peru)

    def test_a_form_that_is_opened_counts_no_further(self):
        first, deals = self.register(), self.env["dealer.registration"]
        self.assertFalse(deals.default_get(["name"]).get("name"))
        number = int(first.name.removeprefix("DR"))
        self.assertEqual(self.register().name, f"DR{number + 1:05}")

    def test_the_same_firm_by_another_of_its_contacts(self):
        firm = self.create_firm("Sol SA")
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": firm.id})
        self.first_with(end_partner_id=firm.id)
        self.assert_same(end_partner_id=contact.id)

    def test_common_is_the_same_product_or_a_category_over_the_other(self):
        self.first_with()
        self.assert_another(self.mast)
        self.assert_another(self.fan.browse(), self.lamps)
        self.assert_same(self.fan.browse(), self.towers)
        self.assert_same(self.fan.browse(), self.fans)

    def test_a_product_inside_the_others_category(self):
        self.first_with(products=self.fan.browse(), categories=self.fans)
        self.assert_same(self.mast)
        self.assert_same(self.fan.browse(), self.towers)
        self.assert_another(self.fan.browse(), self.lamps)

    def test_submitting_is_never_refused_and_only_an_approved_one_blocks(self):
        waiting = self.register(self.boreas)
        deal = self.register()
        self.assertEqual(deal.conflict_ids, waiting)
        self.assertFalse(deal.is_blocked)
        deal.action_approve()
        waiting.action_check()
        self.assertTrue(waiting.is_blocked)
        with self.assertRaisesRegex(UserError, "is approved"):
            waiting.action_approve()

    def test_another_company_is_no_conflict(self):
        other = self.env["res.company"].sudo().create({"name": "Second"})
        self.manager.sudo().company_ids |= other
        self.first_with()
        self.assert_another(company_id=other.id)

    def test_no_write_by_code_passes_the_check(self):
        self.first_with()
        deal = self.register(self.boreas).sudo()
        with self.assertRaisesRegex(UserError, "is approved"), self.env.cr.savepoint():
            deal.state = "approved"
        other = self.approve(self.boreas, self.mast).sudo()
        with self.assertRaisesRegex(UserError, "is approved"), self.env.cr.savepoint():
            other.product_ids = self.fan
        with self.assertRaisesRegex(UserError, "is approved"):
            deal.copy({"state": "approved"})

    def test_own_leads_and_customers_are_shown_and_block_nothing(self):
        customer = self.create_firm(
            "ACME Inc.", email="info@acme.example", country_id=self.spain.id
        )
        stages = self.env["partner.stage"].sudo()
        stages.create(
            {
                "partner_id": customer.id,
                "company_id": self.env.company.id,
                "stage": "active",
                "since": self.today,
                "is_current": True,
            }
        )
        leads = self.env["crm.lead"].create(
            [
                {"name": "By contact", "partner_id": customer.id},
                {"name": "By domain", "email_from": "bob@acme.example"},
                {"name": "By name", "partner_name": "Acme GmbH"},
                {"name": "Another", "partner_name": "Luna"},
            ]
        )
        deal = self.register(end_website="acme.example")
        self.assertEqual(deal.conflict_lead_ids, leads[:3])
        self.assertEqual(deal.conflict_partner_ids, customer)
        deal.action_approve()

    def test_leads_behind_registrations_are_not_shown_as_ours(self):
        self.first_with()
        deal = self.register(self.boreas)
        self.assertTrue(self.first.lead_id)
        self.assertFalse(deal.conflict_lead_ids)

    def test_a_changed_end_customer_has_other_conflicts(self):
        self.first_with()
        deal = self.register(self.boreas, end_name="Luna")
        deal.end_name = "Acme"
        deal.action_check()
        self.assertEqual(deal.conflict_ids, self.first)

    def test_merged_contacts_are_one_end_customer(self):
        one, two = self.create_firm("Sol"), self.create_firm("Luna")
        self.first_with(end_partner_id=one.id)
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        wizard._merge((one | two).ids, two)
        self.assertEqual(self.first.end_partner_id, two)
        self.assert_same(end_partner_id=two.id)

    def test_two_approved_whose_end_customers_become_one_are_told_of(self):
        one, two = self.create_firm("Sol"), self.create_firm("Luna")
        deals = self.register(end_partner_id=one.id)
        deals |= self.register(self.boreas, end_partner_id=two.id)
        deals.action_approve()
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        wizard._merge((one | two).ids, two)
        self.assertEqual(deals.mapped("is_blocked"), [True, True])
        for deal in deals:
            self.assertIn("Another approved deal", deal.sudo().activity_ids.summary)

    def test_the_check_takes_no_more_queries_among_many(self):
        counts, _rival = [], self.register()
        for size in (2, 30):
            for number in range(size):
                self.register(self.boreas, end_name=f"Other {size} {number}")
            deal = self.register()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            deal._find_conflicts()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_the_check_never_reads_all_registrations(self):
        """Keys are joined: a filter with a subplan is asked of every row."""
        place = {"end_country_id": self.spain.id, "end_website": "sol.example"}
        self.first_with(**place)
        deal = self.register(self.boreas, **place)
        asked = []
        thread = threading.current_thread()
        self.addCleanup(setattr, thread, "query_hooks", ())
        thread.query_hooks = [lambda _cr, *query: asked.append(query[:2])]
        self.assertTrue(deal._find_conflicts())
        thread.query_hooks = ()
        plans = [
            self._explain(query, params)
            for query, params in asked
            if 'FROM "dealer_registration"' in query and "dealer_end_key" in query
        ]
        self.assertTrue(plans)
        for plan in plans:
            self.assertNotIn("SubPlan", plan)

    def _explain(self, query, params):
        self.env.cr.execute(f"EXPLAIN {query}", params)
        return "".join(row[0] for row in self.env.cr.fetchall())


@tagged("post_install", "-at_install")
class TestDealerRegistrationLead(RegistrationCase):
    """One opportunity per approved deal, and free when the protection ends."""

    def test_an_approval_creates_one_opportunity(self):
        territory = self.create_territory("Iberia", country_ids=self.spain)
        territory.user_id = rep = new_test_user(
            self.env(user=SUPERUSER_ID),
            "registration_rep",
            groups="sales_team.group_sale_salesman",
        )
        deal = self.approve(
            end_country_id=self.spain.id,
            expected_revenue=5000,
            expected_date="2030-05-01",
        )
        lead = deal.lead_id
        self.assertEqual(lead.type, "opportunity")
        self.assertEqual(lead.partner_name, "Acme GmbH")
        self.assertEqual(lead.expected_revenue, 5000)
        self.assertEqual(lead.dealer_id, self.ventus)
        self.assertEqual(lead.dealer_territory_id, territory)
        self.assertEqual(lead.dealer_reason, f"Registered deal {deal.name}.")
        self.assertEqual(lead.user_id, rep)
        deal.with_user(rep).check_access("read")

    def test_a_chosen_opportunity_is_linked(self):
        lead = self.env["crm.lead"].create({"name": "Known", "type": "opportunity"})
        deal = self.register(lead_id=lead.id)
        deal.action_approve()
        self.assertEqual(deal.lead_id, lead)
        self.assertEqual(lead.dealer_source, "registration")
        with self.assertRaisesRegex(ValidationError, "belongs to"):
            self.register(self.boreas, self.mast, lead_id=lead.id)

    def test_the_owning_dealer_works_on_it(self):
        deal = self.register()
        deal.owner_dealer_id = self.boreas
        deal.action_approve()
        self.assertEqual(deal.lead_id.dealer_id, self.boreas)
        deal.owner_dealer_id = self.ventus
        self.assertEqual(deal.lead_id.dealer_id, self.ventus)
        self.assertEqual(deal.lead_id.dealer_source, "registration")
        gone = self.create_firm("Gone Ltd", dealer_stage="ended")
        with self.assertRaisesRegex(UserError, "Gone Ltd is no dealer now"):
            deal.owner_dealer_id = gone

    def test_what_he_worked_on_for_another_falls_back_to_that_one(self):
        deal = self.approve()
        deal.write(
            {
                "owner_dealer_id": self.boreas.id,
                "delivery_dealer_id": self.boreas.id,
            }
        )
        self.boreas.sudo().dealer_stage = "ended"
        self.assertEqual(deal.state, "approved")
        self.assertEqual(deal.owner_dealer_id, self.ventus)
        self.assertEqual(deal.delivery_dealer_id, self.ventus)
        self.assertEqual(deal.lead_id.dealer_id, self.ventus)

    def test_return_refusal_and_the_dealers_end_free_it_at_once(self):
        for way in ("action_return", "action_reject", "ended"):
            with self.subTest(way=way):
                deal = self.approve()
                if way == "ended":
                    self.ventus.sudo().dealer_stage = "ended"
                else:
                    deal.answer = "It was given up"
                    getattr(deal, way)()
                self.assertIn(deal.state, ("returned", "rejected"))
                self.assertFalse(deal.lead_id.dealer_id)
                self.assertFalse(deal.lead_id.dealer_reason)
        self.approve(self.boreas)

    def test_won_and_lost_follow_the_opportunity(self):
        won, lost = self.approve(), self.approve(products=self.mast)
        won.lead_id.action_set_won()
        lost.lead_id.action_set_lost()
        self.assertEqual((won.state, lost.state), ("won", "lost"))

    def test_merged_opportunities_keep_the_deal(self):
        deal = self.approve()
        other = self.env["crm.lead"].create({"name": "Older", "type": "opportunity"})
        merged = (deal.lead_id | other).merge_opportunity()
        self.assertEqual(deal.lead_id, merged)
        self.assertEqual(merged.dealer_id, self.ventus)
        self.assertEqual(merged.dealer_source, "registration")

    def test_the_owning_dealer_may_change_and_works_on_it_from_then_on(self):
        deal = self.approve()
        deal.owner_dealer_id = self.boreas
        self.assertEqual(deal.lead_id.dealer_id, self.boreas)
        self.assertEqual(deal.lead_id.dealer_source, "registration")

    @mute_logger("odoo.sql_db")
    def test_a_deal_keeps_its_products(self):
        deal = self.approve(products=self.mast)
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            deal.product_ids.sudo().unlink()
        self.assertTrue(deal.product_ids)

    def test_an_approved_deal_keeps_its_opportunity(self):
        deal = self.approve()
        lead = deal.lead_id
        for other in (self.env["crm.lead"].create({"name": "Other"}), lead.browse()):
            with self.assertRaisesRegex(UserError, "this opportunity"):
                deal.lead_id = other
        with self.assertRaisesRegex(UserError, f"registered deal {deal.name}"):
            lead.sudo().unlink()
        with self.assertRaisesRegex(ValidationError, "Company: .* is with a dealer"):
            lead.sudo().company_id = lead.company_id.sudo().create({"name": "Other"})
        self.assertEqual(deal.lead_id, lead)

    def test_a_deal_lives_again_with_its_opportunity(self):
        deal = self.approve()
        deal.lead_id.action_set_lost()
        deal.lead_id.action_unarchive()
        self.assertEqual(deal.state, "approved")
        stage = self.env["crm.stage"].search([("is_won", "=", False)], limit=1)
        deal.lead_id.action_set_won()
        deal.lead_id.write({"stage_id": stage.id, "probability": 50})
        self.assertEqual(deal.state, "approved")
        deal.lead_id.action_set_lost()
        deal.lead_id.write({"active": True, "probability": 100})
        deal.lead_id.action_set_won()
        self.assertEqual(deal.state, "won")

    def test_a_deal_that_another_has_meanwhile_or_whose_days_are_over_does_not(self):
        for ending in ("another", "over"):
            with self.subTest(ending=ending):
                deal = self.approve(end_name=f"Mill {ending}")
                deal.lead_id.action_set_lost()
                if ending == "another":
                    self.approve(self.boreas, end_name=f"Mill {ending}")
                else:
                    deal.sudo().protected_until = "2020-01-01"
                deal.lead_id.action_unarchive()
                self.assertEqual(deal.state, "expired")
                self.assertFalse(deal.lead_id.dealer_id)

    def test_a_free_opportunity_is_not_taken_from_whom_a_person_gave_it(self):
        deal = self.approve()
        deal.lead_id.dealer_id = self.boreas
        deal.answer = "It was given up"
        deal.action_return()
        self.assertEqual(deal.lead_id.dealer_id, self.boreas)


@tagged("post_install", "-at_install")
class TestDealerRegistrationClock(RegistrationCase):
    """Answers in two working days; protection, reminders and the end."""

    def run_on(self, day):
        deals = self.env(user=SUPERUSER_ID)["dealer.registration"]
        deals._run(self.env.company, day)

    def activities(self, deal):
        return deal.sudo().activity_ids

    @freeze_time("2026-03-13 10:00:00")
    def test_an_answer_is_due_after_two_working_days(self):
        deal = self.register()
        self.assertEqual(deal.answer_due_date, date(2026, 3, 17))
        self.assertEqual(self.activities(deal).user_id, self.manager)
        self.env["resource.calendar.leaves"].sudo().create(
            {
                "name": "Holiday",
                "company_id": self.env.company.id,
                "calendar_id": self.env.company.resource_calendar_id.id,
                "date_from": datetime(2026, 3, 16),
                "date_to": datetime(2026, 3, 16, 23, 59),
            }
        )
        self.assertEqual(self.register(self.boreas).answer_due_date, date(2026, 3, 18))

    @freeze_time("2026-03-13 10:00:00")
    def test_a_late_answer_is_escalated_once_and_not_by_the_day_it_is_due(self):
        boss = new_test_user(
            self.env(user=SUPERUSER_ID),
            "registration_boss",
            groups="crm_manufacturing.group_manager",
        )
        self.env.company.sudo().dealer_escalation_user_id = boss
        deal = self.register()
        self.run_on(date(2026, 3, 17))
        self.assertFalse(deal.is_escalated)
        self.run_on(date(2026, 3, 18))
        self.run_on(date(2026, 3, 19))
        self.assertTrue(deal.is_escalated)
        mine = self.activities(deal).filtered(lambda one: one.user_id == boss)
        self.assertEqual(len(mine), 1)

    @freeze_time("2026-03-13 10:00:00")
    def test_without_a_setting_the_next_manager_is_asked(self):
        boss = new_test_user(
            self.env(user=SUPERUSER_ID),
            "registration_boss",
            groups="crm_manufacturing.group_manager",
        )
        deal = self.register()
        self.run_on(date(2026, 3, 20))
        self.assertIn(boss, self.activities(deal).user_id)

    @freeze_time("2026-01-01 10:00:00")
    def test_protection_is_the_later_of_two_and_at_most_so_long(self):
        for expected, until in (
            (False, date(2026, 4, 1)),
            (date(2026, 2, 1), date(2026, 4, 1)),
            (date(2026, 4, 1), date(2026, 5, 1)),
            (date(2026, 12, 1), date(2026, 6, 30)),
        ):
            with self.subTest(expected=expected):
                deal = self.approve(end_name=f"To {expected}", expected_date=expected)
                self.assertEqual(deal.protected_until, until)

    @freeze_time("2026-01-01 10:00:00")
    def test_a_level_may_protect_longer(self):
        grade = (
            self.env["res.partner.grade"]
            .sudo()
            .create({"name": "Gold", "dealer_protection_days": 120})
        )
        self.ventus.sudo().grade_id = grade
        self.assertEqual(self.approve().protected_until, date(2026, 5, 1))
        self.assertEqual(
            self.approve(self.boreas, self.mast).protected_until, date(2026, 4, 1)
        )

    def test_an_extension_needs_new_progress(self):
        with freeze_time("2026-01-01 10:00:00"):
            deal = self.approve()
            with self.assertRaisesRegex(UserError, "Progress"):
                deal.action_extend()
            deal.progress = "The plan is drawn"
        with freeze_time("2026-03-01 10:00:00"):
            deal.action_extend()
            self.assertEqual(deal.protected_until, date(2026, 5, 30))
            self.assertEqual(deal.extension_count, 1)
            with self.assertRaisesRegex(UserError, "Progress"):
                deal.action_extend()

    def test_the_same_words_are_no_progress(self):
        deal = self.approve()
        deal.progress = "The tender is out."
        deal.action_extend()
        for words in ("The tender is out. ", "", False):
            deal.progress = words
            with self.assertRaisesRegex(UserError, "Progress: say what has moved"):
                deal.action_extend()
        self.assertEqual(deal.extension_count, 1)

    def test_who_left_or_works_elsewhere_is_not_asked(self):
        boss = new_test_user(
            self.env(user=SUPERUSER_ID),
            "registration_boss",
            groups="crm_manufacturing.group_manager",
        )
        former = new_test_user(self.env(user=SUPERUSER_ID), "registration_former")
        self.ventus.sudo().dealer_manager_id = former
        elsewhere = self.env.company.sudo().create({"name": "Elsewhere"})
        for change in (
            {"active": False},
            {"company_id": elsewhere.id, "company_ids": elsewhere.ids, "active": True},
        ):
            former.write(change)
            with self.subTest(change=change):
                deal = self.register(end_name=f"Mill {len(change)}")
                self.assertEqual(deal.user_id, former)
                self.assertEqual(self.activities(deal).user_id, self.manager)
                deal.action_approve()
                deal.sudo().protected_until = date.today()
                self.run_on(date.today())
                self.assertEqual(self.activities(deal).user_id, boss)

    @freeze_time("2026-01-01 10:00:00")
    def test_a_reminder_comes_once_before_the_end(self):
        deal = self.approve()
        self.run_on(date(2026, 3, 17))
        self.assertFalse(deal.is_reminded)
        self.run_on(date(2026, 3, 18))
        self.run_on(date(2026, 3, 19))
        due = self.activities(deal).filtered(
            lambda one: one.date_deadline == deal.protected_until
        )
        self.assertEqual(len(due), 1)
        deal.progress = "The plan is drawn"
        deal.action_extend()
        self.assertFalse(deal.is_reminded)

    @freeze_time("2026-01-01 10:00:00")
    def test_what_is_not_protected_any_more_is_free_for_others(self):
        deal = self.approve()
        self.run_on(date(2026, 4, 1))
        self.assertEqual(deal.state, "approved")
        self.run_on(date(2026, 4, 2))
        self.assertEqual(deal.state, "expired")
        self.assertFalse(deal.lead_id.dealer_id)
        self.approve(self.boreas)

    def test_the_cron_runs_for_each_company(self):
        deals = self.env(user=SUPERUSER_ID)["dealer.registration"]
        crons = self.env.registry["ir.cron"]
        with (
            patch.object(crons, "_commit_progress", return_value=1),
            patch.object(self.env.registry["dealer.registration"], "_run") as run,
        ):
            deals._cron_run()
        self.assertEqual(
            run.call_count, self.env["res.company"].sudo().search_count([])
        )

    def test_days_outside_reason_are_refused(self):
        with (
            self.assertRaises(CheckViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.company.sudo().dealer_answer_days = 0
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestDealerChannelReport(RegistrationCase):
    """What dealers bring, how they keep it up, and our part in it."""

    def test_won_value_win_rate_and_the_median_of_our_answers(self):
        with freeze_time("2026-03-02 10:00:00"):
            deals = [
                self.register(end_name=name, expected_revenue=1000)
                for name in ("A", "B", "C")
            ]
        for deal, day in zip(deals, ("03", "04", "12"), strict=True):
            with freeze_time(f"2026-03-{day} 10:00:00"):
                deal.action_approve()
        deals[0].lead_id.action_set_won()
        deals[1].lead_id.action_set_lost()
        self.env.flush_all()
        row = self.env["dealer.channel.report"].search(
            [("dealer_id", "=", self.ventus.id)]
        )
        self.assertEqual((row.year, row.deal_count, row.approved_count), ("2026", 3, 3))
        self.assertEqual((row.won_count, row.lost_count, row.won_value), (1, 1, 1000))
        self.assertEqual((row.win_rate, row.answer_count), (50, 3))
        self.assertAlmostEqual(row.answer_days, 2)
        self.assertAlmostEqual(row.in_time, 200 / 3)
        found = self.env["dealer.registration"].search(
            row.action_open_registrations()["domain"]
        )
        self.assertEqual(len(found), 3)

    def test_rates_of_several_dealers_are_of_all_their_deals(self):
        reports = self.env["dealer.channel.report"]
        with freeze_time("2019-03-04 10:00:00"):
            deals = [self.register(end_name=name) for name in "ABC"]
            other = self.register(self.boreas, end_name="D")
            for deal in (*deals, other):
                deal.action_approve()
            for deal in deals:
                deal.lead_id.action_set_lost()
            other.lead_id.action_set_won()
        self.env.flush_all()
        rates = reports._read_group(
            [("year", "=", "2019")], ["year"], ["win_rate:avg", "in_time:avg"]
        )
        self.assertEqual(rates, [("2019", 25, 100)])
        self.assertFalse(reports._fields["answer_days"].aggregator)

    def test_kept_up_are_decided_ones_and_those_that_moved_lately(self):
        with freeze_time("2026-01-05 10:00:00"):
            won, lost, moved, idle, gone = (
                self.approve(end_name=name) for name in "ABCDE"
            )
            won.lead_id.action_set_won()
            lost.lead_id.action_set_lost()
            self.register(end_name="Not answered")
        with freeze_time("2026-03-20 10:00:00"):
            moved.progress = "The plan is drawn"
        gone._close("expired")
        metric = self.env["partner.scorecard.metric"]
        period = (self.env.company, date(2026, 1, 1), date(2026, 3, 31))
        self.env.flush_all()
        rows = self.env.execute_query(
            metric._metric_dealer_registration_quality(*period)
        )
        self.assertEqual(rows, [(self.ventus.id, 0.6, 5)])
        action = metric._metric_dealer_registration_quality_action(self.ventus, *period)
        found = self.env["dealer.follow.up"].search(action["domain"])
        self.assertEqual(found.registration_id, won | lost | moved | idle | gone)


@tagged("post_install", "-at_install")
class TestDealerRegistrationAccess(RegistrationCase):
    """Who sees a registration, and who answers it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deal = cls.register()
        root = cls.env(user=SUPERUSER_ID)
        cls.rep = new_test_user(
            root, "access_rep", groups="sales_team.group_sale_salesman"
        )
        cls.portal = new_test_user(root, "access_portal", groups="base.group_portal")
        cls.portal.partner_id.parent_id = cls.ventus

    def test_the_portal_has_nothing_but_its_own_to_read(self):
        for name in (
            "dealer.registration",
            "dealer.end.key",
            "dealer.territory",
            "dealer.territory.spot",
        ):
            records = self.env[name].with_user(self.portal)
            for operation in ("read", "write", "create", "unlink"):
                # the deals of his own firm, by rule
                own = name == "dealer.registration" and operation == "read"
                self.assertEqual(records.has_access(operation), own, name)
            if name == "dealer.registration":
                self.assertLessEqual(records.search([]).dealer_id, self.ventus)
        deal = self.deal.with_user(self.portal)
        for method in ("action_submit", "action_approve", "action_return"):
            with self.assertRaises(UserError):
                getattr(deal, method)()
        partner = self.ventus.with_user(self.portal)
        for name in ("dealer_stage", "dealer_manager_id", "dealer_no_direct_contact"):
            with self.assertRaises(AccessError):
                partner.read([name])

    def test_another_company_sees_nothing(self):
        root = self.env(user=SUPERUSER_ID)
        other = root["res.company"].create({"name": "Second"})
        stranger = new_test_user(
            root,
            "access_stranger",
            groups="crm_manufacturing.group_channel_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        territory = self.create_territory("Iberia", country_ids=self.spain)
        for record in (self.deal, territory):
            self.assertFalse(record.with_user(stranger).search([]) & record)
            with self.assertRaises(AccessError):
                record.with_user(stranger).read(["name"])

    def test_a_salesperson_sees_what_he_answers_or_works_on(self):
        deals = self.env["dealer.registration"].with_user(self.rep)
        self.assertFalse(deals.search([]) & self.deal)
        self.deal.action_approve()
        self.deal.lead_id.user_id = self.rep
        self.assertIn(self.deal, deals.search([]))
        with self.assertRaises(AccessError):
            self.deal.with_user(self.rep).answer = "Mine"
        with self.assertRaises(AccessError):
            self.deal.with_user(self.rep).read(["conflict_ids"])

    def test_only_channel_managers_answer(self):
        self.deal.user_id = self.rep
        for method in ("action_approve", "action_return", "action_reject"):
            with self.assertRaises(AccessError):
                getattr(self.deal.with_user(self.rep), method)()

    def test_keys_are_nobodys(self):
        with self.assertRaises(AccessError):
            self.env["dealer.end.key"].search([])
        with self.assertRaises(AccessError):
            self.deal.read(["key_ids"])


@tagged("post_install", "-at_install")
class TestDealerRegistrationConcurrency(BaseCase):
    """Two managers approve at once, in two real transactions: one stays."""

    def setUp(self):
        super().setUp()
        self.one, self.two = self._open(), self._open()
        partners = self.one["res.partner"].create(
            [
                {"name": name, "is_company": True, "dealer_stage": "active"}
                for name in ("Ventus", "Boreas")
            ]
        )
        product = self.one["product.product"].create({"name": "Fan"})
        self.deals = self.one["dealer.registration"].create(
            [
                {
                    "dealer_id": partner.id,
                    "end_name": "Acme concurrent",
                    "product_ids": product.ids,
                }
                for partner in partners
            ]
        )
        self.deals.action_submit()
        self.one.cr.commit()
        self.addCleanup(self._remove, partners, product)

    def _open(self):
        cursor = db_connect(get_db_name()).cursor()
        self.addCleanup(cursor.close)
        return api.Environment(cursor, SUPERUSER_ID, {})

    def _remove(self, partners, product):
        self.one.cr.rollback()
        self.one.invalidate_all()
        leads = self.deals.lead_id
        keys = self.deals.key_ids
        self.deals.write({"state": "draft"})
        self.deals.unlink()
        leads.unlink()
        keys.unlink()
        product.unlink()
        partners.unlink()
        self.one.cr.commit()

    def approve(self, env, number):
        self.deals[number].with_env(env).action_approve()
        env.cr.flush()

    def test_the_second_of_two_approvals_is_tried_again_and_sees_the_first(self):
        for env in (self.one, self.two):  # both look before either approves
            env.cr.rollback()
            env.invalidate_all()
            self.assertEqual(
                self.deals.with_env(env).mapped("state"), ["submitted"] * 2
            )
        self.approve(self.one, 0)
        self.one.cr.commit()
        with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
            self.approve(self.two, 1)
        self.two.cr.rollback()  # as the host does, before it tries again
        self.two.transaction.reset()
        with self.assertRaisesRegex(UserError, "is approved"):
            self.approve(self.two, 1)
        self.two.cr.rollback()
        self.one.cr.rollback()
        self.one.invalidate_all()
        self.assertEqual(self.deals.mapped("state"), ["approved", "submitted"])

    def test_the_second_waits_for_the_first(self):
        self.approve(self.one, 0)
        self.two.cr.execute("SET lock_timeout = '300ms'")
        with self.assertRaises(LockNotAvailable), mute_logger("odoo.sql_db"):
            self.approve(self.two, 1)
        self.two.cr.rollback()
