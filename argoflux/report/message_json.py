"""Messages of the catalogue as JSON: kind ``MessageList``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.report.envelope import envelope, render_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from argoflux.report.reference import MessagePage


def render(pages: Sequence[MessagePage]) -> str:
    """Every message with its templates and the fields that raise it."""
    records = [
        {
            "code": page.message.code,
            "verdict": page.message.verdict.value,
            "text": page.message.text,
            "instead": page.message.instead,
            "tags": list(page.message.tags),
            "run": page.message.run,
            "fields": list(page.fields),
        }
        for page in pages
    ]
    summary = {"messages": len(records)}
    return render_json(envelope("MessageList", inputs=(), summary=summary, messages=records))
