"""Artifacts of a registry (`oci://`): charts or manifests.

Facts: argo-cd:pkg/apis/application/v1alpha1/types.go IsOCI (counts before `chart`),
argo-cd:util/oci/client.go (a chart is unpacked to the root of the artifact).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from argoflux.argocd.load_chart import REGISTRY, note_artifact, registry_address
from argoflux.argocd.shapes import text
from argoflux.argocd.source_type import Detected
from argoflux.mapping.chart_source import A2F_SRC_017
from argoflux.mapping.objects import A2F_OBJ_003
from argoflux.mapping.revisions import classify_artifact
from argoflux.model.source import OciSource

if TYPE_CHECKING:
    from argoflux.argocd.load_source import SourceReading

_LAYERS = "reposerver.oci.layer.media.types"
# argo-cd:cmd/argocd-repo-server/commands/argocd_repo_server.go oci-layer-media-types
_USUAL = frozenset(
    {
        "application/vnd.oci.image.layer.v1.tar",
        "application/vnd.oci.image.layer.v1.tar+gzip",
        "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
    }
)
CHART, MANIFESTS = "chart", "manifests"
"""What the configuration file may answer about an address."""


def read_artifact(reading: SourceReading, source: dict[str, Any]) -> OciSource | None:
    """The artifact; None when the Application is refused."""
    url, revision = text(source.get("repoURL")), text(source.get("targetRevision"))
    address = registry_address(reading, url)
    if "/" not in address:
        what = f"its address {REGISTRY}{address} names no artifact of a registry"
        reading.refuse(A2F_OBJ_003, what=what, remedy="give registry and path of the artifact")
        return None
    if not revision:
        what = f"its artifact {REGISTRY}{address} has no `targetRevision`"
        reading.refuse(A2F_OBJ_003, what=what, remedy="give a tag, a digest or a range of versions")
        return None
    return OciSource(
        url=address,
        revision=classify_artifact(revision),
        layer=_layer(reading.settings.params.get(_LAYERS, "")),
    )


def _layer(stated: str) -> str | None:
    """The one type of layers that is allowed, when it is none of the usual ones."""
    types = [item.strip() for item in stated.split(",") if item.strip()]
    return types[0] if len(types) == 1 and types[0] not in _USUAL else None


def told(reading: SourceReading, source: OciSource) -> Detected | None:
    """What an artifact holds where the source does not tell: what it was, or the configuration."""
    returns = reading.facts.get("returns")
    if returns:
        helm = returns == "HelmRelease"
        return Detected("helm" if helm else "directory", known=helm)
    address = f"{REGISTRY}{source.url}"
    answers = {key.rstrip("/"): value for key, value in reading.request.options.oci_sources.items()}
    answer = answers.get(address)
    if answer == CHART:
        return Detected("helm", known=True)
    if answer == MANIFESTS:
        return Detected("directory", known=False)
    reading.refuse(A2F_SRC_017, url=address)
    return None


def settle(reading: SourceReading, source: OciSource, tool: str, path: str) -> OciSource:
    """The artifact with what is known of its content; a chart has to be the whole artifact."""
    chart = tool == "helm"
    if chart and path != ".":
        reading.refuse(
            A2F_OBJ_003,
            what=f"its chart is the folder `{path}` of an artifact; Flux reads a chart from the root of an artifact only",
            remedy="publish the chart itself with `helm push`",
        )
    settled = replace(source, chart=chart)
    note_artifact(reading, settled)
    return settled
