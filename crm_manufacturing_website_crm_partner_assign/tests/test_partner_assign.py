from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.crm_manufacturing.tests.test_dealer_offer import FRIDAY, OfferCase
from odoo.addons.crm_manufacturing_website_crm_partner_assign import post_init_hook


class AssignCase(OfferCase):
    """Ventus has Spain and Boreas has Peru; both lie beside every lead, and weigh."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_territory("Andes", cls.boreas, country_ids=cls.peru)
        cls.grade = cls.env["res.partner.grade"].create(
            {"name": "Gold", "partner_weight": 100}
        )
        (cls.ventus | cls.boreas).grade_id = cls.grade
        cls.reseller = cls.create_firm(
            "Reseller", grade_id=cls.grade.id, email="reseller@x.example"
        )
        (cls.ventus | cls.boreas | cls.reseller).write(
            {"country_id": cls.spain.id, "partner_latitude": 40, "partner_longitude": 3}
        )

    @classmethod
    def create_lead(cls, **values):
        place = {"partner_latitude": 40, "partner_longitude": 3}
        return super().create_lead(**{**place, **values})

    def create_contact(self):
        return self.create_firm("Ada", parent_id=self.ventus.id, is_company=False)

    def create_leads(self):
        leads = self.create_lead(), self.create_lead(country_id=self.peru.id)
        return sum((*leads, self.create_lead()), self.env["crm.lead"])

    def forward(self, leads, **values):
        wizard = self.env["crm.lead.forward.to.partner"].with_context(
            active_ids=leads.ids, default_composition_mode="mass_mail"
        )
        return wizard.create({"forward_type": "assigned", **values})

    def get_mails(self):
        return self.env["mail.mail"].sudo().search([]).mapped("body_html")


@tagged("post_install", "-at_install")
class TestPartnerAssign(AssignCase):
    """The host's assignment by distance and weight, by our rules."""

    def test_several_leads_are_offered_each_to_the_dealer_of_its_own_place(self):
        leads = self.create_leads()
        leads.action_assign_partner()
        ours = [self.ventus, self.boreas, self.ventus]
        self.assertEqual([lead.partner_assigned_id for lead in leads], ours)
        self.assertEqual([lead.dealer_id for lead in leads], ours)
        self.assertEqual(set(leads.dealer_offer_ids.mapped("state")), {"offered"})
        self.assertIn("Iberia: Spain.", leads[0].dealer_offer_ids.reason)

    def test_assigning_by_code_follows_the_same_rules(self):
        leads = self.create_leads()
        leads.assign_partner()
        dealers = [lead.dealer_offer_ids.dealer_id for lead in leads]
        self.assertEqual(dealers, [self.ventus, self.boreas, self.ventus])

    def test_a_lead_nobody_may_have_is_nobody_s_however_near_he_is(self):
        lead = self.create_lead(country_id=self.env.ref("base.fr").id)
        lead.assign_partner()
        self.assertFalse(lead.partner_assigned_id | lead.dealer_id)
        unavailable = "website_crm_partner_assign.tag_portal_lead_partner_unavailable"
        self.assertIn(self.env.ref(unavailable), lead.tag_ids)
        with self.assertRaisesRegex(UserError, "no dealer has its place"):
            lead.action_assign_partner()

    def test_who_declined_is_never_assigned_again(self):
        lead = self.create_lead()
        lead.action_assign_partner()
        lead.dealer_offer_ids._decline("Too far")
        self.assertFalse(lead.partner_assigned_id)
        self.assertEqual(lead.partner_declined_ids, self.ventus)
        lead.assign_partner()
        self.assertFalse(lead.partner_assigned_id)
        with self.assertRaisesRegex(UserError, "declined it"):
            self.forward(
                lead, forward_type="single", partner_id=self.ventus.id
            ).action_forward()

    def test_who_declined_on_the_host_s_page_before_is_not_offered_it(self):
        lead = self.create_lead()
        contact = self.create_contact()
        lead.partner_declined_ids = contact
        lead.assign_partner()
        self.assertFalse(lead.dealer_offer_ids)

    def test_from_whom_it_was_taken_it_keeps_away_for_the_cool_down(self):
        lead = self.create_lead()
        lead.assign_partner()
        lead.dealer_offer_ids._take_back("unanswered", FRIDAY, "Late")
        lead.assign_partner()
        self.assertFalse(lead.partner_assigned_id)

    def test_the_weight_of_a_level_decides_nothing(self):
        self.create_territory("Iberia too", self.boreas, country_ids=self.spain)
        gold = self.env["res.partner.grade"].create(
            {"name": "Platinum", "sequence": 1, "partner_weight": 0}
        )
        self.boreas.grade_id = gold
        lead = self.create_lead()
        lead.assign_partner()
        self.assertEqual(lead.partner_assigned_id, self.boreas)
        form = (
            self.env["res.partner.grade"]
            .with_user(self.manager)
            .get_view(view_type="form")
        )
        self.assertNotIn("partner_weight", form["arch"])

    def test_while_the_room_is_off_each_lead_is_still_assigned_by_itself(self):
        self.env.ref("crm_manufacturing.group_dealer_room").implied_by_ids = False
        self.patch(
            type(self.env["partner.scorecard"]),
            "_get_resting_roles",
            lambda self: {"dealer"},
        )
        (self.ventus | self.boreas).grade_id = False
        self.create_firm(
            "Lima",
            grade_id=self.grade.id,
            country_id=self.peru.id,
            partner_latitude=-12,
            partner_longitude=-77,
        )
        here = self.create_lead()
        there = self.create_lead(
            country_id=self.peru.id, partner_latitude=-12, partner_longitude=-77
        )
        (here | there).action_assign_partner()
        self.assertEqual(here.partner_assigned_id, self.reseller)
        self.assertEqual(there.partner_assigned_id.name, "Lima")
        self.assertFalse((here | there).dealer_id)


