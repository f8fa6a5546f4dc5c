"""The conversion report as text for people: by app, worst first, then the counts."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.mapping.verdict import Verdict
from argoflux.report.escape import visible, without_credentials
from argoflux.report.excerpt import excerpt
from argoflux.report.groups import WORST_FIRST, group_messages
from argoflux.report.paint import Line, Piece, Role, line, paint

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from argoflux.convert.result import Conversion, ReportMessage
    from argoflux.finding import Finding, Place
    from argoflux.report.groups import Group

ROLES: dict[Verdict, Role] = {
    Verdict.EXACT: "good",
    Verdict.EQUIVALENT: "good",
    Verdict.APPROXIMATE: "warn",
    Verdict.NONE: "warn",
    Verdict.MANUAL: "bad",
    Verdict.UNKNOWN: "bad",
}
_SEVERITIES: dict[Severity, Role] = {
    Severity.ERROR: "bad",
    Severity.WARNING: "warn",
    Severity.INFO: "note",
}
_QUIET = frozenset({Verdict.EXACT, Verdict.EQUIVALENT})
_SHOWN_PLACES = 3
_TITLES = {"flux": "Flux", "argocd": "Argo CD"}


def render(conversion: Conversion, files: Sequence[str] = ()) -> str:
    """The complete report without colours; ``files`` are not part of this format."""
    del files
    return paint(report_lines(conversion, complete=True), colour=False)


def report_lines(conversion: Conversion, *, complete: bool) -> Iterator[Line]:
    """The lines of the report.

    Messages about fields that keep their meaning are counted, not printed, unless ``complete``.
    """
    yield from finding_lines(conversion)
    if conversion.findings:
        yield line()
    hidden = 0
    for group in group_messages(conversion):
        shown = [m for m in group.messages if complete or m.verdict not in _QUIET]
        hidden += len(group.messages) - len(shown)
        if shown:
            yield from _group(group, shown)
            yield line()
    yield from _left_out(conversion, complete=complete)
    yield from summary_lines(conversion)
    for fact in conversion.facts:
        yield line(Piece(visible(without_credentials(fact)), "dim"))
    if hidden:
        notes = "1 note" if hidden == 1 else f"{hidden} notes"
        yield line(
            Piece(f"{notes} about fields that keep their meaning: see -v or --report", "dim")
        )


def finding_lines(conversion: Conversion) -> Iterator[Line]:
    """What is wrong with the input, one line each."""
    for finding in conversion.findings:
        yield _finding(finding)


def summary_lines(conversion: Conversion) -> Iterator[Line]:
    """How many resources were converted, and how many leaves had which verdict."""
    outcomes = Counter(outcome.outcome for outcome in conversion.outcomes)
    total = len(conversion.outcomes)
    rest = [f"{outcomes[name]} {name}" for name in ("kept", "skipped") if outcomes[name]]
    tail = f" ({', '.join(rest)})" if rest else ""
    yield line(
        f"{outcomes['converted']} of {total} objects converted to {_TITLES[conversion.to]}{tail}"
    )
    verdicts = conversion.verdicts()
    pieces: list[Piece | str] = [f"{sum(verdicts.values())} leaves: "]
    for verdict in reversed(WORST_FIRST):
        count = verdicts[verdict]
        comma = "" if verdict is WORST_FIRST[0] else ", "
        pieces += [Piece(f"{count} {verdict}", ROLES[verdict] if count else "dim"), comma]
    yield line(*pieces)


def _finding(finding: Finding) -> Line:
    return line(
        Piece(position(finding.place), "place"),
        ": ",
        Piece(finding.severity.value, _SEVERITIES[finding.severity]),
        f": {visible(without_credentials(finding.message))} ",
        Piece(f"[{finding.code}]", "code"),
    )


def _group(group: Group, shown: list[ReportMessage]) -> Iterator[Line]:
    yield line(Piece(visible(group.title), "title"))
    for message in shown:
        yield from _message(message)


def _message(message: ReportMessage) -> Iterator[Line]:
    head: list[Piece | str] = ["  "]
    if message.places:
        head += [Piece(position(message.places[0]), "place"), "  "]
    head += [
        Piece(message.verdict.value, ROLES[message.verdict]),
        "  ",
        Piece(message.code, "code"),
    ]
    head += [Piece(f"  [{tag}]", "bad") for tag in message.tags]
    yield line(*head)
    yield line("    ", visible(without_credentials(message.text)))
    if message.places and message.verdict not in _QUIET | {Verdict.APPROXIMATE}:
        yield from _excerpt(message.places[0])
    yield from _more(message)
    if message.instead:
        yield line("    instead: ", visible(without_credentials(message.instead)))


def _excerpt(place: Place) -> Iterator[Line]:
    found = excerpt(place)
    if found is None:
        return
    number = str(found.number)
    yield line("      ", Piece(f"{number} | ", "dim"), found.text)
    mark = " " * (len(number) + 1) + "| " + " " * found.start + "^" * found.length
    yield line("      ", Piece(mark, "dim"))


def _more(message: ReportMessage) -> Iterator[Line]:
    """The other places and apps of a message that was raised several times."""
    others = [position(place) for place in message.places[1:]]
    if others:
        yield line("    also at ", _some(others))
    if len(message.apps) > 1:
        yield line("    apps: ", _some([visible(app) for app in message.apps]))


def _some(items: list[str]) -> str:
    text = ", ".join(items[:_SHOWN_PLACES])
    rest = len(items) - _SHOWN_PLACES
    return f"{text} and {rest} more" if rest > 0 else text


def _left_out(conversion: Conversion, *, complete: bool) -> Iterator[Line]:
    """Objects that were not converted, unless a message with the same code said so already."""
    said = {message.code for message in conversion.messages}
    left = [
        outcome
        for outcome in conversion.outcomes
        if outcome.outcome == "skipped"
        and outcome.reason.split(":", 1)[0] not in said
        and (complete or outcome.reason)
    ]
    if not left:
        return
    yield line(Piece("without a counterpart", "title"))
    for outcome in left:
        yield line(
            "  ",
            Piece(position(outcome.resource.place()), "place"),
            f"  {visible(str(outcome.resource.ref))}",
            Piece(f"  {visible(without_credentials(outcome.reason))}", "dim"),
        )
    yield line()


def position(place: Place) -> str:
    """``file:line:column``, safe to print."""
    row, column = place.line_column()
    return f"{visible(place.source.name)}:{row}:{column}"
