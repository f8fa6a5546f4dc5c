"""Which source of an Application counts, for the rows of what stands in a source.

argo-cd:pkg/apis/application/v1alpha1/types.go GetSource: a list of sources wins over ``source``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from argoflux.mapping.concept import Concept, Context, Row, equivalent

if TYPE_CHECKING:
    from collections.abc import Iterable

SOURCE = "ApplicationSource"
"""The table of rows below ``spec.source`` and ``spec.sources[]`` of an Application."""


def is_passed_over(_value: Any, ctx: Context) -> bool:
    """Whether a leaf below ``spec.source`` is never read because ``spec.sources`` is there."""
    if ctx.path[:2] != ("spec", "source"):
        return False
    spec = ctx.body.get("spec")
    return isinstance(spec, dict) and bool(spec.get("sources"))


def where_read(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows, with no loss in what Argo CD does not read."""
    return tuple(_where_read(row) for row in rows)


def _where_read(row: Row) -> Row:
    if not isinstance(row, Concept) or not any(side.kind == SOURCE for side in row.argo):
        return row
    return replace(row, to_flux=(equivalent(when=is_passed_over), *row.to_flux))
