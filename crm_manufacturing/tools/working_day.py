"""Working days, by the weekdays a company works."""

from datetime import timedelta


def add_working_days(day, count, weekdays):
    """Return the ``count``-th working day after ``day``; every day works if none does.

    >>> from datetime import date
    >>> add_working_days(date(2026, 3, 13), 1, {0, 1, 2, 3, 4})
    datetime.date(2026, 3, 16)
    >>> add_working_days(date(2026, 3, 13), 2, set())
    datetime.date(2026, 3, 15)
    """
    while count:
        day += timedelta(days=1)
        count -= not weekdays or day.weekday() in weekdays
    return day
