"""What the schemas say about single fields: paths, types, defaults, releases."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux import kinds
from argoflux.schema_import import expand

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path as FilePath

    from argoflux.text import Path

_TEMPLATES = frozenset({"template"})
_TEMPLATE_SPEC = re.compile(r".*\.template\.(spec(?:[.\[].*)?)")
_PSEUDO_VERSION = "v1"
_DEEPEST = 8


class LeafFacts(NamedTuple):
    """What is known about one field.

    ``type`` is ``string``, ``integer``, ``number``, ``boolean``, ``int-or-string``, ``array``,
    ``object``, ``map of string`` (free keys with values of one type), ``any`` or ``template``
    (the spec of an Application inside an ApplicationSet). ``default`` is None where the schema
    states none; ``required`` means: wherever its parent is present. ``since`` and ``until`` are
    the first and last release with the field, None where every release of this API version has it.
    """

    type: str
    default: Any = None
    enum: tuple[Any, ...] = ()
    pattern: str | None = None
    required: bool = False
    since: str | None = None
    until: str | None = None


@cache
def load_schema(kind: str, version: str = _PSEUDO_VERSION) -> dict[str, Any] | None:
    """The schema of a kind and version with its references resolved; None when there is none.

    Parts are shared: read only. Top-level ``metadata`` is the schema of object metadata.
    """
    path = kinds.schema_path(kind, version)
    if path is None:
        return None
    schema = _load(path)
    if not kinds.is_pseudo(kind):
        schema["properties"] = {**schema["properties"], "metadata": load_metadata_schema()}
    return schema


@cache
def load_metadata_schema() -> dict[str, Any]:
    """The schema of ``metadata``, the same for every kind."""
    return _load(kinds.schema_folder() / "meta" / "objectmeta.json")


def _load(path: FilePath) -> dict[str, Any]:
    schema = expand(json.loads(path.read_text(encoding="utf-8")))
    del schema["$schema"]  # inside another schema it would switch the validator
    return schema


@cache
def load_availability() -> dict[str, Any]:
    """The parsed ``schemas/availability.json``: kind/version → first, last, since, values."""
    path = kinds.schema_folder() / "availability.json"
    table: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return table


@cache
def _since_table(kind: str, version: str) -> dict[str, str]:
    row = load_availability().get(f"{kind}/{version}", {})
    since: dict[str, list[str]] = row.get("since", {})
    return {path: release for release, paths in since.items() for path in paths}


@cache
def leaf_paths(kind: str, version: str = _PSEUDO_VERSION) -> dict[str, LeafFacts]:
    """Every leaf below ``spec`` as a path pattern, in sorted order; empty for an unknown version.

    A leaf is a scalar, or a map of free keys (``spec.postBuild.substitute``), or a value without
    schema (``spec.values``). Items of a list are ``[]``: ``spec.images[].newTag``. The templates
    of an ApplicationSet are one leaf each. Leaves of a pseudo-kind are its keys as they stand,
    with ``*`` for a free part: ``timeout.reconciliation``, ``resource.customizations.health.*``;
    of the JSON in a cluster's ``config`` they are the paths: ``config.tlsClientConfig.caData``.
    """
    schema = load_schema(kind, version)
    if schema is None:
        return {}
    if kinds.is_pseudo(kind):
        return _pseudo_leaves(schema)
    spec = schema["properties"].get("spec")
    if spec is None:
        return {}
    required = "spec" in schema.get("required", ())
    return dict(sorted(_leaves(spec, "spec", kind, version, required=required)))


@cache
def metadata_leaf_paths() -> dict[str, LeafFacts]:
    """Every leaf of object metadata that a manifest may state, relative to ``metadata``."""
    out: dict[str, LeafFacts] = {}
    schema = load_metadata_schema()
    for name, child in schema["properties"].items():
        out.update(_leaves(child, name, "", "", required=name in schema.get("required", ())))
    return dict(sorted(out.items()))


def _pseudo_leaves(schema: dict[str, Any]) -> dict[str, LeafFacts]:
    out: dict[str, LeafFacts] = {}
    for name, child in schema.get("properties", {}).items():
        required = name in schema.get("required", ())
        inner = child.get("contentSchema")  # text that holds a document, such as JSON
        if inner is not None:
            out.update(_leaves(inner, name, "", "", required=required))
        else:
            out[name] = _facts(child, required=required)
    for pattern, child in schema.get("patternProperties", {}).items():
        out[child.get("x-argoflux-key", pattern)] = _facts(child, required=False)
    return dict(sorted(out.items()))


def _leaves(
    node: dict[str, Any], path: str, kind: str, version: str, *, required: bool
) -> Iterator[tuple[str, LeafFacts]]:
    properties = node.get("properties")
    items = node.get("items")
    if kind == "ApplicationSet" and path.rpartition(".")[2] in _TEMPLATES:
        yield path, _dated(LeafFacts("template", required=required), kind, version, path)
    elif properties:
        needed = node.get("required", ())
        for name, child in properties.items():
            yield from _leaves(child, f"{path}.{name}", kind, version, required=name in needed)
    elif isinstance(items, dict):
        yield from _leaves(items, f"{path}[]", kind, version, required=required)
    else:
        yield path, _dated(_facts(node, required=required), kind, version, path)


def _dated(facts: LeafFacts, kind: str, version: str, path: str) -> LeafFacts:
    return facts._replace(since=_since_table(kind, version).get(path, facts.since))


def _facts(node: dict[str, Any], *, required: bool) -> LeafFacts:
    return LeafFacts(
        type=type_name(node),
        default=node.get("default"),
        enum=tuple(node.get("enum", ())),
        pattern=node.get("pattern"),
        required=required,
        since=node.get("x-argoflux-since"),
        until=node.get("x-argoflux-until"),
    )


def type_name(node: dict[str, Any]) -> str:
    """The type of a schema node in one or two words."""
    if node.get("x-kubernetes-int-or-string"):
        return "int-or-string"
    kind = node.get("type")
    values = node.get("additionalProperties")
    if kind == "object" and isinstance(values, dict):
        return f"map of {type_name(values)}"
    if not isinstance(kind, str) or (kind == "object" and opaque(node)):
        return "any" if not isinstance(kind, str) else "object"
    return kind


def opaque(node: dict[str, Any]) -> bool:
    """Whether keys that the schema does not name are kept."""
    return bool(node.get("x-kubernetes-preserve-unknown-fields")) or (
        node.get("additionalProperties") is True
    )


def pattern_text(path: Path | str) -> str:
    """A path as a pattern: indices become ``[]``; patterns and printed paths pass through."""
    if isinstance(path, str):
        return path
    out = ""
    for key in path:
        if isinstance(key, int):
            out += "[]"
        else:
            out += f".{key}" if out else key
    return out


@cache
def _node_at(kind: str, version: str, pattern: str) -> tuple[dict[str, Any], bool] | None:
    node: dict[str, Any] | None = load_schema(kind, version)
    required = False
    for step in pattern.replace("[]", ".[]").split("."):
        if node is None:
            return None
        child: Any
        if step == "[]":
            child, required = node.get("items"), False
        else:
            required = step in node.get("required", ())
            child = node.get("properties", {}).get(step, node.get("additionalProperties"))
        if child is True or (child is None and (opaque(node) or not node)):
            child = {}
        node = child if isinstance(child, dict) else None
    return None if node is None else (node, required)


def field_facts(kind: str, path: Path | str, version: str | None = None) -> LeafFacts | None:
    """The facts of any field, also of objects and lists; None when the kind has no such field.

    ``path`` is a path of a document or a pattern (``spec.images[].newTag``); ``version`` is the
    newest one unless stated. The date of an object is that of its oldest leaf.
    """
    if kinds.is_pseudo(kind):
        return leaf_paths(kind).get(pattern_text(path))
    known = kinds.by_name(kind)
    if known is None:
        return None
    version = version or known.newest.version
    pattern = pattern_text(path if isinstance(path, str) else _free_keys(path))
    leaf = leaf_paths(kind, version).get(pattern)
    if leaf is not None:
        return leaf
    if kind == "ApplicationSet" and (inside := _TEMPLATE_SPEC.fullmatch(pattern)):
        return field_facts("Application", inside[1])
    found = _node_at(kind, version, pattern)
    if found is None:
        return None
    node, required = found
    return _facts(node, required=required)._replace(since=_since_below(kind, version, pattern))


def _free_keys(path: Path) -> Path:
    """The path with a mark for each key with a dot, which only a map of free keys can hold."""
    return tuple("*" if isinstance(key, str) and "." in key else key for key in path)


def _since_below(kind: str, version: str, pattern: str) -> str | None:
    below = [
        facts.since
        for path, facts in leaf_paths(kind, version).items()
        if path.startswith((f"{pattern}.", f"{pattern}["))
    ]
    if not below or None in below:
        return None
    return min((s for s in below if s), key=lambda s: tuple(map(int, s.split("."))))


@cache
def _paths_by_key(kind: str, version: str) -> dict[str, tuple[str, ...]]:
    """Every object path of a kind that ends in a key; templates and nested generators left out."""
    found: dict[str, list[str]] = {}

    def walk(node: dict[str, Any], path: str, depth: int) -> None:
        for name, child in node.get("properties", {}).items():
            here = f"{path}.{name}" if path else name
            found.setdefault(name, []).append(here)
            if depth < _DEEPEST and name not in _TEMPLATES:
                walk(child, here, depth + 1)
        items = node.get("items")
        if isinstance(items, dict):
            walk(items, f"{path}[]", depth + 1)

    schema = load_schema(kind, version)
    if schema is not None:
        walk({"properties": {"spec": schema["properties"].get("spec", {})}}, "", 0)
    return {key: tuple(paths) for key, paths in found.items()}


def elsewhere(kind: str, version: str, path: Path) -> str:
    """Where a key stands that is unknown at ``path``; empty when that is not clear.

    The nearest place wins: the one that shares most steps with ``path``, then the shortest.
    """
    key = str(path[-1])
    here = _steps(pattern_text(path[:-1]))
    ranked = sorted(
        (-_shared(here, steps), len(steps), pattern)
        for pattern in _paths_by_key(kind, version).get(key, ())
        if (steps := _steps(pattern))[:-1] != here and _related(here, steps)
    )
    if not ranked or key == (here[-1] if here else ""):
        return ""
    if len(ranked) > 1 and ranked[0][:2] == ranked[1][:2]:
        return ""
    return ranked[0][2]


def _steps(pattern: str) -> list[str]:
    return [step for step in pattern.replace("[]", ".[]").split(".") if step]


def _related(here: list[str], there: list[str]) -> bool:
    """Whether two places have more in common than that both stand below ``spec``."""
    shared = _shared(here, there)
    return shared > 1 or shared in {len(here), len(there) - 1}


def _shared(one: list[str], other: list[str]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
