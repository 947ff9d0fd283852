def parse_grade(text):
    """Return a grade from 1 to 5 as an integer, None for anything else.

    >>> parse_grade("5"), parse_grade("1")
    (5, 1)
    >>> [parse_grade(t) for t in ("0", "6", "-1", "nan", "4.0", "5; drop", "", None)]
    [None, None, None, None, None, None, None, None]
    >>> parse_grade("\\u0665")  # an Arabic-Indic five is no answer of our form
    """
    return int(text) if text in ("1", "2", "3", "4", "5") else None
