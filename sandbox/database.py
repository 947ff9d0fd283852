"""Databases and their filestores: made, copied and dropped together."""

import os
import shutil
import subprocess

from .cache import remove
from .console import Failure

# Everything the sandbox makes starts with this, so that a shared server stays tidy.
PREFIX = "crmm_"


class Databases:
    """The databases of one server, with their filestores."""

    def __init__(self, server, filestores):
        self.server = server
        self.filestores = filestores

    def query(self, statement, database="postgres"):
        """Run one statement; returns the lines of its answer. Raises Failure."""
        psql = [
            self.server.programs / "psql",
            "-X",
            "-q",
            "-At",
            "-v",
            "ON_ERROR_STOP=1",
        ]
        done = subprocess.run(
            [*psql, "-d", database, "-c", statement],
            env={**os.environ, **self.server.connection},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Failure(
                f"PostgreSQL refused a step ({done.stderr.strip()}): "
                "run `make clean` and try again."
            )
        return done.stdout.splitlines()

    def names(self):
        """List the databases that the sandbox made."""
        return [
            name
            for name in self.query("SELECT datname FROM pg_database ORDER BY datname")
            if name.startswith(PREFIX)
        ]

    def exists(self, name):
        return name in self.names()

    def drop(self, name):
        """Remove a database, with whoever is connected to it, and its filestore."""
        self.query(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        remove(self.filestores / name)

    def copy(self, source, target):
        """Copy a database over another, the filestore first: none is ever without."""
        self.drop(target)
        if (self.filestores / source).is_dir():
            # Odoo never changes a stored file, so that both may be the same on disk.
            shutil.copytree(
                self.filestores / source,
                self.filestores / target,
                copy_function=os.link,
            )
        self.query(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')

    def build(self, name, fill):
        """Make a database by `fill(draft)`; its own name it gets when finished."""
        draft = f"{name}_draft"
        self.drop(draft)
        fill(draft)
        remove(self.filestores / name)
        if (self.filestores / draft).is_dir():
            (self.filestores / draft).rename(self.filestores / name)
        self.query(f'ALTER DATABASE "{draft}" RENAME TO "{name}"')

    def prune(self, prefix, keep):
        """Drop the databases that an older version of the same template left behind."""
        for name in self.names():
            if name.startswith(prefix) and name != keep:
                self.drop(name)
