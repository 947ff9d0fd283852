from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ScorecardCase

PORTAL_MODELS = (
    "res.partner",
    "sale.order",
    "sale.order.line",
    "account.move",
    "stock.picking",
    "res.company",
    "crm.lead",
    "mrp.production",
)


@tagged("post_install", "-at_install")
class TestAccess(ScorecardCase):
    """Who sees whose scores, and what nobody sees."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep = cls._create_user("rep", "sales_team.group_sale_salesman")
        cls.rep_all = cls._create_user(
            "rep_all", "sales_team.group_sale_salesman_all_leads"
        )
        cls.manager = cls._create_user("mgr", "crm_manufacturing.group_manager")
        cls.planner = cls._create_user("mrp", "mrp.group_mrp_user")
        cls.mine = cls._create_customer("Mine", user_id=cls.rep.id)
        cls.yours = cls._create_customer("Yours", user_id=cls.rep_all.id)
        cls.nobodys = cls._create_customer("Nobody's")
        for amount, customer in enumerate((cls.mine, cls.yours, cls.nobodys), 1):
            cls._invoice(customer, amount)
        cls._run()
        cls.env["partner.stage"]._run(cls.company, cls.today)

    def _seen(self, model, user):
        records = self.env[model].with_user(user)
        return records.with_context(allowed_company_ids=user.company_ids.ids).search(
            []
        ).partner_id & (self.mine | self.yours | self.nobodys)

    def test_own_all_and_nothing(self):
        for model in ("partner.score", "partner.stage", "partner.score.report"):
            self.assertEqual(self._seen(model, self.rep), self.mine, model)
            for user in (self.rep_all, self.manager):
                self.assertEqual(
                    self._seen(model, user),
                    self.mine | self.yours | self.nobodys,
                    model,
                )
            with self.assertRaises(AccessError):
                self._seen(model, self.planner)

    def test_the_tier_is_shown_to_every_employee(self):
        yours = self.yours.with_user(self.planner)
        self.assertEqual(yours.customer_tier_id.code, "A")
        self.assertEqual(yours.customer_stage, "new")

    def test_another_company_sees_nothing(self):
        other = self._create_company(name="Second plant")
        stranger = self._create_user(
            "stranger",
            "sales_team.group_sale_salesman_all_leads",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertFalse(self._seen("partner.score", stranger))
        mine = self.mine.with_user(stranger)
        here = mine.with_context(allowed_company_ids=other.ids)
        self.assertFalse(here.customer_tier_id)
        forged = mine.with_context(allowed_company_ids=self.company.ids)
        with self.assertRaises(AccessError):
            forged.customer_tier_id.mapped("code")

    def test_portal_users_read_none_of_our_fields_and_models(self):
        portal = self._create_user("portal", "base.group_portal")
        for model in PORTAL_MODELS:
            ours = [
                name
                for name, field in self.env[model]._fields.items()
                if field._modules and set(field._modules) == {"crm_manufacturing"}
            ]
            records = self.env[model].with_user(portal)
            readable = [
                name
                for name in ours
                if records._has_field_access(records._fields[name], "read")
            ]
            self.assertEqual(readable, [], model)
        for model in (
            "partner.score",
            "partner.stage",
            "partner.scorecard",
            "partner.scorecard.band",
            "partner.score.override",
            "partner.score.report",
            "partner.score.dirty",
        ):
            self.assertFalse(
                self.env[model].with_user(portal).has_access("read"), model
            )

    def test_margins_are_for_managers_and_price_approvers(self):
        card = self._create_card("score", {"gross_margin": {"target": 100}})
        self._invoice(
            self.mine,
            0,
            line={"product_id": self.product.id, "quantity": 1, "price_unit": 100},
        )
        self._run(card)
        score = self._score(self.mine, card)
        with self.assertRaises(AccessError):
            score.with_user(self.rep).read(["detail"])
        with self.assertRaises(AccessError):
            score.with_user(self.rep).action_open_documents("gross_margin")
        score.with_user(self.manager).action_open_documents("gross_margin")
        self.assertEqual(
            score.with_user(self.manager).detail["gross_margin"]["value"], 40
        )

    def test_a_pyramid_by_margin_shows_its_tiers_and_hides_its_figures(self):
        self.card.criterion_ids.metric = "gross_margin"
        line = {"product_id": self.product.id, "quantity": 1, "price_unit": 100}
        self._invoice(self.mine, 0, line=line)
        self._run()
        self.assertFalse(self._seen("partner.score", self.rep))
        self.assertFalse(self._seen("partner.score.report", self.rep_all))
        self.assertEqual(
            self._seen("partner.score", self.manager),
            self.mine | self.yours | self.nobodys,
        )
        self.assertEqual(self.mine.with_user(self.rep).customer_tier_id.code, "A")

    def test_salespeople_configure_nothing(self):
        for model in (
            "partner.scorecard",
            "partner.scorecard.criterion",
            "partner.scorecard.band",
            "partner.score",
            "partner.stage",
        ):
            for operation in ("create", "write", "unlink"):
                self.assertFalse(
                    self.env[model].with_user(self.rep_all).has_access(operation), model
                )


@tagged("post_install", "-at_install")
class TestTierColumn(ScorecardCase):
    """The virtual column: searched, sorted and grouped like a stored one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, amount in {"Big": 85, "Mid": 12, "Small": 3}.items():
            cls._invoice(cls._create_customer(name), amount)
        cls._run()
        cls.none = cls._create_customer("None")
        cls.partners = cls.env["res.partner"].search(
            [("name", "in", ["Big", "Mid", "Small", "None"])]
        )
        cls.domain = [("id", "in", cls.partners.ids)]
        cls.band = {band.code: band for band in cls.card.band_ids}

    def _names(self, *leaves, **kwargs):
        return (
            self.env["res.partner"]
            .search([*self.domain, *leaves], **kwargs)
            .mapped("name")
        )

    def test_search(self):
        self.assertEqual(
            self._names(("customer_tier_id", "=", self.band["A"].id)), ["Big"]
        )
        self.assertEqual(self._names(("customer_tier_id.code", "in", ["B"])), ["Mid"])
        self.assertEqual(self._names(("customer_tier_id", "=", False)), ["None"])
        self.assertCountEqual(
            self._names(("customer_tier_id", "!=", self.band["A"].id)),
            ["Mid", "None", "Small"],
        )
        self.assertCountEqual(
            self._names(("customer_tier_id", "!=", False)), ["Big", "Mid", "Small"]
        )

    def test_sort_and_group(self):
        self.assertEqual(
            self._names(order="customer_tier_id, name"), ["Big", "Mid", "Small", "None"]
        )
        groups = self.env["res.partner"]._read_group(
            self.domain, ["customer_tier_id"], ["__count"]
        )
        self.assertEqual(
            {(tier.code, count) for tier, count in groups},
            {("A", 1), ("B", 1), ("C", 1), (False, 1)},
        )

    def test_contacts_have_the_tier_of_their_company(self):
        big = self.partners.filtered(lambda partner: partner.name == "Big")
        contact = self.env["res.partner"].create({"name": "Layla", "parent_id": big.id})
        self.assertEqual(contact.customer_tier_id.code, "A")

    def test_leads_and_orders_are_grouped_by_tier(self):
        big = self.partners.filtered(lambda partner: partner.name == "Big")
        lead = self.env["crm.lead"].create({"name": "Fans", "partner_id": big.id})
        order = self.env["sale.order"].create({"partner_id": big.id})
        for record in (lead, order):
            domain = [("id", "=", record.id)]
            groups = record._read_group(domain, ["customer_tier_id"], ["__count"])
            self.assertEqual(groups, [(self.band["A"], 1)])
            tier = ("customer_tier_id", "=", self.band["A"].id)
            self.assertEqual(record.search([*domain, tier]), record)
            self.assertEqual(record.search(domain, order="customer_tier_id"), record)

    def test_a_renamed_band_is_shown_by_its_new_code(self):
        self.assertEqual(self.band["A"].display_name, "A")
        self.band["A"].code = "A+"
        self.assertEqual(self.band["A"].display_name, "A+")

    def test_a_company_without_pyramid_has_no_tiers(self):
        self.company.pyramid_scorecard_id = False
        self.partners.invalidate_recordset()
        self.assertFalse(self.partners.customer_tier_id)
        self.assertEqual(len(self._names(("customer_tier_id", "=", False))), 4)


