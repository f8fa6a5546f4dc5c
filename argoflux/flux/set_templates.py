"""Templates of ResourceSets as templates of an ApplicationSet.

flux-operator renders each resource as YAML text and reads the result again, so a value may change
its type (flux-operator:internal/builder/resourceset.go BuildResource); Argo CD fills in texts only
(argo-cd:applicationset/utils/utils.go). What would differ for some inputs is refused.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from argoflux.mapping.resource_set import F2A_FO_006, F2A_FO_007
from argoflux.text import SourceFile, path_text
from argoflux.yamlio.dump import dump
from argoflux.yamlio.load import load_text
from argoflux.yamlio.tree import Map, Seq

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from argoflux.mapping.verdict import Message
    from argoflux.text import Path

_TOKEN = re.compile(r"<<(.*?)>>", re.DOTALL)
_INPUT = re.compile(r"\s*inputs((?:\.[A-Za-z_][A-Za-z0-9_]*)+)\s*(\|\s*quote\s*)?\Z")
_KEEP_TYPE = "state the value in the template, or make it a text"


class NoCounterpart(Exception):  # noqa: N818  # a finding, not an error
    """A set that no ApplicationSet repeats."""

    def __init__(self, message: Message, **facts: Any) -> None:
        super().__init__(message.code)
        self.message = message
        self.facts = facts


class SetTemplates:
    """Rewrites the templates of one set, whose ``inputs`` are known."""

    def __init__(self, inputs: Sequence[Mapping[str, Any]]) -> None:
        """``inputs`` are the values of each object to make."""
        self.inputs = inputs

    def rewrite(self, value: Any, at: Path) -> Any:
        """The value with ``{{ }}``; raises NoCounterpart with the place that cannot be rewritten."""
        if isinstance(value, dict):
            for key in value:
                if "<<" in str(key):
                    raise _refused(f"`{path_text((*at, key))}` is a key that is filled in")
            return Map({key: self.rewrite(item, (*at, key)) for key, item in value.items()})
        if isinstance(value, list):
            return Seq(self.rewrite(item, (*at, n)) for n, item in enumerate(value))
        return self._text(value, at) if isinstance(value, str) else value

    def _text(self, text: str, at: Path) -> str:
        if "<<" not in text:
            return _literal(text)
        for inputs in self.inputs:
            self._check(text, inputs, at)
        parts: list[str] = []
        end = 0
        for match in _TOKEN.finditer(text):
            path, _quoted = _input(match[1], at)
            parts += [_literal(text[end : match.start()]), f"{{{{ {path} }}}}"]
            end = match.end()
        return "".join([*parts, _literal(text[end:])])

    def _check(self, text: str, inputs: Mapping[str, Any], at: Path) -> None:
        """Refuse what YAML reads as something else than the text that Argo CD fills in."""

        def yaml(match: re.Match[str]) -> str:
            path, quoted = _input(match[1], at)
            value = _value(inputs, path)
            return json.dumps(value, ensure_ascii=False) if quoted else _shown(value, at)

        def plain(match: re.Match[str]) -> str:
            return _shown(_value(inputs, _input(match[1], at)[0]), at)

        source = SourceFile("inputs", _TOKEN.sub(yaml, dump({"value": text})))
        documents = load_text(source).documents
        body = documents[0].body if documents else None
        read = body.get("value") if isinstance(body, dict) else None
        if read != _TOKEN.sub(plain, text):
            raise _refused(f"`{path_text(at)}` becomes another value than the text of its inputs")


def _refused(why: str) -> NoCounterpart:
    return NoCounterpart(F2A_FO_007, why=why, remedy=_KEEP_TYPE)


def _input(expression: str, at: Path) -> tuple[str, bool]:
    """The path of an input (``.tenant``), and whether it is quoted."""
    found = _INPUT.match(expression)
    if found is None:
        raise _refused(f"`<<{expression}>>` at `{path_text(at)}` is more than an input")
    return found[1], found[2] is not None


def _value(inputs: Mapping[str, Any], path: str) -> Any:
    value: Any = inputs
    for name in path.removeprefix(".").split("."):
        if not isinstance(value, dict) or name not in value:
            raise NoCounterpart(F2A_FO_006, input=path.removeprefix("."))
        value = value[name]
    return value


def _shown(value: Any, at: Path) -> str:
    """A scalar as both template engines print it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int):
        return str(value)
    raise _refused(f"`{path_text(at)}` takes an input that is no text, switch or whole number")


def _literal(text: str) -> str:
    """Text that Argo CD's templates leave as it is."""
    return text.replace("{{", '{{ "{{" }}')
