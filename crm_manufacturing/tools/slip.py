"""What a promise's move from one date to another means."""

from datetime import timedelta

from .day import get_clock

LEAST_SLIP = timedelta(days=1)


def judge(base, new, zone="UTC"):
    """Return ``(is_slip, base)`` for a promise that moves to ``new``, naive UTC.

    ``base`` is the date slips are measured from. It follows a promise that gets better
    at once and one that gets worse from a day on, so that many moves of a few hours do
    add up to a slip. A day is one on the clocks of ``zone``: it may have 23 hours.

    >>> from datetime import datetime
    >>> base = datetime(2026, 3, 12, 8)
    >>> judge(base, datetime(2026, 3, 13, 7))
    (False, datetime.datetime(2026, 3, 12, 8, 0))
    >>> judge(base, datetime(2026, 3, 13, 8))
    (True, datetime.datetime(2026, 3, 13, 8, 0))
    >>> judge(base, datetime(2026, 3, 10, 8))
    (False, datetime.datetime(2026, 3, 10, 8, 0))
    >>> judge(datetime(2026, 3, 28, 8), datetime(2026, 3, 29, 7), "Europe/Berlin")
    (True, datetime.datetime(2026, 3, 29, 7, 0))
    """
    if get_clock(new, zone) - get_clock(base, zone) >= LEAST_SLIP:
        return True, new
    return False, min(base, new)
