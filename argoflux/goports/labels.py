"""Label selectors of Kubernetes, as text and as an object.

Facts: kubernetes/apimachinery:pkg/labels/selector.go (Parse, Requirement.Matches). Values are not
checked against the rules for label values.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TERM = re.compile(
    r"""\s*(?:
        (?P<absent>!)\s*(?P<missing>[\w./-]+)
        |(?P<key>[\w./-]+)\s*(?:
            (?P<operator>==|=|!=|>|<)\s*(?P<value>[\w./-]*)
            |\s(?P<set>in|notin)\s*\((?P<values>[^()]*)\)
        )?
    )\s*(?:,|\Z)""",
    re.VERBOSE,
)


class SelectorError(ValueError):
    """A selector that Kubernetes does not take; the text says why."""


class Requirement(NamedTuple):
    """One condition: ``in``, ``notin``, ``exists``, ``absent``, ``gt`` or ``lt`` of a key."""

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def holds(self, labels: Mapping[str, str]) -> bool:
        """Whether labels meet the condition; ``notin`` is met by a label that is not there."""
        value = labels.get(self.key)
        match self.operator:
            case "in":
                return value in self.values
            case "notin":
                return value not in self.values
            case "exists":
                return value is not None
            case "absent":
                return value is None
            case other:
                return _compares(value, other, self.values[0])


def _compares(value: str | None, operator: str, bound: str) -> bool:
    try:
        found, limit = int(value or ""), int(bound)
    except ValueError:
        return False
    return found > limit if operator == "gt" else found < limit


def parse(text: str) -> tuple[Requirement, ...]:
    """Read ``a=b, c in (d, e), !f``; raises SelectorError."""
    found: list[Requirement] = []
    at = 0
    while at < len(text) and text[at:].strip():
        match = _TERM.match(text, at)
        if match is None:
            raise SelectorError(f"`{text}` is no label selector")
        found.append(_requirement(match))
        at = match.end()
    return tuple(found)


def _requirement(match: re.Match[str]) -> Requirement:
    if match["absent"]:
        return Requirement(match["missing"], "absent")
    key = match["key"]
    if match["set"]:
        values = tuple(value.strip() for value in match["values"].split(","))
        return Requirement(key, match["set"], values)
    operator = {"=": "in", "==": "in", "!=": "notin", ">": "gt", "<": "lt"}.get(
        match["operator"] or "", "exists"
    )
    return Requirement(key, operator, () if operator == "exists" else (match["value"],))


def selects(text: str, labels: Mapping[str, str]) -> bool:
    """Whether labels are what a selector asks for; an empty one takes all. Raises SelectorError."""
    return all(requirement.holds(labels) for requirement in parse(text))


def requirements(selector: Any) -> Iterator[Requirement]:
    """The conditions of ``{matchLabels, matchExpressions}``; raises SelectorError."""
    if not isinstance(selector, dict):
        return
    wanted = selector.get("matchLabels")
    for key, value in wanted.items() if isinstance(wanted, dict) else ():
        yield Requirement(str(key), "in", (str(value),))
    rules = selector.get("matchExpressions")
    for rule in rules if isinstance(rules, list) else ():
        if isinstance(rule, dict):
            yield _expression(rule)


def _expression(rule: Mapping[str, Any]) -> Requirement:
    operators = {"In": "in", "NotIn": "notin", "Exists": "exists", "DoesNotExist": "absent"}
    operator = operators.get(str(rule.get("operator")))
    if operator is None:
        raise SelectorError(f"there is no operator `{rule.get('operator')}`")
    values = rule.get("values")
    stated = tuple(str(value) for value in values) if isinstance(values, list) else ()
    if (operator in {"in", "notin"}) != bool(stated):
        raise SelectorError(f"`{rule.get('operator')}` has the wrong number of values")
    return Requirement(str(rule.get("key")), operator, stated)
