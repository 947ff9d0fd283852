"""A database under its own name is always finished, whatever was killed before."""

import os
import signal
import subprocess
import sys

import pytest

from sandbox.cache import REPOSITORY
from sandbox.console import Failure
from sandbox.database import PREFIX, Databases

DIE_WHILE_BUILDING = """
import os, signal, sys
from sandbox.stack import Stack
databases = Stack().prepare().databases
def fill(draft):
    databases.query(f'CREATE DATABASE "{draft}"')
    (databases.filestores / draft).mkdir()
    os.kill(os.getpid(), signal.SIGKILL)
databases.build(sys.argv[1], fill)
"""


@pytest.fixture
def databases(stack, tmp_path):
    return Databases(stack.server, tmp_path)


@pytest.fixture
def name(stack, worker):
    """A name for a database of this test, removed afterwards with all made from it."""
    name = f"{PREFIX}fault_{worker}"
    yield name
    for made in stack.databases.names():
        if made.startswith(name):
            stack.databases.drop(made)


def filler(databases):
    """Return what fills a draft with one table and one stored file."""

    def fill(draft):
        databases.query(f'CREATE DATABASE "{draft}"')
        databases.query("CREATE TABLE kept (id integer)", draft)
        (databases.filestores / draft).mkdir()
        (databases.filestores / draft / "file").write_text("stored")

    return fill


def tables(databases, name):
    return databases.query(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'", name
    )


def test_a_copy_has_the_filestore_of_its_source(databases, name):
    databases.build(name, filler(databases))
    databases.copy(name, f"{name}_copy")
    assert tables(databases, f"{name}_copy") == ["kept"]
    stored = databases.filestores / f"{name}_copy" / "file"
    assert stored.read_text() == "stored"


def test_a_copy_goes_over_an_older_one_that_is_in_use(databases, name):
    databases.build(name, filler(databases))
    databases.copy(name, f"{name}_copy")
    psql = [databases.server.programs / "psql", "-d", f"{name}_copy"]
    with subprocess.Popen(
        [*psql, "-c", "SELECT pg_sleep(60)"],
        env={**os.environ, **databases.server.connection},
        stderr=subprocess.DEVNULL,
    ):
        databases.copy(name, f"{name}_copy")
    assert tables(databases, f"{name}_copy") == ["kept"]


def test_a_build_killed_in_the_middle_leaves_nothing_under_the_name(stack, name):
    done = subprocess.run(
        [sys.executable, "-c", DIE_WHILE_BUILDING, name],
        cwd=REPOSITORY,
        stdout=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert not stack.databases.exists(name)
    assert stack.databases.exists(f"{name}_draft")


def test_the_next_run_builds_over_what_was_killed(stack, databases, name):
    databases.query(f'CREATE DATABASE "{name}_draft"')
    (databases.filestores / f"{name}_draft").mkdir()
    databases.build(name, filler(databases))
    assert tables(databases, name) == ["kept"]
    assert not stack.databases.exists(f"{name}_draft")


def test_a_filestore_that_lost_its_database_does_not_stand_in_the_way(databases, name):
    (databases.filestores / name).mkdir()
    (databases.filestores / name / "stale").write_text("")
    databases.build(name, filler(databases))
    kept = [path.name for path in (databases.filestores / name).iterdir()]
    assert kept == ["file"]


def test_older_templates_are_dropped_and_the_current_one_stays(databases, name):
    for version in ("a", "b"):
        databases.query(f'CREATE DATABASE "{name}_{version}"')
    databases.prune(f"{name}_", keep=f"{name}_b")
    assert not databases.exists(f"{name}_a")
    assert databases.exists(f"{name}_b")


def test_a_refused_statement_ends_in_one_sentence(databases):
    with pytest.raises(Failure, match="run `make clean` and try again"):
        databases.query("SELECT nonsense")