@tagged("post_install", "-at_install")
class TestPopulation(ScorecardCase):
    """Who is a customer."""

    def test_own_companies_employees_and_vendors_are_no_customers(self):
        other = self._create_company(name="Second plant")
        employee = self._create_user("colleague", "base.group_user").partner_id
        helper = self._create_customer("Helper", employee=True)
        vendor = self._create_customer("Vendor", supplier_rank=1)
        customer = self._create_customer("Customer")
        archived = self._create_customer("Archived")
        for partner in (other.partner_id, employee, helper, vendor, customer, archived):
            self._invoice(partner, 10)
        vendor.customer_rank = 0
        customer.customer_rank = 0
        archived.active = False
        self._run()
        self.assertEqual(self._bands(), {"Customer": "A"})

    def test_a_card_can_be_for_some_contacts_only(self):
        self.card.partner_domain = "[('country_id.code', '=', 'AE')]"
        dubai = self._create_customer("Dubai", country_id=self.env.ref("base.ae").id)
        for partner in (dubai, self._create_customer("Elsewhere")):
            self._invoice(partner, 10)
        self._run()
        self.assertEqual(self._bands(), {"Dubai": "A"})

    def test_a_card_of_one_company_is_not_run_for_another(self):
        other = self._create_company(name="Second plant")
        self.company.pyramid_scorecard_id = False
        self.card.company_id = other
        self._invoice(self._create_customer("Customer"), 10)
        self._run()
        self.assertFalse(self.card.score_ids)
