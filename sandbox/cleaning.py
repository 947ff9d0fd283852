"""`make clean`: end what runs and delete what was made."""

import os

from . import showroom
from .cache import cache_folder, remove
from .console import Failure, say
from .stack import Stack


def clean():
    """Stop everything and delete the cache, and our databases on another's server."""
    with Stack().alone() as alone:
        if not alone:
            raise Failure(
                "Another run of the sandbox uses the cache: wait until it ends, "
                "and clean then."
            )
    stack = showroom.stop()
    if stack.drop_external_databases():
        say("Dropped the sandbox's databases on the server that PGHOST names.")
    root = cache_folder(os.environ)
    remove(root) if root.exists() else None
    say(f"Deleted {root}.")
