"""``python -m argoflux``."""

import sys

try:
    from argoflux.cli.main import main

    code = main()
except KeyboardInterrupt:  # before main could take care of it
    code = 130
sys.exit(code)
