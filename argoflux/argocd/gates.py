"""Which fields of an Application or ApplicationSet a release of Argo CD knows.

The releases come from the field availability data; fallbacks are decided where a field is written.
"""

from __future__ import annotations

from argoflux.versions import SUPPORTED, Release, since

_HELD = {
    "automated.enabled": "spec.syncPolicy.automated.enabled",
    "retry.refresh": "spec.syncPolicy.retry.refresh",
    "valuesObject": "spec.source.helm.valuesObject",
    "skipSchemaValidation": "spec.source.helm.skipSchemaValidation",
    "patches": "spec.source.kustomize.patches[].patch",
    "components": "spec.source.kustomize.components[]",
    "ignoreMissingComponents": "spec.source.kustomize.ignoreMissingComponents",
    "labelWithoutSelector": "spec.source.kustomize.labelWithoutSelector",
}
"""Fields of an Application that not every supported release has, by the name used in messages."""

_SETS = {
    "templatePatch": "spec.templatePatch",
    "deletionOrder": "spec.strategy.deletionOrder",
}
"""The same for fields of an ApplicationSet."""


def is_at_least(release: str, wanted: str) -> bool:
    """Whether a release of Argo CD is that minor or a newer one."""
    return Release.parse(release) >= Release.parse(wanted)


def missing(field: str, release: str) -> str | None:
    """The first release that has a field, when the target is older; else None.

    A target older than every release examined has none of them.
    """
    kind, path = (
        ("ApplicationSet", _SETS[field]) if field in _SETS else ("Application", _HELD[field])
    )
    first = since(kind, "v1alpha1", path) or SUPPORTED["argocd"].first
    return str(first) if Release.parse(release) < first else None
