"""`make test`: every test of the repository, in one pytest run per kind of database."""

import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from . import browser, demo_database, processes
from .cache import ADDON, DEMO_TAG, REPOSITORY, TEST_ADDON
from .console import Failure, say, step
from .database import PREFIX
from .odoo_command import COMPILE_ASSETS, refuse_complaints
from .stack import Stack

NOTHING_COLLECTED = 5
MOST_WORKERS = 4
BROWSER_TESTS = "HttpCase"
# Brings the website, which everything else must do without.
WEBSITE_ADDON = f"{ADDON}_website_crm_partner_assign"


@dataclass(frozen=True)
class Phase:
    """One pytest run: where its tests are, and how the database they want is made."""

    name: str
    folders: tuple
    addons: tuple = ()
    demo: bool = False
    is_short: bool = True

    @property
    def database(self):
        return f"{PREFIX}{self.name}" if self.addons else None


def phases():
    """List the runs for which the repository has tests."""
    names = {path.parent.name for path in REPOSITORY.glob(f"{ADDON}*/tests")}
    ours = tuple(sorted(names - {WEBSITE_ADDON}))
    all_phases = [
        Phase("test", tuple(f"{name}/tests" for name in ours), ours, is_short=False),
        Phase("hooks", (f"{TEST_ADDON}/tests",), (*ours, TEST_ADDON)),
        Phase("website", (f"{WEBSITE_ADDON}/tests",), (WEBSITE_ADDON,)),
        Phase("sandbox", ("tests",)),
        Phase("tours", tuple(f"{name}/tests" for name in ours), ours, demo=True),
    ]
    return [phase for phase in all_phases if has_tests(phase)]


def has_tests(phase, word=""):
    """Tell whether any test file of the phase's folders is for it and has the word."""
    for folder in phase.folders:
        for path in (REPOSITORY / folder).rglob("test_*.py"):
            text = path.read_text()
            if word in text and (not phase.demo or DEMO_TAG in text):
                return True
    return False


def split_arguments(arguments):
    """Separate test paths from options for pytest."""
    paths = [word for word in arguments if (REPOSITORY / word.split("::")[0]).exists()]
    return paths, [word for word in arguments if word not in paths]


def selected(phase, paths):
    """Return what a phase runs of the chosen paths; all of it when none were chosen."""
    if not paths:
        return list(phase.folders)
    return [path for path in paths if path.startswith(phase.folders)]


def run(arguments):
    """Run all tests, or those chosen by pytest's arguments; returns the exit code."""
    started = time.monotonic()
    with Stack().up() as stack, stack.cache.lock("test"):
        with step("browser"):
            browser.ensure(stack.cache)
            os.environ.update(browser.font_environment(stack.cache))
        with stack.server.relaxed():
            results = [result for result in _run_phases(stack, arguments) if result]
    return _conclude(results, time.monotonic() - started)


def _run_phases(stack, arguments):
    """Run what is chosen in turn; the short phases leave a core to make the demo."""
    paths, options = split_arguments(arguments)
    chosen = {phase: words for phase in phases() if (words := selected(phase, paths))}
    with ExitStack() as meanwhile:
        for phase, words in chosen.items():
            if phase.demo:
                meanwhile.close()
            yield _run_phase(stack, phase, [*words, *options], bool(arguments))
            if not phase.is_short and any(other.demo for other in chosen):
                meanwhile.enter_context(_demo_in_the_making())


@contextmanager
def _demo_in_the_making():
    """Make the demo's template in a process of its own, and wait for it in the end.

    Should it fail, the phase that wants the demo tries again and says why.
    """
    command = [sys.executable, "-m", "sandbox", "demo", "--only-make"]
    maker = subprocess.Popen(
        command, cwd=REPOSITORY, preexec_fn=processes.end_with_parent
    )
    try:
        yield
        maker.wait()
    finally:
        maker.terminate()
        maker.wait()


def _run_phase(stack, phase, arguments, may_be_empty):
    """Run one phase; returns its exit code, and what pytest_gate wrote about it."""
    if phase.database:
        with step(f"database of the {phase.name} tests"):
            _make_database(stack, phase)
    told = stack.cache.running / f"{phase.name}.result"
    told.unlink(missing_ok=True)
    command = [
        stack.env.python,
        "-m",
        "pytest",
        *_options(stack, phase, told),
        *arguments,
    ]
    with step(f"{phase.name} tests"):
        done = subprocess.run(
            [str(part) for part in command],
            cwd=REPOSITORY,
            env={**stack.odoo.environment, "CRM_MANUFACTURING_BASE": stack.base},
            check=False,
            preexec_fn=processes.end_with_parent,
        )
    result = json.loads(told.read_text()) if told.is_file() else {}
    if done.returncode == NOTHING_COLLECTED and may_be_empty:
        return None
    return done.returncode, result


def _make_database(stack, phase):
    """Make the database a phase wants; a warning of ours on the way ends the run."""
    if phase.demo:
        stack.databases.copy(demo_database.ensure(stack), phase.database)
        return
    stack.databases.copy(stack.base, phase.database)
    log = stack.odoo.install(phase.database, phase.addons, f"{phase.name}-install.log")
    refuse_complaints(log, "Installing the addon")
    # Starting tells as much without compiling, which takes a minute.
    code = COMPILE_ASSETS if has_tests(phase, BROWSER_TESTS) else ""
    advice = "Odoo could not start with the addon: correct what its log names."
    log = stack.odoo.script(phase.database, code, f"{phase.name}-start.log", advice)
    refuse_complaints(log, "Starting with the addon")


def _options(stack, phase, told):
    options = ["-p", "sandbox.pytest_gate", f"--sandbox-result={told}"]
    options += ["-n", str(min(len(os.sched_getaffinity(0)), MOST_WORKERS))]
    options += ["--dist", "loadscope"]
    if not phase.database:
        return [*options, "-p", "no:odoo"]
    if phase.demo:
        options.append("--sandbox-demo")
    return options + [
        "--odoo-http",
        "--odoo-log-level=warn",
        "--odoo-config=/dev/null",
        f"--odoo-database={phase.database}",
        f"--odoo-addons-path={stack.odoo.addons_path}",
        f"--odoo-extra=data-dir={stack.cache.odoo_data}",
        f"--odoo-extra=screenshots={stack.cache.folder('screenshots')}",
        "--odoo-extra=http-interface=127.0.0.1",
    ]


def _conclude(results, seconds):
    """Print what counts as failed and one line over all runs; returns the exit code."""
    if not results:
        raise Failure("No test was chosen: check the path or the -k expression.")
    totals = {}
    say()
    for _code, result in results:
        for outcome, number in result.get("outcomes", {}).items():
            totals[outcome] = totals.get(outcome, 0) + number
        for title, lines in result.get("complaints", {}).items():
            say("\n   ".join([f"{title}:", *lines]))
    say(closing_line(totals, seconds))
    # A run that a signal ended has a negative code.
    return 1 if any(code for code, _outcomes in results) else 0


def closing_line(totals, seconds):
    """Write the sum of several pytest runs as pytest writes the end of one."""
    words = ", ".join(f"{number} {outcome}" for outcome, number in totals.items())
    return f" {words or 'no tests ran'} in {seconds:.2f}s ".center(78, "=")
