from datetime import date

from odoo.tests import tagged

from .common import ScorecardCase

FROM, TO = date(2025, 4, 1), date(2026, 3, 31)

DOCUMENTS = (
    "account.move",
    "sale.order",
    "crm.visit.satisfaction",
    "supplier.judgement",
)


@tagged("post_install", "-at_install")
class TestCustomerMetrics(ScorecardCase):
    """What each figure means, on documents with exact numbers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Gulf Breeze Trading")
        cls.contact = cls.env["res.partner"].create(
            {"name": "Layla", "parent_id": cls.customer.id}
        )

    def _measure(self, metric, company=None, partner=None):
        """``(value, evidence)`` of the customer, or None without a row."""
        self.env.flush_all()
        query = self.env["partner.scorecard.metric"]._get_sql(
            metric, company or self.company, FROM, TO
        )
        rows = {row[0]: row[1:] for row in self.env.execute_query(query)}
        return rows.get((partner or self.customer).id)

    def _documents(self, metric, partner=None):
        """The records its action lists."""
        action = self.env["partner.scorecard.metric"]._get_action(
            metric, partner or self.customer, self.company, FROM, TO
        )
        return self.env[action["res_model"]].search(action["domain"])

    # invoiced revenue ------------------------------------------------------

    def test_revenue_is_invoices_minus_credit_notes_of_all_contacts(self):
        documents = self._invoice(self.customer, 1000, date(2025, 5, 1))
        documents |= self._invoice(self.contact, 500, date(2025, 6, 1))
        documents |= self._invoice(
            self.customer, 400, date(2026, 1, 1), move_type="out_refund"
        )
        self.assertEqual(self._measure("invoiced_revenue"), (1100, 3))
        self.assertEqual(self._documents("invoiced_revenue"), documents)

    def test_drafts_bills_and_other_periods_are_no_revenue(self):
        self._invoice(self.customer, 10, post=False)
        self._invoice(self.customer, 20, move_type="in_invoice")
        self._invoice(self.customer, 30, date(2025, 3, 31))
        self.assertIsNone(self._measure("invoiced_revenue"))
        self.assertFalse(self._documents("invoiced_revenue"))

    def test_a_cancelled_invoice_is_no_revenue(self):
        self._invoice(self.customer, 10)
        cancelled = self._invoice(self.customer, 20)
        cancelled.button_draft()
        cancelled.button_cancel()
        self.assertEqual(self._measure("invoiced_revenue"), (10, 1))

    def test_foreign_currency_counts_as_booked(self):
        euro = self._set_up_currency()
        self._invoice(self.customer, 300, date(2025, 5, 1), currency_id=euro.id)
        self._invoice(self.customer, 300, date(2025, 9, 1), currency_id=euro.id)
        # 300 at 3 per unit, then 300 at 2 per unit
        self.assertEqual(self._measure("invoiced_revenue"), (250, 2))

    def _set_up_currency(self):
        """A currency worth a third of the company's until 1 July 2025, then a half."""
        currency = self.env["res.currency"].create({"name": "ZZF", "symbol": "zf"})
        self.env["res.currency.rate"].create(
            [
                {
                    "currency_id": currency.id,
                    "name": day,
                    "rate": rate,
                    "company_id": self.company.id,
                }
                for day, rate in {"2025-01-01": 3, "2025-07-01": 2}.items()
            ]
        )
        return currency

    def test_each_company_has_its_own_figures(self):
        other = self._create_company(name="Second plant")
        self._invoice(self.customer, 700)
        self.assertEqual(self._measure("invoiced_revenue"), (700, 1))
        self.assertIsNone(self._measure("invoiced_revenue", other))

    # growth ----------------------------------------------------------------

    def test_growth_is_a_ratio_to_the_period_before(self):
        documents = self._invoice(self.customer, 400, date(2025, 3, 31))
        documents |= self._invoice(self.customer, 500, date(2025, 4, 1))
        self._invoice(self.customer, 9000, date(2024, 3, 31))
        self.assertEqual(self._measure("revenue_growth"), (0.25, 2))
        self.assertEqual(self._documents("revenue_growth"), documents)

    def test_losing_all_revenue_is_minus_one_and_a_new_customer_has_no_growth(self):
        self._invoice(self.customer, 400, date(2024, 6, 1))
        new = self._create_customer("New")
        self._invoice(new, 400)
        self.assertEqual(self._measure("revenue_growth"), (-1, 1))
        self.assertIsNone(self._measure("revenue_growth", partner=new))

    # margin ----------------------------------------------------------------

    def _fan(self, quantity, price):
        return {
            "product_id": self.product.id,
            "quantity": quantity,
            "price_unit": price,
        }

    def test_margin_is_revenue_minus_cost_where_the_cost_is_known(self):
        documents = self._invoice(self.customer, 0, line=self._fan(10, 100))
        documents |= self._invoice(
            self.customer, 0, move_type="out_refund", line=self._fan(2, 100)
        )
        # a service without cost says nothing about margin
        self._invoice(self.customer, 5000)
        self.assertEqual(self._measure("gross_margin"), (8 * (100 - 60), 2))
        self.assertEqual(self._documents("gross_margin"), documents)

    def test_margin_counts_in_the_unit_of_the_product(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        line = {**self._fan(1, 1200), "product_uom_id": dozen.id}
        self._invoice(self.customer, 0, line=line)
        self.assertEqual(self._measure("gross_margin"), (1200 - 12 * 60, 1))

    def test_margin_prefers_the_cost_the_host_booked(self):
        invoice = self._invoice(self.customer, 0, post=False, line=self._fan(10, 100))
        line = invoice.invoice_line_ids
        accounts = self.company_data
        invoice.action_post()
        self.env["account.move.line"].with_context(check_move_validity=False).create(
            [
                {
                    "move_id": invoice.id,
                    "display_type": "cogs",
                    "cogs_origin_id": line.id,
                    "account_id": account.id,
                    "balance": balance,
                }
                for account, balance in (
                    (accounts["default_account_expense"], 450),
                    (accounts["default_account_assets"], -450),
                )
            ]
        )
        self.assertEqual(self._measure("gross_margin"), (1000 - 450, 1))

    def test_without_any_cost_margin_is_absent_not_zero(self):
        self._invoice(self.customer, 5000)
        self.product.standard_price = 0
        self._invoice(self.customer, 0, line=self._fan(10, 100))
        self.assertIsNone(self._measure("gross_margin"))
        self.assertIsNone(
            self.env["partner.scorecard.metric"]._get_silence("gross_margin")
        )

    # orders ----------------------------------------------------------------

    def test_ordered_revenue_counts_confirmed_orders_of_the_company_day(self):
        self.company.partner_id.tz = "Asia/Hong_Kong"
        orders = self._order(self.customer, date(2025, 6, 1), 300)
        orders |= self._order(self.contact, date(2025, 7, 1), 200)
        late = self._order(self.customer, date(2026, 3, 31), 1000)
        # 17:30 UTC is 1 April in Hong Kong: outside; 15:59 is still 31 March
        late.date_order = "2026-03-31 17:30:00"
        self.assertEqual(self._measure("ordered_revenue"), (500, 2))
        late.date_order = "2026-03-31 15:59:00"
        self.assertEqual(self._measure("ordered_revenue"), (1500, 3))
        self.assertEqual(self._measure("order_count"), (3, 3))
        self.assertEqual(self._documents("ordered_revenue"), orders | late)

    def test_quotations_and_cancelled_orders_are_no_orders(self):
        order = self._order(self.customer, date(2025, 6, 1))
        order._action_cancel()
        self.env["sale.order"].create({"partner_id": self.customer.id})
        self.assertIsNone(self._measure("order_count"))

    def test_recency_is_measured_in_the_customers_own_median_interval(self):
        days = [
            date(2025, 1, 1),
            date(2025, 1, 11),
            date(2025, 2, 10),
            date(2025, 3, 2),
        ]
        orders = self.env["sale.order"].concat(
            *(self._order(self.customer, day) for day in days)
        )
        # intervals 10, 30, 20: median 20; last order 394 days before the period's end
        self.assertEqual(self._measure("order_recency"), (394 / 20, 3))
        self.assertEqual(self._documents("order_recency"), orders)

    def test_a_single_order_day_has_no_rhythm(self):
        self._order(self.customer, date(2025, 6, 1))
        self._order(self.customer, date(2025, 6, 1))
        self.assertIsNone(self._measure("order_recency"))

    # payment ---------------------------------------------------------------

    def _due(self, amount, due, day=date(2025, 5, 1)):
        return self._invoice(
            self.customer,
            amount,
            day,
            invoice_payment_term_id=False,
            invoice_date_due=due,
        )

    def _pay(self, invoice, amount, day):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"amount": amount, "payment_date": day})._create_payments()

    def test_days_late_are_weighted_by_amount_inside_an_invoice(self):
        invoice = self._due(400, date(2025, 6, 1))
        self._pay(invoice, 100, date(2025, 6, 11))
        self._pay(invoice, 300, date(2025, 6, 21))
        self.assertEqual(self._measure("payment_delay"), (17.5, 1))

    def test_early_payment_is_zero_days_late_and_the_average_is_per_invoice(self):
        early = self._due(1000, date(2025, 6, 30))
        self._pay(early, 1000, date(2025, 6, 1))
        late = self._due(10, date(2025, 6, 30))
        self._pay(late, 10, date(2025, 7, 10))
        self.assertEqual(self._measure("payment_delay"), (5, 2))
        self.assertEqual(self._documents("payment_delay"), early | late)

    def test_what_is_open_is_late_from_the_due_date_until_the_end_of_the_period(self):
        self._due(100, date(2026, 3, 21))
        self.assertEqual(self._measure("payment_delay"), (10, 1))

    def test_what_is_not_due_yet_or_settled_by_a_credit_note_has_no_delay(self):
        self._due(100, date(2026, 4, 1))
        credited = self._due(100, date(2025, 6, 1))
        credited._reverse_moves([{"invoice_date": date(2025, 12, 1)}], cancel=True)
        self.assertIsNone(self._measure("payment_delay"))

    # registry --------------------------------------------------------------

    def test_every_metric_declares_what_its_silence_means_and_opens_a_window(self):
        metrics = self.env["partner.scorecard.metric"]
        silent_zero = {"invoiced_revenue", "ordered_revenue", "order_count"}
        for code, _label in metrics._selection_metric():
            if code.startswith(("test_", "supplier_", "dealer_")):
                continue
            expected = 0 if code in silent_zero else None
            self.assertEqual(metrics._get_silence(code), expected, code)
            self.assertIn(self._documents(code)._name, DOCUMENTS)
