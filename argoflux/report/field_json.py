"""Fields as JSON: kind ``FieldList``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.report.envelope import envelope, render_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from argoflux.report.reference import FieldPage


def render(pages: Sequence[FieldPage]) -> str:
    """Every page as a record."""
    summary = {"fields": len(pages)}
    records = [_page(page) for page in pages]
    return render_json(envelope("FieldList", inputs=(), summary=summary, fields=records))


def _page(page: FieldPage) -> dict[str, Any]:
    return {
        "kind": page.kind,
        "path": page.path,
        "system": page.system,
        "says": page.says,
        "type": page.type,
        "default": page.default or None,
        "choices": list(page.choices),
        "required": page.required,
        "since": page.since or None,
        "until": page.until or None,
        "counterparts": list(page.counterparts),
        "verdicts": [
            {
                "verdict": judgement.verdict.value,
                "code": judgement.code or None,
                "text": judgement.text,
                "instead": judgement.instead,
            }
            for judgement in page.judgements
        ],
        "reason": page.reason,
        "below": list(page.below),
    }
