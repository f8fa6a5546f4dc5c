"""Findings as JUnit XML: one failed test case per finding, or one that passed when there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from argoflux.finding import Severity
from argoflux.report.escape import visible, without_credentials

if TYPE_CHECKING:
    from argoflux.finding import Finding
    from argoflux.lint.result import Lint


def render(result: Lint) -> str:
    """One suite; remarks of severity info are told and do not fail."""
    cases = [_case(finding) for finding in result.findings]
    failures = sum(finding.severity is not Severity.INFO for finding in result.findings)
    if not cases:
        cases = ['    <testcase classname="argoflux" name="no findings"/>']
    counts = f'tests="{len(cases)}" failures="{failures}" errors="0"'
    return "\n".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<testsuites name="argoflux" {counts}>',
            f'  <testsuite name="argoflux lint" {counts} skipped="0" time="0">',
            *cases,
            "  </testsuite>",
            "</testsuites>",
            "",
        )
    )


def _case(finding: Finding) -> str:
    line, column = finding.place.line_column()
    message = visible(without_credentials(finding.message))
    where = f"{visible(finding.place.source.name)}:{line}:{column}"
    name = quoteattr(f"{finding.code} {finding.slug} at {where}")
    head = f"    <testcase classname={quoteattr(visible(finding.place.source.name))} name={name}"
    if finding.severity is Severity.INFO:
        return f"{head}>\n      <system-out>{escape(message)}</system-out>\n    </testcase>"
    kind = quoteattr(finding.severity.value)
    text = escape(f"{where}: {message}")
    failure = f"      <failure type={kind} message={quoteattr(message)}>{text}</failure>"
    return f"{head}>\n{failure}\n    </testcase>"
