"""What the tests of the sandbox share.

`make test` runs them with the variables of a prepared database server; those that need
one use it through the `stack` fixture, and all others need nothing but Python.
"""

import os

import pytest

from sandbox.cache import Cache
from sandbox.stack import Stack


@pytest.fixture(scope="session")
def stack():
    """The sandbox's own parts, prepared by the command that runs the tests."""
    return Stack().prepare()


@pytest.fixture(scope="session")
def worker():
    """A word that keeps the databases of parallel test processes apart."""
    return os.environ.get("PYTEST_XDIST_WORKER", "alone")


@pytest.fixture
def cache(tmp_path):
    """An empty cache."""
    return Cache(tmp_path / "cache")
