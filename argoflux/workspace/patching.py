"""Strategic merge and JSON 6902 patches on plain values; inputs are never changed."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

DIRECTIVE = "$patch"

_MERGE_KEYS = {
    "containers": ("name",),
    "initContainers": ("name",),
    "ephemeralContainers": ("name",),
    "env": ("name",),
    "volumes": ("name",),
    "imagePullSecrets": ("name",),
    "secrets": ("name",),
    "webhooks": ("name",),
    "volumeMounts": ("mountPath",),
    "volumeDevices": ("devicePath",),
    "hostAliases": ("ip",),
    "topologySpreadConstraints": ("topologyKey",),
    "ports": ("containerPort", "port"),
    "ownerReferences": ("uid",),
}
"""Lists merged by a key in built-in kinds: x-kubernetes-patch-merge-key of the OpenAPI document."""


class PatchError(ValueError):
    """A patch that cannot be applied; the text says why."""


class _Deleted:
    """The value that a merge removed."""


_DELETED = _Deleted()


def merge(base: Any, patch: Any, *, built_in: bool) -> Any:
    """Apply a strategic merge patch; returns None when it deletes the whole value.

    ``built_in``: the kind has a schema with merge keys; lists of other kinds are replaced.
    """
    merged = _merge(base, patch, "", built_in=built_in)
    return None if merged is _DELETED else merged


def _merge(base: Any, patch: Any, field: str, *, built_in: bool) -> Any:
    if isinstance(patch, dict):
        return _merge_map(base, patch, built_in=built_in)
    if isinstance(patch, list) and isinstance(base, list) and built_in:
        if field == "finalizers":
            return [*patch, *(item for item in base if item not in patch)]
        key = _merge_key(field, [*base, *patch])
        if key:
            return _merge_list(base, patch, key)
    return _without_directives(patch)


def _merge_map(base: Any, patch: dict[str, Any], *, built_in: bool) -> Any:
    directive = patch.get(DIRECTIVE)
    if directive == "delete":
        return _DELETED
    if directive == "replace" or not isinstance(base, dict):
        return _without_directives(patch)
    out = dict(base)
    for key, value in patch.items():
        if key == DIRECTIVE or key.startswith(("$setElementOrder", "$retainKeys")):
            continue
        if value is None:
            out.pop(key, None)
            continue
        merged = _merge(out.get(key), value, key, built_in=built_in)
        if merged is _DELETED:
            out.pop(key, None)
        else:
            out[key] = merged
    return out


def _merge_key(field: str, items: Sequence[Any]) -> str:
    for key in _MERGE_KEYS.get(field, ()):
        if all(isinstance(item, dict) and (key in item or DIRECTIVE in item) for item in items):
            return key
    return ""


def _merge_list(base: list[Any], patch: list[Any], key: str) -> list[Any]:
    """Items of the patch first, in its order, then what is left (kyaml: ListIncreaseDirection)."""
    if any(item.get(DIRECTIVE) == "replace" and key not in item for item in patch):
        return [_without_directives(item) for item in patch if DIRECTIVE not in item]
    old = {_hashable(item.get(key)): item for item in base}
    merged = [
        _merge_map(old.pop(_hashable(item.get(key)), None), item, built_in=True) for item in patch
    ]
    return [*(item for item in merged if item is not _DELETED), *old.values()]


def _hashable(value: Any) -> Any:
    return repr(value) if isinstance(value, dict | list) else value


def _without_directives(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _without_directives(item)
            for key, item in value.items()
            if key != DIRECTIVE and item is not None
        }
    if isinstance(value, list):
        return [_without_directives(item) for item in value]
    return value


def apply_operations(body: Any, operations: Sequence[Any]) -> Any:
    """Apply a JSON 6902 patch to a copy of ``body``; raises PatchError."""
    out = copy.deepcopy(_plain(body))
    for operation in operations:
        if not isinstance(operation, dict):
            raise PatchError("an operation must be a mapping")
        out = _apply(out, operation)
    return out


def _apply(document: Any, operation: dict[str, Any]) -> Any:
    name = operation.get("op")
    steps = _steps(operation.get("path"))
    if name in {"add", "replace", "test"} and "value" not in operation:
        operation = {**operation, "value": None}
    match name:
        case "add":
            return _put(document, steps, copy.deepcopy(_plain(operation["value"])), insert=True)
        case "replace":
            _read(document, steps)
            return _put(document, steps, copy.deepcopy(_plain(operation["value"])), insert=False)
        case "remove":
            return _remove(document, steps)
        case "move" | "copy":
            source = _steps(operation.get("from"))
            value = copy.deepcopy(_read(document, source))
            if name == "move":
                document = _remove(document, source)
            return _put(document, steps, value, insert=True)
        case "test":
            if _read(document, steps) != operation["value"]:
                raise PatchError(f"the test of `{operation.get('path')}` fails")
            return document
        case _:
            raise PatchError(f"`{name}` is not an operation of a JSON patch")


def _steps(pointer: object) -> list[str]:
    if not isinstance(pointer, str) or (pointer and not pointer.startswith("/")):
        raise PatchError(f"`{pointer}` is not a JSON pointer")
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def _index(items: list[Any], step: str, *, end: int) -> int:
    if end < 0:
        raise PatchError("the list is empty")
    if step == "-":
        return end
    number = step.removeprefix("-")
    if not number.isascii() or not number.isdigit():
        raise PatchError(f"`{step}` is not an index")
    index = int(step)
    if index < 0:
        index += len(items)
    if not 0 <= index <= end:
        raise PatchError(f"index {step} is out of range")
    return index


def _read(document: Any, steps: list[str]) -> Any:
    at = document
    for step in steps:
        if isinstance(at, list):
            at = at[_index(at, step, end=len(at) - 1)]
        elif isinstance(at, dict) and step in at:
            at = at[step]
        else:
            raise PatchError(f"`/{'/'.join(steps)}` does not exist")
    return at


def _put(document: Any, steps: list[str], value: Any, *, insert: bool) -> Any:
    if not steps:
        return value
    parent, last = _read(document, steps[:-1]), steps[-1]
    if isinstance(parent, list):
        if insert:
            parent.insert(_index(parent, last, end=len(parent)), value)
        else:
            parent[_index(parent, last, end=len(parent) - 1)] = value
    elif isinstance(parent, dict):
        parent[last] = value
    else:
        raise PatchError(f"`/{'/'.join(steps)}` has no mapping above it")
    return document


def _remove(document: Any, steps: list[str]) -> Any:
    if not steps:
        raise PatchError("a patch cannot remove the whole object")
    _read(document, steps)
    parent, last = _read(document, steps[:-1]), steps[-1]
    if isinstance(parent, list):
        del parent[_index(parent, last, end=len(parent) - 1)]
    else:
        del parent[last]
    return document


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
