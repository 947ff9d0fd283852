"""Find or fetch the source of Odoo 19.0."""

import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from . import apt, odoo_repairs, processes
from .cache import remove
from .console import Failure, say, warn

SERIES = "19.0"
PACKAGE = "odoo-19"
# Debian keeps Odoo 19 in unstable only.
SUITE = "sid"
REPOSITORY_URL = "https://github.com/odoo/odoo.git"
NOWHERE = (
    "Odoo 19.0 was found nowhere: set ODOO_PATH to a checkout of its 19.0 branch, or "
    "give this machine network access to a Debian mirror or to Odoo's repository."
)


@dataclass(frozen=True)
class OdooSource:
    """An Odoo tree: the folder to import `odoo` from, and what tells its version."""

    import_path: Path
    version: str

    @property
    def addons_paths(self):
        """A checkout keeps most addons beside the package; others keep all inside.

        Debian's package has both, and those beside it are without pages and data.
        """
        inside = self.import_path / "odoo" / "addons" / "web"
        beside = self.import_path / "addons"
        return [beside] if beside.is_dir() and not inside.is_dir() else []

    @property
    def all_addons_paths(self):
        return [self.import_path / "odoo" / "addons", *self.addons_paths]


def series_of(import_path):
    """Read the series ("19.0") of the tree at a path, or None when there is none."""
    release = import_path / "odoo" / "release.py"
    if not release.is_file():
        return None
    found = re.search(
        r"^version_info = \((\d+), (\d+)", release.read_text(), re.MULTILINE
    )
    return f"{found[1]}.{found[2]}" if found else None


def find(cache, env, environ):
    """Return the first Odoo 19.0 that works, fetching it when the machine has none."""
    source = from_environ(environ) or from_import(cache) or from_cache(cache)
    if source:
        return source
    log = cache.logs / "odoo-source.log"
    for fetch in (from_debian, from_git):
        try:
            return fetch(cache, env, log)
        except Failure as failure:
            warn(str(failure))
    raise Failure(NOWHERE)


def from_environ(environ):
    """Use the checkout that $ODOO_PATH names; a wrong one is an error."""
    if not environ.get("ODOO_PATH"):
        return None
    path = Path(environ["ODOO_PATH"]).expanduser().absolute()
    series = series_of(path)
    if series != SERIES:
        what = f"Odoo {series}" if series else "no Odoo"
        raise Failure(
            f"ODOO_PATH={path} holds {what}: "
            f"point it at a checkout of Odoo {SERIES} or unset it."
        )
    commit = processes.output_of(["git", "rev-parse", "HEAD"], cwd=path)
    return OdooSource(path, f"{SERIES} {commit or path}")


def from_import(cache):
    """Use an Odoo 19.0 that the Python running us can import."""
    for place in map(Path, filter(None, sys.path)):
        # What an earlier run fetched is importable too from the sandbox's own Python.
        if not place.is_relative_to(cache.root) and series_of(place) == SERIES:
            return OdooSource(place, f"{SERIES} {place}")
    return None


def from_cache(cache):
    """Use what an earlier run fetched."""
    for version_file in sorted((cache.root / "odoo").glob("*/VERSION")):
        return _fetched(version_file.parent)
    return None


def _fetched(folder):
    inside = folder / "usr/lib/python3/dist-packages"
    import_path = inside if inside.is_dir() else folder
    return OdooSource(import_path, (folder / "VERSION").read_text().strip())


def from_debian(cache, env, log):
    """Unpack Debian's package and those its links lead to, and repair the tree."""
    if not apt.is_available():
        raise Failure(
            "This machine has no apt-get: Odoo will come from its git repository."
        )
    private = apt.Apt(cache.folder("apt"), log)
    private.use_suite(SUITE)
    draft = cache.root / "odoo" / "debian.draft"
    remove(draft)
    draft.mkdir(parents=True)
    archives = private.fetch(
        [PACKAGE, *odoo_repairs.LIBRARIES], cache.folder("packages")
    )
    apt.unpack(archives, draft, log)
    odoo_repairs.add_fonts(private, draft, cache.folder("packages"), log)
    odoo_repairs.repair(draft, env)
    version = archives[0].name.split("_")[1]
    (draft / "VERSION").write_text(f"{SERIES} debian {version}\n")
    shutil.rmtree(cache.root / "packages")
    return _fetched(_settle(draft, "debian"))


def from_git(cache, _env, log):
    """Clone the 19.0 branch without its history."""
    if not shutil.which("git"):
        raise Failure("Install git, so that Odoo's repository can be cloned.")
    draft = cache.folder("odoo") / "git.draft"
    remove(draft)
    say("   cloning Odoo, some hundred megabytes")
    clone = ["git", "clone", "--depth", "1", "--branch", SERIES, REPOSITORY_URL, draft]
    processes.run(
        clone, "Odoo's repository could not be cloned: check the network.", log
    )
    commit = processes.output_of(["git", "rev-parse", "HEAD"], cwd=draft)
    (draft / "VERSION").write_text(f"{SERIES} git {commit}\n")
    return _fetched(_settle(draft, "git"))


def _settle(draft, name):
    """Give a finished tree its final name, so that none is ever half there."""
    final = draft.with_name(name)
    remove(final)
    draft.rename(final)
    return final
