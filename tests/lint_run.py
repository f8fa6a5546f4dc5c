"""Lint runs for tests: from texts to findings, without the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.lint.context import Context
from argoflux.lint.engine import lint
from argoflux.lint.select import select
from argoflux.workspace.read import read

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from argoflux.lint.result import Lint

TODAY = "2026-11-01"


def lint_texts(
    folder: Path,
    texts: Mapping[str, str],
    *,
    code: str = "",
    argocd: str = "3.5",
    flux: str = "2.9",
    base: Mapping[str, str] | None = None,
) -> Lint:
    """Write files below a folder and lint them; ``code`` runs one rule alone (a crash is told)."""
    before = _context(folder / "before" / "fleet", base, argocd, flux) if base else None
    context = _context(folder / "now" / "fleet", texts, argocd, flux)
    context.before = before
    return lint(context, select(chosen=[code]) if code else select())


def _context(folder: Path, texts: Mapping[str, str], argocd: str, flux: str) -> Context:
    folder.mkdir(parents=True)
    for name, text in texts.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    workspace = read([str(folder)], cwd=str(folder))
    return Context(workspace=workspace, argocd=argocd, flux=flux, today=TODAY)
