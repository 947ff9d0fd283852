"""Days of a place."""

import pytz


def get_day(moment, zone):
    """Return the day of a naive UTC ``moment`` in the zone of that name.

    >>> from datetime import datetime
    >>> get_day(datetime(2026, 3, 12, 20), "Asia/Shanghai")
    datetime.date(2026, 3, 13)
    """
    return pytz.utc.localize(moment).astimezone(pytz.timezone(zone)).date()
