"""Where the sandbox keeps what it makes, and the locks that keep two runs apart."""

import fcntl
import os
import shutil
import time
from contextlib import contextmanager
from pathlib import Path

from .console import Failure, say

REPOSITORY = Path(__file__).resolve().parent.parent
ADDON = "crm_manufacturing"
TEST_ADDON = "test_crm_manufacturing"
# Odoo's tag of the tests that want the demo's database.
DEMO_TAG = "demo_factory"
GIGABYTE = 1024**3
# A first run needs about 2 GB for Odoo and the Python packages and 1 GB for databases.
ROOM_FOR_FIRST_RUN = 4 * GIGABYTE
ROOM_FOR_LATER_RUNS = 1 * GIGABYTE


def cache_folder(environ):
    """Return the cache folder that the environment asks for."""
    if environ.get("CRM_MANUFACTURING_CACHE"):
        return Path(environ["CRM_MANUFACTURING_CACHE"]).expanduser().absolute()
    if environ.get("XDG_CACHE_HOME"):
        return Path(environ["XDG_CACHE_HOME"]).absolute() / ADDON
    return Path(environ.get("HOME") or "/").absolute() / ".cache" / ADDON


class Cache:
    """The folders below the cache folder; each is made when it is first asked for."""

    def __init__(self, root):
        self.root = Path(root)

    def folder(self, *parts):
        path = self.root.joinpath(*parts)
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Failure(
                f"Cannot make {path} ({error.strerror}): "
                "set CRM_MANUFACTURING_CACHE to a folder you may write to."
            ) from error
        return path

    @property
    def logs(self):
        return self.folder("logs")

    @property
    def odoo_data(self):
        return self.folder("odoo-data")

    @property
    def filestores(self):
        return self.folder("odoo-data", "filestore")

    @property
    def running(self):
        return self.folder("run")

    def check_room(self):
        """Refuse to start when the disk would run full in the middle."""
        root = self.folder()
        first_run = not (root / "postgres" / "data").exists()
        needed = ROOM_FOR_FIRST_RUN if first_run else ROOM_FOR_LATER_RUNS
        free = shutil.disk_usage(root).free
        if free < needed:
            raise Failure(
                f"{root} has {free / GIGABYTE:.1f} GB left and this needs "
                f"{needed / GIGABYTE:.0f} GB: free some, or set "
                "CRM_MANUFACTURING_CACHE to a folder on a larger disk."
            )

    @contextmanager
    def lock(self, name, wait=True):
        """Hold a lock that the system lets go when this process ends, however it ends.

        Yields False, without the lock, when `wait` is false and somebody else holds it.
        """
        with self._locked(name, fcntl.LOCK_EX, wait) as taken:
            yield taken

    def share(self, name):
        """Hold a lock together with others; who wants it alone is kept out."""
        return self._locked(name, fcntl.LOCK_SH, wait=True)

    @contextmanager
    def _locked(self, name, kind, wait):
        with (self.running / f"{name}.lock").open("w") as handle:
            taken = _take(handle, kind, wait, name)
            try:
                yield taken
            finally:
                if taken:
                    fcntl.flock(handle, fcntl.LOCK_UN)


def _take(handle, kind, wait, name):
    """Take a file lock; say so once when it has to be waited for."""
    told = False
    while True:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if not wait:
                return False
        if not told:
            say(f"   waiting for another sandbox command to finish its {name} step")
            told = True
        time.sleep(0.5)


def remove(path):
    """Delete a file or folder that may not be there.

    A program whose starter was killed may still be writing there for a moment.
    """
    for _attempt in range(60):
        if not path.is_dir() or path.is_symlink():
            path.unlink(missing_ok=True)
            return
        shutil.rmtree(path, ignore_errors=True)
        if path.exists():
            time.sleep(0.5)
    raise Failure(f"{path} cannot be deleted: delete it and run the command again.")


def write_atomically(path, text):
    """Write a file so that a reader sees the old or the new text, never a part."""
    draft = path.with_name(path.name + f".{os.getpid()}")
    draft.write_text(text)
    draft.replace(path)
