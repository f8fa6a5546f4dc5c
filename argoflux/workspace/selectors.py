"""Which objects a kustomize patch applies to."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Requirement = tuple[str, str, frozenset[str]]
"""Key, operator (in, notin, exists, absent) and values of a label selector."""

_UNBOUNDED = re.compile(r"(?<!\\)(?:[+*]|\{\d+,\d*\})")
_SIMPLE_GROUP = re.compile(r"\([^()|*+?{}]*\)(?=[*+{])")
_REPEATED_GROUP = re.compile(r"\)[*+{]|[*+}][*+{]")
_UNBOUNDED_LIMIT = 3
_LENGTH_LIMIT = 500
_SET_TERM = re.compile(r"\s*([^\s=!,()]+)\s+(in|notin)\s*\(([^)]*)\)\s*\Z")
_TERM = re.compile(r"\s*(!?)\s*([^\s=!,()]+)\s*(?:(==|=|!=)\s*([^\s,()=!]*)\s*)?\Z")
_FIELDS = ("group", "version", "kind", "name", "namespace")


class SelectorError(ValueError):
    """A target that cannot be evaluated; the text says why."""


class Identity(NamedTuple):
    """What kustomize identifies an object by; an empty namespace is ``default``."""

    group: str
    version: str
    kind: str
    name: str
    namespace: str

    def same(self, other: Identity) -> bool:
        """Equality with the empty namespace taken for ``default``."""
        return self[:4] == other[:4] and (self.namespace or "default") == (
            other.namespace or "default"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A patch target: anchored regular expressions and two label selectors."""

    patterns: Mapping[str, re.Pattern[str]]
    labels: tuple[Requirement, ...] = ()
    annotations: tuple[Requirement, ...] = ()

    def matches(
        self,
        current: Identity,
        original: Identity,
        labels: Mapping[str, str],
        annotations: Mapping[str, str],
    ) -> bool:
        """Whether an object is a target.

        Name and namespace may match the original or the current identity
        (kubernetes-sigs/kustomize:api/resmap/reswrangler.go Select).
        """
        for field, pattern in self.patterns.items():
            now, before = getattr(current, field), getattr(original, field)
            if field == "namespace":
                now, before = now or "default", before or "default"
            hit = pattern.fullmatch(now)
            if field in {"name", "namespace"}:
                hit = hit or pattern.fullmatch(before)
            if hit is None:
                return False
        return all(_holds(labels, r) for r in self.labels) and all(
            _holds(annotations, r) for r in self.annotations
        )


def parse_target(target: Mapping[str, Any]) -> Target:
    """Read ``patches[].target``; raises SelectorError."""
    patterns: dict[str, re.Pattern[str]] = {}
    for field in _FIELDS:
        text = target.get(field)
        if text is None or text == "":
            continue
        patterns[field] = pattern_of(str(text))
    return Target(
        patterns=patterns,
        labels=parse_selector(target.get("labelSelector")),
        annotations=parse_selector(target.get("annotationSelector")),
    )


def pattern_of(text: str) -> re.Pattern[str]:
    """Compile a pattern that Go wrote; what could run for long here, unlike there, is refused.

    Raises SelectorError.
    """
    repeats = len(_UNBOUNDED.findall(text))
    nested = _REPEATED_GROUP.search(_SIMPLE_GROUP.sub("x", text))
    if nested or repeats > _UNBOUNDED_LIMIT or len(text) > _LENGTH_LIMIT:
        raise SelectorError(f"the pattern `{text[:60]}` is too complex to evaluate")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return re.compile(text)
    except (re.error, OverflowError, Warning) as error:
        raise SelectorError(f"`{text[:60]}` is not a regular expression") from error


def parse_selector(text: object) -> tuple[Requirement, ...]:
    """Read a label selector such as ``app=web,tier in (a,b),!legacy``; raises SelectorError."""
    if text is None or text == "":
        return ()
    if not isinstance(text, str):
        raise SelectorError("a selector must be text")
    out: list[Requirement] = []
    for term in re.split(r",(?![^(]*\))", text):
        in_set = _SET_TERM.match(term)
        if in_set is not None:
            values = frozenset(part.strip() for part in in_set[3].split(","))
            out.append((in_set[1], in_set[2], values))
            continue
        simple = _TERM.match(term)
        if simple is None or (simple[1] and simple[3]):
            raise SelectorError(f"`{text[:60]}` is not a label selector")
        if simple[3] is None:
            out.append((simple[2], "absent" if simple[1] else "exists", frozenset()))
        else:
            operator = "notin" if simple[3] == "!=" else "in"
            out.append((simple[2], operator, frozenset({simple[4]})))
    return tuple(out)


_HOLDS: dict[str, Callable[[str | None, frozenset[str]], bool]] = {
    "in": lambda value, values: value in values,
    "notin": lambda value, values: value not in values,
    "exists": lambda value, _: value is not None,
    "absent": lambda value, _: value is None,
}


def _holds(labels: Mapping[str, str], requirement: Requirement) -> bool:
    key, operator, values = requirement
    return _HOLDS[operator](labels.get(key), values)
