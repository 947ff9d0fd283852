"""Days of a place."""

from functools import lru_cache

import pytz
from babel.dates import format_date, format_skeleton


def get_zone(*names):
    """Return the first zone known by its name, else UTC.

    >>> get_zone("Mars/Phobos", None, "Asia/Tokyo").zone, get_zone("Mars/Phobos").zone
    ('Asia/Tokyo', 'UTC')
    """
    known = (name for name in names if name in pytz.all_timezones_set)
    return pytz.timezone(next(known, "UTC"))


@lru_cache(maxsize=1024)
def get_day(moment, zone):
    """Return the day of a naive UTC ``moment`` in the zone of that name.

    >>> from datetime import datetime
    >>> get_day(datetime(2026, 3, 12, 20), "Asia/Shanghai")
    datetime.date(2026, 3, 13)
    """
    return get_clock(moment, zone).date()


def get_clock(moment, zone):
    """Return what the clocks of the zone show at a naive UTC ``moment``.

    >>> from datetime import datetime
    >>> get_clock(datetime(2026, 3, 12, 20), "Asia/Shanghai")
    datetime.datetime(2026, 3, 13, 4, 0)
    """
    local = pytz.utc.localize(moment).astimezone(get_zone(zone))
    return local.replace(tzinfo=None)


@lru_cache(maxsize=1024)
def write_month(day, language):
    """Return the month of a day as people of a language write it.

    >>> from datetime import date
    >>> write_month(date(2026, 3, 12), "en_US")
    'March 2026'
    >>> write_month(date(2026, 3, 12), "zh_CN")
    '2026年3月'
    """
    return format_skeleton("yMMMM", day, locale=language)


@lru_cache(maxsize=1024)
def write_day(day, language, with_year):
    """Return a day as people of a language say it.

    >>> from datetime import date
    >>> write_day(date(2026, 3, 12), "en_US", False)
    '12 March'
    >>> write_day(date(2026, 3, 12), "de_DE", True)
    '12. März 2026'
    """
    if language.startswith("en"):
        return format_date(day, "d MMMM y" if with_year else "d MMMM", language)
    return format_skeleton("yMMMMd" if with_year else "MMMMd", day, locale=language)
