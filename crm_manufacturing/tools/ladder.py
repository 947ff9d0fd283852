"""Checks of a ladder of bands. Plain Python: no database, no clock."""


def ladder_problem(method, thresholds):
    """Why ``thresholds``, listed from the best band down, make no ladder.

    A ``share`` ladder climbs to at most 100 (cumulative percent), a ``score`` ladder
    descends within 0 to 100. Returns one of ``range``, ``order`` or None.

    >>> ladder_problem('share', [80, 95, 99, 100])
    >>> ladder_problem('share', [80, 95, 95])
    'order'
    >>> ladder_problem('share', [80, 120])
    'range'
    >>> ladder_problem('score', [85, 70, 50, 0])
    >>> ladder_problem('score', [70, 85])
    'order'
    >>> ladder_problem('share', [0])
    'range'
    """
    lowest_allowed = 0 if method == "score" else 1e-9
    if any(not lowest_allowed <= value <= 100 for value in thresholds):
        return "range"
    steps = zip(thresholds, thresholds[1:], strict=False)
    if method == "score":
        steps = ((below, above) for above, below in steps)
    return "order" if any(first >= second for first, second in steps) else None
