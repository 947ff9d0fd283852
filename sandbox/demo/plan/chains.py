"""Recent orders made to order, each frozen at another point of its way."""

from ..data.catalogue import COMMERCIAL, INDUSTRIAL, PLANT_OF, fans
from .orders import GRADE_DISCOUNT
from .records import Chain, Line

# Each scenario: how many, steps reached, order age in days, promise relative to today,
# arrival of the bought parts relative to today.
SHIPPED = ("buy", "receive", "assemble", "start", "produce", "ship", "invoice")
SCENARIOS = {
    "delivered and paid": (8, (*SHIPPED, "pay"), (95, 125), (-80, -55), (-100, -90)),
    "delivered, invoice open": (6, SHIPPED, (55, 75), (-28, -8), (-50, -40)),
    "delivered late": (3, SHIPPED, (80, 95), (-50, -38), (-60, -52)),
    "partly delivered": (
        4,
        ("buy", "receive", "assemble", "start", "produce", "ship_part", "invoice"),
        (60, 75),
        (-12, -2),
        (-45, -35),
    ),
    "ready to ship": (
        4,
        ("buy", "receive", "assemble", "start", "produce"),
        (45, 60),
        (-2, 9),
        (-30, -20),
    ),
    "in production": (
        5,
        ("buy", "receive", "assemble", "start"),
        (30, 45),
        (3, 18),
        (-15, -8),
    ),
    "production late": (
        4,
        ("buy", "receive", "assemble"),
        (50, 65),
        (-16, -4),
        (-30, -20),
    ),
    "assembly under way": (
        3,
        ("buy", "receive", "start_assembly"),
        (28, 40),
        (8, 22),
        (-8, -3),
    ),
    "waiting for parts": (6, ("buy",), (18, 30), (18, 34), (5, 14)),
    "parts overdue": (4, ("buy",), (40, 55), (-6, 8), (-18, -5)),
    "parts not ordered": (4, (), (4, 12), (35, 50), (20, 25)),
    "cancelled": (2, ("cancel",), (30, 45), (5, 15), (10, 15)),
}


# Orders whose parts slipped, of customers of this salesperson, best ones first:
# (units, order age, promise, parts first promised, parts promised since, told).
LATE_SALESPERSON = "sales"
LATE_FAN = "VF-D72"
LATE = (
    (16, 24, 6, 2, (9, 16), ""),
    (6, 30, 4, 1, (8,), "told"),
    (6, 28, 5, 2, (10,), "accepted"),
    (4, 26, 3, -2, (7,), ""),
)


def plan_chains(rng, customers):
    """Return the made-to-order sales by order day."""
    buyers = [c for c in customers if c.role in ("key", "a")] * 2
    buyers += [c for c in customers if c.role == "b"]
    chains = []
    for scenario, (count, *rest) in SCENARIOS.items():
        for number in range(count):
            chains.append(_make_chain(rng, scenario, number, rng.choice(buyers), *rest))
    chains += _late_chains(customers)
    return sorted(chains, key=lambda chain: chain.ordered)


def _late_chains(customers):
    """Return the orders the demo's story is told with."""
    roles = ["key", "a", "b", "c"]
    own = [
        customer
        for customer in customers
        if customer.salesperson == LATE_SALESPERSON and customer.role in roles
    ]
    own.sort(key=lambda customer: (roles.index(customer.role), customer.index))
    return [
        Chain(
            scenario="parts slipped",
            steps=frozenset(("buy", "slip", "tell")),
            customer=customer.index,
            plant=PLANT_OF[COMMERCIAL],
            ordered=-age,
            promised=promised,
            supply_day=supply,
            lines=(Line(LATE_FAN, units, customer.discount),),
            slips=slips,
            told=told,
        )
        for customer, (units, age, promised, supply, slips, told) in zip(
            own, LATE, strict=False
        )
    ]


def _make_chain(rng, scenario, number, customer, steps, age, promise, supply):
    family = COMMERCIAL if number % 3 == 1 else INDUSTRIAL
    return Chain(
        scenario=scenario,
        steps=frozenset(steps),
        customer=customer.index,
        plant=PLANT_OF[family],
        ordered=-rng.randint(*age),
        promised=rng.randint(*promise),
        supply_day=rng.randint(*supply),
        lines=_lines(rng, customer, family),
    )


def _lines(rng, customer, family):
    discount = GRADE_DISCOUNT.get(customer.grade, customer.discount)
    code = rng.choice(fans(family))
    lines = [Line(code, rng.randint(2, 6), discount)]
    if family == COMMERCIAL and rng.random() < 0.5:
        lines.append(Line("VA-RC01", lines[0].quantity, discount))
    return tuple(lines)
