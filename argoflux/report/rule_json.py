"""Rules as JSON: kind ``RuleList`` (schemas/rule-list.schema.json)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.report.envelope import envelope, render_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from argoflux.lint.registry import RulePage


def render(pages: Sequence[RulePage]) -> str:
    """Every rule with its documentation."""
    records = [
        {
            "code": page.code,
            "slug": page.slug,
            "severity": page.severity.value,
            "fix": page.fix,
            "kinds": list(page.kinds),
            "evidence": list(page.evidence),
            "profiles": list(page.profiles),
            "title": page.title,
            "text": page.text,
            "links": list(page.links),
        }
        for page in pages
    ]
    return render_json(
        envelope("RuleList", inputs=(), summary={"rules": len(records)}, rules=records)
    )
