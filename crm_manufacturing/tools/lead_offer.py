"""How well a dealer answers what he is offered."""


def rate_answers(well, total):
    """Return the share of ``total`` offers that went ``well``, drawn to one half.

    So that a newcomer stands between who answers and who does not, and one answer does
    not make a record.

    >>> rate_answers(0, 0), rate_answers(1, 1), rate_answers(0, 2)
    (0.5, 0.6666666666666666, 0.25)
    >>> rate_answers(9, 10) > rate_answers(1, 1)
    True
    """
    return (well + 1) / (total + 2)
