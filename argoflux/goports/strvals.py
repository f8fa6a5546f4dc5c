"""Helm's ``--set`` grammar, and how Argo CD feeds it.

Facts: helm:pkg/strvals/parser.go and literal_parser.go (3.19), argo-cd:util/helm/cmd.go
(cleanSetParameters); checked against vectors of the Go package.

Values are plain ``dict``, ``list``, ``str``, ``int``, ``bool`` and ``None``. ``None`` is what ``null`` leaves
in the values: Helm removes such a key later, when it merges the values over a chart's defaults, so it has
to stay visible until then.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_INDEX = 65536
MAX_NAME_LEVEL = 30
_MAX_INDEX_LEVEL = 100
_INTEGER = re.compile(r"[+-]?[0-9]+")
_WORDS: dict[str, bool | int | None] = {"true": True, "false": False, "null": None, "0": 0}
_INT64 = range(-(2**63), 2**63)
_UNESCAPED_COMMA = re.compile(r"(?<!\\),")


class StrvalsError(ValueError):
    """The line does not follow the ``--set`` grammar, or does not fit the values it goes into."""


def parse_into(line: str, values: dict[str, Any]) -> None:
    r"""Set ``a.b[0]=x,c={1,2}`` in the values as ``--set`` does; raises StrvalsError.

    Dots nest, ``\`` takes the next character literally, ``[i]`` indexes, ``{a,b}`` is a list. ``true``,
    ``false``, ``null`` in any case and whole numbers without leading zero are typed; all else is text.
    What stands before an error has been set already, as in Helm. One oddity of Helm is kept: an empty
    last value below an index (``env[0].value=``) is not set.
    """
    _Parser(line, _read_typed).parse(values)


def parse_into_string(line: str, values: dict[str, Any]) -> None:
    """Set as ``--set-string`` does: the same grammar, every value is text; raises StrvalsError."""
    _Parser(line, str).parse(values)


def parse_into_file(line: str, values: dict[str, Any], read: Callable[[str], Any]) -> None:
    """Set as ``--set-file`` does: ``read`` turns the value, a path, into content."""
    _Parser(line, read).parse(values)


def parse_literal_into(line: str, values: dict[str, Any]) -> None:
    """Set as ``--set-literal`` does: one name, no escapes, all after ``=`` is text."""
    _Parser(line, str, literal=True).parse(values)


def escape_commas(value: str) -> str:
    r"""Escape a parameter value as Argo CD does before ``--set``.

    A ``{…}`` value stays a list; elsewhere every ``,`` without a ``\`` before it gets one.
    """
    if value.startswith("{") and value.endswith("}"):
        return value
    return _UNESCAPED_COMMA.sub(r"\\,", value)


def apply_parameter(
    values: dict[str, Any], name: str, value: str, *, force_string: bool = False
) -> None:
    """Set one ``helm.parameters[]`` entry of an Application; raises StrvalsError."""
    line = f"{name}={escape_commas(value)}"
    if force_string:
        parse_into_string(line, values)
    else:
        parse_into(line, values)


def _read_typed(text: str) -> str | int | bool | None:
    word = text.casefold()
    if word in _WORDS:
        return _WORDS[word]
    if _INTEGER.fullmatch(text) and not text.startswith("0") and int(text) in _INT64:
        return int(text)
    return text


class _End(Exception):  # noqa: N818 - a signal, not an error
    """The line is over where a name could begin."""


class _Parser:
    """Reads one line; ``convert`` makes values of their text."""

    def __init__(self, line: str, convert: Callable[[str], Any], *, literal: bool = False) -> None:
        self._line = line
        self._at = 0
        self._convert = convert
        self._literal = literal
        self._name_stops = "=[." if literal else "=[,."

    def parse(self, values: dict[str, Any]) -> None:
        try:
            while True:
                self._read_name(values, 0)
        except _End:
            return

    def _read_until(self, stops: str) -> tuple[str, str]:
        """Read up to a stop and past it; the stop is empty at the end of the line."""
        chars: list[str] = []
        while self._at < len(self._line):
            char = self._line[self._at]
            self._at += 1
            if char in stops:
                return "".join(chars), char
            if char == "\\" and not self._literal:
                if self._at == len(self._line):
                    break
                char = self._line[self._at]
                self._at += 1
            chars.append(char)
        return "".join(chars), ""

    def _read_name(self, values: dict[str, Any], level: int) -> None:
        name, stop = self._read_until(self._name_stops)
        match stop:
            case "=":
                at_end = self._at == len(self._line) and not self._literal
                _assign(values, name, self._read_value())
                if at_end:
                    # Helm takes an empty last value for the end of the line, with the effect that
                    # `a[0].b=` leaves the list alone.
                    raise _End
            case ".":
                self._read_nested(values, name, level + 1)
            case "[":
                self._read_indexed(values, name, level)
            case ",":
                _assign(values, name, "")
                raise StrvalsError(f"key {name!r} has no value")
            case _ if name:
                raise StrvalsError(f"key {name!r} has no value")
            case _:
                raise _End

    def _read_nested(self, values: dict[str, Any], name: str, level: int) -> None:
        if level > MAX_NAME_LEVEL:
            raise StrvalsError(f"name has more than {MAX_NAME_LEVEL} levels")
        inner = values.get(name, {})
        if not isinstance(inner, dict):
            raise StrvalsError(f"key {name!r} holds no map")
        try:
            self._read_name(inner, level)
        finally:
            if inner:
                _assign(values, name, inner)
        if not inner:
            raise StrvalsError(f"key {name!r} has no value")

    def _read_indexed(self, values: dict[str, Any], name: str, level: int) -> None:
        index = self._read_index()
        items = values.get(name, [])
        if not isinstance(items, list):
            raise StrvalsError(f"key {name!r} holds no list")
        try:
            self._read_item(items, index, level, 0)
        finally:
            _assign(values, name, items)

    def _read_index(self) -> int:
        text, stop = self._read_until("]")
        if not stop or not _INTEGER.fullmatch(text):
            raise StrvalsError(f"[{text}] is not an index")
        index = int(text)
        if not 0 <= index <= MAX_INDEX:
            raise StrvalsError(f"index {index} is not between 0 and {MAX_INDEX}")
        return index

    def _read_item(self, items: list[Any], index: int, level: int, depth: int) -> None:
        """Read what follows ``[index]`` and put it into the list, which grows as needed."""
        if depth > _MAX_INDEX_LEVEL:
            raise StrvalsError(f"more than {_MAX_INDEX_LEVEL} nested indexes")
        text, stop = self._read_until("[.=")
        if text:
            raise StrvalsError(f"unexpected {text!r} after an index")
        old = items[index] if index < len(items) else None
        match stop:
            case "=":
                _put(items, index, self._read_value())
            case "[":
                next_index = self._read_index()
                if old is not None and not isinstance(old, list):
                    raise StrvalsError(f"item {index} holds no list")
                inner = [] if old is None else old
                self._read_item(inner, next_index, level, depth + 1)
                _put(items, index, inner)
            case ".":
                fields: dict[str, Any] = old if isinstance(old, dict) else {}
                if index < len(items):
                    items[index] = fields
                self._read_name(fields, level)
                _put(items, index, fields)
            case _:
                raise _End

    def _read_value(self) -> Any:
        if not self._literal and self._line.startswith("{", self._at):
            self._at += 1
            return self._read_list()
        if self._at == len(self._line):
            return ""
        return self._convert(self._read_until("" if self._literal else ",")[0])

    def _read_list(self) -> list[Any]:
        items: list[Any] = []
        while True:
            text, stop = self._read_until(",}")
            if not stop:
                raise StrvalsError("list has no closing '}'")
            items.append(self._convert(text))
            if stop == "}":
                self._at += self._line.startswith(",", self._at)
                return items


def _assign(values: dict[str, Any], name: str, value: Any) -> None:
    if name:
        values[name] = value


def _put(items: list[Any], index: int, value: Any) -> None:
    items.extend([None] * (index + 1 - len(items)))
    items[index] = value
