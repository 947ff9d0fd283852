"""The due dates again, in plain Python, written from the definitions.

A rule is ``(shift, step, grace, lead, years)`` with relativedeltas; ``step`` None is
once. Days are dates. Nothing is looked up: the property-based test compares it with
what the engine wrote.
"""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

FORGOTTEN = timedelta(days=366)
LONGEST = 3000


class Event:
    """One anchor record of an event rule, as the days go by."""

    def __init__(self, rule, anchor):
        self.shift, self.step, self.grace, self.lead, self.years = rule
        self.anchor = anchor
        self.open_due = None
        self.closed = []

    def run(self, today, touches):
        """Bring ``open_due`` and ``closed`` [(due, done)] up to date."""
        while (due := self._next(today)) is not None:
            start = max(self.anchor, due - timedelta(days=self.lead))
            hits = [day for day in touches if start <= day <= today]
            if not hits:
                break
            self.open_due = None
            self.closed.append((due, min(hits)))
        self.open_due = due

    def state(self, today):
        """As of ``today``, of an open row."""
        if today > self.open_due + timedelta(days=self.grace):
            return "overdue"
        if today >= self.open_due:
            return "due"
        soon = self.open_due - timedelta(days=self.lead)
        return "soon" if today >= soon else "scheduled"

    def _next(self, today):
        if self.step is None:
            due = self.anchor + self.shift
            if self.closed or not self._matters(due, today):
                return None
            return due
        for number in range(1, LONGEST):
            due = self.anchor + _times(self.shift, 1, self.step, number)
            if self.years and due > self.anchor + relativedelta(years=self.years):
                return None
            if self._is_new(due) and self._matters(due, today):
                return due
        return None

    def _matters(self, due, today):
        return self.open_due is not None or due > today - FORGOTTEN

    def _is_new(self, due):
        """After what was closed, and after the touch that closed it."""
        half = _days(self.step) // 2
        return all(
            due > closed + timedelta(days=half) and due > done
            for closed, done in self.closed
        )


def clock_due(rule, last):
    """The due date of a clock of contacts whose last touch was on ``last``."""
    shift, step, *_rest = rule
    return last + _times(shift, 1, step, 1)


def _times(first, one, second, other):
    """Months first and days after, both counted from the anchor in one go."""
    return relativedelta(
        months=first.months * one
        + second.months * other
        + 12 * (first.years * one + second.years * other),
        days=first.days * one + second.days * other,
    )


def _days(step):
    """Length of an interval as of today's month, as the engine halves it."""
    return step.days + 30 * step.months + 365 * step.years
