"""``version``: argoflux and the releases that it knows."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

from argoflux import __version__
from argoflux.commands.output import emit
from argoflux.commands.releases import SUPPORTED
from argoflux.report.reference import VersionPage

if TYPE_CHECKING:
    from argoflux.commands.invocation import Invocation


def run(invocation: Invocation) -> int:
    """Print the version."""
    page = VersionPage(
        argoflux=__version__,
        python=platform.python_version(),
        argocd=SUPPORTED["argocd"],
        flux=SUPPORTED["flux"],
    )
    emit(invocation, "version", page)
    return 0
