"""Conversions for tests: from folders or texts to results, without the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.convert.convert import convert
from argoflux.convert.request import request_for
from argoflux.mapping.emission import ConvertOptions
from argoflux.workspace.read import read

if TYPE_CHECKING:
    from pathlib import Path

    from argoflux.convert.result import Conversion
    from argoflux.mapping.concept import System
    from argoflux.workspace.read import Workspace

ARGOCD, FLUX = "3.5", "2.9"


def convert_folder(
    workspace: Workspace,
    to: System,
    options: ConvertOptions | None = None,
    *,
    argocd: str = ARGOCD,
    flux: str = FLUX,
) -> Conversion:
    """Convert a workspace that is read already, by default for the newest releases."""
    chosen = options or ConvertOptions()
    request = request_for(workspace, to, chosen, argocd=argocd, flux=flux)
    return convert(workspace.resources, request)


def convert_texts(
    folder: Path,
    texts: dict[str, str],
    to: System,
    options: ConvertOptions | None = None,
    *,
    sources: tuple[str, ...] = (),
    argocd: str = ARGOCD,
    flux: str = FLUX,
) -> tuple[Workspace, Conversion]:
    """Write files below a folder, read them, and convert; ``sources`` are copies of repositories."""
    for name, text in texts.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    workspace = read([str(folder)], cwd=str(folder), sources=sources)
    return workspace, convert_folder(workspace, to, options, argocd=argocd, flux=flux)
