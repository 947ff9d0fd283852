"""The verbs of `python3 -m sandbox`."""

import argparse
import errno
import os
import sys

from .cache import REPOSITORY
from .console import Failure


def parser():
    top = argparse.ArgumentParser(
        prog="python3 -m sandbox", description="Run, show and test the addon."
    )
    verbs = top.add_subparsers(dest="verb", required=True, metavar="verb")
    demo = verbs.add_parser("demo", help="serve the demo on this machine")
    demo.add_argument("--port", type=int, default=8069, help="first port to try")
    demo.add_argument(
        "--fresh", action="store_true", help="forget what was done in the demo"
    )
    demo.add_argument(
        "--only-make", action="store_true", help="make its database, serve nothing"
    )
    verbs.add_parser("stop", help="end what the sandbox started")
    verbs.add_parser("clean", help="end it and delete everything the sandbox made")
    verbs.add_parser("test", help="run all tests; pytest's arguments choose some")
    verbs.add_parser("lint", help="run all style checks")
    verbs.add_parser("bench", help="run the benchmark")
    verbs.add_parser("screenshots", help="take the pictures of docs/images anew")
    verbs.add_parser("shell", help="open Odoo's shell on the demo's database")
    i18n = verbs.add_parser("i18n", help="refresh the translation catalogues")
    i18n.add_argument(
        "--check", action="store_true", help="only fail when a term is missing"
    )
    return top


def advice_on(error):
    """Say in a sentence what to do about an error of the system."""
    if error.errno == errno.ENOSPC:
        return "The disk is full: free some space and run the command again."
    return f"The system refused a step ({error}): correct that and run it again."


def main(argv):
    """Run one verb; returns the exit code, and ends every failure in one sentence."""
    # argparse would take pytest's options for its own.
    passed_on = argv[1:] if argv[:1] and argv[0] in PASSING_ON else None
    arguments = parser().parse_args(argv[:1] if passed_on is not None else argv)
    os.chdir(REPOSITORY)
    try:
        if passed_on is not None:
            return PASSING_ON[arguments.verb](passed_on) or 0
        return VERBS[arguments.verb](arguments) or 0
    except Failure as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"\n{advice_on(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; run the command again to go on.", file=sys.stderr)
        return 130


def _demo(arguments):
    from . import showroom

    if arguments.only_make:
        showroom.make()
    else:
        showroom.serve(arguments.port, arguments.fresh)


def _stop(_arguments):
    from . import showroom

    showroom.stop()


def _clean(_arguments):
    from . import cleaning

    cleaning.clean()


def _test(arguments):
    from . import suite

    return suite.run(arguments)


def _lint(arguments):
    from . import lint

    return lint.main(arguments)


def _bench(arguments):
    from . import tools

    return tools.bench(arguments)


def _shell(_arguments):
    from . import tools

    return tools.shell()


def _screenshots(_arguments):
    from . import tools

    return tools.screenshots()


def _i18n(arguments):
    from . import translations

    return translations.check() if arguments.check else translations.refresh()


PASSING_ON = {"test": _test, "lint": _lint, "bench": _bench}
VERBS = {
    "demo": _demo,
    "stop": _stop,
    "clean": _clean,
    "screenshots": _screenshots,
    "shell": _shell,
    "i18n": _i18n,
}
