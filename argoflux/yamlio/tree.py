"""Documents as plain ``dict`` and ``list`` that remember where every key and value stands."""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct
from typing import TYPE_CHECKING, Any

from argoflux.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from argoflux.text import Key, Path, Side, SourceFile
    from argoflux.yamlio.scalars import Flavour

Yaml = Any
"""``Map | Seq | str | int | float | bool | None``."""

Marks = tuple[int, int, int, int]
"""Offsets of a mapping's entry: key start, key end, value start, value end.

They count from the ``base`` of the document. The value end of a block collection is the end of its
last scalar, never the start of the next token; a block scalar ends before its last line break.
"""


_PAIR = Struct("=2I")
_ENTRY = Struct("=4I")
_FEW = 16
"""Keys among which looking at each is as fast as looking one up."""


class Map(dict[str, Any]):
    """A mapping that knows where its entries stand; behaves as a ``dict`` everywhere.

    Only the loader sets ``places``: a Map made by hand has neither ``span`` nor marks. They hold
    start and end of the whole and the marks of each entry, as packed numbers: thousands of
    documents are in memory at once, and few of their places are ever asked for.
    """

    __slots__ = ("_order", "places")
    _order: dict[str, int]
    places: bytes

    @property
    def span(self) -> tuple[int, int]:
        """Where the mapping starts and ends; raises AttributeError in one made by hand."""
        start, end = _PAIR.unpack_from(self.places)
        return start, end

    @property
    def marks(self) -> dict[str, Marks]:
        """The marks of every entry."""
        return dict(zip(self, _ENTRY.iter_unpack(self.places[_PAIR.size :]), strict=True))

    def mark(self, key: Key) -> Marks | None:
        """The marks of one entry; None when there is none."""
        if key not in self or not hasattr(self, "places"):
            return None
        if len(self) <= _FEW:
            at = next(at for at, each in enumerate(self) if each == key)
        else:
            if not hasattr(self, "_order"):
                self._order = {each: at for at, each in enumerate(self)}
            at = self._order[str(key)]
        key_start, key_end, start, end = _ENTRY.unpack_from(
            self.places, _PAIR.size + _ENTRY.size * at
        )
        return key_start, key_end, start, end

    def forget(self, key: str) -> None:
        """Leave out an entry with its marks."""
        at = _PAIR.size + _ENTRY.size * list(self).index(key)
        self.places = self.places[:at] + self.places[at + _ENTRY.size :]
        del self[key]


class Seq(list[Any]):
    """A sequence that knows where its items stand; behaves as a ``list`` everywhere.

    Only the loader sets ``places``, as in a Map.
    """

    __slots__ = ("places",)
    places: bytes

    @property
    def span(self) -> tuple[int, int]:
        """Where the sequence starts and ends; raises AttributeError in one made by hand."""
        start, end = _PAIR.unpack_from(self.places)
        return start, end

    @property
    def marks(self) -> list[tuple[int, int]]:
        """Start and end of every item."""
        return list(_PAIR.iter_unpack(self.places))[1:]

    def mark(self, at: int) -> tuple[int, int] | None:
        """Start and end of one item; None when there is none."""
        if not 0 <= at < len(self) or not hasattr(self, "places"):
            return None
        start, end = _PAIR.unpack_from(self.places, _PAIR.size * (at + 1))
        return start, end


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One YAML document of a file.

    ``index`` counts from 0 within the file; ``body`` is a Map in every document that can be a
    manifest; ``start`` and ``end`` are character offsets of the document in its source, from its
    ``---`` line or first comment to the next document. ``prefix`` is the path from the document's
    root to ``body`` (``items[3]`` of an unwrapped List). ``root`` is the parsed document that
    paths are looked up in, ``base`` the offset that its marks count from, ``flavour`` the reader by
    whose rules it was loaded. ``two_readings`` are paths and texts of the plain scalars and keys
    that kustomize and sigs.k8s.io/yaml read differently.
    """

    source: SourceFile
    index: int
    body: Yaml
    start: int
    end: int
    prefix: Path = ()
    two_readings: tuple[tuple[Path, str], ...] = ()
    root: Yaml = None
    base: int = 0
    flavour: Flavour = "sigs"

    def locate(self, path: Path, on: Side = "value") -> Span:
        """The span of a key or value; of the nearest existing parent when the path is absent.

        ``path`` starts at the root of the document. A value below an alias is placed at the alias,
        a key that came with a merge (``<<``) where it is written. The key of a list item is the
        item. Documents that were not loaded from text have one place: all of them.
        """
        node, rest = self._origin(path)
        span = getattr(node, "span", None)
        if span is None:
            return Span(self.start, self.end)
        key, value = span, span
        for step in rest:
            entry = _entry(node, step)
            if entry is None:
                break
            key, value, node = entry
            if getattr(node, "span", value)[0] != value[0]:  # an alias
                break
        start, end = key if on == "key" else value
        return Span(self.base + start, self.base + end)

    def has_place(self, path: Path) -> bool:
        """Whether this value is written in its own place: not absent, merged or below an alias."""
        node, rest = self._origin(path)
        if getattr(node, "span", None) is None:
            return False
        for at, step in enumerate(rest):
            entry, outer = _entry(node, step), getattr(node, "span", None)
            if entry is None or outer is None:
                return False
            _, value, node = entry
            if value[0] < outer[0] or value[1] > outer[1]:  # a merged key
                return False
            if getattr(node, "span", value)[0] != value[0]:
                return at == len(rest) - 1
        return True

    def text_at(self, path: Path, on: Side = "value") -> str:
        """The characters of a key or value as the author wrote them."""
        span = self.locate(path, on)
        return self.source.text[span.start : span.end]

    def _origin(self, path: Path) -> tuple[Yaml, Path]:
        if self.root is not None:
            return self.root, path
        return self.body, path[len(self.prefix) :]


def _entry(node: Yaml, step: Key) -> tuple[tuple[int, int], tuple[int, int], Yaml] | None:
    """The key span, value span and value of one step; None when it is absent."""
    if isinstance(node, Map):
        mark = node.mark(step)
        return None if mark is None else (mark[:2], mark[2:], node.get(str(step)))
    if isinstance(node, Seq) and isinstance(step, int):
        item = node.mark(step)
        return None if item is None else (item, item, node[step])
    return None


def grown(value: Any) -> Any:
    """A value made of plain collections as one of those that documents are made of."""
    if isinstance(value, dict):
        return Map({key: grown(item) for key, item in value.items()})
    if isinstance(value, list):
        return Seq(grown(item) for item in value)
    return value


def walk(value: Yaml, path: Path = ()) -> Iterator[tuple[Path, Yaml]]:
    """Every collection and scalar below ``value`` and ``value`` itself, parents first."""
    yield path, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from walk(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from walk(item, (*path, index))


_PATHS: dict[Path, Path] = {}
"""One copy of each path that leaves have: thousands of objects share a few hundred paths."""


def leaves(value: Yaml) -> list[tuple[Path, Yaml]]:
    """Every scalar and every empty collection below ``value``, in document order."""
    found: list[tuple[Path, Yaml]] = []
    if value and isinstance(value, (dict, list)):
        _collect(value, (), found)
    else:
        found.append(((), value))
    return found


def _collect(
    value: dict[str, Yaml] | list[Yaml], path: Path, found: list[tuple[Path, Yaml]]
) -> None:
    entries: Iterable[tuple[Key, Yaml]]
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in entries:
        at = (*path, key)
        if item and isinstance(item, (dict, list)):
            _collect(item, at, found)
        else:
            found.append((_PATHS.setdefault(at, at), item))


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
