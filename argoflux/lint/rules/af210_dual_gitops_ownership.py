"""Objects that Argo CD and Flux both manage.

## What it does

It reports an Application with automated sync and a Kustomization that is not suspended that apply the
same path of one repository or the same objects, or an Application and a HelmRelease that install one chart under the same
release name into the same namespace, both for the cluster that they run in. An Application that only
carries Flux objects is fine. Where nothing says that both run in one cluster, it is a warning.

## Why is this bad

Argo CD's self-heal and Flux's apply revert each other without end, and each one prunes what the other one
still wants. While moving from one to the other, one of them has to rest: `suspend: true`, or no automated
sync.

## When to ignore it

When the two are for different clusters, which the files do not say.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from argoflux.argocd.appset.clusters import LOCAL_NAME, LOCAL_SERVER
from argoflux.argocd.shapes import block, text
from argoflux.finding import Severity
from argoflux.flux.defaults import release_name
from argoflux.flux.fields import flag, table
from argoflux.flux.fields import text as flux_text
from argoflux.lint.arrivals import arrivals, is_flux
from argoflux.lint.copies import flux_repository, repository_of
from argoflux.lint.deliveries import flux_deliveries, is_identified, resource_key
from argoflux.lint.rule import Example, Rule
from argoflux.lint.source_content import content_of
from argoflux.mapping.yields import summary
from argoflux.model.content import Known
from argoflux.workspace.classify import has_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.finding import Finding
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.resource import Ref, Resource
    from argoflux.text import Path

RULE = Rule(
    code="AF210",
    name="dual-gitops-ownership",
    severity=Severity.ERROR,
    scope="estate",
    kinds=("Application", "ApplicationSet", "Kustomization", "HelmRelease"),
    evidence=("document", "graph"),
)

_LOCAL = frozenset({LOCAL_NAME, LOCAL_SERVER})

Key = tuple[str, ...]


def check(ctx: Context) -> Iterator[Finding]:
    """Pairs of an Application and a Flux object with the same content and cluster."""
    if not any(is_flux(resource) for resource in ctx.resources):
        return
    apps = [app for app in ctx.all_applications if not app.open and _is_live(app)]
    if not apps:
        return
    owned: dict[Key, Resource] = {}
    for resource in arrivals(ctx).resources:
        key = _flux_key(ctx, resource)
        if key:
            owned.setdefault(key, resource)
    applied = _applied(ctx)
    for app in apps:
        for at, source in app.sources():
            found = next(
                ((owned[key], what) for key, what in _keys(app, source) if key in owned), None
            ) or _shared(ctx, app, source, applied)
            if found is not None:
                yield _told(ctx, app, at, *found)


def _applied(ctx: Context) -> dict[tuple[str, Ref], Resource]:
    """The objects that Kustomizations apply to the cluster that they run in, with their owners."""
    found: dict[tuple[str, Ref], Resource] = {}
    for one in flux_deliveries(ctx):
        body = one.owner.body
        if not flag(body, "spec", "suspend") and not table(body, "spec", "kubeConfig"):
            for obj in one.content.objects:
                if is_identified(obj):
                    found.setdefault((one.root, obj.ref), one.owner)
    return found


def _shared(
    ctx: Context,
    app: ApplicationView,
    source: Mapping[str, Any],
    applied: Mapping[tuple[str, Ref], Resource],
) -> tuple[Resource, str] | None:
    """A Kustomization that applies objects of the source, too, and what these are."""
    content = content_of(app, source, ctx) if applied else None
    objects = content.objects if isinstance(content, Known) else ()
    root = app.resource.root
    both = [obj for obj in objects if is_identified(obj) and (root, obj.ref) in applied]
    return (applied[root, both[0].ref], summary(both)) if both else None


def _is_live(app: ApplicationView) -> bool:
    """Whether an Application syncs by itself to the cluster that Argo CD runs in."""
    destination = block(app.spec, "destination")
    local = (text(destination.get("server")) or text(destination.get("name"))) in _LOCAL
    automated = block(app.spec, "syncPolicy").get("automated")
    return local and isinstance(automated, dict) and automated.get("enabled") is not False


def _keys(app: ApplicationView, source: Mapping[str, Any]) -> Iterator[tuple[Key, str]]:
    """What a source of an Application makes, in the terms of Flux."""
    root, path = app.resource.root, text(source.get("path"))
    repository = repository_of(source, root)
    if repository is not None and path and not has_placeholder(path):
        clean = posixpath.normpath(path.strip("/"))
        yield (root, "path", repository.key, clean), f"path `{clean}`"
    chart = text(source.get("chart"))
    if chart:
        release = text(block(source, "helm").get("releaseName")) or app.name
        space = text(block(app.spec, "destination").get("namespace"))
        if not any(has_placeholder(part) for part in (chart, release, space)):
            yield (
                (root, "chart", posixpath.basename(chart), release, space),
                f"release `{release}` of chart `{chart}`",
            )


def _flux_key(ctx: Context, resource: Resource) -> Key:
    """What a Kustomization or HelmRelease makes in the cluster that it runs in, else empty."""
    body, kind = resource.body, resource.ref.kind
    live = not flag(body, "spec", "suspend") and not table(body, "spec", "kubeConfig")
    if not live or kind not in {"Kustomization", "HelmRelease"}:
        return ()
    if kind == "Kustomization":
        repository = flux_repository(ctx, resource, table(body, "spec", "sourceRef"))
        path = flux_text(body, "spec", "path")
        if repository is None or not path or has_placeholder(path):
            return ()
        return (resource.root, "path", repository.key, posixpath.normpath(path.strip("/")))
    chart = flux_text(body, "spec", "chart", "spec", "chart") or flux_text(
        body, "spec", "chartRef", "name"
    )
    target = flux_text(body, "spec", "targetNamespace")
    release = flux_text(body, "spec", "releaseName") or release_name(resource.ref.name, target)
    space = target or resource.ref.namespace
    if not chart or any(has_placeholder(part) for part in (chart, release, space)):
        return ()
    return (resource.root, "chart", posixpath.basename(chart), release, space)


def _told(ctx: Context, app: ApplicationView, at: Path, other: Resource, what: str) -> Finding:
    sure = _in_one_cluster(ctx, app)
    doubt = "" if sure else ", if they run in one cluster"
    return RULE.at(
        app.place(*at),
        f"Argo CD's Application `{app.name}` and Flux's {other.ref} both manage {what}{doubt};"
        " suspend one of them, or switch automated sync off",
        resource=app.resource,
        severity=None if sure else Severity.WARNING,
        related=((other.place(), "the object of Flux"),),
    )


def _in_one_cluster(ctx: Context, app: ApplicationView) -> bool:
    """Whether Flux applies the Application itself, or both stand in the folder of one cluster."""
    kinds = {root.name: root.kind for root in ctx.workspace.roots}
    if kinds.get(app.resource.root) == "cluster":
        return True
    key = resource_key(app.resource)
    return any(key in one.objects for one in flux_deliveries(ctx))


_SOURCE = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 5m
  url: ssh://git@git.example.com/fleet
  ref:
    branch: main
"""
_KUSTOMIZATION = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: {name}
  namespace: flux-system
