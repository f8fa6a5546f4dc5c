"""Findings as commands of GitHub Actions, which show them beside the lines of a change.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.report.escape import visible, without_credentials

if TYPE_CHECKING:
    from argoflux.finding import Finding
    from argoflux.lint.result import Lint

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(result: Lint) -> str:
    """One command per finding."""
    return "".join(f"{_command(finding)}\n" for finding in result.findings)


def _command(finding: Finding) -> str:
    span, source = finding.place.span(), finding.place.source
    line, column = source.line_column(span.start)
    end_line, end_column = source.line_column(span.end)
    properties = {
        "title": f"{finding.code} {finding.slug}",
        "file": source.name,
        "line": str(line),
        "endLine": str(end_line),
    }
    if line == end_line:  # columns count for a single line only
        properties |= {"col": str(column), "endColumn": str(end_column)}
    given = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{_COMMANDS[finding.severity]} {given}::{_data(finding.message)}"


def _data(text: str) -> str:
    shown = visible(without_credentials(text), lines=True)
    return shown.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
