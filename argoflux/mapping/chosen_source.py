"""Which source of an Application counts.

argo-cd:pkg/apis/application/v1alpha1/types.go GetSource: a list of sources wins over ``source``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.text import Path


def is_passed_over(kind: str, body: Mapping[str, Any], path: Path) -> bool:
    """Whether a leaf below ``spec.source`` is never read because ``spec.sources`` is there."""
    if kind != "Application" or path[:2] != ("spec", "source"):
        return False
    spec = body.get("spec")
    several = spec.get("sources") if isinstance(spec, dict) else None
    return isinstance(several, list) and any(isinstance(item, dict) for item in several)
