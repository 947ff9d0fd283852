"""The PostgreSQL that Odoo uses: one named by the environment, or our own."""

import os
import pwd
import shutil
import tempfile
import time
from contextlib import contextmanager, nullcontext
from pathlib import Path

from . import processes
from .cache import remove
from .console import Failure
from .python_env import fingerprint

# A socket's path must fit into 107 bytes; PostgreSQL adds a file name of about 15.
LONGEST_SOCKET_FOLDER = 85
ROLE = "odoo"
PORT = "5432"
UNPRIVILEGED = ("postgres", "nobody")
MEGABYTE = 1024**2
ATTEMPTS = 10


def named_by(environ):
    """Return the connection variables of the server the environment names, if any."""
    names = ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD")
    given = {name: environ[name] for name in names if environ.get(name)}
    return given if given.keys() & {"PGHOST", "PGPORT", "PGUSER"} else {}


def shared_buffers(memory):
    """Give PostgreSQL an eighth of the memory (bytes), within limits."""
    return f"{min(max(memory // 8 // MEGABYTE, 128), 1024)}MB"


def socket_folder(root):
    """Return a folder for the server's socket whose path is short enough."""
    inside = root / "postgres" / "run"
    if len(str(inside)) <= LONGEST_SOCKET_FOLDER:
        return inside
    return Path(tempfile.gettempdir()) / f"crm-manufacturing-{fingerprint([str(root)])}"


class ExternalServer:
    """A server that somebody else runs: used, and never set up, started or stopped."""

    def __init__(self, connection, programs):
        self.connection = connection
        self.programs = programs

    def ensure(self):
        if self.connection.get("PGUSER") == "postgres":
            raise Failure(
                "Odoo refuses to run as PostgreSQL's superuser: "
                "set PGUSER to another role that may create databases."
            )
        if not processes.succeeds(
            [self.programs / "psql", "-X", "-d", "postgres", "-c", "SELECT 1"],
            env={**os.environ, **self.connection},
        ):
            raise Failure(
                "The PostgreSQL that PGHOST, PGPORT and PGUSER name does not answer: "
                "start it, or unset the three to let the sandbox run its own."
            )
        return False

    def relaxed(self):
        """Leave somebody else's server as it is."""
        return nullcontext()

    def be_safe(self):
        """See relaxed()."""

    def stop(self):
        return False


