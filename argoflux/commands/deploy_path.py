"""Where an output folder will stand in its repository."""

from __future__ import annotations

import os
import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING

from argoflux.errors import UsageError

if TYPE_CHECKING:
    from argoflux.commands.invocation import Invocation

_UNFIT = re.compile(r"[\x00-\x1f\x7f]|\A\.\.(/|\Z)")


def deploy_path(invocation: Invocation) -> str | None:
    """What ``--deploy-path`` says, else the path of ``-d`` in the checkout around it.

    Relative to the root of the repository, empty for the root itself; None where nobody knows.
    Raises UsageError for a path that leaves the repository.
    """
    stated = invocation.text("deploy-path")
    if stated:
        path = posixpath.normpath(stated.lstrip("/") or ".")
        if _UNFIT.search(path):
            shown = stated if stated.isprintable() else ascii(stated)
            raise UsageError(
                f"--deploy-path: `{shown}` is no path inside a repository",
                hint="say the folder from the root of the repository, e.g. clusters/prod",
            )
        return "" if path == "." else path
    folder = invocation.text("output-dir")
    return _in_checkout(Path(invocation.cwd, folder)) if folder else None


def _in_checkout(folder: Path) -> str | None:
    """The path of a folder, which need not exist, from the root of the Git work tree around it."""
    full = Path(os.path.realpath(folder))
    for above in (full, *full.parents):
        if os.path.exists(above / ".git"):  # noqa: PTH110  # names too long are no error here
            path = full.relative_to(above).as_posix()
            return "" if path == "." else path
    return None
