"""Edits of a chart's objects after rendering: post-renderers and common metadata of a release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.mapping.concept import Concept, equivalent, exact, on, says
from argoflux.mapping.conditions import fact
from argoflux.mapping.verdict import Message, Verdict

if TYPE_CHECKING:
    from argoflux.mapping.concept import Context

F2A_HR_006 = Message(
    code="F2A-HR-006",
    verdict=Verdict.MANUAL,
    text="`{path}` of {name} was left out: {why}",
    instead="reach the same with values of the chart, or commit a kustomization with `helmCharts` and these edits, and let the Application build it with `--enable-helm`",
)
F2A_HR_027 = Message(
    code="F2A-HR-027",
    verdict=Verdict.MANUAL,
    text="`{path}` of {name} stands in {file}, which renders the chart with `helmCharts` of kustomize",
    instead="{how}, and set `kustomize.buildOptions: --enable-helm` in argocd-cm",
)
F2A_HR_028 = Message(
    code="F2A-HR-028",
    verdict=Verdict.APPROXIMATE,
    text="post-renderers of {name} ran one after the other; kustomize applies all patches before all images",
    instead="check patches that touch images in {file}",
)
F2A_HR_029 = Message(
    code="F2A-HR-029",
    verdict=Verdict.NONE,
    text="`postRenderStrategy: {value}` was dropped: hooks and other objects are edited alike",
    instead="leave hooks out with the targets of the patches",
)

_H = "HelmRelease"
_TARGET = ("group", "version", "kind", "name", "namespace", "labelSelector", "annotationSelector")
_AT = "spec.postRenderers[].kustomize"


def _block(_value: Any, ctx: Context) -> dict[str, Any]:
    """The leaf's block of the release, and where it went or why it did not."""
    return {
        "path": ".".join(str(step) for step in ctx.path[:2]),
        "file": ctx.fact("post_render_file"),
        "why": ctx.fact("post_render_why") or "it was not converted",
        "how": ctx.fact("post_render_how"),
    }


_NOTES = (
    says(F2A_HR_027, when=fact("post_render_file"), facts=_block),
    says(F2A_HR_006, facts=_block),
)


def _orders_hooks(value: Any, ctx: Context) -> bool:
    """Whether the release has edits, and keeps them away from hooks or renders hooks apart."""
    spec = ctx.body.get("spec") or {}
    edits = spec.get("postRenderers") or spec.get("commonMetadata")
    return bool(edits) and value != "combined"


# helm-controller:internal/postrender/{build,kustomize,common,origin_labels}.go: the list in order,
# then the common metadata; api/v2/helmrelease_types.go PostRenderStrategy. Argo CD runs none
# (argo-cd:util/helm/cmd.go template); kustomize does (kustomize:api/types/helmchartargs.go)
ROWS = (
    Concept(
        slot="part.render.helm.post_renderers",
        says="Patches and images that are applied to what the chart renders.",
        flux=(
            *(on(_H, f"{_AT}.images[].{name}") for name in ("name", "newName", "newTag", "digest")),
            on(_H, f"{_AT}.patches[].patch"),
            *(
                on(_H, f"{_AT}.{block}[].target.{name}")
                for block in ("patches", "patchesJson6902")
                for name in _TARGET
            ),
            # before helm.toolkit.fluxcd.io/v2
            on(_H, f"{_AT}.patchesStrategicMerge[]", subtree=True),
            on(_H, f"{_AT}.patchesJson6902[].patch[]", subtree=True),
        ),
        to_argo=_NOTES,
    ),
    Concept(
        slot="part.render.helm.labels",
        says="Labels on everything that the chart renders.",
        flux=(on(_H, "spec.commonMetadata.labels", subtree=True),),
        to_argo=_NOTES,
    ),
    Concept(
        slot="part.render.helm.annotations",
        says="Annotations on everything that the chart renders.",
        flux=(on(_H, "spec.commonMetadata.annotations", subtree=True),),
        to_argo=_NOTES,
    ),
    Concept(
        slot="",
        says="Whether hooks are post-rendered as well; only counts with post-renderers.",
        flux=(on(_H, "spec.postRenderStrategy", "combined"),),
        to_argo=(
            says(F2A_HR_029, when=_orders_hooks),
            exact(when=lambda value, _ctx: value == "combined"),
            equivalent(),
        ),
    ),
)
