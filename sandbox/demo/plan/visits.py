"""Calls and visits of a year, and what was learned on them."""

from ..data.visits import (
    COMMENTS,
    NEXT_STEPS,
    NOTES,
    OFFERS,
    PURPOSES,
    SUMMARIES,
    WISHES,
)
from .records import Learned, Rating, Touch

# touches in a year by the customer's role
RHYTHM = {"key": 12, "a": 9, "b": 6, "c": 3, "dormant": 1, "prospect": 2}
TYPES = ("call", "call", "call", "visit", "visit", "video")
OUTCOMES = ("positive", "positive", "neutral", "neutral", "order", "problem")
ROLES = ("decides", "influences", "pays", "uses")
# a product of each category, and what people call them
RANGES = (("VF-R52", "residential fans"), ("VF-D60", "commercial fans"))
COMING = 24
GRADES = (5, 5, 5, 4, 4, 4, 3, 2)


def plan_visits(rng, customers):
    """Return the touches of the last year and those planned, oldest first."""
    touches = []
    for customer in customers:
        for number in range(RHYTHM.get(customer.role, 0)):
            touches.append(_touch(rng, customer, number))
    known = [c for c in customers if c.role in ("key", "a", "b")]
    own = [c for c in known if c.salesperson == "sales"]
    touches += [_planned(rng, rng.choice(own)) for _number in range(COMING // 4)]
    touches += [_planned(rng, rng.choice(known)) for _number in range(COMING)]
    return sorted(touches, key=lambda touch: (touch.day, touch.customer))


def _touch(rng, customer, number):
    kind = "review" if customer.role == "key" and number == 3 else rng.choice(TYPES)
    if customer.role in ("key", "a") and number == 0:
        kind = "senior_visit"
    outcome = rng.choice(OUTCOMES)
    if kind == "call" and rng.random() < 0.15:
        outcome = "not_reached"
    day = -rng.randint(2, 360)
    return Touch(
        customer=customer.index,
        user="manager" if kind == "senior_visit" else customer.salesperson,
        kind=kind,
        day=day,
        outcome=outcome,
        purpose=rng.choice(PURPOSES[kind]),
        summary=SUMMARIES[outcome],
        next_step=rng.choice(NEXT_STEPS) if day > -14 else "",
        role=rng.choice(ROLES),
        learned=() if outcome == "not_reached" else _learned(rng, customer, kind),
    )


def _planned(rng, customer):
    kind = rng.choice(("visit", "visit", "call", "video", "review"))
    return Touch(
        customer=customer.index,
        user=customer.salesperson,
        kind=kind,
        day=rng.randint(0, 18),
        hour=rng.choice((1, 2, 3, 6, 7, 8)),
        purpose=rng.choice(PURPOSES[kind]),
    )


def _learned(rng, customer, kind):
    """Return one or two notes of a call, three of a visit."""
    topics = rng.sample(sorted(NOTES), 1 if kind == "call" else 2)
    notes = [Learned(topic, rng.choice(NOTES[topic])) for topic in topics]
    if rng.random() < 0.35:
        notes.append(_wish(rng))
    if kind != "call" and rng.random() < 0.3:
        notes.append(_offer(rng))
    if kind in ("senior_visit", "review") or rng.random() < 0.1:
        notes.append(_budget(rng, customer))
    return tuple(notes)


def _wish(rng):
    number = rng.choice((0, 0, 0, 1, 1, 2, 3, 4, 5))
    return Learned("feedback", WISHES[number][0], wish=number)


def _offer(rng):
    number = rng.randrange(len(OFFERS))
    rival, product, price, _weakness, note = OFFERS[number]
    return Learned(
        "competitor", f"{product}: {note}.", price, offer=number, rival=rival
    )


def _budget(rng, customer):
    ours = max(customer.last_year, 8_000)
    amount = round(ours * rng.uniform(1.1, 6), -3)
    share = round(100 * (1 - ours / amount) * rng.uniform(0.5, 1), 0)
    code, kind = rng.choice(RANGES)
    text = f"Buys {kind} for about USD {amount:,.0f} a year, all makes."
    return Learned("budget", text, amount, share=max(share, 0), code=code)


def plan_ratings(rng, orders):
    """Return what customers said of every fifth delivered order."""
    delivered = [
        (index, order) for index, order in enumerate(orders) if not order.is_open
    ]
    recent = [(index, order) for index, order in delivered if order.delivered > -360]
    return [
        Rating(
            order=index,
            day=min(order.delivered + 3, 0),
            grades=tuple(rng.choice(GRADES) for _subject in range(3)),
            comment=rng.choice(COMMENTS),
        )
        for index, order in recent[::5]
    ]
