"""What a supplier's answer to a material plan means."""

import math
import re
from datetime import timedelta

MOST = 1e9
FARTHEST = timedelta(days=730)


def read_quantity(text, thousands=","):
    """Return the number a person typed, or None when it is none or senseless.

    :param thousands: the sign his language puts between thousands; elsewhere point
        and comma both are decimal

    >>> [read_quantity(t) for t in ("12", " 1 200,5 ", "1.5", "", "many")]
    [12.0, 1200.5, 1.5, None, None]
    >>> [read_quantity(t) for t in ("-1", "nan", "inf", "1e30", "0")]
    [None, None, None, None, 0.0]
    >>> read_quantity("1,200"), read_quantity("1,200.5"), read_quantity("0,200")
    (1200.0, 1200.5, 0.2)
    >>> read_quantity("1.200,5", "."), read_quantity("1.200", " ")
    (1200.5, 1.2)
    """
    text = re.sub(r"\s", "", text or "")
    groups = rf"[1-9]\d{{0,2}}({re.escape(thousands)}\d{{3}})+([.,]\d+)?"
    if thousands and re.fullmatch(groups, text):
        text = text.replace(thousands, "")
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) and 0 <= number <= MOST else None


def is_possible_day(day, today):
    """Whether goods can be promised for ``day``: today or later, within two years.

    >>> from datetime import date
    >>> today = date(2026, 3, 2)
    >>> is_possible_day(today, today), is_possible_day(date(2026, 3, 1), today)
    (True, False)
    >>> is_possible_day(date(2126, 3, 1), today)
    False
    """
    return today <= day <= today + FARTHEST


def judge(required, needed, quantity, day):
    """Return (whether it is as asked, days later than needed).

    >>> from datetime import date
    >>> judge(100, date(2026, 3, 10), 100, date(2026, 3, 10))
    (True, 0)
    >>> judge(100, date(2026, 3, 10), 100, date(2026, 3, 15))
    (False, 5)
    >>> judge(100, date(2026, 3, 10), 60, date(2026, 3, 1))
    (False, 0)
    >>> judge(100, date(2026, 3, 10), 0, None)
    (False, 0)
    """
    days_late = max(0, (day - needed).days) if day and needed else 0
    return quantity >= required and not days_late, days_late
