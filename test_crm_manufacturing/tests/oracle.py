"""The engine's semantics again, in plain Python and exact fractions.

Written from the definitions, not from the SQL: the property-based test compares both.
"""

from fractions import Fraction


def share_bands(values, ceilings, previous=None, hysteresis=0):
    """``{key: place}`` by cumulative share; 1 is the best band, None is none.

    :param values: ``{key: Decimal}``
    :param ceilings: percentages, best band first
    :param previous: ``{key: place before}``
    """
    previous = previous or {}
    exact = {key: Fraction(value) for key, value in values.items()}
    total = sum(value for value in exact.values() if value > 0)
    places = {}
    for key, value in exact.items():
        if value <= 0:
            places[key] = None
            continue
        larger = sum(other for other in exact.values() if other > value)
        position = larger * 100 / total
        places[key] = _keep(previous.get(key), position, ceilings, hysteresis) or next(
            (place for place, edge in enumerate(ceilings, 1) if position < edge), None
        )
    return places


def _keep(place, position, ceilings, hysteresis):
    """The band before, while the position is not well past its edges."""
    if place is None or not hysteresis:
        return None
    above = ceilings[place - 2] if place > 1 else None
    if position >= ceilings[place - 1] + hysteresis:
        return None
    if above is not None and position < above - hysteresis:
        return None
    return place


def linear(value, floor, target):
    """0 at the floor, 100 at the target, None without a value."""
    if value is None:
        return None
    return 100 * min(max((value - floor) / (target - floor), 0), 1)


def quintiles(values):
    """``{key: 20 .. 100}``, equal values sharing the better grade; None stays None."""
    known = sorted(value for value in values.values() if value is not None)
    count = len(known)
    return {
        key: None
        if value is None
        else 20 * -(-5 * sum(other <= value for other in known) // count)
        for key, value in values.items()
    }


def weighted(grades, weights):
    """``(score, coverage)`` in percent; the absent lend their weight to the present."""
    present = sum(w for g, w in zip(grades, weights, strict=True) if g is not None)
    coverage = 100 * present / sum(weights)
    if not present:
        return None, coverage
    points = sum(g * w for g, w in zip(grades, weights, strict=True) if g is not None)
    return points / present, coverage
