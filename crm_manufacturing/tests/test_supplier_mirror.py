import re
from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import lose_zones
from .supplier_common import SupplierCase, noon

NOON = noon(date(2026, 3, 31))


@tagged("post_install", "-at_install")
@freeze_time(NOON)
class TestSupplierMirror(SupplierCase):
    """The twelve months from 1 April 2025 to 31 March 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.journal = cls.company_data["default_journal_bank"]

    def _bill(self, amount, day, due, **values):
        values.setdefault("invoice_payment_term_id", False)
        return self._invoice(
            self.vendor,
            amount,
            date.fromisoformat(day),
            "in_invoice",
            invoice_date_due=date.fromisoformat(due),
            **values,
        )

    def _pay(self, bill, day, amount=None, currency=None):
        values = {
            "payment_date": date.fromisoformat(day),
            "journal_id": self.journal.id,
        }
        if amount:
            values["amount"] = amount
        if currency:
            values["currency_id"] = currency.id
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=bill.ids)
            .create(values)
        )
        return wizard._create_payments()

    def _ours(self):
        return self.env["supplier.mirror"].get_mirror(self.vendor.id)["ours"]

    def assert_ours(self, **expected):
        ours = self._ours()
        for name, value in expected.items():
            if isinstance(value, float):
                self.assertAlmostEqual(ours[name], value, 6, name)
            else:
                self.assertEqual(ours[name], value, name)

    def test_no_bill_is_no_figure(self):
        self.assert_ours(
            days_to_pay=None,
            late_share=None,
            paces={"30": None, "60": None, "more": None},
            changes=None,
            rushed=None,
            unclear=None,
            disputed=[],
        )

    def test_an_unknown_timezone_is_utc(self):
        self._bill(100, "2025-10-01", "2025-10-31")
        lose_zones(self.env)
        self.assert_ours(late_share=100.0)

    def test_a_bill_paid_in_parts_counts_by_its_parts(self):
        """600 after 20 days, 300 after 50, 100 open: due after 30 days."""
        bill = self._bill(1000, "2025-10-01", "2025-10-31")
        self._pay(bill, "2025-10-21", 600)
        self._pay(bill, "2025-11-20", 300)
        self.assert_ours(
            days_to_pay=(600 * 20 + 300 * 50) / 900,
            late_share=40.0,
            paid=900.0,
        )
        paces = self._ours()["paces"]
        self.assertAlmostEqual(paces["30"], 100 * 600 / 900)
        self.assertAlmostEqual(paces["60"], 100 * 300 / 900)
        self.assertEqual(paces["more"], 0)

    def test_thirty_and_sixty_days_belong_to_the_shorter_share(self):
        for day, amount in (("2025-10-31", 1), ("2025-11-30", 2), ("2025-12-01", 4)):
            self._pay(self._bill(amount, "2025-10-01", "2025-12-31"), day)
        paces = self._ours()["paces"]
        shares = [round(paces[pace] * 7 / 100, 6) for pace in ("30", "60", "more")]
        self.assertEqual(shares, [1, 2, 4])

    def test_an_early_payment_discount_is_a_payment_in_full(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "2 % in 10 days, net 30",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 30}
                    )
                ],
            }
        )
        bill = self._bill(
            1000, "2025-10-01", "2025-10-31", invoice_payment_term_id=term.id
        )
        payment = self._pay(bill, "2025-10-09")
        self.assertEqual(payment.amount, 980)
        self.assertEqual(bill.amount_residual, 0)
        self.assert_ours(days_to_pay=8.0, late_share=0.0, paid=1000.0)

    def test_what_a_credit_note_settled_was_never_owed(self):
        bill = self._bill(1000, "2025-10-01", "2025-10-31")
        refund = self._invoice(self.vendor, 400, date(2026, 2, 1), "in_refund")
        payable = (bill | refund).line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        )
        payable.reconcile()
        self._pay(bill, "2025-10-11")
        self.assert_ours(days_to_pay=10.0, late_share=0.0, paid=600.0)

    def test_a_bill_in_foreign_currency_counts_at_its_own_rate(self):
        """1000 at 2 for one of ours is 500; half of it is paid late at another rate."""
        euro = self.setup_other_currency(
            "EUR", rates=[("2025-01-01", 2.0), ("2025-11-01", 4.0)]
        )
        bill = self._bill(1000, "2025-10-01", "2025-10-31", currency_id=euro.id)
        self._pay(bill, "2025-10-11", 500, euro)
        self._pay(bill, "2025-11-30", 500, euro)
        self.assertEqual(bill.amount_residual, 0)
        self.assert_ours(
            days_to_pay=(250 * 10 + 250 * 60) / 500, late_share=50.0, paid=500.0
        )

    def test_all_of_it_together(self):
        """Due in the period: 1000 + 600 + 400 of 2000; late are 400 + 0 + 400."""
        part = self._bill(1000, "2025-10-01", "2025-10-31")
        self._pay(part, "2025-10-21", 600)  # 20 days
        self._pay(part, "2025-11-20", 400)  # 50 days, late
        good = self._bill(600, "2025-12-01", "2025-12-31")
        self._pay(good, "2025-12-31")  # 30 days
        self._bill(400, "2026-02-01", "2026-03-30")  # open, overdue since yesterday
        self._bill(900, "2026-03-01", "2026-04-30")  # not due yet
        self.assert_ours(
            paid=1600.0,
            days_to_pay=(600 * 20 + 400 * 50 + 600 * 30) / 1600,
            late_share=100 * 800 / 2000,
        )

    def test_a_disputed_bill_is_left_out_with_its_reason(self):
        self._bill(1000, "2025-10-01", "2025-10-31")
        bill = self._bill(500, "2025-10-01", "2025-10-31")
        bill.supplier_dispute_reason = "Half the screws rusted"
        self._pay(self._bill(1000, "2025-10-01", "2025-10-31"), "2025-10-31")
        self.assert_ours(
            late_share=50.0,
            disputed=[
                {"reason": "Half the screws rusted", "amount": 500.0, "bills": 1}
            ],
        )

    def test_rows_of_a_bill_add_up_to_it(self):
        bill = self._bill(1000, "2025-10-01", "2025-10-31")
        self._pay(bill, "2025-10-21", 333.33)
        rows = self.env["supplier.payment.report"].search([("move_id", "=", bill.id)])
        self.assertAlmostEqual(sum(rows.mapped("amount")), 1000)

    def test_figures_of_our_side_open_their_rows(self):
        bill = self._bill(1000, "2025-10-01", "2025-10-31")
        self._pay(bill, "2025-11-20", 600)
        mirror = self.env["supplier.mirror"]
        action = mirror.get_mirror_action(self.vendor.id, "late")
        rows = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(sum(rows.mapped("amount")), 1000)
        action = mirror.get_mirror_action(self.vendor.id, "paid")
        rows = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(rows.mapped("amount"), [600])

    def test_what_we_did_to_orders_is_told(self):
        self.screw.seller_ids = [
            Command.create({"partner_id": self.vendor.id, "delay": 14, "price": 1})
        ]
        self.screw.categ_id.write(
            {"supplier_clarity_own": True, "supplier_needs_drawing": True}
        )
        self._buy()  # promised within ten days, without a drawing
        order = self._buy(promised=date(2026, 3, 25))
        order.order_line.product_qty = 120
        order.order_line.product_qty = 130
        self.assert_ours(
            lines=2, changes=2, changes_per_line=1.0, rushed=50.0, unclear=100.0
        )
        for figure, count in (("rushed", 1), ("unclear", 2), ("changes", 1)):
            action = self.env["supplier.mirror"].get_mirror_action(
                self.vendor.id, figure
            )
            rows = self.env["supplier.receipt.report"].search(action["domain"])
            self.assertEqual(len(rows), count, figure)

    def test_their_side_is_the_scorecard(self):
        for _line in range(5):
            self._receive(self._buy(), date(2026, 3, 12))
        self._rate()
        theirs = self.env["supplier.mirror"].get_mirror(self.vendor.id)["theirs"]
        self.assertEqual(theirs["band"]["code"], "A")
        self.assertEqual(theirs["score"], 100)
        otif = theirs["criteria"][0]
        self.assertEqual((otif["metric"], otif["value"]), ("supplier_otif", 1))

    def test_too_few_lines_are_no_figure_and_say_how_many_it_takes(self):
        for _line in range(4):
            self._receive(self._buy(), date(2026, 3, 12))
        self._rate()
        theirs = self.env["supplier.mirror"].get_mirror(self.vendor.id)["theirs"]
        otif = theirs["criteria"][0]
        self.assertEqual((otif["evidence"], otif["minimum"]), (4, 5))
        self.assertIsNone(otif["value"])

    def test_a_rating_of_earlier_months_shows_no_points(self):
        for _line in range(5):
            self._receive(self._buy(), date(2026, 3, 12))
        self._rate()
        self._receive(
            self._buy(ordered=date(2027, 5, 3), promised=date(2027, 6, 1)),
            date(2027, 6, 1),
        )
        self._rate(today=date(2027, 6, 30))
        theirs = self.env["supplier.mirror"].get_mirror(self.vendor.id)["theirs"]
        self.assertEqual(theirs["band"]["code"], "A")
        self.assertEqual(theirs["coverage"], 0)
        self.assertIsNone(theirs["score"])

    def test_a_supplier_without_lines_has_no_side(self):
        mirror = self.env["supplier.mirror"].get_mirror(self.vendor.id)
        self.assertFalse(mirror["theirs"])

    def test_the_card_takes_the_same_few_queries_for_any_history(self):
        counts = []
        for _round in range(2):
            for _bill in range(5):
                bill = self._bill(10, "2025-10-01", "2025-10-31")
                self._pay(bill, "2025-10-21")
                self._receive(self._buy(), date(2026, 3, 12))
            self._rate()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["supplier.mirror"].get_mirror(self.vendor.id)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[0], 16)

    def test_the_page_shows_our_side_only_when_asked(self):
        self._pay(self._bill(1000, "2025-10-01", "2025-10-31"), "2025-10-21")
        for _line in range(5):
            self._receive(self._buy(), date(2026, 3, 12))
        self._rate()
        wizard = self.env["supplier.mirror.print"].create(
            {"partner_id": self.vendor.id}
        )
        self.assertFalse(wizard.with_our_side)
        page = self._print(wizard)
        self.assertIn("Foshan", page)
        self.assertIn("Reliable", page)
        self.assertNotIn("days to pay", page)
        wizard.with_our_side = True
        page = self._print(wizard)
        self.assertIn("days to pay", page)
        changes = page[page.index("Changes after confirmation") :]
        self.assertEqual(
            re.findall(r"\d[\d.]*", re.sub("<[^>]*>", "", changes))[0], "0"
        )
        self.assertIn("Supplier Rating", page)

    def _print(self, wizard):
        report = "crm_manufacturing.report_supplier_mirror"
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            report, wizard.ids
        )
        return html.decode()

    def test_bills_due_this_week_put_the_best_and_the_irreplaceable_first(self):
        """Tuesday 31 March 2026: the week ends on Sunday 5 April."""
        best, sole, other = (
            self._create_vendor(name) for name in ("Best", "Sole", "Other")
        )
        for _line in range(5):
            order = self._buy(partner_id=best.id)
            self._receive(order, date(2026, 3, 12))
        self._buy(partner_id=other.id)
        nut = self._create_part("Nut")
        self._buy(partner_id=sole.id, line={"product_id": nut.id})
        self._rate()
        for vendor in (other, sole, best):
            self.vendor = vendor
            self._bill(100, "2026-03-01", "2026-04-05")
            self._bill(20, "2026-03-01", "2026-03-30")
            self._bill(7, "2026-03-01", "2026-04-06")  # next week
        disputed = self._bill(5000, "2026-03-01", "2026-04-01")
        disputed.supplier_dispute_reason = "Not ordered"
        rows = self.env["supplier.bill.due"].search(
            [("partner_id", "in", (best | sole | other).ids)]
        )
        self.assertEqual(
            [
                (r.partner_id.name, r.band_id.code, r.sole_product_count, r.amount)
                for r in rows
            ],
            [
                ("Best", "A", 0, 120),
                ("Sole", False, 1, 120),
                ("Other", False, 0, 120),
            ],
        )
        self.assertEqual(rows.mapped("overdue_amount"), [20, 20, 20])
        action = rows[0].action_open_bills()
        bills = self.env["account.move"].search(action["domain"])
        self.assertEqual(sum(bills.mapped("amount_residual")), 120)
