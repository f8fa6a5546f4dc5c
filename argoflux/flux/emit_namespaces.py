"""Namespaces beside the Flux objects: those that ``CreateNamespace=true`` made, and tenants.

Argo CD never deletes such a namespace (argo-cd:controller/sync_namespace.go); the annotations keep
kustomize-controller from pruning it and from taking over fields of others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.flux.emit_helmrelease import creates_namespace
from argoflux.mapping.draft import Draft
from argoflux.mapping.metadata import OWN_PREFIX
from argoflux.model.render import Kustomize

if TYPE_CHECKING:
    from collections.abc import Iterable

    from argoflux.flux.emit_plan import Plan

CREATED_FOR = f"{OWN_PREFIX}created-for"
_KEPT = {
    "kustomize.toolkit.fluxcd.io/prune": "disabled",
    "kustomize.toolkit.fluxcd.io/ssa": "Merge",
}
_TENANT = "toolkit.fluxcd.io/tenant"


def emit_namespaces(plans: Iterable[Plan]) -> list[Draft]:
    """One Namespace per name and root, whichever apps need it."""
    drafts: dict[tuple[str, str], Draft] = {}
    makers: dict[tuple[str, str], list[str]] = {}
    for plan in plans:
        tenant = plan.facts.get("tenant_namespace")
        if tenant:
            draft = _namespace(drafts, plan, tenant)
            draft.put(("metadata", "labels", _TENANT), plan.app.project, slot="project")
        name = _created(plan)
        there = any(
            (r.root, r.ref.kind, r.ref.name) == (plan.app.root, "Namespace", name)
            for r in plan.request.kept
        )
        if not name or there:
            continue
        draft = _namespace(drafts, plan, name)
        created = makers.setdefault((plan.app.root, name), [])
        created.append(plan.name)
        draft.put(("metadata", "annotations", CREATED_FOR), ",".join(created), slot="sync.options")
        for key, value in _KEPT.items():
            draft.put(("metadata", "annotations", key), value, origin="derived")
        _put_metadata(plan, draft)
    return list(drafts.values())


def _created(plan: Plan) -> str:
    """The namespace that stands as a manifest for this app; empty when there is none."""
    destination = plan.app.destination
    if not destination.create_namespace or not destination.cluster.local:
        return ""
    if plan.kind == "HelmRelease":
        return "" if creates_namespace(plan) else plan.facts["release_namespace"]
    render = plan.part.render
    override = render.namespace if isinstance(render, Kustomize) else None
    return destination.namespace or override or ""


def _namespace(drafts: dict[tuple[str, str], Draft], plan: Plan, name: str) -> Draft:
    key = (plan.app.root, name)
    if key not in drafts:
        drafts[key] = Draft(
            api_version="v1",
            kind="Namespace",
            namespace="",
            name=name,
            folder="apps",
            root=plan.app.root,
        )
        drafts[key].put("metadata.name", name, slot="destination.namespace")
    if plan.app not in drafts[key].apps:
        drafts[key].apps.append(plan.app)
    return drafts[key]


def _put_metadata(plan: Plan, draft: Draft) -> None:
    """Labels and annotations of the namespace; where apps disagree, the first one counts."""
    destination = plan.app.destination
    for part, values in (
        ("labels", destination.namespace_labels),
        ("annotations", destination.namespace_annotations),
    ):
        stated = draft.body["metadata"].get(part, {})
        for key, value in values.items():
            if key not in stated:
                path = ("metadata", part, key)
                draft.put(path, value, slot=f"destination.namespace_{part}")
