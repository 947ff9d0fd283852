"""What the sandbox says: timed steps, and failures that end in a sentence of advice."""

import sys
import time
from contextlib import contextmanager


class Failure(Exception):
    """A step that cannot go on; its text is the sentence that says what to do."""


def say(text=""):
    print(text, flush=True)


def warn(text):
    print(f"warning: {text}", file=sys.stderr, flush=True)


@contextmanager
def step(title):
    """Print a step when it begins and its elapsed seconds when it is done."""
    say(f"-> {title} ...")
    started = time.monotonic()
    try:
        yield
    except BaseException:
        say(f"   {title}: stopped after {time.monotonic() - started:.1f} s")
        raise
    say(f"   {title}: {time.monotonic() - started:.1f} s")


def tail(path, lines=25):
    """Return the last lines of a text file, for a failure message."""
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
