"""Quantities as people write them."""


def format_quantity(quantity):
    """Return at most two decimals, and none that say nothing.

    >>> format_quantity(40.0), format_quantity(0.5), format_quantity(1234567.891)
    ('40', '0.5', '1234567.89')
    """
    return f"{quantity:.2f}".rstrip("0").rstrip(".")