class EmbeddedServer:
    """A PostgreSQL 18 with its data in the cache, reached through a socket only."""

    def __init__(self, cache, programs):
        self.cache = cache
        self.programs = programs
        self.folder = cache.root / "postgres"
        self.data = self.folder / "data"
        self.sockets = socket_folder(cache.root)
        self.log = cache.logs / "postgres-control.log"
        self.pid_file = processes.PidFile(cache.running / "postgres.json")
        self.connection = {"PGHOST": str(self.sockets), "PGPORT": PORT, "PGUSER": ROLE}

    def ensure(self):
        """Start the server if it does not run; returns whether this call started it."""
        if self.answers():
            return False
        self.stop()
        self._prepare_folders()
        if not (self.data / "PG_VERSION").is_file():
            self._create()
        self._start()
        return True

    def answers(self):
        return bool(self.pid_file.read()) and processes.succeeds(
            [self.programs / "pg_isready", "-q"], env={**os.environ, **self.connection}
        )

    def _prepare_folders(self):
        for folder in (self.folder, self.sockets):
            folder.mkdir(parents=True, exist_ok=True)
            if folder.stat().st_uid not in {os.geteuid(), self._owner()}:
                raise Failure(f"{folder} belongs to somebody else: remove it.")
            folder.chmod(0o700)
            self._hand_over(folder)

    def _owner(self):
        account = self._account()
        return account.pw_uid if account else os.geteuid()

    def _hand_over(self, folder):
        account = self._account()
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)

    def _account(self):
        """Return the user to run as if we are root, which PostgreSQL refuses to be."""
        if os.geteuid() != 0:
            return None
        for name in UNPRIVILEGED:
            try:
                return pwd.getpwnam(name)
            except KeyError:
                continue
        raise Failure("Make a user named postgres: PostgreSQL does not run as root.")

    def _as_server(self, command):
        """Prefix a command so that it runs as the unprivileged user.

        Where the cache lies below a folder closed to that user (root's home), the
        command keeps the one right of root it needs: to pass through folders.
        """
        account = self._account()
        if not account:
            return command
        if not shutil.which("setpriv"):
            raise Failure(
                "Install util-linux (for setpriv), or run this as an ordinary user."
            )
        drop = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}"]
        drop += ["--clear-groups"]
        probe = [
            *drop,
            "test",
            "-x",
            self.programs / "postgres",
            "-a",
            "-w",
            self.folder,
        ]
        if not processes.succeeds(probe):
            drop += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
            # access(2) heeds the right only so.
            drop += ["--securebits=+no_setuid_fixup"]
        return [*drop, *command]

    def _create(self):
        """Make the data folder under a draft name: initdb may be killed half-way."""
        draft = self.folder / "data.draft"
        remove(draft)
        remove(self.data)
        initdb = [self.programs / "initdb", "-D", draft, "-U", ROLE, "-A", "trust"]
        initdb += ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        advice = f"PostgreSQL has no data folder: check the rights on {self.folder}."
        processes.run(self._as_server(initdb), advice, self.log, cwd="/")
        draft.rename(self.data)

    def _start(self):
        server_log = self.folder / "server.log"
        start = [
            self.programs / "pg_ctl",
            "-D",
            self.data,
            "-l",
            server_log,
            "-w",
            "-t",
            "60",
        ]
        start += ["-o", self._options(), "start"]
        # The processes of a server that was killed take a moment to let go of its data.
        for _attempt in range(ATTEMPTS - 1):
            if processes.succeeds(self._as_server(start), cwd="/"):
                break
            time.sleep(1)
        else:
            advice = f"PostgreSQL did not start: {server_log} says why."
            processes.run(self._as_server(start), advice, self.log, cwd="/")
        pid = int((self.data / "postmaster.pid").read_text().split()[0])
        self.pid_file.write(pid)

    def _options(self):
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": self.sockets,
            "shared_buffers": shared_buffers(memory),
            "work_mem": "32MB",
            "max_connections": "200",
            "max_locks_per_transaction": "256",
            "max_wal_size": "4GB",
            # Containers often have too little of the shared memory the default uses.
            "dynamic_shared_memory_type": "mmap",
        }
        words = [f"-p {PORT}"] + [
            f"-c {key}='{value}'" for key, value in settings.items()
        ]
        return " ".join(words)

    @contextmanager
    def relaxed(self):
        """Give up safety against a power cut, as only tests and drafts can."""
        self._set_safety("off")
        try:
            yield
        finally:
            self.be_safe()

    def be_safe(self):
        """Make sure that what is written from now on, and was before, survives."""
        self._set_safety("on")
        self._psql("CHECKPOINT")
        os.sync()

    def _set_safety(self, state):
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "jit"):
            self._psql(f"ALTER SYSTEM SET {setting} = {state}")
        self._psql("SELECT pg_reload_conf()")

    def _psql(self, statement):
        psql = [self.programs / "psql", "-X", "-q", "-d", "postgres", "-c", statement]
        if not processes.succeeds(psql, env={**os.environ, **self.connection}):
            raise Failure(
                "PostgreSQL stopped answering: run the command again "
                f"({self.folder / 'server.log'} may say why)."
            )

    def stop(self):
        """End the server if it is the one we started; returns whether there was one."""
        if not self.pid_file.read():
            self.pid_file.path.unlink(missing_ok=True)
            return False
        stop = [self.programs / "pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop"]
        if not processes.succeeds(self._as_server(stop), cwd="/"):
            return self.pid_file.stop()
        self.pid_file.path.unlink(missing_ok=True)
        return True
