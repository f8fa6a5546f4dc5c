"""Findings as Markdown for the comment of a pull request, in parts that fit one comment each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.report.escape import markdown, markdown_code, without_credentials

if TYPE_CHECKING:
    from argoflux.finding import Finding
    from argoflux.lint.result import Lint

MARKER = "<!-- argoflux lint"
"""How each part begins; a bot finds its own comments by it."""

LIMIT = 60_000
"""Bytes of a part: comments of GitHub end at 65,536 characters."""

_RESERVE = 100
_HEAD = "| place | | remark |\n|---|---|---|"
_WORDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "remark"}


def render(result: Lint) -> str:
    """Parts of at most ``LIMIT`` bytes; every part begins with a line ``<!-- argoflux lint 1/2 -->``."""
    head = _summary(result)
    rows = [_row(finding) for finding in result.findings]
    parts: list[str] = []
    current, size = [head, _HEAD] if rows else [head], _RESERVE + _size(head) + _size(_HEAD)
    for row in rows:
        if size + _size(row) > LIMIT:
            parts.append(_joined(current))
            current, size = [_HEAD], _RESERVE + _size(_HEAD)
        current.append(row)
        size += _size(row)
    parts.append(_joined(current))
    total = len(parts)
    return "".join(f"{MARKER} {n}/{total} -->\n\n{part}\n" for n, part in enumerate(parts, 1))


def _joined(lines: list[str]) -> str:
    return "\n".join(lines)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace")) + 1


def _summary(result: Lint) -> str:
    counts = [f"{result.count(s)} {_WORDS[s]}{'s' * (result.count(s) != 1)}" for s in Severity]
    lines = [f"## argoflux lint: {', '.join(counts)}", ""]
    more = (
        (len(result.known), "known before"),
        (len(result.gone), "gone"),
        (result.suppressed, "accepted"),
        (result.fixable("safe"), "to be fixed by `argoflux lint --fix`"),
    )
    told = [f"{count} {text}" for count, text in more if count]
    if told:
        lines += [f"{', '.join(told)}.", ""]
    return "\n".join(lines)


def _row(finding: Finding) -> str:
    line, _ = finding.place.line_column()
    where = markdown_code(f"{finding.place.source.name}:{line}")
    name = markdown(f"{finding.code} {finding.slug}")
    text = markdown(without_credentials(finding.message))
    return f"| {where} | {_WORDS[finding.severity]}<br>{name} | {text} |"
