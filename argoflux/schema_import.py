"""CustomResourceDefinitions turned into the compact schemas of ``schemas/``.

A compact schema is JSON Schema 2020-12 with the Kubernetes keywords (``nullable``,
``x-kubernetes-int-or-string``, ``x-kubernetes-preserve-unknown-fields``,
``x-kubernetes-validations`` without sentences), without descriptions and status. Equal parts
stand once, under ``$defs``.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from argoflux.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_SCALAR_KEYWORDS = frozenset(
    {
        "default",
        "enum",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "format",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "multipleOf",
        "nullable",
        "pattern",
        "required",
        "type",
        "uniqueItems",
        "x-kubernetes-embedded-resource",
        "x-kubernetes-int-or-string",
        "x-kubernetes-list-map-keys",
        "x-kubernetes-list-type",
        "x-kubernetes-map-type",
        "x-kubernetes-preserve-unknown-fields",
    }
)
_NAMED_SCHEMAS = ("properties", "patternProperties")
_ONE_SCHEMA = ("items", "additionalProperties", "not")
_SCHEMA_LISTS = ("allOf", "anyOf", "oneOf")
_INT_OR_STRING = ("integer", "string")
_MIN_POOLED = 60
"""Characters from which a repeated part is worth a ``$ref``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedSchema:
    """One version of a kind with its compact schema."""

    group: str
    kind: str
    version: str
    plural: str
    scope: str
    served: bool
    storage: bool
    deprecated: bool
    schema: dict[str, Any]

    @property
    def file(self) -> str:
        """Path below ``schemas/``: ``<group>/<kind>_<version>.json``."""
        return f"{self.group}/{self.kind.lower()}_{self.version}.json"

    def text(self) -> str:
        """The file's content: minified JSON with sorted keys and a final newline."""
        return dump_compact(self.schema)


