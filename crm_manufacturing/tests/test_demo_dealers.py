"""The demo company's dealers: their stories, and their figures against a recount."""

from collections import defaultdict
from datetime import timedelta
from statistics import median

from dateutil.relativedelta import relativedelta

from odoo.tests import HttpCase, TransactionCase, tagged

# points of the shipped card: weight, value without points, value with all of them
CARD = {
    "dealer_target": (30, 0.5, 1),
    "revenue_growth": (10, -0.5, 0.5),
    "payment_delay": (15, 60, 0),
    "dealer_registration_quality": (20, 0, 1),
    "dealer_stock_reporting": (10, 0, 1),
    "dealer_new_customers": (10, 0, 5),
    "dealer_return_rate": (5, 0.1, 0),
}
DEMO = ("post_install", "-at_install", "-standard", "demo_factory")


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else None


@tagged(*DEMO)
class TestDemoDealers(TransactionCase):
    """In Python, from registrations, reports and the host's invoices."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].search([], order="id", limit=1)
        cls.today = cls.company._get_today()
        cls.card = cls.env.ref("crm_manufacturing.scorecard_dealer")
        cls.card._run(cls.company, cls.today)
        cls.first_day, _end = cls.card._get_period(cls.today)
        cls.scores = cls.env["partner.score"].search(
            [("scorecard_id", "=", cls.card.id), ("is_current", "=", True)]
        )
        cls.deals = cls.env["dealer.registration"].search([])
        cls.reports = cls.env["dealer.stock.report"].search(
            [("is_current", "=", True), ("state", "!=", "draft")]
        )

    # ------------------------------------------------------------------
    # Stories
    # ------------------------------------------------------------------

    def test_eight_sell_and_every_stage_is_there(self):
        dealers = self.env["res.partner"].search([("dealer_stage", "!=", False)])
        stages = dealers.grouped("dealer_stage")
        self.assertEqual(len(stages["active"] | stages["watch"]), 8)
        self.assertEqual(
            stages.keys(), {"candidate", "recruited", "active", "watch", "ended"}
        )

    def test_every_state_of_a_registration_and_of_an_offer_is_there(self):
        self.assertEqual(
            set(self.deals.mapped("state")),
            set(dict(self.deals._fields["state"].selection)),
        )
        offers = self.env["dealer.offer"].search([])
        self.assertLessEqual(
            {"offered", "accepted", "declined", "taken_back", "won"},
            set(offers.mapped("state")),
        )

    def test_two_want_one_end_customer_and_one_of_them_is_in_the_way(self):
        blocked = self.deals.filtered("is_blocked")
        self.assertEqual(blocked.mapped("state"), ["submitted"])
        rival = blocked.conflict_ids
        self.assertEqual(rival.state, "approved")
        self.assertNotEqual(rival.dealer_id, blocked.dealer_id)

    def test_what_lay_idle_was_taken_back_on_its_day(self):
        taken = self.env["dealer.offer"].search([("taken_for", "=", "idle")])
        self.assertGreaterEqual(len(taken), 3)
        for offer in taken:
            # a weekend's is taken on Monday
            idle = offer.closed_on - offer.progress_date
            self.assertIn(idle.days, range(15, 19), offer.display_name)
            self.assertEqual(offer.cool_down_until - offer.closed_on, timedelta(30))
            self.assertFalse(offer.lead_id.dealer_offer_ids._filter_open())

    def test_who_is_over_his_credit_is_named_and_was_released_once(self):
        release = self.env["customer.credit.release"].search([])
        order = release.order_id
        self.assertTrue(order.partner_id.commercial_partner_id.credit_limit)
        self.assertTrue(order.credit_message)
        self.assertTrue(order.credit_released)

    def test_a_deal_won_tells_for_whom_its_order_is(self):
        won = self.deals.filtered(lambda deal: deal.state == "won" and deal.lead_id)
        orders = won.lead_id.order_ids
        self.assertTrue(orders)
        for order in orders:
            deal = order.opportunity_id.dealer_registration_ids
            self.assertEqual(order.order_line.end_partner_id, deal.end_partner_id)

    # ------------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------------

    def _invoiced(self, dealer, first, last, category=None):
        """Untaxed, less credits, without the months left out."""
        lines = self.env["account.move.line"].search(
            [
                ("move_id.commercial_partner_id", "=", dealer.id),
                ("move_id.move_type", "in", ("out_invoice", "out_refund")),
                ("parent_state", "=", "posted"),
                ("move_id.invoice_date", ">=", first),
                ("move_id.invoice_date", "<=", last),
                ("display_type", "=", "product"),
            ]
        )
        left_out = self._get_left_out(dealer)
        return -sum(
            line.balance
            for line in lines
            if line.move_id.invoice_date.replace(day=1) not in left_out
            and (not category or line.product_id.categ_id == category)
        )

    def _get_left_out(self, dealer):
        months = self.env["dealer.month.exclusion"].search(
            [("dealer_id", "=", dealer.id)]
        )
        return set(months.mapped("period"))

    def _get_share(self, target, first, last):
        """The part of a target that falls on the days, without months left out."""
        left_out = self._get_left_out(target.dealer_id)
        days = [
            first + timedelta(days=number) for number in range((last - first).days + 1)
        ]
        asked = [day for day in days if day.replace(day=1) not in left_out]
        whole = (target.date_end - target.date_start).days + 1
        return target.amount * len(asked) / whole

    def test_what_was_achieved_of_each_target_equals_the_invoices(self):
        targets = self.env["dealer.target"].search([])
        self.assertGreaterEqual(len(targets), 16)
        for target in targets:
            last = min(target.date_end, self.today)
            days = target.date_start, last
            found = self._invoiced(target.dealer_id, *days, target.categ_id)
            part = self._get_share(target, *days)
            with self.subTest(dealer=target.dealer_id.name, year=target.year):
                self.assertAlmostEqual(target.achieved_amount, found, 2)
                self.assertAlmostEqual(target.attainment, 100 * found / part, 4)

    def test_sell_through_and_days_of_stock_equal_the_reports(self):
        sold = defaultdict(dict)
        for report in self.reports.sorted("period"):
            for line in report.line_ids:
                key = report.dealer_id, line.product_id
                sold[key][report.period] = line.sold_qty
        rows = self.env["dealer.sell.through"].search([])
        self.assertEqual(len(rows), len(self.reports.line_ids))
        for row in rows:
            line = row.line_id
            stock = line.opening_qty + line.received_qty
            months = sold[row.dealer_id, row.product_id]
            pace = mean([months[m] for m in sorted(months) if m <= row.period][-3:])
            left = 30 * line.closing_qty / pace if pace else 0
            self.assertAlmostEqual(
                row.sell_through, 100 * line.sold_qty / stock if stock else 0, 4
            )
            self.assertAlmostEqual(row.days_of_stock, left, 4)

    def test_what_was_received_is_what_we_delivered(self):
        for report in self.reports:
            last = report.period + relativedelta(months=1)
            moves = self.env["stock.move.line"].search(
                [
                    ("state", "=", "done"),
                    ("location_dest_id.usage", "=", "customer"),
                    (
                        "picking_id.partner_id.commercial_partner_id",
                        "=",
                        report.dealer_id.id,
                    ),
                    ("date", ">=", self.company._get_day_start(report.period)),
                    ("date", "<", self.company._get_day_start(last)),
                ]
            )
            self.assertEqual(
                sum(report.line_ids.mapped("received_qty")),
                sum(moves.mapped("quantity")),
                report.name,
            )

    def _get_months_due(self, dealer):
        """Closed months of the contract, at most twelve, whose report is due."""
        first = self.today.replace(day=1)
        months = [first - relativedelta(months=back) for back in range(1, 13)]
        return [
            month
            for month in months
            if month >= dealer.dealer_contract_start
            and month + relativedelta(months=1, days=9) < self.today
        ]

    def test_months_without_report_equal_the_recount(self):
        rows = self.env["dealer.stock.month"].search([])
        self.assertGreater(len(rows.filtered("is_missing")), 5)
        due = set()
        for dealer in self.scores.partner_id:
            due |= {(dealer, month) for month in self._get_months_due(dealer)}
        self.assertEqual({(row.dealer_id, row.period) for row in rows}, due)
        sent = {(one.dealer_id, one.period) for one in self.reports}
        missing = rows.filtered("is_missing")
        self.assertEqual({(row.dealer_id, row.period) for row in missing}, due - sent)

    def test_what_dealers_bring_equals_the_registrations(self):
        asked = self.deals.filtered("submitted_on")
        groups = asked.grouped(
            lambda deal: (deal.dealer_id, str(deal.submitted_on.year))
        )
        rows = self.env["dealer.channel.report"].search([])
        self.assertEqual({(row.dealer_id, row.year) for row in rows}, groups.keys())
        for row in rows:
            deals = groups[row.dealer_id, row.year]
            won = deals.filtered(lambda deal: deal.state == "won")
            lost = deals.filtered(lambda deal: deal.state == "lost")
            waited = [
                (deal.answered_on - deal.submitted_on).total_seconds() / 86400
                for deal in deals.filtered("answered_on")
            ]
            self.assertEqual(row.deal_count, len(deals))
            self.assertEqual(row.won_value, sum(won.lead_id.mapped("expected_revenue")))
            decided = len(won) + len(lost)
            self.assertAlmostEqual(
                row.win_rate, 100 * len(won) / decided if decided else 0, 4
            )
            self.assertAlmostEqual(row.answer_days, median(waited) if waited else 0, 4)

    # ------------------------------------------------------------------
    # Rating
    # ------------------------------------------------------------------

    def _recount(self, dealer):
        """``{metric: value or None}`` of what is the dealers' own."""
        return {
            "dealer_target": self._recount_target(dealer),
            "dealer_registration_quality": self._recount_deals(dealer),
            "dealer_stock_reporting": self._recount_reporting(dealer),
            "dealer_new_customers": self._recount_new_customers(dealer),
        }

    def _recount_target(self, dealer):
        achieved = asked = 0
        for target in self.env["dealer.target"].search([("dealer_id", "=", dealer.id)]):
            first = max(target.date_start, self.first_day)
            last = min(target.date_end, self.today)
            if first <= last:
                achieved += self._invoiced(dealer, first, last, target.categ_id)
                asked += self._get_share(target, first, last)
        return achieved / asked if asked else None

    def _recount_deals(self, dealer):
        kept = []
        for deal in self.deals.filtered(lambda deal: deal.owner_dealer_id == dealer):
            day = deal.answered_on and self.company._get_day(deal.answered_on)
            if not day or day < self.first_day:
                continue
            if deal.state in ("won", "lost", "expired"):
                kept.append(deal.state != "expired")
            elif deal.state == "approved":
                moved = max(deal.progress_date or day, day)
                kept.append(moved > self.today - timedelta(days=30))
        return mean(kept + self._recount_leads(dealer))

    def _recount_leads(self, dealer):
        """Leads given that he followed up; neither declined ones nor those we took."""
        offers = self.env["dealer.offer"].search([("dealer_id", "=", dealer.id)])
        return [
            offer.state != "taken_back"
            for offer in offers
            if offer.state not in ("offered", "declined")
            and offer.taken_for != "ours"
            and offer.offered_on >= self.first_day
        ]

    def _recount_reporting(self, dealer):
        points = []
        reports = self.env["dealer.stock.report"].search(
            [("dealer_id", "=", dealer.id), ("state", "!=", "draft")]
        )
        for month in self._get_months_due(dealer):
            sent = reports.filtered(lambda one, month=month: one.period == month)
            due = month + relativedelta(months=1, days=9)
            in_time = sent and min(sent.mapped("submitted_date")) <= due
            counts = sent.filtered("is_current")
            is_equal = counts and not any(counts.line_ids.mapped("difference_qty"))
            if month >= self.first_day:
                points.append((bool(in_time) + bool(is_equal)) / 2)
        return mean(points)

    def _recount_new_customers(self, dealer):
        first = {}
        for report in self.reports.filtered(lambda one: one.dealer_id == dealer):
            for sale in report.line_ids.sale_ids:
                name = sale.end_name.strip().casefold()
                first[name] = min(report.period, first.get(name, report.period))
        new = [day for day in first.values() if day >= self.first_day]
        return len(new) if first else None

    def test_eight_are_rated_and_not_alike(self):
        self.assertEqual(len(self.scores), 8)
        self.assertGreaterEqual(len(self.scores.effective_band_id), 3)
        self.assertTrue(self.scores.filtered("proposed_grade_id"))

    def test_how_long_our_quotations_take_equals_the_orders(self):
        sent = self.env["sale.order"].search(
            [
                ("quotation_sent_date", ">=", self.first_day.replace(day=1)),
                ("partner_id", "child_of", self.scores.partner_id.ids),
            ]
        )
        of = sent.grouped(lambda order: order.partner_id.commercial_partner_id)
        for score in self.scores:
            days = [
                (order.quotation_sent_date - order.create_date.date()).days
                for order in of[score.partner_id]
            ]
            self.assertEqual(score.our_quotation_count, len(days))
            self.assertAlmostEqual(score.our_quotation_days, mean(days), 4)
        figures = self.scores.mapped("our_quotation_days")
        self.assertTrue(min(figures) < 4 < max(figures), figures)

    def test_each_figure_and_score_equals_the_recount(self):
        for score in self.scores:
            found = self._recount(score.partner_id)
            points = weights = 0
            for metric, (weight, nothing, everything) in CARD.items():
                kept = score.detail[metric]["value"]
                value = found.get(metric, kept)
                with self.subTest(dealer=score.partner_id.name, metric=metric):
                    if value is None:
                        self.assertIsNone(kept)
                        continue
                    self.assertAlmostEqual(kept, value, 4)
                grade = (value - nothing) / (everything - nothing)
                points += weight * min(max(grade, 0), 1)
                weights += weight
            with self.subTest(dealer=score.partner_id.name):
                self.assertAlmostEqual(score.score, 100 * points / weights, 1)


@tagged(*DEMO)
class TestDemoDealerPortal(HttpCase):
    def test_the_dealer_finds_his_deals_and_nobody_else_s(self):
        self.authenticate("dealer", "dealer")
        page = self.url_open("/my/dealer/deals")
        self.assertEqual(page.status_code, 200)
        own = self.env["res.users"].search([("login", "=", "dealer")]).partner_id
        deals = self.env["dealer.registration"].search([])
        for deal in deals:
            is_own = deal.dealer_id == own.commercial_partner_id
            self.assertEqual(deal.name in page.text, is_own, deal.name)
