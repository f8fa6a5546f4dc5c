"""Changes to a document as edits of its characters: comments, quotes and line endings survive.

Every function returns edits that are proved: the edited text was loaded again and holds the
intended value and nothing else has changed. Where the text does not allow such an edit (a value
behind an alias or a merge, a place that is not written out) the result is empty.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from argoflux.text import Edit, SourceFile, apply_edits
from argoflux.yamlio.fragment import Frame, block_text, flow_text, requoted
from argoflux.yamlio.load import load_text
from argoflux.yamlio.tree import MISSING, dig

if TYPE_CHECKING:
    from collections.abc import Callable

    from argoflux.text import Key, Path, Span
    from argoflux.yamlio.tree import Document, Yaml

Edits = tuple[Edit, ...]

_LINE_BREAK = re.compile(r"\r?\n")
_HEADER = re.compile(r"[|>][^ \t\r\n#]*([^\r\n]*)")
_COMMENT = re.compile(r"[ \t]+#[^\r\n]*")


def set_value(document: Document, path: Path, value: Yaml) -> Edits:
    """Give an existing key or item another value."""
    if not path or not document.has_place(path):
        return ()
    return _proved(document, _replacement(document, path, value), _assign, path, value)


def rename_key(document: Document, path: Path, new: str) -> Edits:
    """Give an existing key another name; its value stays as it is written."""
    if not path or not document.has_place(path) or isinstance(path[-1], int):
        return ()
    if dig(document.root, *path[:-1], new) is not MISSING:
        return ()
    frame = Frame(document, path[:-1])
    span = document.locate(path, on="key")
    token = requoted(document.source.text[span.start : span.end], new, flow=frame.flow)
    return _proved(document, [Edit(span.start, span.end, token)], _rename, path, new)


def delete(document: Document, path: Path) -> Edits:
    """Remove a key with its value, or an item of a list; an emptied parent becomes ``{}``/``[]``."""
    if not path or not document.has_place(path):
        return ()
    parent = path[:-1]
    frame = Frame(document, parent)
    at = frame.position(path[-1])
    if at is None:
        return ()
    if len(frame.spans) == 1 and len(dig(document.root, *parent)) == 1:
        empty: Yaml = {} if isinstance(path[-1], str) else []
        edits = _emptied(document, parent, empty)
    else:
        edits = _removal_in_flow(frame, at) if frame.flow else _removal(frame, at)
    return _proved(document, edits, _remove, path, None)


def insert(document: Document, path: Path, value: Yaml, *, after: str = "") -> Edits:
    """Add a key or list item; missing parents are added too.

    A new key stands behind the key ``after``, or else last. An item stands before the item that
    has its index now, or last when there is none.
    """
    root = document.root
    if not path or (isinstance(path[-1], str) and dig(root, *path) is not MISSING):
        return ()
    anchor, new = path, value
    while len(anchor) > 1 and not isinstance(dig(root, *anchor[:-1]), dict | list):
        if not isinstance(anchor[-1], str) and anchor[-1] != 0:
            return ()
        new = {anchor[-1]: new} if isinstance(anchor[-1], str) else [new]
        anchor = anchor[:-1]
    present = dig(root, *anchor)
    if anchor != path and present is not MISSING:
        if present is not None or not document.has_place(anchor):
            return ()  # a scalar is in the way
        return _proved(document, _replacement(document, anchor, new), _assign, anchor, new)
    if not isinstance(dig(root, *anchor[:-1]), dict if isinstance(anchor[-1], str) else list):
        return ()
    return _proved(document, _addition(document, anchor, new, after), _add, anchor, new)


def _proved(
    document: Document,
    edits: list[Edit] | None,
    change: Callable[[Yaml, Path, Any], Yaml],
    path: Path,
    value: Any,
) -> Edits:
    """The edits if the edited document loads as the changed value, else nothing."""
    if not edits:
        return ()
    start, end = document.start, document.end
    if any(edit.start < start or edit.end > end for edit in edits):
        return ()
    text = document.source.text[start:end]
    local = (Edit(edit.start - start, edit.end - start, edit.text) for edit in edits)
    try:
        edited = SourceFile(document.source.name, apply_edits(text, local))
    except ValueError:
        return ()
    loaded = load_text(edited, flavour=document.flavour)
    wanted = change(_plain(document.root), path, value)
    if len(loaded.documents) != 1 or any(f.code == "AF001" for f in loaded.findings):
        return ()
    return tuple(sorted(edits)) if same(loaded.documents[0].root, wanted) else ()


def same(left: Yaml, right: Yaml) -> bool:
    """Equality that tells ``1`` from ``true`` and ``1.0``."""
    if isinstance(left, dict):
        return (
            isinstance(right, dict)
            and left.keys() == right.keys()
            and all(same(item, right[key]) for key, item in left.items())
        )
    if isinstance(left, list):
        return (
            isinstance(right, list | tuple)
            and len(left) == len(right)
            and all(map(same, left, right))
        )
    return type(left) is type(right) and bool(left == right)


def _plain(value: Yaml) -> Yaml:
    """A copy in which nothing is shared."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _assign(root: Yaml, path: Path, value: Yaml) -> Yaml:
    dig(root, *path[:-1])[path[-1]] = value
    return root


