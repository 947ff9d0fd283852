"""The database that the demo shows: our addon with a believable company in it."""

from hashlib import sha256

from .cache import ADDON, REPOSITORY
from .console import step
from .database import PREFIX
from .odoo_command import COMPILE_ASSETS, refuse_complaints
from .python_env import fingerprint
from .stack import LANGUAGES

FACTORY = REPOSITORY / "sandbox" / "demo"
RUN_FACTORY = """
from sandbox.demo import factory
factory.run(env)
env.cr.commit()
"""
# What changes nothing in the database.
UNUSED = {"tests", "readme", "__pycache__", "description"}


def sources_fingerprint(*folders):
    """Return a short name for the content of all files that shape the database."""
    files = [
        path
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not UNUSED & set(path.relative_to(folder).parts)
    ]
    return fingerprint(
        f"{path.relative_to(REPOSITORY)} {sha256(path.read_bytes()).hexdigest()}"
        for path in files
    )


def template_name(stack):
    key = fingerprint([stack.base, sources_fingerprint(REPOSITORY / ADDON, FACTORY)])
    return f"{PREFIX}demo_{key}"


def ensure(stack):
    """Build the demo's template if its sources changed; returns its name."""
    name = template_name(stack)
    with stack.cache.lock("demo-template"):
        if not stack.databases.exists(name):
            with stack.server.relaxed():
                stack.databases.build(name, lambda draft: _fill(stack, draft))
            stack.databases.prune(f"{PREFIX}demo_", keep=name)
    return name


def _fill(stack, draft):
    stack.databases.copy(stack.base, draft)
    with step(f"{ADDON} with {' and '.join(LANGUAGES)}"):
        languages = f"--load-language={','.join(LANGUAGES)}"
        stack.odoo.install(draft, [ADDON], "demo-install.log", languages)
    with step("two years of a company's life"):
        advice = "The demo's company could not be made: correct what its log names."
        stack.odoo.script(draft, RUN_FACTORY, "demo-factory.log", advice)
    with step("web pages of the demo"):
        advice = (
            "The demo's web pages could not be compiled: correct what its log names."
        )
        log = stack.odoo.script(draft, COMPILE_ASSETS, "demo-assets.log", advice)
        refuse_complaints(log, "The demo's start")
