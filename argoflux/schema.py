"""Whether a document fits the schema of its kind, and every reason why not.

The only module that imports jsonschema: its Draft 2020-12 validator, extended with the Kubernetes
keywords, finds the errors of documents that ``schema_accept`` turns away.
"""

from __future__ import annotations

import base64
import binascii
import json
from functools import cache
from typing import TYPE_CHECKING, Any

from argoflux import kinds, schema_words
from argoflux.schema_accept import (
    accepts,
    child_schema,
    compiled,
    is_known,
    is_placeholder,
    lacks,
    mistyped,
    of_type,
    repeated_index,
)
from argoflux.schema_fields import (
    LeafFacts,
    elsewhere,
    field_facts,
    leaf_paths,
    load_schema,
    metadata_leaf_paths,
)
from argoflux.schema_rules import KEYWORD, broken_rules
from argoflux.schema_words import SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema import ValidationError

    from argoflux.text import Path

    Node = dict[str, Any]
    Errors = Iterator[ValidationError]

__all__ = [
    "LeafFacts",
    "SchemaError",
    "check",
    "check_value",
    "field_facts",
    "has_schema",
    "leaf_paths",
    "load_schema",
    "metadata_leaf_paths",
    "mistyped",
]

_COMBINATIONS = frozenset({"allOf", "anyOf", "oneOf", "not", "if", "dependentRequired"})
_LENIENT = frozenset({"allOf", "anyOf", "enum", "maxLength", "minLength", "not", "oneOf"})
_VALUE_RULES = frozenset({"bounds", "enum", "pattern"})
_TYPE_KEYWORDS = frozenset({"type", "x-kubernetes-int-or-string"})


def has_schema(kind: str, version: str) -> bool:
    """Whether documents of this kind and version can be checked."""
    return kinds.schema_path(kind, version) is not None


def check(
    kind: str, version: str, body: dict[str, Any], *, partial: bool = False
) -> list[SchemaError]:
    """Every schema error of an object, in document order.

    ``partial`` is for patches: required keys may be absent. A version without a schema, ``status``
    and values that are filled in later (``${VAR}``, ``{{ x }}``) give no errors. The body of a
    pseudo-kind is the Secret or ConfigMap itself (or the plain map of annotations or flags); values
    of Secrets never appear in messages.
    """
    schema = load_schema(kind, version)
    if schema is None:
        return []
    if kinds.is_pseudo(kind):
        return _check_pseudo(kind, schema, body)
    if "status" in body:
        body = {key: value for key, value in body.items() if key != "status"}
    if accepts(body, schema, partial=partial):
        return []
    errors = _validator(partial=partial)(schema).iter_errors(body)
    found = [_explain(error, kind, version) for error in errors]
    return _in_order(_once(found), body)


def check_value(schema: dict[str, Any], value: Any) -> list[SchemaError]:
    """Every error of a value under a plain JSON Schema 2020-12, in document order.

    Keys that ``additionalProperties: false`` forbids are one error each, at the key.
    """
    found = [_explain(error, "", "") for error in _plain_validator()(schema).iter_errors(value)]
    return _in_order(_once(found), value)


def _check_pseudo(kind: str, schema: dict[str, Any], body: dict[str, Any]) -> list[SchemaError]:
    texts, origins = _configuration(kind, body)
    found: list[SchemaError] = []
    if not accepts(texts, schema):
        errors = _validator(partial=False)(schema).iter_errors(texts)
        found = [_explain(error, kind, "", hide=kind.startswith("Secret:")) for error in errors]
        # nobody reads a key that the controllers do not know, so it matters only as a slip
        found = [error for error in found if error.rule != "unknown-field" or error.suggestion]
    for key, node in schema["properties"].items():
        if "contentSchema" in node and isinstance(texts.get(key), str):
            found.extend(_check_embedded(key, texts[key], node["contentSchema"]))
    placed = [
        error._replace(
            path=(*origins.get(str(error.path[0]), ()), *error.path)
            if error.path
            else _first_map(body)
        )
        for error in _once(found)
    ]
    return _in_order(placed, body)


def _check_embedded(key: str, text: str, schema: dict[str, Any]) -> list[SchemaError]:
    """The errors of a JSON document inside a text; they stand at the text, nothing is quoted."""
    if is_placeholder(text):
        return []
    try:
        value = json.loads(text)
    except ValueError:
        return [SchemaError((key,), "value", "type", f"`{key}` is not JSON", "JSON")]
    if accepts(value, schema):
        return []
    errors = _validator(partial=False)(schema).iter_errors(value)
    found = _in_order(_once([_explain(error, "", "", hide=True) for error in errors]), value)
    return [
        error._replace(path=(key,), on="value", message=f"{error.message} (in the JSON of `{key}`)")
        for error in found
    ]


