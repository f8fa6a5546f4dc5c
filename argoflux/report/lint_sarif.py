"""Findings as SARIF 2.1.0, for code scanning (https://docs.oasis-open.org/sarif/sarif/v2.1.0/)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from argoflux import __version__
from argoflux.finding import Severity
from argoflux.lint.fingerprint import fingerprints
from argoflux.lint.registry import rule_page
from argoflux.report.escape import without_credentials

if TYPE_CHECKING:
    from argoflux.finding import Finding, Fix, Place
    from argoflux.lint.result import Lint

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
HOME = "https://argoflux.dev"


def render(result: Lint) -> str:
    """One run with its rules and results; paths are relative to the working directory."""
    everything = [
        *((finding, "new") for finding in result.findings),
        *((finding, "unchanged") for finding in result.known),
        *((finding, "absent") for finding in result.gone),
    ]
    codes = sorted({finding.code for finding, _ in everything})
    numbers = {code: number for number, code in enumerate(codes)}
    marks = fingerprints(finding for finding, _ in everything)
    compared = bool(result.known or result.gone)
    results = [
        _result(finding, numbers[finding.code], mark, state if compared else "")
        for (finding, state), mark in zip(everything, marks, strict=True)
    ]
    driver = {
        "name": "argoflux",
        "semanticVersion": __version__,
        "informationUri": HOME,
        "rules": [_rule(code) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "the working directory"}}},
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(code: str) -> dict[str, Any]:
    page = rule_page(code)
    return {
        "id": code,
        "name": page.slug,
        "shortDescription": {"text": page.title},
        "fullDescription": {"text": page.title},
        "help": {"text": page.text, "markdown": page.text},
        "helpUri": f"{HOME}/rules/{code}",
        "defaultConfiguration": {"level": LEVELS[page.severity]},
        "properties": {"tags": list(page.tags)},
    }


def _result(finding: Finding, number: int, mark: str, state: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": number,
        "level": LEVELS[finding.severity],
        "message": {"text": without_credentials(finding.message)},
        "locations": [_location(finding.place)],
        "partialFingerprints": {"argoflux/v1": mark},
    }
    if finding.resource:
        found["locations"][0]["logicalLocations"] = [
            {"fullyQualifiedName": finding.resource, "kind": "resource"}
        ]
    if finding.related:
        found["relatedLocations"] = [
            {**_location(place), "id": n, "message": {"text": without_credentials(text)}}
            for n, (place, text) in enumerate(finding.related, 1)
        ]
    if finding.fix is not None:
        found["fixes"] = [_fix(finding.place, finding.fix)]
    if state:
        found["baselineState"] = state
    return found


def _location(place: Place) -> dict[str, Any]:
    span = place.span()
    return {
        "physicalLocation": {
            "artifactLocation": _artifact(place),
            "region": _region(place, span.start, span.end),
        }
    }


def _artifact(place: Place) -> dict[str, str]:
    return {"uri": quote(place.source.name), "uriBaseId": "SRCROOT"}


def _region(place: Place, start: int, end: int) -> dict[str, int]:
    line, column = place.source.line_column(start)
    end_line, end_column = place.source.line_column(end)
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _fix(place: Place, fix: Fix) -> dict[str, Any]:
    replacements = [
        {
            "deletedRegion": _region(place, edit.start, edit.end),
            "insertedContent": {"text": edit.text},
        }
        for edit in fix.edits
    ]
    change = {"artifactLocation": _artifact(place), "replacements": replacements}
    note = fix.title if fix.safety == "safe" else f"{fix.title} (changes what happens)"
    return {"description": {"text": without_credentials(note)}, "artifactChanges": [change]}
