"""The shape of the config file: one declaration for the check, the JSON Schema and the docs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from argoflux.options import OPTIONS, Option, Value

if TYPE_CHECKING:
    from argoflux.text import Path, Side

SCHEMA_ID = "https://argoflux.dev/schemas/config.schema.json"

Raw = Callable[["Path"], str]


class Problem(NamedTuple):
    """Something wrong in the file, at a path, on its key or value."""

    path: Path
    on: Side
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A scalar. ``release`` takes ``2.9`` with or without quotes."""

    type: Literal["text", "switch", "release"] = "text"
    help: str = ""
    choices: tuple[str, ...] = ()
    pattern: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOf:
    """A list of one shape."""

    item: Shape
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """A mapping with known keys; ``free`` is the shape of every other one where that is allowed."""

    keys: Mapping[str, Shape] = field(default_factory=dict)
    free: Shape | None = None
    required: tuple[str, ...] = ()
    help: str = ""


Shape = Leaf | ListOf | Keys

_RELEASE = re.compile(r"v?\d+\.\d+(\.\d+)?\Z")
_DAY = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"


def _leaf(option: Option) -> Shape:
    if option.type == "list":
        return ListOf(item=Leaf(), help=option.help)
    if option.type == "switch":
        return Leaf(type="switch", help=option.help)
    return Leaf(help=option.help, choices=option.choices)


def _sections() -> dict[str, Shape]:
    """The keys that options have in the file: at the top, and one section for each command."""
    top: dict[str, Shape] = {}
    sections: dict[str, dict[str, Shape]] = {}
    for option in OPTIONS:
        if not option.key or option.key == "sources" or option.key.startswith("targets."):
            continue
        for command in option.commands or ("",):
            path = option.config_path(command)
            if len(path) == 1:
                top[path[0]] = _leaf(option)
            else:
                sections.setdefault(path[0], {})[path[1]] = _leaf(option)
    for name, keys in sections.items():
        top[name] = Keys(keys=keys, help=f"Options of `argoflux {name}`")
    return top


_RELEASES: dict[str, Shape] = {
    "argocd": Leaf(type="release", help="Release of Argo CD, such as 3.5"),
    "flux": Leaf(type="release", help="Release of Flux, such as 2.9"),
}
_PATH = Leaf(help="A pattern in the manner of .gitignore, from the folder of this file")

CONFIG = Keys(
    keys={
        **_sections(),
        "targets": Keys(
            keys={
                **_RELEASES,
                "paths": ListOf(
                    item=Keys(keys={"path": _PATH, **_RELEASES}, required=("path",)),
                    help="Other releases for some files; the last match wins",
                ),
            },
            help="The releases that both systems speak",
        ),
        "sources": Keys(free=Leaf(), help="Local copies of repositories: URL to folder"),
        "oci-sources": Keys(
            free=Leaf(choices=("chart", "manifests")),
            help="What an OCI source holds where its address does not tell",
        ),
        "ignore": ListOf(
            item=Keys(
                keys={
                    "codes": ListOf(item=Leaf(), help="Codes, prefixes of codes, or names"),
                    "path": _PATH,
                    "until": Leaf(pattern=_DAY, help="The last day, as 2027-01-31"),
                    "reason": Leaf(help="Why this is accepted"),
                },
                required=("codes",),
            ),
            help="Findings that are accepted",
        ),
    },
    help="Settings of argoflux",
)


def check(
    shape: Shape, value: Any, *, raw: Raw, values: dict[tuple[str, ...], Value], path: Path = ()
) -> Iterator[Problem]:
    """Every problem of a value, in document order; good option values go to ``values``.

    ``raw`` gives the text at a path as it was written.
    """
    match shape:
        case Keys():
            yield from _check_keys(shape, value, raw, values, path)
        case ListOf():
            if not isinstance(value, list):
                yield Problem(path, "value", f"{_shown(path)} must be a list, it is {_kind(value)}")
                return
            bad = False
            for index, item in enumerate(value):
                for problem in check(shape.item, item, raw=raw, values={}, path=(*path, index)):
                    bad = True
                    yield problem
            if isinstance(shape.item, Leaf) and not bad:
                _store(values, path, tuple(str(item) for item in value))
        case Leaf():
            problem_or_value = _check_leaf(shape, value, raw, path)
            if isinstance(problem_or_value, Problem):
                yield problem_or_value
            else:
                _store(values, path, problem_or_value)


