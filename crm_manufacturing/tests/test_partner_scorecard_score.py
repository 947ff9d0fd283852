from datetime import date

from psycopg2.errors import DivisionByZero

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import ScorecardCase


@tagged("post_install", "-at_install")
class TestScore(ScorecardCase):
    """Weighted scores: grading, missing evidence, coverage, thresholds, quintiles."""

    def _revenues(self, **amounts):
        partners = {}
        for name, amount in amounts.items():
            partners[name] = self._create_customer(name)
            self._invoice(partners[name], amount)
        return partners

    def test_a_linear_grade_runs_from_floor_to_target(self):
        card = self._create_card(
            "score", {"invoiced_revenue": {"floor": 100, "target": 300}}
        )
        self._revenues(below=50, floor=100, half=200, target=300, above=900)
        self._run(card)
        scores = {s.partner_id.name: s.score for s in card.score_ids}
        self.assertEqual(
            scores, {"below": 0, "floor": 0, "half": 50, "target": 100, "above": 100}
        )

    def test_a_target_below_the_floor_means_lower_is_better(self):
        card = self._create_card(
            "score", {"invoiced_revenue": {"floor": 300, "target": 100}}
        )
        self._revenues(low=100, mid=150, high=300)
        self._run(card)
        scores = {s.partner_id.name: s.score for s in card.score_ids}
        self.assertEqual(scores, {"low": 100, "mid": 75, "high": 0})

    def test_a_score_on_a_threshold_is_in_that_band_and_100_has_one(self):
        card = self._create_card("score", {"invoiced_revenue": {"target": 100}})
        self._revenues(top=100, a=80, just_b=79.99, b=60, zero_ish=0.01)
        self._run(card)
        self.assertEqual(
            self._bands(card),
            {"top": "A", "a": "A", "just_b": "B", "b": "B", "zero_ish": "D"},
        )

    def test_a_criterion_without_evidence_lends_its_weight(self):
        card = self._create_card(
            "score",
            {
                "invoiced_revenue": {"weight": 60, "target": 100},
                "revenue_growth": {"weight": 40, "floor": -1, "target": 1},
            },
        )
        customer = self._revenues(new=50)["new"]
        self._run(card)
        score = self._score(customer, card)
        self.assertEqual((score.score, score.coverage), (50, 60))
        self.assertEqual(score.detail["revenue_growth"]["value"], None)
        self.assertEqual(score.detail["revenue_growth"]["weight"], 0)
        self.assertEqual(score.detail["invoiced_revenue"]["weight"], 100)

    def test_below_the_minimum_coverage_there_is_no_new_score(self):
        card = self._create_card(
            "score",
            {
                "invoiced_revenue": {"weight": 30, "target": 100},
                "revenue_growth": {"weight": 70, "floor": -1, "target": 1},
            },
            min_coverage=50,
        )
        customer = self._revenues(new=50)["new"]
        old = self._create_customer("old")
        self._invoice(old, 50, date(2025, 1, 1))
        self._invoice(old, 50)
        self._run(card)
        self.assertFalse(self._score(customer, card).band_id)
        self.assertEqual(self._score(customer, card).coverage, 30)
        self.assertEqual(self._score(old, card).score, 50)
        # two years later nothing supports a new score: the last one stays
        self._run(card, date(2028, 3, 31))
        self.assertEqual(
            (self._score(old, card).score, self._score(old, card).coverage), (50, 30)
        )

    def test_too_little_evidence_is_no_evidence(self):
        card = self._create_card(
            "score", {"invoiced_revenue": {"target": 100, "min_evidence": 2}}
        )
        customer = self._revenues(one=50)["one"]
        self._run(card)
        self.assertEqual(self._score(customer, card).coverage, 0)
        self.assertFalse(self._score(customer, card).band_id)
        self._invoice(customer, 50)
        self._run(card)
        self.assertEqual(self._score(customer, card).score, 100)

    def test_eight_customers_do_not_pretend_quintiles(self):
        card = self._create_card(
            "score", {"invoiced_revenue": {"grading": "quintile", "target": 80}}
        )
        partners = self._revenues(**{f"c{place}": 10 * place for place in range(1, 9)})
        self._run(card)
        score = self._score(partners["c4"], card)
        self.assertEqual(score.score, 50)
        self.assertEqual(score.detail["invoiced_revenue"]["grading"], "linear_fallback")

    def test_twenty_five_customers_fall_into_quintiles(self):
        card = self._create_card("score", {"invoiced_revenue": {"grading": "quintile"}})
        self._revenues(**{f"c{place:02}": 10 * place for place in range(1, 26)})
        self._run(card)
        scores = sorted((s.partner_id.name, s.score) for s in card.score_ids)
        self.assertEqual(
            [score for _name, score in scores],
            [20] * 5 + [40] * 5 + [60] * 5 + [80] * 5 + [100] * 5,
        )
        self.assertEqual(
            card.score_ids[0].detail["invoiced_revenue"]["grading"], "quintile"
        )

    def test_hysteresis_keeps_a_band_until_well_past_its_threshold(self):
        card = self._create_card(
            "score", {"invoiced_revenue": {"target": 100}}, hysteresis=5
        )
        customer = self._revenues(c=82)["c"]
        self._run(card)
        for refund, band in ((4, "A"), (3, "A"), (1, "B")):  # 78, 75, 74
            self._invoice(customer, refund, move_type="out_refund")
            self._run(card)
            self.assertEqual(self._score(customer, card).band_id.code, band)
        for more, band in ((10, "B"), (1, "A")):  # 84, 85
            self._invoice(customer, more)
            self._run(card)
            self.assertEqual(self._score(customer, card).band_id.code, band)


