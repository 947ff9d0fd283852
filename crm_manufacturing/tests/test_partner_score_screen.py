import re
from datetime import date

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError
from odoo.fields import Command, Domain
from odoo.tests import tagged

from .common import TODAY, ScorecardCase

NOON = f"{TODAY} 12:00:00"
TIER = {"customer_tier_id": {"fields": {"display_name": {}}}}


class ScreenCase(ScorecardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep = cls._create_user("rep", "sales_team.group_sale_salesman")
        cls.manager = cls._create_user("mgr", "crm_manufacturing.group_manager")
        cls.big = cls._create_customer("Big", user_id=cls.rep.id)
        cls.mid = cls._create_customer("Mid", user_id=cls.manager.id)

    def _as(self, user, model):
        records = self.env[model].with_user(user)
        return records.with_context(allowed_company_ids=self.company.ids)


@freeze_time(NOON)
@tagged("post_install", "-at_install")
class TestWhy(ScreenCase):
    """The why panel: figures, places, history, and what is kept from whom."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.value_card = cls._create_card(
            "score",
            {
                "gross_margin": {"grading": "quintile", "weight": 50},
                "invoiced_revenue": {"target": 1000, "weight": 30},
                "revenue_growth": {"floor": -1, "target": 1, "weight": 20},
            },
        )
        line = {"line": {"product_id": cls.product.id}}
        cls._invoice(cls.big, 400, **line)
        cls._invoice(cls.mid, 600, **line)
        cls._run()
        cls._run(cls.value_card)

    def _why(self, user, partner):
        return self._as(user, "partner.score").get_why(partner.id)

    def test_the_pyramid_comes_first_with_rank_and_share(self):
        pyramid, value = self._why(self.manager, self.big)["cards"]
        self.assertEqual(pyramid["tier"]["code"], "A")
        self.assertEqual((pyramid["rank"], pyramid["ranked"]), (2, 2))
        self.assertEqual(pyramid["share"], 40.0)
        self.assertIsNone(pyramid["score"])
        self.assertEqual(value["method"], "score")

    def test_criteria_have_their_unit_and_no_data_is_not_zero(self):
        value = self._why(self.manager, self.big)["cards"][1]
        criteria = {line["metric"]: line for line in value["criteria"]}
        self.assertEqual(criteria["gross_margin"]["value"], 340)
        self.assertEqual(criteria["gross_margin"]["unit"], "money")
        self.assertEqual(criteria["invoiced_revenue"]["grade"], 40)
        self.assertIsNone(criteria["revenue_growth"]["value"])
        self.assertIsNone(criteria["revenue_growth"]["grade"])
        self.assertEqual(value["coverage"], 80.0)

    def test_a_salesperson_reads_no_margin(self):
        value = self._why(self.rep, self.big)["cards"][1]
        metrics = [line["metric"] for line in value["criteria"]]
        self.assertEqual(metrics, ["invoiced_revenue", "revenue_growth"])

    def test_weights_add_up_to_100_also_for_who_reads_no_margin(self):
        for user, hidden in ((self.manager, 0), (self.rep, 62.5)):
            value = self._why(user, self.big)["cards"][1]
            shown = sum(line["weight"] for line in value["criteria"])
            self.assertEqual(value["hidden_weight"], hidden)
            self.assertAlmostEqual(shown + hidden, 100)

    def test_a_pyramid_of_margins_is_kept_from_salespeople(self):
        self.card.criterion_ids.metric = "gross_margin"
        self._run()
        names = [card["name"] for card in self._why(self.rep, self.big)["cards"]]
        self.assertEqual(names, [self.value_card.name])
        self.assertEqual(self._why(self.manager, self.big)["cards"][0]["rank"], 2)

    def test_a_contact_person_shows_the_customer_he_belongs_to(self):
        contact = self._create_customer(
            "Buyer", is_company=False, parent_id=self.big.id
        )
        self.assertEqual(len(self._why(self.manager, contact)["cards"]), 2)

    def test_another_salespersons_customer_shows_nothing(self):
        self.assertEqual(self._why(self.rep, self.mid)["cards"], [])
        self.assertFalse(self._why(self.rep, self.mid)["can_override"])
        self.assertTrue(self._why(self.manager, self.mid)["can_override"])

    def test_who_reads_no_scores_gets_nothing(self):
        planner = self._create_user("planner", "mrp.group_mrp_user")
        self.assertIs(self._why(planner, self.big), False)

    def test_history_and_override_are_told(self):
        self._invoice(self.big, 19600, date(2026, 4, 15))
        self._run(today=date(2026, 4, 30))
        score = self._score(self.mid)
        self.assertEqual(score.move, "down")
        score.with_user(self.manager).write(
            {
                "override_band_id": self.card.band_ids[0].id,
                "override_reason": "Builds 40 hotels",
            }
        )
        card = self._why(self.manager, self.mid)["cards"][0]
        self.assertEqual(
            [(line["code"], line["place"]) for line in card["history"]],
            [("A", 1), ("C", 3)],
        )
        self.assertEqual(card["tier"]["code"], "A")
        self.assertEqual(card["computed"]["code"], "C")
        self.assertEqual(card["override"]["reason"], "Builds 40 hotels")
        partner = self.mid.with_user(self.manager).with_company(self.company)
        self.assertTrue(partner.customer_tier_overridden)
        self.assertFalse(self.big.customer_tier_overridden)

    def test_a_long_history_takes_no_more_queries(self):
        few = self._count(lambda: self._why(self.manager, self.big))
        for month in range(1, 12):
            self.env["partner.score"].create(
                {
                    "partner_id": self.big.id,
                    "scorecard_id": self.card.id,
                    "company_id": self.company.id,
                    "date": date(2025, month, 1),
                    "band_id": self.card.band_ids[month % 4].id,
                    "is_current": False,
                }
            )
        self.assertEqual(self._count(lambda: self._why(self.manager, self.big)), few)

    def _count(self, call):
        for _warm_up in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            call()
        return self.env.cr.sql_log_count - before


@freeze_time(NOON)
@tagged("post_install", "-at_install")
class TestMovement(ScreenCase):
    """From which tier to which between two days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.small = cls._create_customer("Small")
        for amount, partner in ((850, cls.big), (120, cls.mid), (30, cls.small)):
            cls._invoice(partner, amount, date(2026, 1, 10))
        cls._run(today=date(2026, 1, 31))
        cls._invoice(cls.small, 5000, date(2026, 2, 10))
        cls._run(today=date(2026, 2, 28))

    def _cells(self, user, *days):
        matrix = self._as(user, "partner.score.movement").get_matrix(
            self.card.id, *days
        )
        code = {band["id"]: band["code"] for band in matrix["bands"]} | {False: ""}
        return {
            (code[cell["from"]], code[cell["to"]]): cell["count"]
            for cell in matrix["cells"]
        }

    def test_each_customer_is_in_one_cell(self):
        self.assertEqual(
            self._cells(self.manager, "2026-01-31", "2026-02-28"),
            {("A", "B"): 1, ("B", "C"): 1, ("C", "A"): 1},
        )

    def test_the_first_day_may_lie_before_the_first_judgement(self):
        self.assertEqual(
            self._cells(self.manager, "2025-12-31", "2026-01-31"),
            {("", "A"): 1, ("", "B"): 1, ("", "C"): 1},
        )

    def test_nobody_was_judged_before_the_beginning(self):
        self.assertEqual(self._cells(self.manager, "2025-01-01", "2025-02-01"), {})

    def test_without_dates_it_begins_with_the_first_judgement(self):
        matrix = self._as(self.manager, "partner.score.movement").get_matrix(
            self.card.id
        )
        self.assertEqual(matrix["date_from"], date(2026, 1, 31))
        self.assertEqual(matrix["date_to"], TODAY)

    def test_an_override_is_no_movement(self):
        self._score(self.mid).write(
            {
                "override_band_id": self.card.band_ids[0].id,
                "override_reason": "Strategic",
            }
        )
        self.assertEqual(
            self._cells(self.manager, "2026-02-28", "2026-03-31"),
            {("A", "A"): 1, ("B", "B"): 1, ("C", "C"): 1},
        )

    def test_a_salesperson_sees_his_own_customers_move(self):
        cells = self._cells(self.rep, "2026-01-31", "2026-02-28")
        self.assertEqual(cells, {("A", "B"): 1})

    def test_a_cell_opens_its_customers(self):
        band_b, band_c = self.card.band_ids[1:3]
        for user, expected in ((self.manager, self.mid), (self.rep, self.mid.browse())):
            action = self._as(user, "partner.score.movement").get_cell_action(
                self.card.id, "2026-01-31", "2026-02-28", band_b.id, band_c.id
            )
            found = self.env["res.partner"].search(action["domain"])
            self.assertEqual(found, expected)

    def test_who_reads_no_scores_sees_no_movement(self):
        planner = self._create_user("planner", "mrp.group_mrp_user")
        with self.assertRaises(AccessError):
            self._cells(planner, "2026-01-31", "2026-02-28")


@freeze_time(NOON)
@tagged("post_install", "-at_install")
class TestRegions(ScreenCase):
    """White spots: a cell in which nobody is shows 0."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        country = cls.env["res.country"].create({"name": "Fanland", "code": "Q9"})
        cls.home, cls.also, cls.empty = cls.env["res.country.group"].create(
            [
                {"name": "Home", "country_ids": [Command.set(country.ids)]},
                {"name": "Overlapping", "country_ids": [Command.set(country.ids)]},
                {"name": "Nobody there"},
            ]
        )
        (cls.big | cls.mid).country_id = country
        cls._invoice(cls.big, 850)
        cls._invoice(cls.mid, 120)
        cls._run()
        cls.env["partner.stage"]._run(cls.company, cls.today)

    def _count(self, user, group, groupby):
        groups = self._as(user, "partner.stage.region")._read_group(
            [("country_group_id", "=", group.id), ("company_id", "=", self.company.id)],
            [groupby],
            ["customers:sum"],
        )
        return {getattr(key, "code", key): count for key, count in groups}

    def test_tiers_and_stages_by_country_group(self):
        self.assertEqual(
            self._count(self.manager, self.home, "tier_id"),
            {"A": 1, "B": 1, "C": 0, "D": 0},
        )
        stages = self._count(self.manager, self.home, "stage")
        self.assertEqual((stages["new"], stages["lost"]), (2, 0))

    def test_groups_overlap(self):
        for group in (self.home, self.also):
            self.assertEqual(self._count(self.manager, group, "tier_id")["A"], 1)

    def test_a_group_without_customers_is_all_zeros(self):
        counts = self._count(self.manager, self.empty, "tier_id")
        self.assertEqual(counts, {"A": 0, "B": 0, "C": 0, "D": 0})

    def test_a_salesperson_sees_his_own_customers_and_all_white_spots(self):
        self.assertEqual(
            self._count(self.rep, self.home, "tier_id"),
            {"A": 1, "B": 0, "C": 0, "D": 0},
        )


@freeze_time(NOON)
@tagged("post_install", "-at_install")
class TestLists(ScreenCase):
    """Columns, filters and group-bys, and what they cost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._invoice(cls.big, 850)
        cls._invoice(cls.mid, 120)
        cls._run()
        cls.band_a, cls.band_b = cls.card.band_ids[:2]

    def test_an_amount_has_a_currency_and_another_figure_has_none(self):
        self.assertEqual(
            self._score(self.big).money_currency_id, self.company.currency_id
        )
        self.card.criterion_ids.metric = "order_count"
        self.env.invalidate_all()
        self.assertFalse(self._score(self.big).money_currency_id)

    def test_new_is_who_was_not_there_on_the_cards_first_day(self):
        late = self._create_customer("Late")
        self._invoice(late, 10)
        self._run(today=date(2026, 4, 30))
        scores = self.env["partner.score"].search(
            [("scorecard_id", "=", self.card.id), ("is_newcomer", "=", True)]
        )
        self.assertEqual(scores.partner_id, late)
        self.assertEqual(set(self.card.score_ids.mapped("move")), {"new"})
        self.assertTrue(scores.is_newcomer)
        self.assertFalse(self._score(self.big).is_newcomer)
        others = self.card.score_ids.filtered_domain([("is_newcomer", "=", False)])
        self.assertEqual(len(others), 2)

    def test_our_pyramid_is_a_filter(self):
        other = self._create_card("share", {"ordered_revenue": {}})
        scores = self._score(self.big) | self._score(self.mid)
        domain = [("company_id", "=", self.company.id), ("is_pyramid", "=", True)]
        self.assertEqual(self.env["partner.score"].search(domain), scores)
        self.company.pyramid_scorecard_id = other
        self.assertFalse(self.env["partner.score"].search(domain))
        self.assertEqual(
            self.env["partner.score"].search_count(
                [("company_id", "=", self.company.id), ("is_pyramid", "=", False)]
            ),
            2,
        )

    def test_big_by_revenue_but_poor_by_value_is_a_filter(self):
        value = self._create_card(
            "score", {"invoiced_revenue": {"floor": 0, "target": 1600}}
        )
        self._run(value)
        view = self.env.ref("crm_manufacturing.partner_score_view_search")
        arch = self.env["partner.score"].get_view(view.id, "search")["arch"]
        self.assertIn("Best by revenue, third or lower by value", arch)
        found = self.env["partner.score"].search(
            [
                ("scorecard_id.method", "=", "score"),
                ("effective_band_id.place", ">=", 3),
                ("partner_id.customer_tier_id.place", "=", 1),
            ]
        )
        self.assertEqual(found.partner_id, self.big)

    def test_the_best_tiers_are_found_whatever_they_are_called(self):
        self.band_a.code, self.band_b.code = "Gold", "Silver"
        both = Domain("id", "in", (self.big | self.mid).ids)
        for places, found in (
            ([1], self.big),
            ([2], self.mid),
            ([1, 2], self.big | self.mid),
            ([3], self.env["res.partner"]),
        ):
            domain = both & Domain("customer_tier_id.place", "in", places)
            self.assertEqual(self.env["res.partner"].search(domain), found)
        self.env["partner.scorecard.band"].create(
            {
                "scorecard_id": self.card.id,
                "code": "Diamond",
                "name": "Diamond",
                "sequence": self.band_a.sequence - 1,
                "threshold": 10,
            }
        )
        self.assertEqual((self.band_a | self.band_b).mapped("place"), [2, 3])

    def test_no_filter_names_a_tier_by_a_letter_that_may_be_another(self):
        views = self.env["ir.ui.view"].search(
            [("model_data_id.module", "=", "crm_manufacturing")]
        )
        lettered = [v.name for v in views if re.search(r"(tier|band)_id\.code", v.arch)]
        self.assertFalse(lettered)

    def test_documents_are_found_sorted_and_grouped_by_tier(self):
        orders = self._order(self.mid, TODAY) | self._order(self.big, TODAY)
        leads = self.env["crm.lead"].create(
            [{"name": "Fans", "partner_id": p.id} for p in (self.mid, self.big)]
        )
        for records in (orders, leads, orders.picking_ids, self.mid | self.big):
            self._check_tier_column(records)

    def _check_tier_column(self, records):
        domain = [("id", "in", records.ids)]
        model = self._as(self.manager, records._name).sudo()
        if not records:
            return
        found = model.search([*domain, ("customer_tier_id", "=", self.band_a.id)])
        self.assertEqual(len(found), 1, records._name)
        found = model.search([*domain, ("customer_tier_id.place", "=", 2)])
        self.assertEqual(len(found), 1, records._name)
        tiers = model.search(domain, order="customer_tier_id").mapped(
            "customer_tier_id.code"
        )
        self.assertEqual(tiers, ["A", "B"], records._name)
        groups = model.web_read_group(domain, ["customer_tier_id"], ["__count"])[
            "groups"
        ]
        self.assertEqual([group["__count"] for group in groups], [1, 1], records._name)
        model.read_progress_bar(
            domain,
            "customer_tier_id",
            {"field": "activity_state", "colors": {"today": "a"}},
        )

    def test_manufacturing_orders_carry_the_tier_of_their_sale(self):
        lines = (self._order(self.mid, TODAY) | self._order(self.big, TODAY)).order_line
        orders = self.env["mrp.production"].create(
            [
                {
                    "product_id": self.product.id,
                    "product_qty": 1,
                    "sale_line_id": line.id,
                }
                for line in lines
            ]
        )
        self._check_tier_column(orders)

    def test_the_tier_costs_a_list_one_query_at_10_and_at_200_partners(self):
        for count in (10, 190):
            self.env["res.partner"].create(
                [{"name": f"C{place}", "is_company": True} for place in range(count)]
            )
            plain = self._count_read("res.partner", {"name": {}})
            shown = self._count_read("res.partner", {"name": {}, **TIER})
            self.assertEqual(shown - plain, 1)

    def test_lists_read_a_tier_only_when_it_is_shown(self):
        for xmlid in (
            "res_partner_view_list",
            "crm_lead_view_list_opportunity",
            "crm_lead_view_list_lead",
            "sale_order_view_list",
            "mrp_production_view_list",
            "stock_picking_view_list",
        ):
            arch = self.env.ref(f"crm_manufacturing.{xmlid}").arch
            self.assertEqual(
                arch.count('optional="hide"'), arch.count("load_when_shown")
            )

    def test_badges_cost_a_kanban_one_query(self):
        for partner in (self.big, self.mid):
            self._order(partner, TODAY)
        self.env["crm.lead"].create(
            [
                {
                    "name": f"Fans {place}",
                    "partner_id": (self.big | self.mid)[place % 2].id,
                }
                for place in range(20)
            ]
        )
        for model, view in (
            ("res.partner", "base.res_partner_kanban_view"),
            ("crm.lead", "crm.crm_case_kanban_view_leads"),
            ("sale.order", "sale.view_sale_order_kanban"),
            ("stock.picking", "stock.stock_picking_kanban"),
        ):
            spec = self._get_spec(model, view, "kanban")
            tier = {name: spec.pop(name) for name in TIER}
            plain = self._count_read(model, spec)
            self.assertEqual(
                self._count_read(model, {**spec, **tier}) - plain, 1, model
            )

    def test_the_form_costs_two_queries(self):
        spec = self._get_spec("res.partner", "base.view_partner_form", "form")
        plain = {
            name: sub for name, sub in spec.items() if not name.startswith("customer_")
        }
        self.assertEqual(len(spec) - len(plain), 4)
        partner = self._as(self.manager, "res.partner").browse(self.big.id)
        before = self._count(lambda: partner.web_read(plain))
        self.assertLessEqual(self._count(lambda: partner.web_read(spec)) - before, 2)

    def _get_spec(self, model, view, view_type):
        """What the web client asks the server for, but for the lines of sub-lists."""
        records = self._as(self.manager, model)
        views = records.get_views([(self.env.ref(view).id, view_type)])
        fields = views["models"][model]["fields"]
        arch = etree.fromstring(views["views"][view_type]["arch"])
        names = {
            node.get("name") for node in arch.xpath("//field[not(ancestor::field)]")
        }
        return {
            name: {"fields": {"display_name": {}}}
            if fields[name]["type"] == "many2one"
            else {}
            for name in names
        }

    def _count_read(self, model, spec):
        records = self._as(self.manager, model)
        return self._count(lambda: records.web_search_read([], spec, limit=80))

    def _count(self, call):
        for _warm_up in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            call()
        return self.env.cr.sql_log_count - before


@freeze_time(NOON)
@tagged("post_install", "-at_install")
class TestSettings(ScreenCase):
    """The settings show who falls where before anything is saved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._invoice(cls.big, 850, date(2025, 5, 1))
        cls._invoice(cls.mid, 120)
        cls._run()
        cls.card.next_run_date = date(2026, 4, 30)

    def _settings(self, **values):
        """The form as it is on screen, nothing saved."""
        settings = self.env["res.config.settings"].with_company(self.company)
        return settings.new({"company_id": self.company.id, **values})

    def _counts(self, settings):
        """``{code: (now, then)}``"""
        return {
            row["code"]: (row["now"], row["count"]) for row in settings.pyramid_preview
        }

    def test_a_shorter_period_is_previewed_and_not_saved(self):
        settings = self._settings()
        self.assertEqual(settings.pyramid_metric, "invoiced_revenue")
        self.assertEqual(settings.pyramid_period_months, 12)
        self.assertEqual(self._counts(settings)["A"], (1, 1))
        self.assertEqual(self._counts(settings)["B"], (1, 1))
        settings.pyramid_period_months = 3
        self.assertEqual(self._counts(settings)["A"], (1, 1))
        self.assertEqual(self._counts(settings)["B"], (1, 0))
        self.assertEqual(self._counts(settings)[""], (0, 1))
        self.assertEqual(self.card.period_months, 12)
        self.assertEqual(self._bands(), {"Big": "A", "Mid": "B"})

    def test_another_basis_is_previewed(self):
        self._order(self.mid, TODAY)
        settings = self._settings()
        settings.pyramid_metric = "ordered_revenue"
        self.assertEqual(self._counts(settings)["A"], (1, 1))
        self.assertEqual(self._counts(settings)[""], (0, 1))
        self.assertEqual(self.card.criterion_ids.metric, "invoiced_revenue")

    def test_another_card_is_previewed(self):
        other = self._create_card("share", {"ordered_revenue": {}}, period_months=6)
        self._order(self.mid, TODAY)
        settings = self._settings(pyramid_scorecard_id=other.id)
        self.assertEqual(settings.pyramid_metric, "ordered_revenue")
        self.assertEqual(settings.pyramid_period_months, 6)
        self.assertEqual(self._counts(settings)["A"], (0, 1))
        self.assertEqual(self.company.pyramid_scorecard_id, self.card)

    def test_a_period_of_no_month_has_no_preview(self):
        settings = self._settings()
        settings.pyramid_period_months = 0
        self.assertFalse(settings.pyramid_preview)

    def test_saving_changes_the_card_and_has_it_judged_by_the_next_run(self):
        self._save(
            pyramid_metric="ordered_revenue",
            pyramid_period_months=6,
            stage_lost_months=36,
        )
        self.assertEqual(self.card.criterion_ids.metric, "ordered_revenue")
        self.assertEqual(self.card.period_months, 6)
        self.assertFalse(self.card.next_run_date)
        self.assertEqual(self.company.stage_lost_months, 36)

    def test_another_card_is_chosen_as_it_is(self):
        other = self._create_card("share", {"ordered_revenue": {}}, period_months=6)
        other.next_run_date = date(2026, 4, 30)
        self._save(pyramid_scorecard_id=other.id)
        self.assertEqual(self.company.pyramid_scorecard_id, other)
        self.assertEqual(other.period_months, 6)
        self.assertEqual(other.next_run_date, date(2026, 4, 30))

    def test_saving_something_else_touches_no_card(self):
        self._save()
        self.assertEqual(self.card.next_run_date, date(2026, 4, 30))

    def _save(self, **values):
        settings = self.env["res.config.settings"].with_company(self.company)
        settings.create({"company_id": self.company.id, **values}).set_values()
