"""The suite: what it runs, and what it refuses to call green."""

import json
import subprocess
import sys
from contextlib import contextmanager

import pytest

from sandbox import suite
from sandbox.cache import REPOSITORY

PASSING = "def test_good():\n    pass\n"
SKIPPED = "import pytest\n\ndef test_later():\n    pytest.skip('no browser')\n"
WARNING = """
import logging

def test_warned():
    logging.getLogger("odoo.addons.crm_manufacturing.models.x").warning("oh dear")
"""
HOST_WARNING = """
import logging

def test_warned():
    logging.getLogger("odoo.addons.stock").warning("oh dear")
"""
TAGGED = """
import unittest

class TestDemo(unittest.TestCase):
    test_tags = {"demo_factory"}

    def test_demo(self):
        pass
"""
INHERITED = """
import unittest

class HostTests:
    def test_of_the_host(self):
        raise AssertionError

HostTests.test_of_the_host.__module__ = "odoo.addons.web.tests.test_js"

class TestOurs(HostTests, unittest.TestCase):
    def test_ours(self):
        assert self._test_params == []
"""


def run_gate(folder, source, *options):
    """Run pytest with the gate on one test file; returns exit code and output."""
    (folder / "test_sample.py").write_text(source)
    command = [sys.executable, "-m", "pytest", "-p", "sandbox.pytest_gate"]
    command += ["-p", "no:odoo", "-p", "no:cacheprovider", *options]
    command += ["--rootdir", folder, folder]
    done = subprocess.run(
        [str(word) for word in command],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_a_passing_run_is_green(tmp_path):
    assert run_gate(tmp_path, PASSING)[0] == 0


@pytest.mark.parametrize("options", [(), ("-n", "2")])
def test_a_skipped_test_fails_the_run(tmp_path, options):
    code, output = run_gate(tmp_path, PASSING + SKIPPED, *options)
    assert code == 1
    assert "skipped, which counts as failed" in output


@pytest.mark.parametrize("options", [(), ("-n", "2")])
def test_a_warning_of_our_addon_fails_the_run(tmp_path, options):
    code, output = run_gate(tmp_path, WARNING, *options)
    assert code == 1
    assert "WARNING odoo.addons.crm_manufacturing.models.x: oh dear" in output


def test_a_warning_of_the_host_does_not(tmp_path):
    assert run_gate(tmp_path, HOST_WARNING)[0] == 0


def test_tests_inherited_from_the_host_are_left_out(tmp_path):
    assert "1 passed, 1 deselected" in run_gate(tmp_path, INHERITED)[1]


def test_tests_of_the_demo_run_only_on_the_demo(tmp_path):
    _code, without = run_gate(tmp_path, PASSING + TAGGED)
    _code, with_demo = run_gate(tmp_path, PASSING + TAGGED, "--sandbox-demo")
    assert "1 passed, 1 deselected" in without
    assert "TestDemo" not in without
    assert "1 passed, 1 deselected" in with_demo


def test_paths_are_told_from_options():
    words = ["tests/test_suite.py::test_x", "-k", "some name", "-x"]
    assert suite.split_arguments(words) == (words[:1], words[1:])


def test_a_chosen_path_runs_only_where_it_belongs():
    addon = suite.Phase("test", ("crm_manufacturing/tests",), ("crm_manufacturing",))
    own = suite.Phase("sandbox", ("tests",))
    chosen = ["tests/test_suite.py"]
    assert suite.selected(addon, chosen) == []
    assert suite.selected(own, chosen) == chosen
    assert suite.selected(own, []) == ["tests"]


@pytest.fixture
def told(monkeypatch):
    """Record phases and the making of the demo in place of doing them."""
    told = []

    @contextmanager
    def making():
        told.append("begin the demo")
        yield
        told.append("wait for the demo")

    def run_phase(_stack, phase, _arguments, _may_be_empty):
        told.append(phase.name)
        return 0, {}

    monkeypatch.setattr(suite, "_demo_in_the_making", making)
    monkeypatch.setattr(suite, "_run_phase", run_phase)
    return told


def test_the_demo_is_made_beside_the_short_phases(told):
    list(suite._run_phases(None, []))
    assert told == [
        "test",
        "begin the demo",
        "hooks",
        "website",
        "sandbox",
        "wait for the demo",
        "tours",
    ]


def test_no_demo_is_made_for_tests_that_do_without(told):
    list(suite._run_phases(None, ["tests/test_suite.py"]))
    assert told == ["sandbox"]


def test_the_closing_line_sums_up_all_runs():
    line = suite.closing_line({"failed": 1, "passed": 12}, 3.456)
    assert line.strip("=") == " 1 failed, 12 passed in 3.46s "


def test_an_empty_run_is_said_to_be_empty():
    assert "no tests ran" in suite.closing_line({}, 0.1)


def test_what_counts_as_failed_is_said_again_at_the_end(tmp_path, capsys):
    told = tmp_path / "told"
    run_gate(tmp_path, PASSING + WARNING, f"--sandbox-result={told}")
    result = json.loads(told.read_text())
    assert suite._conclude([(1, result), (0, {"outcomes": {"passed": 3}})], 1) == 1
    output = capsys.readouterr().out
    assert "count as failed:\n   WARNING odoo.addons.crm_manufacturing" in output
    assert "5 passed in 1.00s" in output


def test_only_the_website_s_addon_is_tested_with_a_website():
    databases = {phase.name: phase.addons for phase in suite.phases()}
    assert databases["website"] == (suite.WEBSITE_ADDON,)
    assert all(
        suite.WEBSITE_ADDON not in addons
        for name, addons in databases.items()
        if name != "website"
    )
