"""Everything derived from the rows: lookup by path, the message catalogue, coverage."""

from __future__ import annotations

import importlib
import pkgutil
import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import argoflux.mapping
from argoflux.kinds import is_pseudo
from argoflux.mapping.concept import Concept, Mount, On, Opaque, Row
from argoflux.mapping.verdict import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.text import Path

Pattern = tuple[str, ...]
"""A path pattern as steps; a list item is ``[]``."""

_HOLDERS = (("data",), ("stringData",), ("binaryData",))
_ANY = "*"


def pattern_of(text: str) -> Pattern:
    """Split ``spec.images[].newTag`` into steps."""
    steps: list[str] = []
    for part in text.split(".") if text else []:
        name = part
        items = 0
        while name.endswith("[]"):
            name = name[:-2]
            items += 1
        if name:
            steps.append(name)
        steps.extend(["[]"] * items)
    return tuple(steps)


def pattern_from_path(path: Path) -> Pattern:
    """The pattern of a concrete path: indices become ``[]``."""
    return tuple("[]" if isinstance(key, int) else key for key in path)


def steps_of(kind: str, path: str) -> Pattern:
    """The steps of a path as rows write it: a key of a pseudo-kind holds dots and is one step."""
    if is_pseudo(kind):
        return (path,) if path else ()
    return pattern_of(path)


def pattern_in(kind: str, path: Path) -> Pattern:
    """The pattern by which rows know a leaf: keys of a Secret or ConfigMap stand without their map."""
    pattern = pattern_from_path(path)
    if is_pseudo(kind) and pattern[:1] in _HOLDERS and len(pattern) > 1:
        return pattern[1:]
    return pattern


@dataclass(frozen=True, slots=True)
class Match:
    """A row that speaks for a path, and the path of the kind at which it stands."""

    row: Concept | Opaque
    on: On | None
    at: Pattern
    system: str = ""  # the system that the path belongs to; empty for Opaque


@dataclass(slots=True)
class _Step:
    children: dict[str, _Step] = field(default_factory=dict)
    matches: list[Match] = field(default_factory=list)
    mounts: list[str] = field(default_factory=list)


@cache
def topics() -> tuple[tuple[str, tuple[Row, ...]], ...]:
    """Every topic module of this package with its rows, sorted by name."""
    found = []
    for module in pkgutil.iter_modules(argoflux.mapping.__path__):
        loaded = importlib.import_module(f"argoflux.mapping.{module.name}")
        rows = getattr(loaded, "ROWS", None)
        if rows is not None:
            found.append((module.name, tuple(rows)))
    return tuple(sorted(found))


@cache
def topic_title(topic: str) -> str:
    """The first sentence of a topic module's docstring."""
    loaded = importlib.import_module(f"argoflux.mapping.{topic}")
    return (loaded.__doc__ or topic).strip().splitlines()[0]


@cache
def messages() -> dict[str, Message]:
    """The catalogue: every Message declared in a module of this package, by code."""
    found: dict[str, Message] = {}
    for module in pkgutil.iter_modules(argoflux.mapping.__path__):
        loaded = importlib.import_module(f"argoflux.mapping.{module.name}")
        for value in vars(loaded).values():
            if isinstance(value, Message):
                known = found.setdefault(value.code, value)
                if known is not value:
                    raise ValueError(f"message code {value.code} is declared twice")
    return dict(sorted(found.items()))


@cache
def _trees() -> dict[str, _Step]:
    trees: dict[str, _Step] = {}

    def step(kind: str, path: str) -> _Step:
        node = trees.setdefault(kind, _Step())
        for key in steps_of(kind, path):
            node = node.children.setdefault(key, _Step())
        return node

    for _, rows in topics():
        for row in rows:
            if isinstance(row, Mount):
                step(row.kind, row.path).mounts.append(row.table)
            elif isinstance(row, Opaque):
                at = steps_of(row.kind, row.path)
                step(row.kind, row.path).matches.append(Match(row, None, at))
            else:
                for system, sides in (("argocd", row.argo), ("flux", row.flux)):
                    for side in sides:
                        at = steps_of(side.kind, side.path)
                        step(side.kind, side.path).matches.append(Match(row, side, at, system))
    return trees


def _search(node: _Step, pattern: Pattern, at: Pattern, system: str) -> Match | None:
    """The match that reaches deepest; rows win over Opaque at the same depth."""
    rest = pattern[len(at) :]
    best: Match | None = None
    for match in sorted(node.matches, key=lambda m: isinstance(m.row, Opaque)):
        covers = not rest or match.on is None or match.on.subtree
        if covers and (not match.system or not system or match.system == system):
            best = Match(match.row, match.on, at, match.system)
            break
    for table in node.mounts:
        mounted = _trees().get(table)
        if mounted is not None:
            found = _search(mounted, _declared(table, mounted, pattern, at), at, system)
            if found is not None and not (is_pseudo(table) and found.at == at):
                best = found  # what a pseudo-kind says as a whole is not for its single keys
    if rest:
        child = node.children.get(rest[0])
        if child is not None:
            best = _search(child, pattern, (*at, rest[0]), system) or best
    return best


@cache
def find_pattern(kind: str, pattern: Pattern, system: str = "") -> Match | None:
    """The row that speaks for a path pattern of a kind; None for a hole.

    ``system`` is the one that the object belongs to; it matters for tables that both share.
    """
    tree = _trees().get(kind)
    if tree is None:
        return None
    return _search(tree, _declared(kind, tree, pattern, ()), (), system)


def _declared(kind: str, tree: _Step, pattern: Pattern, at: Pattern) -> Pattern:
    """The pattern with the first key below ``at`` as the rows of a pseudo-kind write it."""
    key = len(at)
    if key == len(pattern) or not is_pseudo(kind):
        return pattern
    return (*at, _declared_key(tree, pattern[key]), *pattern[key + 1 :])


def _declared_key(tree: _Step, key: str) -> str:
    """The key of a pseudo-kind as its rows write it: itself, else the longest pattern that fits."""
    if key in tree.children:
        return key
    fits = [declared for declared in tree.children if _ANY in declared and _fits(declared, key)]
    return max(fits, key=lambda declared: (len(declared), declared), default=key)


def _fits(declared: str, key: str) -> bool:
    """Whether a key is one of a pattern in which ``*`` stands for one character or more."""
    return re.fullmatch(".+".join(map(re.escape, declared.split(_ANY))), key) is not None


@lru_cache(maxsize=65536)
def find(kind: str, path: Path, system: str = "") -> Match | None:
    """The row that speaks for a leaf of a kind; None for a hole."""
    return find_pattern(kind, pattern_in(kind, path), system)


@cache
def plain_paths(kind: str) -> tuple[tuple[Pattern, str, On], ...]:
    """Every path of a kind (or table) that is copied as it stands: pattern, slot, declaration."""
    out: list[tuple[Pattern, str, On]] = []
    for _, rows in topics():
        for row in rows:
            if isinstance(row, Concept):
                out.extend(
                    (steps_of(side.kind, side.path), row.slot, side)
                    for side in (*row.argo, *row.flux)
                    if side.plain and side.kind == kind
                )
    return tuple(out)


def concepts() -> Iterator[Concept]:
    """Every concept row, in topic order."""
    for _, rows in topics():
        for row in rows:
            if isinstance(row, Concept):
                yield row
