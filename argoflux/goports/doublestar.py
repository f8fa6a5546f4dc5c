"""Paths matched as bmatcuk/doublestar matches them.

Facts: bmatcuk/doublestar:match.go and validate.go (4.10.4); argo-cd:reposerver/repository reads Helm value
files with its Glob, which refuses a malformed pattern before looking at any file.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from argoflux.goports.bracetext import braces, class_end, first_group
from argoflux.goports.globtext import AnyOne, AnyRun, Char, GlobError, One, OneOf, matches_one


def doublestar(pattern: str, text: str) -> bool:
    r"""Tell whether the whole path matches as in bmatcuk/doublestar.

    ``**`` as a whole segment stands for any number of folders (``a/**`` matches ``a`` too), elsewhere
    it is ``*``; ``*`` and ``?`` do not cross ``/``; ``[a-z]``, ``[!a]``, ``[^a]``, ``{a,b}``, ``\``.
    Raises GlobError for a malformed pattern whatever the text, and above 4096 alternatives.
    """
    _check(pattern)
    return _matches(_compile(pattern, fresh=True), text, _State())


@lru_cache(maxsize=512)
def _check(pattern: str) -> None:
    depth = 0
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            at += 1
        elif char == "[":
            at = class_end(pattern, at)
        elif char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
            if depth < 0:
                raise GlobError(f"'}}' without '{{' in {pattern!r}")
        at += 1
    if at > len(pattern):
        raise GlobError(f"trailing backslash in {pattern!r}")
    if depth:
        raise GlobError(f"unclosed '{{' in {pattern!r}")
    braces(pattern)


@dataclass(frozen=True, slots=True)
class _Deep:
    """``**/``: any number of whole segments."""


@dataclass(frozen=True, slots=True)
class _Group:
    """The rest of a pattern from its first ``{`` on, once per alternative."""

    rests: tuple[str, ...]
    fresh: bool


@dataclass(frozen=True, slots=True)
class _Flat:
    """Items up to the first brace group, and the pattern text that is left from each item on."""

    items: tuple[One | AnyRun | _Deep | _Group, ...]
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """Where matching stands: item, character, and where to go back to for ``*`` and ``**/``."""

    at: int = 0
    place: int = 0
    star: tuple[int, int] | None = None
    deep: tuple[int, int] | None = None


@lru_cache(maxsize=2048)
def _compile(pattern: str, *, fresh: bool) -> _Flat:
    """Read a pattern; ``fresh``: it stands at the start of a segment."""
    items: list[One | AnyRun | _Deep | _Group] = []
    left: list[str] = []
    at = 0
    while at < len(pattern):
        left.append(pattern[at:])
        if pattern[at] == "{":
            items.append(_Group(_expand_first(pattern[at:]), fresh))
            break
        item, at = _read_item(pattern, at, fresh=fresh)
        fresh = item == Char("/") or isinstance(item, _Deep)
        items.append(item)
    return _Flat(tuple(items), (*left, ""))


def _expand_first(pattern: str) -> tuple[str, ...]:
    """Write the pattern, which begins with a brace group, once per alternative of that group."""
    group = first_group(pattern, 0) or []
    return tuple(pattern[a + 1 : b] + pattern[group[-1] + 1 :] for a, b in pairwise(group))


def _read_item(pattern: str, at: int, *, fresh: bool) -> tuple[One | AnyRun | _Deep, int]:
    char = pattern[at]
    if char == "*":
        if not pattern.startswith("**", at):
            return AnyRun("/"), at + 1
        if fresh and pattern.startswith("/", at + 2):
            return _Deep(), at + 3
        whole = fresh and at + 2 == len(pattern)
        return AnyRun("" if whole else "/"), at + 2
    if char == "?":
        return AnyOne("/"), at + 1
    if char == "[":
        end = class_end(pattern, at)
        return _read_class(pattern[at + 1 : end]), end + 1
    at += char == "\\"
    return Char(pattern[at]), at + 1


def _read_class(body: str) -> OneOf:
    negated = body[0] in "!^"
    ranges: list[tuple[str, str]] = []
    last = ""
    at = int(negated)
    while at < len(body):
        is_range = bool(last) and body[at] == "-" and at + 1 < len(body)
        at += is_range
        at += body[at] == "\\"
        char = body[at]
        at += 1
        ranges.append((last if is_range else char, char))
        last = "" if is_range else char
    return OneOf(tuple(ranges), negated)


def _matches(flat: _Flat, text: str, state: _State) -> bool:
    """Match leftmost, going back to the last ``*``, then to the last ``**/``."""
    at, place, star, deep = state.at, state.place, state.star, state.deep
    while place < len(text):
        item = flat.items[at] if at < len(flat.items) else None
        if isinstance(item, _Group):
            here = _State(at=at, place=place, star=star, deep=deep)
            return any(_matches(_splice(flat, at, rest), text, here) for rest in item.rests)
        if isinstance(item, _Deep):
            at += 1
            star, deep = None, (at, place)
        elif isinstance(item, AnyRun):
            if not item.barred:
                return True
            at += 1
            star = (at, place)
        elif item is not None and matches_one(item, text[place]):
            at += 1
            place += 1
        elif star is not None and text[star[1]] != "/":
            at, place = star = (star[0], star[1] + 1)
        elif deep is not None and (slash := text.find("/", deep[1])) >= 0:
            at, place = deep = (deep[0], slash + 1)
        else:
            return False
    return _may_be_left(flat.left[at])


def _splice(flat: _Flat, at: int, rest: str) -> _Flat:
    """Put the items of ``rest`` in the place of the group at ``at``."""
    group = flat.items[at]
    tail = _compile(rest, fresh=isinstance(group, _Group) and group.fresh)
    return _Flat(flat.items[:at] + tail.items, flat.left[:at] + tail.left)


def _may_be_left(pattern: str) -> bool:
    """Tell whether this rest of a pattern may be left at the end of the text."""
    if pattern.startswith("{"):
        return any(_may_be_left(rest) for rest in _expand_first(pattern))
    return pattern in {"", "*", "**", "/**", "**/", "/**/"}
