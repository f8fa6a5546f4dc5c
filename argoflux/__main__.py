"""``python -m argoflux``."""

import sys

from argoflux.cli.main import main

sys.exit(main())
