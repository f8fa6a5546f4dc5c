"""Which source of an Application counts.

argo-cd:pkg/apis/application/v1alpha1/types.go GetSource: a hydrator wins over a list of sources, and
that over ``source``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.text import Path


def is_passed_over(kind: str, body: Mapping[str, Any], path: Path) -> bool:
    """Whether a leaf below ``spec.source`` or ``spec.sources`` is never read: another one counts."""
    if kind != "Application" or path[:2] not in {("spec", "source"), ("spec", "sources")}:
        return False
    spec = body.get("spec")
    if not isinstance(spec, dict):
        return False
    if isinstance(spec.get("sourceHydrator"), dict):
        return True
    several = spec.get("sources")
    found = isinstance(several, list) and any(isinstance(item, dict) for item in several)
    return path[1] == "source" and found
