"""``version``: argoflux and the releases that it knows."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

from argoflux import __version__
from argoflux.commands.output import emit
from argoflux.report.reference import VersionPage
from argoflux.versions import SUPPORTED

if TYPE_CHECKING:
    from argoflux.commands.invocation import Invocation
    from argoflux.versions import System


def run(invocation: Invocation) -> int:
    """Print the version."""
    page = VersionPage(
        argoflux=__version__,
        python=platform.python_version(),
        argocd=_range("argocd"),
        flux=_range("flux"),
    )
    emit(invocation, "version", page)
    return 0


def _range(system: System) -> tuple[str, str]:
    oldest, newest = SUPPORTED[system]
    return str(oldest), str(newest)
