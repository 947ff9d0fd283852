"""The demo company's plan is decided by its seed alone and has a believable shape."""

from collections import defaultdict

import pytest

from sandbox.demo.data.catalogue import PRODUCTS, list_margin
from sandbox.demo.plan import make_plan
from sandbox.demo.plan.customers import HARD_BARGAINS
from sandbox.demo.plan.orders import line_value

SEED = 20
YEAR = 365


@pytest.fixture(scope="module")
def plan():
    return make_plan(SEED)


def delivered(plan):
    return [order for order in plan.orders if not order.is_open]


def revenue(plan, first, last):
    """Return {customer: revenue} of what was delivered from day first to day last."""
    total = defaultdict(float)
    for order in delivered(plan):
        if first <= order.delivered < last:
            total[order.customer] += sum(map(line_value, order.lines))
    return total


def bands(values):
    """Return how many customers reach 80, 95, 99 and 100 % of the revenue."""
    counts, cumulated = [0, 0, 0, 0], 0.0
    for value in sorted(values, reverse=True):
        share = cumulated / sum(values)
        counts[sum(share >= ceiling for ceiling in (0.80, 0.95, 0.99))] += 1
        cumulated += value
    return counts


def test_the_same_seed_gives_the_same_plan(plan):
    assert vars(make_plan(SEED)) == vars(plan)


def test_another_seed_gives_another_plan(plan):
    assert make_plan(SEED + 1).orders != plan.orders


def test_the_company_has_the_size_it_claims(plan):
    buying = {order.customer for order in plan.orders}
    assert len(PRODUCTS) == 25
    assert 105 <= len(buying) <= 125
    assert sum(bool(customer.grade) for customer in plan.customers) == 8
    assert len({customer.salesperson for customer in plan.customers}) == 12
    assert len({customer.name for customer in plan.customers}) == 136


def test_the_pyramid_of_last_year_is_believable(plan):
    a, b, c, d = bands(revenue(plan, -YEAR, 0).values())
    assert 17 <= a <= 26
    assert 26 <= b <= 38
    assert 24 <= c <= 36
    assert d >= 15


def test_the_key_account_holds_about_18_percent(plan):
    last_year = revenue(plan, -YEAR, 0)
    assert 0.14 <= max(last_year.values()) / sum(last_year.values()) <= 0.22


def test_customers_move_both_ways_between_the_years(plan):
    before, after = revenue(plan, -2 * YEAR, -YEAR), revenue(plan, -YEAR, 0)
    both = [customer for customer in after if customer in before]
    assert sum(after[c] > 1.5 * before[c] for c in both) >= 10
    assert sum(after[c] < 0.67 * before[c] for c in both) >= 5
    assert len(set(after) - set(before)) >= 10


def test_two_large_customers_squeeze_the_price_shrink_and_pay_late(plan):
    last_year = revenue(plan, -YEAR, 0)
    before = revenue(plan, -2 * YEAR, -YEAR)
    largest = sorted(last_year, key=last_year.get, reverse=True)[:20]
    for index in HARD_BARGAINS:
        customer = plan.customers[index]
        assert index in largest
        assert customer.discount >= 35
        assert customer.pay_delay > 60
        assert last_year[index] < 0.67 * before[index]


def test_four_deliveries_of_five_are_on_time(plan):
    orders = delivered(plan)
    share = sum(order.delivered <= order.promised for order in orders) / len(orders)
    assert 0.75 <= share <= 0.86


def test_list_margins_leave_room_for_discounts():
    margins = [list_margin(p.code) for p in PRODUCTS if p.price]
    assert 0.30 <= min(margins) < max(margins) <= 0.46


def test_nothing_done_lies_in_the_future(plan):
    assert all(order.delivered < 0 for order in delivered(plan))
    assert all(order.paid < 0 for order in plan.orders if order.paid is not None)
    assert all(run.finished < 0 for run in plan.productions if run.state == "done")
    assert all(
        purchase.received < 0
        for purchase in plan.purchases
        if purchase.state in ("done", "partial")
    )


def test_stock_covers_all_shipments(plan):
    made, shipped = defaultdict(int), defaultdict(int)
    for run in plan.productions:
        if run.state == "done":
            made[run.code, run.plant] += run.quantity
    for order in delivered(plan):
        for line in order.lines:
            shipped[line.code, order.plant] += line.quantity
    lots = {p.code for p in PRODUCTS if p.tracking != "none"}
    assert all(made[key] >= need for key, need in shipped.items() if key[0] in lots)
