"""A HelmRelease for an app whose source is a chart.

Facts: helm-controller:api/v2/helmrelease_types.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.flux.emit_chart import put_chart
from argoflux.flux.emit_drift import put_ignore_rules
from argoflux.flux.emit_gates import api_version, has_field
from argoflux.flux.emit_policy import (
    TIMEOUT,
    put_cluster,
    put_helm_deletion,
    put_metadata,
    put_suspend,
    read_options,
    retry_interval,
)
from argoflux.flux.emit_ref_values import note_values_files, put_values_from
from argoflux.flux.emit_values import put_values
from argoflux.mapping.chart_scan import scan_chart
from argoflux.mapping.destination import A2F_NS_003
from argoflux.mapping.draft import Draft, Trace
from argoflux.mapping.helm import (
    A2F_HELM_001,
    A2F_HELM_003,
    A2F_HELM_016,
    A2F_HELM_019,
    A2F_HELM_020,
    A2F_HELM_023,
)
from argoflux.model.render import Helm

if TYPE_CHECKING:
    from argoflux.flux.emit_plan import Plan

_KIND = "HelmRelease"
_INTERVAL = "10m"
_R = "part.render.helm"
_KEEP = frozenset({"Prune=false", "Prune=confirm", "Delete=false", "Delete=confirm"})
_KEEP_PATCH = """apiVersion: v1
kind: Object
metadata:
  name: every
  annotations:
    helm.sh/resource-policy: keep
"""


def emit_helmrelease(plan: Plan, helm: Helm) -> Draft:
    """The new object; decisions go to the plan's facts."""
    app = plan.app
    draft = Draft(
        api_version=api_version(plan.flux, _KIND),
        kind=_KIND,
        namespace=plan.namespace,
        name=plan.name,
        folder="apps",
        root=app.root,
        apps=[app],
    )
    put_metadata(plan, draft)
    put_suspend(plan, draft)
    draft.put("spec.interval", _INTERVAL, origin="required")
    plan.facts["interval"] = _INTERVAL
    draft.put("spec.timeout", TIMEOUT, origin="default")
    _put_release(plan, draft, helm)
    put_chart(plan, draft, helm)
    if app.history_limit is not None:
        draft.put("spec.maxHistory", max(1, app.history_limit), slot="history_limit")
    _put_actions(plan, draft, helm)
    put_helm_deletion(plan, draft)
    _put_drift(plan, draft)
    put_values_from(plan, draft)
    put_values(plan, draft, helm)
    note_values_files(plan)
    _put_keep(plan, draft)
    put_cluster(plan, draft)
    _say_chart(plan)
    return draft


def _say_chart(plan: Plan) -> None:
    """What the files of the chart tell, and no leaf of the input.

    source-controller:internal/controller/helmchart_controller.go namespacedChartRepositoryCallback:
    dependencies take credentials from a HelmRepository of the same URL and namespace.
    """
    found = scan_chart(plan.files, plan.part.path) if plan.files is not None else None
    if found is None:
        return
    facts = {"chart": plan.facts["chart"], "namespace": plan.namespace}
    if found.hooks:
        plan.say(A2F_HELM_003, **facts)
    if found.keeps:
        plan.say(A2F_HELM_020, **facts)
    lent = plan.facts.get("lent", ())
    open_ones = [url for url in found.repositories if url.rstrip("/") not in lent]
    if open_ones:
        plan.say(A2F_HELM_023, repositories=", ".join(open_ones), **facts)
    if found.unsteady:
        plan.say(A2F_HELM_016, functions=", ".join(found.unsteady), **facts)


def release_namespace(plan: Plan, helm: Helm) -> str:
    """Where the release lives: the destination, else what the templates were told, else default."""
    return plan.app.destination.namespace or helm.namespace or "default"


