"""Values of a type that their field does not take: set aside before anything reads them.

Loaders and emitters see the object without such a value, as if its author had left it out, so none
of them has to expect a text where a map belongs. The ledger still accounts for the leaf.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux import kinds
from argoflux.schema import load_schema, mistyped
from argoflux.schema_accept import is_placeholder, of_type
from argoflux.schema_words import expected_form, expected_type, quote
from argoflux.yamlio.tree import Map, Seq

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from argoflux.resource import Resource
    from argoflux.text import Path

_IDENTITY = frozenset({("apiVersion",), ("kind",), ("metadata", "name"), ("metadata", "namespace")})
"""Read as text whatever scalar they are (``name: 7``)."""

PLACEHOLDER = "a placeholder"

_FREE_MAP: dict[str, Any] = {"type": "object"}


class Mistyped(NamedTuple):
    """One value that was set aside: what it is, and what its field takes."""

    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class Written:
    """An object as its author wrote it, and the values in it that were set aside, by path."""

    resource: Resource
    wrong: Mapping[Path, Mistyped]

    def wrong_at(self, path: Path) -> tuple[Path, Mistyped] | None:
        """The value set aside that holds a leaf, with its path."""
        for end in range(1, len(path) + 1):
            found = self.wrong.get(path[:end])
            if found is not None:
                return path[:end], found
        return None

    def read_as(self, path: Path) -> Path:
        """The path of a leaf in the object that was read: items set aside do not count."""
        steps: list[str | int] = []
        for at, step in enumerate(path):
            if isinstance(step, int):
                gone = sum(1 for index in range(step) if (*path[:at], index) in self.wrong)
                steps.append(step - gone)
            else:
                steps.append(step)
        return tuple(steps)


def set_aside(
    resources: Iterable[Resource],
) -> tuple[list[Resource], dict[Resource, Written]]:
    """The resources to read, and for those that differ from what was written, the original."""
    read: list[Resource] = []
    written: dict[Resource, Written] = {}
    for resource in resources:
        wrong = _wrong_values(resource)
        if not wrong:
            read.append(resource)
            continue
        kept = replace(resource, body=_without(resource.body, (), wrong))
        read.append(kept)
        written[kept] = Written(resource, wrong)
    return read, written


def _wrong_values(resource: Resource) -> dict[Path, Mistyped]:
    """Every value of a wrong type by its path; placeholders where no text belongs are such."""
    kind = kinds.find(resource.ref.group, resource.ref.kind)
    if kind is None:
        return {}
    known = kind.version(resource.version)
    version = resource.version if known is not None and known.file else kind.newest.version
    schema = load_schema(kind.kind, version)
    if schema is None:
        return {}
    found = {
        path: Mistyped(_described(value), _expected(value, node))
        for path, value, node in mistyped(resource.body, schema)
        if path[0] != "status" and (path not in _IDENTITY or isinstance(value, dict | list))
    }
    found = {path: wrong for path, wrong in found.items() if wrong.expected}
    if kind.kind == "HelmRelease":
        # CRDs cannot state the type of free values: helm-controller reads them as a map
        spec = resource.body.get("spec")
        values = spec.get("values") if isinstance(spec, dict) else None
        if values is not None and not isinstance(values, dict):
            found["spec", "values"] = Mistyped(_described(values), expected_type(_FREE_MAP))
    return found


def _expected(value: Any, node: dict[str, Any]) -> str:
    """What the field takes; empty for a text of a form that loaders judge themselves."""
    if not of_type(value, node):
        return expected_type(node)
    form = expected_form(node["pattern"])
    return form if form.startswith("a duration") else ""


def _described(value: Any) -> str:
    """The type of a value in words; the value itself may be secret."""
    if is_placeholder(value):
        return PLACEHOLDER
    return quote(value, hide=True)


def _without(value: Any, at: Path, wrong: Mapping[Path, Mistyped]) -> Any:
    """A copy without the values set aside; parts that hold none of them are shared."""
    if not any(path[: len(at)] == at for path in wrong):
        return value
    if isinstance(value, dict):
        return Map(
            {
                key: _without(item, (*at, key), wrong)
                for key, item in value.items()
                if (*at, key) not in wrong
            }
        )
    if isinstance(value, list):
        return Seq(
            _without(item, (*at, index), wrong)
            for index, item in enumerate(value)
            if (*at, index) not in wrong
        )
    return value
