"""The exit code of a conversion (docs/adr/0007-exit-codes.md)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.mapping.verdict import LOSS_ORDER, Verdict

if TYPE_CHECKING:
    from argoflux.convert.result import Conversion, ResourceOutcome
    from argoflux.finding import Finding

FINE = 0
LOSSES = 1
FAILED = 2

_CODE = re.compile(r"[A-Z0-9]+-[A-Z]+-\d{3}\b")


def exit_code(conversion: Conversion, fail_on: str) -> int:
    """0 fine, 1 losses at or above ``fail_on``, 2 nothing converted of what could have been.

    Refused objects, documents with an error and files that were not read count as manual, as
    unknown leaves do. A stub that
    was invented and must be filled counts as manual too.
    """
    outcomes = conversion.outcomes
    failures = any(is_refused(outcome) for outcome in outcomes) or any(
        finding.severity is Severity.ERROR or is_unread(finding) for finding in conversion.findings
    )
    if failures and not any(outcome.outcome == "converted" for outcome in outcomes):
        return FAILED
    if fail_on == "never":
        return FINE
    limit = LOSS_ORDER[Verdict(fail_on)]
    worst = max((LOSS_ORDER[entry.verdict] for entry in conversion.entries), default=0)
    if failures:
        worst = max(worst, LOSS_ORDER[Verdict.MANUAL])
    return LOSSES if worst >= limit else FINE


def is_unread(finding: Finding) -> bool:
    """Whether a file or document was not read: nobody knows what it holds."""
    return finding.code == "AF007" and finding.severity is not Severity.INFO


def is_refused(outcome: ResourceOutcome) -> bool:
    """Whether an object could not be converted, rather than needing no counterpart."""
    return outcome.outcome == "skipped" and _CODE.match(outcome.reason) is not None
