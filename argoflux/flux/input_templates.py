"""One template for objects that differ by the inputs they are made with.

A ResourceSet renders each of its resources as YAML text with Go templates in ``<< >>``, once per set
of inputs (flux-operator:internal/builder/resourceset.go BuildResource). What the template must be is
found from the objects themselves; the result is then rendered and compared with every one of them.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from argoflux.text import SourceFile, path_text
from argoflux.yamlio.dump import dump
from argoflux.yamlio.load import load_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from argoflux.text import Path

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_EXPRESSION = re.compile(r"<< inputs\.([A-Za-z0-9_.]+)( \| quote)? >>")
_OPEN = "<<"
_LONGEST = 400
"""Characters of a text that is searched for inputs."""


class NoTemplate(ValueError):  # noqa: N818  (says what there is not)
    """Objects that no template with their inputs gives; the text says where."""


class InputTemplates:
    """Templates over one list of inputs; ``used`` collects the inputs that they name."""

    def __init__(self, inputs: Sequence[Mapping[str, Any]]) -> None:
        """``inputs`` are plain values, one mapping per object."""
        self._inputs = [_flat(one) for one in inputs]
        names = set.intersection(*(set(one) for one in self._inputs)) if self._inputs else set()
        self._differing = sorted(
            (name for name in names if len({repr(one[name]) for one in self._inputs}) > 1),
            key=lambda name: (-len(str(self._inputs[0][name])), name),
        )
        self.used: set[str] = set()

    def of(self, objects: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """The template that gives each object from its inputs; raises NoTemplate."""
        template: dict[str, Any] = self._value(list(objects), ())
        for number, wanted in enumerate(objects):
            if self._rendered(template, number) != wanted:
                raise NoTemplate("its YAML reads differently once the inputs are filled in")
        return template

    def _rendered(self, template: Mapping[str, Any], number: int) -> Any:
        def fill(match: re.Match[str]) -> str:
            value = self._inputs[number][match[1]]
            return json.dumps(value) if match[2] else _shown(value)

        text = _EXPRESSION.sub(fill, dump(template))
        loaded = load_text(SourceFile("template", text))
        return loaded.documents[0].body if loaded.documents and not loaded.findings else None

    def _value(self, values: list[Any], at: Path) -> Any:
        first = values[0]
        if isinstance(first, dict):
            if any(not isinstance(one, dict) or one.keys() != first.keys() for one in values):
                raise NoTemplate(f"{path_text(at) or 'what it has'} is not the same everywhere")
            return {key: self._value([one[key] for one in values], (*at, key)) for key in first}
        if isinstance(first, list):
            if any(not isinstance(one, list) or len(one) != len(first) for one in values):
                raise NoTemplate(f"{path_text(at)} has not the same items everywhere")
            return [
                self._value([one[number] for one in values], (*at, number))
                for number in range(len(first))
            ]
        if all(one == first and type(one) is type(first) for one in values):
            if isinstance(first, str) and _OPEN in first:
                raise NoTemplate(f"{path_text(at)} holds `<<`, which a ResourceSet would read")
            return first
        found = self._text(values) if all(isinstance(one, str) for one in values) else None
        found = found or self._whole(values)
        if found is None:
            raise NoTemplate(f"{path_text(at)} cannot be written with its inputs")
        return found

    def _whole(self, values: list[Any]) -> str | None:
        """The input that is the value itself, for values that are no texts."""
        for name in self._differing:
            found = [one[name] for one in self._inputs]
            same = [type(a) is type(b) and a == b for a, b in zip(found, values, strict=True)]
            if all(same):
                self.used.add(name)
                return f"<< inputs.{name} >>"
        return None

    def _text(self, values: list[str]) -> str | None:
        if any(_OPEN in value or len(value) > _LONGEST for value in values):
            return None
        pieces = self._pieces(values, tuple(0 for _ in values), set())
        if pieces is None:
            return None
        names = [name for name, is_input in pieces if is_input]
        self.used.update(names)
        if len(pieces) == 1:
            return f"<< inputs.{names[0]} | quote >>"
        return "".join(f"<< inputs.{text} >>" if is_input else text for text, is_input in pieces)

    def _pieces(
        self, values: list[str], at: tuple[int, ...], seen: set[tuple[int, ...]]
    ) -> list[tuple[str, bool]] | None:
        """Inputs and characters that make up every value from these positions on."""
        if all(end == len(value) for end, value in zip(at, values, strict=True)):
            return []
        if at in seen:
            return None
        seen.add(at)
        for name in self._differing:
            parts = [_shown(one[name]) for one in self._inputs]
            if not all(v.startswith(p, i) for v, p, i in zip(values, parts, at, strict=True)):
                continue
            after = tuple(i + len(p) for i, p in zip(at, parts, strict=True))
            rest = self._pieces(values, after, seen) if after != at else None
            if rest is not None:
                return [(name, True), *rest]
        heads = {value[i : i + 1] for value, i in zip(values, at, strict=True)}
        if len(heads) != 1 or "" in heads:
            return None
        rest = self._pieces(values, tuple(i + 1 for i in at), seen)
        if rest is None:
            return None
        head = heads.pop()
        if rest and not rest[0][1]:
            return [(head + rest[0][0], False), *rest[1:]]
        return [(head, False), *rest]


def _flat(value: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Scalars by their dotted path; what a template cannot name in that way is left out."""
    out: dict[str, Any] = {}
    for key, item in value.items():
        if not _NAME.match(key):
            continue
        if isinstance(item, dict):
            out |= _flat(item, f"{prefix}{key}.")
        elif isinstance(item, str | int | float):
            out[f"{prefix}{key}"] = item
    return out


def _shown(value: Any) -> str:
    """What a Go template prints for a scalar."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
