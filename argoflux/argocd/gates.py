"""Which fields of an Application a release of Argo CD knows.

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
"""Fields that not every supported release has, by the name used in messages."""


def is_at_least(release: str, wanted: str) -> bool:
    """Whether a release of Argo CD is that minor or a newer one."""
    return Release.parse(release) >= Release.parse(wanted)


def missing(field: str, release: str) -> str | None:
    """The first release that has a field, when the target is older; else None.

    A target older than every release examined has none of them.
    """
    first = since("Application", "v1alpha1", _HELD[field]) or SUPPORTED["argocd"].first
    return str(first) if Release.parse(release) < first else None
