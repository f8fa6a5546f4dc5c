"""Findings one per line, in the form that editors and ``grep`` read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.report.escape import visible, without_credentials

if TYPE_CHECKING:
    from argoflux.lint.result import Lint


def render(result: Lint) -> str:
    """``file:line:column: severity: message [CODE name]`` for every finding."""
    lines = []
    for finding in result.findings:
        line, column = finding.place.line_column()
        message = visible(without_credentials(finding.message))
        lines.append(
            f"{visible(finding.place.source.name)}:{line}:{column}: {finding.severity.value}:"
            f" {message} [{finding.code} {finding.slug}]\n"
        )
    return "".join(lines)
