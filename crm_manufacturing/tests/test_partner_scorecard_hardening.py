"""What broke a card, a screen or a secret once, and does so no more."""

from datetime import date
from unittest.mock import patch

import psycopg2.errors
from freezegun import freeze_time

from odoo import models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .. import uninstall_hook
from .common import ScorecardCase


@tagged("post_install", "-at_install")
class TestLines(ScorecardCase):
    """Bands and criteria that are written together are checked together."""

    def _update(self, lines, values):
        return [
            Command.update(line.id, vals)
            for line, vals in zip(lines, values, strict=True)
        ]

    def test_two_ceilings_are_raised_in_one_go(self):
        bands = self.card.band_ids
        thresholds = [{"threshold": edge} for edge in (96, 97, 99.5, 100)]
        self.card.write({"band_ids": self._update(bands, thresholds)})
        self.assertEqual(bands.mapped("threshold"), [96, 97, 99.5, 100])

    def test_a_ladder_that_is_wrong_at_the_end_is_refused(self):
        thresholds = [{"threshold": edge} for edge in (96, 98, 97, 100)]
        with self.assertRaisesRegex(ValidationError, "^Threshold:"):
            self.card.write({"band_ids": self._update(self.card.band_ids, thresholds)})

    def test_a_share_card_becomes_a_score_card_with_its_bands(self):
        thresholds = [{"threshold": edge} for edge in (80, 60, 40, 0)]
        commands = self._update(self.card.band_ids, thresholds)
        self.card.write({"method": "score", "band_ids": commands})
        self.assertEqual(self.card.band_ids.mapped("threshold"), [80, 60, 40, 0])

    def test_the_weight_moves_to_another_criterion_in_one_go(self):
        card = self._create_card(
            "score", {"invoiced_revenue": {"weight": 1}, "order_count": {"weight": 0}}
        )
        weights = [{"weight": 0}, {"weight": 1}]
        card.write({"criterion_ids": self._update(card.criterion_ids, weights)})
        self.assertEqual(card.criterion_ids.mapped("weight"), [0, 1])

    def test_a_single_line_is_checked_whatever_the_context_says(self):
        for value in (True, "card", 1):
            with self.assertRaisesRegex(ValidationError, "^Threshold:"):
                self.card.band_ids[0].with_context(checked_by=value).threshold = 97

    def test_a_removed_criterion_makes_the_figures_due(self):
        card = self._create_card("score", {"invoiced_revenue": {}, "order_count": {}})
        card.figures_date = self.today
        card.criterion_ids[1].unlink()
        self.assertFalse(card.figures_date)


@tagged("post_install", "-at_install")
class TestNumbers(ScorecardCase):
    """Numbers that cannot be computed with are refused, not written."""

    def test_what_is_no_number_or_too_large_is_no_weight(self):
        criterion = self.card.criterion_ids
        for value in (float("nan"), float("inf"), 1e308):
            with self.assertRaisesRegex(ValidationError, "^Weight:"):
                criterion.weight = value

    def test_floor_and_target_can_be_computed_with(self):
        card = self._create_card("score", {"invoiced_revenue": {"target": 100}})
        for value in (float("nan"), float("inf"), float("-inf"), 1e300, 1e-308):
            for field in ("floor", "target"):
                values = {"floor": 0, "target": 0, field: value}
                with (
                    self.subTest(field=field, value=value),
                    self.assertRaisesRegex(ValidationError, "^Target Figure:"),
                ):
                    card.criterion_ids.write(values)

    def test_a_period_reaches_back_100_years_at_most(self):
        for months in (1201, 30000, 2**31):
            with self.assertRaisesRegex(ValidationError, "^Period:"):
                self.card.period_months = months
            draft = self.card.new({"period_months": months}, origin=self.card)
            self.assertFalse(draft.preview)
        self.card.period_months = 1200
        self._run()

    def test_the_settings_of_the_stages_can_be_computed_with(self):
        for sentence, field, values in (
            ("Lost After", "stage_lost_months", (0, 1201, 30000)),
            ("Dormant After", "stage_dormant_factor", (0, float("nan"), 1e300)),
        ):
            for value in values:
                with (
                    self.assertRaisesRegex(ValidationError, f"^{sentence}:"),
                    self.env.cr.savepoint(),
                ):
                    self.company[field] = value
        self.company.write({"stage_lost_months": 1200, "stage_dormant_factor": 1000})
        self.env["partner.stage"]._run(self.company, self.today)

    def test_a_filter_that_fails_only_in_the_query_is_refused(self):
        for domain in (
            "[('id', '>', 'a')]",
            "[('color', '=', 'abc')]",
            "[('sale_order_count', '>', 5)]",
            "[('name', '=', '\\x00')]",
        ):
            with (
                self.subTest(domain=domain),
                self.assertRaisesRegex(ValidationError, "^Only Partners:"),
            ):
                self.card.partner_domain = domain

    def test_a_filter_does_not_depend_on_who_runs_the_card(self):
        with self.assertRaisesRegex(ValidationError, "^Only Partners:"):
            self.card.partner_domain = "[('user_id', '=', uid)]"


