"""Source text: files, character spans, edits, and paths into documents."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

Key = str | int
Path = tuple[Key, ...]
"""Keys and indices from a document's root to one of its values."""

Side = Literal["key", "value"]

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_$/-]+\Z")
_STEP = re.compile(r'\.?([A-Za-z0-9_$/-]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]')


@lru_cache(maxsize=65536)
def path_text(path: Path) -> str:
    """Print a path: ``spec.sources[0].helm`` or ``metadata.annotations["a.b/c"]``."""
    out: list[str] = []
    for key in path:
        if isinstance(key, int):
            out.append(f"[{key}]")
        elif _PLAIN_KEY.match(key):
            out.append(f".{key}" if out else key)
        else:
            quoted = key.replace("\\", "\\\\").replace('"', '\\"')
            out.append(f'["{quoted}"]')
    return "".join(out)


def parse_path(text: str) -> Path:
    """Read what ``path_text`` prints; raises ValueError for anything else."""
    path: list[Key] = []
    at = 0
    while at < len(text):
        match = _STEP.match(text, at)
        if match is None:
            raise ValueError(f"not a path: {text!r} (at character {at + 1})")
        plain, index, quoted = match.groups()
        if plain is not None:
            path.append(plain)
        elif index is not None:
            path.append(int(index))
        else:
            path.append(re.sub(r"\\(.)", r"\1", quoted))
        at = match.end()
    return tuple(path)


class Span(NamedTuple):
    """Characters ``start`` to ``end`` (exclusive) of a source text."""

    start: int
    end: int


class Edit(NamedTuple):
    """Replace the characters ``start`` to ``end`` by ``text``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class SourceFile:
    """One text as the user wrote it, without byte order mark.

    ``name`` is the display path: relative to the working directory, ``/`` as separator.
    ``marked`` tells that the file begins with a byte order mark, to be written back.
    """

    name: str
    text: str
    marked: bool = False
    _lines: list[int] = field(default_factory=list, repr=False)

    def line_column(self, offset: int) -> tuple[int, int]:
        """Line and column of a character offset, both from 1."""
        if not self._lines:
            self._lines.append(0)
            self._lines.extend(m.end() for m in re.finditer(r"\r\n|\n|\r", self.text))
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def line_text(self, line: int) -> str:
        """The text of one line (from 1) without its line ending."""
        self.line_column(0)
        if not 1 <= line <= len(self._lines):
            return ""
        end = self._lines[line] if line < len(self._lines) else len(self.text)
        return self.text[self._lines[line - 1] : end].rstrip("\r\n")


class Locatable(Protocol):
    """Something that knows where its parts stand in a source text (a parsed document)."""

    @property
    def source(self) -> SourceFile: ...

    def locate(self, path: Path, on: Side = "value") -> Span:
        """The span of a key or value; of the nearest existing parent when the path is absent."""
        ...


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Apply edits given in any order; raises ValueError where two of them overlap."""
    out: list[str] = []
    at = 0
    for edit in sorted(edits):
        if edit.start < at:
            raise ValueError(f"edits overlap at character {edit.start}")
        out.append(text[at : edit.start])
        out.append(edit.text)
        at = edit.end
    out.append(text[at:])
    return "".join(out)
