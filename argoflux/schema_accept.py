"""The quick answer: whether a value satisfies a schema, without saying why not.

Most documents are right, and this test costs a tenth of a validator that collects errors.
``schema.py`` explains the others; a property test holds the two to the same answer.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from argoflux.schema_rules import KEYWORD, broken_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.text import Path

_PLACEHOLDER = re.compile(r"\$\{|\{\{|<<|__[A-Z][A-Z0-9_]*__|\AENC\[")

_RULES = frozenset(
    {
        "allOf",
        "anyOf",
        "enum",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "multipleOf",
        "not",
        "oneOf",
        "pattern",
        "uniqueItems",
        KEYWORD,
    }
)


def is_placeholder(value: Any) -> bool:
    """Whether a value is filled in before the API server sees it, so nothing is known about it.

    ``${VAR}`` of Flux, ``{{ x }}`` of Helm and ApplicationSets, ``<< x >>`` of ResourceSets,
    ``__NAME__`` of scripts, and what SOPS encrypted.
    """
    return isinstance(value, str) and _PLACEHOLDER.search(value) is not None


def is_known(value: Any) -> bool:
    """Whether a value is what the API server will see."""
    return not is_placeholder(value)


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A schema pattern as the API server reads it: ``$`` is the very end of the text."""
    if pattern.endswith("$") and not pattern.endswith("\\$"):
        pattern = pattern[:-1] + r"\Z"
    return re.compile(pattern)


def accepts(value: Any, node: dict[str, Any], *, partial: bool = False) -> bool:
    """Whether the API server would take the value; ``partial`` leaves out required keys.

    A null under a key counts as absent unless the field is nullable, as the API server prunes it
    (kubernetes/apiextensions-apiserver:pkg/apiserver/schema/defaulting/prunenulls.go). A required
    key that has a default counts as present. Placeholders are accepted everywhere.
    """
    if isinstance(value, dict):
        if not _accepts_map(value, node, partial=partial):
            return False
    elif isinstance(value, list):
        if not _accepts_list(value, node, partial=partial):
            return False
    elif is_placeholder(value):
        return True
    elif not of_type(value, node):
        return False
    return _RULES.isdisjoint(node) or not _breaks_rule(value, node, partial=partial)


def of_type(value: Any, node: dict[str, Any]) -> bool:
    """Whether a value has the type that the schema states."""
    if isinstance(value, dict):
        return node.get("type", "object") == "object" and not _int_or_string(node)
    if isinstance(value, list):
        return node.get("type", "array") == "array" and not _int_or_string(node)
    if value is None:
        return bool(node.get("nullable")) or ("type" not in node and not _int_or_string(node))
    if _int_or_string(node):
        return isinstance(value, str) or is_integer(value)
    match node.get("type"):
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return is_integer(value)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case None:
            return True
        case _:
            return False


def mistyped(
    value: Any, node: dict[str, Any], path: Path = ()
) -> Iterator[tuple[Path, Any, dict[str, Any]]]:
    """Every value of another type or form than its schema states: path, value, schema.

    Nothing below such a value is looked at. A null under a key counts as absent, unknown keys are
    nobody's. A placeholder is text: what it will be is not known, only what it is now.
    """
    if not of_type(value, node) or _misformed(value, node):
        yield path, value, node
    elif isinstance(value, dict):
        for key, item in value.items():
            child = child_schema(node, key) if item is not None else None
            if child:
                yield from mistyped(item, child, (*path, key))
    elif isinstance(value, list):
        items = node.get("items")
        if isinstance(items, dict) and items:
            for index, item in enumerate(value):
                yield from mistyped(item, items, (*path, index))


def _misformed(value: Any, node: dict[str, Any]) -> bool:
    known = isinstance(value, str) and "pattern" in node and not is_placeholder(value)
    return known and not compiled(node["pattern"]).search(value)


def is_integer(value: Any) -> bool:
    """Whether a value is a whole number; 2.0 is one."""
    if isinstance(value, float):
        return value.is_integer()
    return isinstance(value, int) and not isinstance(value, bool)


def _int_or_string(node: dict[str, Any]) -> bool:
    return bool(node.get("x-kubernetes-int-or-string"))


def _accepts_map(value: dict[str, Any], node: dict[str, Any], *, partial: bool) -> bool:
    if not of_type(value, node):
        return False
    properties = node.get("properties")
    if properties is not None:
        for key in node.get("required", ()):
            if not partial and lacks(value, node, key):
                return False
    for key, item in value.items():
        child = child_schema(node, key)
        if child is None:
            return False
        if not child or (item is None and not child.get("nullable")):
            continue
        if not accepts(item, child, partial=partial):
            return False
    return True


