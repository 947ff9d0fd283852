"""Our own PostgreSQL starts, survives being killed, and is ended for good."""

import os
import signal
import time
from pathlib import Path

import pytest

from sandbox import postgres
from sandbox.console import Failure


@pytest.fixture
def server(stack, cache):
    """A second server beside the one the tests use, in an empty cache."""
    server = postgres.EmbeddedServer(cache, stack.server.programs)
    yield server
    server.stop()


def wait_for_end(pid_file):
    for _attempt in range(100):
        if not pid_file.read():
            return
        time.sleep(0.1)
    raise AssertionError("PostgreSQL did not end")


def test_it_starts_once_and_stops(server):
    assert server.ensure()
    assert not server.ensure()
    assert server.answers()
    assert server.stop()
    assert not server.answers()
    assert not server.stop()


def test_it_comes_back_after_it_was_killed(server):
    server.ensure()
    os.kill(server.pid_file.read()["pid"], signal.SIGKILL)
    wait_for_end(server.pid_file)
    assert server.ensure()
    assert server.answers()


def test_a_data_folder_left_half_made_is_made_anew(server):
    draft = server.cache.folder("postgres", "data.draft")
    (draft / "PG_VERSION").write_text("18\n")
    assert server.ensure()
    assert server.answers()


def test_safety_is_given_up_for_tests_only(server):
    server.ensure()
    before = setting(server, "fsync")
    with server.relaxed():
        during = setting(server, "fsync")
    assert (before, during, setting(server, "fsync")) == ("on", "off", "on")


def setting(server, name):
    """Read a setting in a new session; a change takes a moment to arrive."""
    time.sleep(0.3)
    from sandbox.database import Databases

    return Databases(server, server.cache.filestores).query(f"SHOW {name}")[0]


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"PATH": "/bin"}, {}),
        ({"PGPASSWORD": "secret"}, {}),
        ({"PGHOST": "db", "PGPORT": ""}, {"PGHOST": "db"}),
        (
            {"PGUSER": "me", "PGPASSWORD": "secret"},
            {"PGUSER": "me", "PGPASSWORD": "secret"},
        ),
    ],
)
def test_a_server_is_named_by_host_port_or_user(environ, named):
    assert postgres.named_by(environ) == named


def test_a_named_server_that_does_not_answer_is_an_error(stack, tmp_path):
    server = postgres.ExternalServer({"PGHOST": str(tmp_path)}, stack.server.programs)
    with pytest.raises(Failure, match="start it, or unset the three"):
        server.ensure()


def test_the_superuser_that_odoo_refuses_is_refused_at_once(stack):
    server = postgres.ExternalServer({"PGUSER": "postgres"}, stack.server.programs)
    with pytest.raises(Failure, match="set PGUSER to another role"):
        server.ensure()


def test_a_socket_below_a_long_path_lies_elsewhere():
    short, long = Path("/home/a/.cache"), Path("/home") / ("a" * 90)
    assert postgres.socket_folder(short) == short / "postgres" / "run"
    assert len(str(postgres.socket_folder(long))) < 60


@pytest.mark.parametrize(
    ("gigabytes", "setting_text"), [(0.5, "128MB"), (4, "512MB"), (64, "1024MB")]
)
def test_memory_is_shared_fairly(gigabytes, setting_text):
    assert postgres.shared_buffers(int(gigabytes * 1024**3)) == setting_text
