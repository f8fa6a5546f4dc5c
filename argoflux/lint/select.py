"""Which rules run, and how much their findings weigh: codes, prefixes, names and profiles."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from argoflux.errors import UsageError
from argoflux.finding import Severity
from argoflux.lint.registry import ENGINE_RULES, rule_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from argoflux.finding import Finding
    from argoflux.lint.rule import Rule

_SECURITY = "AF5"
_PRODUCTION = ("AF501", "AF513", "AF704")
_TENANCY = tuple(f"AF{number}" for number in range(505, 513))
_DIGITS = str.maketrans("OIL", "011")
"""Letters that people take for the digits of a code."""
_UP = {Severity.INFO: Severity.WARNING, Severity.WARNING: Severity.ERROR}


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The rules of a run by code, and the profile that they are judged in.

    ``named`` tells that somebody asked for them: they run whatever profile they belong to.
    """

    codes: frozenset[str]
    profile: str = "recommended"
    named: bool = True

    def takes(self, rule: Rule) -> bool:
        """Whether a rule runs."""
        mine = self.named or not rule.only or self.profile in rule.only
        return rule.code in self.codes and mine

    def severity(self, finding: Finding) -> Severity:
        """The weight of a finding in the profile."""
        code, given = finding.code, finding.severity
        raised = (
            (self.profile == "strict" and (given is Severity.INFO or code.startswith(_SECURITY)))
            or (self.profile == "production" and code in _PRODUCTION)
            or (self.profile == "multi-tenant" and code in _TENANCY)
        )
        if not raised:
            return given
        return Severity.ERROR if self.profile == "multi-tenant" else _UP.get(given, given)


def select(
    profile: str = "recommended", chosen: Iterable[str] = (), ignored: Iterable[str] = ()
) -> Selection:
    """The rules that run.

    ``chosen`` and ``ignored`` are codes (``AF501``), prefixes of codes (``AF5``) or names
    (``mutable-revision``), several of them separated by commas; without ``chosen`` the rules of the profile run. A longer prefix wins
    over a shorter one, and ``ignored`` over ``chosen`` of the same length. What is said about the
    run itself (``ENGINE_RULES``) is left out only by ``ignored``. Raises UsageError for what names
    no rule.
    """
    wanted = {text: _matching(text) for text in _listed(chosen)}
    unwanted = {text: _matching(text) for text in _listed(ignored)}
    kept = set()
    for name in rule_names():
        yes = max(
            (_weight(text) for text, codes in wanted.items() if name.code in codes), default=0
        )
        no = max(
            (_weight(text) for text, codes in unwanted.items() if name.code in codes), default=0
        )
        if name.code in ENGINE_RULES or not wanted:
            yes = max(yes, 1)
        if yes > no:
            kept.add(name.code)
    return Selection(codes=frozenset(kept), profile=profile, named=bool(wanted))


def _listed(texts: Iterable[str]) -> list[str]:
    return [part.strip() for text in texts for part in text.split(",")]


def _weight(text: str) -> int:
    return len(text) + 1 if text.upper().startswith("AF") and text[2:].isdigit() else 99


def matches(text: str, code: str, slug: str) -> bool:
    """Whether a code, a prefix of a code, or a name means a rule."""
    return code.startswith(text.upper()) if text.upper().startswith("AF") else text == slug


def _matching(text: str) -> set[str]:
    found = {name.code for name in rule_names() if matches(text, name.code, name.slug)}
    if not found or not text:
        known = [*(n.code for n in rule_names()), *(n.slug for n in rule_names())]
        meant = text.upper().translate(_DIGITS) if text.upper().startswith("AF") else text
        close = get_close_matches(meant, known, 1)
        hint = f"did you mean {close[0]}?" if close else "`argoflux rule --list` lists all rules"
        raise UsageError(f"`{text}` is no rule, no prefix of codes and no name", hint=hint)
    return found
