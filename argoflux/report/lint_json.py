"""Findings as JSON: kind ``LintReport`` (schemas/lint-report.schema.json)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.finding import Severity
from argoflux.lint.fingerprint import fingerprints
from argoflux.report.envelope import envelope, finding_records, place_record, render_json
from argoflux.report.escape import without_credentials

if TYPE_CHECKING:
    from collections.abc import Sequence

    from argoflux.finding import Finding, Fix, Place
    from argoflux.lint.result import Lint


def render(result: Lint) -> str:
    """Every finding with its fix; ``state`` says whether it is new, known before, or gone."""
    records = [
        *_records(result.findings, "new"),
        *_records(result.known, "known"),
        *_records(result.gone, "gone"),
    ]
    summary = {
        **{severity.value: result.count(severity) for severity in Severity},
        "objects": result.objects,
        "files": result.seen,
        "suppressed": result.suppressed,
        "known": len(result.known),
        "gone": len(result.gone),
        "below": result.below,
        "fixed": result.fixed,
        "rules": len(result.rules),
    }
    report = envelope("LintReport", inputs=result.inputs, summary=summary, findings=records)
    return render_json({**report, "facts": list(result.facts)})


def _records(findings: Sequence[Finding], state: str) -> list[dict[str, Any]]:
    plain = finding_records(findings)
    return [
        {
            **record,
            "related": [
                {**place_record(place), "message": without_credentials(text)}
                for place, text in finding.related
            ],
            "fix": fix_record(finding.place, finding.fix) if finding.fix else None,
            "fingerprint": mark,
            "state": state,
        }
        for record, finding, mark in zip(plain, findings, fingerprints(findings), strict=True)
    ]


def fix_record(place: Place, fix: Fix) -> dict[str, Any]:
    """A fix; its edits are in lines and columns from 1, the end is exclusive."""
    return {
        "title": without_credentials(fix.title),
        "safety": fix.safety,
        "edits": [
            {**span_record(place, edit.start, edit.end), "text": edit.text} for edit in fix.edits
        ],
    }


def span_record(place: Place, start: int, end: int) -> dict[str, int]:
    """Lines and columns of some characters of the file of a place."""
    line, column = place.source.line_column(start)
    end_line, end_column = place.source.line_column(end)
    return {"line": line, "column": column, "endLine": end_line, "endColumn": end_column}
