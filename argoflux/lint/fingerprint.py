"""A name for a finding that outlives edits of other lines: what it says about which value."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING

from argoflux.text import path_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from argoflux.finding import Finding

_LENGTH = 32


def fingerprints(findings: Iterable[Finding]) -> list[str]:
    """One fingerprint per finding, in their order.

    It holds the code, the object (or the file, where there is none) and the path of the value, and
    counts findings in which all of these are equal. No line number, no message.
    """
    seen: Counter[tuple[str, str, str]] = Counter()
    found = []
    for finding in findings:
        key = (
            finding.code,
            finding.resource or finding.place.source.name,
            path_text(finding.place.path),
        )
        seen[key] += 1
        text = "\0".join((*key, str(seen[key])))
        found.append(sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH])
    return found
