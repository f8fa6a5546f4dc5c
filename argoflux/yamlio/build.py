"""Values with positions from the events of libyaml, by the rules of the Go readers.

The loops in ``_mapping`` and ``_sequence`` are written for speed: they treat plain text in place
and leave everything that is out of the ordinary to the other methods.
"""

from __future__ import annotations

from array import array
from sys import intern
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from argoflux.yamlio.anchors import Anchors
from argoflux.yamlio.extent import block_end, lacks_value
from argoflux.yamlio.problems import Broken, OverLimit
from argoflux.yamlio.repeats import Repeat, Rewriting
from argoflux.yamlio.scalars import (
    NUMERIC_START,
    UNUSUAL,
    UnsupportedNumber,
    decoded,
    key_text,
    read_differently,
    resolve,
)
from argoflux.yamlio.tree import Map, Seq

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from argoflux.text import Key
    from argoflux.yamlio.scalars import Flavour
    from argoflux.yamlio.tree import Marks, Yaml

_Alias: Any = yaml.AliasEvent
_Scalar: Any = yaml.ScalarEvent
_MapStart: Any = yaml.MappingStartEvent
_MapEnd: Any = yaml.MappingEndEvent
_SeqStart: Any = yaml.SequenceStartEvent
_SeqEnd: Any = yaml.SequenceEndEvent
_DocumentStart: Any = yaml.DocumentStartEvent

_TAG = "tag:yaml.org,2002:"
_BINARY = _TAG + "binary"
_MERGE_TAG = _TAG + "merge"
_BLOCK_STYLES = frozenset("|>")
_RESOLVED_TAGS = frozenset(_TAG + name for name in ("int", "float", "bool", "null", "timestamp"))

_MERGE: Any = object()
_NOWHERE = Seq()


class Dispute(NamedTuple):
    """A plain scalar or key that the two readers see differently."""

    owner: Map | Seq
    key: Key
    text: str


class Built(NamedTuple):
    """One document: its value, the offset of its first event, and what was seen in passing."""

    root: Yaml
    start: int
    repeats: tuple[Repeat, ...]
    disputes: tuple[Dispute, ...]


def open_events(text: str) -> Callable[[], Any]:
    """A function that returns the next event of ``text``, None at the end."""
    try:
        from yaml._yaml import CParser
    except ImportError:  # PyYAML without libyaml
        return yaml.SafeLoader(text).get_event
    parser: Callable[[], Any] = CParser(text).get_event
    return parser


