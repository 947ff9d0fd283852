from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import TODAY, ScorecardCase

NOON = f"{TODAY} 12:00:00"
LAST_YEAR = date(2025, 3, 1)


@freeze_time(NOON)
@tagged("post_install", "-at_install")
class TestPyramid(ScorecardCase):
    """The pyramid's one call: figures, the period before, and who sees what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep = cls._create_user("rep", "sales_team.group_sale_salesman")
        cls.manager = cls._create_user("mgr", "crm_manufacturing.group_manager")
        cls.big = cls._create_customer("Big", user_id=cls.rep.id)
        cls.mid = cls._create_customer("Mid", user_id=cls.manager.id)

    def _pyramid(self, user=None, card=None):
        cards = self.env["partner.scorecard"].with_user(user or self.manager)
        company = {"allowed_company_ids": self.company.ids}
        return cards.with_context(**company).get_pyramid((card or self.card).id)

    def _bands_of(self, pyramid):
        """``{code: (count, value, share)}`` of the bands that hold somebody."""
        return {
            band["code"]: (band["count"], band["value"], round(band["share"], 2))
            for band in pyramid["bands"]
            if band["count"]
        }

    def _then_of(self, pyramid):
        return {
            band["code"]: (band["then"]["count"], band["then"]["value"])
            for band in pyramid["bands"]
            if band["id"] and band["then"]["count"]
        }

    def test_the_bands_hold_what_the_invoices_say(self):
        self._invoice(self.big, 850)
        self._invoice(self.mid, 120)
        self._invoice(self._create_customer("Small"), 30)
        self._run()
        pyramid = self._pyramid()
        self.assertEqual(pyramid["state"], "ready")
        self.assertEqual(
            self._bands_of(pyramid),
            {"A": (1, 850, 85.0), "B": (1, 120, 12.0), "C": (1, 30, 3.0)},
        )
        self.env.cr.execute(
            """SELECT SUM(amount_untaxed_signed) FROM account_move
                WHERE company_id = %s AND state = 'posted'
                  AND move_type IN ('out_invoice', 'out_refund')""",
            [self.company.id],
        )
        total = sum(band["value"] for band in pyramid["bands"])
        self.assertEqual(total, float(self.env.cr.fetchone()[0]))

    def test_who_has_no_tier_is_a_line_of_its_own(self):
        self._invoice(self.big, 100)
        self._invoice(self.mid, 20, move_type="out_refund")
        self._run()
        bands = self._pyramid()["bands"]
        self.assertEqual([band["code"] for band in bands], ["A", "B", "C", "D", ""])
        self.assertEqual((bands[-1]["count"], bands[-1]["value"]), (1, -20))
        self.assertEqual(round(bands[0]["share"], 2), 100.0)

    def test_beside_it_stands_the_period_before_from_its_documents(self):
        self._invoice(self.big, 100)
        self._invoice(self.big, 10, LAST_YEAR)
        self._invoice(self.mid, 90, LAST_YEAR)
        gone = self._create_customer("Bought last year only")
        self._invoice(gone, 100, LAST_YEAR)
        self._run()
        pyramid = self._pyramid()
        self.assertEqual(self._bands_of(pyramid)["A"][:2], (1, 100))
        self.assertEqual(self._then_of(pyramid), {"A": (2, 190), "C": (1, 10)})
        self.assertEqual(pyramid["card"]["then_to"], date(2025, 3, 31))

    def test_the_period_before_knows_no_override_and_no_hysteresis(self):
        self._invoice(self.big, 100)
        self._invoice(self.mid, 100, LAST_YEAR)
        self._run()
        self.card.hysteresis = 50
        band_d = self.card.band_ids.filtered(lambda band: band.code == "D")
        self._score(self.big).write(
            {"override_band_id": band_d.id, "override_reason": "Shown as D"}
        )
        pyramid = self._pyramid()
        self.assertEqual(self._bands_of(pyramid)["D"][0], 1)
        self.assertEqual(self._then_of(pyramid), {"A": (1, 100)})

    def test_a_salesperson_sees_his_own_customers_and_their_shares(self):
        for day in (TODAY, LAST_YEAR):
            self._invoice(self.big, 30, day)
            self._invoice(self.mid, 70, day)
        self._run()
        pyramid = self._pyramid(self.rep)
        self.assertTrue(pyramid["only_own"])
        self.assertFalse(pyramid["can_recompute"])
        self.assertEqual(self._bands_of(pyramid), {"A": (1, 30, 100.0)})
        self.assertEqual(self._then_of(pyramid), {"A": (1, 30)})
        manager = self._pyramid()
        self.assertTrue(manager["can_recompute"])
        self.assertFalse(manager["only_own"])
        self.assertEqual(self._bands_of(manager), {"A": (2, 100, 100.0)})

    def test_a_pyramid_of_margins_is_confidential(self):
        self.card.criterion_ids.metric = "gross_margin"
        self._invoice(self.big, 100, line={"product_id": self.product.id})
        self._run()
        self.assertEqual(self._pyramid(self.rep)["state"], "confidential")
        self.assertEqual(self._bands_of(self._pyramid())["A"][:2], (1, 40))

    def test_who_sells_nothing_gets_no_pyramid(self):
        planner = self._create_user("planner", "mrp.group_mrp_user")
        with self.assertRaises(AccessError):
            self._pyramid(planner)

    def test_before_the_first_run_it_says_how_many_wait(self):
        self._invoice(self.big, 100)
        self._invoice(self.mid, 100)
        pyramid = self._pyramid()
        self.assertEqual(pyramid["state"], "computing")
        self.assertEqual((pyramid["scored"], pyramid["total"]), (0, 2))
        self.assertEqual(self._pyramid(self.rep)["state"], "computing")
        self._run()
        self.assertEqual(self._pyramid()["state"], "ready")

    def test_without_an_invoice_it_is_empty_and_so_it_is_without_own_customers(self):
        self.assertEqual(self._pyramid()["state"], "empty")
        self._invoice(self.mid, 100)
        self._run()
        self.assertEqual(self._pyramid(self.rep)["state"], "empty")

    def test_without_any_card_it_says_so(self):
        self.company.pyramid_scorecard_id = False
        self.env["partner.scorecard"].search([]).active = False
        self.assertEqual(self._pyramid()["state"], "none")

    def test_a_score_card_shows_the_average_score(self):
        card = self._create_card("score", {"invoiced_revenue": {"target": 100}})
        self._invoice(self.big, 100)
        self._invoice(self.mid, 90)
        self._run(card)
        band = self._pyramid(card=card)["bands"][0]
        self.assertEqual((band["count"], band["score"]), (2, 95.0))
        self.assertIs(self._pyramid(card=card)["bands"][1]["score"], None)

    def test_another_company_is_not_counted(self):
        other = self._create_company(name="Other")
        self._invoice(self.big, 100)
        self._run()
        self.card._run(other, TODAY)
        self.manager.company_ids |= other
        cards = self.env["partner.scorecard"].with_user(self.manager)
        pyramid = cards.with_context(allowed_company_ids=other.ids).get_pyramid(
            self.card.id
        )
        self.assertEqual(pyramid["state"], "empty")

    def test_ten_and_two_hundred_customers_take_the_same_queries(self):
        self._fill(10)
        few = self._count_queries()
        self._fill(190)
        self.assertEqual(self._count_queries(), few)
        self.assertLessEqual(few, 20)

    def _fill(self, count):
        today = self.env["res.partner"].create(
            [{"name": f"C{place}", "is_company": True} for place in range(count)]
        )
        for partner in today[:10]:
            self._invoice(partner, 10 + partner.id % 7)
        self.env["partner.score"].sudo().create(
            [
                {
                    "partner_id": partner.id,
                    "scorecard_id": self.card.id,
                    "company_id": self.company.id,
                    "date": TODAY,
                    "band_id": self.card.band_ids[partner.id % 4].id,
                    "value": 10,
                    "coverage": 100,
                }
                for partner in today
            ]
        )
        self.env["partner.stage"].sudo().create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": self.company.id,
                    "stage": "active",
                    "since": TODAY,
                }
                for partner in today
            ]
        )

    def _count_queries(self):
        """Of a call with warm registry caches and an empty record cache."""
        for _warm_up in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._pyramid()
        return self.env.cr.sql_log_count - before


@freeze_time(NOON)
@tagged("post_install", "-at_install")
class TestLadder(ScorecardCase):
    """The ladder beside the pyramid and the passages behind its rates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep = cls._create_user("rep", "sales_team.group_sale_salesman")
        cls.manager = cls._create_user("mgr", "crm_manufacturing.group_manager")

    def _stay(self, *stages, user=None):
        """A customer of these ``(stage, days ago)``, the last of them current."""
        partner = self._create_customer("Climber", user_id=user and user.id)
        for place, (stage, ago) in enumerate(stages, 1):
            self.env["partner.stage"].create(
                {
                    "partner_id": partner.id,
                    "company_id": self.company.id,
                    "stage": stage,
                    "previous_stage": stages[place - 2][0] if place > 1 else False,
                    "since": TODAY - timedelta(days=ago),
                    "is_current": place == len(stages),
                }
            )
        return partner

    def _ladder(self, user=None):
        cards = self.env["partner.scorecard"].with_user(user or self.manager)
        result = cards.with_context(allowed_company_ids=self.company.ids).get_pyramid()
        return {step["stage"]: step for step in result["ladder"]}

    def test_counts_are_of_today_and_rates_of_the_last_twelve_months(self):
        self._stay(("prospect", 100), ("new", 50))
        self._stay(("prospect", 100))
        self._stay(("prospect", 900), ("new", 800), ("active", 400))
        self._stay(("suspect", 90), ("new", 30))
        ladder = self._ladder()
        counts = {
            stage: step["count"] for stage, step in ladder.items() if step["count"]
        }
        self.assertEqual(counts, {"prospect": 1, "new": 2, "active": 1})
        self.assertEqual(
            ladder["prospect"]["went"], {"of": 2, "count": 1, "rate": 50.0}
        )
        # from target to customer without a stop still is a step forward
        self.assertEqual(ladder["suspect"]["went"]["rate"], 100.0)
        self.assertEqual(ladder["new"]["went"]["rate"], 0.0)

    def test_of_nobody_there_is_no_rate(self):
        went = self._ladder()["prospect"]["went"]
        self.assertEqual(went, {"of": 0, "count": 0, "rate": None})

    def test_buying_again_is_won_back(self):
        self._stay(("active", 600), ("dormant", 300), ("active", 20))
        self._stay(("active", 600), ("dormant", 300))
        dormant = self._ladder()["dormant"]
        self.assertEqual(dormant["won_back"]["rate"], 50.0)
        self.assertEqual(dormant["went"]["rate"], 0.0)

    def test_a_prospect_whose_lead_was_lost_did_not_go_on(self):
        stay = self.env["partner.stage"].search(
            [("partner_id", "=", self._stay(("prospect", 50)).id)]
        )
        stay.is_current = False
        self._stay(("prospect", 60), ("new", 10))
        self.assertEqual(self._ladder()["prospect"]["went"]["rate"], 50.0)
        passage = self.env["partner.stage.passage"].browse(stay.id)
        self.assertFalse(passage.next_stage)
        self.assertTrue(passage.left_date)

    def test_a_stay_that_goes_on_has_no_days(self):
        self._stay(("prospect", 60), ("new", 10))
        groups = self.env["partner.stage.passage"]._read_group(
            [("company_id", "=", self.company.id)], ["stage"], ["days:avg"]
        )
        self.assertEqual(dict(groups), {"prospect": 50.0, "new": False})

    def test_a_salesperson_counts_and_opens_his_own(self):
        mine = self._stay(("active", 10), user=self.rep)
        self._stay(("active", 10))
        for user, expected in ((self.rep, 1), (self.manager, 2)):
            step = self._ladder(user)["active"]
            self.assertEqual(step["count"], expected)
            stages = self.env["partner.stage"].with_user(user)
            stages = stages.with_context(allowed_company_ids=self.company.ids)
            domain = stages.get_stage_action("active")["domain"]
            found = stages.env["res.partner"].search(domain)
            self.assertEqual(len(found), expected)
            self.assertIn(mine, found)
