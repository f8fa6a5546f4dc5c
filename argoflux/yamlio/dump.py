"""New documents as text: block style, the key order of kubectl, quotes wherever readers differ."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Self

from argoflux.yamlio.scalars import NUMERIC_START, UNUSUAL, UnsupportedNumber, resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_FIRST_KEYS = ("apiVersion", "kind", "metadata", "type", "immutable")
_SECOND_KEYS = ("spec", "data", "stringData", "binaryData")
_LAST_KEYS = ("status",)
_METADATA_KEYS = ("name", "generateName", "namespace", "labels", "annotations", "finalizers")

# Python before 3.11.5 gets possessive groups wrong, so the plain style is told by two searches.
_PLAIN_START = re.compile(r"[^\W_]|[_/.$(+<~^;=\\]|[-?:](?=[^\s,\[\]{}])")  # not an indicator
_NEVER_PLAIN = re.compile(
    r"[^\w/.$()+<>~^;=\\!\"%&'*,?@\[\]`{|}:\#\ -]|:(?!\S)|(?<!\S)\#|\ (?![^\s\#])", re.VERBOSE
)
_UNPRINTABLE = re.compile(
    "[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_IN_REMARK = re.compile(r"\n|" + _UNPRINTABLE.pattern)
_NO_BLOCK = re.compile(r"^[ \t]+$|^\t|\A\n*\Z", re.MULTILINE)
_OTHER_READERS = re.compile(
    r"(?=.*\d)[-+.\d][\d_.:eExXoObBa-fA-F+-]*\Z|\d{4}-\d\d?-\d\d?(?:[Tt ]|\Z)"
)
_VERSION = re.compile(r"\d+(?:\.\d+){2,}\Z")

_ESCAPES = {
    '"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0", "\x07": "\\a",
    "\b": "\\b", "\x0b": "\\v", "\x0c": "\\f", "\x1b": "\\e", "\x85": "\\N", "\u2028": "\\L",
    "\u2029": "\\P",
}  # fmt: skip
_ESCAPED = re.compile(r'["\\]|\n|' + _UNPRINTABLE.pattern)

_SIMPLE_KEY = 1000
"""YAML takes a key on one line up to 1,024 characters; longer ones need ``?``."""


class Remarked(str):
    """A text with a remark behind it, ``2.4.1 # {…}``; in every other respect the text alone.

    The remark is printed where the text takes one line.
    """

    __slots__ = ("remark",)
    remark: str

    def __new__(cls, text: str, remark: str = "") -> Self:
        """``remark`` stands after ``# ``."""
        made = super().__new__(cls, text)
        made.remark = remark
        return made

    def __copy__(self) -> Remarked:
        """Texts do not change: the same one."""
        return self

    def __deepcopy__(self, _memo: object) -> Remarked:
        """Texts do not change: the same one."""
        return self


def dump_documents(documents: Iterable[Mapping[str, Any]], headers: Iterable[str] = ()) -> str:
    """Kubernetes objects as a YAML stream; ``headers`` are the comment lines above it.

    The keys of an object and of its metadata stand in the order of kubectl, all others as given.
    Both readers (sigs.k8s.io/yaml and kustomize) read back exactly the given values; infinities
    raise ValueError.
    """
    parts = [dump(_ordered(document)) for document in documents]
    comment = "".join(
        f"# {_UNPRINTABLE.sub('?', line)}".rstrip() + "\n"
        for text in headers
        for line in text.split("\n")
    )
    return comment + "---\n".join(parts)


def dump(value: Any) -> str:
    """One value as a YAML document, its keys in the given order."""
    if isinstance(value, dict | list | tuple) and value:
        return "\n".join(block_lines(value, "")) + "\n"
    return inline_token(value, "") + "\n"


def _ordered(document: Mapping[str, Any]) -> dict[str, Any]:
    """The object with its well-known keys in front (kubernetes/cli-runtime prints them so)."""
    out = {key: document[key] for key in _FIRST_KEYS + _SECOND_KEYS if key in document}
    out.update((key, value) for key, value in document.items() if key not in _LAST_KEYS)
    out.update((key, document[key]) for key in _LAST_KEYS if key in document)
    metadata = out.get("metadata")
    if isinstance(metadata, dict):
        known = {key: metadata[key] for key in _METADATA_KEYS if key in metadata}
        out["metadata"] = {**known, **metadata}
    return out


def block_lines(value: Any, indent: str, step: str = "") -> list[str]:
    """The lines of a mapping or list that is not empty; a line may hold a block of several.

    ``step`` is the further indent of a list below its key (kubectl uses none).
    """
    lines: list[str] = []
    if isinstance(value, dict):
        _mapping(value, indent, lines, step)
    else:
        _sequence(value, indent, lines, step)
    return lines


