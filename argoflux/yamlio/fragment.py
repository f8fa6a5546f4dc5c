"""Pieces of YAML in the style of the document they are for."""

from __future__ import annotations

import json as json_text
import re
from collections import deque
from typing import TYPE_CHECKING, Any

from argoflux.yamlio.dump import block_lines, double_quoted, inline_token, line_token
from argoflux.yamlio.tree import Map, Seq, dig

if TYPE_CHECKING:
    from argoflux.text import Key, Path
    from argoflux.yamlio.tree import Document, Yaml

_PROPERTIES = re.compile(r"(?:[&!][^ \t\r\n]*[ \t\r\n]+)*")
_FLOW_MARKS = re.compile(r"[,\[\]{}?#:]")
_UNSAFE_IN_SINGLE = re.compile(r"[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]")


def in_flow(text: str, start: int) -> bool:
    """Whether the collection that begins at an offset is written in flow style."""
    match = _PROPERTIES.match(text, start)
    return text[match.end() if match else start :][:1] in {"{", "["}


class Frame:
    """A collection as its text shows it: the spans of its own entries in their order.

    ``indent`` is the white space before a key or a dash of a block collection. Entries of a block
    sequence begin at their dash. Entries that came with a merge are left out.
    """

    __slots__ = ("closed_empty", "flow", "flow_parent", "indent", "json", "keys", "newline",
                 "spans", "text")  # fmt: skip

    def __init__(self, document: Document, path: Path) -> None:
        text = self.text = document.source.text
        node: Any = dig(document.root, *path)
        base = document.base
        start, end = node.span[0] + base, node.span[1] + base
        self.newline = _newline(text)
        self.flow = in_flow(text, start)
        self.closed_empty = self.flow and not node.marks
        self.flow_parent = bool(path) and _parent_in_flow(document, path)
        self.json = _is_json(text, document)
        marks: list[tuple[int, int, Key]] = []
        if isinstance(node, Map):
            marks = [(m[0] + base, m[3] + base, key) for key, m in node.marks.items()]
        elif isinstance(node, Seq):
            marks = [(m[0] + base, m[1] + base, at) for at, m in enumerate(node.marks)]
        marks = sorted(mark for mark in marks if start <= mark[0] and mark[1] <= end)
        self.keys = [mark[2] for mark in marks]
        first = marks[0][0] if marks and isinstance(node, Map) else start
        self.indent = " " * (first - text.rfind("\n", 0, first) - 1)
        self.spans = [(mark[0], mark[1]) for mark in marks]
        if isinstance(node, Seq) and not self.flow:
            self.spans = [(self._dash(at, stop), stop) for at, stop in self.spans]

    def position(self, key: Key) -> int | None:
        """Which of the entries a key or index is."""
        return self.keys.index(key) if key in self.keys else None

    def _dash(self, start: int, end: int) -> int:
        """The dash of a list item whose value begins at ``start``."""
        column = len(self.indent)
        line = self.text.rfind("\n", 0, start) + 1
        while self.text[line + column : line + column + 1] != "-" and line:
            line = self.text.rfind("\n", 0, line - 1) + 1
        return min(line + column, end)


def _newline(text: str) -> str:
    """How the first line of a file ends; looking at all of it would take long for each edit."""
    at = text.find("\n")
    return "\r\n" if text[max(at - 1, 0) : at] == "\r" else "\n"


def _parent_in_flow(document: Document, path: Path) -> bool:
    parent: Any = dig(document.root, *path[:-1])
    return in_flow(document.source.text, parent.span[0] + document.base)


def _is_json(text: str, document: Document) -> bool:
    start = document.locate(()).start
    return re.compile(r'[{\[]\s*[{\["]').match(text, start) is not None


def requoted(old: str, value: Any, *, flow: bool) -> str:
    """A value on one line, in the quotes of the text it replaces where it is a string."""
    if isinstance(value, str):
        if old[:1] == '"':
            return double_quoted(value)
        if old[:1] == "'" and not _UNSAFE_IN_SINGLE.search(value):
            return "'" + value.replace("'", "''") + "'"
    return flow_text(value, "", json=False) if flow else inline_token(value, "")


def flow_text(value: Yaml, old: str, *, json: bool) -> str:
    """A value in flow style; as JSON where the document is JSON."""
    if json:
        return json_text.dumps(value, ensure_ascii=False)
    if isinstance(value, dict) and value:
        entries = (
            f"{_flow_scalar(key, '')}: {flow_text(item, '', json=False)}"
            for key, item in value.items()
        )
        return "{" + ", ".join(entries) + "}"
    if isinstance(value, list | tuple) and value:
        return "[" + ", ".join(flow_text(item, "", json=False) for item in value) + "]"
    return _flow_scalar(value, old)


def _flow_scalar(value: Any, old: str) -> str:
    if not isinstance(value, str):
        return inline_token(value, "")
    if old[:1] in {'"', "'"}:
        return requoted(old, value, flow=False)
    if "\n" in value:
        return double_quoted(value)
    token = line_token(value)
    return double_quoted(value) if token == value and _FLOW_MARKS.search(value) else token


def block_text(document: Document, value: Yaml, indent: str, *, key: bool = False) -> str:
    """The lines of a value in block style at an indent; below a key where ``key`` is set.

    A string of several lines begins with its ``|``.
    """
    newline = _newline(document.source.text)
    step = list_step(document)
    if isinstance(value, str):
        text = inline_token(value, indent)
    elif key and isinstance(value, dict):
        text = "\n".join(block_lines(value, indent + "  ", step))
    elif key:
        text = "\n".join(block_lines(value, indent + step, step))
    else:
        text = "\n".join(block_lines(value, indent, step))
    return text.replace("\n", newline)


def list_step(document: Document) -> str:
    """The further indent of lists below their keys in this document; none when it has no list."""
    text, base = document.source.text, document.base
    pending: deque[Any] = deque([document.root])
    while pending:
        node = pending.popleft()
        if not isinstance(node, Map | Seq):
            continue
        pending.extend(node.values() if isinstance(node, dict) else node)
        if not isinstance(node, Map):
            continue
        for key, item in node.items():
            mark = node.mark(key)
            if mark is None or not isinstance(item, Seq) or not item:
                continue
            at = item.span[0] + base
            if text[at : at + 1] == "-":
                key_column = mark[0] + base - text.rfind("\n", 0, mark[0] + base)
                return " " * max(at - text.rfind("\n", 0, at) - key_column, 0)
    return ""
