from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from . import oracle
from .common import MeasureCase

CEILINGS = [80, 95, 99, 100]
# few distinct numbers, so that ties and exact borders are common
AMOUNTS = st.lists(
    st.one_of(
        st.sampled_from([-50, 0, 1, 4, 5, 10, 15, 80]),
        st.integers(-10_000, 1_000_000).map(lambda cents: cents / 100),
    ),
    min_size=1,
    max_size=40,
)
QUICK = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@tagged("post_install", "-at_install")
class TestEngineAgainstOracle(MeasureCase):
    """The statement and its re-computation in Python agree, whatever the figures."""

    def _places(self, card):
        codes = card._get_ladder().mapped("code")
        return {
            partner: codes.index(score.band_id.code) + 1 if score.band_id else None
            for partner, score in self._current(card).items()
        }

    def test_share_bands(self):
        card = self._create_card("share", {"test_total": {}})

        @QUICK
        @given(before=AMOUNTS, after=AMOUNTS, hysteresis=st.sampled_from([0, 2, 7.5]))
        def check(before, after, hysteresis):
            card.hysteresis = hysteresis
            previous = {}
            for amounts in (before, after):
                values = dict(zip(self.partners, amounts, strict=False))
                self._measure("total", values)
                self._run(card)
                # who has no figure any more is measured as zero
                exact = {
                    partner: Decimal(str(values.get(partner, 0)))
                    for partner in self._current(card)
                }
                expected = oracle.share_bands(exact, CEILINGS, previous, hysteresis)
                self.assertEqual(self._places(card), expected)
                previous = expected
            self.env["partner.score"].search([("scorecard_id", "=", card.id)]).unlink()

        check()

    def test_weighted_scores(self):
        card = self._create_card(
            "score",
            {
                "test_total": {"weight": 3, "grading": "linear", "target": 1000},
                "test_ratio": {"weight": 1, "grading": "quintile"},
            },
            min_coverage=0,
        )
        ratios = st.lists(
            st.one_of(st.none(), st.sampled_from([-1, 0, 0.25, 0.5, 1])),
            min_size=30,
            max_size=40,
        )

        @QUICK
        @given(amounts=AMOUNTS, ratios=ratios)
        def check(amounts, ratios):
            totals = dict(zip(self.partners, amounts, strict=False))
            ratios = dict(zip(self.partners, ratios, strict=False))
            self._measure("total", totals)
            self._measure("ratio", ratios)
            self._run(card)
            self._check_scores(card, totals, ratios)
            self.env["partner.score"].search([("scorecard_id", "=", card.id)]).unlink()

        check()

    def _check_scores(self, card, totals, ratios):
        current = self._current(card)
        evident = {
            p for values in (totals, ratios) for p, v in values.items() if v is not None
        }
        self.assertEqual(set(current), evident)
        known = {partner: ratios.get(partner) for partner in current}
        enough = sum(value is not None for value in known.values()) >= 25
        quintile = oracle.quintiles(known)
        numbers = [value for value in known.values() if value is not None]
        for partner, score in current.items():
            ratio = quintile[partner]
            if not enough:
                ratio = self._between(known[partner], numbers)
            total = oracle.linear(totals.get(partner, 0), 0, 1000)
            expected, coverage = oracle.weighted([total, ratio], [3, 1])
            self.assertAlmostEqual(score.score, expected, places=5)
            self.assertAlmostEqual(score.coverage, coverage, places=5)

    def _between(self, value, numbers):
        """The fall-back without floor and target: from the worst to the best."""
        if value is None:
            return None
        if min(numbers) == max(numbers):
            return 50
        return oracle.linear(value, min(numbers), max(numbers))
