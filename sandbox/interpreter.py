"""Choose the Python that runs Odoo 19.0.

This file and __main__.py are read by whatever `python3` the machine has, so they keep
to the syntax of Python 3.6.
"""

import glob
import os
import subprocess
import sys

OLDEST = (3, 10)
NEWEST = (3, 13)
PROBE = "import sys, venv; print('%d.%d' % sys.version_info[:2])"


def is_supported(version):
    """Tell whether Odoo 19.0 runs on this (major, minor) of Python."""
    return OLDEST <= tuple(version[:2]) <= NEWEST


def candidates(environ):
    """List the commands that may be a fitting Python, best first."""
    names = [
        "python3.12",
        "python3.13",
        "python3.11",
        "python3.10",
        "python3",
        "python",
    ]
    pyenv = environ.get("PYENV_ROOT") or os.path.join(
        environ.get("HOME", "/"), ".pyenv"
    )
    installed = glob.glob(
        os.path.join(pyenv, "versions", "3.1[0-3]*", "bin", "python3")
    )
    folders = environ.get("PATH", "").split(os.pathsep)
    found = [
        os.path.join(folder, name) for name in names for folder in folders if folder
    ]
    return [path for path in found if os.access(path, os.X_OK)] + sorted(
        installed, reverse=True
    )


def version_of(python):
    """Ask for its (major, minor); None when it does not start or lacks venv."""
    try:
        answer = subprocess.check_output(
            [python, "-c", PROBE], stderr=subprocess.DEVNULL, timeout=30
        )
        return tuple(int(part) for part in answer.decode().split("."))
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def find(environ):
    """Return the path of a fitting interpreter, or None."""
    for python in candidates(environ):
        version = version_of(python)
        if version and is_supported(version):
            return python
    return None


def restart_with_supported(argv, environ):
    """Hand over to a fitting interpreter if this one does not fit, or exit."""
    if is_supported(sys.version_info):
        return
    python = find(environ)
    if python:
        os.execve(python, [python, "-m", "sandbox"] + argv, environ)
    sys.exit(
        "This is Python %d.%d and no Python 3.10 to 3.13 is on the PATH: "
        "install one of them and run the command again." % sys.version_info[:2]
    )
