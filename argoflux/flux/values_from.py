"""Values of a HelmRelease, composed as helm-controller does it.

Facts: fluxcd/pkg:chartutil/values.go ChartValuesFromReferences and ReplacePathValue, chartutil/merge.go.
References are merged in order and the inline values last. A reference with a ``targetPath`` merges
the inline values first; maps are shared, not copied, and that decides which of the two wins: the
algorithm is kept as it is, sharing included.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from argoflux.flux.fields import flag, pairs, tables, text
from argoflux.goports.strvals import (
    StrvalsError,
    parse_into,
    parse_into_string,
    parse_literal_into,
)
from argoflux.text import SourceFile
from argoflux.yamlio.tree import MISSING, dig

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Fate = Literal["inlined", "secret", "absent", "skipped", "broken"]
"""What became of a reference: its values are in the result; they are secret and stay out; the object
or key is not in the input; it is optional and not there; its text cannot be read."""

_DEFAULT_KEY = "values.yaml"
_QUOTES = "'\""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One entry of ``valuesFrom`` with its fate; ``why`` explains a broken one."""

    kind: str
    name: str
    key: str
    target: str
    fate: Fate
    why: str = ""


@dataclass(slots=True)
class Composition:
    """The values of a release, and what became of each reference.

    ``overruled`` are references to a path whose value the inline values replaced, against what
    the documentation says.
    """

    values: dict[str, Any]
    references: list[Reference] = field(default_factory=list)
    overruled: list[str] = field(default_factory=list)


def compose(
    spec: Mapping[str, Any], find: Callable[[str, str], Mapping[str, Any] | None]
) -> Composition:
    """The values that the chart gets; ``find`` looks up an object by kind and name.

    Secrets are asked for their keys only: their values never enter the result.
    """
    inline = _plain(spec.get("values")) if isinstance(spec.get("values"), dict) else {}
    stated_values = _plain(inline)
    composition = Composition({})
    result: dict[str, Any] = {}
    for stated in tables(spec, "valuesFrom"):
        reference, data = _read(stated, find)
        if reference.fate == "inlined":
            try:
                result = _merged_in(result, inline, stated, data)
            except _BadData as why:
                reference = replace(reference, fate="broken", why=str(why))
        composition.references.append(reference)
    merged = merge(result, inline)
    for stated, reference in zip(tables(spec, "valuesFrom"), composition.references, strict=True):
        to_path = reference.fate == "inlined" and bool(reference.target)
        if to_path and _overruled(stated, stated_values, merged, find):
            where = f"{reference.target} ({reference.kind}/{reference.name})"
            composition.overruled.append(where)
    composition.values = merged
    return composition


class _BadData(Exception):  # noqa: N818  # becomes the fate of a reference
    """The text of a reference is no map of values, or its path is no path."""


def _read(
    stated: Mapping[str, Any], find: Callable[[str, str], Mapping[str, Any] | None]
) -> tuple[Reference, str]:
    kind, name = text(stated, "kind") or "", text(stated, "name") or ""
    key = text(stated, "valuesKey") or _DEFAULT_KEY
    target = text(stated, "targetPath") or ""
    found = find(kind, name)
    fate: Fate = "inlined"
    data = ""
    if kind == "Secret":
        fate = "secret"
    elif found is None:
        fate = "skipped" if flag(stated, "optional") else "absent"
    else:
        keys = pairs(found, "data")
        if key not in keys:
            fate = "skipped" if flag(stated, "optional") else "absent"
        data = keys.get(key, "")
    return Reference(kind=kind, name=name, key=key, target=target, fate=fate), data


def _merged_in(
    result: dict[str, Any], inline: dict[str, Any], stated: Mapping[str, Any], data: str
) -> dict[str, Any]:
    target = text(stated, "targetPath")
    if target is None:
        return merge(result, _values_of(data))
    result = merge(result, inline)
    try:
        if flag(stated, "literal"):
            parse_literal_into(f"{target}={data}", result)
        elif data[:1] in _QUOTES and data[-1:] in _QUOTES and data[:1] == data[-1:] != "":
            parse_into_string(f"{target}={data.strip(_QUOTES)}", result)
        else:
            parse_into(f"{target}={data}", result)
    except StrvalsError as error:
        raise _BadData(str(error)) from error
    return result


def merge(one: dict[str, Any], two: Mapping[str, Any]) -> dict[str, Any]:
    """A new map of both; maps under one key are merged, everything else is replaced by ``two``.

    Maps that only one side has are shared with it.
    """
    out = dict(one)
    for key, value in two.items():
        known = out.get(key)
        if isinstance(value, dict) and isinstance(known, dict):
            out[key] = merge(known, value)
        else:
            out[key] = value
    return out


def _values_of(data: str) -> dict[str, Any]:
    """The map in a text of values; an empty text is an empty map."""
    from argoflux.yamlio.load import load_text

    loaded = load_text(SourceFile("values", data))
    bodies = [document.body for document in loaded.documents if document.body is not None]
    if not bodies and not any(finding.severity == "error" for finding in loaded.findings):
        return {}
    if not bodies or not isinstance(bodies[0], dict):
        raise _BadData("its text is no map of values")
    plain: dict[str, Any] = _plain(bodies[0])
    return plain


def _overruled(
    stated: Mapping[str, Any],
    inline: Mapping[str, Any],
    merged: dict[str, Any],
    find: Callable[[str, str], Mapping[str, Any] | None],
) -> bool:
    """Whether the inline values beat a reference to a path, which they should not by the docs."""
    _, data = _read(stated, find)
    node: Any = _merged_in({}, {}, stated, data)
    steps: list[str] = []
    while isinstance(node, dict) and len(node) == 1:
        key, node = next(iter(node.items()))
        steps.append(key)
    final, own = dig(merged, *steps), dig(inline, *steps)
    return own is not MISSING and final == own and final != node


def _plain(value: Any) -> Any:
    """Plain maps and lists of one's own: the algorithm changes them."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return copy.copy(value)
