"""Charts that would own one Helm release: Argo CD keeps no release record, Flux does.

Facts: helm-controller:api/v2/helmrelease_types.go (``storageNamespace`` holds the record, and may be
another one than ``targetNamespace``), helm:pkg/storage/driver/secrets.go (one record per name).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.flux.emit_helmrelease import release_namespace
from argoflux.mapping.emission import Decision, Refusal
from argoflux.mapping.helm import A2F_HELM_021
from argoflux.mapping.multi import A2F_MUL_007
from argoflux.model.render import Helm

if TYPE_CHECKING:
    from argoflux.flux.emit_plan import Plan
    from argoflux.model.app import App

_ALWAYS = "default"
_Release = tuple[str, str, str, str]
"""Root, cluster, namespace of the record, and name."""


def without_shared_releases(plans: list[Plan]) -> list[Plan]:
    """The plans without those of apps that would share a release with an earlier app.

    Of several charts of one app, the later ones keep their records in other namespaces.
    """
    owners: dict[_Release, Plan] = {}
    refused: set[App] = set()
    for plan in plans:
        render = plan.part.render
        if not isinstance(render, Helm) or not plan.kind or plan.app in refused:
            continue
        release = _release(plan, render, release_namespace(plan, render))
        owner = owners.setdefault(release, plan)
        if owner is not plan and owner.app is plan.app:
            for namespace in _other_namespaces(plan):
                owner = owners.setdefault(_release(plan, render, namespace), plan)
                if owner is plan:
                    _keep_beside(plan, render, namespace, owners[release])
                    break
        if owner is not plan:
            refused.add(plan.app)
            _refuse(plan, owner, render)
    return [plan for plan in plans if plan.app not in refused]


def _release(plan: Plan, render: Helm, namespace: str) -> _Release:
    cluster = plan.app.destination.cluster
    return (plan.app.root, cluster.server or cluster.name, namespace, render.release_name)


def _other_namespaces(plan: Plan) -> tuple[str, ...]:
    """Namespaces that are there for sure, in the cluster that the chart is applied to."""
    return (plan.namespace, _ALWAYS) if plan.app.destination.cluster.local else (_ALWAYS,)


def _keep_beside(plan: Plan, render: Helm, storage: str, first: Plan) -> None:
    plan.facts["storage_namespace"] = storage
    plan.say(
        A2F_MUL_007,
        charts=f"{first.id} and {plan.id}",
        release=render.release_name,
        namespace=release_namespace(plan, render),
        storage=storage,
    )


def _refuse(plan: Plan, owner: Plan, render: Helm) -> None:
    facts = {
        "apps": f"{owner.app.id} and {plan.app.id}",
        "release": render.release_name,
        "namespace": release_namespace(plan, render),
    }
    if owner.app is plan.app:
        facts["apps"] = f"{owner.id} and {plan.id}"
    refusal = Refusal(resource=plan.app.resource, message=A2F_HELM_021, facts=facts)
    decision = Decision(kind=plan.kind, facts=plan.facts, refused=refusal)
    plan.emission.decisions[plan.app] = decision