def lacks(value: dict[str, Any], node: dict[str, Any], key: str) -> bool:
    """Whether a required key is missing: absent or null, and without a default."""
    child = node.get("properties", {}).get(key, {})
    return (
        value.get(key) is None
        and "default" not in child
        and not (key in value and child.get("nullable"))
    )


def child_schema(node: dict[str, Any], key: Any) -> dict[str, Any] | None:
    """The schema below a key: empty when anything goes, None when the key is not allowed."""
    properties = node.get("properties")
    if properties is not None:
        child: dict[str, Any] | None = properties.get(key)
        if child is not None:
            return child
    for pattern, schema in node.get("patternProperties", {}).items():
        if compiled(pattern).search(str(key)):
            found: dict[str, Any] = schema
            return found
    extra = node.get("additionalProperties")
    if isinstance(extra, dict):
        return extra
    if extra is True or node.get("x-kubernetes-preserve-unknown-fields"):
        return {}
    # the parts of a combination (allOf, not …) state no type and close nothing
    closed = node.get("type") == "object" and (properties or "patternProperties" in node)
    return None if (closed or extra is False) and not _patch_key(key) else {}


def _patch_key(key: Any) -> bool:
    """Whether a key is a directive of a strategic merge patch (``$patch``)."""
    return isinstance(key, str) and key.startswith("$")


def _accepts_list(value: list[Any], node: dict[str, Any], *, partial: bool) -> bool:
    if not of_type(value, node):
        return False
    items = node.get("items")
    if isinstance(items, dict):
        for item in value:
            if not accepts(item, items, partial=partial):
                return False
    return repeated_index(value, node) is None


def repeated_index(value: list[Any], node: dict[str, Any]) -> int | None:
    """The first item that repeats an earlier one in a list that is a set or a map by keys."""
    list_type = node.get("x-kubernetes-list-type")
    if list_type not in {"set", "map"}:
        return None
    keys = node.get("x-kubernetes-list-map-keys", ())
    seen: set[str] = set()
    for index, item in enumerate(value):
        if list_type == "set":
            identity = repr(item)
        elif isinstance(item, dict) and any(key in item for key in keys):
            identity = repr([item.get(key) for key in keys])
        else:
            continue
        if identity in seen:
            return index
        seen.add(identity)
    return None


def _breaks_rule(value: Any, node: dict[str, Any], *, partial: bool) -> bool:
    if value is None:
        return False
    if "enum" in node and value not in node["enum"]:
        return True
    if isinstance(value, str):
        if "pattern" in node and not compiled(node["pattern"]).search(value):
            return True
        broken = _outside(len(value), node, "minLength", "maxLength")
    elif isinstance(value, list):
        broken = _outside(len(value), node, "minItems", "maxItems") or (
            bool(node.get("uniqueItems")) and len({repr(item) for item in value}) < len(value)
        )
    elif isinstance(value, dict):
        broken = _outside(len(value), node, "minProperties", "maxProperties")
    elif isinstance(value, bool):
        broken = False
    else:
        broken = _outside(value, node, "minimum", "maximum") or _outside_open(value, node)
    if broken or _breaks_combination(value, node, partial=partial):
        return True
    return KEYWORD in node and not partial and bool(broken_rules(value, node, is_known))


def _outside(size: float, node: dict[str, Any], low: str, high: str) -> bool:
    return (low in node and size < node[low]) or (high in node and size > node[high])


def _outside_open(value: float, node: dict[str, Any]) -> bool:
    low, high, step = (
        node.get(key) for key in ("exclusiveMinimum", "exclusiveMaximum", "multipleOf")
    )
    return (
        (low is not None and value <= low)
        or (high is not None and value >= high)
        or (step is not None and bool(value % step))
    )


def _breaks_combination(value: Any, node: dict[str, Any], *, partial: bool) -> bool:
    def fits(part: dict[str, Any]) -> bool:
        return accepts(value, part, partial=partial)

    return (
        not all(fits(part) for part in node.get("allOf", ()))
        or ("anyOf" in node and not any(fits(part) for part in node["anyOf"]))
        or ("oneOf" in node and sum(fits(part) for part in node["oneOf"]) != 1)
        or ("not" in node and fits(node["not"]))
    )