def dump_compact(value: Any) -> str:
    """JSON without spaces, keys sorted, one line."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"


def import_crds(documents: Iterable[Any], *, origin: str = "the input") -> list[ImportedSchema]:
    """The compact schemas of every CustomResourceDefinition among parsed documents.

    Lists are unwrapped, other objects skipped. The result is sorted by group, kind and version.
    Raises InputError when there is no definition at all, when one is broken, and when two
    definitions of the same kind and version differ; ``origin`` names the input in its message.
    """
    found: dict[tuple[str, str, str], ImportedSchema] = {}
    for crd in _definitions(documents):
        for imported in _versions(crd):
            key = (imported.group, imported.kind, imported.version)
            known = found.setdefault(key, imported)
            if known != imported:
                raise InputError(
                    f"{imported.kind} {imported.group}/{imported.version} is defined twice, differently",
                    hint="pass the definitions of one release only",
                )
    if not found:
        raise InputError(
            f"no CustomResourceDefinition in {origin}",
            hint="pass the CRD manifests of Argo CD or Flux, or `kubectl get crd -o yaml`",
        )
    return [found[key] for key in sorted(found)]


def _definitions(documents: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for document in documents:
        if not isinstance(document, dict):
            continue
        kind, items = document.get("kind"), document.get("items")
        if kind == "CustomResourceDefinition":
            yield document
        elif isinstance(kind, str) and kind.endswith("List") and isinstance(items, list):
            yield from _definitions(items)


def _versions(crd: dict[str, Any]) -> Iterator[ImportedSchema]:
    metadata = crd.get("metadata")
    name = metadata.get("name", "") if isinstance(metadata, dict) else ""
    spec = crd.get("spec")
    names = spec.get("names") if isinstance(spec, dict) else None
    if not isinstance(spec, dict) or not isinstance(names, dict) or not names.get("kind"):
        raise InputError(
            f"CustomResourceDefinition {name or 'without name'} has no `spec.names.kind`"
        )
    shared = _openapi(spec.get("validation"))  # apiextensions v1beta1: one schema for all
    versions = spec.get("versions") or [{"name": spec.get("version")}]
    if not isinstance(versions, list):
        raise InputError(f"CustomResourceDefinition {name}: `spec.versions` is not a list")
    for index, version in enumerate(v for v in versions if isinstance(v, dict)):
        schema = _openapi(version.get("schema")) or shared
        if schema is None:
            raise InputError(
                f"CustomResourceDefinition {name} has no schema for version {version.get('name')}",
                hint="fields cannot be checked without `schema.openAPIV3Schema`",
            )
        group, kind = str(spec.get("group", "")), str(names["kind"])
        yield ImportedSchema(
            group=group,
            kind=kind,
            version=str(version.get("name")),
            plural=str(names.get("plural", "")),
            scope=str(spec.get("scope", "Namespaced")),
            served=version.get("served", True) is True,
            storage=version.get("storage", index == 0) is True,
            deprecated=version.get("deprecated", False) is True,
            schema=compact_kind(
                require_wellformed(schema, name), group, kind, str(version.get("name"))
            ),
        )


def _openapi(holder: Any) -> dict[str, Any] | None:
    schema = holder.get("openAPIV3Schema") if isinstance(holder, dict) else None
    return schema if isinstance(schema, dict) else None


_SHAPES: dict[str, type | tuple[type, ...]] = {
    "additionalProperties": (dict, bool),
    "allOf": list,
    "anyOf": list,
    "enum": list,
    "exclusiveMaximum": (bool, int, float),
    "exclusiveMinimum": (bool, int, float),
    "items": dict,
    "maximum": (int, float),
    "minimum": (int, float),
    "not": dict,
    "oneOf": list,
    "pattern": str,
    "patternProperties": dict,
    "properties": dict,
    "required": list,
    "type": str,
    "x-kubernetes-validations": list,
}


def require_wellformed(schema: Any, name: str) -> dict[str, Any]:
    """The schema itself when every keyword has the shape it must have; raises InputError."""
    if not isinstance(schema, dict):
        raise InputError(f"CustomResourceDefinition {name}: a schema is not a map")
    for key, shape in _SHAPES.items():
        if key in schema and not isinstance(schema[key], shape):
            raise InputError(f"CustomResourceDefinition {name}: `{key}` of a schema is malformed")
    texts = schema.get("required", ())
    rules = schema.get("x-kubernetes-validations", ())
    if not all(isinstance(text, str) for text in texts) or not all(
        isinstance(rule, dict) and isinstance(rule.get("rule"), str) for rule in rules
    ):
        raise InputError(f"CustomResourceDefinition {name}: a list of a schema is malformed")
    for key in _NAMED_SCHEMAS:
        for child in schema.get(key, {}).values():
            require_wellformed(child, name)
    for key in _ONE_SCHEMA:
        if isinstance(schema.get(key), dict):
            require_wellformed(schema[key], name)
    for key in _SCHEMA_LISTS:
        for child in schema.get(key, ()):
            require_wellformed(child, name)
    return schema


def compact_kind(schema: dict[str, Any], group: str, kind: str, version: str) -> dict[str, Any]:
    """The compact schema of a whole object: no status, pooled, with its type."""
    root = compact(schema)
    root.get("properties", {}).pop("status", None)
    if "status" in root.get("required", ()):
        root["required"] = [key for key in root["required"] if key != "status"]
    return {
        "$schema": DIALECT,
        "x-kubernetes-group-version-kind": {"group": group, "kind": kind, "version": version},
        **pool(root),
    }


def compact(node: dict[str, Any]) -> dict[str, Any]:
    """One OpenAPI v3 schema without sentences, in JSON Schema 2020-12 words."""
    out = {key: value for key, value in node.items() if key in _SCALAR_KEYWORDS}
    if "required" in out:
        out["required"] = sorted(out["required"])
    _respell_bounds(out)
    for key in _NAMED_SCHEMAS:
        if isinstance(node.get(key), dict):
            out[key] = {name: compact(child) for name, child in node[key].items()}
    for key in _ONE_SCHEMA:
        if isinstance(node.get(key), dict):
            out[key] = compact(node[key])
        elif isinstance(node.get(key), bool):
            out[key] = node[key]
    for key in _SCHEMA_LISTS:
        if isinstance(node.get(key), list):
            out[key] = [compact(child) for child in node[key]]
    if node.get("x-kubernetes-int-or-string"):
        _drop_int_or_string_union(out)
    rules = node.get("x-kubernetes-validations")
    if isinstance(rules, list):
        out["x-kubernetes-validations"] = [{"rule": rule["rule"]} for rule in rules]
    return out


def _respell_bounds(node: dict[str, Any]) -> None:
    """OpenAPI 3.0 spells an exclusive bound as a flag, JSON Schema 2020-12 as a number."""
    for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        flag = node.get(exclusive)
        if isinstance(flag, bool):
            del node[exclusive]
            if flag and bound in node:
                node[exclusive] = node.pop(bound)


def _drop_int_or_string_union(node: dict[str, Any]) -> None:
    union = node.get("anyOf")
    if union is not None and tuple(part.get("type") for part in union) == _INT_OR_STRING:
        del node["anyOf"]


def pool(schema: dict[str, Any]) -> dict[str, Any]:
    """The same schema with every repeated part moved to ``$defs`` and referred to.

    Names come from the property where a part occurs first, in sorted order.
    """
    interned = _Interned()
    root = interned.add(schema, "root")
    return interned.emit_root(root)


class _Interned:
    """Schema nodes by content: equal nodes get the same number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._nodes: list[dict[str, Any]] = []  # children replaced by their numbers
        self._hints: list[str] = []
        self._uses: Counter[int] = Counter()
        self._names: dict[int, str] = {}

    def add(self, node: dict[str, Any], hint: str) -> int:
        shallow: dict[str, Any] = {}
        for key in sorted(node):
            value = node[key]
            if key in _NAMED_SCHEMAS:
                shallow[key] = {name: self.add(value[name], name) for name in sorted(value)}
            elif key in _ONE_SCHEMA and isinstance(value, dict):
                shallow[key] = (self.add(value, hint if key == "not" else f"{hint}Item"),)
            elif key in _SCHEMA_LISTS:
                shallow[key] = [self.add(child, hint) for child in value]
            else:
                shallow[key] = {"=": value}
        content = json.dumps(shallow, sort_keys=True)
        number = self._numbers.get(content)
        if number is None:
            number = self._numbers[content] = len(self._nodes)
            self._nodes.append(shallow)
            self._hints.append(hint)
            self._uses.update(_children(shallow))
        return number

    def emit_root(self, root: int) -> dict[str, Any]:
        plain = [self._emit(number) for number in range(len(self._nodes))]
        sizes = [len(dump_compact(node)) for node in plain]
        shared = [n for n, size in enumerate(sizes) if self._uses[n] > 1 and size > _MIN_POOLED]
        taken: Counter[str] = Counter()
        for number in shared:
            hint = self._hints[number]
            taken[hint] += 1
            self._names[number] = hint if taken[hint] == 1 else f"{hint}{taken[hint]}"
        out = self._emit(root)
        if shared:
            out["$defs"] = {self._names[number]: self._emit(number) for number in shared}
        return out

    def _emit(self, number: int) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for key, value in self._nodes[number].items():
            if key in _NAMED_SCHEMAS:
                out[key] = {name: self._refer(child) for name, child in value.items()}
            elif isinstance(value, tuple):
                out[key] = self._refer(value[0])
            elif isinstance(value, list):
                out[key] = [self._refer(child) for child in value]
            else:
                out[key] = value["="]
        return out

    def _refer(self, number: int) -> dict[str, Any]:
        if number in self._names:
            return {"$ref": f"#/$defs/{self._names[number]}"}
        return self._emit(number)


