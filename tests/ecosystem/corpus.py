"""The corpus of public repositories, where it is at hand."""

from __future__ import annotations

import os
from pathlib import Path

DEFAULT = Path(__file__).parents[3] / "shared" / "corpus"


def corpus() -> Path | None:
    """The folder of repositories: CORPUS names it, else it stands beside the checkout."""
    folder = Path(os.environ.get("CORPUS", DEFAULT))
    return folder if folder.is_dir() else None


def repositories() -> list[Path]:
    """Every repository of the corpus, sorted."""
    folder = corpus()
    return sorted(p for p in folder.iterdir() if p.is_dir()) if folder else []
