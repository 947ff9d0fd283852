"""`make i18n`: export the terms of our addons and bring the catalogues up to date."""

import re
import subprocess
import sys

from . import processes
from .cache import ADDON, REPOSITORY
from .console import Failure, say, step
from .database import PREFIX
from .stack import LANGUAGES, Stack

DATABASE = f"{PREFIX}i18n"
MERGE = "sandbox.catalogues"


def refresh():
    """Write the addon's .pot, merge it into its .po files, list what is missing."""
    _with_exported_terms(write=True)


def check():
    """Fail when a catalogue is out of date or lacks a translation; changes no file."""
    missing = _with_exported_terms(write=False)
    if missing:
        raise Failure(
            f"{missing} terms lack a translation or a catalogue is out of date: run "
            "`make i18n` and translate what it lists."
        )


def _with_exported_terms(write):
    with Stack().up() as stack, stack.cache.lock("i18n"):
        with step("terms of the addon"), stack.server.relaxed():
            stack.databases.copy(stack.base, DATABASE)
            stack.odoo.install(DATABASE, [ADDON], "i18n-install.log")
            exported = _export(stack)
        return _merge(stack, exported, write)


def _export(stack):
    """Export all terms to a file in the cache; returns its path."""
    target = stack.cache.folder("i18n") / f"{ADDON}.pot"
    target.unlink(missing_ok=True)
    command = [
        stack.env.python,
        "-m",
        "odoo",
        f"--addons-path={stack.odoo.addons_path}",
    ]
    command += [
        "i18n",
        "export",
        "-c",
        "/dev/null",
        "-d",
        DATABASE,
        ADDON,
        "-o",
        target,
    ]
    processes.run(
        command,
        "Odoo could not export the terms: correct what its log names.",
        stack.cache.logs / "i18n-export.log",
        env=stack.odoo.environment,
        cwd=REPOSITORY,
    )
    return target


def _merge(stack, exported, write):
    """Merge in the environment that has polib; returns how many terms are missing."""
    folder = REPOSITORY / ADDON / "i18n"
    command = [stack.env.python, "-m", MERGE, exported, folder, *LANGUAGES]
    command += [f"--host={path}" for path in stack.source.all_addons_paths]
    command += ["--write"] if write else []
    done = subprocess.run(
        [str(part) for part in command],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    sys.stdout.write(done.stdout)
    found = re.search(r"^missing: (\d+)$", done.stdout, re.MULTILINE)
    if done.returncode or not found:
        raise Failure(
            "The catalogues could not be merged: correct the .po file named above."
        )
    say()
    return int(found[1])
