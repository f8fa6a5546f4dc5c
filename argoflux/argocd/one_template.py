"""Several Applications as one template: what is equal, what differs as text, and a patch for the rest.

Texts of a template are filled in one by one, so only a text can differ there; the patch is filled in
as a whole and read afterwards, so it brings values of any type (argo-cd:applicationset/utils/utils.go
RenderTemplateParams, argo-cd:applicationset/controllers/template/patch.go).
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from argoflux.yamlio.tree import MISSING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from argoflux.text import Path

_WORD = re.compile(r"[A-Za-z0-9]+")
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_FALLBACK = "value"
_RESERVED = frozenset({"yes", "no", "on", "off", "null", "true", "false", "y", "n"})


@dataclass(slots=True)
class OneTemplate:
    """The template, the parameters of each Application, and the patch as text (often empty).

    ``names`` gives the parameter that stands for each path of an Application that differs.
    """

    template: dict[str, Any]
    elements: list[dict[str, Any]]
    patch: str = ""
    names: dict[Path, str] = field(default_factory=dict)

    def parameter(self, path: Path) -> tuple[Path, str] | None:
        """The path at or above this one that differs, with its parameter; None when all are equal."""
        for end in range(len(path), 0, -1):
            name = self.names.get(path[:end])
            if name is not None:
                return path[:end], name
        return None


def one_template(
    bodies: Sequence[dict[str, Any]], first: Sequence[Path] = (), alone: Collection[Path] = ()
) -> OneTemplate:
    """Fold documents of one shape; ``first`` are the paths whose parameters come first.

    Paths whose values are the same in every document share a parameter, but for those of ``alone``.
    """
    found = OneTemplate({}, [{} for _ in bodies])
    folding = _Folding(found, frozenset(alone))
    for path in first:
        folding.name(path, [_at(body, path) for body in bodies])
    found.template = folding.walk((), list(bodies))
    found.patch = "".join(f"{line}\n" for line in _lines(folding.patch))
    return found


class _Folding:
    """The walk through all documents at once."""

    def __init__(self, found: OneTemplate, alone: frozenset[Path]) -> None:
        self.found = found
        self.alone = alone
        self.patch: dict[str, Any] = {}

    def walk(self, path: Path, values: list[Any]) -> Any:
        """The template's value at a path that all documents have; MISSING where a patch brings it."""
        one = values[0]
        if all(_same(one, value) for value in values):
            return _literal(one)
        if all(isinstance(value, dict) for value in values) and set.intersection(*map(set, values)):
            return self._walk_map(path, values)
        if all(isinstance(value, str) for value in values):
            return f"{{{{ .{self.name(path, values)} }}}}"
        self._patch(path, values)
        return MISSING

    def _walk_map(self, path: Path, values: list[Any]) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for key in dict.fromkeys(key for value in values for key in value):
            own = [value.get(key, MISSING) for value in values]
            if any(value is MISSING for value in own):
                self._patch((*path, key), own)
                continue
            made = self.walk((*path, key), own)
            if made is not MISSING:
                out[_literal(key)] = made
        return out

    def _patch(self, path: Path, values: list[Any]) -> None:
        """Let a patch bring the value: switches and numbers as they are, all else as JSON."""
        scalars = all(isinstance(value, bool | int) for value in values)
        shown = [_scalar(value) for value in values] if scalars else values
        name = self.name(path, shown)
        text = f"{{{{ .{name} }}}}" if scalars else f"{{{{ toJson .{name} }}}}"
        if any(value is MISSING for value in shown):
            text = f'{{{{ if hasKey . "{name}" }}}}{text}{{{{ else }}}}null{{{{ end }}}}'
        node = self.patch
        for key in path[:-1]:
            node = node.setdefault(str(key), {})
        node[str(path[-1])] = text

    def name(self, path: Path, values: list[Any]) -> str:
        """The parameter for these values: one that has the same everywhere, or a new one."""
        known = self.found.names.get(path)
        if known is not None:
            return known
        elements = self.found.elements
        if path not in self.alone:
            single = {self.found.names[other] for other in self.alone & self.found.names.keys()}
            for name in dict.fromkeys(n for n in self.found.names.values() if n not in single):
                pairs = zip(elements, values, strict=True)
                if all(_same(each.get(name, MISSING), value) for each, value in pairs):
                    self.found.names[path] = name
                    return name
        name = self._new_name(path)
        self.found.names[path] = name
        for element, value in zip(elements, values, strict=True):
            if value is not MISSING:
                element[name] = copy.deepcopy(value)
        return name

    def _new_name(self, path: Path) -> str:
        """After the last key, with the keys above it where that is taken."""
        taken = set(self.found.names.values())
        words: list[str] = []
        for key in reversed(path):
            words = [*_words(str(key)), *words]
            name = _camel(words)
            if name not in taken:
                return name
        number = 2
        while f"{_camel(words)}{number}" in taken:
            number += 1
        return f"{_camel(words)}{number}"


def _words(key: str) -> list[str]:
    return _WORD.findall(key.rpartition("/")[2])


def _camel(words: Sequence[str]) -> str:
    joined = "".join(word if n == 0 else word[0].upper() + word[1:] for n, word in enumerate(words))
    return joined if joined and joined[0].isalpha() else f"{_FALLBACK}{joined}"


def _scalar(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _same(one: Any, other: Any) -> bool:
    """Equality that tells a switch from a number, at any depth."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and bool(one == other)


def _at(body: Mapping[str, Any], path: Path) -> Any:
    node: Any = body
    for key in path:
        node = node[key]
    return node


def _literal(value: Any) -> Any:
    """A value that the template engine leaves as it is."""
    if isinstance(value, dict):
        return {_literal(key): _literal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_literal(item) for item in value]
    return value.replace("{{", '{{ "{{" }}') if isinstance(value, str) else value


def _lines(node: Mapping[str, Any], indent: str = "") -> list[str]:
    lines: list[str] = []
    for key, value in node.items():
        shown = _key(key)
        if isinstance(value, dict):
            lines += [f"{indent}{shown}:", *_lines(value, f"{indent}  ")]
        else:
            lines.append(f"{indent}{shown}: {value}")
    return lines


def _key(key: str) -> str:
    """A key of the patch, quoted where YAML or the template engine would read something else."""
    if _PLAIN_KEY.match(key) and key.lower() not in _RESERVED:
        return key
    text = key.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + _escaped(text) + '"'


def _escaped(text: str) -> str:
    return text.replace("{{", "{{ `{{` }}")
