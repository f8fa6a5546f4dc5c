"""Findings: what is wrong, where, and how to mend it. Places are symbolic until printed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from argoflux.text import Span

if TYPE_CHECKING:
    from argoflux.text import Edit, Locatable, Path, Side, SourceFile


class Severity(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A position: a document and a path in it, or a span of a file that did not parse."""

    source: SourceFile
    document: Locatable | None = None
    path: Path = ()
    on: Side = "value"
    offsets: Span | None = None

    def span(self) -> Span:
        """The characters this place stands for; start of file when nothing is known."""
        if self.offsets is not None:
            return self.offsets
        if self.document is not None:
            return self.document.locate(self.path, self.on)
        return Span(0, 0)

    def line_column(self) -> tuple[int, int]:
        """Line and column of the first character, both from 1."""
        return self.source.line_column(self.span().start)

    def sort_key(self) -> tuple[str, int, int]:
        """Order of places in every report: file, then position."""
        span = self.span()
        return (self.source.name, span.start, span.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """A repair as edits of one file's characters."""

    title: str
    safety: str  # safe | unsafe
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One remark about the input. ``message`` starts in lower case and ends without a period."""

    code: str
    slug: str
    severity: Severity
    message: str
    place: Place
    resource: str = ""  # Kind/namespace/name, empty for a file
    related: tuple[tuple[Place, str], ...] = ()
    fix: Fix | None = None
    confidential: bool = False  # the lines it speaks about are not shown
