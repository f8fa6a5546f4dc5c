"""Artifacts of registries: what releases of Argo CD can do with them, and what they need for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.argocd.application import ARTIFACTS_SINCE
from argoflux.argocd.gates import is_at_least
from argoflux.argocd.settings_parts import FOLDER, PARAMS, settings_part, stated_setting
from argoflux.mapping.emission import Decision, Refusal
from argoflux.mapping.registry import F2A_OCI_001, F2A_OCI_008, F2A_OCI_009
from argoflux.model.source import OciSource

if TYPE_CHECKING:
    from collections.abc import Iterable

    from argoflux.argocd.writing import Writing
    from argoflux.mapping.emission import Emission, Request
    from argoflux.model.app import App

_LAYERS = "reposerver.oci.layer.media.types"
_DEFAULT_LAYERS = [
    "application/vnd.oci.image.layer.v1.tar",
    "application/vnd.oci.image.layer.v1.tar+gzip",
    "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
]
"""argo-cd:cmd/argocd-repo-server/commands/argocd_repo_server.go oci-layer-media-types."""


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


def put_layer_types(emission: Emission, request: Request, apps: Iterable[App]) -> None:
    """Manifests that Flux pushed have a type of layer that Argo CD has to be told of."""
    roots: dict[str, list[App]] = {}
    for app in apps:
        source = app.parts[0].source
        if isinstance(source, OciSource) and not source.chart:
            roots.setdefault(app.root, []).append(app)
    for root, members in roots.items():
        stated = stated_setting(request, PARAMS, root, _LAYERS)
        known = _DEFAULT_LAYERS if stated is None else [t.strip() for t in stated.split(",")]
        layers = [str(emission.decisions[app].facts.get("layer")) for app in members]
        new = [layer for layer in dict.fromkeys(layers) if layer not in known]
        if not new:
            continue
        namespace = next(d.namespace for d in emission.drafts if d.apps[:1] == members[:1])
        part = settings_part(emission, PARAMS, namespace, members)
        part.put(("data", _LAYERS), ",".join([*known, *new]), origin="required")
        file = f"{FOLDER}/{PARAMS}.yaml"
        emission.say(F2A_OCI_001, layer=" and ".join(new), file=file)
