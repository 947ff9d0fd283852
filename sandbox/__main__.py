"""Entry of `python3 -m sandbox`; interpreter.py says why its syntax is plain."""

import os
import sys

from sandbox import interpreter

if __name__ == "__main__":
    interpreter.restart_with_supported(sys.argv[1:], dict(os.environ))
    from sandbox import cli

    sys.exit(cli.main(sys.argv[1:]))
