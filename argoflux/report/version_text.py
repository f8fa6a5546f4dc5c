"""The version as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argoflux.report.reference import VersionPage


def render(page: VersionPage, *, colour: bool = False) -> str:
    """argoflux, its Python, and the supported releases of both systems."""
    del colour
    return (
        f"argoflux {page.argoflux}\n"
        f"Python {page.python}\n"
        f"Argo CD {page.argocd[0]} to {page.argocd[1]}\n"
        f"Flux {page.flux[0]} to {page.flux[1]}\n"
    )
