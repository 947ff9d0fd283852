from statistics import median


def find_rhythm(days):
    """Return the median number of days between purchases, None for fewer than three.

    A day counts once; two purchases are one interval, which is no rhythm.

    >>> from datetime import date
    >>> find_rhythm([date(2026, 1, 1), date(2026, 3, 2), date(2026, 1, 31)])
    30.0
    >>> find_rhythm([date(2026, 1, 1), date(2026, 1, 1), date(2026, 1, 31)])
    """
    ordered = sorted(set(days))
    if len(ordered) < 3:
        return None
    gaps = zip(ordered, ordered[1:], strict=False)
    return float(median((after - before).days for before, after in gaps))


def is_dropped(days, today, factor):
    """Tell whether the purchases stopped for more than ``factor`` own intervals.

    >>> from datetime import date
    >>> bought = [date(2026, 1, 1), date(2026, 1, 31), date(2026, 3, 2)]
    >>> is_dropped(bought, date(2026, 5, 16), 2.5)
    False
    >>> is_dropped(bought, date(2026, 5, 17), 2.5)
    True
    >>> is_dropped(bought[:2], date(2027, 1, 1), 2.5)
    False
    """
    rhythm = find_rhythm(days)
    return rhythm is not None and (today - max(days)).days > factor * rhythm
