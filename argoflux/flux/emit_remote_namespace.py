"""Namespaces on other clusters: a Kustomization of their own, which the applier waits for.

Argo CD makes the namespace wherever the app goes (argo-cd:controller/sync_namespace.go); a Namespace
beside the Flux objects would only exist on the cluster of Flux.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from argoflux.flux.deliveries import needs_namespace_elsewhere
from argoflux.flux.emit_gates import api_version
from argoflux.flux.emit_namespaces import CREATED_FOR, KEPT
from argoflux.mapping.draft import Draft
from argoflux.mapping.names import shorten, with_hash
from argoflux.mapping.order import A2F_OBJ_008

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.flux.emit_plan import Plan

FOLDER = "namespaces"
_KIND = "Kustomization"
_INTERVAL = "1h"


def emit_remote_namespaces(
    appliers: Mapping[Plan, Draft], deliveries: Mapping[Plan, Plan]
) -> list[Draft]:
    """One Kustomization with its Namespace per cluster and namespace; needs an output folder."""
    made: dict[tuple[str, str, str, str], tuple[Draft, Draft]] = {}
    used = {(p.app.root, p.namespace, p.name) for p in appliers}
    for plan, draft in appliers.items():
        source = deliveries[plan].source if plan in deliveries else plan.deploy_source
        if not needs_namespace_elsewhere(plan) or not source:
            continue
        namespace = plan.app.destination.namespace or ""
        cluster = str(draft.body["spec"].get("kubeConfig"))
        key = (plan.app.root, plan.namespace, cluster, namespace)
        if key not in made:
            made[key] = _emit(plan, draft, source, used)
        applier, manifest = made[key]
        if plan.app not in applier.apps:
            applier.apps.append(plan.app)
            manifest.apps.append(plan.app)
        _add_user(plan, manifest)
        draft.add("spec.dependsOn", {"name": applier.name}, slot="sync.options")
        plan.facts["namespace_applier"] = applier.id
    return [draft for pair in made.values() for draft in pair]


def _emit(
    plan: Plan, draft: Draft, source: str, used: set[tuple[str, str, str]]
) -> tuple[Draft, Draft]:
    name = shorten(f"{plan.name}-namespace")
    if (plan.app.root, plan.namespace, name) in used:
        name = with_hash(f"{plan.name}-namespace", f"{plan.app.id} namespace")
    used.add((plan.app.root, plan.namespace, name))
    folder = f"{FOLDER}/{name}"
    applier = Draft(
        api_version=api_version(plan.flux, _KIND),
        kind=_KIND,
        namespace=plan.namespace,
        name=name,
        folder="apps",
        root=plan.app.root,
        apps=[plan.app],
    )
    spec = draft.body["spec"]
    deploy = plan.request.options.deploy_path
    path = "/".join(part for part in ("TODO" if deploy is None else deploy, folder) if part)
    applier.put("spec.interval", _INTERVAL, origin="required")
    applier.put("spec.retryInterval", spec["retryInterval"], origin="default")
    applier.put("spec.timeout", spec["timeout"], origin="default")
    applier.put("spec.wait", value=True, origin="derived")
    applier.put("spec.prune", value=False, origin="required")
    if "suspend" in spec:
        applier.put("spec.suspend", spec["suspend"], origin="derived")
    applier.put("spec.sourceRef.kind", "GitRepository", origin="required")
    applier.put("spec.sourceRef.name", source, origin="required")
    applier.put("spec.path", f"./{path}", slot="sync.options")
    applier.put("spec.kubeConfig", deepcopy(spec["kubeConfig"]), slot="destination.cluster")
    applier.deploys = {("spec", "path"): ("TODO" if deploy is None else deploy, folder)}
    if deploy is None:
        plan.say(A2F_OBJ_008, folder=folder, object=applier.id)
    manifest = Draft(
        api_version="v1",
        kind="Namespace",
        namespace="",
        name=plan.app.destination.namespace or "",
        folder=folder,
        root=plan.app.root,
        apps=[plan.app],
        listed=False,
    )
    manifest.put("metadata.name", manifest.name, slot="destination.namespace")
    for note, value in KEPT.items():
        manifest.put(("metadata", "annotations", note), value, origin="derived")
    return applier, manifest


def _add_user(plan: Plan, manifest: Draft) -> None:
    """Note the app, with the labels and annotations that it asks for; the first word counts."""
    notes = manifest.body["metadata"]["annotations"]
    names = [name for name in notes.get(CREATED_FOR, "").split(",") if name]
    path = ("metadata", "annotations", CREATED_FOR)
    manifest.put(path, ",".join([*names, plan.name]), slot="sync.options")
    destination = plan.app.destination
    for part, values in (
        ("labels", destination.namespace_labels),
        ("annotations", destination.namespace_annotations),
    ):
        for key, value in values.items():
            if key not in manifest.body["metadata"].get(part, {}):
                slot = f"destination.namespace_{part}"
                manifest.put(("metadata", part, key), value, slot=slot)
