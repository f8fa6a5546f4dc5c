"""The coverage of the mapping as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.report.columns import columns
from argoflux.report.paint import paint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from argoflux.mapping.coverage import KindCoverage

_HEAD = ("API VERSION", "KIND", "LEAVES", "MAPPED", "NO EFFECT", "LATER", "HOLES")


def render(kinds: Sequence[KindCoverage], *, colour: bool = False) -> str:
    """One line per kind and version, and the sum of all."""
    rows: list[tuple[str, ...]] = [
        (
            kind.api_version,
            kind.kind,
            str(kind.leaves),
            str(kind.mapped),
            str(len(kind.opaque)),
            str(len(kind.todo)),
            str(len(kind.holes)),
        )
        for kind in kinds
    ]
    sums = [str(sum(int(row[column]) for row in rows)) for column in range(2, len(_HEAD))]
    rows.append(("all", "", *sums))
    return paint(columns(_HEAD, rows, right=range(2, len(_HEAD))), colour=colour)
