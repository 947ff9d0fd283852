"""Read Odoo's log: which warnings and errors are ours?"""

import re
from dataclasses import dataclass

LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (?P<level>[A-Z]+) (?P<database>\S+) "
    r"(?P<logger>[\w.]+): (?P<message>.*)$"
)
SERIOUS = {"WARNING", "ERROR", "CRITICAL"}
# Said by any Odoo on a machine like this, whatever addon it runs.
NOISE = ("Running as user 'root' is a security risk",)


@dataclass
class Entry:
    level: str
    logger: str
    message: str

    def __str__(self):
        return f"{self.level} {self.logger}: {self.message}"


def parse(text):
    """Yield the entries of a log; a traceback belongs to the entry above it."""
    entry = None
    for line in text.splitlines():
        found = LINE.match(line)
        if found:
            if entry:
                yield entry
            entry = Entry(found["level"], found["logger"], found["message"])
        elif entry:
            entry.message += f"\n{line}"
    if entry:
        yield entry


def complaints(text):
    """List what a server start that is right would not have logged."""
    return [
        entry
        for entry in parse(text)
        if entry.level in SERIOUS and not entry.message.startswith(NOISE)
    ]


def is_ours(logger, path, message):
    """Tell whether a record logged during a test run comes from our addons."""
    return any("crm_manufacturing" in text for text in (logger, path, message))
