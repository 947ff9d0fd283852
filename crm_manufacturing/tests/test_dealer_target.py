from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import ScorecardCase


@tagged("post_install", "-at_install")
class TestDealerTarget(ScorecardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(datetime(2026, 3, 31, 9))
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.dealer = cls._create_customer("Ventus Trading", dealer_stage="active")

    def _target(self, amount, **values):
        return self.env["dealer.target"].create(
            {"dealer_id": self.dealer.id, "year": 2026, "amount": amount, **values}
        )

    def test_a_month_is_reached_by_what_was_invoiced_less_credited(self):
        target = self._target(1000, month="03")
        self._invoice(self.dealer, 900, day="2026-03-01")
        self._invoice(self.dealer, 100, day="2026-03-31", move_type="out_refund")
        self._invoice(self.dealer, 500, day="2026-02-28")
        self.assertEqual((target.achieved_amount, target.attainment), (800, 80))

    def test_of_a_year_only_the_days_passed_are_asked(self):
        target = self._target(3650)
        self._invoice(self.dealer, 450, day="2026-01-10")
        # 90 of 365 days: 900
        self.assertAlmostEqual(target.attainment, 50)

    def test_a_category_counts_those_below_it_and_no_others(self):
        fans = self.env["product.category"].create({"name": "Fans"})
        ceiling = self.env["product.category"].create(
            {"name": "Ceiling", "parent_id": fans.id}
        )
        product = self.env["product.product"].create(
            {"name": "Fan 2", "categ_id": ceiling.id}
        )
        target = self._target(100, month="03", categ_id=fans.id)
        self._invoice(self.dealer, 70, line={"product_id": product.id})
        self._invoice(self.dealer, 30, line={"product_id": self.product.id})
        self.assertEqual(target.achieved_amount, 70)

    def test_a_target_to_come_has_no_attainment(self):
        self.assertEqual(self._target(100, month="04").attainment, 0)

    def test_many_targets_take_one_statement(self):
        targets = self._target(100, month="01")
        for month in ("02", "03"):
            targets |= self._target(100, month=month)
        counts = []
        for some in (targets[:1], targets):
            self.env.flush_all()
            self.env.invalidate_all()
            some.mapped("amount")
            self.env.company._get_today()
            before = self.env.cr.sql_log_count
            some.mapped("attainment")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_a_target_is_above_zero_and_of_our_time(self):
        with self.assertRaisesRegex(ValidationError, "Target Amount: must be above"):
            self._target(0)
        with self.assertRaisesRegex(ValidationError, "Year: must be between"):
            self._target(1, year=1999)

    def test_merged_dealers_keep_one_of_equal_targets(self):
        double = self._create_customer("Ventus Trade", dealer_stage="active")
        target = self._target(100, month="03")
        self._target(50, month="03", dealer_id=double.id)
        april = self._target(60, month="04", dealer_id=double.id)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([self.dealer.id, double.id], self.dealer)
        found = self.env["dealer.target"].search([("dealer_id", "=", self.dealer.id)])
        self.assertEqual(found, target | april)
        log = "".join(self.dealer.message_ids.mapped("body"))
        self.assertIn("Ventus Trade for 2026 03, ", log)
        self.assertIn("50.00", log)

    def test_merged_dealers_leave_a_month_out_for_the_reasons_of_both(self):
        double = self._create_customer("Ventus Trade", dealer_stage="active")
        months = self.env["dealer.month.exclusion"]
        for dealer, reason in ((self.dealer, "Strike"), (double, "Flood")):
            values = {"dealer_id": dealer.id, "period": "2026-03-01"}
            months.create({**values, "reason": reason})
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([self.dealer.id, double.id], self.dealer)
        left_out = months.search([("dealer_id", "=", self.dealer.id)])
        self.assertEqual(left_out.mapped("reason"), ["Strike; Flood"])

    def test_a_contract_outlives_a_merge(self):
        for stage in (False, "candidate", "ended"):
            with self.subTest(stage=stage):
                former = self._create_customer("Ventus Trade", dealer_stage=stage)
                live = self._create_customer("Ventus", dealer_stage="watch")
                live.dealer_contract_start = "2026-01-01"
                wizard = self.env["base.partner.merge.automatic.wizard"].create({})
                wizard._merge([former.id, live.id], former)
                self.assertEqual(former.dealer_stage, "watch")
                self.assertEqual(str(former.dealer_contract_start), "2026-01-01")
