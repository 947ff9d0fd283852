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
        "--sandbox-result", help="write outcomes and complaints to this file"
    )


def pytest_configure(config):
    config.pluginmanager.register(Gate(config), "sandbox-gate")


def is_inherited(item):
    """Tell whether a test is the host's, met again in a class of ours built on its own.

    Odoo's runner leaves those out as well.
    """
    module = item.function.__module__
    return module.startswith("odoo.") and not server_log.OUR_LOGGER.match(module)


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
        on_demo = bool(config.getoption("--sandbox-demo"))
        kept, dropped = [], []
        for item in items:
            tags = getattr(item.cls, "test_tags", ())
            wanted = (DEMO_TAG in tags) == on_demo and not is_inherited(item)
            (kept if wanted else dropped).append(item)
            if item.cls and not hasattr(item.cls, "_test_params"):
                # Odoo's own runner sets it; its tests of web components read it.
                item.cls._test_params = []
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

    @property
    def complaints(self):
        """What makes a run of passed tests fail: lines under a title."""
        kinds = {
            "skipped, which counts as failed": self.skipped,
            "warnings logged by our addons, which count as failed": self.listener.heard,
        }
        return {title: sorted(set(lines)) for title, lines in kinds.items() if lines}

    def pytest_terminal_summary(self, terminalreporter):
        for title, lines in self.complaints.items():
            terminalreporter.section(title)
            terminalreporter.write_line("\n".join(lines))
        self._write_result(terminalreporter.stats)

    def _write_result(self, stats):
        """Write what a run over several databases says again at its end."""
        target = self.config.getoption("--sandbox-result")
        if target:
            counts = {name: len(stats[name]) for name in OUTCOMES if stats.get(name)}
            result = {"outcomes": counts, "complaints": self.complaints}
            Path(target).write_text(json.dumps(result))
