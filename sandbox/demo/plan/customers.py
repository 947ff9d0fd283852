"""Deal out roles, salespeople, payment habits and target revenues."""

import math

from ..data.customers import BUYER_NAMES, EURO_COUNTRIES, REGIONS, SECOND_CONTACTS
from ..data.people import TEAM_OF_REGION, TEAMS
from .records import Customer

YEARLY_REVENUE = 6_400_000
YEAR_BEFORE_RATIO = 0.72

# role: (how many, share of last year's revenue, decay from one customer to the next)
ROLES = {
    "key": (1, 0.18, 1.0),
    "a": (19, 0.62, 0.93),
    "b": (30, 0.15, 0.965),
    "c": (30, 0.04, 0.965),
    "d": (20, 0.008, 0.95),
    "dormant": (8, 0.0, 1.0),
    "lost": (8, 0.0, 1.0),
    "credited": (1, 0.0, 1.0),
    "prospect": (8, 0.0, 1.0),
    "suspect": (11, 0.0, 1.0),
}
BUYING = ("key", "a", "b", "c", "d", "dormant", "lost", "credited")

NEW = {9, 16, 24, 31, 40, 46, 52, 60, 66, 72, 82, 85, 88, 91, 94}
DEALERS = {
    3: "gold",
    7: "gold",
    11: "silver",
    15: "silver",
    22: "silver",
    30: "bronze",
    38: "bronze",
    55: "bronze",
}
ORDER_BY_CONTACT = {2, 5, 21}
THIN_MARGIN = {4: 26, 13: 38, 17: 38, 27: 30, 44: 29, 58: 28}  # index: discount
# Large, and worth little: they squeeze the price, buy less and pay two months late.
HARD_BARGAINS = {13, 17}
HARD_BARGAIN_DELAY = 70
HARD_BARGAIN_DECLINE = 1.7

DISCOUNTS = {
    "key": (18, 18),
    "a": (6, 20),
    "b": (0, 14),
    "c": (0, 8),
    "d": (0, 3),
    "dormant": (0, 10),
    "lost": (0, 10),
    "credited": (5, 5),
    "prospect": (0, 0),
    "suspect": (0, 0),
}
PAY_HABITS = ((-4, 0.25), (3, 0.35), (12, 0.25), (38, 0.15))


def plan_customers(rng):
    """Return the customers, the most important first."""
    seats = {team: 0 for team in TEAMS}
    customers = []
    for index, (region, row) in enumerate(_interleave()):
        team = TEAM_OF_REGION[region]
        people = TEAMS[team][1]
        salesperson = people[seats[team] % len(people)][0]
        seats[team] += 1
        customers.append(_make_customer(rng, index, region, row, team, salesperson))
    return customers


def _interleave():
    """Yield (region, row) taking one of each region in turn."""
    tables = [(region, rows) for region, (_name, rows) in REGIONS.items()]
    for rows in zip(
        *[[(region, row) for row in rows] for region, rows in tables], strict=True
    ):
        yield from rows


def _make_customer(rng, index, region, row, team, salesperson):
    name, city, country, contact = row
    role, position = _role_of(index)
    revenue = _target_revenue(role, position)
    low, high = DISCOUNTS[role]
    delay, _weight = rng.choices(PAY_HABITS, [weight for _delay, weight in PAY_HABITS])[
        0
    ]
    return Customer(
        index=index,
        name=name,
        city=city,
        country=country,
        region=region,
        contact=contact,
        second_contact=SECOND_CONTACTS[region][index // 4 % 5]
        if index % 3 == 0
        else "",
        job=rng.choice(BUYER_NAMES),
        role=role,
        team=team,
        salesperson=salesperson,
        since=_since(rng, index, role),
        terms=rng.choice((30, 45, 60))
        if role in ("key", "a", "b")
        else rng.choice((0, 30, 30)),
        pay_delay=HARD_BARGAIN_DELAY if index in HARD_BARGAINS else delay,
        discount=THIN_MARGIN.get(index, rng.randint(low, high)),
        grade=DEALERS.get(index, ""),
        euro=country in EURO_COUNTRIES,
        orders_by_contact=index in ORDER_BY_CONTACT,
        last_year=revenue,
        year_before=_year_before(rng, index, role, revenue),
    )


def _role_of(index):
    """Return the role of a customer and its position inside the role."""
    for role, (count, _share, _decay) in ROLES.items():
        if index < count:
            return role, index
        index -= count
    raise IndexError("more names than roles")


def _target_revenue(role, position):
    count, share, decay = ROLES[role]
    total = sum(decay**step for step in range(count))
    return YEARLY_REVENUE * share * decay**position / total


def _year_before(rng, index, role, revenue):
    """Return the revenue of the year before: movers both ways, nothing if new."""
    spread = math.exp(rng.gauss(0, 0.55))
    if index in NEW or role in ("prospect", "suspect", "credited"):
        return 0.0
    if role in ("dormant", "lost"):
        return rng.uniform(15_000, 60_000)
    if index in HARD_BARGAINS:
        return revenue * HARD_BARGAIN_DECLINE
    if role == "key":
        spread = 1.05
    return revenue * YEAR_BEFORE_RATIO * min(max(spread, 0.25), 3.0)


def _since(rng, index, role):
    """Return the day the partner was entered."""
    if index in NEW:
        return -rng.randint(200, 360)
    if role == "lost":
        return -rng.randint(980, 1600)
    if role in ("prospect", "suspect"):
        return -rng.randint(20, 260)
    return -rng.randint(740, 1600)
