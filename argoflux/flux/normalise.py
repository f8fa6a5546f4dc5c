"""Older API versions of Flux, read as the newest one.

Fields that moved: fluxcd/pkg:kustomize/kustomize_generator.go (patchesStrategicMerge and
patchesJson6902 follow ``patches``), source-controller:api/v1beta2/helmchart_types.go (valuesFile
stands before valuesFiles).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux import kinds
from argoflux.flux.fields import items, table, tables, text
from argoflux.mapping.emission import Saying
from argoflux.mapping.objects import F2A_API_001, F2A_API_002, F2A_API_003
from argoflux.yamlio.dump import dump

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.resource import Resource


def normalise(resource: Resource) -> dict[str, Any]:
    """The body in the shape of the newest version; unknown fields stay."""
    body = resource.body
    spec = table(body, "spec")
    match resource.ref.kind:
        case "Kustomization":
            return {**body, "spec": _kustomization(spec)}
        case "HelmRelease":
            return {**body, "spec": _release(spec)}
        case "HelmChart":
            return {**body, "spec": _chart(spec)}
        case _:
            return {**body, "spec": dict(spec)}


def _kustomization(spec: Mapping[str, Any]) -> dict[str, Any]:
    out = dict(spec)
    merges = [{"patch": _patch_text(item)} for item in items(out, "patchesStrategicMerge")]
    edits = [
        {"patch": _patch_text(item.get("patch")), "target": table(item, "target")}
        for item in tables(out, "patchesJson6902")
    ]
    if merges or edits:
        out["patches"] = [*items(out, "patches"), *merges, *edits]
    out.pop("patchesStrategicMerge", None)
    out.pop("patchesJson6902", None)
    return out


def _patch_text(item: Any) -> str:
    return item if isinstance(item, str) else dump(item)


def _release(spec: Mapping[str, Any]) -> dict[str, Any]:
    out = dict(spec)
    renderers = tables(spec, "postRenderers")
    if renderers:  # patches in the two old forms are gone from helm.toolkit.fluxcd.io/v2
        out["postRenderers"] = [
            {**item, "kustomize": _kustomization(table(item, "kustomize"))} for item in renderers
        ]
    chart = table(spec, "chart", "spec")
    if text(chart, "valuesFile") is not None:
        out["chart"] = {**table(spec, "chart"), "spec": _chart(chart)}
    return out


def _chart(chart: Mapping[str, Any]) -> dict[str, Any]:
    single = text(chart, "valuesFile")
    if single is None:
        return dict(chart)
    files = [single, *(file for file in items(chart, "valuesFiles") if file != single)]
    moved = {**chart, "valuesFiles": files}
    del moved["valuesFile"]
    return moved


def version_saying(resource: Resource) -> Saying | None:
    """The remark about an API version that Flux serves no longer, or never did in a release."""
    kind = kinds.find(resource.ref.group, resource.ref.kind)
    if kind is None or resource.version == kind.newest.version:
        return None
    known = kind.version(resource.version)
    facts = {
        "kind": resource.ref.kind,
        "version": resource.version,
        "newer": kind.newest.version,
    }
    place = resource.place("apiVersion")
    apps = (str(resource.ref),)
    if known is not None and known.removed is not None:
        return Saying(
            message=F2A_API_001,
            facts={**facts, "release": known.removed},
            places=(place,),
            apps=apps,
        )
    if known is not None or resource.placeholder:
        return None
    message = F2A_API_002 if "alpha" in resource.version else F2A_API_003
    return Saying(message=message, facts=facts, places=(place,), apps=apps)