@tagged("post_install", "-at_install")
class TestPartnerAssigned(AssignCase):
    """One truth: the partner assigned is the dealer."""

    def test_the_dealer_found_is_the_partner_assigned_and_goes_with_him(self):
        lead = self.create_lead()
        self.assertEqual(lead.partner_assigned_id, self.ventus)
        self.assertEqual(lead.date_partner_assign, FRIDAY)
        lead.country_id = self.peru
        self.assertEqual(lead.partner_assigned_id, self.boreas)
        lead.country_id = self.env.ref("base.fr")
        self.assertFalse(lead.partner_assigned_id)

    def test_a_partner_chosen_who_is_a_dealer_is_the_dealer(self):
        contact = self.create_contact()
        lead = self.create_lead(country_id=self.peru.id)
        lead.partner_assigned_id = contact
        self.assertEqual((lead.dealer_id, lead.dealer_source), (self.ventus, "manual"))
        made = self.create_lead(partner_assigned_id=self.boreas.id)
        self.assertEqual((made.dealer_id, made.dealer_source), (self.boreas, "manual"))

    def test_another_partner_takes_it_from_the_dealer_who_had_it(self):
        lead = self.create_lead()
        lead.action_assign_partner()
        offer = lead.dealer_offer_ids
        lead.partner_assigned_id = self.boreas
        self.assertEqual(offer.state, "taken_back")
        self.assertEqual(lead.dealer_offer_ids._filter_open().dealer_id, self.boreas)
        lead.partner_assigned_id = False
        self.assertFalse(
            lead.dealer_id | lead.dealer_offer_ids._filter_open().dealer_id
        )

    def test_a_reseller_who_is_no_dealer_stays_where_he_was_put(self):
        lead = self.create_lead(partner_assigned_id=self.reseller.id)
        lead.country_id = self.peru
        self.assertEqual(lead.partner_assigned_id, self.reseller)
        self.assertFalse(lead.dealer_id)

    def test_a_copy_is_given_to_nobody(self):
        lead = self.create_lead(country_id=False, partner_assigned_id=self.ventus.id)
        self.assertFalse(lead.copy().partner_assigned_id)

    def test_a_merged_lead_stays_with_the_dealer_who_accepted(self):
        self.create_territory("Iberia too", self.boreas, country_ids=self.spain)
        head, tail = self.create_lead(probability=90), self.create_lead()
        tail.dealer_id = self.boreas
        tail.action_assign_partner()
        tail.dealer_offer_ids._accept()
        merged = (head | tail).merge_opportunity(auto_unlink=False)
        self.assertEqual(merged.dealer_offer_ids._filter_open().dealer_id, self.boreas)
        self.assertEqual(merged.partner_assigned_id, self.boreas)

    def test_what_was_assigned_before_is_joined_at_installation(self):
        lead = self.create_lead(country_id=False)
        other = self.create_lead()
        for one, partner in ((lead, self.ventus), (other, self.env["res.partner"])):
            self.env.cr.execute(
                "UPDATE crm_lead SET partner_assigned_id = %s WHERE id = %s",
                [partner.id or None, one.id],
            )
        self.env.invalidate_all()
        post_init_hook(self.env)
        self.assertEqual(lead.dealer_id, self.ventus)
        self.assertEqual(other.partner_assigned_id, self.ventus)


@tagged("post_install", "-at_install")
class TestForward(AssignCase):
    """The host's e-mail names the customer; a dealer reads that after he accepts."""

    def test_forwarded_leads_are_offered_each_to_its_own(self):
        leads = self.create_leads()
        leads.write({"contact_name": "Secret Customer"})
        wizard = self.forward(leads)
        proposed = [line.partner_assigned_id for line in wizard.assignation_lines]
        self.assertEqual(proposed, [self.ventus, self.boreas, self.ventus])
        wizard.action_forward()
        dealers = [lead.dealer_offer_ids.dealer_id for lead in leads]
        self.assertEqual(dealers, [self.ventus, self.boreas, self.ventus])
        self.assertNotIn("Secret Customer", "".join(map(str, self.get_mails())))

    def test_a_dealer_named_is_offered_it_outside_his_territory(self):
        lead = self.create_lead()
        wizard = self.forward(lead, forward_type="single", partner_id=self.boreas.id)
        wizard.with_user(self.rep_all()).action_forward()
        self.assertEqual(lead.dealer_offer_ids.dealer_id, self.boreas)
        wizard = self.forward(lead, forward_type="single", partner_id=self.boreas.id)
        wizard.action_forward()
        self.assertEqual(len(lead.dealer_offer_ids), 1)

    def test_a_registered_deal_is_not_forwarded(self):
        lead = self.create_lead()
        lead.sudo().dealer_source = "registration"
        wizard = self.forward(lead, forward_type="single", partner_id=self.boreas.id)
        with self.assertRaisesRegex(UserError, "a registered deal"):
            wizard.action_forward()

    def test_a_reseller_who_is_no_dealer_is_mailed_by_the_host(self):
        lead = self.create_lead(contact_name="Secret Customer")
        wizard = self.forward(lead, forward_type="single", partner_id=self.reseller.id)
        wizard.action_forward()
        self.assertEqual(lead.partner_assigned_id, self.reseller)
        self.assertFalse(lead.dealer_id | lead.dealer_offer_ids.dealer_id)

    def rep_all(self):
        self.rep.group_ids = [
            Command.link(self.env.ref("sales_team.group_sale_salesman_all_leads").id)
        ]
        return self.rep
