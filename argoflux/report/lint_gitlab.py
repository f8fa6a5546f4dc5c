"""Findings as a Code Quality report of GitLab.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.lint.fingerprint import fingerprints
from argoflux.report.escape import without_credentials

if TYPE_CHECKING:
    from argoflux.lint.result import Lint

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(result: Lint) -> str:
    """A list of issues; GitLab knows one again by its fingerprint."""
    issues = []
    for finding, mark in zip(result.findings, fingerprints(result.findings), strict=True):
        span, source = finding.place.span(), finding.place.source
        lines = {
            "begin": source.line_column(span.start)[0],
            "end": source.line_column(span.end)[0],
        }
        issues.append(
            {
                "type": "issue",
                "description": without_credentials(finding.message),
                "check_name": f"{finding.code} {finding.slug}",
                "fingerprint": mark,
                "severity": _SEVERITIES[finding.severity],
                "location": {"path": source.name.removeprefix("./"), "lines": lines},
            }
        )
    return json.dumps(issues, indent=2) + "\n"
