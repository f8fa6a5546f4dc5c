"""Projects as tenants: a namespace with an account and rights each, under the layout for that.

In the flat layout nothing is written for a project; its rows say what is no longer enforced.
Facts: fluxcd/flux2:cmd/flux/create_tenant.go (label of the namespace),
fluxcd/website:content/en/flux/installation/configuration/multitenancy.md (flags).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.flux.emit_namespaces import TENANT_LABEL
from argoflux.flux.emit_tenant_accounts import choose_accounts, emit_accounts
from argoflux.flux.emit_tenant_keys import emit_keys
from argoflux.flux.emit_tenant_parents import emit_parent_rights
from argoflux.flux.emit_tenant_policies import emit_policies
from argoflux.flux.emit_tenant_rights import choose_namespaces, emit_rights
from argoflux.flux.emit_tenant_roles import emit_roles
from argoflux.flux.kind_plurals import known_kinds
from argoflux.flux.tenancy import open_projects, tenants_of
from argoflux.flux.tenant_plan import TenantPlan
from argoflux.mapping.emission import Decision
from argoflux.mapping.metadata import OWN_PREFIX, copied_annotation, copied_label
from argoflux.mapping.names import shorten
from argoflux.mapping.project import A2F_PRJ_016

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from argoflux.flux.emit_plan import Plan
    from argoflux.flux.tenancy import Projects
    from argoflux.mapping.draft import Draft
    from argoflux.mapping.emission import Emission, Loaded, Request
    from argoflux.model.tenant import Tenant

_FLAGS = (
    "--no-cross-namespace-refs=true, --no-remote-bases=true (kustomize-controller) and"
    " --default-service-account=default (kustomize-controller, helm-controller)"
)
_INSTANCE = "`spec.cluster.multitenant: true` of the FluxInstance, which sets the flags"


def plan_tenants(
    appliers: Mapping[Plan, Draft],
    namespaces: Mapping[Projects, str],
    loaded: Loaded,
    request: Request,
    emission: Emission,
) -> list[TenantPlan]:
    """Find the tenants, and give every applier of theirs its service account."""
    _note_open(appliers, loaded)
    if not namespaces:
        return []
    plans = []
    for key, tenant in sorted(tenants_of(loaded.estate).items()):
        plan = _plan(tenant, namespaces[key], appliers, request, emission)
        for item, account in choose_accounts(plan).items():
            appliers[item].put("spec.serviceAccountName", account, slot="project")
            names = {"project": tenant.name, "tenant": plan.namespace, "account": account}
            item.facts |= {**names, "project_account": account}
        _put_account_beside(plan)
        plans.append(plan)
    return plans


def _put_account_beside(plan: TenantPlan) -> None:
    """Give further Kustomizations of the tenant its account (namespaces on other clusters)."""
    for draft in plan.emission.drafts:
        place = (draft.kind, draft.root, draft.namespace)
        if place == ("Kustomization", plan.tenant.root, plan.namespace):
            draft.put("spec.serviceAccountName", plan.account, slot="project")


def emit_tenants(plans: Sequence[TenantPlan], loaded: Loaded, emission: Emission) -> None:
    """Write the objects of tenants, and decide for every project that restricts its apps."""
    for plan in plans:
        _emit_tenant(plan)
        emission.made[plan.tenant.resource] = Decision(kind="Namespace", facts=plan.facts)
        if plan.tenant.key_file is not None:
            emission.made[plan.tenant.key_file] = Decision(kind="Secret")
    for tenant in tenants_of(loaded.estate).values():
        flat = Decision(kind="", facts={"project": tenant.name})
        emission.made.setdefault(tenant.resource, flat)
    if plans:
        managed = any(resource.ref.kind == "FluxInstance" for resource in plans[0].request.kept)
        emission.say(A2F_PRJ_016, flags=_INSTANCE if managed else _FLAGS)


def _note_open(appliers: Mapping[Plan, Draft], loaded: Loaded) -> None:
    """Let apps of projects without limits know that they lose none."""
    free = open_projects(loaded.estate)
    for plan in appliers:
        if (plan.app.root, plan.app.project) in free:
            plan.facts["project_open"] = True


def _plan(
    tenant: Tenant,
    namespace: str,
    appliers: Mapping[Plan, Draft],
    request: Request,
    emission: Emission,
) -> TenantPlan:
    same_root = [plan for plan in appliers if plan.app.root == tenant.root]
    plan = TenantPlan(
        tenant=tenant,
        namespace=namespace,
        plans=[p for p in same_root if p.facts.get("tenant_namespace") == namespace],
        kinds=known_kinds(p.content for p in same_root),
        homes={p.app: p.namespace for p in same_root},
        request=request,
        emission=emission,
    )
    plan.facts |= {
        "project": tenant.name,
        "tenant": namespace,
        "account": plan.account,
        "impersonates": tenant.impersonates,
    }
    return plan


def _emit_tenant(plan: TenantPlan) -> None:
    """All objects of one tenant, in the order in which a reader wants them."""
    _put_namespace(plan)
    choose_namespaces(plan)
    emit_rights(plan)
    emit_accounts(plan)
    emit_policies(plan)
    emit_roles(plan)
    emit_keys(plan)
    emit_parent_rights(plan)
    plan.emission.drafts += plan.drafts


def _put_namespace(plan: TenantPlan) -> None:
    """The namespace of the tenant; one that its apps made already is completed."""
    tenant = plan.tenant
    kept = {(r.root, r.ref.name) for r in plan.request.kept if r.ref.kind == "Namespace"}
    if (tenant.root, plan.namespace) in kept:
        return
    draft = next(
        (
            d
            for d in plan.emission.drafts
            if (d.kind, d.root, d.name) == ("Namespace", tenant.root, plan.namespace)
        ),
        None,
    )
    if draft is None:
        draft = plan.draft("v1", "Namespace", plan.namespace)
        label = ("metadata", "labels", TENANT_LABEL)
        draft.put(label, shorten(tenant.name), slot="name")
    else:
        draft.sources.append(tenant.resource)
    for key, value in sorted(tenant.labels.items()):
        if copied_label(key, value, "flux"):
            draft.put(("metadata", "labels", key), value, slot="tenant.labels")
    for key, value in sorted(tenant.annotations.items()):
        if copied_annotation(key, "flux"):
            draft.put(("metadata", "annotations", key), value, slot="annotations")
    if tenant.description:
        note = ("metadata", "annotations", f"{OWN_PREFIX}description")
        draft.put(note, tenant.description, slot="tenant.description")
    note = ("metadata", "annotations", f"{OWN_PREFIX}source")
    draft.put(note, str(tenant.resource.ref), origin="derived")
