"""Fixes applied to texts: those that do not meet, file by file, and only what still reads as YAML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from argoflux.text import SourceFile, apply_edits
from argoflux.yamlio.load import load_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from argoflux.finding import Finding, Fix
    from argoflux.text import Edit

ROUNDS = 20
"""Fixes that meet are made one after the other, each after a new look; so often at most."""

_BROKEN = frozenset({"AF001", "AF002"})


@dataclass(frozen=True, slots=True)
class Fixed:
    """A file with fixes: the text as it was, the new one, and how many fixes made it."""

    before: SourceFile
    text: str
    count: int

    @property
    def data(self) -> bytes:
        """The bytes of the file; a byte order mark and the line endings are what they were."""
        return encode(self.before, self.text)


def encode(source: SourceFile, text: str) -> bytes:
    """The bytes of a text in the place of a file's own text."""
    return (("\ufeff" if source.marked else "") + text).encode("utf-8", "surrogateescape")


def fixed_files(findings: Iterable[Finding], *, unsafe: bool) -> list[Fixed]:
    """Every file that fixes change, with as many of them as can be made at once.

    ``unsafe`` takes in fixes that change what happens. A fix after which its file would no longer
    read as before (a document less, an error more) is left out.
    """
    by_file: dict[str, tuple[SourceFile, list[Fix]]] = {}
    for finding in findings:
        fix = finding.fix
        if fix is not None and fix.edits and (unsafe or fix.safety == "safe"):
            source = finding.place.source
            by_file.setdefault(source.name, (source, []))[1].append(fix)
    made = [_fixed(source, fixes) for source, fixes in by_file.values()]
    return sorted((one for one in made if one.count), key=lambda one: one.before.name)


def _fixed(source: SourceFile, fixes: list[Fix]) -> Fixed:
    ordered = sorted(fixes, key=lambda fix: (min(fix.edits), fix.title))
    chosen = _apart(ordered)
    text = _applied(source, chosen)
    if text is None:  # one of them does harm: only those that do not
        kept: list[Fix] = []
        for fix in chosen:
            if _applied(source, [*kept, fix]) is not None:
                kept.append(fix)
        chosen, text = kept, _applied(source, kept)
    if text is None or text == source.text:
        return Fixed(source, source.text, 0)
    return Fixed(source, text, len(chosen))


def _apart(fixes: Sequence[Fix]) -> list[Fix]:
    """The fixes that touch no characters of one before them."""
    chosen: list[Fix] = []
    taken: list[Edit] = []
    for fix in fixes:
        if not any(_meet(edit, other) for edit in fix.edits for other in taken):
            chosen.append(fix)
            taken += fix.edits
    return chosen


def _meet(one: Edit, other: Edit) -> bool:
    """Whether two edits share characters, or one inserts where the other begins or ends."""
    if one.start == one.end or other.start == other.end:
        return one.start <= other.end and other.start <= one.end
    return one.start < other.end and other.start < one.end


def _applied(source: SourceFile, fixes: Sequence[Fix]) -> str | None:
    """The text with fixes; None where it would not read as before."""
    try:
        text = apply_edits(source.text, [edit for fix in fixes for edit in fix.edits])
    except ValueError:  # edits of one fix overlap
        return None
    return text if _reads_alike(source, SourceFile(source.name, text)) else None


def _reads_alike(before: SourceFile, after: SourceFile) -> bool:
    """Whether no document was lost and no error came."""
    old, new = load_text(before), load_text(after)
    broken = [sum(f.code in _BROKEN for f in loaded.findings) for loaded in (old, new)]
    return len(old.documents) == len(new.documents) and broken[1] <= broken[0]
