"""Artifacts of registries: what releases of Argo CD can do with them, and what they need for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.argocd.application import ARTIFACTS_SINCE
from argoflux.argocd.gates import is_at_least
from argoflux.mapping.emission import Decision, Refusal
from argoflux.mapping.registry import F2A_OCI_001, F2A_OCI_008, F2A_OCI_009
from argoflux.model.source import OciSource

if TYPE_CHECKING:
    from argoflux.argocd.writing import Writing


def refuse_artifact(work: Writing) -> Decision | None:
    """The decision for what the target release cannot fetch; None where it can.

    Manifests need sources of type OCI, a chart pinned by digest as well: a Helm source takes
    versions only (argo-cd:util/helm/client.go).
    """
    source = work.part.source
    if not isinstance(source, OciSource) or is_at_least(work.request.argocd, ARTIFACTS_SINCE):
        return None
    if source.chart and source.revision.kind != "digest":
        return None
    message = F2A_OCI_009 if source.chart else F2A_OCI_008
    refusal = Refusal(resource=work.app.resource, message=message)
    return Decision(kind="", facts=work.facts, refused=refusal)


def say_layers(work: Writing) -> None:
    """Manifests that Flux pushed have a type of layer that Argo CD has to be told of."""
    source = work.part.source
    if isinstance(source, OciSource) and not source.chart:
        work.emission.say(F2A_OCI_001, layer=work.facts.get("layer"))
