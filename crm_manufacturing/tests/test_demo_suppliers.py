"""The demo company's fifteen suppliers: their scores against a recount."""

from dateutil.relativedelta import relativedelta

from odoo.tests import TransactionCase, tagged

# points of the shipped card: weight, value without points, value with all of them
CARD = {
    "supplier_otif": (40, 0, 1),
    "supplier_return_rate": (30, 0.1, 0),
    "supplier_price_drift": (15, 0.1, 0),
    "supplier_confirmation_days": (10, 10, 0),
    "supplier_slips": (5, 1, 0),
}
FEWEST_LINES = 5
VENDOR_REASONS = (False, "supplier", "transport")


def mean(values):
    return sum(values) / len(values) if len(values) >= FEWEST_LINES else None


@tagged("post_install", "-at_install", "-standard", "demo_factory")
class TestDemoSuppliers(TransactionCase):
    """In Python, from the host's purchase orders and transfers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].search([], order="id", limit=1)
        cls.today = cls.company._get_today()
        cls.card = cls.company.supplier_scorecard_id
        cls.start, _end = cls.card._get_period(cls.today)
        # the demo's suppliers answered their plans after they were judged
        cls.card._run(cls.company, cls.today)
        cls.scores = cls.env["partner.score"].search(
            [("scorecard_id", "=", cls.card.id), ("is_current", "=", True)]
        )
        lines = cls.env["purchase.order.line"].search(
            [("state", "=", "purchase"), ("product_id.type", "=", "consu")]
        )
        cls.lines = lines.grouped(lambda line: line.partner_id.commercial_partner_id)

    def _day(self, moment):
        return self.company._get_day(moment)

    def _ordered(self, line):
        return line.order_id.date_approve or line.order_id.date_order

    def _is_rushed(self, line):
        notice = self._day(line.first_promised_date) - self._day(self._ordered(line))
        return 0 < line.supplier_lead_days and notice.days < line.supplier_lead_days

    def _steps(self, line):
        """``[(day, quantity)]``; what went back is negative."""
        moves = line.move_ids.filtered(lambda move: move.state == "done")
        return sorted(
            (
                move.picking_id.arrival_date or self._day(move.date),
                move.id,
                -move.quantity
                if move.location_dest_id.usage == "supplier"
                else move.quantity,
            )
            for move in moves
        )

    def _get_otif(self, line):
        """Whether it was full on the first day promised; None while that is open."""
        promised, so_far, full = self._day(line.first_promised_date), 0, None
        for day, _id, quantity in self._steps(line):
            so_far += quantity
            if full is None and so_far >= 0.98 * line.product_qty - 0.000001:
                full = day
        if full is None:
            return None if self.today <= promised else False
        return -10 <= (full - promised).days <= 1

    def _get_drift(self, line, lines):
        """Price against the twelve months before; None when nothing was bought."""
        last = self._ordered(line)
        before = lines.filtered(
            lambda one: (
                one.product_id == line.product_id
                and last - relativedelta(months=12) <= self._ordered(one) < last
            )
        )
        bought = sum(before.mapped("product_qty"))
        if not bought:
            return None
        average = sum(before.mapped("price_subtotal")) / bought
        return line.price_subtotal / line.product_qty / average - 1

    def _recount(self, lines):
        """``{metric: value or None}`` of one supplier's lines."""
        promised = lines.filtered(
            lambda line: (
                line.first_promised_date
                and self._day(line.first_promised_date) >= self.start
            )
        )
        own = promised.filtered(lambda line: not self._is_rushed(line))
        agreed = lines.filtered(
            lambda line: self._day(self._ordered(line)) >= self.start
        )
        verdicts = [self._get_otif(line) for line in own]
        drifts = [self._get_drift(line, lines) for line in agreed]
        confirmed = agreed.filtered(
            lambda line: (
                line.supplier_confirmed_on and line.order_id.supplier_requested_on
            )
        )
        return {
            "supplier_otif": mean([v for v in verdicts if v is not None]),
            "supplier_return_rate": self._get_return_rate(promised),
            "supplier_price_drift": mean([d for d in drifts if d is not None]),
            "supplier_confirmation_days": mean(
                [
                    max(
                        (
                            line.supplier_confirmed_on
                            - line.order_id.supplier_requested_on
                        ).total_seconds()
                        / 86400,
                        0,
                    )
                    for line in confirmed
                ]
            ),
            "supplier_slips": mean([self._count_slips(line) for line in own]),
        }

    def _get_return_rate(self, lines):
        came, back, count = 0, 0, 0
        for line in lines:
            price = line.price_subtotal / line.product_qty
            quantities = [quantity for _day, _id, quantity in self._steps(line)]
            brought = sum(quantity for quantity in quantities if quantity > 0)
            count += brought > 0
            came += price * brought
            back -= price * sum(quantity for quantity in quantities if quantity < 0)
        return back / came if count >= FEWEST_LINES else None

    def _count_slips(self, line):
        return self.env["delivery.promise.change"].search_count(
            [
                ("purchase_line_id", "=", line.id),
                ("is_slip", "=", True),
                ("reason", "in", VENDOR_REASONS),
            ]
        )

    def test_fifteen_suppliers_are_rated_and_not_alike(self):
        self.assertEqual(len(self.scores), 15)
        self.assertGreaterEqual(len(self.scores.effective_band_id), 3)

    def test_each_figure_and_score_equals_the_recount(self):
        for score in self.scores:
            found = self._recount(self.lines[score.partner_id])
            points = weights = 0
            for metric, (weight, nothing, everything) in CARD.items():
                value = found[metric]
                kept = score.detail[metric]["value"]
                with self.subTest(supplier=score.partner_id.name, metric=metric):
                    if value is None:
                        self.assertIsNone(kept)
                        continue
                    self.assertAlmostEqual(kept, value, 4)
                grade = (value - nothing) / (everything - nothing)
                points += weight * min(max(grade, 0), 1)
                weights += weight
            with self.subTest(supplier=score.partner_id.name):
                self.assertAlmostEqual(score.score, 100 * points / weights, 1)
