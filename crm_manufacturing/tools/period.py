"""Days and periods. Plain Python: no database, no clock."""

from dateutil.relativedelta import relativedelta


def period_bounds(today, months):
    """First and last day, both included, of the ``months`` that end on ``today``.

    >>> from datetime import date
    >>> period_bounds(date(2026, 11, 22), 12)
    (datetime.date(2025, 11, 23), datetime.date(2026, 11, 22))
    >>> period_bounds(date(2026, 3, 31), 1)
    (datetime.date(2026, 3, 1), datetime.date(2026, 3, 31))
    """
    return today - relativedelta(months=months) + relativedelta(days=1), today


def previous_bounds(date_from, date_to):
    """The period of the same length that ends the day before ``date_from``.

    Whole months step back by months, so that February does not shorten a year.

    >>> from datetime import date
    >>> previous_bounds(date(2025, 11, 23), date(2026, 11, 22))
    (datetime.date(2024, 11, 23), datetime.date(2025, 11, 22))
    >>> previous_bounds(date(2026, 1, 5), date(2026, 1, 9))
    (datetime.date(2025, 12, 31), datetime.date(2026, 1, 4))
    """
    last = date_from - relativedelta(days=1)
    span = relativedelta(date_to + relativedelta(days=1), date_from)
    if span.days:
        return date_from - (date_to - last), last
    months = 12 * span.years + span.months
    return date_from - relativedelta(months=months), last


def get_period_start(day, unit):
    """First day of the month, or Monday of the week, that ``day`` is in.

    >>> from datetime import date
    >>> get_period_start(date(2026, 3, 12), "month")
    datetime.date(2026, 3, 1)
    >>> get_period_start(date(2026, 3, 1), "week")
    datetime.date(2026, 2, 23)
    """
    return (
        day.replace(day=1)
        if unit == "month"
        else day - relativedelta(days=day.weekday())
    )
