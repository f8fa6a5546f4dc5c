"""Which leaves of which kinds the rows account for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from argoflux.kinds import KINDS, pseudo_kinds
from argoflux.mapping.concept import Opaque
from argoflux.mapping.index import find_pattern, steps_of
from argoflux.schema_fields import leaf_paths

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class KindCoverage:
    """The account of one kind and version.

    ``opaque`` and ``todo`` are pairs of leaf and reason; ``holes`` are leaves that nobody speaks
    for, which is a bug.
    """

    api_version: str
    kind: str
    leaves: int
    mapped: int
    opaque: tuple[tuple[str, str], ...]
    todo: tuple[tuple[str, str], ...]
    holes: tuple[str, ...]


def _described() -> Iterator[tuple[str, str, str]]:
    for known in KINDS:
        for version in known.versions:
            if version.file is not None:
                yield f"{known.group}/{version.version}", known.kind, version.version
    for name in pseudo_kinds():
        yield "v1", name, "v1"


def coverage() -> Iterator[KindCoverage]:
    """Every kind and version of the shipped schemas, pseudo-kinds last."""
    for api_version, kind, version in _described():
        mapped = 0
        opaque: list[tuple[str, str]] = []
        todo: list[tuple[str, str]] = []
        holes: list[str] = []
        paths = sorted(leaf_paths(kind, version))
        for path in paths:
            match = find_pattern(kind, steps_of(kind, path))
            if match is None:
                holes.append(path)
            elif isinstance(match.row, Opaque):
                (todo if match.row.todo else opaque).append((path, match.row.reason))
            else:
                mapped += 1
        yield KindCoverage(
            api_version=api_version,
            kind=kind,
            leaves=len(paths),
            mapped=mapped,
            opaque=tuple(opaque),
            todo=tuple(todo),
            holes=tuple(holes),
        )
