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
F2A_DAG_006 = Message(
    code="F2A-DAG-006",
    verdict=Verdict.APPROXIMATE,
    text="the rollout of {set} takes automatic syncs and self-heal from its {count} Applications: a step syncs them when Git changed, and nothing undoes drift in the cluster",
    instead="drop the annotation `argoflux.dev/order` where correcting drift matters more than the order of each change",
)
F2A_DAG_007 = Message(
    code="F2A-DAG-007",
    verdict=Verdict.MANUAL,
    text="the steps of {set} only work with progressive syncs switched on; {file} holds the key for it",
    instead="merge it into the ConfigMap argocd-cmd-params-cm, and restart the ApplicationSet controller",
)
F2A_DAG_008 = Message(
    code="F2A-DAG-008",
    verdict=Verdict.APPROXIMATE,
    text="no rollout was made for {name}, waves order its Applications: {why}",
    instead="change that and convert again, or remove the annotation `argoflux.dev/order`",
)
F2A_DAG_009 = Message(
    code="F2A-DAG-009",
    verdict=Verdict.APPROXIMATE,
    text="`argoflux.dev/order: {value}` is no order that argoflux knows; waves order the Applications of {name}",
    instead="write `rolling-sync`, or remove the annotation",
)
F2A_DAG_010 = Message(
    code="F2A-DAG-010",
    verdict=Verdict.EQUIVALENT,
    text="the dependency on {dependency} became {order}: each change waits until all Applications of the steps before are healthy",
)

ORDER = "argoflux.dev/order"
"""The annotation with which an author chooses how `dependsOn` is repeated."""
ROLLING = "rolling-sync"


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


def _needless(_value: Any, ctx: Context) -> bool:
    return _position(ctx) in (ctx.fact("needless_dependencies") or ())


def _in_rollout(_value: Any, ctx: Context) -> bool:
    return _position(ctx) in (ctx.fact("rollout_orders") or ())


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


def _states_order(_value: Any, ctx: Context) -> bool:
    own = ctx.app is not None and ctx.body.get("kind") == ctx.app.kind
    return own and str(ctx.path[-1]) == ORDER


def _refused(value: Any, ctx: Context) -> bool:
    return _states_order(value, ctx) and bool(ctx.fact("rollout_refused"))


def _unknown(value: Any, ctx: Context) -> bool:
    return _states_order(value, ctx) and value != ROLLING


def _why(_value: Any, ctx: Context) -> dict[str, Any]:
    return {"why": ctx.fact("rollout_refused")}


NOTES = (says(F2A_DAG_009, when=_unknown), says(F2A_DAG_008, when=_refused, facts=_why))
"""Notes for the annotation that asks for a rollout."""

_KINDS = ("Kustomization", "HelmRelease")
_AT = "spec.dependsOn[]"

# kustomize-controller:internal/controller/kustomization_controller.go checkDependencies;
# helm-controller:internal/controller/helmrelease_controller.go checkDependencies;
# argo-cd:gitops-engine/pkg/sync/sync_context.go (waves, health), docs/user-guide/sync-waves.md;
# argo-cd:applicationset/progressivesync/progressive_sync.go (steps)
ROWS = (
    Concept(
        slot="order.depends_on",
        says="The objects that must be ready before.",
        flux=tuple(on(kind, f"{_AT}.name") for kind in _KINDS),
        to_argo=(
            equivalent(when=_needless),
            says(F2A_KS_014, when=_dropped, facts=_facts),
            # a rollout gates every change, as Flux does; waves only gate syncs of the parent
            says(F2A_DAG_010, when=_in_rollout, facts=_facts),
            says(F2A_KS_012, facts=_facts),
        ),
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