class Builder:
    """Builds the documents of one piece of text.

    ``depth`` bounds the nesting, ``expansion`` the number of nodes that aliases add to a document.
    """

    __slots__ = (
        "_anchors", "_depth", "_disputes", "_end", "_expansion", "_flavour", "_repeats", "_take",
        "_text",
    )  # fmt: skip

    def __init__(self, text: str, flavour: Flavour, *, depth: int, expansion: int) -> None:
        self._text = text
        self._take = open_events(text)
        self._flavour: Flavour = flavour
        self._end = 0  # where the collection that was read last ends
        self._depth = depth
        self._expansion = expansion

    def _reset(self) -> None:
        self._anchors = Anchors(depth=self._depth, expansion=self._expansion)
        self._repeats: list[Repeat] = []
        self._disputes: list[Dispute] = []

    def documents(self) -> Iterator[Built]:
        """The documents of the text; raises Broken, or an error of the YAML library."""
        while (event := self._take()) is not None:
            if event.__class__ is not _DocumentStart:
                continue
            self._reset()
            if event.version is not None and event.version != (1, 1):
                raise Broken(
                    "incompatible YAML document: the readers of Kubernetes accept no "
                    f"`%YAML {'.'.join(map(str, event.version))}` line; remove it",
                    event.start_mark.index,
                    event.end_mark.index,
                )
            start = event.start_mark.index
            first = self._take()
            root, end = self._value(first, 0, _NOWHERE, 0)
            if root is None and end == first.start_mark.index:
                continue  # nothing but comments
            self._drop_quoted_merges()
            yield Built(root, start, tuple(self._repeats), tuple(self._disputes))

    def _mapping(self, opened: Any, depth: int) -> Map:  # noqa: C901, PLR0912  (hot loop)
        take, unusual, numeric, scalar = self._take, UNUSUAL, NUMERIC_START, _Scalar
        anchor = opened.anchor
        if depth > self._depth or anchor is not None:
            self._enter(opened, depth)
        out = Map()
        end = opened.end_mark.index
        marks = [opened.start_mark.index, end]
        again: Rewriting | None = None
        while True:
            event = take()
            if event.__class__ is scalar:
                key = intern(event.value)
                if (
                    event.style
                    or key in unusual
                    or key[0] in numeric
                    or event.tag is not None
                    or event.anchor is not None
                ):
                    key = self._key(event, out)
            elif event.__class__ is _MapEnd:
                break
            else:
                key = self._odd_key(event, out)
            key_start, key_end = event.start_mark.index, event.end_mark.index
            event = take()
            if key is _MERGE:
                again = again or Rewriting(out, marks)
                end = self._merge(event, out, again, depth)
                continue
            if event.__class__ is scalar and event.anchor is None and event.tag is None:
                value = event.value
                end = event.end_mark.index
                if not event.style:
                    usual = value not in unusual and value[0] not in numeric
                    value = intern(value) if usual else self._plain(event, out, key)
                elif event.style in _BLOCK_STYLES:
                    end = block_end(self._text, event.start_mark.index, end)
            elif event.__class__ is _MapStart:
                value = self._mapping(event, depth + 1)
                end = self._end
            else:
                value, end = self._value(event, depth, out, key)
            mark = (key_start, key_end, event.start_mark.index, end)
            if again is None and key not in out:
                marks += mark
            else:
                again = again or Rewriting(out, marks)
                self._again(out, key, value, mark, again)
            out[key] = value
        if opened.flow_style:
            end = event.end_mark.index
        marks[1] = self._end = end
        out.places = array("I", marks).tobytes()
        if anchor is not None:
            self._anchors.define(anchor, out)
        return out

    def _sequence(self, opened: Any, depth: int) -> Seq:
        take, unusual, numeric, scalar = self._take, UNUSUAL, NUMERIC_START, _Scalar
        anchor = opened.anchor
        if depth > self._depth or anchor is not None:
            self._enter(opened, depth)
        out = Seq()
        end = opened.end_mark.index
        marks = [opened.start_mark.index, end]
        while True:
            event = take()
            if event.__class__ is scalar and event.anchor is None and event.tag is None:
                value = event.value
                end = event.end_mark.index
                if not event.style:
                    if value in unusual or value[0] in numeric:
                        value = self._plain(event, out, len(out))
                elif event.style in _BLOCK_STYLES:
                    end = block_end(self._text, event.start_mark.index, end)
            elif event.__class__ is _MapStart:
                value = self._mapping(event, depth + 1)
                end = self._end
            elif event.__class__ is _SeqEnd:
                break
            else:
                value, end = self._value(event, depth, out, len(out))
            out.append(value)
            marks += (event.start_mark.index, end)
        if opened.flow_style:
            end = event.end_mark.index
        marks[1] = self._end = end
        out.places = array("I", marks).tobytes()
        if anchor is not None:
            self._anchors.define(anchor, out)
        return out

    def _value(self, event: Any, depth: int, owner: Map | Seq, key: Key) -> tuple[Yaml, int]:
        """Any value and where it ends."""
        kind = event.__class__
        value: Yaml
        if kind is _MapStart:
            value = self._mapping(event, depth + 1)
            return value, self._end
        if kind is _SeqStart:
            value = self._sequence(event, depth + 1)
            return value, self._end
        if kind is _Scalar:
            return self._scalar(event, owner, key)
        return self._alias(event, depth), event.end_mark.index

    def _enter(self, opened: Any, depth: int) -> None:
        if depth > self._depth:
            raise OverLimit(
                f"the document is nested more than {self._depth} levels deep",
                opened.start_mark.index,
                opened.end_mark.index,
            )
        self._anchors.open(opened.anchor)

    def _scalar(self, event: Any, owner: Map | Seq, key: Key) -> tuple[Yaml, int]:
        """A scalar that is quoted, tagged, anchored or a block."""
        tag, style, end = event.tag, event.style, event.end_mark.index
        value: Yaml = event.value
        if tag is None:
            if not style and (value in UNUSUAL or value[0] in NUMERIC_START):
                value = self._plain(event, owner, key)
        elif tag in _RESOLVED_TAGS:
            value = self._plain(event, owner, key)
        elif tag == _BINARY:
            value = decoded(value)
        if event.anchor is not None:
            self._anchors.define(event.anchor, value)
        if style in _BLOCK_STYLES:
            end = block_end(self._text, event.start_mark.index, end)
        return value, end

    def _plain(self, event: Any, owner: Map | Seq, key: Key) -> Yaml:
        """A plain scalar that may be more than text."""
        text = event.value
        if read_differently(text) or (not text and lacks_value(self._text, event.start_mark.index)):
            self._disputes.append(Dispute(owner, key, text))
            if not text and self._flavour == "kustomize":
                return ""
        try:
            return resolve(text, self._flavour)
        except UnsupportedNumber:
            raise Broken(
                f"`{text}` is a number that JSON does not have; quote it if it is meant as text",
                event.start_mark.index,
                event.end_mark.index,
            ) from None

    def _key(self, event: Any, owner: Map) -> Any:
        """The key a scalar stands for when it is not just plain text; ``_MERGE`` for ``<<``."""
        text: str = event.value
        tag = event.tag
        key: str | None = text
        if event.style and tag is None:
            if text == "<<":
                self._disputes.append(Dispute(owner, text, self._source_of(event)))
        elif text == "<<" and tag in {None, _MERGE_TAG}:  # yq writes `!!merge <<`
            return _MERGE
        elif tag is None or tag in _RESOLVED_TAGS:
            key = self._plain_key(event, owner)
        elif tag == _BINARY:
            key = decoded(text)
        if event.anchor is not None:
            self._anchors.define(event.anchor, key)
        return key

    def _plain_key(self, event: Any, owner: Map) -> str:
        text = event.value
        key = key_text(text, self._flavour)
        if key is None:
            shown = f"`{text}`" if text else "an empty key"
            why = (
                "kustomize takes only text as a key"
                if self._flavour == "kustomize"
                else ("it is null or too large a number, and keys must be text")
            )
            raise Broken(
                f"{shown} cannot be a key: {why}; quote it",
                event.start_mark.index,
                event.end_mark.index,
            )
        if key_text(text, "kustomize") != key_text(text, "sigs"):
            self._disputes.append(Dispute(owner, key, text))
        return key

    def _odd_key(self, event: Any, owner: Map) -> str:
        """The key that an alias stands for; collections cannot be keys."""
        if event.__class__ is not _Alias:
            what = "a mapping" if event.__class__ is _MapStart else "a list"
            raise Broken(
                f"{what} stands where a key must be; text that starts with "
                f"`{'{' if event.__class__ is _MapStart else '['}` needs quotes",
                event.start_mark.index,
                event.end_mark.index,
            )
        value = self._alias(event, 0)
        if isinstance(value, str):
            return value
        key = None
        if isinstance(value, bool):
            key = "true" if value else "false"
        elif isinstance(value, int | float):
            key = key_text(repr(value))
        if key is None or self._flavour == "kustomize":
            raise Broken(
                f"the alias `*{event.anchor}` cannot be a key: it is not text",
                event.start_mark.index,
                event.end_mark.index,
            )
        self._disputes.append(Dispute(owner, key, self._source_of(event)))
        return key

    def _alias(self, event: Any, depth: int) -> Yaml:
        """The value an alias refers to, within the limits of expansion and depth."""
        start, end = event.start_mark.index, event.end_mark.index
        return self._anchors.value(event.anchor, depth, start, end)

    def _merge(self, event: Any, out: Map, again: Rewriting, depth: int) -> int:
        """Merge the value of ``<<`` into ``out``; returns where it ends.

        For ``sigs`` it overrides what stands before it, for ``kustomize`` never what is written out.
        """
        value, end = self._value(event, depth, out, "<<")
        sources = value if isinstance(value, list) else [value]
        if not all(isinstance(source, Map) for source in sources):
            raise Broken(
                "the value of `<<` must be a mapping or a list of mappings",
                event.start_mark.index,
                event.end_mark.index,
            )
        for source in reversed(sources):
            for (key, item), mark in zip(source.items(), source.marks.values(), strict=True):
                if key in out and key not in again.merged:
                    if out[key] != item:
                        self._disputes.append(Dispute(out, key, "<<"))
                    if self._flavour == "kustomize":
                        continue
                out[key] = item
                again.put(key, mark)
                again.merged.add(key)
        return end

    def _again(self, out: Map, key: str, value: Yaml, mark: Marks, again: Rewriting) -> None:
        """Note a key that is written twice; one that came with a merge may be written again."""
        if key in again.merged:
            again.merged.discard(key)
        elif key in out:
            equal = type(out[key]) is type(value) and out[key] == value
            self._repeats.append(Repeat(out, key, equal, again.of(key), mark))
        again.put(key, mark)

    def _drop_quoted_merges(self) -> None:
        if self._flavour == "kustomize":
            for dispute in self._disputes:
                owner = dispute.owner
                if isinstance(owner, Map) and dispute.key == "<<" and "<<" in owner:
                    owner.forget("<<")

    def _source_of(self, event: Any) -> str:
        return self._text[event.start_mark.index : event.end_mark.index]
