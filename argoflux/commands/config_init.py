"""``config init``: a config file to start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.config import example

if TYPE_CHECKING:
    from argoflux.commands.invocation import Invocation


def run(invocation: Invocation) -> int:
    """Print the commented example."""
    invocation.stdout.write(example())
    return 0
