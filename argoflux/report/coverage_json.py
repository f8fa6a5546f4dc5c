"""The coverage of the mapping as JSON: kind ``Coverage``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.report.envelope import envelope, render_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from argoflux.mapping.coverage import KindCoverage


def render(kinds: Sequence[KindCoverage]) -> str:
    """The report as text."""
    return render_json(coverage_record(kinds))


def coverage_record(kinds: Sequence[KindCoverage]) -> dict[str, Any]:
    """The report as plain values; schemas/coverage.schema.json describes it."""
    return envelope(
        "Coverage",
        inputs=(),
        summary={
            "kinds": len(kinds),
            "leaves": sum(kind.leaves for kind in kinds),
            "mapped": sum(kind.mapped for kind in kinds),
            "opaque": sum(len(kind.opaque) for kind in kinds),
            "todo": sum(len(kind.todo) for kind in kinds),
            "holes": sum(len(kind.holes) for kind in kinds),
        },
        kinds=[_kind(kind) for kind in kinds],
    )


def _kind(kind: KindCoverage) -> dict[str, Any]:
    return {
        "apiVersion": kind.api_version,
        "kind": kind.kind,
        "leaves": kind.leaves,
        "mapped": kind.mapped,
        "opaque": [{"path": path, "reason": reason} for path, reason in kind.opaque],
        "todo": [path for path, _ in kind.todo],
        "holes": list(kind.holes),
    }
