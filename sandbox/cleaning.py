"""`make clean`: end what runs and delete what was made."""

import os

from . import showroom
from .cache import cache_folder, remove
from .console import say


def clean():
    """Stop everything and delete the cache, and our databases on another's server."""
    stack = showroom.stop()
    if stack.drop_external_databases():
        say("Dropped the sandbox's databases on the server that PGHOST names.")
    root = cache_folder(os.environ)
    remove(root) if root.exists() else None
    say(f"Deleted {root}.")
