"""Variables that are whole values of objects, which kustomize can copy there (``replacements``).

Facts: kustomize:api/filters/replacement/replacement.go (targets by kind and name; a text keeps its
type, so a number that is copied stays a text), kyaml:utils/pathsplitter.go (field paths).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.flux.substitution import exempt
from argoflux.goports.envsubst import SubstitutionError, Use, parse
from argoflux.yamlio.tree import dig

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from argoflux.flux.substitution import Variables
    from argoflux.model.content import ContentObject
    from argoflux.resource import Ref
    from argoflux.text import Path

_IDENTITY: frozenset[Path] = frozenset(
    {("apiVersion",), ("kind",), ("metadata", "name"), ("metadata", "namespace")}
)
_NO_STEPS = frozenset({"", "*", "-"})
"""Keys that mean something else in a field path."""


class Copy(NamedTuple):
    """One place that a variable fills as a whole."""

    variable: str
    ref: Ref
    path: Path


class Copies(NamedTuple):
    """Every place, or why some text cannot be filled in by copying (``obstacle``)."""

    places: tuple[Copy, ...] = ()
    obstacle: str = ""


NO_COPIES = Copies()


class _Obstacle(Exception):  # noqa: N818  # a state of the input, not an error
    """A text that no copy of a variable can stand for."""


def copies_of(
    objects: Sequence[ContentObject], filled: Sequence[Mapping[str, Any]], variables: Variables
) -> Copies:
    """Where variables stand in objects; ``filled`` are the same objects after substitution."""
    try:
        found = [
            copy
            for obj, after in zip(objects, filled, strict=True)
            if not exempt(obj.body)
            for copy in _in_object(obj, after, variables)
        ]
        _check_names(objects, found)
    except _Obstacle as why:
        return Copies(obstacle=str(why))
    return Copies(tuple(found))


def _in_object(
    obj: ContentObject, after: Mapping[str, Any], variables: Variables
) -> Iterator[Copy]:
    for path, text in _texts(obj.body, (), str(obj.ref)):
        what = f"`{text.strip().splitlines()[0]}` of {obj.ref}"
        variable = _whole(text)
        if variable is None:
            raise _Obstacle(f"{what} is more than one variable by its name")
        value = variables.values.get(variable)
        if value is None:
            raise _Obstacle(f"{what} is set nowhere")
        if dig(after, *path) != value:
            raise _Obstacle(f"{what} becomes something else than a text")
        if path in _IDENTITY:
            raise _Obstacle(f"{what} is part of what the object is found by")
        if any(isinstance(step, str) and (step in _NO_STEPS or step.isdigit()) for step in path):
            raise _Obstacle(f"{what} stands below a key that no field path can name")
        if obj.hashed or obj.generate_name:
            raise _Obstacle(f"{obj.ref} gets its name from its contents or in the cluster")
        yield Copy(variable, obj.ref, path)


def _whole(text: str) -> str | None:
    """The variable that a text consists of, without any operator."""
    try:
        parts = parse(text)
    except SubstitutionError:
        return None
    match parts:
        case [Use(name=name, operator="")]:
            return name
        case _:
            return None


def _texts(value: Any, path: Path, name: str) -> Iterator[tuple[Path, str]]:
    """The texts of an object that substitution looks at."""
    if isinstance(value, dict):
        for key, item in value.items():
            if isinstance(key, str) and ("${" in key or "$$" in key):
                raise _Obstacle(f"`{key}` of {name} is a key")
            yield from _texts(item, (*path, key), name)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*path, index), name)
    elif isinstance(value, str) and ("${" in value or "$$" in value):
        yield path, value


def _check_names(objects: Sequence[ContentObject], found: Sequence[Copy]) -> None:
    """A target is found by group, kind and name, because a build may give the namespace later."""
    seen: dict[tuple[str, str, str], int] = {}
    for obj in objects:
        key = (obj.ref.group, obj.ref.kind, obj.ref.name)
        seen[key] = seen.get(key, 0) + 1
    for copy in found:
        if seen[copy.ref.group, copy.ref.kind, copy.ref.name] > 1:
            raise _Obstacle(f"several objects are called {copy.ref.kind}/{copy.ref.name}")
