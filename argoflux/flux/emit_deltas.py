"""Differences of behaviour that concern the run: raised once, when an app is touched by them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from argoflux.flux.renders import listed, stays
from argoflux.mapping.delta import (
    A2F_RUN_001,
    A2F_RUN_002,
    A2F_RUN_003,
    A2F_RUN_004,
    A2F_RUN_005,
    A2F_RUN_006,
    A2F_RUN_007,
    A2F_RUN_008,
    A2F_RUN_009,
    A2F_RUN_010,
    A2F_RUN_011,
    A2F_RUN_012,
    A2F_RUN_013,
    A2F_RUN_014,
    A2F_RUN_015,
)
from argoflux.mapping.emission import Saying
from argoflux.model.content import Known

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from argoflux.flux.emit_plan import Plan
    from argoflux.mapping.draft import Draft
    from argoflux.mapping.emission import Emission
    from argoflux.model.content import ContentObject
    from argoflux.model.tenant import Tenant

    Appliers = Collection[tuple[Plan, Draft]]

_BACKGROUND = "PrunePropagationPolicy=background"
_SOURCES = frozenset({"GitRepository", "OCIRepository", "HelmRepository", "Bucket"})
_CASCADES = frozenset({"Delete", "WaitForTermination"})


def say_deltas(emission: Emission, appliers: Appliers, tenants: Iterable[Tenant]) -> None:
    """Raise the messages of the run that the new objects give reason for."""
    if not appliers:
        return
    _say_applying(emission, appliers)
    _say_deleting(emission, appliers)
    _say_namespaces(emission, appliers)
    _say_releases(emission, appliers)
    shared = [
        draft.id for draft in emission.drafts if draft.kind in _SOURCES and len(set(draft.apps)) > 1
    ]
    if shared:
        emission.say(A2F_RUN_008, sources=listed(sorted(shared)))
    several = _owned_twice(appliers)
    if several:
        emission.say(A2F_RUN_010, objects=listed(several))
    projects = _gates(appliers, tenants)
    if projects:
        emission.say(A2F_RUN_015, projects=listed(sorted(projects)))


def _say_applying(emission: Emission, appliers: Appliers) -> None:
    """How and when objects are applied."""
    client_side = [plan.app.id for plan, _ in appliers if _changes_apply_mode(plan)]
    if client_side:
        facts = {"apps": listed(dict.fromkeys(client_side))}
        emission.sayings.append(Saying(message=A2F_RUN_001, facts=facts))
    if any(not plan.facts.get("retries_lost") for plan, _ in appliers):
        emission.say(A2F_RUN_004)
    if any(plan.app.sync.self_heal and not plan.suspended for plan, _ in appliers):
        emission.say(A2F_RUN_006)
    by_hand = _ids(plan for plan, _ in appliers if plan.suspended and not plan.skipped)
    if by_hand:
        emission.say(A2F_RUN_009, objects=by_hand)


def _say_deleting(emission: Emission, appliers: Appliers) -> None:
    """What pruning and deleting remove, and how."""
    pruning = [(plan, draft) for plan, draft in appliers if draft.body["spec"].get("prune")]
    if any(_deletes_crds(plan, draft) for plan, draft in appliers):
        emission.say(A2F_RUN_002)
    if pruning:
        emission.say(A2F_RUN_003)
    if any(_BACKGROUND not in plan.app.sync.options for plan, _ in pruning):
        emission.say(A2F_RUN_007)


def _say_namespaces(emission: Emission, appliers: Appliers) -> None:
    """What `targetNamespace` does to objects that cannot be seen, and what labels reach."""
    unseen = _ids(
        plan
        for plan, draft in appliers
        if "targetNamespace" in draft.body["spec"]
        and plan.facts.get("namespace_mode") == "target"
        and not plan.facts.get("namespace_known")
    )
    if unseen:
        emission.say(A2F_RUN_011, objects=unseen)
        emission.say(A2F_RUN_012, objects=unseen)
    labelled = _ids(plan for plan, _ in appliers if plan.facts.get("label_kinds"))
    if labelled:
        emission.say(A2F_RUN_013, objects=labelled)


def _say_releases(emission: Emission, appliers: Appliers) -> None:
    """What a Helm release does that templating did not."""
    if any(plan.kind == "HelmRelease" for plan, _ in appliers):
        emission.say(A2F_RUN_005)
        emission.say(A2F_RUN_014)


def _gates(appliers: Appliers, tenants: Iterable[Tenant]) -> set[str]:
    """The projects that may refuse a sync; the built-in one does not, unless the input says so."""
    known = {(tenant.root, tenant.name): tenant.open for tenant in tenants}
    used = {(plan.app.root, plan.app.project or "default") for plan, _ in appliers}
    return {name for root, name in used if not known.get((root, name), name == "default")}


def _ids(plans: Iterable[Plan]) -> str:
    return listed(sorted({plan.id for plan in plans}))


def _changes_apply_mode(plan: Plan) -> bool:
    """Whether Argo CD applied client-side what Flux applies server-side.

    A HelmRelease stays client-side before Flux 2.8, and where the Application says so.
    """
    options = plan.app.sync.options
    chart = plan.kind == "HelmRelease"
    stays = chart and (not plan.facts.get("apply_mode") or "ServerSideApply=false" in options)
    return "ServerSideApply=true" not in options and not stays


def _deletes_crds(plan: Plan, draft: Draft) -> bool:
    """Whether deleting the object may delete CRDs with it."""
    spec = draft.body["spec"]
    policy = spec.get("deletionPolicy")
    cascades = policy in _CASCADES or (spec.get("prune") and not policy)
    return bool(cascades and _may_hold_crds(plan))


def _may_hold_crds(plan: Plan) -> bool:
    """False only where all that the path yields is known."""
    content = plan.content
    if not isinstance(content, Known) or not content.complete:
        return True
    return any(obj.ref.kind == "CustomResourceDefinition" for obj in content.objects)


def _owned_twice(appliers: Appliers) -> list[str]:
    """Objects that several apps are known to apply to one cluster, sorted."""
    owners: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for plan, _ in appliers:
        content = plan.content
        if plan.kind == "Kustomization" and isinstance(content, Known):
            for obj in content.objects:
                if obj.ref.name and not obj.hashed and stays(obj):
                    owners[_identity(plan, obj)].add(plan.app.id)
    return sorted("/".join(filter(None, key[3:])) for key, apps in owners.items() if len(apps) > 1)


def _identity(plan: Plan, obj: ContentObject) -> tuple[str, ...]:
    """Root, cluster, group, and then the object as people name it."""
    cluster = plan.app.destination.cluster
    namespace = obj.ref.namespace or plan.app.destination.namespace or ""
    where = "" if obj.scope == "cluster" else namespace
    server = cluster.server or cluster.name
    return (plan.app.root, server, obj.ref.group, obj.ref.kind, where, obj.ref.name)