@tagged("post_install", "-at_install")
class TestHistory(ScorecardCase):
    """Rows begin when the band changes; figures move inside a row."""

    def test_a_change_of_band_starts_a_row_that_says_how(self):
        first, second = self._create_customer("first"), self._create_customer("second")
        self._invoice(first, 90)
        self._invoice(second, 10)
        self._run(today=date(2026, 3, 31))
        self._invoice(second, 600)
        moved = self._run(today=date(2026, 4, 1))
        self.assertEqual(
            {
                (s.partner_id.name, s.previous_band_id.code, s.band_id.code, s.move)
                for s in moved
            },
            {("first", "A", "B", "down"), ("second", "B", "A", "up")},
        )
        rows = self.env["partner.score"].search(
            [("partner_id", "=", second.id)], order="id"
        )
        self.assertEqual(rows.mapped("move"), ["new", "up"])
        self.assertEqual(rows.mapped("is_current"), [False, True])
        self.assertEqual(rows.mapped("date"), [date(2026, 3, 31), date(2026, 4, 1)])

    def test_new_figures_in_the_same_band_stay_in_the_row(self):
        customer = self._create_customer("only")
        self._invoice(customer, 90)
        self._run()
        row = self._score(customer)
        self._invoice(customer, 10)
        self._run()
        self.assertEqual(self._score(customer), row)
        self.assertEqual(row.value, 100)
        self.assertEqual(row.detail["invoiced_revenue"]["evidence"], 2)

    def test_who_falls_out_of_the_period_is_lost_and_who_comes_back_is_new(self):
        customer = self._create_customer("only")
        self._invoice(customer, 90, date(2026, 3, 31))
        self._run()
        self._run(today=date(2027, 4, 1))
        self.assertEqual(
            (self._score(customer).move, self._score(customer).value), ("lost", 0)
        )
        self.assertFalse(self._score(customer).band_id)
        self._invoice(customer, 90, date(2027, 4, 1))
        self._run(today=date(2027, 4, 1))
        self.assertEqual(self._score(customer).move, "new")

    def test_a_crash_inside_a_run_leaves_the_previous_scores(self):
        customer = self._create_customer("only")
        self._invoice(customer, 90)
        self._run()
        row = self._score(customer)
        broken = type(self.env["partner.scorecard.metric"])
        self.patch(
            broken,
            "_metric_invoiced_revenue",
            lambda *args: SQL("SELECT 1 AS partner_id, 1 / 0 AS value, 1 AS evidence"),
        )
        with (
            self.assertRaises(DivisionByZero),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self._run()
        self.assertEqual(self._score(customer), row)
        self.assertEqual(row.value, 90)
