"""``rule``: the catalogue of lint."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from argoflux.commands.output import emit
from argoflux.errors import UsageError
from argoflux.lint.registry import rule_names, rule_page

if TYPE_CHECKING:
    from argoflux.commands.invocation import Invocation


def run(invocation: Invocation) -> int:
    """Print one rule, or all of them."""
    names = rule_names()
    if invocation.flag("list"):
        emit(invocation, "rule", [rule_page(name.code) for name in names])
        return 0
    if not invocation.arguments:
        raise UsageError("which rule? RULE is missing", hint="`--list` lists every rule")
    asked = invocation.arguments[0]
    code = next((n.code for n in names if asked.upper() == n.code or asked == n.slug), "")
    if not code:
        known = [*(n.code for n in names), *(n.slug for n in names)]
        close = get_close_matches(asked, known, 1)
        hint = f"did you mean {close[0]}?" if close else "`--list` lists every rule"
        raise UsageError(f"`{asked}` is no code and no name of a rule", hint=hint)
    emit(invocation, "rule", [rule_page(code)])
    return 0
