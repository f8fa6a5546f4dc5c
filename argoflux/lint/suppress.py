"""Findings that somebody accepted: comments, annotations and the config file.

``# argoflux: ignore[AF501] reason`` counts for its own line; on a line of its own for the next
line; before the first line of a document for all of it. The annotation ``argoflux.dev/ignore``
counts for its object, an entry of the config file for files and until a day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from argoflux.finding import Place
from argoflux.lint.registry import rule_names, rule_of
from argoflux.lint.select import matches
from argoflux.text import Span
from argoflux.workspace.ignore import Patterns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from argoflux.config import Ignore
    from argoflux.finding import Finding
    from argoflux.resource import Resource
    from argoflux.text import SourceFile

ANNOTATION = "argoflux.dev/ignore"

_BEGINS = r"(?:(?<=[\s\[{,])|\A)"
_QUOTED = re.compile(_BEGINS + r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')""")
_OPENED = re.compile(_BEGINS + r"""["'].*\Z""")
_COMMENT = re.compile(r"#[ \t]*argoflux:[ \t]*ignore\[([^\]\r\n]*)\]")


@dataclass(slots=True, kw_only=True)
class Suppression:
    """One statement: the codes, where it stands, and where it counts.

    ``lines`` are the first and last line (from 1) that it covers in ``file``; None for all.
    """

    codes: tuple[str, ...]
    place: Place
    file: str = ""
    lines: tuple[int, int] | None = None
    patterns: Patterns | None = None
    used: set[str] = field(default_factory=set)

    def covers(self, finding: Finding, directory: str) -> bool:
        """Whether it speaks about a finding; what it is used for is remembered."""
        name = finding.place.source.name
        if self.patterns is not None:
            inside = name.removeprefix(f"{directory}/") if directory not in {"", "."} else name
            if not self.patterns.ignores(inside):
                return False
        elif name != self.file:
            return False
        if self.lines is not None:
            line, _ = finding.place.line_column()
            if not self.lines[0] <= line <= self.lines[1]:
                return False
        said = [code for code in self.codes if matches(code, finding.code, finding.slug)]
        self.used.update(said)
        return bool(said)


def suppressions(sources: Iterable[SourceFile], resources: Iterable[Resource]) -> list[Suppression]:
    """Every statement in files and annotations."""
    found = [one for source in sources for one in _comments(source)]
    for resource in resources:
        metadata = resource.body.get("metadata")
        notes = metadata.get("annotations") if isinstance(metadata, dict) else None
        text = notes.get(ANNOTATION) if isinstance(notes, dict) else None
        if isinstance(text, str):
            document = resource.document
            first, _ = document.source.line_column(document.locate(document.prefix).start)
            last, _ = document.source.line_column(document.locate(document.prefix).end)
            found.append(
                Suppression(
                    codes=_codes(text),
                    place=resource.place("metadata", "annotations", ANNOTATION),
                    file=resource.file,
                    lines=(first, last),
                )
            )
    return found


def configured(entries: Sequence[Ignore], today: str) -> tuple[list[Suppression], list[Finding]]:
    """The entries of the config file that still count, and a finding for each that does not."""
    counting, expired = [], []
    for entry in entries:
        if entry.until and entry.until < today:
            expired.append(
                rule_of("AF903").at(
                    entry.place,
                    f"the suppression of {', '.join(entry.codes)} ended on {entry.until}",
                )
            )
            continue
        patterns = Patterns(entry.path)
        counting.append(Suppression(codes=entry.codes, place=entry.place, patterns=patterns))
    return counting, expired


def apply(
    findings: Iterable[Finding],
    statements: Sequence[Suppression],
    *,
    directory: str,
    ran: frozenset[str],
) -> tuple[list[Finding], int]:
    """The findings that nobody accepted, with those about the statements; and how many went.

    ``directory`` is where patterns of the config file start; ``ran`` are the codes of the rules that
    ran: a statement about others may be needed another time.
    """
    kept, count = [], 0
    for finding in findings:
        said = [one.covers(finding, directory) for one in statements]  # all of them are used
        if any(said):
            count += 1
        else:
            kept.append(finding)
    kept += [problem for one in statements for problem in _problems(one, ran)]
    return kept, count


def _problems(statement: Suppression, ran: frozenset[str]) -> Iterator[Finding]:
    for code in statement.codes:
        meant = {n.code for n in rule_names() if matches(code, n.code, n.slug)}
        if not meant:
            yield rule_of("AF904").at(statement.place, f"`{code}` names no rule")
        elif code not in statement.used and meant <= ran:
            yield rule_of("AF902").at(statement.place, f"nothing is left to ignore for {code}")


def _comments(source: SourceFile) -> Iterator[Suppression]:
    if "argoflux:" not in source.text:
        return
    for match in _COMMENT.finditer(source.text):
        line, column = source.line_column(match.start())
        before = source.line_text(line)[: column - 1]
        if _in_quotes(before):
            continue
        lines: tuple[int, int] = (line, line)
        if not before.strip():
            lines = _below(source, line)
        yield Suppression(
            codes=_codes(match[1]),
            place=Place(source=source, offsets=Span(match.start(), match.end())),
            file=source.name,
            lines=lines,
        )


def _in_quotes(before: str) -> bool:
    """Whether a number sign stands inside of a quoted text that began on its line.

    A quote opens one only where a value can begin: in ``it's`` it is a letter like others.
    """
    return _QUOTED.sub("", before) != _OPENED.sub("", _QUOTED.sub("", before))


def _below(source: SourceFile, line: int) -> tuple[int, int]:
    """The lines that a comment on its own line covers: the next one, or the whole document."""
    total = source.line_column(len(source.text))[0]
    following = line + 1
    while following <= total and _says_nothing(source.line_text(following)):
        following += 1
    above = line - 1
    while above >= 1 and _says_nothing(source.line_text(above)):
        above -= 1
    if above >= 1 and not _is_mark(source.line_text(above)):
        return following, following
    if _is_mark(source.line_text(following)):  # the comment stands before the mark
        following += 1
    last = following
    while last < total and not _is_mark(source.line_text(last + 1)):
        last += 1
    return following, last


def _says_nothing(text: str) -> bool:
    return not text.strip() or text.lstrip().startswith("#")


def _is_mark(text: str) -> bool:
    return text == "---" or text.startswith(("--- ", "---\t"))


def _codes(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
