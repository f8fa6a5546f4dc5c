"""The version as JSON: kind ``Version``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.report.envelope import envelope, render_json

if TYPE_CHECKING:
    from argoflux.report.reference import VersionPage


def render(page: VersionPage) -> str:
    """argoflux, its Python, and the supported releases of both systems."""
    summary = {
        "argoflux": page.argoflux,
        "python": page.python,
        "argocd": {"from": page.argocd[0], "to": page.argocd[1]},
        "flux": {"from": page.flux[0], "to": page.flux[1]},
    }
    return render_json(envelope("Version", inputs=(), summary=summary))