def _put_release(plan: Plan, draft: Draft, helm: Helm) -> None:
    """Name and namespace of the release; changing them later means a new installation."""
    draft.put("spec.releaseName", helm.release_name, slot=f"{_R}.release_name")
    if helm.release_name == plan.app.name:  # the same text whether it is stated or not
        draft.traces.append(Trace(("spec", "releaseName"), "name", "derived"))
    namespace = release_namespace(plan, helm)
    known = plan.app.destination.namespace is not None
    slot = "destination.namespace" if known else f"{_R}.namespace"
    draft.put("spec.targetNamespace", namespace, slot=slot)
    beside = plan.facts.get("storage_namespace", "")
    if beside:
        draft.put("spec.storageNamespace", beside, origin="derived")
    else:
        draft.put("spec.storageNamespace", namespace, slot=slot)
    plan.facts |= {"release": helm.release_name, "release_namespace": namespace}
    if not known and not helm.namespace:
        plan.say(A2F_NS_003, consequence="the chart is released into `default`")
    plan.say(A2F_HELM_001, release=helm.release_name, namespace=namespace)


def _put_actions(plan: Plan, draft: Draft, helm: Helm) -> None:
    """Install and upgrade: retries without remediation, CRDs as Argo CD treated them."""
    app = plan.app
    pause, slot = retry_interval(plan)
    policy = "Skip" if helm.skip_crds else "CreateReplace"
    plan.facts["policy"] = policy
    strategy = has_field(plan.flux, _KIND, "spec.install.strategy.name")
    plan.facts["retries_lost"] = not strategy
    plan.facts["namespace_manifest"] = not creates_namespace(plan)
    created = app.destination.create_namespace and app.destination.namespace
    if created and creates_namespace(plan):
        draft.put("spec.install.createNamespace", value=True, slot="sync.options")
    for action in ("install", "upgrade"):
        draft.put(f"spec.{action}.crds", policy, slot=f"{_R}.skip_crds")
        if strategy:
            draft.put(f"spec.{action}.strategy.name", "RetryOnFailure", origin="default")
            path = f"spec.{action}.strategy.retryInterval"
            draft.put(path, pause, slot=slot, origin="default")
        field = f"spec.{action}.disableSchemaValidation"
        if helm.skip_schema_validation is not None and has_field(plan.flux, _KIND, field):
            draft.put(field, helm.skip_schema_validation, slot=f"{_R}.skip_schema_validation")
    _put_apply_mode(plan, draft)


def creates_namespace(plan: Plan) -> bool:
    """Whether Helm makes the namespace.

    A manifest does where it needs labels or annotations, or where other sources of the app need it.
    """
    destination = plan.app.destination
    metadata = destination.namespace_labels or destination.namespace_annotations
    parts = plan.app.parts
    shared = any(part.produces and not isinstance(part.render, Helm) for part in parts)
    return not (metadata or shared) or not destination.cluster.local


def _put_apply_mode(plan: Plan, draft: Draft) -> None:
    """Server-side apply, where the Application says which way."""
    options = read_options(plan)
    plan.facts["apply_mode"] = has_field(plan.flux, _KIND, "spec.install.serverSideApply")
    if not plan.facts["apply_mode"]:
        return
    for option, install, upgrade in (
        ("ServerSideApply=true", True, "enabled"),
        ("ServerSideApply=false", False, "disabled"),
    ):
        if option in options:
            draft.put("spec.install.serverSideApply", install, slot="sync.options")
            draft.put("spec.upgrade.serverSideApply", upgrade, slot="sync.options")
            return


def _put_drift(plan: Plan, draft: Draft) -> None:
    """Self-heal corrects drift, automation without it only reports it."""
    sync = plan.app.sync
    mode = "enabled" if sync.self_heal else "warn"
    draft.put("spec.driftDetection.mode", mode, slot="sync.self_heal")
    put_ignore_rules(plan, draft, "spec.driftDetection.ignore")
    if sync.automated_stated and sync.prune is None:
        plan.say(A2F_HELM_019)


def _put_keep(plan: Plan, draft: Draft) -> None:
    """`Prune=false` and `Delete=false` as the annotation that Helm knows."""
    keeps = read_options(plan) & _KEEP
    plan.facts["keep_targets"] = dict.fromkeys(keeps, "helm.sh/resource-policy: keep")
    if keeps:
        patches = [{"patch": _KEEP_PATCH, "target": {"kind": ".*"}}]
        draft.add("spec.postRenderers", {"kustomize": {"patches": patches}}, slot="sync.options")
