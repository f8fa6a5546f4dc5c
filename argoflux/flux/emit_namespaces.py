"""Namespaces beside the Flux objects: those that ``CreateNamespace=true`` made, and tenants.

Argo CD never deletes such a namespace (argo-cd:controller/sync_namespace.go); the annotations keep
kustomize-controller from pruning it and from taking over fields of others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.flux.emit_helmrelease import creates_namespace
from argoflux.flux.tenancy import BUILT_IN
from argoflux.mapping.destination import A2F_OPT_020
from argoflux.mapping.draft import Draft
from argoflux.mapping.metadata import OWN_PREFIX
from argoflux.mapping.names import shorten

if TYPE_CHECKING:
    from collections.abc import Iterable

    from argoflux.flux.emit_plan import Plan
    from argoflux.model.app import App

CREATED_FOR = f"{OWN_PREFIX}created-for"
KEPT = {
    "kustomize.toolkit.fluxcd.io/prune": "disabled",
    "kustomize.toolkit.fluxcd.io/ssa": "Merge",
}
TENANT_LABEL = "toolkit.fluxcd.io/tenant"


def emit_namespaces(plans: Iterable[Plan]) -> list[Draft]:
    """One Namespace per name and root, whichever apps need it; none that the input holds."""
    drafts: dict[tuple[str, str], Draft] = {}
    users: dict[tuple[str, str], dict[App, None]] = {}
    makers: dict[tuple[str, str], list[str]] = {}
    kept: frozenset[tuple[str, str]] | None = None
    for plan in plans:
        if kept is None:
            kept = _kept_namespaces(plan)
        tenant = (plan.app.root, plan.facts.get("tenant_namespace", ""))
        if tenant[1] and tenant not in kept:
            draft = _namespace(drafts, users, tenant, plan)
            draft.folder = "projects"
            label = shorten(plan.app.project or BUILT_IN)
            draft.put(("metadata", "labels", TENANT_LABEL), label, slot="project")
        created = (plan.app.root, _created(plan))
        if created[1] and created not in kept:
            draft = _namespace(drafts, users, created, plan)
            makers.setdefault(created, []).append(plan.name)
            _put_metadata(plan, draft, next(iter(users[created])))
    for key, names in makers.items():
        path = ("metadata", "annotations", CREATED_FOR)
        drafts[key].put(path, ",".join(names), slot="sync.options")
        for note, value in KEPT.items():
            drafts[key].put(("metadata", "annotations", note), value, origin="derived")
    for key, draft in drafts.items():
        draft.apps = list(users[key])
    return list(drafts.values())


def _kept_namespaces(plan: Plan) -> frozenset[tuple[str, str]]:
    kept = plan.request.kept
    return frozenset((r.root, r.ref.name) for r in kept if r.ref.kind == "Namespace")


def _created(plan: Plan) -> str:
    """The namespace that stands as a manifest for this app; empty when there is none."""
    destination = plan.app.destination
    if not destination.create_namespace or not destination.cluster.local:
        return ""
    if plan.kind == "HelmRelease" and creates_namespace(plan):
        return ""
    # gitops-engine:pkg/sync/sync_context.go: only the namespace of the destination is created
    return destination.namespace or ""


def _namespace(
    drafts: dict[tuple[str, str], Draft],
    users: dict[tuple[str, str], dict[App, None]],
    key: tuple[str, str],
    plan: Plan,
) -> Draft:
    """The Namespace of a root and name, made when the first app needs it."""
    users.setdefault(key, {})[plan.app] = None
    if key not in drafts:
        root, name = key
        drafts[key] = Draft(
            api_version="v1",
            kind="Namespace",
            namespace="",
            name=name,
            folder="apps",
            root=root,
        )
        drafts[key].put("metadata.name", name, slot="destination.namespace")
    return drafts[key]


def _put_metadata(plan: Plan, draft: Draft, first: App) -> None:
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
            elif stated[key] != value:
                facts = {"key": key, "namespace": draft.name, "first": first.id}
                plan.say(A2F_OPT_020, **facts)
