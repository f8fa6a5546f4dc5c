"""Keys that are written twice in one mapping, or come with a merge."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from argoflux.yamlio.tree import Map, Marks

_HEAD, _SIZE = 2, 4


class Repeat(NamedTuple):
    """A key that is written twice in one mapping; marks of the earlier and the later entry.

    ``equal`` tells that both have the same value.
    """

    owner: Map
    key: str
    equal: bool
    first: Marks
    second: Marks


class Rewriting:
    """The marks of a mapping under construction, by key: what is written again replaces them.

    ``marks`` are start and end of the mapping, then four numbers for each of its entries.
    ``merged`` are the keys that came with a merge.
    """

    __slots__ = ("_at", "_marks", "merged")

    def __init__(self, out: Map, marks: list[int]) -> None:
        self.merged: set[str] = set()
        self._marks = marks
        self._at = {key: _HEAD + _SIZE * number for number, key in enumerate(out)}

    def of(self, key: str) -> Marks:
        """The marks of an entry that is there."""
        at = self._at[key]
        key_start, key_end, start, end = self._marks[at : at + _SIZE]
        return key_start, key_end, start, end

    def put(self, key: str, mark: Marks) -> None:
        """Set the marks of an entry; a new one comes last."""
        at = self._at.setdefault(key, len(self._marks))
        self._marks[at : at + _SIZE] = mark
