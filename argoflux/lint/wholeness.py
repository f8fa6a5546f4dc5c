"""Whether the input is all there is: what is missing in a part may stand in the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.workspace.tree import contains

if TYPE_CHECKING:
    from argoflux.lint.context import Context


def is_whole(ctx: Context, root: str) -> bool:
    """Whether a root was read from its top: the whole work tree, or the directory that was given.

    Single files, and folders of a Git work tree, are parts; a hook hands over what has changed.
    """
    known: dict[str, bool] = ctx.memory.setdefault("whole roots", {})
    if root not in known:
        known[root] = _is_whole(ctx, root)
    return known[root]


def is_in_git(ctx: Context, root: str) -> bool:
    """Whether a root stands in a Git work tree."""
    return any(each.name == root and _git_base(ctx, each.directory) for each in ctx.workspace.roots)


def _git_base(ctx: Context, directory: str) -> str:
    base = ctx.workspace.tree.base_of(directory) if directory else None
    return base.directory if base is not None and base.git else ""


def _is_whole(ctx: Context, name: str) -> bool:
    workspace = ctx.workspace
    root = next((each for each in workspace.roots if each.name == name), None)
    if root is None or not root.directory:
        return False
    base = _git_base(ctx, root.directory)
    return not base or any(contains(asked, base) for asked in workspace.sources.asked)