def _mapping(value: Mapping[str, Any], indent: str, lines: list[str], step: str) -> None:
    """Append the lines of a mapping that is not empty."""
    for key, item in value.items():
        start = indent + key_token(key, indent)
        if item.__class__ is str:
            lines.append(f"{start}: {scalar_token(item, indent)}")
        elif isinstance(item, dict) and item:
            lines.append(start + ":")
            _mapping(item, indent + "  ", lines, step)
        elif isinstance(item, list | tuple) and item:
            lines.append(start + ":")
            _sequence(item, indent + step, lines, step)
        else:
            lines.append(f"{start}: {inline_token(item, indent)}")


def _sequence(value: Iterable[Any], indent: str, lines: list[str], step: str) -> None:
    """Append the lines of a list that is not empty."""
    inner = indent + "  "
    for item in value:
        at = len(lines)
        if isinstance(item, dict) and item:
            _mapping(item, inner, lines, step)
        elif isinstance(item, list | tuple) and item:
            _sequence(item, inner, lines, step)
        else:
            lines.append(inner + inline_token(item, indent))
        lines[at] = f"{indent}- {lines[at][len(inner) :]}"


def inline_token(value: Any, indent: str) -> str:
    """A scalar or an empty collection behind ``key: `` or ``- ``."""
    if isinstance(value, str):
        token = scalar_token(str(value), indent)
        remark = value.remark if isinstance(value, Remarked) and "\n" not in value else ""
        return f"{token} # {_IN_REMARK.sub('?', remark)}" if remark else token
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        if value - value != 0:
            raise ValueError(f"YAML for Kubernetes has no number {value}")
        return repr(float(value))
    if isinstance(value, dict):
        return "{}"
    if isinstance(value, list | tuple):
        return "[]"
    raise TypeError(f"not a value of a manifest: {type(value).__name__}")


def scalar_token(text: str, indent: str) -> str:
    """A string as YAML; ``indent`` is that of the mapping or list it stands in."""
    if "\n" in text:
        return _block(text, indent)
    return line_token(text)


def key_token(key: Any, indent: str = "") -> str:
    """A mapping key as YAML, ready for ``:`` to follow."""
    if not isinstance(key, str):
        raise TypeError(f"not a key of a manifest: {key!r}")
    token = double_quoted(key) if "\n" in key else line_token(key)
    return token if len(token) <= _SIMPLE_KEY else f"? {token}\n{indent}"


@lru_cache(maxsize=8192)
def line_token(text: str) -> str:
    """A string of one line: plain where every reader takes it for text."""
    if _PLAIN_START.match(text) and not _NEVER_PLAIN.search(text):
        return f'"{text}"' if _more_than_text(text) else text
    if not text:
        return '""'
    if _UNPRINTABLE.search(text):
        return double_quoted(text)
    return "'" + text.replace("'", "''") + "'"


def _more_than_text(text: str) -> bool:
    """Whether some YAML reader takes the plain text for a number, boolean, date or merge."""
    if text in UNUSUAL or text == "=" or text.startswith(("---", "...")):
        return True
    if text[0] not in NUMERIC_START:
        return False
    if _OTHER_READERS.match(text) and not _VERSION.match(text):
        return True
    try:
        return not isinstance(resolve(text), str) or resolve(text, "kustomize") != text
    except UnsupportedNumber:
        return True


def double_quoted(text: str) -> str:
    """A string in double quotes; raises ValueError for halves of surrogate pairs."""
    return '"' + _ESCAPED.sub(_escape, text) + '"'


def _escape(match: re.Match[str]) -> str:
    char = match.group()
    code = ord(char)
    if char in _ESCAPES:
        return _ESCAPES[char]
    if "\ud800" <= char <= "\udfff":
        raise ValueError(f"YAML has no character U+{code:04X}")
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}"  # noqa: PLR2004


def _block(text: str, indent: str) -> str:
    """A string of several lines as a literal block, quoted where a block would not keep it."""
    if _UNPRINTABLE.search(text) or _NO_BLOCK.search(text):
        return double_quoted(text)
    body = text.rstrip("\n")
    ending = len(text) - len(body)
    mark = "|" + ("2" if body.lstrip("\n")[0] == " " else "") + ("-", "", "+")[min(ending, 2)]
    inner = indent + "  "
    lines = (inner + line if line else "" for line in body.split("\n"))
    return "\n".join((mark, *lines)) + "\n" * (ending - 1)
