from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ScorecardCase


@tagged("post_install", "-at_install")
class TestBadInput(ScorecardCase):
    """Each mistake is refused with a sentence that names the field."""

    def _assert_refused(self, field, values, card=None):
        card = card or self.card
        before = card.copy_data()
        with (
            self.assertRaisesRegex(ValidationError, f"^{field}:"),
            self.env.cr.savepoint(),
        ):
            card.write(values)
        card.invalidate_recordset()
        self.assertEqual(card.copy_data(), before)

    def test_weights_that_sum_to_zero(self):
        card = self._create_card("score", {"invoiced_revenue": {"weight": 1}})
        self._assert_refused(
            "Weight",
            {"criterion_ids": [Command.update(card.criterion_ids.id, {"weight": 0})]},
            card,
        )

    def test_who_types_a_code_means_that_band(self):
        first = self.card.band_ids[:1]
        bands = self.env["partner.scorecard.band"]
        mine = [("scorecard_id", "=", self.card.id)]
        self.card.band_ids[1:].name = f"Gala {first.code}"
        for typed in (first.code, first.code.lower()):
            found = bands.name_search(typed, mine)
            self.assertEqual([band for band, _name in found], first.ids)
        self.assertGreater(len(bands.name_search("Gala", mine)), 1)

    def test_bands_out_of_order_or_alike(self):
        first, second = self.card.band_ids[:2]
        for threshold in (95, 97):
            self._assert_refused(
                "Threshold",
                {"band_ids": [Command.update(first.id, {"threshold": threshold})]},
            )
        self._assert_refused(
            "Threshold", {"band_ids": [Command.update(second.id, {"threshold": 70})]}
        )

    def test_a_ceiling_over_100_percent_or_at_zero(self):
        last = self.card.band_ids[-1]
        for threshold in (100.5, 0, -1):
            self._assert_refused(
                "Threshold",
                {"band_ids": [Command.update(last.id, {"threshold": threshold})]},
            )

    def test_scores_fall_from_the_best_band_down(self):
        card = self._create_card("score", {"invoiced_revenue": {}})
        self._assert_refused(
            "Threshold",
            {"band_ids": [Command.update(card.band_ids[0].id, {"threshold": 50})]},
            card,
        )

    def test_numbers_out_of_range(self):
        for field, values in {
            "Period": {"period_months": 0},
            "Hysteresis": {"hysteresis": -1},
            "Minimum Coverage": {"min_coverage": 101},
        }.items():
            self._assert_refused(field, values)
            with self.assertRaisesRegex(ValidationError, f"^{field}:"):
                self._create_card("share", {"order_count": {}}, **values)

    def test_a_domain_that_does_not_parse(self):
        for domain in (
            "[('name', '=', 'x'",
            "[('no_such_field', '=', 1)]",
            "1",
            "import os",
        ):
            self._assert_refused("Only Partners", {"partner_domain": domain})

    def test_a_pyramid_does_not_choose_its_customers_by_tier(self):
        for domain in (
            "[('customer_tier_id.code', '=', 'A')]",
            "['!', ('parent_id.customer_tier_id', '=', False)]",
            "[('child_ids', 'any', [('customer_tier_overridden', '=', True)])]",
            "[('sale_order_ids.customer_tier_id.code', '=', 'A')]",
        ):
            self._assert_refused("Only Partners", {"partner_domain": domain})

    def test_another_card_may_look_at_the_tier_until_it_is_the_pyramid(self):
        value = self._create_card("score", {"invoiced_revenue": {"target": 1}})
        value.partner_domain = "[('customer_tier_id.code', '=', 'A')]"
        with self.assertRaisesRegex(ValidationError, "^Only Partners:"):
            self.company.pyramid_scorecard_id = value

    def test_two_bands_swap_their_codes_in_one_save(self):
        first, second = self.card.band_ids[:2]
        swap = {first.id: "B", second.id: "A"}
        self.card.band_ids = [
            Command.update(band, {"code": code}) for band, code in swap.items()
        ]
        self.env.flush_all()
        self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.assertEqual(self.card.band_ids.mapped("code"), ["B", "A", "C", "D"])
        self.assertEqual(first.display_name, "B")

    def test_two_criteria_swap_their_metrics_in_one_save(self):
        card = self._create_card("score", {"order_count": {}, "invoiced_revenue": {}})
        first, second = card.criterion_ids
        card.criterion_ids = [
            Command.update(first.id, {"metric": second.metric}),
            Command.update(second.id, {"metric": first.metric}),
        ]
        self.env.flush_all()
        self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.assertEqual(first.metric, "invoiced_revenue")

    def test_two_bands_of_one_code_or_criteria_of_one_metric(self):
        first, second = self.card.band_ids[:2]
        self._assert_refused(
            "Code", {"band_ids": [Command.update(second.id, {"code": first.code})]}
        )
        with self.assertRaisesRegex(ValidationError, "^Code:"):
            second.code = first.code
        card = self._create_card("score", {"order_count": {}})
        self._assert_refused(
            "Metric",
            {"criterion_ids": [Command.create({"metric": "order_count"})]},
            card,
        )

    def test_a_share_card_takes_one_criterion(self):
        self._assert_refused(
            "Criteria", {"criterion_ids": [Command.create({"metric": "order_count"})]}
        )

    def test_a_metric_whose_addon_is_gone(self):
        self.env.cr.execute(
            "UPDATE partner_scorecard_criterion SET metric = 'gone' WHERE id = %s",
            [self.card.criterion_ids.id],
        )
        self.card.criterion_ids.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "^Metric: gone"):
            self._run()
        with self.assertRaisesRegex(ValidationError, "^Metric: never_there"):
            self.card.criterion_ids.metric = "never_there"

    def test_a_preview_of_unfinished_input_is_nothing_and_not_an_error(self):
        draft = self.env["partner.scorecard"].new({"name": "Draft", "method": "share"})
        self.assertIsNone(draft._preview(self.company))


@tagged("post_install", "-at_install")
class TestPreview(ScorecardCase):
    """How many customers would be in each band, before anything is saved."""

    def test_the_preview_counts_what_a_run_would_give(self):
        for name, amount in {"Big": 85, "Mid": 12, "Small": 3}.items():
            self._invoice(self._create_customer(name), amount)
        self.card.criterion_ids.invalidate_recordset()
        changed = self.card.new({"period_months": 1}, origin=self.card)
        today = self.company._get_today()
        self._invoice(self._create_customer("Now"), 50, today)
        preview = changed._preview(self.company)
        rows = {row["code"]: row["count"] for row in preview}
        self.assertEqual(rows, {"A": 1, "B": 0, "C": 0, "D": 0, "": 0})
        # nobody has been judged so far
        self.assertEqual([row["now"] for row in preview], [0, 0, 0, 0, 0])
        self.assertFalse(self.card.score_ids)
