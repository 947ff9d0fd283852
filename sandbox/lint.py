"""`make lint`: the hooks of .pre-commit-config.yaml with pinned tools.

The tools live in the cache, one folder per content of their requirement files, so a
changed pin builds a new folder and an interrupted build is simply done again.
"""

import hashlib
import os
import shutil
import subprocess
import sys

from .cache import REPOSITORY, Cache, cache_folder, remove
from .console import Failure, step
from .processes import output_of, run

REQUIREMENTS = REPOSITORY / "requirements-lint.txt"
NODE_PACKAGE = REPOSITORY / "sandbox" / "node"
NODE_FILES = [NODE_PACKAGE / "package.json", NODE_PACKAGE / "package-lock.json"]
NODE_MINIMUM = (18, 18)
NODE_WANTED = "Node.js 18.18 or newer, with npm"


def main(argv=None) -> int:
    """Run all hooks on all files; `argv` goes to `pre-commit run`, e.g. a hook's id.

    Returns pre-commit's exit code; raises Failure when a tool cannot be had.
    """
    cache = Cache(cache_folder(os.environ))
    check_clone()
    with cache.lock("lint"):
        with step("Python tools for lint"):
            python = tool_folder(cache, "python", [REQUIREMENTS], build_python)
        with step("node tools for lint"):
            ensure_node(cache.logs / "lint-apt.log")
            node = tool_folder(cache, "node", NODE_FILES, build_node)
    command = [str(python / "bin" / "pre-commit"), "run", "--all-files", *(argv or [])]
    env = environment(python, node, cache.folder("lint", "pre-commit"))
    with step("hooks"):
        return subprocess.run(command, check=False, cwd=REPOSITORY, env=env).returncode


def check_clone():
    """Refuse to start outside a git clone: the hooks check the files git knows."""
    if not shutil.which("git"):
        raise Failure("git is missing: install it and run the command again.")
    if not output_of(["git", "rev-parse", "--show-toplevel"], cwd=REPOSITORY):
        raise Failure(f"git does not read {REPOSITORY}: run this in your own clone.")


def tool_folder(cache, kind, sources, build):
    """Return the folder that `build` fills, built anew only when `sources` changed."""
    content = b"".join(path.read_bytes() for path in sources)
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    name = f"{kind}-{version}-{hashlib.sha256(content).hexdigest()[:12]}"
    folder = cache.folder("lint", name)
    complete = folder / "complete"
    if not complete.exists():
        remove(folder)
        build(cache.folder("lint", name), cache.logs / f"lint-{kind}.log")
        complete.touch()
    return folder


def build_python(folder, log):
    advice = "Python's venv module is missing: install it (Debian: python3-venv)."
    run([sys.executable, "-m", "venv", folder], advice, log)
    install = [folder / "bin" / "python", "-m", "pip", "install", "-r", REQUIREMENTS]
    run(install, "pip cannot install the lint tools: check the network.", log)


def build_node(folder, log):
    for path in NODE_FILES:
        shutil.copy(path, folder)
    install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    advice = "npm cannot install the lint tools: check the network."
    run(install, advice, log, cwd=folder)


def ensure_node(log):
    """Find node and npm; as root, install Debian's if they are missing."""
    if not (shutil.which("node") and shutil.which("npm")):
        advice = f"node or npm is missing: install {NODE_WANTED}."
        if os.geteuid() or not shutil.which("apt-get"):
            raise Failure(advice)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "install", "-y", "--no-install-recommends"]
        run(["apt-get", "update"], advice, log, env=quiet)
        run([*install, "nodejs", "npm"], advice, log, env=quiet)
    found = (output_of(["node", "--version"]) or "").strip().lstrip("v")
    if tuple(int(part) for part in found.split(".")[:2] if part) < NODE_MINIMUM:
        raise Failure(f"node {found or 'does not start'}: install {NODE_WANTED}.")


def environment(python, node, pre_commit_home):
    """Return the environment in which the hooks find their programs and plugins."""
    modules = node / "node_modules"
    programs = [python / "bin", modules / ".bin", os.environ.get("PATH", "")]
    return {
        **os.environ,
        "PATH": os.pathsep.join(map(str, programs)),
        "NODE_PATH": str(modules),
        "PRE_COMMIT_HOME": str(pre_commit_home),
    }
