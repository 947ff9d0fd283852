from datetime import date, datetime

from freezegun import freeze_time
from lxml import etree
from psycopg2.errors import NotNullViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ScorecardCase


@tagged("post_install", "-at_install")
class TestDealerRating(ScorecardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(datetime(2026, 3, 31, 9))
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.dealer = cls._create_customer(
            "Ventus Trading", dealer_stage="active", dealer_contract_start="2026-01-01"
        )
        cls.channel = cls._create_user(
            "rating_channel", "crm_manufacturing.group_channel_manager"
        )
        cls.rating = cls._create_card(
            "score",
            {
                "dealer_target": {"weight": 30, "floor": 0.5, "target": 1},
                "dealer_stock_reporting": {"weight": 10, "floor": 0, "target": 1},
                "dealer_new_customers": {"weight": 10, "floor": 0, "target": 5},
            },
            role="dealer",
            min_coverage=0,
        )

    def _target(self, amount, month):
        return self.env["dealer.target"].create(
            {
                "dealer_id": self.dealer.id,
                "year": 2026,
                "month": month,
                "amount": amount,
            }
        )

    def _report(self, period, closing=None, sales=()):
        line = {
            "product_id": self.product.id,
            "opening_qty": 10,
            "sold_qty": len(sales),
            "sale_ids": [
                Command.create({"end_name": name, "quantity": 1}) for name in sales
            ],
        }
        if closing is not None:
            line["closing_qty"] = closing
        report = self.env["dealer.stock.report"].create(
            {
                "dealer_id": self.dealer.id,
                "period": period,
                "line_ids": [Command.create(line)],
            }
        )
        report.action_submit()
        return report

    def _detail(self):
        self._run(self.rating)
        return self._score(self.dealer, self.rating).detail

    def test_only_active_dealers_are_rated(self):
        candidate = self._create_customer("New", dealer_stage="candidate")
        self._order(self.dealer, "2026-03-01")
        self._target(100, "03")
        self._run(self.rating)
        self.assertTrue(self._score(self.dealer, self.rating))
        self.assertFalse(self._score(candidate, self.rating))

    def test_a_score_by_hand(self):
        self._order(self.dealer, "2026-01-10")
        self._target(1000, "03")
        self._invoice(self.dealer, 800, day="2026-03-10")
        # January on its due day and as calculated; February late and differing
        with freeze_time("2026-02-10 09:00:00"):
            self._report(date(2026, 1, 1), sales=["Mill", "Farm"])
        with freeze_time("2026-03-20 09:00:00"):
            self._report(date(2026, 2, 1), closing=3, sales=["mill "])
        self._run(self.rating)
        score = self._score(self.dealer, self.rating)
        detail = score.detail
        self.assertAlmostEqual(detail["dealer_target"]["value"], 0.8)
        self.assertAlmostEqual(detail["dealer_stock_reporting"]["value"], 0.5)
        self.assertEqual(detail["dealer_stock_reporting"]["evidence"], 2)
        self.assertEqual(detail["dealer_new_customers"]["value"], 2)
        # 30 x 60 + 10 x 50 + 10 x 40 of 50
        self.assertAlmostEqual(score.score, 54)

    def test_what_is_not_known_lends_its_weight(self):
        self._target(1000, "03")
        self._invoice(self.dealer, 1000, day="2026-03-10")
        self._run(self.rating)
        self.assertEqual(self._score(self.dealer, self.rating).score, 100)

    def test_a_month_in_which_we_failed_is_left_out_on_both_sides(self):
        self._target(1000, "02")
        self._target(1000, "03")
        self._invoice(self.dealer, 100, day="2026-02-10")
        self._invoice(self.dealer, 800, day="2026-03-10")
        self.assertAlmostEqual(self._detail()["dealer_target"]["value"], 0.45)
        self.env["dealer.month.exclusion"].with_user(self.channel).create(
            {
                "dealer_id": self.dealer.id,
                "period": "2026-02-17",
                "reason": "We delivered three weeks late",
            }
        )
        self.assertAlmostEqual(self._detail()["dealer_target"]["value"], 0.8)

    def test_leaving_a_month_out_needs_a_reason(self):
        with self.assertRaisesRegex(ValidationError, "Reason: say how"):
            self.env["dealer.month.exclusion"].create(
                {"dealer_id": self.dealer.id, "period": "2026-02-01", "reason": " "}
            )

    @mute_logger("odoo.sql_db")
    def test_a_month_left_out_has_a_dealer_also_by_default(self):
        months = self.env["dealer.month.exclusion"].with_user(self.channel)
        own = months.with_context(
            default_dealer_id=self.dealer.id, default_period="2026-02-17"
        )
        month = own.create({"reason": "We delivered late"})
        self.assertEqual(month.dealer_id, self.dealer)
        self.assertEqual(str(month.period), "2026-02-01")
        with self.assertRaises(NotNullViolation):
            months.create({"reason": "We delivered late"})

    def test_our_part_stands_beside_the_rating(self):
        order = self._order(self.dealer, "2026-03-01")
        order.order_line.first_promised_date = "2026-03-05 12:00:00"
        order.quotation_sent_date = "2026-04-02"
        self._target(100, "03")
        self._run(self.rating)
        self.env.flush_all()
        self.env.invalidate_all()
        score = self._score(self.dealer, self.rating).with_user(self.channel)
        self.assertEqual((score.our_on_time, score.our_failed_months), (0, 1))

    def test_only_a_month_in_which_we_failed_has_a_button_to_leave_it_out(self):
        view = self.env.ref("crm_manufacturing.dealer_our_part_view_list")
        button = etree.fromstring(view.arch).find(".//button[@name='action_leave_out']")
        self.assertEqual(
            button.get("invisible"),
            "is_left_out or (not has_failed and not credited_qty)",
        )

    def test_a_band_proposes_a_level_and_a_person_accepts_it(self):
        pricelist = self.env["product.pricelist"].create({"name": "Gold"})
        gold = self.env["res.partner.grade"].create(
            {"name": "Gold", "default_pricelist_id": pricelist.id}
        )
        self.rating.band_ids.filtered(lambda b: b.code == "A").dealer_grade_id = gold
        self._target(1000, "03")
        self._invoice(self.dealer, 1000, day="2026-03-10")
        self._run(self.rating)
        score = self._score(self.dealer, self.rating).with_user(self.channel)
        self.assertEqual(score.proposed_grade_id, gold)
        self.assertFalse(self.dealer.grade_id)
        score.action_accept_grade()
        self.assertEqual(self.dealer.grade_id, gold)
        dealer = self.dealer.with_company(self.company)
        self.assertEqual(dealer.specific_property_product_pricelist, pricelist)
        self.assertFalse(score.proposed_grade_id)
        with self.assertRaisesRegex(UserError, "nothing is proposed"):
            score.action_accept_grade()

    def test_nobody_else_accepts_a_level(self):
        rep = self._create_user("rating_rep", "sales_team.group_sale_salesman")
        self._target(1000, "03")
        self._run(self.rating)
        score = self._score(self.dealer, self.rating)
        with self.assertRaises(AccessError):
            score.with_user(rep).action_accept_grade()

    def test_the_card_we_ship_weighs_as_agreed(self):
        card = self.env.ref("crm_manufacturing.scorecard_dealer")
        weights = {line.metric: line.weight for line in card.criterion_ids}
        self.assertEqual(
            weights,
            {
                "dealer_target": 30,
                "revenue_growth": 10,
                "payment_delay": 15,
                "dealer_registration_quality": 20,
                "dealer_stock_reporting": 10,
                "dealer_new_customers": 10,
                "dealer_return_rate": 5,
            },
        )
        card.active = True
        self._target(100, "03")
        card._run(self.company, self.today)

    def test_every_figure_opens_what_it_was_computed_from(self):
        metrics = self.env["partner.scorecard.metric"]
        period = (date(2025, 4, 1), date(2026, 3, 31))
        for code in (
            "dealer_target",
            "dealer_stock_reporting",
            "dealer_new_customers",
            "dealer_return_rate",
        ):
            action = metrics._get_action(code, self.dealer, self.company, *period)
            self.env[action["res_model"]].search(action["domain"])
