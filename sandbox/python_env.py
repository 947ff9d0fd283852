"""The virtual environment with Odoo's requirements, PostgreSQL and the test tools."""

import hashlib
import sys

from . import apt, processes
from .cache import REPOSITORY, remove
from .console import Failure

REQUIREMENTS = ("requirements-odoo.txt", "requirements-test.txt")
NO_PIP = (
    f"{sys.executable} comes without pip and ensurepip: install your system's "
    "python3-venv (or python3-pip) package and run the command again."
)
NO_INSTALL = (
    "The Python packages did not install: check that the package index your pip is set "
    "up with can be reached, and run the command again."
)


def fingerprint(texts):
    """Return a short name for a list of texts."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:10]


class PythonEnv:
    """One environment per set of requirements and Python version."""

    def __init__(self, cache):
        texts = [(REPOSITORY / name).read_text() for name in REQUIREMENTS]
        self.cache = cache
        self.folder = cache.root / f"venv-{fingerprint([sys.version, *texts])}"
        self.python = self.folder / "bin" / "python"
        # Written last: an environment without it was left half-built and is made anew.
        self.complete = self.folder / "complete"
        self.log = cache.logs / "venv.log"

    def ensure(self):
        if self.complete.is_file() and processes.succeeds([self.python, "-c", ""]):
            return
        for old in self.cache.root.glob("venv-*"):
            remove(old)
        self._create()
        files = [word for name in REQUIREMENTS for word in ("-r", REPOSITORY / name)]
        pip = [self.python, "-m", "pip", "install", "--no-input", *files]
        processes.run(pip, NO_INSTALL, self.log)
        self.complete.touch()

    def _create(self):
        venv = [sys.executable, "-m", "venv"]
        if processes.succeeds(
            [*venv, self.folder], preexec_fn=processes.end_with_parent
        ):
            return
        remove(self.folder)
        processes.run([*venv, "--without-pip", self.folder], NO_PIP, self.log)
        wheel = self._pip_wheel()
        pip = [self.python, wheel / "pip", "install", "--no-input", "pip"]
        processes.run(pip, NO_PIP, self.log)

    def _pip_wheel(self):
        """Take pip from the package that Debian and Ubuntu split off Python."""
        if not apt.is_available():
            raise Failure(NO_PIP)
        private = apt.Apt(self.cache.folder("apt-pip"), self.log)
        private.use_suite(apt.codename())
        folder = self.cache.folder("pip-wheel")
        apt.unpack(private.fetch(["python3-pip-whl"], folder), folder, self.log)
        return next((folder / "usr/share/python-wheels").glob("pip-*.whl"))

    def package(self, name):
        """Return the folder of an installed package."""
        script = f"import {name}, os; print(list({name}.__path__)[0])"
        found = processes.output_of([self.python, "-c", script])
        if not found:
            remove(self.complete)
            raise Failure(
                f"{name} is missing from {self.folder}: run the command again."
            )
        return type(self.folder)(found)

    def use_odoo(self, source):
        """Let this environment import Odoo, after its own packages.

        A path file and not PYTHONPATH: beside a system-wide Odoo lie the system's
        versions of our pinned packages, and they must not come first.
        """
        site = next((self.folder / "lib").glob("python3.*")) / "site-packages"
        (site / "odoo_source.pth").write_text(f"{source.import_path}\n")
