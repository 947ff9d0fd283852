from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import TODAY
from .test_dealer_exit import DealerLifeCase

FORM = "crm_manufacturing.dealer_partner_view_form"
BUTTONS = {
    "action_open_dealer_registrations": "dealer_registration_count",
    "action_open_dealer_offers": "dealer_offer_count",
    "action_open_dealer_territories": "dealer_territory_count",
    "action_open_dealer_reports": "dealer_report_count",
}


@tagged("post_install", "-at_install")
class TestDealerForm(DealerLifeCase):
    """The dealer's own form shows him first, and leads to all he has with us."""

    def _get_arch(self, user):
        view = self.env.ref(FORM)
        partners = self.env["res.partner"].with_user(user)
        return etree.fromstring(partners.get_view(view.id)["arch"])

    def _register(self, **values):
        return self.env["dealer.registration"].create(
            {"end_name": "Hotel Aurora", "dealer_id": self.dealer.id, **values}
        )

    def test_the_page_of_the_dealer_is_the_one_that_opens(self):
        arch = self._get_arch(self.channel)
        pages = arch.xpath("//notebook[1]/page[@autofocus]/@name")
        self.assertEqual(pages, ["dealer"])
        self.assertEqual(arch.xpath("//notebook[1]/page/@name")[0], "dealer")

    def test_the_stage_is_a_bar_and_the_first_buttons_are_the_dealers(self):
        arch = self._get_arch(self.channel)
        (bar,) = arch.xpath("//header/field[@widget='statusbar']/@name")
        self.assertEqual(bar, "dealer_stage")
        names = arch.xpath("//div[@name='button_box']/button/@name")
        self.assertEqual(names[: len(BUTTONS)], list(BUTTONS))
        (here,) = arch.xpath("//button[@name='action_open_dealer']")
        self.assertEqual(here.get("invisible"), "1")

    def test_each_button_counts_what_it_opens(self):
        other = self._create_customer("Calm Air", dealer_stage="candidate")
        deals = self._register() | self._register(
            dealer_id=other.id, delivery_dealer_id=self.dealer.id
        )
        deals[1].sudo().write({"state": "returned", "category_ids": self._categories()})
        self._register(dealer_id=other.id)
        self.env["dealer.territory"].create(
            {"name": "Past", "dealer_id": self.dealer.id, "date_end": "2020-01-01"}
        )
        counts = {}
        for name, field in BUTTONS.items():
            action = getattr(self.as_channel, name)()
            rows = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(len(rows), self.as_channel[field])
            self.assertNotIn("search_default", str(action["context"]))
            counts[field] = rows
        self.assertEqual(counts["dealer_registration_count"], deals)
        self.assertEqual(len(counts["dealer_territory_count"]), 1)

    def _categories(self):
        return self.env["product.category"].create({"name": "Fans"}).ids

    def test_links_to_a_dealer_open_his_own_form(self):
        for model, field in [
            ("dealer.registration", "dealer_id"),
            ("dealer.registration", "owner_dealer_id"),
            ("dealer.registration", "delivery_dealer_id"),
            ("dealer.offer", "dealer_id"),
            ("dealer.territory", "dealer_id"),
            ("dealer.exit", "dealer_id"),
            ("crm.lead", "dealer_id"),
            ("sale.order", "dealer_id"),
        ]:
            arch = etree.fromstring(self.env[model].get_view(view_type="form")["arch"])
            path = f"//field[@name='{field}'][not(ancestor::list)]/@context"
            (context,) = arch.xpath(path)
            self.assertIn(FORM, context, f"{model}.{field}")

    def test_an_opportunity_leads_to_the_deal_behind_it(self):
        deal = self._register(category_ids=self._categories())
        deal.lead_id = self.env["crm.lead"].create({"name": "Fans"})
        action = deal.lead_id.action_open_dealer_registrations()
        self.assertEqual((action["res_model"], action["res_id"]), (deal._name, deal.id))
        lead = deal.lead_id.with_user(self.channel)
        arch = etree.fromstring(lead.get_view(view_type="form")["arch"])
        (button,) = arch.xpath("//button[@name='action_open_dealer_registrations']")
        self.assertEqual(button.get("invisible"), "dealer_source != 'registration'")

    def test_what_is_looked_at_on_a_phone_has_cards(self):
        for name in ("dealer_territory", "dealer_offer_reclaim", "dealer_registration"):
            action = self.env.ref(f"crm_manufacturing.{name}_action")
            modes = [mode for _view, mode in action.views]
            self.assertIn("kanban", modes, name)

    def test_leads_and_orders_are_found_and_grouped_by_dealer(self):
        for model, view in [
            ("crm.lead", "crm.view_crm_case_leads_filter"),
            ("crm.lead", "crm.view_crm_case_opportunities_filter"),
            ("sale.order", "sale.view_sales_order_filter"),
        ]:
            records = self.env[model].with_user(self.channel)
            arch = etree.fromstring(records.get_view(self.env.ref(view).id)["arch"])
            self.assertTrue(arch.xpath("//field[@name='dealer_id']"), view)
            self.assertTrue(arch.xpath("//filter[@name='group_dealer']"), view)

    def test_a_salesperson_proposes_candidates_and_changes_no_dealer(self):
        partners = self.env["res.partner"].with_user(self.rep)
        new = partners.create(
            {"name": "New Air", "is_company": True, "dealer_stage": "candidate"}
        )
        self.assertTrue(new.may_keep_dealer)
        new.dealer_review_date = TODAY
        new.sudo().write(
            {"dealer_manager_id": self.channel.id, "dealer_contract_start": TODAY}
        )
        with self.assertRaisesRegex(AccessError, "New Air are changed by channel"):
            new.dealer_stage = "recruited"
        new.with_user(self.channel).dealer_stage = "recruited"
        self.assertFalse(new.may_keep_dealer)
        for values in [
            {"dealer_stage": "candidate"},
            {"dealer_no_direct_contact": True},
            {"dealer_contract_start": False},
        ]:
            with self.assertRaises(AccessError):
                new.write(values)
        new.phone = "+34 1"
        new.with_user(self.manager).dealer_review_date = TODAY

    def test_nor_does_he_create_one_with_a_contract(self):
        partners = self.env["res.partner"].with_user(self.rep)
        self.env["dealer.entry.criterion"].search([]).active = False
        with self.assertRaises(AccessError):
            partners.create({"name": "Born Active", "dealer_stage": "active"})

    def test_the_form_is_read_only_for_who_may_not_change_it(self):
        self.dealer.dealer_stage = "active"
        form = Form(self.dealer.with_user(self.rep), FORM)
        with self.assertRaisesRegex(AssertionError, "readonly"):
            form.dealer_review_date = TODAY
        form = Form(self.as_channel, FORM)
        form.dealer_review_date = TODAY
        form.save()
