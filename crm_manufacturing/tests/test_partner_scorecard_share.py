from datetime import date

from odoo.tests import tagged

from .common import ScorecardCase


@tagged("post_install", "-at_install")
class TestShare(ScorecardCase):
    def test_one_customer_with_85_percent_of_revenue_is_a(self):
        for name, amount in {"Big": 85, "Mid": 12, "Small": 3}.items():
            self._invoice(self._create_customer(name), amount)
        self._run()
        self.assertEqual(self._bands(), {"Big": "A", "Mid": "B", "Small": "C"})

    def test_a_ceiling_reached_exactly_closes_the_band(self):
        for name, amount in {"First": 80, "Second": 15, "Third": 4, "Last": 1}.items():
            self._invoice(self._create_customer(name), amount)
        self._run()
        self.assertEqual(
            self._bands(), {"First": "A", "Second": "B", "Third": "C", "Last": "D"}
        )

    def test_equal_values_share_a_band(self):
        self._invoice(self._create_customer("Big"), 70)
        for name in ("Twin 1", "Twin 2", "Twin 3"):
            self._invoice(self._create_customer(name), 10)
        self._run()
        self.assertEqual(
            self._bands(), {"Big": "A", "Twin 1": "A", "Twin 2": "A", "Twin 3": "A"}
        )

    def test_credit_notes_above_invoices_leave_a_customer_without_band(self):
        good, bad = self._create_customer("Good"), self._create_customer("Bad")
        self._invoice(good, 100)
        self._invoice(bad, 50)
        self._invoice(bad, 80, move_type="out_refund")
        self._run()
        self.assertEqual(self._bands(), {"Good": "A", "Bad": False})
        self.assertEqual(self._score(bad).value, -30)

    def test_the_period_ends_today_and_begins_a_year_and_a_day_before(self):
        for name, day in {
            "Too old": date(2025, 3, 31),
            "First day": date(2025, 4, 1),
            "Last day": date(2026, 3, 31),
            "Tomorrow": date(2026, 4, 1),
        }.items():
            self._invoice(self._create_customer(name), 10, day)
        self._run()
        self.assertEqual(self._bands(), {"First day": "A", "Last day": "A"})

    def test_running_twice_writes_nothing_the_second_time(self):
        for place in range(30):
            self._invoice(self._create_customer(f"C{place}"), 10 + place)
        self._run()
        before = self._xmin()
        self._run()
        self.assertEqual(self._xmin(), before)

    def _xmin(self):
        """Versions of all rows: any rewrite changes one."""
        self.env.cr.execute(
            """SELECT ctid::text, id FROM partner_score
                WHERE scorecard_id = %s ORDER BY id""",
            [self.card.id],
        )
        return self.env.cr.fetchall()
