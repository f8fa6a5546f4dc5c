"""What the glob dialects share: the error, the items of a pattern, and matching.

Two ways of matching, as in the libraries: over all reachable places (gobwas), and leftmost run by run
(Go's path.Match). Both take at most pattern length times the square of the text length, whatever the
pattern.
"""

from __future__ import annotations

from dataclasses import dataclass


class GlobError(ValueError):
    """The pattern is malformed."""


@dataclass(frozen=True, slots=True)
class Char:
    """Exactly one given character."""

    char: str


@dataclass(frozen=True, slots=True)
class AnyOne:
    """One character, but none of ``barred``."""

    barred: str = ""


@dataclass(frozen=True, slots=True)
class OneOf:
    """One character inside (``negated``: outside) the ranges, whose ends are included."""

    ranges: tuple[tuple[str, str], ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class AnyRun:
    """Any number of characters, but none of ``barred``."""

    barred: str = ""


@dataclass(frozen=True, slots=True)
class Either:
    """One of the alternatives, each a run of items."""

    alternatives: tuple[tuple[Char | AnyOne | OneOf | AnyRun | Either, ...], ...]


One = Char | AnyOne | OneOf
Item = One | AnyRun | Either
Items = tuple[Item, ...]


def matches_one(item: One, char: str) -> bool:
    """Tell whether the item accepts this one character."""
    match item:
        case Char(expected):
            return char == expected
        case AnyOne(barred):
            return char not in barred
        case OneOf(ranges, negated):
            return any(low <= char <= high for low, high in ranges) != negated


def matches_anyhow(items: Items, text: str) -> bool:
    """Tell whether there is any way to read the whole text as the items."""
    return len(text) in _ends(items, text, {0})


def _ends(items: Items, text: str, starts: set[int]) -> set[int]:
    places = starts
    for item in items:
        match item:
            case AnyRun(barred):
                places = _run_ends(barred, text, places)
            case Either(alternatives):
                places = set().union(*(_ends(branch, text, places) for branch in alternatives))
            case _:
                places = {at + 1 for at in places if at < len(text) and matches_one(item, text[at])}
        if not places:
            break
    return places


def _run_ends(barred: str, text: str, places: set[int]) -> set[int]:
    reached: set[int] = set()
    for start in sorted(places):
        at = start
        while at not in reached:
            reached.add(at)
            if at == len(text) or text[at] in barred:
                break
            at += 1
    return reached


@dataclass(frozen=True, slots=True)
class Chunk:
    """Single-character items, after a run of ``*`` or not."""

    starred: bool
    items: tuple[One, ...]


def matches_leftmost(chunks: tuple[Chunk, ...], text: str, barred: str) -> bool:
    """Tell whether the text matches when every chunk takes the first place where it fits."""
    at = 0
    for index, chunk in enumerate(chunks):
        is_last = index == len(chunks) - 1
        found = _find(chunk, text, at, barred, to_end=is_last)
        if found is None:
            return False
        at = found
    return at == len(text)


def _find(chunk: Chunk, text: str, start: int, barred: str, *, to_end: bool) -> int | None:
    """Return where the chunk ends, skipping nothing barred; ``to_end``: it ends with the text."""
    size = len(chunk.items)
    for at in range(start, len(text) - size + 1):
        if at > start and (not chunk.starred or text[at - 1] in barred):
            return None
        if to_end and at + size != len(text):
            continue
        if all(matches_one(item, text[at + i]) for i, item in enumerate(chunk.items)):
            return at + size
    return None
