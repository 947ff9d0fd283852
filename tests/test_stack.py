"""A server in use is left alone, whichever clone asks for its end."""

import subprocess
import sys

import pytest

from sandbox import cleaning, postgres, showroom
from sandbox.cache import REPOSITORY
from sandbox.console import Failure
from sandbox.stack import Stack

USE_THE_SERVER = """
import sys, time
from sandbox.stack import Stack
with Stack({"CRM_MANUFACTURING_CACHE": sys.argv[1]}).using_server():
    print("in use", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def ours(stack, cache, monkeypatch):
    """A stack with an empty cache and a PostgreSQL of its own, running."""
    monkeypatch.setenv("CRM_MANUFACTURING_CACHE", str(cache.root))
    for name in ("PGHOST", "PGPORT", "PGUSER"):
        monkeypatch.delenv(name, raising=False)
    server = postgres.EmbeddedServer(cache, stack.server.programs)
    monkeypatch.setattr(Stack, "_choose_server", lambda _self: server)
    ours = Stack()
    ours.server = server
    ours.env.complete.parent.mkdir(parents=True)
    ours.env.complete.touch()
    server.ensure()
    yield ours
    server.stop()


@pytest.fixture
def other_run(ours):
    """A run of another clone, in the middle of using the server."""
    command = [sys.executable, "-c", USE_THE_SERVER, str(ours.cache.root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=REPOSITORY) as run:
        assert run.stdout.readline() == b"in use\n"
        yield run
        run.kill()


def test_stop_leaves_the_server_while_another_run_uses_it(ours, other_run, capsys):
    showroom.stop()
    assert "another run of the sandbox uses it" in capsys.readouterr().out
    assert ours.server.answers()
    other_run.kill()
    other_run.wait()
    showroom.stop()
    assert "Ended PostgreSQL" in capsys.readouterr().out
    assert not ours.server.answers()


def test_stop_leaves_the_server_while_another_run_prepares(ours, capsys):
    with ours.cache.lock("preparation"):
        showroom.stop()
    assert "another run of the sandbox uses it" in capsys.readouterr().out
    assert ours.server.answers()


def test_a_run_that_started_the_server_leaves_it_to_who_uses_it(ours, other_run):
    ours._started_server = True
    ours._leave()
    assert ours.server.answers()


def test_a_run_that_started_the_server_ends_it(ours):
    ours._started_server = True
    ours._leave()
    assert not ours.server.answers()


def test_two_runs_use_the_server_at_once(ours, other_run):
    with ours.using_server() as taken:
        assert taken


def test_a_cache_in_use_is_not_deleted(ours, other_run):
    with pytest.raises(Failure, match="wait until it ends"):
        cleaning.clean()
    assert ours.cache.root.is_dir()
    assert ours.server.answers()
