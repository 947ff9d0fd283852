from datetime import date

from odoo.tests import tagged

from .common import ScorecardCase


@tagged("post_install", "-at_install")
class TestStage(ScorecardCase):
    """From target to lost customer, each on the day its documents say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Gulf Breeze Trading")

    def _judge(self, today=None):
        self.env["partner.stage"]._run(self.company, today or self.today)
        row = self.env["partner.stage"].search(
            [
                ("partner_id", "=", self.customer.id),
                ("company_id", "=", self.company.id),
                ("is_current", "=", True),
            ]
        )
        return (row.stage, row.since)

    def _set_created(self, record, day):
        """create_date is the database's clock; frozen time does not reach it."""
        self.env.flush_all()
        self.env.cr.execute(
            f"UPDATE {record._table} SET create_date = %s WHERE id = %s",
            [day, record.id],
        )
        record.invalidate_recordset()

    def test_nobody_of_interest_has_no_stage(self):
        self.assertEqual(self._judge(), (False, False))

    def test_a_tag_makes_a_target_and_a_lead_a_prospect(self):
        self.customer.category_id = self.env.ref(
            "crm_manufacturing.partner_category_target"
        )
        self.assertEqual(self._judge(), ("suspect", self.today))
        contact = self.env["res.partner"].create(
            {"name": "Layla", "parent_id": self.customer.id}
        )
        lead = self.env["crm.lead"].create(
            {"name": "200 fans", "partner_id": contact.id}
        )
        self._set_created(lead, date(2026, 2, 1))
        self.assertEqual(self._judge(), ("prospect", date(2026, 2, 1)))
        lead.action_set_lost()
        self.assertEqual(self._judge()[0], "suspect")

    def test_a_quotation_makes_a_prospect(self):
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        self._set_created(order, date(2026, 3, 3))
        self.assertEqual(self._judge(), ("prospect", date(2026, 3, 3)))

    def test_a_customer_is_new_for_twelve_months_after_the_first_invoice(self):
        self._invoice(self.customer, 100, date(2025, 4, 1))
        self._invoice(self.customer, 100, date(2026, 3, 1))
        self.assertEqual(self._judge(date(2026, 3, 31)), ("new", date(2025, 4, 1)))
        self.assertEqual(self._judge(date(2026, 4, 1)), ("active", date(2026, 4, 1)))

    def _regular(self):
        """Ten purchases every 40 days, the last on 26 December 2025."""
        for place in range(10):
            day = date.fromordinal(date(2025, 12, 26).toordinal() - 40 * place)
            self._invoice(self.customer, 100, day)

    def test_dormant_is_silent_for_more_than_two_and_a_half_own_intervals(self):
        self._regular()
        # 100 days after 26 December is 5 April
        self.assertEqual(self._judge(date(2026, 4, 5))[0], "active")
        self.assertEqual(self._judge(date(2026, 4, 6)), ("dormant", date(2026, 4, 6)))

    def test_the_day_a_stage_began_is_found_when_judged_late(self):
        self._regular()
        self.assertEqual(self._judge(date(2026, 9, 1)), ("dormant", date(2026, 4, 6)))
        self.assertEqual(self._judge(date(2027, 12, 27)), ("lost", date(2027, 12, 27)))

    def test_lost_is_a_setting_in_months(self):
        self._regular()
        self.company.stage_lost_months = 6
        self.assertEqual(self._judge(date(2026, 6, 26))[0], "dormant")
        self.assertEqual(self._judge(date(2026, 6, 27)), ("lost", date(2026, 6, 27)))

    def test_who_comes_back_is_active_again_since_his_purchase(self):
        self._regular()
        self._judge(date(2026, 9, 1))
        self._invoice(self.customer, 100, date(2026, 9, 2))
        self.assertEqual(self._judge(date(2026, 9, 3)), ("active", date(2026, 9, 2)))
        history = self.env["partner.stage"].search(
            [("partner_id", "=", self.customer.id)], order="id"
        )
        self.assertEqual(history.mapped("stage"), ["dormant", "active"])
        self.assertEqual(history[1].previous_stage, "dormant")

    def test_a_single_purchase_sleeps_once_no_longer_new(self):
        self._invoice(self.customer, 100, date(2025, 4, 1))
        self.assertEqual(self._judge(date(2026, 3, 31))[0], "new")
        self.assertEqual(self._judge(date(2026, 4, 1)), ("dormant", date(2026, 4, 1)))

    def test_invoices_before_the_first_order_belong_to_the_rhythm(self):
        self._regular()
        self._order(self.customer, date(2026, 2, 4))
        self._invoice(self.customer, 100, date(2026, 2, 20))
        # the median stays 40 days; 100 days after the order is 15 May
        self.assertEqual(self._judge(date(2026, 5, 15))[0], "active")
        self.assertEqual(self._judge(date(2026, 5, 16)), ("dormant", date(2026, 5, 16)))

    def test_an_archived_customer_leaves_the_ladder_and_comes_back(self):
        self._invoice(self.customer, 100, date(2026, 3, 1))
        self._judge()
        self.customer.active = False
        self.assertEqual(self._judge(), (False, False))
        self.customer.active = True
        self.assertEqual(self._judge()[0], "new")

    def test_judging_twice_writes_nothing(self):
        self._regular()
        self._judge()
        self.assertFalse(self.env["partner.stage"]._run(self.company, self.today))

    def test_the_stage_is_a_column_of_the_contact(self):
        self._invoice(self.customer, 100, date(2026, 3, 1))
        other = self._create_customer("Nobody")
        self._judge()
        both = self.customer | other
        self.assertEqual(self.customer.customer_stage, "new")
        self.assertEqual(self.customer.customer_stage_since, date(2026, 3, 1))
        partners = self.env["res.partner"]
        domain = [("id", "in", both.ids)]
        self.assertEqual(
            partners.search(domain + [("customer_stage", "=", "new")]), self.customer
        )
        self.assertEqual(
            partners.search(domain + [("customer_stage", "=", False)]), other
        )
        self.assertEqual(
            partners.search(domain + [("customer_stage", "!=", "new")]), other
        )
        self.assertEqual(
            partners._read_group(domain, ["customer_stage"], ["__count"]),
            [("new", 1), (False, 1)],
        )
