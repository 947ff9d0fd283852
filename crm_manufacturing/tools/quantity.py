"""Quantities as people write them."""


def format_quantity(quantity, digits=2):
    """Return at most two decimals, or ``digits``, and none that say nothing.

    >>> format_quantity(40.0), format_quantity(0.5), format_quantity(1234567.891)
    ('40', '0.5', '1234567.89')
    >>> format_quantity(0.125, 6), format_quantity(0.1 + 0.2, 6)
    ('0.125', '0.3')
    """
    return f"{quantity:.{digits}f}".rstrip("0").rstrip(".")