def _children(shallow: dict[str, Any]) -> Iterator[int]:
    for key, value in shallow.items():
        if key in _NAMED_SCHEMAS:
            yield from value.values()
        elif isinstance(value, tuple | list):
            yield from value


def expand(schema: dict[str, Any]) -> dict[str, Any]:
    """The inverse of ``pool``: every ``$ref`` replaced by the one shared object it names.

    The result shares its parts, so it is as small in memory as the file; treat it as read-only.
    """
    definitions = schema.get("$defs", {})
    resolved: dict[str, dict[str, Any]] = {}

    def refer(node: Any) -> Any:
        if not isinstance(node, dict):
            return node
        reference = node.get("$ref")
        if reference is None:
            return resolve(node)
        name = reference.rpartition("/")[2]
        if name not in resolved:
            resolved[name] = resolve(definitions[name])
        return resolved[name]

    def resolve(node: dict[str, Any]) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for key, value in node.items():
            if key in _NAMED_SCHEMAS:
                out[key] = {name: refer(child) for name, child in value.items()}
            elif key in _ONE_SCHEMA:
                out[key] = refer(value)
            elif key in _SCHEMA_LISTS:
                out[key] = [refer(child) for child in value]
            elif key != "$defs":
                out[key] = value
        return out

    return resolve(schema)
