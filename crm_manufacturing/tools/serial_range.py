import re

COUNTER = re.compile(r"^(.*?)(\d+)(\D*)$", re.DOTALL)


def format_ranges(names):
    """Numbers as a person writes them: runs as a range, the rest one by one.

    >>> format_ranges(["FAN-000120", "FAN-000121", "FAN-000122"])
    'FAN-000120 - FAN-000122'
    >>> format_ranges(["A2", "A1", "A7"])
    'A1 - A2, A7'
    >>> format_ranges(["0000009", "0000010"])
    '0000009 - 0000010'
    >>> format_ranges(["A09", "B10"])
    'A09, B10'
    >>> format_ranges(["X1-a", "X2-a", "none"])
    'X1-a - X2-a, none'
    >>> format_ranges([])
    ''
    """
    runs = []
    for name in sort_serials(names):
        if runs and _follows(runs[-1][-1], name):
            runs[-1].append(name)
        else:
            runs.append([name])
    return ", ".join(
        run[0] if len(run) == 1 else f"{run[0]} - {run[-1]}" for run in runs
    )


def split_names(text):
    """The numbers a person wrote with commas, semicolons or lines between them.

    >>> split_names("A1, A2;A1\\n A 3,")
    ['A1', 'A2', 'A 3']
    >>> split_names(None)
    []
    """
    names = (name.strip() for name in re.split(r"[,;\n]", text or ""))
    return list(dict.fromkeys(filter(None, names)))


def sort_serials(names):
    """By the text before the counter, then by the counter.

    >>> sort_serials(["A10", "A9", "A"])
    ['A', 'A9', 'A10']
    """
    return sorted(names, key=serial_key)


def serial_key(name):
    """``(text before, counter, text after)``; the counter is the last number.

    >>> serial_key("BAV023-00012-X")
    ('BAV023-', 12, '-X')
    >>> serial_key("none")
    ('none', -1, '')
    """
    match = COUNTER.match(name)
    return (match[1], int(match[2]), match[3]) if match else (name, -1, "")


def _follows(last, name):
    before, counter, after = serial_key(last)
    return serial_key(name) == (before, counter + 1, after)
