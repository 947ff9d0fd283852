"""`make bench`, `make screenshots` and the shell: programs on top of the sandbox."""

import os
import subprocess
import sys

from . import browser, showroom
from .cache import REPOSITORY
from .console import Failure
from .stack import Stack


def bench(arguments):
    """Run the package bench/ with Odoo importable and the database server in reach."""
    if not (REPOSITORY / "bench" / "__main__.py").is_file():
        raise Failure("This repository has no bench/ yet: nothing to measure.")
    with Stack().up() as stack:
        command = [str(stack.env.python), "-m", "bench", *arguments]
        # What a benchmark needs to make its own database.
        facts = {
            "CRM_MANUFACTURING_BASE": stack.base,
            "CRM_MANUFACTURING_ADDONS_PATH": stack.odoo.addons_path,
            "CRM_MANUFACTURING_DATA_DIR": str(stack.cache.odoo_data),
        }
        env = {**stack.odoo.environment, **facts}
        return subprocess.run(command, cwd=REPOSITORY, env=env, check=False).returncode


def screenshots():
    """Take the pictures of the documentation from the demo; returns the exit code."""
    pictures = REPOSITORY / "docs" / "images" / "pictures.json"
    if not pictures.is_file():
        raise Failure(f"{pictures} is missing: list there which pictures to take.")
    port = showroom.serve()
    stack = Stack()
    site = f"http://127.0.0.1:{port}"
    command = [stack.env.python, "-m", "sandbox.pictures", site, showroom.DATABASE]
    command += [pictures, browser.ensure(stack.cache)]
    return subprocess.run(
        [str(part) for part in command],
        cwd=REPOSITORY,
        env={**os.environ, **browser.font_environment(stack.cache)},
        check=False,
    ).returncode


def shell():
    """Open Odoo's shell on the demo's database."""
    stack = Stack().prepare()
    if not stack.databases.exists(showroom.DATABASE):
        raise Failure("There is no demo yet: run `make demo` first.")
    command = stack.odoo.command("shell", showroom.DATABASE, "--no-http")
    command = [str(part) for part in command]
    sys.stdout.flush()
    os.execve(command[0], command, stack.odoo.environment)