def _add(root: Yaml, path: Path, value: Yaml) -> Yaml:
    parent = dig(root, *path[:-1])
    if isinstance(parent, list):
        parent.insert(int(path[-1]), value)
    else:
        parent[path[-1]] = value
    return root


def _remove(root: Yaml, path: Path, _: None) -> Yaml:
    del dig(root, *path[:-1])[path[-1]]
    return root


def _rename(root: Yaml, path: Path, new: str) -> Yaml:
    parent = dig(root, *path[:-1])
    parent[new] = parent.pop(path[-1])
    return root


def _replacement(document: Document, path: Path, value: Yaml) -> list[Edit] | None:
    """Edits that put ``value`` in the place of the one at ``path``."""
    frame = Frame(document, path[:-1])
    span = document.locate(path)
    text = document.source.text
    old = text[span.start : span.end]
    keyed = isinstance(path[-1], str)
    if frame.flow:
        token = flow_text(value, old, json=frame.json)
        if not old and keyed:
            return _behind_key(document, path, token)
        return [Edit(span.start, span.end, token)]
    colon = _colon(text, document.locate(path, on="key").end) if keyed else span.start
    new = _rendered(document, frame, path, value, old)
    below = new.startswith(frame.newline)
    if "\n" in text[colon : span.start]:
        return _below_key(text, colon, span, new, below=below)
    start = colon if below else span.start
    if not old and not below and text[start - 1 : start] not in {" ", "\t"}:
        new = " " + new
    first, line_break, rest = new.partition(frame.newline)
    rest = line_break + rest
    header = _HEADER.match(old)
    if header is not None:  # a block scalar
        new = _closed(text, span.end, first + header.group(1) + rest)
        return [Edit(start, span.end, new)]
    comment = _COMMENT.match(text, span.end)
    if comment is None or not rest:
        return [Edit(start, span.end, _closed(text, span.end, first + rest))]
    at = comment.end()
    return [Edit(start, span.end, first), Edit(at, at, _closed(text, at, rest))]


def _rendered(document: Document, frame: Frame, path: Path, value: Yaml, old: str) -> str:
    """The new value; it begins with a line break where it stands below its key."""
    block = isinstance(value, dict | list) and value
    if not block and not (isinstance(value, str) and "\n" in value):
        return requoted(old, value, flow=False)
    if isinstance(path[-1], str):
        lines = block_text(document, value, frame.indent, key=True)
        return frame.newline + lines if block else lines
    if not block:
        return block_text(document, value, frame.indent)
    start = document.locate(path).start
    column = start - frame.text.rfind("\n", 0, start) - 1
    space = " " if frame.text[start - 1 : start] == "-" else ""
    return block_text(document, value, " " * (column + len(space))).lstrip(" ")


def _below_key(text: str, colon: int, span: Span, new: str, *, below: bool) -> list[Edit]:
    """Replace a value that begins on a line below its key; comments above it stay."""
    line = text.rfind("\n", 0, span.start)
    line -= text[line - 1] == "\r"
    comment = _COMMENT.match(text, span.end)
    end = comment.end() if comment else span.end
    if below:
        return [Edit(line, end, _closed(text, end, new))]
    before = max(line, colon)
    first, _, rest = new.partition("\n")
    if rest:
        before = _line_end(text, colon)
        rest = text[before : text.index("\n", before) + 1] + _closed(text, end, rest)
        return [Edit(colon, colon, " " + first.rstrip("\r")), Edit(before, end, rest)]
    return [Edit(colon, colon, " " + new), Edit(before, end, "")]


