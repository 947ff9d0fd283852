from odoo.tests import tagged

from odoo.addons.crm_manufacturing.tests.dealer_portal_common import DealerPortalCase

HOST_PAGES = ("leads", "opportunities")


@tagged("post_install", "-at_install")
class TestPartnerAssignPortal(DealerPortalCase):
    """A dealer reads of his leads on one page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.spain = cls.env.ref("base.es")
        cls.env["dealer.territory"].create(
            {
                "name": "Iberia",
                "dealer_id": cls.ventus.id,
                "company_id": cls.company.id,
                "country_ids": cls.spain.ids,
            }
        )
        cls.lead = cls._create_lead(country_id=cls.spain.id)
        cls.offer = cls.env["dealer.offer"]._give(cls.lead, cls.today)
        cls.reseller = cls._create_customer("Reseller")
        cls.reseller.grade_id = cls.env["res.partner.grade"].create({"name": "Gold"})
        cls.rob = cls._create_person("rob", cls.reseller)
        cls.other = cls._create_lead(partner_assigned_id=cls.reseller.id)

    @classmethod
    def _create_lead(cls, **values):
        return cls.env["crm.lead"].create(
            {
                "name": "Fans",
                "type": "opportunity",
                "contact_name": "Secret Customer",
                "user_id": False,
                "company_id": cls.company.id,
                **values,
            }
        )

    def _url(self, answer):
        return answer.url.split("/my/")[1]

    def test_the_host_s_pages_lead_a_dealer_to_ours(self):
        self._login("ada")
        for page in HOST_PAGES:
            self.assertEqual(self._url(self._get(f"/my/{page}")), "dealer/leads")
        answer = self._get(f"/my/opportunity/{self.lead.id}")
        self.assertEqual(self._url(answer), f"dealer/leads/{self.offer.id}")
        self.assertNotIn("Secret Customer", answer.text)
        answer = self._get(f"/my/opportunity/{self.other.id}")
        self.assertEqual(self._url(answer), "dealer/leads")

    def test_a_dealer_reads_no_lead_however_he_asks(self):
        self._login("ada")
        for method, *args in (
            ("search_read", [["id", "=", self.lead.id]], ["contact_name"]),
            ("search_count", [["contact_name", "=", "Secret Customer"]]),
        ):
            result, error = self._call("crm.lead", method, *args)
            self.assertFalse(error or result, method)
        for method, *args in (
            ("read", self.lead.ids, ["contact_name"]),
            ("export_data", self.lead.ids, ["contact_name"]),
            ("partner_interested", self.lead.ids),
            ("partner_desinterested", self.lead.ids, "No"),
            ("update_stage_from_portal", self.lead.ids, 1),
            ("update_contact_details_from_portal", self.lead.ids, {"city": "X"}),
        ):
            _result, error = self._call("crm.lead", method, *args)
            self.assertTrue(error, method)
        self.assertEqual(self.offer.state, "offered")

    def test_a_dealer_registers_his_deal_and_makes_no_opportunity_himself(self):
        self.ventus.grade_id = self.reseller.grade_id
        self._login("ada")
        values = {"contact_name": "X", "description": "X", "title": "Mine"}
        _result, error = self._call("crm.lead", "create_opp_portal", values)
        self.assertTrue(error)
        self.assertFalse(self.env["crm.lead"].search([("name", "=", "Mine")]))

    def test_a_reseller_who_is_no_dealer_keeps_the_host_s_pages(self):
        self._login("rob")
        answer = self._get("/my/opportunities")
        self.assertEqual(self._url(answer), "opportunities")
        self.assertIn(f"/my/opportunity/{self.other.id}", answer.text)
        answer = self._get(f"/my/opportunity/{self.other.id}")
        self.assertIn("Secret Customer", answer.text)
        self.assertNotIn(f"/my/opportunity/{self.lead.id}", answer.text)
