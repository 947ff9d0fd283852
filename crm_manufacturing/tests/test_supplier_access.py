from datetime import date

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .supplier_common import SupplierCase, noon

OURS = (
    "supplier.receipt.report",
    "supplier.payment.report",
    "supplier.bill.due",
    "supplier.judgement",
    "partner.score",
    "partner.score.report",
)
PURCHASE_FIELDS = {
    "purchase.order": (
        "supplier_tier_id",
        "supplier_alarm",
        "supplier_override_reason",
        "supplier_requested_on",
    ),
    "purchase.order.line": ("supplier_missing", "supplier_lead_days"),
    "res.partner": ("supplier_tier_id", "supplier_tier_alarm", "supplier_otif"),
}


@tagged("post_install", "-at_install")
@freeze_time(noon(date(2026, 3, 31)))
class TestSupplierAccess(SupplierCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.orders = cls.env["purchase.order"]
        for _line in range(5):
            order = cls._buy()
            cls._receive(order, date(2026, 3, 12))
            cls.orders |= order
        cls._run(cls.supplier_card)
        cls.buyer = cls._create_user("s_buyer", "purchase.group_purchase_user")
        cls.rep = cls._create_user("s_rep", "sales_team.group_sale_salesman_all_leads")
        cls.approver = cls._create_user(
            "s_approver", "crm_manufacturing.group_price_approver"
        )
        cls.accountant = cls._create_user("s_acc", "account.group_account_invoice")
        cls.employee = cls._create_user("s_emp", "base.group_user")

    def test_a_buyer_reads_ratings_receipts_and_both_sides(self):
        score = self._rating().with_user(self.buyer)
        self.assertEqual(score.score, 100)
        self.assertTrue(score.action_open_documents("supplier_otif"))
        mirror = self.env["supplier.mirror"].with_user(self.buyer)
        mirror = mirror.get_mirror(self.vendor.id)
        self.assertTrue(mirror["theirs"] and mirror["ours"])

    def test_a_buyer_reads_no_customer_s_score(self):
        customer = self._create_customer("Ada")
        self._invoice(customer, 100)
        self._run()
        self.assertTrue(self._score(customer))
        scores = self.env["partner.score"].with_user(self.buyer)
        self.assertFalse(scores.search([("partner_id", "=", customer.id)]))

    def test_sales_see_the_grade_only(self):
        for user in (self.rep, self.approver, self.employee):
            vendor = self.vendor.with_user(user)
            self.assertEqual(vendor.supplier_tier_id.code, "A")
            with self.assertRaises(AccessError):
                vendor.read(["supplier_otif"])
            if user != self.employee:
                scores = self.env["partner.score"].with_user(user)
                self.assertFalse(scores.search([("partner_id", "=", self.vendor.id)]))
            mirror = self.env["supplier.mirror"].with_user(user)
            self.assertFalse(mirror.get_mirror(self.vendor.id))
            with self.assertRaises(AccessError):
                self.env["supplier.receipt.report"].with_user(user).search([])
            with self.assertRaises(AccessError):
                mirror.get_mirror_action(self.vendor.id, "late") and (
                    self.env["supplier.payment.report"].with_user(user).search([])
                )

    def test_the_salesperson_of_a_vendor_who_buys_too_sees_his_customer_score_only(
        self,
    ):
        self.vendor.user_id = self.rep
        self.vendor.customer_rank = 1
        self._invoice(self.vendor, 100)
        self._run()
        scores = self.env["partner.score"].with_user(self.rep)
        found = scores.search([("partner_id", "=", self.vendor.id)])
        self.assertEqual(found.scorecard_id, self.card)

    def test_an_accountant_reads_payments_bills_and_the_mirror(self):
        mirror = self.env["supplier.mirror"].with_user(self.accountant)
        self.assertTrue(mirror.get_mirror(self.vendor.id)["ours"])
        self.env["supplier.bill.due"].with_user(self.accountant).search([])
        with self.assertRaises(AccessError):
            self.env["partner.score"].with_user(self.accountant).search([])

    def test_a_supplier_in_the_portal_reads_nothing_of_ours(self):
        """Supplier A of the order, and B, by RPC."""
        other = self._create_vendor("B")
        for vendor in (self.vendor, other):
            user = self._create_user(
                f"portal_{vendor.name}",
                "base.group_portal",
                partner_id=vendor.id,
                email=f"{vendor.name}@example.com",
            )
            for name in OURS:
                with self.subTest(name), self.assertRaises(AccessError):
                    self.env[name].with_user(user).search([])
            for name, fields in PURCHASE_FIELDS.items():
                records = {"res.partner": self.vendor}.get(name) or (
                    self.orders if name == "purchase.order" else self.orders.order_line
                )
                for field in fields:
                    with self.subTest(field), self.assertRaises(AccessError):
                        records[:1].with_user(user).read([field])
            mirror = self.env["supplier.mirror"].with_user(user)
            self.assertFalse(mirror.get_mirror(self.vendor.id))
            orders = self.env["purchase.order"].with_user(user)
            self.assertEqual(
                bool(orders.search([("id", "in", self.orders.ids)])),
                vendor == self.vendor,
            )

    def test_a_buyer_of_another_company_sees_nothing(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user(
            "s_stranger",
            "purchase.group_purchase_user",
            company_id=elsewhere.id,
            company_ids=[Command.set(elsewhere.ids)],
        )
        env = self.env(user=stranger, context={"allowed_company_ids": elsewhere.ids})
        for name in OURS:
            rows = env[name].search([("partner_id", "=", self.vendor.id)])
            self.assertFalse(rows, name)
        self.assertFalse(self.vendor.with_env(env).supplier_tier_id)
        mirror = env["supplier.mirror"].get_mirror(self.vendor.id)
        self.assertFalse(mirror and mirror["theirs"])

    def test_a_merged_supplier_keeps_one_rating_and_all_judgements(self):
        other = self._create_vendor("Foshan Ltd")
        for vendor in (self.vendor, other):
            self.env["supplier.judgement"].create(
                {"partner_id": vendor.id, "points": 50, "reason": "Why not"}
            )
        for _line in range(5):
            order = self._buy(partner_id=other.id)
            self._receive(order, date(2026, 3, 20))
        self._rate()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.vendor | other).ids, self.vendor)
        self._rate()
        self.assertEqual(self._figure("supplier_otif"), (0.5, 10))
        judgements = self.env["supplier.judgement"].search([])
        self.assertEqual(judgements.partner_id, self.vendor)
        self.assertEqual(len(judgements), 2)
