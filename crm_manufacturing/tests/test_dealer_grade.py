from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestDealerGrade(TransactionCase):
    """A level brings its pricelist and takes it away again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        lists = cls.env["product.pricelist"]
        cls.gold_prices = lists.create({"name": "Gold prices"})
        cls.silver_prices = lists.create({"name": "Silver prices"})
        cls.own_prices = lists.create({"name": "Own prices"})
        grades = cls.env["res.partner.grade"]
        cls.gold = grades.create(
            {"name": "Gold", "default_pricelist_id": cls.gold_prices.id}
        )
        cls.silver = grades.create(
            {"name": "Silver", "default_pricelist_id": cls.silver_prices.id}
        )
        cls.plain = grades.create({"name": "Plain"})

    def create_dealer(self, **values):
        return self.env["res.partner"].create(
            {"name": "Fans Ltd", "is_company": True, **values}
        )

    def prices(self, partner):
        return partner.specific_property_product_pricelist

    def test_a_level_at_creation_sets_the_pricelist(self):
        dealer = self.create_dealer(grade_id=self.gold.id)
        self.assertEqual(self.prices(dealer), self.gold_prices)

    def test_a_level_and_another_pricelist_at_creation_are_refused_by_name(self):
        with self.assertRaisesRegex(UserError, "Own prices.*Gold prices"):
            self.create_dealer(
                grade_id=self.gold.id,
                specific_property_product_pricelist=self.own_prices.id,
            )

    def test_removing_the_level_removes_its_pricelist(self):
        dealer = self.create_dealer(grade_id=self.gold.id)
        dealer.grade_id = False
        self.assertFalse(self.prices(dealer))

    def test_removing_the_level_keeps_a_pricelist_of_his_own(self):
        dealer = self.create_dealer(grade_id=self.gold.id)
        dealer.specific_property_product_pricelist = self.own_prices
        dealer.grade_id = False
        self.assertEqual(self.prices(dealer), self.own_prices)

    def test_another_level_changes_the_pricelist(self):
        dealer = self.create_dealer(grade_id=self.gold.id)
        dealer.grade_id = self.silver
        self.assertEqual(self.prices(dealer), self.silver_prices)
        dealer.grade_id = self.plain
        self.assertFalse(self.prices(dealer))

    def test_a_changed_pricelist_of_the_level_reaches_its_holders(self):
        dealer = self.create_dealer(grade_id=self.gold.id)
        individual = self.create_dealer(grade_id=self.gold.id)
        individual.specific_property_product_pricelist = self.own_prices
        self.gold.default_pricelist_id = self.silver_prices
        self.assertEqual(self.prices(dealer), self.silver_prices)
        self.assertEqual(self.prices(individual), self.own_prices)
        self.gold.default_pricelist_id = False
        self.assertFalse(self.prices(dealer))

    def test_a_first_pricelist_of_the_level_reaches_its_holders(self):
        dealer = self.create_dealer(grade_id=self.plain.id)
        self.plain.default_pricelist_id = self.gold_prices
        self.assertEqual(self.prices(dealer), self.gold_prices)

    def test_in_another_company_the_pricelist_goes_with_the_level_too(self):
        company = self.env["res.company"].create({"name": "Second"})
        dealer = self.create_dealer(grade_id=self.gold.id)
        there = dealer.with_company(company)
        there.specific_property_product_pricelist = self.gold_prices
        dealer.grade_id = False
        self.assertFalse(self.prices(there))

    def test_contacts_have_the_level_of_their_firm(self):
        dealer = self.create_dealer(grade_id=self.gold.id)
        contact = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": dealer.id}
        )
        self.assertEqual(contact.grade_id, self.gold)
        self.assertEqual(self.prices(contact), self.gold_prices)
        dealer.grade_id = self.silver
        self.assertEqual(contact.grade_id, self.silver)
        self.assertEqual(self.prices(contact), self.silver_prices)
        dealer.grade_id = False
        self.assertFalse(contact.grade_id)
        self.assertFalse(self.prices(contact))

    def test_a_level_given_to_a_contact_is_given_to_the_firm(self):
        dealer = self.create_dealer()
        contact = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": dealer.id}
        )
        contact.grade_id = self.gold
        self.assertEqual(dealer.grade_id, self.gold)
        self.assertEqual(self.prices(dealer), self.gold_prices)

    def test_a_new_contact_leaves_the_firm_its_own_pricelist(self):
        dealer = self.create_dealer(grade_id=self.gold.id)
        dealer.specific_property_product_pricelist = self.own_prices
        contact = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": dealer.id}
        )
        self.assertEqual(contact.grade_id, self.gold)
        self.assertEqual(self.prices(contact), self.own_prices)
        self.assertEqual(self.prices(dealer), self.own_prices)
