"""Verdicts and messages: what becomes of a field, and the sentence that says so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Verdict(StrEnum):
    """The fate of one leaf."""

    EXACT = "exact"
    EQUIVALENT = "equivalent"
    APPROXIMATE = "approximate"
    MANUAL = "manual"
    NONE = "none"
    UNKNOWN = "unknown"

    __hash__ = str.__hash__  # an Enum hashes in Python: verdicts are looked up for every leaf


LOSS_ORDER = {
    Verdict.EXACT: 0,
    Verdict.EQUIVALENT: 1,
    Verdict.APPROXIMATE: 2,
    Verdict.NONE: 3,
    Verdict.MANUAL: 4,
    Verdict.UNKNOWN: 4,  # counts as manual
}
"""How much a verdict loses: approximate < none < manual; unknown counts as manual."""

_FIELD = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A sentence of the catalogue, declared once.

    ``tags``: ``security`` marks a loss of protection, ``evidence`` a guess that a look at the
    repository or the cluster would settle. ``text`` and ``instead`` are templates: ``{name}`` is filled from the facts of the case.
    ``instead`` says what to do. Codes are stable and never re-used. ``run`` marks messages that
    are printed once per run and concern the run, not one leaf.
    """

    code: str
    verdict: Verdict
    text: str
    instead: str = ""
    tags: tuple[str, ...] = ()
    run: bool = False

    def fields(self) -> tuple[str, ...]:
        """The names that the two templates need."""
        return tuple(dict.fromkeys(_FIELD.findall(self.text + self.instead)))

    def fill(self, facts: Mapping[str, object]) -> tuple[str, str]:
        """Text and instead with every ``{name}`` replaced; an absent fact stays visible as ``…``."""

        def one(match: re.Match[str]) -> str:
            value = facts.get(match.group(1))
            if isinstance(value, bool):
                return "true" if value else "false"
            return "…" if value is None else str(value)

        return _FIELD.sub(one, self.text), _FIELD.sub(one, self.instead)