def _configuration(kind: str, body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Path]]:
    """The keys and texts of a pseudo-object, and the map in which each key stands."""
    table = kind.partition(":")[0]
    if table not in {"Secret", "ConfigMap"}:
        return body, {}
    texts: dict[str, Any] = {}
    origins: dict[str, Path] = {}
    for holder in ("data", "stringData"):  # stringData wins, as in the API server
        values = body.get(holder)
        for key, value in values.items() if isinstance(values, dict) else ():
            encoded = table == "Secret" and holder == "data"
            texts[key] = _decoded(value) if encoded else value
            origins[key] = (holder,)
    return texts, origins


def _decoded(value: Any) -> Any:
    if not isinstance(value, str) or is_placeholder(value):
        return value
    try:
        return base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return value


def _first_map(body: dict[str, Any]) -> Path:
    return next(((holder,) for holder in ("stringData", "data") if holder in body), ())


def _once(errors: list[SchemaError]) -> list[SchemaError]:
    """Without missing keys that a misspelt key explains, and rules that a wrong type explains."""
    meant = {
        (*error.path[:-1], error.suggestion) for error in errors if error.rule == "unknown-field"
    }
    mistyped = {error.path for error in errors if error.rule == "type"}

    def explained(error: SchemaError) -> bool:
        if error.rule == "required":
            return (*error.path, error.suggestion) in meant
        return error.rule in _VALUE_RULES and error.path in mistyped

    return [error for error in errors if not explained(error)]


def _in_order(errors: list[SchemaError], value: Any) -> list[SchemaError]:
    return sorted(errors, key=lambda error: (_position(value, error.path), error.message))


def _position(value: Any, path: Path) -> tuple[int, ...]:
    """Where a path stands among its siblings, level by level; maps keep the document's order."""
    out: list[int] = []
    for key in path:
        if isinstance(value, dict) and key in value:
            out.append(list(value).index(key))
            value = value[key]
        elif isinstance(value, list) and isinstance(key, int) and key < len(value):
            out.append(key)
            value = value[key]
        else:
            out.append(-1)
            value = None
    return tuple(out)


def _explain(error: ValidationError, kind: str, version: str, *, hide: bool = False) -> SchemaError:
    path: Path = tuple(error.absolute_path)
    keyword, value = str(error.validator), error.instance
    node: dict[str, Any] = error.schema if isinstance(error.schema, dict) else {}
    hide = hide or schema_words.hidden(path)
    if keyword == "unknown-field":
        there = elsewhere(kind, version, path) if version else ""
        siblings = (*node.get("properties", ()), *_free_keys(node))
        return schema_words.unknown_field(path, siblings, there)
    if keyword == "required":
        return schema_words.missing_field(path, error.message, node)
    if keyword in _TYPE_KEYWORDS:
        return schema_words.wrong_type(path, value, node, hide=hide)
    if keyword in {"enum", "const"}:
        choices = node["enum"] if keyword == "enum" else [node["const"]]
        return schema_words.wrong_choice(path, value, choices, hide=hide)
    if keyword == "pattern":
        return schema_words.wrong_pattern(path, value, node["pattern"], hide=hide)
    if keyword in {"x-kubernetes-list-type", "uniqueItems"}:
        return schema_words.repeated_item(path, node.get("x-kubernetes-list-map-keys", []))
    if keyword == KEYWORD:
        return schema_words.broken_rule(path, value, error.message)
    if keyword in _COMBINATIONS:
        return schema_words.no_combination(path)
    limit = node.get(keyword, error.validator_value)
    return schema_words.out_of_bounds(path, value, keyword, limit, hide=hide)


def _free_keys(node: dict[str, Any]) -> Iterator[str]:
    """Keys with a free part, as ``service.*``."""
    for child in node.get("patternProperties", {}).values():
        key = child.get("x-argoflux-key", "") if isinstance(child, dict) else ""
        if key:
            yield key


