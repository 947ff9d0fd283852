import operator

ORDERED = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}


def get_test(name, value):
    """Return the test on a number that an operator of a search domain stands for.

    Nothing counts as 0, as it is shown. None for operators that are not for numbers.

    >>> get_test(">", 2)(3), get_test("<=", 2)(3), get_test(">", "many")
    (True, False, None)
    >>> get_test("in", [0, 3])(False), get_test("not in", [3])(3)
    (True, False)
    >>> get_test("ilike", "3")
    """
    if name in ("in", "not in"):
        wanted = {number or 0 for number in value}
        return lambda number: ((number or 0) in wanted) == (name == "in")
    if name in ORDERED and isinstance(value, int | float):
        return lambda number: ORDERED[name](number or 0, value)
    return None
