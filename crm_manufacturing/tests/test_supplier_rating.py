from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .supplier_common import SupplierCase


@tagged("post_install", "-at_install")
class TestSupplierRating(SupplierCase):
    """The shipped card, on scores worked out by hand."""

    def _buy_and_receive(self, days, **values):
        """One line for each day received (None: never), all promised on 12 March."""
        orders = self.env["purchase.order"]
        for day in days:
            order = self._buy(**values)
            if day:
                self._receive(order, date(2026, 3, day))
            orders |= order
        return orders

    def test_four_lines_of_five_in_time_are_a_b(self):
        """OTIF 80 x 40, returns 100 x 30, slips 100 x 5 of 75: 89.33, band A."""
        self._buy_and_receive([12, 12, 12, 12, 20])
        self._rate()
        score = self._rating()
        self.assertEqual(self._figure("supplier_otif"), (0.8, 5))
        self.assertEqual(self._figure("supplier_return_rate"), (0, 5))
        self.assertEqual(self._figure("supplier_price_drift"), (None, 0))
        self.assertAlmostEqual(score.score, (32 + 30 + 5) / 75 * 100, 4)
        self.assertEqual(score.coverage, 75)
        self.assertEqual(score.effective_band_id.code, "A")

    def test_four_lines_are_too_few_to_be_rated(self):
        self._buy_and_receive([12, 12, 12, 12])
        self._rate()
        self.assertFalse(self._rating().effective_band_id)
        self.assertFalse(self._rating().score)

    def test_a_vendor_without_lines_has_no_row_at_all(self):
        self._rate()
        self.assertFalse(self._rating())
        self.assertFalse(self.vendor.supplier_otif_lines)

    def test_who_never_delivers_is_a_d(self):
        """OTIF 0 x 40, slips 100 x 5 of 45."""
        self._buy_and_receive([None] * 5)
        self._rate()
        self.assertEqual(self._figure("supplier_otif"), (0, 5))
        self.assertEqual(self._figure("supplier_return_rate"), (None, 0))
        self.assertAlmostEqual(self._rating().score, 500 / 45, 4)
        self.assertEqual(self._rating().effective_band_id.code, "D")

    def test_one_line_never_delivered_counts_with_the_others(self):
        self._buy_and_receive([12, 12, 12, 12, None])
        self._rate()
        self.assertEqual(self._figure("supplier_otif"), (0.8, 5))

    def test_splits_and_over_delivery_are_in_full_and_no_more(self):
        for _line in range(5):
            order = self._buy()
            self._receive(order, date(2026, 3, 10), 30)
            self._receive(order, date(2026, 3, 11), 90)
        self._rate()
        self.assertEqual(self._figure("supplier_otif"), (1, 5))

    def test_a_slipping_vendor_is_held_to_his_first_promise(self):
        """OTIF 0 x 40, returns 30, slips 0 of 75: 40."""
        for _line in range(5):
            order = self._buy()
            order.order_line.date_planned = "2026-03-25 12:00:00"
            self._receive(order, date(2026, 3, 25))
        self._rate()
        self.assertEqual(self._figure("supplier_slips"), (1, 5))
        self.assertAlmostEqual(self._rating().score, 40, 4)
        self.assertEqual(self._rating().effective_band_id.code, "D")

    def test_a_vendor_who_creeps_up_loses_the_points_for_his_price(self):
        """Five at 1.00 a year before, five at 1.05: half the points for the price."""
        for _line in range(5):
            self._buy(ordered=date(2025, 9, 1), promised=date(2025, 9, 9), price=1)
        for order in self._buy_and_receive([12] * 5, price=1.05):
            self.assertAlmostEqual(self._row(order)["price_drift"], 0.05)
        self._rate()
        value, lines = self._figure("supplier_price_drift")
        self.assertAlmostEqual(value, 0.05)
        self.assertEqual(lines, 5)
        grade = self._rating().detail["supplier_price_drift"]["grade"]
        self.assertAlmostEqual(grade, 50)

    def test_a_tenth_returned_is_the_end_of_the_points_for_quality(self):
        for _line in range(5):
            picking = self._receive(self._buy(), date(2026, 3, 12))
            self._return(picking, date(2026, 3, 16), 5)
        self._rate()
        self.assertEqual(self._figure("supplier_return_rate"), (0.05, 5))
        grade = self._rating().detail["supplier_return_rate"]["grade"]
        self.assertAlmostEqual(grade, 50)

    def test_pieces_and_kilograms_are_weighed_by_their_price(self):
        for price in (1, 9):
            for _line in range(3):
                picking = self._receive(self._buy(price=price), date(2026, 3, 12))
                if price == 9:
                    self._return(picking, date(2026, 3, 16), 10)
        self._rate()
        value, lines = self._figure("supplier_return_rate")
        self.assertAlmostEqual(value, 270 / 3000)
        self.assertEqual(lines, 6)

    def test_lines_of_a_branch_count_for_the_commercial_partner(self):
        branch = self._create_vendor("Foshan Harbour", parent_id=self.vendor.id)
        branch.is_company = False
        self._buy_and_receive([12, 12, 12])
        self._buy_and_receive([12, 12], partner_id=branch.id)
        self._rate()
        self.assertEqual(self._figure("supplier_otif"), (1, 5))

    def test_rushed_and_estimated_lines_are_not_the_vendor_s(self):
        orders = self._buy_and_receive([20] * 7)
        orders[:2].order_line.sudo().supplier_lead_days = 30
        orders[2:3].order_line.sudo().promise_estimated = True
        self._rate()
        self.assertEqual(self._figure("supplier_otif"), (None, 4))

    def test_smart_button_pivot_and_scorecard_are_one_figure(self):
        self._buy_and_receive([12, 12, 20, None, 11, 12, 20])
        # due before its day, as it is here in full
        self._buy_and_receive([30], promised=date(2026, 4, 5))
        self._rate()
        value, lines = self._figure("supplier_otif")
        self.assertEqual((value, lines), (5 / 8, 8))
        action = self._rating().action_open_documents("supplier_otif")
        report = self.env[action["res_model"]]
        ((pivot, count),) = report._read_group(
            action["domain"], [], ["otif_first:avg", "__count"]
        )
        self.assertEqual((pivot, count), (value, lines))
        self.assertEqual(self.vendor.supplier_otif, 100 * value)
        self.assertEqual(self.vendor.supplier_otif_lines, lines)
        smart = self.vendor.action_open_supplier_receipts()
        self.assertEqual(len(report.search(smart["domain"])), lines)

    def test_a_run_reads_the_rows_of_the_screen(self):
        """Units, returns, kits, rates, tolerances and days count in both alike."""
        self._buy_of_all_kinds()
        report, lines = self.env["supplier.receipt.report"], SQL("line")
        self.env.flush_all()
        start = self.company._get_day_start(date(2025, 12, 1))
        rows = report._select_batch_rows(lines, self.today, start, self.company)
        batch = self._read_batch(rows, start)
        self.assertEqual(len(batch), 6)
        screen = self.env.execute_query_dict(
            SQL(
                "SELECT * FROM (%s) r WHERE partner_id = %s ORDER BY id",
                report._get_query(self.today),
                self.vendor.id,
            )
        )
        self.assertEqual(
            batch, [{name: row[name] for name in batch[0]} for row in screen]
        )
        prices = self._read_batch(report._select_batch_prices(lines), start)
        self.assertCountEqual(
            [(row["ordered_date"], row["price_drift"]) for row in prices],
            [(row["ordered_date"], row["price_drift"]) for row in screen],
        )

    def _read_batch(self, rows, start):
        lines = self.env["supplier.receipt.report"]._select_batch_lines(
            self.today, start, self.company
        )
        return self.env.execute_query_dict(
            SQL(
                "WITH line AS (%s) SELECT * FROM (%s) r WHERE partner_id = %s"
                " ORDER BY 1",
                lines,
                rows,
                self.vendor.id,
            )
        )

    def _buy_of_all_kinds(self):
        """Six lines in Shanghai: one in dozens and euros, one returned, one rushed, one
        of a kit, one of another category and one that never came."""
        self.company.partner_id.tz = "Asia/Shanghai"
        dozen = self.env.ref("uom.product_uom_dozen")
        euro = self.setup_other_currency("EUR", rates=[("2025-01-01", 0.5)])
        bulk = self.env["product.category"].create(
            {"name": "Bulk", "delivery_tolerance_own": True, "delivery_late_days": 4}
        )
        kit, sand = self._create_part("Kit"), self._create_part("Sand")
        sand.categ_id = bulk
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": self.screw.id, "product_qty": 2})
                ],
            }
        )
        line = {"product_uom_id": dozen.id}
        self._receive(self._buy(line=line, currency_id=euro.id), date(2026, 3, 11), 5)
        back = self._receive(self._buy(price=1.3), date(2026, 3, 11))
        self._return(back, date(2026, 3, 14), 30)
        rushed = self._buy(price=2)
        rushed.order_line.sudo().supplier_lead_days = 30
        self._receive(self._buy(line={"product_id": kit.id}), date(2026, 3, 12))
        self._receive(self._buy(line={"product_id": sand.id}), date(2026, 3, 16))
        self._buy(price=1.1)

    def test_each_metric_opens_exactly_the_lines_counted(self):
        self._buy_and_receive([12] * 5, ordered=date(2025, 12, 1))
        self._buy_and_receive([12, 12, 20, None, 11, 12])
        self._rate()
        score = self._rating()
        for metric in self.supplier_card.criterion_ids.mapped("metric"):
            action = score.action_open_documents(metric)
            rows = self.env[action["res_model"]].search_count(action["domain"])
            self.assertEqual(rows, self._figure(metric)[1], metric)

    def test_what_happens_to_a_purchase_marks_its_vendor(self):
        dirty = self.env["partner.score.dirty"]
        marks = [("partner_id", "=", self.vendor.id)]
        order = self._buy()
        self.assertTrue(dirty.search(marks))
        dirty.search([]).unlink()
        picking = self._receive(order, date(2026, 3, 12))
        self.assertTrue(dirty.search(marks))
        dirty.search([]).unlink()
        picking.arrival_date = date(2026, 3, 10)
        self.assertTrue(dirty.search(marks))
        dirty.search([]).unlink()
        self._return(picking, date(2026, 3, 14), 5)
        self.assertTrue(dirty.search(marks))

    def test_a_marked_vendor_has_the_figures_of_a_full_run(self):
        self._buy_and_receive([12] * 4)
        self._rate()
        self._buy_and_receive([20])
        self._run(self.supplier_card, partners=self.vendor)
        self.assertEqual(self._figure("supplier_otif"), (0.8, 5))

    def test_a_judgement_says_who_when_and_why_and_stays(self):
        buyer = self._create_user("judge", "purchase.group_purchase_user")
        judgement = (
            self.env["supplier.judgement"]
            .with_user(buyer)
            .create(
                {
                    "partner_id": self.vendor.id,
                    "company_id": self.company.id,
                    "points": 80,
                    "reason": "Came at night when the line stood still",
                    "user_id": self.env.user.id,
                    "date": "2020-01-01",
                }
            )
            .sudo()
        )
        self.assertEqual(judgement.user_id, buyer)
        self.assertEqual(judgement.date, self.company._get_today())
        for change in (
            lambda: judgement.write({"points": 10}),
            judgement.unlink,
        ):
            with self.assertRaises(UserError):
                change()

    def test_the_newest_judgement_counts_and_its_label_says_so(self):
        card = self._create_card(
            "score",
            {"manual": {"weight": 1, "floor": 0, "target": 100}},
            role="supplier",
        )
        for day, points in (("2026-01-10", 20), ("2026-03-10", 70)):
            self.env["supplier.judgement"].create(
                {
                    "partner_id": self.vendor.id,
                    "company_id": self.company.id,
                    "points": points,
                    "reason": "Because",
                    "date": day,
                }
            )
        self._rate(card)
        score = self._score(self.vendor, card)
        self.assertEqual(score.score, 70)
        self.assertEqual(score.detail["manual"]["evidence"], 2)
        (row,) = score._get_why_criteria(())
        self.assertEqual(row["label"], "Judgement by a person")
        action = score.action_open_documents("manual")
        self.assertEqual(action["res_model"], "supplier.judgement")

    def test_queries_do_not_grow_with_the_suppliers(self):
        self.vendor.mapped("supplier_tier_id")  # what is the same for all is read once
        counts = []
        for number in (10, 200):
            vendors = self.env["res.partner"].create(
                [
                    {"name": f"V{i}", "is_company": True, "supplier_rank": 1}
                    for i in range(number)
                ]
            )
            self._rate()
            before = self.env.cr.sql_log_count
            self._rate()
            counts.append(self.env.cr.sql_log_count - before)
            before = self.env.cr.sql_log_count
            self.env.invalidate_all()
            vendors.mapped("supplier_tier_id")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[:2], counts[2:])
        self.assertLessEqual(counts[0], 6)

    def test_a_band_that_the_figures_of_today_would_not_give_says_why(self):
        card = self.supplier_card
        card.write({"hysteresis": 2, "next_run_date": "2026-12-01"})
        best, second = card.band_ids.sorted("threshold", reverse=True)[:2]
        score = (
            self.env["partner.score"]
            .sudo()
            .create(
                {
                    "scorecard_id": card.id,
                    "partner_id": self.vendor.id,
                    "company_id": self.env.company.id,
                    "date": "2026-11-01",
                    "band_id": best.id,
                    "score": best.threshold,
                    "coverage": 100,
                }
            )
        )
        self.assertFalse(score.band_note)
        score.score = best.threshold - 1
        self.assertEqual(score.band_note, "Kept: within 2 points of a threshold.")
        score.score = best.threshold - 3
        self.assertEqual(score.band_note, "To be judged anew on 12/01/2026.")
        score.band_id = second
        self.assertFalse(score.band_note)
        score.coverage = 0
        self.assertEqual(score.band_note, "Too little to judge by: an earlier rating.")

    def test_the_rating_is_searched_sorted_and_grouped_by(self):
        self._buy_and_receive([12] * 5)
        self._rate()
        partners = self.env["res.partner"]
        band = self.env.ref("crm_manufacturing.scorecard_supplier_band_a")
        self.assertIn(
            self.vendor, partners.search([("supplier_tier_id", "=", band.id)])
        )
        self.assertNotIn(
            self.vendor, partners.search([("supplier_tier_id", "=", False)])
        )
        groups = dict(
            partners._read_group(
                [("id", "in", (self.vendor | self.customer_a()).ids)],
                ["supplier_tier_id"],
                ["__count"],
            )
        )
        self.assertEqual({b.code: n for b, n in groups.items()}, {"A": 1, False: 1})
        self.assertFalse(self.vendor.customer_tier_id)

    def customer_a(self):
        return self._create_customer("Ada")
