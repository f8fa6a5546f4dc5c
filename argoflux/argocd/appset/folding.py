"""Whether one template with inputs can stand for all Applications of a set."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.argocd.appset.clusters import LOCAL_NAME
from argoflux.argocd.shapes import block, items

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TAG = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_WORD = re.compile(r"[A-Za-z0-9_./-]+")
_KINDS = {"list", "clusters"}
_LEAST = 2


class Folding(NamedTuple):
    """The generator that makes all Applications, or what stands against one template for them."""

    kind: str = ""
    obstacle: str = ""


def folding(spec: Mapping[str, Any], params: Sequence[Mapping[str, Any]]) -> Folding:
    """What the generators of a spec allow, given the parameters of each Application."""
    generators = items(spec, "generators")
    kinds = [
        key for item in generators if isinstance(item, dict) for key in item if key != "selector"
    ]
    if len(kinds) != 1:
        return Folding(obstacle="several generators make its Applications")
    if kinds[0] not in _KINDS:
        return Folding(obstacle=f"its generator is `{kinds[0]}`, not `list` or `clusters`")
    if len(params) < _LEAST:
        return Folding(obstacle="what differs between its objects shows in two or more only")
    generator = block(generators[0], kinds[0])
    if kinds[0] == "clusters" and generator.get("flatList") is True:
        return Folding(obstacle="`flatList` makes one Application of all clusters")
    if kinds[0] == "clusters" and any(one.get("name") == LOCAL_NAME for one in params):
        return Folding(obstacle="the cluster of Argo CD itself needs other objects than the others")
    fixed = _fixed_values(generator) if kinds[0] == "clusters" else frozenset()
    same = _ambiguous(spec, params, fixed)
    if same:
        return Folding(obstacle=f"`{same}` has the same value in all of them")
    return Folding(kind=kinds[0])


def _fixed_values(generator: Mapping[str, Any]) -> frozenset[str]:
    """The ``values`` that are the same for clusters to come."""
    stated = block(generator, "values")
    return frozenset(f"values.{key}" for key, value in stated.items() if "{{" not in str(value))


def _ambiguous(
    spec: Mapping[str, Any], params: Sequence[Mapping[str, Any]], fixed: frozenset[str]
) -> str:
    """A parameter that the template names while its value is always the same.

    Nothing in the objects tells then where it was filled in.
    """
    text = json.dumps([spec.get("template"), spec.get("templatePatch")])
    words = {word for tag in _TAG.findall(text) for word in _WORD.findall(tag)}
    named = {part for word in words for part in (word.lstrip("."), word.rpartition(".")[2])}
    paths = [_paths(one) for one in params]
    for path in sorted(paths[0]) if paths else ():
        values = {repr(one.get(path)) for one in paths}
        if len(values) == 1 and path not in fixed and {path, path.rpartition(".")[2]} & named:
            return path
    return ""


def _paths(value: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, item in value.items():
        if isinstance(item, dict):
            out |= _paths(item, f"{prefix}{key}.")
        else:
            out[f"{prefix}{key}"] = item
    return out


def inputs_of(params: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters as plain values: whole numbers are whole, dotted names of ``values`` are maps."""
    out: dict[str, Any] = {}
    for key, value in params.items():
        head, dot, rest = key.partition(".")
        if dot and head == "values":
            out.setdefault(head, {})[rest] = _plain(value)
        else:
            out[key] = _plain(value)
    return out


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    whole = isinstance(value, float) and value.is_integer()
    return int(value) if whole else value
