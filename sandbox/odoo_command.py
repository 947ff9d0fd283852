"""Run Odoo's own command line against a database of the sandbox."""

import os

from . import processes, server_log
from .cache import REPOSITORY
from .console import Failure

SEE_LOG = "correct what its log names."
# Compiled once, instead of by the first page that each browser opens.
COMPILE_ASSETS = """
env["ir.qweb"]._pregenerate_assets_bundles()
# asked for by every page, and named by no view
env["ir.qweb"]._get_asset_bundle("bus.websocket_worker_assets").js()
env.cr.commit()
"""


class Odoo:
    """Odoo's command line, with the interpreter, server and folders it needs."""

    def __init__(self, python, source, server, cache):
        self.python = python
        self.source = source
        self.server = server
        self.cache = cache

    @property
    def environment(self):
        """The environment of every process that talks to the database."""
        path = f"{self.server.programs}{os.pathsep}{os.environ.get('PATH', '')}"
        env = {**os.environ, **self.server.connection, "PATH": path}
        # Settings of another Odoo on this machine must not leak in.
        env.pop("ODOO_RC", None)
        env.pop("OPENERP_SERVER", None)
        return env

    @property
    def addons_path(self):
        return ",".join(str(path) for path in [*self.source.addons_paths, REPOSITORY])

    def options(self, database):
        """Return the options by which all commands agree on one database."""
        return [
            "--config=/dev/null",
            f"--addons-path={self.addons_path}",
            f"--data-dir={self.cache.odoo_data}",
            f"--database={database}",
            "--http-interface=127.0.0.1",
        ]

    def command(self, verb, database, *arguments):
        return [self.python, "-m", "odoo", verb, *self.options(database), *arguments]

    def run(self, verb, database, *arguments, advice, log_name, stdin=None):
        """Run a command to its end; returns its log. Raises Failure."""
        log = self.cache.logs / log_name
        processes.run(
            self.command(verb, database, *arguments),
            advice,
            log,
            env=self.environment,
            cwd=REPOSITORY,
            stdin=stdin,
        )
        return log.read_text(errors="replace")

    def install(self, database, addons, log_name, *arguments):
        """Install addons into a database, made if it is not there; returns the log."""
        return self.run(
            "server",
            database,
            f"--init={','.join(addons)}",
            "--stop-after-init",
            "--no-http",
            *arguments,
            advice=f"Odoo could not install {', '.join(addons)}: {SEE_LOG}",
            log_name=log_name,
        )

    def update(self, database, addons, log_name):
        """Upgrade addons in a database; returns the log."""
        return self.run(
            "server",
            database,
            f"--update={','.join(addons)}",
            "--stop-after-init",
            "--no-http",
            advice=f"Odoo could not upgrade {', '.join(addons)}: {SEE_LOG}",
            log_name=log_name,
        )

    def script(self, database, code, log_name, advice):
        """Run Python code with `env` at hand in a database; returns the log."""
        return self.run(
            "shell", database, "--no-http", advice=advice, log_name=log_name, stdin=code
        )

    def module(self, database, *arguments, log_name, advice):
        """Run `odoo module ...`, which takes its settings from the environment only."""
        log = self.cache.logs / log_name
        command = [
            self.python,
            "-m",
            "odoo",
            f"--addons-path={self.addons_path}",
            "module",
        ]
        processes.run(
            [*command, arguments[0], "-d", database, *arguments[1:]],
            advice,
            log,
            env={**self.environment, "ODOO_DATA_DIR": str(self.cache.odoo_data)},
            cwd=REPOSITORY,
        )
        return log.read_text(errors="replace")


def refuse_complaints(log, what):
    """Raise Failure when a log holds a warning or an error."""
    found = server_log.complaints(log)
    if found:
        listed = "\n".join(f"   {entry}" for entry in found)
        raise Failure(
            f"{listed}\n{what} logged the above: correct it, a clean log is required."
        )