@cache
def _plain_validator() -> Any:
    from jsonschema import Draft202012Validator, ValidationError

    def required(_validator: Any, keys: list[str], value: Any, _node: Any) -> Iterator[Any]:
        if isinstance(value, dict):
            for key in keys:
                if key not in value:
                    yield ValidationError(key)

    def additional(validator: Any, extra: Any, value: Any, node: dict[str, Any]) -> Iterator[Any]:
        if extra is not False:
            yield from standard["additionalProperties"](validator, extra, value, node) or ()
        elif isinstance(value, dict):
            patterns = node.get("patternProperties", ())
            for key in value:
                if key not in node.get("properties", ()) and not any(
                    compiled(pattern).search(str(key)) for pattern in patterns
                ):
                    yield ValidationError("", validator="unknown-field", path=[key])

    standard = Draft202012Validator.VALIDATORS
    return _extended(
        Draft202012Validator, {"required": required, "additionalProperties": additional}
    )


def _extended(base: Any, keywords: dict[str, Any]) -> Any:
    from jsonschema import validators

    extend: Any = validators.extend  # the function states no types
    return extend(base, keywords)


@cache
def _validator(*, partial: bool) -> Any:
    """The validator with the Kubernetes keywords; gives the same answers as ``accepts``."""
    return _Keywords(partial=partial).validator()


class _Keywords:
    """Keyword functions in the form that jsonschema calls: (validator, here, value, node)."""

    def __init__(self, *, partial: bool) -> None:
        from jsonschema import Draft202012Validator, ValidationError

        self.partial = partial
        self.base = Draft202012Validator
        self.error = ValidationError

    def validator(self) -> Any:
        """A validator class; create it with a schema without references."""
        own = {
            "additionalProperties": self.free_keys,
            "items": self.items,
            "pattern": self.pattern,
            "patternProperties": self.pattern_keys,
            "properties": self.object_keys,
            "required": self.required,
            "type": self.typed,
            "x-kubernetes-int-or-string": self.typed,
            "x-kubernetes-list-type": self.list_type,
            KEYWORD: self.rules,
        }
        lenient = {keyword: self.lenient(keyword) for keyword in _LENIENT}
        return _extended(self.base, lenient | own)

    def object_keys(self, validator: Any, _here: Any, value: Any, node: Node) -> Errors:
        if not isinstance(value, dict):
            return
        for key, item in value.items():
            child = child_schema(node, key)
            if child is None:
                yield self.error("", validator="unknown-field", path=[key], instance=item)
            elif child and (item is not None or child.get("nullable")):
                yield from self.descend(validator, item, child, key)

    def pattern_keys(self, validator: Any, here: Any, value: Any, node: Node) -> Errors:
        if "properties" not in node:
            yield from self.object_keys(validator, here, value, node)

    def free_keys(self, validator: Any, here: Any, value: Any, node: Node) -> Errors:
        if "properties" not in node and "patternProperties" not in node:
            yield from self.object_keys(validator, here, value, node)

    def items(self, validator: Any, child: Any, value: Any, _node: Node) -> Errors:
        if isinstance(value, list) and isinstance(child, dict):
            for index, item in enumerate(value):
                yield from self.descend(validator, item, child, index)

    def descend(self, validator: Any, item: Any, child: Node, key: Any) -> Errors:
        if not accepts(item, child, partial=self.partial):
            yield from validator.descend(item, child, path=key)

    def required(self, _validator: Any, keys: list[str], value: Any, node: Node) -> Errors:
        if isinstance(value, dict) and not self.partial:
            for key in keys:
                if lacks(value, node, key):
                    yield self.error(key)

    def typed(self, _validator: Any, _here: Any, value: Any, node: Node) -> Errors:
        if not of_type(value, node) and not is_placeholder(value):
            yield self.error("")

    def list_type(self, _validator: Any, _here: Any, value: Any, node: Node) -> Errors:
        index = repeated_index(value, node) if isinstance(value, list) else None
        if index is not None:
            yield self.error("", path=[index])

    def rules(self, _validator: Any, _rules: Any, value: Any, node: Node) -> Errors:
        for text in [] if self.partial else broken_rules(value, node, is_known):
            yield self.error(text)

    def pattern(self, _validator: Any, text: str, value: Any, _node: Node) -> Errors:
        known = isinstance(value, str) and not is_placeholder(value)
        if known and not compiled(text).search(value):
            yield self.error("")

    def lenient(self, keyword: str) -> Any:
        """The standard keyword, silent about values that nobody knows yet."""
        standard = self.base.VALIDATORS[keyword]

        def rule(validator: Any, limit: Any, value: Any, node: Node) -> Errors:
            if value is not None and not is_placeholder(value):
                yield from standard(validator, limit, value, node) or ()

        return rule
