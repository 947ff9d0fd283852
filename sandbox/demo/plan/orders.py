"""Two years of orders from stock, their payments and credit notes."""

from ..data.catalogue import (
    BY_CODE,
    COMMERCIAL,
    INDUSTRIAL,
    PLANT_OF,
    RESIDENTIAL,
    fans,
)
from .records import Credit, Line, Order, invoice_day

YEAR = 365
ON_TIME = 0.8
GRADE_DISCOUNT = {"gold": 15, "silver": 10, "bronze": 6}
ORDERS_PER_YEAR = {"key": 8, "a": 4, "b": 3, "c": 2, "d": 1}
CREDIT_REASONS = (
    "Blades damaged in transit",
    "Short shipment",
    "Price difference agreed",
    "Wrong finish delivered",
    "Noise complaint settled",
)


def plan_orders(rng, customers):
    """Return all orders by order day."""
    orders = []
    for customer in customers:
        for ordered, value in _schedule(rng, customer):
            orders.append(_make_order(rng, customer, ordered, value))
    return sorted(orders, key=lambda order: (order.ordered, order.customer))


def _schedule(rng, customer):
    """Yield (day, value) of each order of a customer."""
    if customer.role == "dormant":
        yield from _spread(rng, rng.randint(4, 5), -620, -250, customer.year_before)
    elif customer.role == "lost":
        yield from _spread(rng, rng.randint(2, 4), -960, -800, customer.year_before)
    elif customer.role == "credited":
        yield from ((-440, 9_000.0), (-170, 1_300.0))
    else:
        count = ORDERS_PER_YEAR.get(customer.role, 0)
        yield from _year_before(rng, customer, count)
        first = customer.since + 15 if customer.since > -YEAR else -YEAR - 25
        yield from _spread(rng, count, first, -4, customer.last_year)


def _year_before(rng, customer, count):
    """Yield the orders of the year before, fewer when the customer was smaller."""
    if customer.year_before:
        ratio = customer.year_before / customer.last_year
        count = max(1, min(round(count * min(ratio, 1.2)), 11))
        yield from _spread(rng, count, -2 * YEAR, -YEAR - 30, customer.year_before)


def _spread(rng, count, first, last, value):
    """Yield ``count`` (day, value) pairs at an own rhythm between two days."""
    step = (last - first) / max(count, 1)
    phase = rng.random()
    for number in range(count):
        day = first + step * ((number + phase + rng.uniform(-0.15, 0.15)) % count)
        yield round(day), value / count * rng.uniform(0.75, 1.25)


def _make_order(rng, customer, ordered, value):
    family = pick_family(rng, value)
    promised = ordered + rng.randint(18, 42)
    delivered = promised + _slip(rng)
    return Order(
        customer=customer.index,
        plant=PLANT_OF[family],
        ordered=ordered,
        promised=promised,
        delivered=delivered,
        lines=make_lines(rng, customer, family, value),
        **_payment(rng, customer, invoice_day(delivered)),
    )


def _slip(rng):
    """Return days after the promise; early or on the day four times out of five."""
    if rng.random() < ON_TIME:
        return -rng.choice((0, 0, 1, 1, 2, 4))
    return min(1 + int(rng.expovariate(1 / 8)), 30)


def _payment(rng, customer, invoiced):
    """Return the payment by the customer's habit, None if it lies ahead."""
    day = invoiced + customer.terms + customer.pay_delay + rng.randint(-4, 6)
    day = max(day, invoiced + 1)
    if day > -1 or rng.random() < 0.012:
        return {"paid": None}
    share = 0.5 if day > -60 and rng.random() < 0.08 else 1.0
    return {"paid": day, "paid_share": share}


def pick_family(rng, value):
    """Return a product family that can be sold for about ``value``."""
    draw = rng.random()
    if value < 4_800 and draw < 0.45:
        return COMMERCIAL
    if 4_000 < value < 15_000 and draw < 0.3:
        return INDUSTRIAL
    return RESIDENTIAL


def make_lines(rng, customer, family, value):
    """Return lines of a family worth about ``value`` after discount."""
    discount = GRADE_DISCOUNT.get(customer.grade, customer.discount)
    codes = rng.sample(
        fans(family), rng.choice((1, 2, 2)) if family == RESIDENTIAL else 1
    )
    if family == RESIDENTIAL and value < 9_000 and rng.random() < 0.2:
        codes = ["VF-K52"]
    accessories = (
        [Line("VA-RC01", 0)] if family != INDUSTRIAL and rng.random() < 0.3 else []
    )
    lines = [_sized(code, value / len(codes), discount) for code in codes]
    share = sum(line.quantity for line in lines) // 2
    return tuple(
        lines + [Line(line.code, max(share, 2), discount) for line in accessories]
    )


def _sized(code, value, discount):
    """Return a line worth about ``value``, in round numbers when it is large."""
    product = BY_CODE[code]
    quantity = value / (product.price * (1 - discount / 100))
    if quantity > 60:
        return Line(code, round(quantity / 10) * 10, discount)
    return Line(code, max(round(quantity), 1), discount)


def line_value(line):
    """Return the net value of a line in USD."""
    return BY_CODE[line.code].price * line.quantity * (1 - line.discount / 100)


def plan_credits(rng, customers, orders):
    """Return credit notes on delivered orders, one customer being credited in full."""
    credits = []
    for position, order in enumerate(orders):
        role = customers[order.customer].role
        if role == "credited" and order.ordered < -YEAR:
            credits.append(Credit(position, -95, 1.0, "Consignment returned"))
        elif order.delivered < -45 and role != "credited" and rng.random() < 0.045:
            day = order.delivered + rng.randint(10, 40)
            credits.append(
                Credit(
                    position,
                    day,
                    rng.choice((0.05, 0.1, 0.15, 0.3)),
                    rng.choice(CREDIT_REASONS),
                )
            )
    return credits
