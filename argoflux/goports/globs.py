"""The three glob dialects that Argo CD uses, and brace expansion.

========================  =============================================================
``gobwas``                directory include and exclude, project sources, destinations
``filepath_match``        ApplicationSet git generator directories (Go's path.Match)
``doublestar``            Helm value files and the newer git file generator
========================  =============================================================

Facts: gobwas/glob (0.2.3 up to Argo CD 3.5, 1.0 from 3.6: argo-cd:go.mod), argo-cd:util/glob/glob.go,
Go's path/match.go, argo-cd:applicationset/generators/git.go, bmatcuk/doublestar:match.go and validate.go;
checked against vectors of these libraries in ``tests/unit/goports``.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations, pairwise

from argoflux.goports.bracetext import braces
from argoflux.goports.doublestar import doublestar
from argoflux.goports.globtext import (
    AnyOne,
    AnyRun,
    Char,
    Chunk,
    Either,
    GlobError,
    Item,
    Items,
    One,
    OneOf,
    matches_anyhow,
    matches_leftmost,
)

__all__ = [
    "GlobError",
    "braces",
    "doublestar",
    "filepath_match",
    "gobwas",
    "gobwas_is_settled",
    "has_meta",
    "read_gobwas",
]

_MAX_DEPTH = 50


def has_meta(text: str) -> bool:
    """Tell whether Argo CD expands a value file path as a glob.

    Braces alone do not count (argo-cd:reposerver/repository, isGlobPath).
    """
    return any(char in text for char in "*?[")


def gobwas(pattern: str, text: str, separators: str = "", *, since_36: bool = False) -> bool:
    r"""Tell whether a gobwas pattern matches the whole text.

    ``*`` and ``?`` stop at the separators, ``**`` does not; without separators both are the same.
    ``[abc]``, ``[a-z]``, ``[!a]``, ``{a,b}`` with patterns inside, and ``\`` before a literal.

    Argo CD up to 3.5 lets the two ends of ``ab*bc`` overlap, so it matches ``abc``, and closes an open
    ``{`` at the end; with ``since_36`` the ends stay apart and the open ``{`` is an error.

    For patterns that are not ``gobwas_is_settled`` Argo CD up to 3.5 may answer otherwise.

    Raises GlobError (Argo CD logs a warning then and takes it for no match).
    """
    items = _compile_gobwas(pattern, separators, since_36)
    return matches_anyhow(items, text) or (not since_36 and _overlaps(items, text))


def _overlaps(items: Items, text: str) -> bool:
    """Tell whether ``prefix**suffix`` matches with its ends overlapping (gobwas/glob#51)."""
    if len(items) == 1 and isinstance(items[0], Either):
        return any(_overlaps(branch, text) for branch in items[0].alternatives)
    runs = [index for index, item in enumerate(items) if not isinstance(item, Char)]
    if len(runs) != 1 or items[runs[0]] != AnyRun() or runs[0] in {0, len(items) - 1}:
        return False
    head = "".join(item.char for item in items[: runs[0]] if isinstance(item, Char))
    tail = "".join(item.char for item in items[runs[0] + 1 :] if isinstance(item, Char))
    return text.startswith(head) and text.endswith(tail)


def gobwas_is_settled(pattern: str) -> bool:
    """Tell whether gobwas/glob 0.2.3 (Argo CD up to 3.5) surely reads the pattern as ``gobwas`` does.

    Its optimiser goes wrong on adjacent runs (``***``) and on many groups with wildcards or empty
    alternatives: ``{app-*,app-}`` does not match ``app-x``. Settled are patterns without groups, groups
    of plain words, and a group alone whose alternatives share no end (``{drafts/*,*.bak}``) or differ
    in one word only (``{*.yaml,*.yml}``). Measured against the library, for texts that are not empty. Raises GlobError.
    """
    items = _compile_gobwas(pattern, "", strict=False)
    match items:
        case (Either(branches),) if len(branches) > 1:
            return all(map(_is_plain_row, branches)) and _is_apart(
                [_pieces(row) for row in branches]
            )
        case _:
            outside = tuple(item for item in items if not isinstance(item, Either))
            groups = [item for item in items if isinstance(item, Either)]
            words = [branch for group in groups for branch in group.alternatives]
            return _is_plain_row(outside) and all(_is_word(_pieces(word)) for word in words)


def _is_apart(rows: list[list[Item | str]]) -> bool:
    """Tell whether the rows share no end, or are one shared piece and a word each."""
    if not all(rows):
        return False
    if any(row[0] == other[0] for row, other in combinations(rows, 2)):
        return len({row[0] for row in rows}) == 1 and all(_is_word(row[1:]) for row in rows)
    if any(row[-1] == other[-1] for row, other in combinations(rows, 2)):
        return len({row[-1] for row in rows}) == 1 and all(_is_word(row[:-1]) for row in rows)
    return True


def _is_word(row: list[Item | str]) -> bool:
    return len(row) == 1 and isinstance(row[0], str)


def _is_plain_row(items: Items) -> bool:
    """Tell whether there is no group among the items and no run beside another run."""
    is_flat = not any(isinstance(item, Either) for item in items)
    return is_flat and not any(
        isinstance(left, AnyRun) and isinstance(right, AnyRun) for left, right in pairwise(items)
    )


def _pieces(items: Items) -> list[Item | str]:
    """Join the characters of each word in the items."""
    pieces: list[Item | str] = []
    for item in items:
        if isinstance(item, Char) and pieces and isinstance(pieces[-1], str):
            pieces[-1] += item.char
        else:
            pieces.append(item.char if isinstance(item, Char) else item)
    return pieces


def read_gobwas(pattern: str, separators: str = "") -> Items:
    """The items of a gobwas pattern, as Argo CD up to 3.5 reads it; raises GlobError."""
    return _compile_gobwas(pattern, separators, strict=False)


@lru_cache(maxsize=512)
def _compile_gobwas(pattern: str, separators: str, strict: bool) -> Items:
    reader = _GobwasReader(pattern, separators, strict=strict)
    return reader.read_sequence(depth=0)


class _GobwasReader:
    """Reads one pattern into items; ``strict`` refuses what gobwas/glob 1.0 refuses."""

    def __init__(self, pattern: str, separators: str, *, strict: bool) -> None:
        self._pattern = pattern
        self._separators = separators
        self._strict = strict
        self._at = 0

    def read_sequence(self, depth: int) -> Items:
        """Read to the end or, inside braces, to the ``,`` or ``}`` that ends the alternative."""
        items: list[Item] = []
        while self._at < len(self._pattern):
            char = self._pattern[self._at]
            if depth and char in ",}":
                break
            self._at += 1
            match char:
                case "?":
                    items.append(AnyOne(self._separators))
                case "*":
                    crossing = self._take("*")
                    items.append(AnyRun("" if crossing else self._separators))
                case "[":
                    items.append(self._read_class())
                case "{":
                    items.append(self._read_group(depth + 1))
                case "\\":
                    items.extend(self._read_escaped())
                case _:
                    items.append(Char(char))
        return tuple(items)

    def _take(self, char: str) -> bool:
        taken = self._pattern.startswith(char, self._at)
        self._at += taken
        return taken

    def _next(self) -> str:
        if self._at == len(self._pattern):
            raise GlobError(f"unclosed '[' in {self._pattern!r}")
        self._at += 1
        return self._pattern[self._at - 1]

    def _read_escaped(self) -> list[Char]:
        if self._at < len(self._pattern):
            return [Char(self._next())]
        if self._strict:
            raise GlobError(f"trailing backslash in {self._pattern!r}")
        return []

    def _read_group(self, depth: int) -> Either:
        if depth > _MAX_DEPTH:
            raise GlobError(f"more than {_MAX_DEPTH} nested '{{' in {self._pattern!r}")
        alternatives = [self.read_sequence(depth)]
        while self._take(","):
            alternatives.append(self.read_sequence(depth))
        if not self._take("}") and self._strict:
            raise GlobError(f"unclosed '{{' in {self._pattern!r}")
        return Either(tuple(alternatives))

    def _read_class(self) -> OneOf:
        """Read either one range, ``[a-z]``, or a set, ``[abc-]``; never a mix of both."""
        negated = self._take("!")
        first = self._next()
        if self._take("-"):
            low, high = first, self._next()
            if high < low:
                raise GlobError(f"range '{low}-{high}' runs backwards in {self._pattern!r}")
            if self._next() != "]":
                raise GlobError(f"more than one range in a class of {self._pattern!r}")
            return OneOf(((low, high),), negated)
        chars: list[str] = []
        char = first
        while char != "]":
            chars.append(self._next() if char == "\\" else char)
            char = self._next()
        if not chars:
            raise GlobError(f"empty class in {self._pattern!r}")
        return OneOf(tuple((char, char) for char in chars), negated)


def filepath_match(pattern: str, text: str, separator: str = "/") -> bool:
    r"""Tell whether the whole text matches as in Go's path.Match.

    ``*`` and ``?`` never cross the separator (there may be none) and ``**`` is no more than ``*``; ``[a-z]``, ``[^a-z]`` (``!`` is
    a plain character), ``\`` before a literal; no braces. Raises GlobError.
    """
    return matches_leftmost(_compile_path_match(pattern, separator), text, separator)


@lru_cache(maxsize=512)
def _compile_path_match(pattern: str, separator: str) -> tuple[Chunk, ...]:
    chunks: list[Chunk] = []
    items: list[One] = []
    starred = False
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "*":
            if items or not starred:
                chunks.append(Chunk(starred, tuple(items)))
            items, starred = [], True
            at += 1
            continue
        if char == "[":
            item, at = _read_go_class(pattern, at + 1)
            items.append(item)
            continue
        if char == "\\":
            at += 1
            if at == len(pattern):
                raise GlobError(f"trailing backslash in {pattern!r}")
        items.append(AnyOne(separator) if char == "?" else Char(pattern[at]))
        at += 1
    return (*chunks, Chunk(starred, tuple(items)))


def _read_go_class(pattern: str, at: int) -> tuple[OneOf, int]:
    negated = pattern.startswith("^", at)
    at += negated
    ranges: list[tuple[str, str]] = []
    while not ranges or not pattern.startswith("]", at):
        low, at = _read_go_char(pattern, at)
        high = low
        if pattern.startswith("-", at):
            high, at = _read_go_char(pattern, at + 1)
        ranges.append((low, high))
    return OneOf(tuple(ranges), negated), at + 1


def _read_go_char(pattern: str, at: int) -> tuple[str, int]:
    """Read a possibly escaped character of a class; something must follow it."""
    if pattern.startswith(("-", "]"), at):
        raise GlobError(f"misplaced '{pattern[at]}' in a class of {pattern!r}")
    at += pattern.startswith("\\", at)
    if at + 1 >= len(pattern):
        raise GlobError(f"unclosed '[' in {pattern!r}")
    return pattern[at], at + 1
