"""Findings as text for people: each with its line, a caret, what is related, and the fix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.report.escape import visible, without_credentials
from argoflux.report.excerpt import excerpt
from argoflux.report.paint import Line, Piece, Role, line, paint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding, Place
    from argoflux.lint.result import Lint

ROLES: dict[Severity, Role] = {
    Severity.ERROR: "bad",
    Severity.WARNING: "warn",
    Severity.INFO: "note",
}


def render(result: Lint, *, colour: bool = False) -> str:
    """The whole report."""
    return paint(report_lines(result), colour=colour)


def report_lines(result: Lint) -> Iterator[Line]:
    """Findings in the order of places, then the counts."""
    for finding in result.findings:
        yield from _finding(finding)
        yield line()
    yield from _summary(result)


def _finding(finding: Finding) -> Iterator[Line]:
    yield line(
        Piece(_position(finding.place), "place"),
        ": ",
        Piece(finding.severity.value, ROLES[finding.severity]),
        f": {_shown(finding.message)} ",
        Piece(f"[{finding.code} {finding.slug}]", "code"),
    )
    found = None if finding.confidential else excerpt(finding.place)
    if found is not None:
        gutter = f"{found.number:>5} | "
        yield line(Piece(gutter, "dim"), found.text)
        blank = " " * (len(gutter) - 2) + "| "
        marks = "^" * found.length
        yield line(Piece(blank, "dim"), " " * found.start, Piece(marks, ROLES[finding.severity]))
    for place, text in finding.related:
        yield line(Piece("      = ", "dim"), f"{_shown(text)}: ", Piece(_position(place), "place"))
    if finding.fix is not None:
        note = "" if finding.fix.safety == "safe" else " (changes what happens: --unsafe-fixes)"
        yield line(
            Piece("      = ", "dim"), Piece("fix", "good"), f": {_shown(finding.fix.title)}{note}"
        )


def _summary(result: Lint) -> Iterator[Line]:
    if not result.objects and not result.findings:
        return
    counts = [(severity, result.count(severity)) for severity in Severity]
    pieces: list[Piece | str] = []
    for severity, count in counts:
        name = {"info": "remarks"}.get(severity.value, f"{severity.value}s")
        text = f"{count} {name.removesuffix('s') if count == 1 else name}"
        pieces += [", " if pieces else "", Piece(text, ROLES[severity] if count else "dim")]
    pieces.append(f" in {result.objects} object{'s' * (result.objects != 1)}")
    yield line(*pieces)
    notes = (
        (result.fixed, "fixed"),
        (result.fixable("safe"), "can be fixed with --fix"),
        (
            result.fixable("unsafe"),
            "can be fixed with --fix --unsafe-fixes, which changes what happens",
        ),
        (result.suppressed, "accepted by comments, annotations or the config file"),
        (len(result.known), "known before"),
        (len(result.gone), "gone"),
        (result.below, "not shown: they weigh less than --min-severity"),
    )
    for count, text in notes:
        if count:
            yield line(Piece(f"{count} {text}", "dim"))
    for fact in result.facts:
        yield line(Piece(_shown(fact), "dim"))


def _position(place: Place) -> str:
    number, column = place.line_column()
    return f"{visible(place.source.name)}:{number}:{column}"


def _shown(text: str) -> str:
    return visible(without_credentials(text))
