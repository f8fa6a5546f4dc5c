"""Replicas in the manifest of a workload that an autoscaler scales.

## What it does

It looks for a HorizontalPodAutoscaler or a ScaledObject of KEDA and the workload that it scales in
what one Application with `selfHeal`, or one Kustomization, applies, and reports `spec.replicas` of
the workload unless the field is ignored.

## Why is this bad

Both write the same field. Self-healing and every reconciliation set it back to the number in Git,
the autoscaler raises it again: pods come and go, most of all under load.

## Fix safety

The fix deletes `spec.replicas`. The live number stays until the autoscaler changes it, but a new
workload starts with one replica.

## When to ignore it

When the autoscaler is paused, or the field belongs to it in another way that manifests do not show.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.argocd.shapes import block, items, text
from argoflux.finding import Severity
from argoflux.lint.deliveries import flux_deliveries
from argoflux.lint.ignored import entries, selects, words
from argoflux.lint.rule import Example, Rule
from argoflux.lint.source_content import contents
from argoflux.lint.sync_policy import automation
from argoflux.model.content import Known
from argoflux.yamlio import edit
from argoflux.yamlio.tree import Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from argoflux.finding import Finding
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.model.content import ContentObject
    from argoflux.resource import Resource

RULE = Rule(
    code="AF314",
    name="hpa-replica-fight",
    severity=Severity.WARNING,
    scope="estate",
    kinds=("Application", "ApplicationSet", "Kustomization"),
    evidence=("files",),
    links=("https://argo-cd.readthedocs.io/en/stable/user-guide/best_practices/",),
)

_SCALERS = {"HorizontalPodAutoscaler": "autoscaling", "ScaledObject": "keda.sh"}
_REPLICAS = frozenset({"/spec/replicas", ".spec.replicas", "/spec", ".spec", ""})
_FLUX = "kustomize.toolkit.fluxcd.io"
_LEFT_ALONE = {"ssa": ("merge", "ifnotpresent", "ignore"), "reconcile": ("disabled",)}


class _Pair(NamedTuple):
    """An autoscaler and the workload with `spec.replicas` that it scales."""

    scaler: ContentObject
    workload: ContentObject


def check(ctx: Context) -> Iterator[Finding]:
    """Pairs among what each Application and each Kustomization applies."""
    roots = {found.root for found in ctx.others(*_SCALERS)}
    if not roots:
        return
    for app in ctx.all_applications:
        automated = automation(app)
        heals = automated is not None and automated.get("selfHeal") is True
        if app.resource.root in roots and heals and not app.open and not _tuned(app.resource, ctx):
            known = [c for c in contents(app, ctx) if isinstance(c, Known)]
            for pair in _pairs(obj for content in known for obj in content.objects):
                if not _ignored(app, pair.workload):
                    yield _told(pair, app.resource, "self-healing", ctx)
    if any(resource.ref.group == _FLUX for resource in ctx.resources):
        for delivery in flux_deliveries(ctx):
            for pair in _pairs(delivery.content.objects) if delivery.root in roots else ():
                if not _left_alone(delivery.owner, pair.workload):
                    yield _told(pair, delivery.owner.written, "every reconciliation", ctx)


def _pairs(objects: Iterable[ContentObject]) -> Iterator[_Pair]:
    """Every workload that states its replicas with the autoscaler that is for it."""
    known = [obj for obj in objects if obj.certain]
    scaled: dict[tuple[str, str], list[ContentObject]] = {}
    for obj in known:
        if obj.ref.group == _SCALERS.get(obj.ref.kind):
            target = block(block(obj.body, "spec"), "scaleTargetRef")
            kind = text(target.get("kind")) or "Deployment"  # KEDA's default
            scaled.setdefault((kind, text(target.get("name"))), []).append(obj)
    for obj in known if scaled else ():
        if obj.ref.kind in _SCALERS or block(obj.body, "spec").get("replicas") is None:
            continue
        for scaler in scaled.get((obj.ref.kind, obj.ref.name), ()):
            if scaler.ref.namespace == obj.ref.namespace:
                yield _Pair(scaler, obj)
                break


def _tuned(resource: Resource, ctx: Context) -> bool:
    """Whether the installation ignores fields itself."""
    return any(
        "ignoreDifferences" in str(part)
        for other in ctx.resources
        if other.pseudo == "ConfigMap:argocd-cm" and other.root == resource.root
        for entry in block(other.body, "data").items()
        for part in entry
    )


def _ignored(app: ApplicationView, workload: ContentObject) -> bool:
    ref = workload.ref
    for _, entry in entries(app):
        if selects(entry, ref.group, ref.kind, ref.name, ref.namespace):
            paths = [*words(entry, "jsonPointers"), *words(entry, "jqPathExpressions")]
            if entry.get("managedFieldsManagers") or any(path in _REPLICAS for _, path in paths):
                return True
    return False


def _left_alone(kustomization: Resource, workload: ContentObject) -> bool:
    """Whether Flux keeps its hands off: kustomize-controller:docs/spec/v1/kustomizations.md."""
    metadata = block(workload.body, "metadata")
    for key, values in _LEFT_ALONE.items():
        for notes in (block(metadata, "annotations"), block(metadata, "labels")):
            if text(notes.get(f"{_FLUX}/{key}")).lower() in values:
                return True
    rules: list[Any] = items(block(kustomization.body, "spec"), "ignore")
    return any(path in _REPLICAS for rule in rules for _, path in words(rule, "paths"))


def _told(pair: _Pair, owner: Resource, resetting: str, ctx: Context) -> Finding:
    workload, scaler = pair.workload, pair.scaler
    place, document, fix = workload.place, workload.place.document, None
    at = (*place.path, "spec", "replicas")
    if isinstance(document, Document) and document.has_place(at):
        place = replace(place, path=at)
        fix = ctx.unsafe("delete `spec.replicas`", edit.delete(document, at))
    return RULE.at(
        place,
        f"{scaler.ref.kind} `{scaler.ref.name}` scales {workload.ref.kind} `{workload.ref.name}`, and"
        f" {resetting} of {owner.ref} sets these replicas again; leave the field out, or ignore it",
        resource=owner,
        related=((scaler.place, "the autoscaler"),),
        fix=fix,
    )


def _application(ignored: str = "", automated: str = "{selfHeal: true}") -> str:
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: shop
  source:
    repoURL: https://git.example.com/fleet.git
    path: web
    targetRevision: main
  destination:
    server: https://kubernetes.default.svc
    namespace: web
{ignored}  syncPolicy:
    automated: {automated}
"""


