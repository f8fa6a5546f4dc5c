"""Documents as plain ``dict`` and ``list`` that remember where every key and value stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from argoflux.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.text import Key, Path, Side, SourceFile

Yaml = Any
"""``Map | Seq | str | int | float | bool | None``."""

Marks = tuple[int, int, int, int]
"""Offsets of an entry: key start, key end, value start, value end.

The value end of a block collection is the end of its last scalar, never the start of the next
token. In a sequence the key offsets are those of the item (``key start == value start``).
"""


class Map(dict[str, Any]):
    """A mapping with the marks of its entries; behaves as a ``dict`` everywhere."""

    __slots__ = ("marks", "span")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.marks: dict[str, Any] = {}
        self.span: Any = None


class Seq(list[Any]):
    """A sequence with the marks of its items; behaves as a ``list`` everywhere."""

    __slots__ = ("marks", "span")

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.marks: list[Any] = []
        self.span: Any = None


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One YAML document of a file.

    ``index`` counts from 0 within the file; ``body`` is a Map in every document that can be a
    manifest; ``start`` and ``end`` are character offsets of the document in its source.
    ``prefix`` is the path from the document's root to ``body`` (``items[3]`` of an unwrapped List).
    """

    source: SourceFile
    index: int
    body: Yaml
    start: int
    end: int
    prefix: Path = ()
    notes: dict[str, Any] = field(default_factory=dict)

    def locate(self, path: Path, on: Side = "value") -> Span:
        """The span of a key or value; of the nearest existing parent when the path is absent."""
        raise NotImplementedError


def leaves(value: Yaml, path: Path = ()) -> Iterator[tuple[Path, Yaml]]:
    """Every scalar and every empty collection below ``value``, in document order."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path, value


MISSING: Any = object()
"""Returned by ``dig`` for an absent path."""


def dig(value: Yaml, *path: Key) -> Yaml:
    """The value at a path, ``MISSING`` when any step is absent or of the wrong shape."""
    for key in path:
        if isinstance(key, int):
            if not isinstance(value, list) or not -len(value) <= key < len(value):
                return MISSING
            value = value[key]
        else:
            if not isinstance(value, dict) or key not in value:
                return MISSING
            value = value[key]
    return value