spec:
  interval: 10m
  suspend: {suspend}
  prune: true
  path: {path}
  sourceRef:
    kind: GitRepository
    name: flux-system
"""
_APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: shop
  source:
    repoURL: https://git.example.com/fleet.git
    path: apps/web
    targetRevision: main
  destination:
    server: https://kubernetes.default.svc
    namespace: web
  syncPolicy:
    automated: {automated}
"""
_RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: redis
  namespace: data
spec:
  interval: 10m
  chart:
    spec:
      chart: redis
      sourceRef:
        kind: HelmRepository
        name: charts
"""
_CHART = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: redis
  namespace: argocd
spec:
  project: shop
  source:
    repoURL: https://charts.example.com
    chart: redis
    targetRevision: 20.1.0
  destination:
    server: https://kubernetes.default.svc
    namespace: {namespace}
  syncPolicy:
    automated: {{}}
"""


def _files(suspend: str, automated: str) -> dict[str, str]:
    return {
        "clusters/prod/flux-system/gotk-sync.yaml": _SOURCE
        + "---\n"
        + _KUSTOMIZATION.format(name="flux-system", path="./clusters/prod", suspend="false"),
        "clusters/prod/web.yaml": _KUSTOMIZATION.format(
            name="web", path="./apps/web", suspend=suspend
        ),
        "clusters/prod/web-argo.yaml": _APPLICATION.format(automated=automated),
    }


BAD = (
    Example(
        title="one path, applied by both",
        files=_files("false", "{prune: true}"),
        file="web-argo.yaml",
        at="spec.source",
    ),
    Example(
        title="one chart, installed by both, perhaps in one cluster",
        files={"redis.yaml": _RELEASE, "redis-argo.yaml": _CHART.format(namespace="data")},
        file="redis-argo.yaml",
        at="spec.source",
    ),
)
GOOD = (
    Example(
        title="an Application that carries other objects of Flux",
        files={
            **_files("true", "{prune: true}"),
            "apps/web/redis.yaml": _RELEASE,
        },
    ),
    Example(title="the Kustomization is suspended", files=_files("true", "{prune: true}")),
    Example(title="no automated sync", files=_files("false", "{enabled: false}")),
    Example(
        title="other namespaces",
        files={"redis.yaml": _RELEASE, "redis-argo.yaml": _CHART.format(namespace="cache")},
    ),
    Example(
        title="a namespace that is filled in later",
        files={
            "redis.yaml": _RELEASE.replace("namespace: data", "namespace: ${team}"),
            "redis-argo.yaml": _CHART.format(namespace="data"),
        },
    ),
)
