"""A pytest plugin: green means nothing skipped and no warning from our addons.

It also splits the tests in two: those for a database with the demo's data carry the
tag `demo_factory`, all others want an empty one.
"""

import json
import logging
import os
from pathlib import Path

import pytest

from sandbox import server_log
from sandbox.cache import DEMO_TAG, cache_folder

OUTCOMES = ("failed", "error", "passed", "skipped", "xfailed", "xpassed")


def pytest_addoption(parser):
    group = parser.getgroup("sandbox")
    group.addoption(
        "--sandbox-demo", action="store_true", help="run only tests of the demo"
    )
    group.addoption(
        "--sandbox-counts", help="write the numbers of outcomes to this file"
    )


def pytest_configure(config):
    config.pluginmanager.register(Gate(config), "sandbox-gate")


class Listener(logging.Handler):
    """Collects the warnings that come from this repository's addons."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.heard = []
        self.cache = cache_folder(os.environ)

    def emit(self, record):
        message = record.getMessage()
        if server_log.is_ours(record.name, record.pathname, message, self.cache):
            self.heard.append(f"{record.levelname} {record.name}: {message}")


class Gate:
    """Counts outcomes; workers of a distributed run send what they heard."""

    def __init__(self, config):
        self.config = config
        self.skipped = []
        self.listener = Listener()
        logging.getLogger().addHandler(self.listener)

    @property
    def is_worker(self):
        return hasattr(self.config, "workerinput")

    def pytest_collection_modifyitems(self, config, items):
        wanted = bool(config.getoption("--sandbox-demo"))
        kept, dropped = [], []
        for item in items:
            tags = getattr(getattr(item, "cls", None), "test_tags", ())
            (kept if (DEMO_TAG in tags) == wanted else dropped).append(item)
        items[:] = kept
        if dropped:
            config.hook.pytest_deselected(items=dropped)

    def pytest_collectreport(self, report):
        if report.skipped:
            self.skipped.append(report.nodeid)

    def pytest_runtest_logreport(self, report):
        if report.skipped:
            self.skipped.append(report.nodeid)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node):
        self.listener.heard += getattr(node, "workeroutput", {}).get(
            "sandbox_heard", []
        )

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session):
        if self.is_worker:
            self.config.workeroutput["sandbox_heard"] = self.listener.heard
            return
        passed = session.exitstatus == pytest.ExitCode.OK
        if passed and (self.skipped or self.listener.heard):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        for title, lines in (
            ("skipped, which counts as failed", self.skipped),
            (
                "warnings logged by our addons, which count as failed",
                self.listener.heard,
            ),
        ):
            if lines:
                terminalreporter.section(title)
                terminalreporter.write_line("\n".join(sorted(set(lines))))
        self._write_counts(terminalreporter.stats)

    def _write_counts(self, stats):
        """Write what pytest's closing line counts, for the sum over several runs."""
        target = self.config.getoption("--sandbox-counts")
        if target:
            counts = {name: len(stats[name]) for name in OUTCOMES if stats.get(name)}
            Path(target).write_text(json.dumps(counts))