_IGNORED = """\
  ignoreDifferences:
    - group: apps
      kind: Deployment
      jsonPointers:
        - /spec/replicas
"""
_SOURCE = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: fleet
  namespace: flux-system
spec:
  interval: 5m
  url: https://git.example.com/fleet.git
  ref:
    branch: main
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: web
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  path: ./web
  sourceRef:
    kind: GitRepository
    name: fleet
"""


def _deployment(replicas: str = "  replicas: 2\n", notes: str = "") -> str:
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
{notes}spec:
{replicas}  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.2.3
"""


_HPA = """\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  minReplicas: 2
  maxReplicas: 10
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: web
"""
_KEDA = """\
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: web
spec:
  scaleTargetRef:
    name: web
  triggers: []
"""
_MERGE = "  annotations:\n    kustomize.toolkit.fluxcd.io/ssa: Merge\n"
BAD = (
    Example(
        title="an autoscaler and replicas under self-healing",
        files={
            "app.yaml": _application(),
            "web/deployment.yaml": _deployment(),
            "web/scaler.yaml": _HPA,
        },
        file="web/deployment.yaml",
        at="spec.replicas",
        fixed=_deployment(""),
        safety="unsafe",
    ),
    Example(
        title="KEDA and replicas under Flux",
        files={
            "fleet.yaml": _SOURCE,
            "web/deployment.yaml": _deployment(),
            "web/scaler.yaml": _KEDA,
        },
        file="web/deployment.yaml",
        at="spec.replicas",
        fixed=_deployment(""),
        safety="unsafe",
    ),
)
GOOD = (
    Example(
        title="no replicas in the manifest",
        files={
            "app.yaml": _application(),
            "web/deployment.yaml": _deployment(""),
            "web/scaler.yaml": _HPA,
        },
    ),
    Example(
        title="replicas that are ignored",
        files={
            "app.yaml": _application(_IGNORED),
            "web/deployment.yaml": _deployment(),
            "web/scaler.yaml": _HPA,
        },
    ),
    Example(
        title="nothing heals",
        files={
            "app.yaml": _application(automated="{}"),
            "web/deployment.yaml": _deployment(),
            "web/scaler.yaml": _HPA,
        },
    ),
    Example(
        title="fields that Flux leaves to others",
        files={
            "fleet.yaml": _SOURCE,
            "web/deployment.yaml": _deployment(notes=_MERGE),
            "web/scaler.yaml": _HPA,
        },
    ),
    Example(
        title="a workload that is not at hand",
        files={"app.yaml": _application(), "web/scaler.yaml": _HPA},
    ),
)
