"""A Namespace, CRD, volume or database that automatic pruning would delete with everything in it.

## What it does

It looks at what Applications with automatic pruning and Kustomizations with `prune: true` apply, as far as that can be
read from the files, and reports objects whose deletion takes data along and that no annotation protects.

## Why is this bad

A file that moves, a typo in a kustomization file or a renamed folder is enough to make an object leave the build. For most
objects that is repaired by the next commit. A Namespace takes all its objects along, a CRD all objects of its kind, a claim its
volume.

## Fix safety

The fix adds the annotation that keeps the object when it leaves Git; it then has to be deleted by hand.

## When to ignore it

In environments that are thrown away, and for Namespaces that hold nothing that cannot be made again.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from argoflux.argocd.shapes import block
from argoflux.finding import Severity
from argoflux.flux.fields import flag
from argoflux.lint.arrivals import arrivals, is_kustomization
from argoflux.lint.rule import Example, Rule
from argoflux.lint.source_content import contents
from argoflux.lint.sync_policy import OPTIONS, automation
from argoflux.model.content import SYNC_OPTIONS, Known
from argoflux.versions import Release
from argoflux.yamlio.edit import insert
from argoflux.yamlio.tree import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding, Fix
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.model.content import Content, ContentObject

RULE = Rule(
    code="AF704",
    name="critical-kind-auto-pruned",
    severity=Severity.WARNING,
    scope="estate",
    kinds=("Application", "ApplicationSet", "Kustomization"),
    evidence=("graph", "files"),
    links=(
        "https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/",
        "https://fluxcd.io/flux/components/kustomize/kustomizations/#prune",
    ),
)

FLUX_PRUNE = "kustomize.toolkit.fluxcd.io/prune"
_HELM_KEEP = "helm.sh/resource-policy"
_PRUNE_OF_APPS = Release(3, 4)
"""The first release that reads Prune= from an Application (argo-cd:controller/sync.go)."""

CRITICAL = {
    ("", "Namespace"): "and with it every object inside",
    ("apiextensions.k8s.io", "CustomResourceDefinition"): "and with it every object of its kind",
    ("", "PersistentVolumeClaim"): "and with it the data of its volume",
    ("", "PersistentVolume"): "and with it the way to its data",
    ("storage.k8s.io", "StorageClass"): "and claims that name it stay pending",
    ("postgresql.cnpg.io", "Cluster"): "and with it the databases",
    ("acid.zalan.do", "postgresql"): "and with it the databases",
    ("k8s.mariadb.com", "MariaDB"): "and with it the databases",
    ("mysql.oracle.com", "InnoDBCluster"): "and with it the databases",
    ("psmdb.percona.com", "PerconaServerMongoDB"): "and with it the databases",
    ("elasticsearch.k8s.elastic.co", "Elasticsearch"): "and with it the indices",
    ("kafka.strimzi.io", "Kafka"): "and with it the topics",
}
"""Kinds whose deletion takes more along than the object; the operators at the end are well-known ones."""


def check(ctx: Context) -> Iterator[Finding]:
    """Unprotected objects that owners with pruning apply; each is told once, where it stands."""
    found: dict[tuple[str, int], list[tuple[str, ContentObject]]] = defaultdict(list)
    for owner, content in _pruned(ctx):
        for each in content.objects if isinstance(content, Known) else ():
            critical = (each.ref.group, each.ref.kind) in CRITICAL
            if critical and each.certain and not _is_kept(each, owner.partition(" ")[0]):
                found[each.file, each.place.span().start].append((owner, each))
    for applied in found.values():
        yield _unprotected([owner for owner, _ in applied], applied[0][1], ctx)


def _pruned(ctx: Context) -> Iterator[tuple[str, Content]]:
    """What owners with pruning apply, by ``Kind name``."""
    for app in ctx.all_applications:
        automated = automation(app)
        if automated is not None and automated.get("prune") is True and not _keeps(app, ctx):
            for content in contents(app, ctx):
                yield f"Application {app.name}", content
    for resource in ctx.resources:
        if is_kustomization(resource) and flag(resource.body, "spec", "prune") is True:
            yield f"Kustomization {resource.ref.name}", arrivals(ctx).content(resource)


def _keeps(app: ApplicationView, ctx: Context) -> bool:
    """Whether the Application itself keeps what leaves its source."""
    if ctx.release("argocd", app.resource) < _PRUNE_OF_APPS:
        return False
    options = app.get(*OPTIONS)
    stated = options if isinstance(options, list) else []
    return "Prune=false" in stated or "Prune=confirm" in stated


def _unprotected(applied_by: list[str], found: ContentObject, ctx: Context) -> Finding:
    names = list(dict.fromkeys(applied_by))
    more = f" (and of {len(names) - 1} more)" if len(names) > 1 else ""
    message = (
        f"{found.ref.kind} {found.ref.name} is deleted when it leaves the build of {names[0]}{more},"
        f" {CRITICAL[found.ref.group, found.ref.kind]}; protect it with an annotation"
    )
    return RULE.at(found.place, message, fix=_fix(found, names[0].partition(" ")[0], ctx))


def _is_kept(found: ContentObject, kind: str) -> bool:
    """argo-cd:gitops-engine/pkg/sync/sync_context.go, kustomize-controller:internal/controller (prune)."""
    notes = found.annotations
    if kind == "Kustomization":
        labels = block(block(found.body, "metadata"), "labels")
        value = notes.get(FLUX_PRUNE) or labels.get(FLUX_PRUNE)
        return isinstance(value, str) and value.lower() == "disabled"
    options = {one.strip() for one in notes.get(SYNC_OPTIONS, "").split(",")}
    return bool(options & {"Prune=false", "Prune=confirm"}) or notes.get(_HELM_KEEP) == "keep"


def _fix(found: ContentObject, kind: str, ctx: Context) -> Fix | None:
    document = found.place.document
    if not isinstance(document, Document) or document.body is not found.body:
        return None  # an overlay changed it: the annotation may belong elsewhere
    key, value = (
        (FLUX_PRUNE, "disabled") if kind == "Kustomization" else (SYNC_OPTIONS, "Prune=false")
    )
    if key in found.annotations:
        return None
    path = (*document.prefix, "metadata", "annotations", key)
    return ctx.unsafe(f"annotate it with `{key}: {value}`", insert(document, path, value))


_APP = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: shop
  namespace: argocd
spec:
  project: shop
  source:
    repoURL: https://git.example.com/apps.git
    path: shop
    targetRevision: main
  destination:
    name: in-cluster
    namespace: shop
  syncPolicy:
    automated:
      prune: true
"""
_NAMESPACE = """\
apiVersion: v1
kind: Namespace
metadata:
  name: shop
"""
_KUSTOMIZATION = """\
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
  name: shop
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  path: ./shop
  sourceRef:
    kind: GitRepository
    name: fleet
"""

BAD = (
    Example(
        title="a Namespace below an Application that prunes",
        files={"app.yaml": _APP, "shop/namespace.yaml": _NAMESPACE},
        at="",
        file="shop/namespace.yaml",
        fixed=_NAMESPACE + "  annotations:\n    argocd.argoproj.io/sync-options: Prune=false\n",
        safety="unsafe",
    ),
)
GOOD = (
    Example(
        title="a Namespace that asks before it is pruned",
        files={
            "app.yaml": _APP,
            "shop/namespace.yaml": _NAMESPACE
            + "  annotations:\n    argocd.argoproj.io/sync-options: Prune=confirm,Delete=confirm\n",
        },
    ),
    Example(
        title="a Namespace that Flux leaves alone",
        files={
            "flux.yaml": _KUSTOMIZATION,
            "shop/namespace.yaml": _NAMESPACE
            + "  annotations:\n    kustomize.toolkit.fluxcd.io/prune: disabled\n",
        },
    ),
    Example(
        title="an Application that does not prune",
        files={
            "app.yaml": _APP.replace("prune: true", "selfHeal: true"),
            "shop/namespace.yaml": _NAMESPACE,
        },
    ),
    Example(title="a repository that is not at hand", yaml=_APP),
)
