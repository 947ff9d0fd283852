"""Entry of `python3 -m bench`."""

import sys

from . import cli

sys.exit(cli.main(sys.argv[1:]))
