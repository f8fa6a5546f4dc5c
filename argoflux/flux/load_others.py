"""Objects that are neither appliers nor sources, by their kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.flux.load_artifact_generator import read_artifact, read_generator
from argoflux.flux.load_images import read_automation, read_policy, read_repository
from argoflux.flux.load_notifications import read_alert, read_channel, read_receiver
from argoflux.flux.load_resource_sets import read_provider, read_report, read_set
from argoflux.mapping.emission import Refusal
from argoflux.mapping.objects import F2A_OBJ_001
from argoflux.mapping.registry import F2A_BKT_001

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from argoflux.flux.loading import Loading
    from argoflux.resource import Resource


def read_other(resource: Resource, loading: Loading) -> None:
    """Read an object that no app is made of; a kind that nobody knows is refused."""
    read = _READERS.get(resource.pseudo or resource.ref.kind, _refuse)
    read(resource, loading)


def _refuse(resource: Resource, loading: Loading) -> None:
    loading.loaded.refused.append(Refusal(resource=resource, message=F2A_OBJ_001))


def _refuse_bucket(resource: Resource, loading: Loading) -> None:
    facts = {"bucket": str(resource.ref)}
    loading.loaded.refused.append(Refusal(resource=resource, message=F2A_BKT_001, facts=facts))


_READERS: Mapping[str, Callable[[Resource, Loading], None]] = {
    "Alert": read_alert,
    "ArtifactGenerator": read_generator,
    "Bucket": _refuse_bucket,
    "ExternalArtifact": read_artifact,
    "ImagePolicy": read_policy,
    "ImageRepository": read_repository,
    "ImageUpdateAutomation": read_automation,
    "Provider": read_channel,
    "Receiver": read_receiver,
    "FluxReport": read_report,
    "ResourceSet": read_set,
    "ResourceSetInputProvider": read_provider,
}
"""By kind, or by the pseudo-kind of a Secret: readers of objects that are neither appliers nor
sources of Git. Everything else is refused."""
