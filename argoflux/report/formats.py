"""Which module renders what, by name; a module is imported when its format is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from argoflux.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

FORMATS: dict[str, dict[str, str]] = {
    "conversion": {
        "text": "argoflux.report.conversion_text",
        "json": "argoflux.report.conversion_json",
        "markdown": "argoflux.report.conversion_markdown",
    },
    "coverage": {
        "text": "argoflux.report.coverage_text",
        "json": "argoflux.report.coverage_json",
    },
    "field": {
        "text": "argoflux.report.field_text",
        "json": "argoflux.report.field_json",
    },
    "lint": {
        "text": "argoflux.report.lint_text",
        "concise": "argoflux.report.lint_concise",
        "json": "argoflux.report.lint_json",
        "sarif": "argoflux.report.lint_sarif",
        "github": "argoflux.report.lint_github",
        "gitlab": "argoflux.report.lint_gitlab",
        "junit": "argoflux.report.lint_junit",
        "markdown": "argoflux.report.lint_markdown",
    },
    "message": {
        "text": "argoflux.report.message_text",
        "json": "argoflux.report.message_json",
    },
    "rule": {
        "text": "argoflux.report.rule_text",
        "json": "argoflux.report.rule_json",
    },
    "version": {
        "text": "argoflux.report.version_text",
        "json": "argoflux.report.version_json",
    },
}

SUFFIXES = {".json": "json", ".md": "markdown", ".txt": "text"}
"""The format of a report file by the suffix of its name."""


def renderer(report: str, format_name: str) -> Callable[..., str]:
    """The ``render`` function of a report in a format."""
    function: Any = import_module(FORMATS[report][format_name]).render
    return function  # type: ignore[no-any-return]  # every module of the table has it


def format_of(file: str) -> str:
    """The format that the suffix of a report file asks for; raises UsageError."""
    for suffix, name in SUFFIXES.items():
        if file.lower().endswith(suffix):
            return name
    known = ", ".join(SUFFIXES)
    raise UsageError(
        f"the name of a report file tells its format, and `{file}` does not",
        hint=f"end it with one of {known}",
    )
