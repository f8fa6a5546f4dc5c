"""Whose objects a path yields: Flux's own, those that install Flux, and the ones to be deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from argoflux.kinds import PART_OF_LABEL, engine_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from argoflux.model.content import ContentObject, Known

_SHOWN = 3
_INSTALLED = frozenset(
    {
        "ClusterRole",
        "ClusterRoleBinding",
        "CustomResourceDefinition",
        "Deployment",
        "Namespace",
        "NetworkPolicy",
        "ResourceQuota",
        "Service",
        "ServiceAccount",
    }
)
"""Kinds of fluxcd/flux2:manifests/bases and its policies."""


class Yields(NamedTuple):
    """The objects of a path by owner.

    ``flux`` are Flux objects, which a converted path must not apply; ``installation`` is what
    `flux bootstrap` writes (gotk-components.yaml); ``plain`` is everything else.
    """

    flux: tuple[ContentObject, ...]
    installation: tuple[ContentObject, ...]
    plain: tuple[ContentObject, ...]


def split(known: Known) -> Yields:
    """Sort the objects of a path by owner; their order stays."""
    flux: list[ContentObject] = []
    installation: list[ContentObject] = []
    plain: list[ContentObject] = []
    for obj in known.objects:
        if engine_of(obj.ref.group) in {"flux", "flux-operator"}:
            flux.append(obj)
        elif installs_flux(obj):
            installation.append(obj)
        else:
            plain.append(obj)
    return Yields(tuple(flux), tuple(installation), tuple(plain))


def installs_flux(obj: ContentObject) -> bool:
    """Whether an object is part of an installation of Flux.

    fluxcd/flux2:manifests/install/kustomization.yaml sets the label on every object. Monitors
    and dashboards of Flux have it as well; they are objects like any other.
    """
    if obj.ref.kind not in _INSTALLED:
        return False
    metadata = obj.body.get("metadata")
    labels = metadata.get("labels") if isinstance(metadata, dict) else None
    return isinstance(labels, dict) and labels.get(PART_OF_LABEL) == "flux"


def summary(objects: Iterable[ContentObject]) -> str:
    """The first identities and how many there are besides."""
    names = sorted({str(obj.ref) for obj in objects})
    shown = ", ".join(names[:_SHOWN])
    more = len(names) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
