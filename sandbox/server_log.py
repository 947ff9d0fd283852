"""Read Odoo's log: which warnings and errors are ours?"""

import re
from dataclasses import dataclass
from pathlib import Path

from .cache import ADDON, REPOSITORY

LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (?P<level>[A-Z]+) (?P<database>\S+) "
    r"(?P<logger>[\w.]+): (?P<message>.*)$"
)
OUR_LOGGER = re.compile(rf"odoo\.addons\.(test_)?{ADDON}")
SERIOUS = {"WARNING", "ERROR", "CRITICAL"}
# Said by any Odoo on a machine like this, whatever addon it runs.
NOISE = ("Running as user 'root' is a security risk",)
# Said by the host's pages when a tour ends before their worker has loaded; a test's
# browser speaks in the name of the test.
BROWSER_NOISE = (
    "Error while loading SharedWorker, fallback on Worker",
    "Worker service failed to initialize",
)


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


def is_ours(logger, path, message, cache=None):
    """Tell whether a record logged during a test run comes from our addons.

    The cache may bear the addon's name too; what lies in it is not ours.
    """
    if logger.endswith(".browser") and message.startswith(BROWSER_NOISE):
        return False
    told = message.replace(str(cache), "") if cache else message
    return (
        OUR_LOGGER.match(logger) is not None
        or Path(path).is_relative_to(REPOSITORY)
        and not (cache and Path(path).is_relative_to(cache))
        or ADDON in told
    )
