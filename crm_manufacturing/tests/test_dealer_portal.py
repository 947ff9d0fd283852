from odoo.tests import tagged
from odoo.tools import mute_logger

from .dealer_portal_common import DealerPortalCase

STOCK = "/my/dealer/stock"
PAGES = (STOCK, "/my/dealer/orders", "/my/dealer/results")


@tagged("post_install", "-at_install")
class TestDealerPortal(DealerPortalCase):
    """Who gets a dealer's pages at all, and the plain ones."""

    def test_a_dealer_s_people_have_the_cards_and_the_pages(self):
        for login in ("ada", "abe", "bea"):
            home = self._get("/my/home", login).text
            for url in PAGES:
                self.assertIn(f'href="{url}"', home)
                self.assertEqual(self._get(url).status_code, 200)

    @mute_logger("odoo.http")
    def test_customers_and_employees_have_none(self):
        for login in ("cid", "eve"):
            self.assertNotIn(
                "portal_dealer_category", self._get("/my/home", login).text
            )
            self.assert_missing(*PAGES, f"{STOCK}/{self.month:%Y-%m}")

    def test_visitors_must_log_in(self):
        self.authenticate(None, None)
        for url in PAGES:
            self.assertIn("/web/login", self.url_open(url).url)

    @mute_logger("odoo.http")
    def test_a_dealer_who_ends_is_out_with_his_next_click(self):
        self._get(STOCK, "ada")
        self.ventus.dealer_stage = "ended"
        self.assert_missing(*PAGES)
        self.ventus.dealer_stage = "candidate"
        self.assert_missing(*PAGES)
        self.ventus.dealer_stage = "watch"
        self.assertEqual(self._get(STOCK).status_code, 200)
        self.ada.active = False
        self.assertIn("/web/login", self._get(STOCK).url)

    @mute_logger("odoo.http")
    def test_while_the_room_is_off_there_are_no_pages(self):
        self._login("ada")
        settings = self.env["res.config.settings"].create({})
        settings.group_dealer_room = False
        settings.execute()
        self.assert_missing(*PAGES)

    def test_a_firm_of_its_own_below_the_dealer_is_not_the_dealer(self):
        self.ada.partner_id.write({"is_company": True})
        self.assertFalse(self.ada.partner_id._get_portal_dealer())

    def test_pages_speak_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.ui.view"].invalidate_model()
        view = self.env.ref("crm_manufacturing.dealer_portal_stock")
        view.update_field_translations(
            "arch_db", {"fr_FR": {"Stock and sales": "Stock et ventes"}}
        )
        self.ada.lang = "fr_FR"
        page = self._get(STOCK, "ada").text
        self.assertIn("Stock et ventes", page)

    # ------------------------------------------------------------------
    # Orders and results
    # ------------------------------------------------------------------

    def test_orders_are_the_firm_s_own_with_their_state_and_no_document_of_ours(self):
        mine = self._sell(self.ventus, 3)
        theirs = self._sell(self.boreas, 7)
        page = self._get("/my/dealer/orders", "abe").text
        self.assertIn(mine.name, page)
        self.assertIn("Ceiling fan", page)
        self.assertNotIn(theirs.name, page)
        self.assertNotIn(mine.picking_ids.name, page)
        self.assertIn(f"/my/orders/{mine.id}", page)
        self.assertEqual(self._get(f"/my/orders/{mine.id}").status_code, 200)
        self.assertNotIn(theirs.name, self._get(f"/my/orders/{theirs.id}").text)

    def test_what_is_delivered_quoted_or_another_company_s_is_not_listed(self):
        shipped = self._sell(self.ventus, ship=True)
        quotation = self._sell(self.ventus).copy()
        page = self._get("/my/dealer/orders", "ada").text
        self.assertNotIn(shipped.name, page)
        self.assertNotIn(quotation.name, page)

    def test_nonsense_in_the_address_is_no_error(self):
        self._login("ada")
        for url in (
            "/my/dealer/orders/page/999999",
            "/my/dealer/orders?page=-1&sortby=evil",
            f"{STOCK}?saved=<script>",
        ):
            self.assertEqual(self._get(url).status_code, 200)

    def _target(self, firm, amount, **values):
        own = {"dealer_id": firm.id, "year": self.today.year, "amount": amount}
        return self.env["dealer.target"].create({**own, **values})

    def test_targets_are_the_firm_s_own(self):
        self._target(self.ventus, 111222)
        self._target(self.boreas, 333444)
        self._invoice(self.ventus, 5000, day=self.today)
        page = self._get("/my/dealer/results", "ada").text
        self.assertIn("111,222.00", page)
        self.assertIn("5,000.00", page)
        self.assertNotIn("333,444", page)

    def test_targets_to_come_stand_last_and_have_no_percentage(self):
        """However many months of next year there are, this year is read first."""
        self._target(self.ventus, 111222)
        year = self.today.year
        for when in [{"year": year, "month": "01"}] + [
            {"year": year + 1, "month": f"{month:02}"} for month in range(1, 13)
        ]:
            self._target(self.ventus, 100, **when)
        rows = self.env["dealer.target"]._get_portal_rows(self.ventus, self.company)
        told = [(row["period"], row["percent"]) for row in rows]
        self.assertEqual(told[0], (str(year), 0))
        self.assertEqual(told[1], (f"January {year}", 0))
        self.assertEqual(told[2], (f"January {year + 1}", None))
        self.assertEqual(len(told), 14)
        self.assertIn("to come", self._get("/my/dealer/results", "ada").text)

    def test_a_month_left_out_is_told_without_what_was_written(self):
        self._target(self.ventus, 1000)
        self.env["dealer.month.exclusion"].create(
            {
                "dealer_id": self.ventus.id,
                "period": self.month,
                "reason": "Our paint shop burned.",
            }
        )
        page = self._get("/my/dealer/results", "ada").text
        self.assertIn(f"{self.month:%B %Y}", page)
        self.assertNotIn("paint shop", page)

    def _rate(self):
        card = self._create_card(
            "score",
            {
                "revenue_growth": {"weight": 60, "floor": -1, "target": 1},
                "payment_delay": {"weight": 40, "floor": 60, "target": 0},
            },
            role="dealer",
            min_coverage=10,
        )
        for firm, amount in ((self.ventus, 1000), (self.boreas, 9000)):
            self._invoice(firm, amount, day=self.today)
        self._run(card, today=self.today)
        return card

    def test_the_rating_has_points_and_reasons_and_is_the_firm_s_own(self):
        card = self._rate()
        mine, theirs = self._score(self.ventus, card), self._score(self.boreas, card)
        self.assertTrue(mine.coverage and theirs)
        (told,) = self.env["partner.score"]._get_portal_cards(self.ventus, self.company)
        self.assertEqual(told["score"], round(mine.score))
        self.assertEqual(len(told["criteria"]), 2)
        page = self._get("/my/dealer/results", "ada").text
        self.assertIn("dealer_results", page)
        self.assertIn("Revenue growth", page)
        # the day the rating changed last, not the day it was worked out
        self.assertIn("<span>Since</span>", page)
        self.assertIn("Figures of the last 12 months", page)

    def test_margin_is_no_dealer_s_to_read_nor_who_changed_his_band(self):
        card = self._rate()
        told = self.env["partner.score"]._get_portal_cards(self.ventus, self.company)
        keys = {"score", "band", "date", "months", "coverage", "criteria"}
        self.assertEqual(told[0].keys(), keys)
        card.criterion_ids[0].metric = "gross_margin"
        self.env.flush_all()
        told = self.env["partner.score"]._get_portal_cards(self.ventus, self.company)
        self.assertEqual(told, [])

    def test_the_portal_has_no_rights_on_what_the_pages_show(self):
        self._target(self.ventus, 1000)
        self._login("ada")
        for model in (
            "dealer.target",
            "dealer.stock.report",
            "dealer.stock.report.line",
            "dealer.stock.sale",
            "dealer.territory",
            "dealer.exit",
            "dealer.exit.item",
            "dealer.access",
            "dealer.entry.criterion",
            "partner.score",
            "partner.scorecard",
            "crm.lead",
        ):
            for method, args in (
                ("search_read", [[]]),
                ("search_count", [[]]),
                ("name_search", []),
                ("formatted_read_group", [[], [], ["__count"]]),
                ("export_data", [[1], ["id"]]),
            ):
                _result, error = self._call(model, method, *args)
                self.assertTrue(error, f"{model}.{method}")
        for name in ("dealer_stage", "dealer_manager_id", "dealer_review_date"):
            _result, error = self._call("res.partner", "read", [self.ventus.id], [name])
            self.assertTrue(error, name)
            _result, error = self._call(
                "res.partner", "search_count", [(name, "!=", False)]
            )
            self.assertTrue(error, name)
