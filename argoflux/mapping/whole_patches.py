"""Patches that stand for something the other system does by itself.

Flux sets common annotations on top-level metadata only; Argo CD can say that as a patch with the
target ``kind: .*`` and nothing but annotations. Flux applies the Flux objects of a path; a converted
Application withholds them with a patch that deletes all objects of their API group. Objects that
instruct Flux by annotations get those of Argo CD by a patch each. Both directions recognise the
three forms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.kinds import engine_of
from argoflux.mapping.apply_instructions import HOOK, SYNC_OPTIONS
from argoflux.text import SourceFile
from argoflux.yamlio.dump import dump

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.model.render import Patch
    from argoflux.resource import Ref

EVERY_KIND = ".*"
WITHHELD = "$patch: delete\napiVersion: v1\nkind: ignored\nmetadata:\n  name: ignored\n"
_ANY_NAME = "ignored"
_INSTRUCTIONS = frozenset({SYNC_OPTIONS, HOOK})
_BY_FLUX = ("flux", "flux-operator")
_PREFIX = "/metadata/annotations/"


def annotations_of(patch: Patch) -> dict[str, str] | None:
    """The annotations that a patch sets on every object, None when it does anything else."""
    if patch.patch is None or dict(patch.target or {}) != {"kind": EVERY_KIND}:
        return None
    return _annotations(patch.patch)


def _annotations(text: str) -> dict[str, str] | None:
    """The annotations that are all that a patch sets."""
    from argoflux.yamlio.load import load_text

    loaded = load_text(SourceFile("patch", text))
    bodies = [document.body for document in loaded.documents]
    if len(bodies) != 1:
        return None
    return _from_operations(bodies[0]) if isinstance(bodies[0], list) else _from_merge(bodies[0])


def withholding(group: str) -> dict[str, object]:
    """A patch that removes every object of an API group from a build.

    A target by group alone makes kustomize delete all matches of one ``$patch: delete``.
    """
    return {"target": {"group": group}, "patch": WITHHELD}


def withholding_one(ref: Ref) -> dict[str, object]:
    """A patch that removes one object from a build."""
    stated = {"group": ref.group, "kind": ref.kind, "name": ref.name, "namespace": ref.namespace}
    return {"target": {key: value for key, value in stated.items() if value}, "patch": WITHHELD}


def instructing(target: Mapping[str, str], annotations: Mapping[str, str]) -> dict[str, object]:
    """A patch that gives one object the annotations that say to Argo CD what others say to Flux."""
    metadata = {"name": _ANY_NAME, "annotations": dict(annotations)}
    body = {"apiVersion": "v1", "kind": _ANY_NAME, "metadata": metadata}
    return {"target": dict(target), "patch": dump(body)}


def only_for_argo(patch: str | None, target: Mapping[str, str] | None) -> bool:
    """Whether a converted Application has a patch that the Kustomization it was does not need.

    Flux objects are withheld from Argo CD, and objects that instruct Flux instruct Argo CD, too.
    """
    stated = dict(target or {})
    if set(stated) == {"group"}:
        return patch == WITHHELD and engine_of(stated["group"]) in _BY_FLUX
    if patch is None or not {"kind", "name"} <= set(stated) <= {"group", "kind", "name"}:
        return False
    found = _annotations(patch) if f"kind: {_ANY_NAME}\n" in patch else None
    return found is not None and set(found) <= _INSTRUCTIONS


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
