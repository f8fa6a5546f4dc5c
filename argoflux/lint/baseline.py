"""Findings that are known: from a baseline file, or from an earlier revision."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from argoflux.errors import InputError
from argoflux.lint.fingerprint import fingerprints
from argoflux.text import path_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from argoflux.finding import Finding
    from argoflux.lint.result import Lint

API_VERSION = "argoflux.dev/v1"
KIND = "LintBaseline"


def baseline_text(findings: Iterable[Finding]) -> str:
    """The text of a baseline file: one line per finding, so that changes of it are easy to read."""
    listed = list(findings)
    records = [
        {
            "fingerprint": mark,
            "code": finding.code,
            "resource": finding.resource,
            "file": finding.place.source.name,
            "path": path_text(finding.place.path),
        }
        for finding, mark in zip(listed, fingerprints(listed), strict=True)
    ]
    lines = ",\n".join(f"    {json.dumps(record)}" for record in records)
    body = f"[\n{lines}\n  ]" if records else "[]"
    return f'{{\n  "apiVersion": "{API_VERSION}",\n  "kind": "{KIND}",\n  "findings": {body}\n}}\n'


def read_baseline(text: str, name: str) -> frozenset[str]:
    """The fingerprints of a baseline file; raises InputError for any other file."""
    try:
        report = json.loads(text)
        if report["kind"] != KIND:
            raise ValueError(report["kind"])  # noqa: TRY301 - told below, with the others
        return frozenset(str(record["fingerprint"]) for record in report["findings"])
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"`{name}` is not a baseline of lint",
            hint="write one with --baseline FILE --write-baseline",
        ) from error


def without_known(result: Lint, known: Collection[str]) -> Lint:
    """The result in which findings of a baseline are counted as known."""
    marked = list(zip(result.findings, fingerprints(result.findings), strict=True))
    return replace(
        result,
        findings=tuple(finding for finding, mark in marked if mark not in known),
        known=(*result.known, *(finding for finding, mark in marked if mark in known)),
    )


def compared(now: Lint, before: Lint) -> Lint:
    """The result against that of an earlier revision: new, known and gone findings."""
    earlier = dict(zip(fingerprints(before.findings), before.findings, strict=True))
    marks = fingerprints(now.findings)
    marked = list(zip(now.findings, marks, strict=True))
    return replace(
        now,
        findings=tuple(finding for finding, mark in marked if mark not in earlier),
        known=tuple(finding for finding, mark in marked if mark in earlier),
        gone=tuple(finding for mark, finding in earlier.items() if mark not in set(marks)),
    )
