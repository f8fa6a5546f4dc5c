"""Patches on every object of a build that stand for a field of the other system.

Flux sets common annotations on top-level metadata only; Argo CD can say that as a patch with the
target ``kind: .*`` and nothing but annotations. Both directions recognise the form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.text import SourceFile

if TYPE_CHECKING:
    from argoflux.model.render import Patch

EVERY_KIND = ".*"
_PREFIX = "/metadata/annotations/"


def annotations_of(patch: Patch) -> dict[str, str] | None:
    """The annotations that a patch sets on every object, None when it does anything else."""
    if patch.patch is None or dict(patch.target or {}) != {"kind": EVERY_KIND}:
        return None
    from argoflux.yamlio.load import load_text

    loaded = load_text(SourceFile("patch", patch.patch))
    bodies = [document.body for document in loaded.documents]
    if len(bodies) != 1:
        return None
    return _from_operations(bodies[0]) if isinstance(bodies[0], list) else _from_merge(bodies[0])


def _from_merge(body: Any) -> dict[str, str] | None:
    if not isinstance(body, dict) or set(body) - {"apiVersion", "kind", "metadata"}:
        return None
    metadata = body.get("metadata")
    if not isinstance(metadata, dict) or set(metadata) - {"name", "annotations"}:
        return None
    return _texts(metadata.get("annotations"))


def _from_operations(operations: list[Any]) -> dict[str, str] | None:
    found: dict[str, Any] = {}
    for operation in operations:
        if not isinstance(operation, dict) or operation.get("op") not in {"add", "replace"}:
            return None
        path, value = operation.get("path"), operation.get("value")
        if path == _PREFIX.rstrip("/") and isinstance(value, dict):
            found.update(value)
        elif isinstance(path, str) and path.startswith(_PREFIX):
            found[path.removeprefix(_PREFIX).replace("~1", "/").replace("~0", "~")] = value
        else:
            return None
    return _texts(found)


def _texts(found: Any) -> dict[str, str] | None:
    if not isinstance(found, dict) or not found:
        return None
    return found if all(isinstance(value, str) for value in found.values()) else None