@tagged("post_install", "-at_install")
class TestUnfinished(ScorecardCase):
    """A card that cannot be computed harms no other, and can be mended."""

    def _run_cron(self):
        self.patch(type(self.company), "_get_today", lambda company: self.today)
        cron = self.env.ref("crm_manufacturing.ir_cron_partner_scorecard")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()

    def test_a_card_without_lines_is_passed_over(self):
        self._invoice(self._create_customer("Only"), 100)
        values = {"sequence": 0, "band_ids": False, "criterion_ids": False}
        for method in ("share", "score"):
            self.card.copy({**values, "method": method})
            lines = self._create_card(method, {"invoiced_revenue": {}}, sequence=0)
            lines.band_ids.unlink()
        self._run_cron()
        self.assertEqual(self._bands(), {"Only": "A"})
        self.assertEqual(self.card.figures_date, self.today)

    def test_a_card_that_lost_its_criterion_shows_its_tiers(self):
        self._invoice(self._create_customer("Only"), 100, self.company._get_today())
        self._run(today=self.company._get_today())
        self.card.criterion_ids.unlink()
        pyramid = self.env["partner.scorecard"].get_pyramid()
        self.assertEqual([band["count"] for band in pyramid["bands"]], [1, 0, 0, 0, 0])

    def test_an_overflow_is_the_card_s_own_error(self):
        self._invoice(self._create_customer("Only"), 100)
        broken = self._create_card(
            "score", {"invoiced_revenue": {"target": 1}}, sequence=0
        )
        self.env.cr.execute(
            "UPDATE partner_scorecard_criterion SET target = 1e-308 WHERE id = %s",
            [broken.criterion_ids.id],
        )
        self.env.invalidate_all()
        self._run_cron()
        self.assertTrue(broken.error)
        self.assertEqual(self._bands(), {"Only": "A"})

    def test_a_card_that_failed_waits_for_the_next_day(self):
        tried = []
        original = type(self.card)._run_due

        def run_due(card, today):
            tried.append(card)
            return original(card, today)

        self.env.cr.execute(
            "UPDATE partner_scorecard_criterion SET metric = 'gone' WHERE id = %s",
            [self.card.criterion_ids.id],
        )
        self.env.invalidate_all()
        self.patch(type(self.card), "_run_due", run_due)
        self._run_cron()
        self._run_cron()
        self.assertEqual(tried, [self.card])
        self.card.criterion_ids.metric = "order_count"
        self._run_cron()
        self.assertEqual(tried, [self.card] * 2)
        self.assertFalse(self.card.error)

    def test_a_card_whose_metric_is_gone_opens_and_so_do_the_settings(self):
        self.env.cr.execute(
            "UPDATE partner_scorecard_criterion SET metric = 'gone' WHERE id = %s",
            [self.card.criterion_ids.id],
        )
        self.env.invalidate_all()
        with Form(self.card) as form:
            self.assertFalse(form.preview)
        settings = self.env["res.config.settings"].create({})
        self.assertFalse(settings.pyramid_preview)

    def test_recomputing_says_what_came_of_it(self):
        big, small = self._create_customer("big"), self._create_customer("small")
        today = self.company._get_today()
        self._invoice(big, 90, today)
        self._invoice(small, 10, today)
        self.assertIn("nobody changes tier", self._recompute())
        self._invoice(small, 400, today)
        self.assertIn("2 customers change tier", self._recompute())

    def _recompute(self):
        """The message a user sees."""
        notice = self.card.action_recompute()
        self.assertEqual(notice["tag"], "display_notification")
        return notice["params"]["message"]

    def test_a_recomputation_in_one_company_leaves_the_others_due(self):
        other = self._create_company(name="Second")
        user = self._create_user(
            "boss",
            "crm_manufacturing.group_manager",
            company_ids=[Command.set((self.company | other).ids)],
        )
        every = self.env["res.company"].search([])
        card = self.card.with_user(user)
        card.with_context(allowed_company_ids=self.company.ids).action_recompute()
        self.assertFalse(self.card.next_run_date)
        user.sudo().company_ids = every
        card.with_context(allowed_company_ids=every.ids).action_recompute()
        self.assertTrue(self.card.next_run_date)

    def test_a_pyramid_scores_the_customers_of_its_company(self):
        other = self._create_company(name="Second")
        foreign = self._create_card(
            "share", {"invoiced_revenue": {}}, company_id=other.id
        )
        dealers = self._create_card("share", {"invoiced_revenue": {}}, role="dealer")
        for card in (foreign, dealers):
            with (
                self.assertRaisesRegex(ValidationError, "^Customer Pyramid:"),
                self.env.cr.savepoint(),
            ):
                self.company.pyramid_scorecard_id = card
        for values in ({"role": "dealer"}, {"company_id": other.id}):
            with (
                self.assertRaisesRegex(ValidationError, "^Customer Pyramid:"),
                self.env.cr.savepoint(),
            ):
                self.card.write(values)

    def test_a_branch_scores_the_customers_of_its_parent(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        partner = self._create_customer("Parent's", company_id=self.company.id)
        population = self.env["res.partner"].search(self.card._get_population(branch))
        self.assertIn(partner, population)
        own = self._create_customer("Branch's", company_id=branch.id)
        population = self.env["res.partner"].search(
            self.card._get_population(self.company)
        )
        self.assertIn(partner, population)
        self.assertNotIn(own, population)

    def test_who_only_administers_the_system_saves_settings(self):
        admin = self._create_user("admin2", "base.group_user,base.group_system")
        settings = self.env["res.config.settings"].with_user(admin)
        settings.create({}).execute()


@tagged("post_install", "-at_install")
class TestSecrets(ScorecardCase):
    """A margin does not come out by another door."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep_all = cls._create_user(
            "rep_all", "sales_team.group_sale_salesman_all_leads"
        )
        cls.customer = cls._create_customer("Fan shop")
        line = {"product_id": cls.product.id, "quantity": 1, "price_unit": 100}
        cls._invoice(cls.customer, 0, line=line)

    def _seen(self, card):
        scores = self.env["partner.score"].with_user(self.rep_all)
        return scores.search([("scorecard_id", "=", card.id)])

    def test_the_fingerprint_of_the_figures_is_not_read(self):
        self._run()
        for read in (
            lambda: self._seen(self.card).read(["fingerprint"]),
            lambda: self._seen(self.card).search([("fingerprint", ">", 0)]),
        ):
            with self.assertRaises(AccessError):
                read()

    def test_margins_are_forgotten_when_a_card_ranks_by_something_else(self):
        card = self._create_card("share", {"gross_margin": {}})
        self._run(card)
        self.assertEqual(self._score(self.customer, card).value, 40)
        card.criterion_ids.metric = "invoiced_revenue"
        self.assertEqual(self._seen(card).mapped("value"), [0])
        self._run(card)
        self.assertEqual(self._seen(card).mapped("value"), [100])

    def test_margins_are_forgotten_when_a_share_becomes_a_score(self):
        card = self._create_card("share", {"gross_margin": {}}, {"A": 90})
        self._run(card)
        card.write(
            {
                "method": "score",
                "criterion_ids": [
                    Command.update(card.criterion_ids.id, {"grading": "quintile"}),
                    Command.create({"metric": "invoiced_revenue"}),
                ],
            }
        )
        self.assertFalse(card.is_confidential)
        self.assertEqual(self._seen(card).mapped("value"), [0])

    def test_a_score_of_nothing_but_margin_is_confidential(self):
        for margin in ({"target": 1000}, {"grading": "quintile"}):
            card = self._create_card("score", {"gross_margin": margin})
            self._run(card)
            self.assertTrue(card.is_confidential)
            self.assertFalse(self._seen(card))

    def test_a_margin_between_floor_and_target_is_confidential(self):
        """The score and the other grades tell the grade, which tells the figure."""
        card = self._create_card(
            "score",
            {"gross_margin": {"target": 1000}, "invoiced_revenue": {"target": 1000}},
        )
        self.assertTrue(card.is_confidential)
        card.criterion_ids[0].grading = "quintile"
        self.assertFalse(card.is_confidential)
        self.assertFalse(
            self.env.ref("crm_manufacturing.scorecard_value").is_confidential
        )


@tagged("post_install", "-at_install")
class TestOverrides(ScorecardCase):
    """An override says who, why and on what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("mgr", "crm_manufacturing.group_manager")
        cls.first = cls._create_customer("First")
        cls.second = cls._create_customer("Second")
        cls._invoice(cls.first, 90)
        cls._invoice(cls.second, 10)
        cls._run()
        cls.startClassPatcher(freeze_time("2026-03-31 12:00:00"))

    def _override(self, score, **values):
        band = self.card.band_ids[-1]
        values = {"override_band_id": band.id, "override_reason": "Big plans", **values}
        score.with_user(self.manager).write(values)

    def test_no_figure_and_no_author_come_in_as_defaults(self):
        band = self.card.band_ids[0]
        context = {
            "default_value": 1e9,
            "default_band_id": band.id,
            "default_override_band_id": band.id,
            "default_override_reason": "Forged",
            "default_override_uid": self.env.ref("base.user_admin").id,
        }
        score = (
            self.env["partner.score"]
            .with_user(self.manager)
            .with_context(**context)
            .create(
                {
                    "scorecard_id": self.card.id,
                    "partner_id": self._create_customer("Prospect").id,
                    "company_id": self.company.id,
                    "date": self.today,
                }
            )
        )
        self.assertFalse(score.value)
        self.assertFalse(score.band_id)
        self.assertFalse(score.override_band_id)
        self.assertFalse(score.override_uid)

    def test_history_is_not_overridden(self):
        old = self._score(self.second)
        self._invoice(self.second, 9000)
        self._run()
        self.assertFalse(old.is_current)
        with self.assertRaisesRegex(UserError, "^Override:"):
            self._override(old)

    def test_a_reason_or_an_end_needs_a_band(self):
        for values in (
            {"override_reason": "Nothing"},
            {"override_reason": "Nothing", "override_until": date(2026, 4, 30)},
        ):
            with self.assertRaisesRegex(ValidationError, "^Override:"):
                self._score(self.first).with_user(self.manager).write(values)

    def test_an_override_that_is_over_does_not_hinder_a_merge(self):
        self._override(self._score(self.first), override_until=date(2026, 4, 1))
        with freeze_time("2026-05-10 12:00:00"):
            self.env["base.partner.merge.automatic.wizard"]._merge(
                (self.first | self.second).ids, self.second
            )
        self.assertFalse(self._score(self.second).override_band_id)

    def test_a_merged_contact_has_its_own_tier_in_the_movement(self):
        """The source's last row began later than the destination's, which goes on."""
        codes = {band.id: band.code for band in self.card.band_ids}
        third = self._create_customer("Third")
        self._invoice(third, 1)
        self._run(today=date(2026, 4, 10), partners=third)
        with freeze_time("2026-04-20 12:00:00"):
            self.env["base.partner.merge.automatic.wizard"]._merge(
                (third | self.first).ids, self.first
            )
        movement = self.env["partner.score.movement"]
        cells = movement.get_matrix(self.card.id, "2026-03-31", "2026-04-30")["cells"]
        found = [(codes.get(c["from"]), codes.get(c["to"]), c["count"]) for c in cells]
        self.assertEqual(found, [("A", "A", 1), ("B", "B", 1)])


@tagged("post_install", "-at_install")
class TestUnchecked(ScorecardCase):
    """What no foreign key keeps valid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._invoice(cls._create_customer("Only"), 100)
        cls._run()
        cls.score = cls.card.score_ids

    def test_a_company_takes_its_scores_along(self):
        """The host lets a company go only when all else of it is gone."""
        unlink = models.BaseModel.unlink
        companies = self.env.registry["res.company"]

        def unlink_but_companies(records):
            return isinstance(records, companies) or unlink(records)

        with patch.object(models.BaseModel, "unlink", unlink_but_companies):
            self.company.unlink()
        self.assertFalse(self.score.exists())

    def test_a_card_takes_its_scores_along(self):
        self.company.pyramid_scorecard_id = False
        self.card.unlink()
        self.assertFalse(self.score.exists())

    def test_a_tier_is_one_of_two_bands_that_are_checked(self):
        last = self.card.band_ids[-1]
        self.score.write({"override_band_id": last.id, "override_reason": "Big plans"})
        self.env.flush_all()
        for band in (self.score.band_id, last):
            with (
                self.assertRaises(psycopg2.errors.IntegrityError),
                self.env.cr.savepoint(),
                mute_logger("odoo.sql_db"),
            ):
                self.env.cr.execute(
                    "DELETE FROM partner_scorecard_band WHERE id = %s", [band.id]
                )


@tagged("post_install", "-at_install")
class TestUninstall(ScorecardCase):
    def test_no_score_keeps_a_band_from_going(self):
        self._invoice(self._create_customer("Only"), 100)
        self._run()
        manager = self._create_user("mgr", "crm_manufacturing.group_manager")
        for band in self.card.band_ids[:2]:
            self.card.score_ids.with_user(manager).write(
                {"override_band_id": band.id, "override_reason": "Big plans"}
            )
        uninstall_hook(self.env)
        self.card.band_ids.unlink()
        self.assertFalse(self.card.band_ids)


@tagged("post_install", "-at_install")
class TestChangedOrders(ScorecardCase):
    def test_a_tax_in_the_price_of_a_confirmed_order_marks_its_customer(self):
        order = self._order(self._create_customer("Buyer"), self.today, amount=110)
        tax = self.env["account.tax"].create(
            {"name": "Included", "amount": 10, "price_include_override": "tax_included"}
        )
        dirty = self.env["partner.score.dirty"]
        dirty.search([]).unlink()
        order.order_line.tax_ids = tax
        self.assertEqual(order.amount_untaxed, 100)
        self.assertEqual(dirty.search([]).partner_id, order.partner_id)
