"""Brace groups and character classes inside the text of a pattern."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from argoflux.goports.globtext import GlobError

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_ALTERNATIVES = 4096
_MAX_LENGTH = 4096


def braces(pattern: str) -> tuple[str, ...]:
    r"""Write out ``{a,b}`` alternatives: ``x{a,b{c,d}}`` is ``xa``, ``xbc``, ``xbd``.

    Escapes and classes stay as they are, and so does a lone ``{`` or ``}``. Raises GlobError above
    4096 results, and for patterns above 4096 characters.
    """
    if len(pattern) > _MAX_LENGTH:
        raise GlobError(f"pattern is longer than {_MAX_LENGTH} characters")
    done: list[str] = []
    todo = [(pattern, 0)]
    while todo:
        text, start = todo.pop()
        group = first_group(text, start)
        if group is None:
            done.append(text)
        else:
            bounds = list(pairwise(group))
            head, tail = text[: group[0]], text[group[-1] + 1 :]
            todo.extend((head + text[a + 1 : b] + tail, group[0]) for a, b in reversed(bounds))
        if len(done) + len(todo) > _MAX_ALTERNATIVES:
            raise GlobError(f"more than {_MAX_ALTERNATIVES} alternatives in {pattern!r}")
    return tuple(done)


def first_group(text: str, start: int) -> list[int] | None:
    """Return where the first closed group has its ``{``, its own ``,`` and its ``}``."""
    unclosed: list[list[int]] = []
    closed: list[list[int]] = []
    for at, mark in _brace_marks(text, start):
        if mark == "{":
            unclosed.append([at])
        elif unclosed:
            unclosed[-1].append(at)
            if mark == "}":
                closed.append(unclosed.pop())
    return min(closed, default=None)


def _brace_marks(text: str, start: int) -> Iterator[tuple[int, str]]:
    """Yield the ``{``, ``,`` and ``}`` outside of escapes and classes."""
    at = start
    while at < len(text):
        char = text[at]
        if char == "\\":
            at += 1
        elif char == "[":
            at = _find_class_end(text, at) or at
        elif char in "{,}":
            yield at, char
        at += 1


def class_end(pattern: str, at: int) -> int:
    """Return where the class that opens at ``at`` has its ``]``."""
    end = _find_class_end(pattern, at)
    if end is None:
        raise GlobError(f"unclosed or empty class in {pattern!r}")
    return end


def _find_class_end(pattern: str, at: int) -> int | None:
    at += 1
    at += pattern.startswith(("^", "!"), at)
    if pattern.startswith("]", at):
        return None
    while at < len(pattern) and pattern[at] != "]":
        at += 2 if pattern[at] == "\\" else 1
    return at if at < len(pattern) else None
