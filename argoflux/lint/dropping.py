"""Keys and items taken out of one object, as a single set of edits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.lint.steps import in_steps
from argoflux.yamlio.edit import delete
from argoflux.yamlio.tree import dig

if TYPE_CHECKING:
    from collections.abc import Sequence

    from argoflux.lint.steps import Step
    from argoflux.resource import Resource
    from argoflux.text import Path
    from argoflux.yamlio.edit import Edits


def without(resource: Resource, paths: Sequence[Path]) -> Edits:
    """The edits that remove these parts of an object; a map or list that is emptied goes with them."""
    gone = _with_emptied(resource, set(paths))
    outermost = [path for path in gone if not any(path[:end] in gone for end in range(len(path)))]
    steps: list[Step] = [
        _deleting(resource.place(*path).path)
        for path in sorted(outermost, key=_order, reverse=True)
    ]
    return in_steps(resource.document, steps)


def _deleting(path: Path) -> Step:
    return lambda document: delete(document, path)


def _order(path: Path) -> tuple[tuple[str, int], ...]:
    """Items of a list are removed from its end, so that the others keep their index."""
    return tuple(("", key) if isinstance(key, int) else (key, 0) for key in path)


def _with_emptied(resource: Resource, gone: set[Path]) -> set[Path]:
    """These paths and those of maps and lists that nothing is left of."""
    while True:
        parents = {path[:-1] for path in gone if len(path) > 1} - gone
        emptied = {
            parent
            for parent in parents
            if all((*parent, key) in gone for key in _keys(dig(resource.body, *parent)))
        }
        if not emptied:
            return gone
        gone = gone | emptied


def _keys(value: object) -> list[str | int]:
    if isinstance(value, dict):
        return list(value)
    return list(range(len(value))) if isinstance(value, list) else []
