"""The conversion report as Markdown: short enough for the comment of a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.mapping.verdict import LOSS_ORDER, Verdict
from argoflux.report.conversion_json import OUTCOMES, summary_record
from argoflux.report.escape import markdown, markdown_code, without_credentials
from argoflux.report.groups import WORST_FIRST, group_messages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from argoflux.convert.result import Conversion, ReportMessage
    from argoflux.finding import Finding
    from argoflux.report.groups import Group

MARKER = "<!-- argoflux conversion report -->"
"""The first line; a bot finds its own comment by it."""

LIMIT = 60_000
"""Characters: comments of GitHub end at 65,536."""

_PLACES = 3
_TITLES = {"flux": "Flux", "argocd": "Argo CD"}


def render(conversion: Conversion, files: Sequence[str] = ()) -> str:
    """The report; apps that would make it longer than ``LIMIT`` are only counted."""
    blocks = [MARKER, *_head(conversion)]
    if conversion.findings:
        blocks.append(_findings(conversion.findings))
    blocks += _fitting(
        [_group(group) for group in group_messages(conversion)],
        room=LIMIT - sum(len(block) + 2 for block in blocks) - 2_000,
    )
    skipped = list(_skipped(conversion))
    if skipped:
        room = LIMIT - sum(len(block) + 2 for block in blocks) - 1_000
        blocks.append(_details("Objects without a counterpart", _rows(skipped, room)))
    if files:
        count = len(files)
        blocks.append(f"{count} file{'s' if count != 1 else ''} in the output folder.")
    return "\n\n".join(blocks) + "\n"


def _head(conversion: Conversion) -> Iterator[str]:
    summary = summary_record(conversion)
    yield f"# Conversion to {_TITLES[conversion.to]}"
    outcomes = summary["outcomes"]
    yield "Objects: " + ", ".join(f"{outcomes[name]} {name}" for name in OUTCOMES) + "."
    names = [verdict.value for verdict in reversed(WORST_FIRST)]
    counts = [str(summary["verdicts"][name]) for name in names]
    yield "\n".join(
        (
            "| leaves | " + " | ".join(names) + " |",
            "|---:" * (len(names) + 1) + "|",
            f"| {sum(summary['verdicts'].values())} | " + " | ".join(counts) + " |",
        )
    )


def _findings(findings: Sequence[Finding]) -> str:
    rows = ["| place | severity | finding |", "|---|---|---|"]
    for finding in findings[:50]:
        line, column = finding.place.line_column()
        where = markdown_code(f"{finding.place.source.name}:{line}:{column}")
        text = markdown(without_credentials(finding.message))
        rows.append(f"| {where} | {finding.severity} | {finding.code} {text} |")
    if len(findings) > 50:  # noqa: PLR2004 - as above
        rows.append(f"| | | and {len(findings) - 50} more |")
    return "## Input\n\n" + "\n".join(rows)


def _group(group: Group) -> str:
    rows = ["| verdict | place | message | instead |", "|---|---|---|---|"]
    rows += [_row(message) for message in group.messages]
    is_open = LOSS_ORDER[group.worst] >= LOSS_ORDER[Verdict.MANUAL]
    title = f"<b>{markdown(group.title)}</b>: {_counts(group)}"
    return _details(title, rows, is_open=is_open)


def _counts(group: Group) -> str:
    found = [message.verdict for message in group.messages]
    counts = [(found.count(verdict), verdict) for verdict in WORST_FIRST]
    return ", ".join(f"{count} {verdict}" for count, verdict in counts if count)


def _row(message: ReportMessage) -> str:
    places = []
    for place in message.places[:_PLACES]:
        line, column = place.line_column()
        places.append(markdown_code(f"{place.source.name}:{line}:{column}"))
    if len(message.places) > _PLACES:
        places.append(f"and {len(message.places) - _PLACES} more")
    text = markdown(without_credentials(message.text))
    instead = markdown(without_credentials(message.instead))
    tags = "".join(f" <b>{markdown(tag)}</b>" for tag in message.tags)
    cells = (message.verdict.value, "<br>".join(places), f"{message.code}{tags} {text}", instead)
    return "| " + " | ".join(cells) + " |"


def _skipped(conversion: Conversion) -> Iterator[str]:
    for outcome in conversion.outcomes:
        if outcome.outcome != "converted":
            name = markdown_code(str(outcome.resource.ref))
            reason = markdown(without_credentials(outcome.reason))
            where = markdown_code(outcome.resource.file)
            yield f"| {name} | {where} | {outcome.outcome} | {reason} |"


def _rows(rows: list[str], room: int) -> list[str]:
    out = ["| object | file | outcome | reason |", "|---|---|---|---|"]
    for index, row in enumerate(rows):
        room -= len(row) + 1
        if room < 0:
            out.append(f"| and {len(rows) - index} more | | | |")
            break
        out.append(row)
    return out


def _details(title: str, rows: Sequence[str], *, is_open: bool = False) -> str:
    tag = "<details open>" if is_open else "<details>"
    return f"{tag}<summary>{title}</summary>\n\n" + "\n".join(rows) + "\n\n</details>"


def _fitting(blocks: list[str], *, room: int) -> list[str]:
    out: list[str] = []
    for index, block in enumerate(blocks):
        room -= len(block) + 2
        if room < 0:
            out.append(f"{len(blocks) - index} more groups are in the JSON report.")
            break
        out.append(block)
    return out
