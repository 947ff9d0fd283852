"""Leads, opportunities and quotations."""

from ..data.catalogue import PLANT_OF
from .orders import make_lines, pick_family
from .records import Deal, Quotation

KINDS = {"lead": 24, "open": 100, "won": 36, "lost": 28}
TITLES = (
    "HVLS fans for distribution centre",
    "Hotel refurbishment, {n} rooms",
    "Mosque hall ventilation",
    "Season order, residential range",
    "School programme, {n} rooms",
    "Private label enquiry",
    "Poultry house cooling",
    "Showroom opening order",
    "Airport hangar fans",
    "DC smart fan range listing",
    "Villa project, {n} units",
    "Replacement of AC fans by DC",
    "Sample set and price list",
    "Food court fit-out",
    "Sports hall HVLS pilot",
    "Annual frame agreement",
)
LEAD_TITLES = (
    "Web form: price list request",
    "Canton Fair contact",
    "Referral from dealer",
    "Catalogue download",
    "LED & Light fair visitor",
    "E-mail enquiry, {n} fans",
)
LOST_REASONS = (
    "Too expensive",
    "Bought from a competitor",
    "Project cancelled",
    "Lead time too long",
)
ACTIVITIES = ("call", "meeting", "todo", "email")


def plan_deals(rng, customers):
    """Return leads and opportunities, oldest first."""
    open_to = [c for c in customers if c.role in ("key", "a", "b", "c", "dormant")]
    fresh = [c for c in customers if c.role == "prospect"]
    targets = [c for c in customers if c.role == "suspect"]
    deals = [_deal(rng, "open", customer) for customer in fresh]
    for kind, count in KINDS.items():
        pool = targets + open_to[-20:] if kind == "lead" else open_to
        deals += [_deal(rng, kind, rng.choice(pool)) for _number in range(count)]
    return sorted(deals, key=lambda deal: (deal.created, deal.customer, deal.title))


def _deal(rng, kind, customer):
    titles = LEAD_TITLES if kind == "lead" else TITLES
    created = -rng.randint(3, 90) if kind in ("lead", "open") else -rng.randint(60, 400)
    title = rng.choice(titles).format(n=rng.randint(4, 30) * 10)
    size = 7.5 if title.startswith("Sample") else 10
    revenue = round(rng.lognormvariate(size, 0.7) / 100 + 1) * 100
    active = kind == "open" and rng.random() < 0.75
    return Deal(
        kind=kind,
        customer=customer.index,
        owner=_owner(customer, revenue),
        title=title,
        stage=0 if kind == "lead" else rng.choice((0, 0, 1, 1, 1, 2, 2)),
        created=created,
        closing=rng.randint(-10, 95)
        if kind == "open"
        else created + rng.randint(15, 55),
        revenue=revenue,
        priority=rng.choice((0, 0, 1, 1, 2, 3)),
        activity=rng.choice(ACTIVITIES) if active else "",
        activity_day=rng.randint(-6, 14),
        lost_reason=rng.choice(LOST_REASONS) if kind == "lost" else "",
    )


def _owner(customer, revenue):
    """Return the login of who works on a deal: large ones are the manager's own."""
    if customer.grade:
        return "channel"
    return "manager" if revenue > 45_000 else customer.salesperson


def plan_quotations(rng, customers, deals):
    """Return unconfirmed offers, about half of them for an open opportunity."""
    quotations = [
        _quotation(rng, customers[deal.customer], deal.revenue, position)
        for position, deal in enumerate(deals)
        if deal.kind == "open" and deal.stage == 2 and deal.revenue > 1_500
    ][:20]
    regulars = [c for c in customers if c.role in ("a", "b", "c")]
    for _number in range(12):
        value = rng.uniform(3_000, 30_000)
        quotations.append(_quotation(rng, rng.choice(regulars), value, None))
    return quotations


def _quotation(rng, customer, value, deal):
    family = pick_family(rng, value)
    created = -rng.randint(1, 45)
    return Quotation(
        customer=customer.index,
        plant=PLANT_OF[family],
        created=created,
        valid=created + 30,
        sent=rng.random() < 0.65,
        lines=make_lines(rng, customer, family, value),
        deal=deal,
    )