def _store(values: dict[tuple[str, ...], Value], path: Path, value: Value) -> None:
    if all(isinstance(key, str) for key in path):
        values[tuple(str(key) for key in path)] = value


def _check_keys(
    shape: Keys, value: Any, raw: Raw, values: dict[tuple[str, ...], Value], path: Path
) -> Iterator[Problem]:
    if value is None and path:
        return
    if not isinstance(value, dict):
        yield Problem(path, "value", f"{_shown(path)} must be a mapping, it is {_kind(value)}")
        return
    for key, item in value.items():
        below = shape.keys.get(key, shape.free)
        if below is None:
            close = get_close_matches(str(key), shape.keys, 1, cutoff=0.5)
            hint = f"; did you mean `{close[0]}`?" if close else ""
            yield Problem((*path, key), "key", f"unknown key `{key}`{hint}")
        else:
            yield from check(below, item, raw=raw, values=values, path=(*path, key))
    for key in shape.required:
        if key not in value:
            yield Problem(path, "value", f"{_shown(path)} has no `{key}`")


def _check_leaf(shape: Leaf, value: Any, raw: Raw, path: Path) -> Problem | Value:
    name = _shown(path)
    if shape.type == "switch":
        if isinstance(value, bool):
            return value
        return Problem(path, "value", f"{name} must be true or false, it is {_kind(value)}")
    if shape.type == "release" and isinstance(value, int | float) and not isinstance(value, bool):
        value = raw(path).strip()
    if not isinstance(value, str):
        return Problem(path, "value", f"{name} must be text, it is {_kind(value)}")
    if shape.type == "release" and not _RELEASE.match(value):
        return Problem(path, "value", f"{name}: `{value}` is not a release such as 2.9")
    if shape.pattern and not re.match(shape.pattern, value):
        return Problem(path, "value", f"{name}: `{value}` is not a day such as 2027-01-31")
    if shape.choices and value not in shape.choices:
        close = get_close_matches(value, shape.choices, 1)
        hint = f"did you mean `{close[0]}`?" if close else f"say {', '.join(shape.choices)}"
        return Problem(path, "value", f"{name}: `{value}` is not known; {hint}")
    return value


def _shown(path: Path) -> str:
    from argoflux.text import path_text

    return f"`{path_text(path)}`" if path else "the file"


def _kind(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    names = {dict: "a mapping", list: "a list", str: "text", int: "a number", float: "a number"}
    return next((text for kind, text in names.items() if isinstance(value, kind)), "something else")


def config_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the config file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": ".argoflux.yaml",
        **_schema(CONFIG),
    }


def _schema(shape: Shape) -> dict[str, Any]:
    about = {"description": shape.help} if shape.help else {}
    match shape:
        case ListOf():
            return {**about, "type": "array", "items": _schema(shape.item)}
        case Keys():
            out: dict[str, Any] = {**about, "type": ["object", "null"] if shape.free else "object"}
            if shape.keys:
                out["properties"] = {key: _schema(shape.keys[key]) for key in sorted(shape.keys)}
            out["additionalProperties"] = _schema(shape.free) if shape.free else False
            if shape.required:
                out["required"] = list(shape.required)
            return out
        case Leaf():
            return {**about, **_leaf_schema(shape)}


def _leaf_schema(leaf: Leaf) -> dict[str, Any]:
    if leaf.type == "switch":
        return {"type": "boolean"}
    if leaf.type == "release":
        return {"type": ["string", "number"], "pattern": r"^v?\d+\.\d+(\.\d+)?$"}
    if leaf.choices:
        return {"type": "string", "enum": list(leaf.choices)}
    return {"type": "string", "pattern": leaf.pattern} if leaf.pattern else {"type": "string"}
