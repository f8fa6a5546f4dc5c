"""Anchors of a document and what its aliases may grow to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.yamlio.problems import Broken, OverLimit

if TYPE_CHECKING:
    from argoflux.yamlio.tree import Yaml

_OPEN: Any = object()


class Anchors:
    """The anchors seen so far in one document; of two with the same name the last counts.

    ``expansion`` bounds the number of values that aliases add to the document, ``depth`` how deep
    they may nest it.
    """

    __slots__ = ("_depth", "_expanded", "_expansion", "_measured", "_values")

    def __init__(self, *, depth: int, expansion: int) -> None:
        self._depth = depth
        self._expansion = expansion
        self._expanded = 0
        self._values: dict[str, Yaml] = {}
        self._measured: dict[int, tuple[Yaml, int, int]] = {}  # the value keeps its id taken

    def open(self, name: str) -> None:
        """Note a collection that has begun: an alias inside would refer to itself."""
        self._values[name] = _OPEN

    def define(self, name: str, value: Yaml) -> None:
        """Note the finished value of an anchor."""
        self._values[name] = value

    def value(self, name: str, depth: int, start: int, end: int) -> Yaml:
        """What the alias at ``start`` to ``end`` refers to; raises Broken or OverLimit."""
        if name not in self._values:
            raise Broken(f"the alias `*{name}` has no anchor `&{name}` before it", start, end)
        value = self._values[name]
        if value is _OPEN:
            raise Broken(f"the anchor `&{name}` contains itself", start, end)
        if isinstance(value, dict | list):
            size, height = self._measure(value)
            self._expanded += size
            if self._expanded > self._expansion:
                raise OverLimit(
                    f"aliases expand the document by more than {self._expansion} values", start, end
                )
            if depth + height > self._depth:
                raise OverLimit(
                    f"aliases nest the document more than {self._depth} levels deep", start, end
                )
        return value

    def _measure(self, value: Yaml) -> tuple[int, int]:
        """Number of values in an expanded collection, and its height; each is measured once."""
        known = self._measured.get(id(value))
        if known is None:
            size, height = 1, 0
            for child in value.values() if isinstance(value, dict) else value:
                if isinstance(child, dict | list):
                    inner, below = self._measure(child)
                    size += inner
                    height = max(height, below)
                else:
                    size += 1
            known = self._measured[id(value)] = (value, size, height + 1)
        return known[1], known[2]
