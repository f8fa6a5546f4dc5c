"""The envelope of every JSON report, and its layout: one record per line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from argoflux import __version__
from argoflux.report.escape import without_credentials

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from argoflux.finding import Finding, Place

API_VERSION = "argoflux.dev/v1"


def envelope(
    kind: str, *, inputs: Sequence[str], summary: Mapping[str, Any], **members: Any
) -> dict[str, Any]:
    """A report of ``kind`` with the members that all reports share."""
    return {
        "apiVersion": API_VERSION,
        "kind": kind,
        "tool": {"name": "argoflux", "version": __version__},
        "inputs": list(inputs),
        "summary": dict(summary),
        **members,
    }


def render_json(report: Mapping[str, Any]) -> str:
    """A report as JSON text in ASCII; every record of a list stands on its own line."""
    members = [f'  "{name}": {_member(value)}' for name, value in report.items()]
    return "{\n" + ",\n".join(members) + "\n}\n"


def _member(value: Any) -> str:
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return "[\n" + ",\n".join(f"    {json.dumps(item)}" for item in value) + "\n  ]"
    return json.dumps(value)


def place_record(place: Place | None) -> dict[str, Any]:
    """``file``, ``line`` and ``column`` of a place; nulls where there is none."""
    if place is None:
        return {"file": None, "line": None, "column": None}
    line, column = place.line_column()
    return {"file": place.source.name, "line": line, "column": column}


def finding_records(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings as records, in their given order."""
    return [_finding(finding) for finding in findings]


def _finding(finding: Finding) -> dict[str, Any]:
    from argoflux.text import path_text

    place = finding.place
    end = place.source.line_column(place.span().end)
    return {
        **place_record(place),
        "endLine": end[0],
        "endColumn": end[1],
        "code": finding.code,
        "slug": finding.slug,
        "severity": finding.severity.value,
        "message": without_credentials(finding.message),
        "resource": finding.resource,
        "path": path_text(place.path),
    }
