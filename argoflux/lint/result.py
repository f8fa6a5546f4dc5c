"""What a run of lint found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argoflux.finding import Finding, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Lint:
    """Findings in the order of places.

    ``known`` are findings that a baseline or an earlier revision has as well, ``gone`` those that only
    the earlier revision has. ``suppressed`` counts what a statement in the input accepted, ``below``
    what weighs less than the run shows, ``fixed`` what was repaired. ``rules`` are the codes that ran, ``seen`` counts the files
    that were looked at, ``facts`` are sentences about the run.
    """

    findings: tuple[Finding, ...]
    known: tuple[Finding, ...] = ()
    gone: tuple[Finding, ...] = ()
    suppressed: int = 0
    below: int = 0
    fixed: int = 0
    rules: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    seen: int = 0
    objects: int = 0
    facts: tuple[str, ...] = ()

    def count(self, severity: Severity) -> int:
        """How many findings have a severity."""
        return sum(finding.severity is severity for finding in self.findings)

    def fixable(self, safety: str) -> int:
        """How many findings have a fix of this safety."""
        return sum(f.fix is not None and f.fix.safety == safety for f in self.findings)
