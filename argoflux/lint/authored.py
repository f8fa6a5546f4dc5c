"""What an author wrote where an Application has a value: for places and edits.

The value of an Application that a set makes may come from parameters, from a patch, or from the
template of a generator; only what stands in the file as it is can be edited.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.argocd.shapes import block, items
from argoflux.workspace.classify import has_placeholder
from argoflux.yamlio import edit
from argoflux.yamlio.tree import dig, walk

if TYPE_CHECKING:
    from argoflux.lint.application import ApplicationView
    from argoflux.text import Edit, Key, Path


def authored(view: ApplicationView, *path: Key) -> Any:
    """What the file holds at a path of the Application, ``MISSING`` where nothing is written."""
    return dig(view.resource.document.root, *view.place(*path).path)


def is_authored(view: ApplicationView, *path: Key) -> bool:
    """Whether the file holds the value of the Application as it is."""
    return bool(authored(view, *path) == view.get(*path))


def is_filled_in(view: ApplicationView, *path: Key) -> bool:
    """Whether a template is what the file holds: what it comes to may depend on the cluster."""
    found = authored(view, *path)
    return isinstance(found, str) and has_placeholder(found)


def is_whole(view: ApplicationView) -> bool:
    """Whether nothing can add to the body: no patch, and no template of a generator."""
    if not view.open:
        return True
    spec = block(view.resource.body, "spec")
    if "templatePatch" in spec:
        return False
    return not any(
        isinstance(node, dict) and "template" in node for _, node in walk(items(spec, "generators"))
    )


def set_value(view: ApplicationView, path: Path, value: Any) -> tuple[Edit, ...]:
    """Edits that give a value of the Application another one; none where it is not authored."""
    if not is_authored(view, *path):
        return ()
    return edit.set_value(view.resource.document, view.place(*path).path, value)


def delete(view: ApplicationView, path: Path) -> tuple[Edit, ...]:
    """Edits that remove a value of the Application; none where it is not authored."""
    if not is_authored(view, *path):
        return ()
    return edit.delete(view.resource.document, view.place(*path).path)


def insert(view: ApplicationView, path: Path, value: Any, *, after: str = "") -> tuple[Edit, ...]:
    """Edits that add a key or list item to the Application, see ``yamlio.edit.insert``."""
    return edit.insert(view.resource.document, view.place(*path).path, value, after=after)
