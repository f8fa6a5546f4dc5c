"""Finding fields by what people type: with or without kind, list brackets and leading steps."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from argoflux.errors import UsageError
from argoflux.kinds import KINDS, is_pseudo, pseudo_kinds
from argoflux.mapping.concept import Mount
from argoflux.mapping.index import Pattern, find_pattern, pattern_from_path, pattern_of, topics
from argoflux.schema_fields import leaf_paths, metadata_leaf_paths
from argoflux.text import parse_path, path_text

if TYPE_CHECKING:
    from argoflux.mapping.concept import On

MOST = 12
"""Fields that one question may find."""

_METADATA = "metadata"
_SAME_METADATA = ("Application", "Kustomization")
"""One kind of each system speaks for the metadata of all its kinds."""


class Field(NamedTuple):
    """A field of a kind as people write it, and its steps for looking it up."""

    kind: str
    path: str
    pattern: Pattern


def find_fields(text: str) -> list[Field]:
    """The fields that ``text`` may mean: exactly named ones, else those that end like it.

    Raises UsageError when there is none, or when there are too many.
    """
    kind, rest = _split_kind(text)
    wanted = _normal(rest)
    if not wanted and not kind:
        raise UsageError(f"`{text}` is not a field that argoflux knows", hint=_suggest((), rest))
    if not wanted:
        return [Field(kind, "", ())]
    kinds = (kind,) if kind else _SAME_METADATA if wanted[0] == "metadata" else _known_kinds()
    found = [_field(each, path) for each in kinds for path in _fields(each).get(wanted, ())]
    found = found or [
        _field(each, path)
        for each in kinds
        for known, paths in _fields(each).items()
        if known[-len(wanted) :] == wanted
        for path in paths
    ]
    found = found or [
        Field(each, _text(wanted), wanted)
        for each in kinds
        if (kind or not is_pseudo(each)) and _below_free_map(each, wanted)
    ]
    if not found:
        raise UsageError(f"`{text}` is not a field that argoflux knows", hint=_suggest(kinds, rest))
    if len(found) > MOST:
        some = ", ".join(f"{each.kind}:{each.path}" for each in found[:3])
        raise UsageError(
            f"`{text}` may mean {len(found)} fields", hint=f"name the kind as well: {some} …"
        )
    return found


def fields_below(kind: str, at: Pattern) -> list[str]:
    """The fields one step below a field that is no leaf."""
    below = {
        ".".join(pattern[: len(at) + 1]).replace(".[]", "[]")
        for leaf in _leaves(kind)
        if len(pattern := _quoted(kind, leaf)) > len(at) and pattern[: len(at)] == at
    }
    return sorted(below)


def written(where: On) -> list[str]:
    """A path of a row as people write it: ``Kind:path``, tables replaced by where they stand."""
    if where.kind == _METADATA:
        return [f"metadata.{where.path}"]
    places = _mounts().get(where.kind, ())
    if not places:
        return [f"{where.kind}:{where.path}"]
    return [f"{kind}:{path}.{where.path}" for kind, path in places]


@cache
def _mounts() -> dict[str, tuple[tuple[str, str], ...]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for _, rows in topics():
        for row in rows:
            if isinstance(row, Mount):
                found.setdefault(row.table, []).append((row.kind, row.path))
    return {table: tuple(places) for table, places in found.items()}


def _known_kinds() -> tuple[str, ...]:
    return (*(kind.kind for kind in KINDS), *pseudo_kinds())


def _field(kind: str, path: str) -> Field:
    return Field(kind, path, _quoted(kind, path))


def _text(pattern: Pattern) -> str:
    """A pattern whose steps may hold dots, as ``path_text`` would print it."""
    return path_text(pattern).replace('["[]"]', "[]")


def _split_kind(text: str) -> tuple[str, str]:
    """The kind that ``text`` begins with, empty when it names none, and the rest."""
    for kind in sorted(_known_kinds(), key=len, reverse=True):
        head, rest = text[: len(kind)], text[len(kind) :]
        if head.lower() == kind.lower() and rest[:1] in {"", ".", ":", "/"}:
            return kind, rest[1:]
    head, colon, rest = text.partition(":")
    if colon and head.isalnum():
        close = get_close_matches(head, _known_kinds(), 1)
        hint = f"did you mean `{close[0]}`?" if close else "`argoflux field --coverage` lists kinds"
        raise UsageError(f"`{head}` is not a kind that argoflux knows", hint=hint)
    return "", text


def _normal(text: str) -> Pattern:
    """The steps of a path without list items; raises UsageError for what is no path."""
    cleaned = text.strip(". ").replace("[*]", "[0]").replace("[]", "[0]")
    try:
        path = parse_path(cleaned)
    except ValueError as error:
        raise UsageError(
            f"`{text}` is not a path of a field", hint="write it like spec.images[].newTag"
        ) from error
    return tuple(step for step in pattern_from_path(path) if step != "[]")


@cache
def _fields(kind: str) -> dict[Pattern, tuple[str, ...]]:
    """Every field of a kind, leaves and what is above them, by its steps without list items."""
    found: dict[Pattern, dict[str, None]] = {}
    for leaf in _leaves(kind):
        pattern = _quoted(kind, leaf)
        for length in range(1, len(pattern) + 1):
            steps = tuple(step for step in pattern[:length] if step != "[]")
            text = ".".join(pattern[:length]).replace(".[]", "[]")
            if length == len(pattern) or pattern[length] != "[]":
                found.setdefault(steps, {})[text] = None
    return {steps: tuple(paths) for steps, paths in found.items()}


def _quoted(kind: str, leaf: str) -> Pattern:
    """The steps of a leaf; the keys of a pseudo-kind hold dots and are one step."""
    return (leaf,) if is_pseudo(kind) else pattern_of(leaf)


@cache
def _leaves(kind: str) -> tuple[str, ...]:
    if is_pseudo(kind):
        return tuple(leaf_paths(kind))
    known = next(each for each in KINDS if each.kind == kind)
    metadata = tuple(f"metadata.{path}" for path in metadata_leaf_paths())
    return ("apiVersion", "kind", *metadata, *leaf_paths(kind, known.newest.version))


def _below_free_map(kind: str, wanted: Pattern) -> bool:
    """Whether the path leads into a leaf that holds what users choose (``spec.values.a.b``).

    So do parts of an object that no schema describes and a row speaks for (``status``).
    """
    known = _fields(kind)
    if wanted[:1] not in known and find_pattern(kind, wanted) is not None:
        return not is_pseudo(kind)
    leaves = set(_leaves(kind))
    return any(
        not leaves.isdisjoint(known.get(wanted[:length], ())) for length in range(1, len(wanted))
    )


def _suggest(kinds: tuple[str, ...], rest: str) -> str:
    texts = {path: kind for kind in kinds for paths in _fields(kind).values() for path in paths}
    close = get_close_matches(rest, texts, 1, cutoff=0.7)
    if close:
        return f"did you mean `{texts[close[0]]}:{close[0]}`?"
    return "`argoflux field --coverage` lists what there is"
