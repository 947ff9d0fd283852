"""`make demo` and `make stop`: serve the demo in the background, and end it again."""

import socket
import subprocess
import time
import urllib.error
import urllib.request

from . import demo_database
from .cache import REPOSITORY, remove
from .console import Failure, say, step, tail
from .database import PREFIX
from .stack import Stack

DATABASE = f"{PREFIX}demo"
FIRST_PORT = 8069
PORTS_TRIED = 100
SECONDS_TO_START = 180
# Login and, the same, password of each person the demo is for.
PERSONAS = {
    "sales": "Salesperson",
    "manager": "Sales manager",
    "planner": "Production planner",
    "buyer": "Buyer",
    "channel": "Channel manager",
    "general": "General manager",
    "admin": "Administrator",
    "customer": "Customer (portal)",
    "dealer": "Dealer (portal)",
}


def free_port(first, tried=PORTS_TRIED):
    """Return the first port from `first` on that nobody listens on."""
    for port in range(first, min(first + tried, 65536)):
        with socket.socket() as candidate:
            candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                candidate.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise Failure(
        f"All ports from {first} to {first + tried - 1} are taken: choose with --port."
    )


def make():
    """Make the demo's template, for whoever wants it later."""
    stack = Stack()
    with stack.up():
        demo_database.ensure(stack)


def serve(port=FIRST_PORT, fresh=False):
    """Show the demo and return its port.

    Work done in it stays until the addon changes or `fresh` is asked for.
    """
    stack = Stack()
    with stack.using_server(), stack.cache.lock("demo"):
        stack.prepare()
        with step("database of the demo"):
            template = demo_database.ensure(stack)
        running = stack.demo_server.read()
        if running and running["template"] == template and not fresh:
            return _announce(running["port"])
        stack.demo_server.stop()
        stack.server.be_safe()
        _refresh(stack, template, fresh)
        with step("web server"):
            port = _start(stack, port, template)
    return _announce(port)


def _refresh(stack, template, fresh):
    """Copy the template unless the working copy was made from it."""
    marker = stack.cache.running / "demo.template"
    current = marker.read_text() if marker.is_file() else ""
    if not fresh and current == template and stack.databases.exists(DATABASE):
        return
    remove(marker)
    stack.databases.copy(template, DATABASE)
    marker.write_text(template)


def _start(stack, first_port, template):
    """Start the server; if another program took the port meanwhile, try the next."""
    for _attempt in range(3):
        port = free_port(first_port)
        log = stack.cache.logs / "demo-server.log"
        log.unlink(missing_ok=True)
        server = subprocess.Popen(
            stack.odoo.command("server", DATABASE, *_options(port, log)),
            env=stack.odoo.environment,
            cwd=REPOSITORY,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        stack.demo_server.write(server.pid, port=port, template=template)
        if _answers(server, port):
            return port
        stack.demo_server.stop()
        if "Address already in use" not in tail(log):
            break
    say(tail(log))
    raise Failure(f"The demo's server did not start: correct what {log} names.")


def _options(port, log):
    return [
        f"--http-port={port}",
        f"--db-filter=^{DATABASE}$",
        "--no-database-list",
        "--max-cron-threads=1",
        f"--logfile={log}",
    ]


def _answers(server, port):
    """Wait for the login page; returns whether it came."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(login_page(port), timeout=30) as page:
                return page.status == 200
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    return False


def login_page(port):
    return f"http://127.0.0.1:{port}/web/login"


def _announce(port):
    say(f"\nThe demo is at http://127.0.0.1:{port}  (`make stop` ends it)")
    say("Log in with one of these; the password is the same word as the login:")
    for login, role in PERSONAS.items():
        say(f"   {login:<10}{role}")
    return port


def stop():
    """End the demo's server and PostgreSQL, if we started them; touch nothing else.

    PostgreSQL goes on while another run uses it, be it of another clone. Returns the
    stack, for those who go on to delete it.
    """
    stack = Stack()
    ended = ["the demo's server"] if stack.demo_server.stop() else []
    stopped = stack.stop_server()
    if stopped:
        ended.append("PostgreSQL")
    if ended:
        say(f"Ended {' and '.join(ended)}.")
    if stopped is None:
        say("PostgreSQL goes on: another run of the sandbox uses it.")
    elif not ended:
        say("Nothing of the sandbox was running.")
    return stack
