"""Several changes of one document as one set of edits: each is made on what the last one left."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import takewhile
from typing import TYPE_CHECKING

from argoflux.text import Edit, SourceFile, apply_edits
from argoflux.yamlio.load import load_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from argoflux.yamlio.edit import Edits
    from argoflux.yamlio.tree import Document

    Step = Callable[[Document], Edits]


def in_steps(document: Document, steps: Sequence[Step]) -> Edits:
    """The edits that make all changes; none where one of them is not possible.

    A step gets the document as the steps before have left it, and gives edits of
    ``argoflux.yamlio.edit``, which are proved. The result is lines that differ, so two changes
    next to each other never overlap.
    """
    before = document.source.text[document.start : document.end]
    current = document
    for step in steps:
        edits = step(current)
        if not edits:
            return ()
        after = changed(current, edits)
        if after is None:
            return ()
        current = after
    text = current.source.text if current is not document else before
    return tuple(_differences(before, text, document.start))


def changed(document: Document, edits: Edits) -> Document | None:
    """The document after edits, alone in its text; None where that is no longer one document."""
    text = document.source.text[document.start : document.end]
    moved = (Edit(e.start - document.start, e.end - document.start, e.text) for e in edits)
    source = SourceFile(document.source.name, apply_edits(text, moved))
    loaded = load_text(source, flavour=document.flavour)
    return loaded.documents[0] if len(loaded.documents) == 1 else None


def _differences(before: str, after: str, base: int) -> Iterator[Edit]:
    """Edits of whole lines that turn one text into the other."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    top = _alike(old, new)
    bottom = _alike(old[top:][::-1], new[top:][::-1])
    old_part, new_part = old[top : len(old) - bottom], new[top : len(new) - bottom]
    at = base + sum(map(len, old[:top]))
    offsets = [at]
    for line in old_part:
        offsets.append(offsets[-1] + len(line))
    matcher = SequenceMatcher(None, old_part, new_part, autojunk=False)
    for tag, start, end, first, last in matcher.get_opcodes():
        if tag != "equal":
            yield Edit(offsets[start], offsets[end], "".join(new_part[first:last]))


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """How many lines both begin with."""
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False))
    return sum(1 for _ in pairs)