def _closed(text: str, end: int, lines: str) -> str:
    """Lines that are to stand at ``end``; the last line of a text gets its line break."""
    if end < len(text) or "\n" not in lines:
        return lines
    return lines + ("\r\n" if "\r\n" in lines else "\n")


def _behind_key(document: Document, path: Path, token: str) -> list[Edit] | None:
    """A value for a key of a flow mapping that has none: ``{a}`` or ``{a: }``."""
    key = document.locate(path, on="key")
    text = document.source.text
    behind = re.compile(r"[ \t\r\n]*:").match(text, key.end)
    if behind is None:
        return [Edit(key.end, key.end, f": {token}")]
    return [Edit(behind.end(), behind.end(), f" {token}")]


def _emptied(document: Document, parent: Path, empty: Yaml) -> list[Edit] | None:
    if parent:
        return _replacement(document, parent, empty)
    start, end = document.locate(())
    return [Edit(start, end, "{}" if empty == {} else "[]")]


def _removal(frame: Frame, at: int) -> list[Edit]:
    """Remove an entry of a block collection with its lines."""
    text = frame.text
    start, end = frame.spans[at]
    line = text.rfind("\n", 0, start) + 1
    if text[line:start].strip(" ") == "":
        stop = _line_end(text, end)
        after = _LINE_BREAK.match(text, stop)
        return [Edit(line, after.end() if after else stop, "")]
    if at + 1 == len(frame.spans):
        return []
    following = frame.spans[at + 1][0]  # the first entry behind `- `
    if "#" in text[end:following]:  # comments stay, below the dash
        return [Edit(start, _line_end(text, end), "")]
    return [Edit(start, following, "")]


def _removal_in_flow(frame: Frame, at: int) -> list[Edit]:
    start, end = frame.spans[at]
    if at + 1 < len(frame.spans):
        return [Edit(start, frame.spans[at + 1][0], "")]
    return [Edit(frame.spans[at - 1][1] if at else start, end, "")]


def _addition(document: Document, path: Path, value: Yaml, after: str) -> list[Edit] | None:
    """Edits that add a key or an item to a collection that exists."""
    parent = path[:-1]
    if parent and not document.has_place(parent):
        return None
    frame = Frame(document, parent)
    key = path[-1]
    if frame.closed_empty:
        whole: Yaml = {key: value} if isinstance(key, str) else [value]
        if not parent or frame.flow_parent:
            start, end = document.locate(parent)
            return [Edit(start, end, flow_text(whole, "", json=frame.json))]
        return _replacement(document, parent, whole)
    if not frame.spans:  # nothing but a merge
        return None
    at = len(frame.spans) if isinstance(key, str) else min(key, len(frame.spans))
    if isinstance(key, str) and (behind := frame.position(after)) is not None:
        at = behind + 1
    if frame.flow:
        return _added_in_flow(frame, key, value, at)
    entry = block_text(document, {key: value} if isinstance(key, str) else [value], frame.indent)
    if at == 0 or (isinstance(key, int) and at < len(frame.spans)):
        start = frame.spans[at][0]
        return [Edit(start, start, entry.lstrip(" ") + frame.newline + frame.indent)]
    stop = _line_end(frame.text, frame.spans[at - 1][1])
    return [Edit(stop, stop, _closed(frame.text, stop, frame.newline + entry))]


def _added_in_flow(frame: Frame, key: Key, value: Yaml, at: int) -> list[Edit]:
    entry = flow_text({key: value} if isinstance(key, str) else [value], "", json=frame.json)[1:-1]
    if at < len(frame.spans):
        start = frame.spans[at][0]
        return [Edit(start, start, entry + ", ")]
    end = frame.spans[-1][1]
    return [Edit(end, end, ", " + entry)]


def _colon(text: str, key_end: int) -> int:
    """The offset behind the ``:`` of a block mapping's entry."""
    return text.index(":", key_end) + 1


def _line_end(text: str, at: int) -> int:
    """The offset of the line break at or after ``at``, or of the end of the text."""
    end = text.find("\n", max(at, 0))
    if end < 0:
        return len(text)
    return end - 1 if end and text[end - 1] == "\r" and end - 1 >= at else end
