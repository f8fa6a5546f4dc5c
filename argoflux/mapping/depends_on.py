"""What must be ready before: `dependsOn` of Flux, and the waves that it becomes."""

from __future__ import annotations

from typing import Any

from argoflux.mapping.concept import Concept, Context, equivalent, on, says
from argoflux.mapping.verdict import Message, Verdict

F2A_KS_012 = Message(
    code="F2A-KS-012",
    verdict=Verdict.APPROXIMATE,
    text="the dependency on {dependency} became {order}: waves order the syncs of a parent; later commits reach each Application at once",
    instead="let a parent Application apply the output; order every rollout with an ApplicationSet of strategy RollingSync where that matters",
)
F2A_KS_013 = Message(
    code="F2A-KS-013",
    verdict=Verdict.MANUAL,
    text="{name} is not converted: it waits for itself ({cycle}), so Flux never applies it",
    instead="remove one of these dependencies",
)
F2A_KS_014 = Message(
    code="F2A-KS-014",
    verdict=Verdict.MANUAL,
    text="the dependency on {dependency} was dropped: {why}",
    instead="convert it in the same run, or see that it is there before {name} is applied",
)
F2A_KS_015 = Message(
    code="F2A-KS-015",
    verdict=Verdict.MANUAL,
    text="the CEL condition on {dependency} was dropped: `{value}`",
    instead="check it in a PreSync hook, or in the health script of {dependency}",
)
F2A_DAG_001 = Message(
    code="F2A-DAG-001",
    verdict=Verdict.MANUAL,
    text="waves only wait for Applications where Argo CD knows their health; {file} holds the script for it",
    instead="merge its key into the data of the ConfigMap argocd-cm, without replacing the others",
)
F2A_DAG_002 = Message(
    code="F2A-DAG-002",
    verdict=Verdict.APPROXIMATE,
    text="{name} was waited for until it was applied, without a look at its health; {others} now come after it is healthy",
    instead="annotate what never becomes healthy with argocd.argoproj.io/ignore-healthcheck",
)
F2A_DAG_003 = Message(
    code="F2A-DAG-003",
    verdict=Verdict.APPROXIMATE,
    text="objects under different parents wait for each other both ways, so the waves of the parents do not order them: {names}",
    instead="put what waits for each other under one parent",
    run=True,
)
F2A_DAG_004 = Message(
    code="F2A-DAG-004",
    verdict=Verdict.APPROXIMATE,
    text="an Application that becomes degraded while later waves wait for it fails the sync of its parent; Flux only went on waiting",
    instead="give the parent retries (`syncPolicy.retry`)",
    run=True,
)
F2A_DAG_005 = Message(
    code="F2A-DAG-005",
    verdict=Verdict.APPROXIMATE,
    text="{name} is suspended: until somebody syncs it, its Application is missing and holds back {others}",
    instead="sync it by hand once, or resume it before the move",
)


_BUILT = "what the build of its parent makes of it"
"""For a dependency that stands in the file, but not in the object that arrives."""


def _item(ctx: Context) -> dict[str, Any]:
    node: Any = ctx.body
    for key in ctx.path[:-1]:
        node = node[key]
    return dict(node) if isinstance(node, dict) else {}


def _position(ctx: Context) -> int:
    """Which of the named dependencies this is."""
    before = ctx.body["spec"]["dependsOn"][: int(ctx.path[-2])]
    return sum(isinstance(item, dict) and isinstance(item.get("name"), str) for item in before)


def _dropped(_value: Any, ctx: Context) -> bool:
    return _position(ctx) in (ctx.fact("dropped_dependencies") or {})


def _facts(value: Any, ctx: Context) -> dict[str, Any]:
    item = _item(ctx)
    namespace = item.get("namespace") or (ctx.app.namespace if ctx.app is not None else "")
    name = "/".join(str(part) for part in (namespace, item.get("name")) if part)
    found = {
        "why": (ctx.fact("dropped_dependencies") or {}).get(_position(ctx)),
        "order": (ctx.fact("orders") or {}).get(_position(ctx), _BUILT),
    }
    stated = {key: text for key, text in found.items() if text is not None}
    return {"dependency": name, "value": value, **stated}


_KINDS = ("Kustomization", "HelmRelease")
_AT = "spec.dependsOn[]"

# kustomize-controller:internal/controller/kustomization_controller.go checkDependencies;
# helm-controller:internal/controller/helmrelease_controller.go checkDependencies;
# argo-cd:gitops-engine/pkg/sync/sync_context.go (waves, health), docs/user-guide/sync-waves.md
ROWS = (
    Concept(
        slot="order.depends_on",
        says="The objects that must be ready before.",
        flux=tuple(on(kind, f"{_AT}.name") for kind in _KINDS),
        to_argo=(says(F2A_KS_014, when=_dropped, facts=_facts), says(F2A_KS_012, facts=_facts)),
    ),
    Concept(
        slot="order.depends_on",
        says="The namespaces of the objects that must be ready before.",
        flux=tuple(on(kind, f"{_AT}.namespace") for kind in _KINDS),
        to_argo=(equivalent(),),
    ),
    Concept(
        slot="order.ready",
        says="The condition that tells that the object before is ready.",
        flux=tuple(on(kind, f"{_AT}.readyExpr") for kind in _KINDS),
        to_argo=(says(F2A_KS_015, facts=_facts),),
    ),
)
