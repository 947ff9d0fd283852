"""A year of calls and meetings as salespeople keep them in the host: some are late."""

from .records import Contact

YEAR = 365
# role: days between calls, days between meetings (0: none)
RHYTHM = {
    "key": (24, 80),
    "a": (32, 100),
    "b": (38, 190),
    "c": (110, 0),
    "d": (220, 0),
    "prospect": (45, 0),
}
# some people are late, some forget, and some are helped out by their manager
DILIGENCE = (0.8, 1.0, 1.3, 1.8)


def plan_contacts(rng, customers):
    """Return the year's calls and meetings, oldest first."""
    contacts = []
    for customer in customers:
        calls, meetings = RHYTHM.get(customer.role, (0, 0))
        diligence = DILIGENCE[sum(map(ord, customer.salesperson)) % len(DILIGENCE)]
        contacts += _series(rng, customer, "call", calls * diligence)
        contacts += _series(rng, customer, "meeting", meetings * diligence)
    return sorted(contacts, key=lambda one: (one.day, one.customer, one.kind))


def _series(rng, customer, kind, step):
    """Yield what happened at about every ``step`` days since the customer is known."""
    if not step:
        return
    day = max(-YEAR, customer.since) + rng.uniform(0, step)
    while day < -1:
        helped = rng.random() < 0.06
        yield Contact(
            customer=customer.index,
            user="manager" if helped else customer.salesperson,
            kind=kind,
            day=round(day),
        )
        day += step * rng.uniform(0.7, 1.4)
