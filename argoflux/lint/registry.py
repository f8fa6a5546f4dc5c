"""The rules, found by their files: ``rules/af501_mutable_revision.py``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

import argoflux.lint.rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from argoflux.finding import Severity
    from argoflux.lint.rule import Example, Rule

ENGINE_RULES = frozenset({"AF006", "AF007", "AF900", "AF901", "AF902", "AF903", "AF904"})
"""What is said about the run itself: always told unless it is ignored, whatever else is selected."""


@dataclass(frozen=True, slots=True)
class RuleName:
    """A rule by name alone, without its module being imported."""

    code: str
    slug: str
    module: str


@cache
def rule_names() -> tuple[RuleName, ...]:
    """Every rule in the order of codes."""
    names = [each.name for each in iter_modules(argoflux.lint.rules.__path__)]
    found = []
    for name in sorted(names):
        code, _, slug = name.partition("_")
        found.append(RuleName(code.upper(), slug.replace("_", "-"), name))
    return tuple(found)


@cache
def load_rule(code: str) -> Any:
    """The module of a rule: ``RULE``, ``BAD``, ``GOOD``, and ``check`` unless loading finds it.

    Raises KeyError for a code that no rule has.
    """
    for name in rule_names():
        if name.code == code:
            return import_module(f"argoflux.lint.rules.{name.module}")
    raise KeyError(code)


def rule_of(code: str) -> Rule:
    """The rule of a code."""
    rule: Rule = load_rule(code).RULE
    return rule


def examples_of(code: str) -> tuple[Sequence[Example], Sequence[Example]]:
    """What a rule finds fault with, and what it does not."""
    module = load_rule(code)
    return module.BAD, module.GOOD


def fixability(code: str) -> str:
    """``none``, ``safe`` or ``unsafe``: the best that the rule's examples are fixed with."""
    found = {example.safety for example in examples_of(code)[0] if example.fixed}
    return next((each for each in ("safe", "unsafe") if each in found), "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePage:
    """What is told about a rule: its declaration, its documentation and its examples.

    ``title`` is one sentence, ``text`` the documentation without it.
    """

    code: str
    slug: str
    severity: Severity
    title: str
    text: str
    fix: str
    kinds: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    bad: tuple[Example, ...] = ()
    good: tuple[Example, ...] = ()

    @property
    def tags(self) -> tuple[str, ...]:
        """Words to filter by: the family of the code, and what the rule has to know."""
        return (FAMILIES[self.code[2]], *self.evidence)


FAMILIES = {
    "0": "loading",
    "1": "schema",
    "2": "references",
    "3": "argocd",
    "4": "flux",
    "5": "security",
    "6": "portability",
    "7": "operations",
    "9": "engine",
}
"""The families of rules by the first digit of their codes."""


def rule_page(code: str) -> RulePage:
    """The page of a rule; raises KeyError for a code that no rule has."""
    rule = rule_of(code)
    title, _, text = document_of(code).partition("\n")
    bad, good = examples_of(code)
    return RulePage(
        code=code,
        slug=rule.name,
        severity=rule.severity,
        title=title.strip(),
        text=text.strip(),
        fix=fixability(code),
        kinds=rule.kinds,
        evidence=rule.evidence,
        profiles=rule.only,
        links=rule.links,
        bad=tuple(bad),
        good=tuple(good),
    )


def document_of(code: str) -> str:
    """The documentation of a rule: the text at the top of its module."""
    return str(load_rule(code).__doc__ or "")
