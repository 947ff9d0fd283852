from odoo.exceptions import ConcurrencyError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .dealer_portal_common import DealerPortalCase

STOCK = "/my/dealer/stock"


@tagged("post_install", "-at_install")
class TestDealerPortalStock(DealerPortalCase):
    """The month's stock and sales, typed on a phone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._sell(cls.ventus, 10, ship=True)
        cls.fan = cls.product.id
        cls.url = f"{STOCK}/{cls.month:%Y-%m}"
        cls.knob = cls.env["product.product"].create({"name": "Knob"})

    def setUp(self):
        super().setUp()
        self._login("ada")

    def _save(self, do="save", url=None, **typed):
        return self._post(f"{url or self.url}/save", {"do": do, **typed})

    def _report(self, firm=None):
        return self.env["dealer.stock.report"].search(
            [("dealer_id", "=", (firm or self.ventus).id)], order="id"
        )

    def test_the_page_is_prefilled_and_looking_at_it_writes_nothing(self):
        page = self._get(self.url).text
        self.assertIn("Ceiling fan", page)
        self.assertIn("Not Reported", page)
        self.assertFalse(self._report())

    def test_what_is_sold_is_typed_and_the_rest_closes_as_calculated(self):
        self._save("submit", **{f"sold_{self.fan}": "4"})
        report = self._report()
        self.assertEqual((report.state, report.period), ("submitted", self.month))
        line = report.line_ids
        self.assertEqual((line.received_qty, line.sold_qty), (10, 4))
        self.assertEqual((line.closing_qty, line.difference_qty), (6, 0))
        self.assertEqual(report.create_uid, self.ada)

    def test_a_closing_that_differs_stays_and_its_manager_is_told(self):
        page = self._save(
            "submit", **{f"sold_{self.fan}": "4", f"closing_{self.fan}": "5,5"}
        )
        self.assertIn("Thank you", page.text)
        report = self._report()
        self.assertEqual(report.line_ids.difference_qty, -0.5)
        self.assertEqual(report.activity_ids.user_id, self.channel)

    def test_the_manager_is_told_in_his_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.channel.lang = "zh_CN"
        self._save("submit", **{f"closing_{self.fan}": "5"})
        self.assertIn("与计算值不一致", self._report().activity_ids.summary)

    def test_all_as_calculated_takes_differences_away_and_sends_nothing(self):
        self._save("save", **{f"closing_{self.fan}": "1"})
        self.assertEqual(self._report().line_ids.difference_qty, -9)
        page = self._save("calculated", **{f"closing_{self.fan}": "1"})
        self.assertIn("closes as calculated", page.text)
        self.assertEqual(self._report().line_ids.difference_qty, 0)
        self.assertEqual(self._report().state, "draft")

    def test_a_draft_is_shared_by_the_firm_s_people(self):
        self._save("save", **{f"sold_{self.fan}": "3"})
        page = self._get(self.url, "abe").text
        self.assertIn('value="3"', page)
        self._save("submit", **{f"sold_{self.fan}": "2"})
        self.assertEqual(self._report().line_ids.sold_qty, 2)

    def test_a_long_month_takes_no_more_queries_than_a_short_one(self):
        reports, counts = self.env["dealer.stock.report"].sudo(), []
        products = self.env["product.product"].create(
            [{"name": f"Long {number}"} for number in range(30)]
        )
        for back, some in ((4, products[:2]), (3, products)):
            period = self._first_of(back)
            draft = reports._create_portal_draft(self.ventus, self.company, period)
            draft.line_ids = [Command.create({"product_id": one.id}) for one in some]
            post = {f"opening_{one.id}": "5" for one in some}
            post |= {f"sold_{one.id}": "2" for one in some}
            post |= {f"buyer_{one.id}_0": "" for one in some}
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            reports._take_portal_post(self.ventus, self.company, period, post)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(set(draft.line_ids.mapped("closing_qty")), {3})
        self.assertLessEqual(counts[1], counts[0] + 2)

    @mute_logger("odoo.sql_db")
    def test_a_month_begun_by_two_at_once_is_tried_again(self):
        of = self.ventus, self.company, self.month
        reports = self.env["dealer.stock.report"]
        reports._create_portal_draft(*of)
        with self.assertRaises(ConcurrencyError):
            reports._create_portal_draft(*of)

    def test_nonsense_gets_a_sentence_that_names_the_field_and_nothing_is_kept(self):
        for name, text in (("sold", "many"), ("closing", "-1"), ("opening", "1e40")):
            page = self._save("submit", **{f"{name}_{self.fan}": text}).text
            label = name.capitalize()
            self.assertIn(f"{label}: {text} is no quantity.", page)
            self.assertIn(f'value="{text}"', page)
        self.assertFalse(self._report())

    def test_quantities_are_read_and_written_as_the_dealer_s_language_does(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.ada.lang = "de_DE"
        self._login("ada")
        opening = {f"opening_{self.fan}": "1.250,12"}
        self._save("save", **opening, **{f"sold_{self.fan}": "1.200"})
        line = self._report().line_ids
        self.assertEqual((line.opening_qty, line.sold_qty), (1250.12, 1200))
        page = self._get(self.url).text
        self.assertIn('value="1250,12"', page)
        # what the page wrote is read as it was
        self._save("save", **{f"opening_{self.fan}": "1250,12"})
        self.assertEqual(line.opening_qty, 1250.12)

    def test_months_are_written_as_the_dealer_s_language_does(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.ada.lang = "zh_CN"
        self._login("ada")
        name = f"{self.month.year}年{self.month.month}月"
        for url in (STOCK, self.url):
            self.assertIn(name, self._get(url).text)

    def test_what_we_know_otherwise_is_said(self):
        self._save("submit", **{f"received_{self.fan}": "4"})
        self.assertIn("We know:", self._get(self.url).text)
        self.assertIn("Received: 10", self._get(self.url).text)

    def test_whom_it_was_sold_to_is_taken_by_name(self):
        named = {
            f"sold_{self.fan}": "4",
            f"buyer_{self.fan}_0": "Hotel Sol",
            f"buyer_qty_{self.fan}_0": "3",
            f"buyer_{self.fan}_1": "",
            f"buyer_qty_{self.fan}_1": "",
        }
        self._save("save", **named)
        sale = self._report().line_ids.sale_ids
        self.assertEqual((sale.end_name, sale.quantity), ("Hotel Sol", 3))
        self.assertFalse(sale.end_partner_id)
        page = self._save("save", **{**named, f"buyer_qty_{self.fan}_0": "5"}).text
        self.assertIn("more than the", page)
        page = self._save("save", **{**named, f"buyer_qty_{self.fan}_0": ""}).text
        self.assertIn("Sold To: say how many Hotel Sol bought", page)
        self._save("submit", **named)
        self.assertEqual(self._report().line_ids.sale_ids.quantity, 3)
        self.assertIn("Hotel Sol", self._get(self.url).text)

    def test_signs_that_are_none_and_files_are_no_text(self):
        buyer = f"buyer_{self.fan}_0"
        typed = {f"sold_{self.fan}": "4", f"buyer_qty_{self.fan}_0": "3"}
        self._save("save", **{**typed, buyer: "Hotel\x00 Sol"})
        self.assertEqual(self._report().line_ids.sale_ids.end_name, "Hotel Sol")
        for name in (f"sold_{self.fan}", buyer):
            page = self._post(
                f"{self.url}/save", {"do": "save"}, files={name: ("x.txt", b"x")}
            )
            self.assertEqual(page.status_code, 200)

    def test_a_product_the_firm_bought_can_be_added_and_no_other(self):
        self._sell(self.ventus, 1, product=self.knob)
        strange = self.env["product.product"].create({"name": "Secret"})
        page = self._get(self.url).text
        self.assertIn("Knob", page)
        self.assertNotIn("Secret", page)
        self._save("save", add=str(strange.id), **{f"sold_{strange.id}": "1"})
        self.assertEqual(self._report().line_ids.product_id, self.product)
        self._save("save", add=str(self.knob.id), **{f"opening_{self.knob.id}": "2"})
        knob = self._report().line_ids.filtered(
            lambda line: line.product_id == self.knob
        )
        self.assertEqual((knob.opening_qty, knob.closing_qty), (2, 2))

    def test_only_named_fields_are_taken(self):
        self._save(
            "save",
            state="accepted",
            dealer_id=str(self.boreas.id),
            company_id="1",
            period="2001-01-01",
            is_current="",
            submitted_date="2001-01-01",
            line_ids="x",
            **{f"derived_closing_{self.fan}": "99", f"uom_{self.fan}": "2"},
        )
        report = self._report()
        self.assertEqual(report.dealer_id, self.ventus)
        self.assertEqual((report.state, report.period), ("draft", self.month))
        self.assertFalse(self._report(self.boreas))
        self.assertEqual(report.line_ids.derived_closing_qty, 10)

    def test_what_was_sent_changes_by_a_correction_alone(self):
        self._save("submit", **{f"sold_{self.fan}": "4"})
        page = self._save("submit", **{f"sold_{self.fan}": "9"}).text
        self.assertIn("The month is reported", page)
        self.assertEqual(self._report().line_ids.sold_qty, 4)
        self._save("correct")
        self.assertIn("You are correcting", self._get(self.url).text)
        self._save("submit", **{f"sold_{self.fan}": "5"})
        self.assertNotIn("You are correcting", self._get(self.url).text)
        first, second = self._report()
        self.assertEqual((first.is_current, second.is_current), (False, True))
        self.assertEqual((first.line_ids.sold_qty, second.line_ids.sold_qty), (4, 5))

    def test_a_correction_can_be_discarded_and_nothing_else(self):
        self._save("save", **{f"sold_{self.fan}": "4"})
        self._save("discard")
        self._save("submit")
        self._save("discard")
        first = self._report()
        self.assertEqual((first.state, first.line_ids.sold_qty), ("submitted", 4))
        self._save("correct")
        self.assertIn("Discard the Correction", self._get(self.url).text)
        self._save("discard")
        self.assertEqual(self._report(), first)
        self.assertTrue(first.is_current)

    @mute_logger("odoo.http")
    def test_months_that_are_not_the_firm_s_to_report_do_not_exist(self):
        months = (
            f"{self.today:%Y-%m}",
            f"{self._first_of(8):%Y-%m}",
            "2001-01",
            "9999-12",
            "2026-13",
            "last",
            "2026-01-01",
        )
        self.assert_missing(*(f"{STOCK}/{month}" for month in months))
        for month in months:
            answer = self._post(f"{STOCK}/{month}/save", {"do": "save"})
            self.assertEqual(answer.status_code, 404)
        self.assertFalse(self._report())

    def test_dealer_b_sees_nothing_of_a_s_month_and_changes_nothing(self):
        self._save("save", **{f"sold_{self.fan}": "4"})
        page = self._get(self.url, "bea").text
        self.assertNotIn("Ceiling fan", page)
        self.assertIn("Not Reported", page)
        self._save("submit", **{f"sold_{self.fan}": "9", "add": str(self.fan)})
        report = self._report()
        self.assertEqual((report.state, report.line_ids.sold_qty), ("draft", 4))
        self.assertFalse(self._report(self.boreas).line_ids)

    @mute_logger("odoo.http")
    def test_saving_needs_a_token_and_a_post(self):
        answer = self._post(f"{self.url}/save", {"do": "submit"}, token=False)
        self.assertEqual(answer.status_code, 400)
        self.assertIn(self._get(f"{self.url}/save").status_code, (404, 405))
        self._get(f"{self.url}?do=submit&sold_{self.fan}=3")
        self.assertFalse(self._report())

    def test_what_is_typed_is_shown_as_text(self):
        evil = "<script>alert(1)</script>"
        page = self._save("save", **{f"sold_{self.fan}": evil}).text
        self.assertNotIn(evil, page)
        self.assertIn("&lt;script&gt;", page)

    def test_so_many_reports_an_hour_and_no_more(self):
        self.company.dealer_portal_limit = 1
        self._save("save")
        before = f"{STOCK}/{self._first_of(2):%Y-%m}"
        page = self._save("save", url=before)
        self.assertIn("as many as we take", page.text)
        self.assertEqual(len(self._report()), 1)
