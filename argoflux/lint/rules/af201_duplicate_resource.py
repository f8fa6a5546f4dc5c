"""An object that is defined twice for one cluster.

## What it does

It reports two documents with the same group, kind, namespace and name in one file, in what one Flux
Kustomization or one Application applies, or in what two Kustomizations of one cluster apply. Two
Applications of one name count as well, also when an ApplicationSet makes one of them. Folders for
different clusters may define the same object; where nothing proves that two owners are in one cluster, it
is a warning.

## Why is this bad

kustomize refuses to build the whole path. From a plain folder Argo CD takes one and warns. Two Kustomizations
overwrite each other's object at every interval, and the first that drops it deletes it.

## When to ignore it

When several sources of one Application are meant to replace each other's objects.
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.lint.arrivals import arrivals, is_flux
from argoflux.lint.deliveries import flux_deliveries
from argoflux.lint.neighbours import flux_neighbours, is_cluster
from argoflux.lint.rule import Example, Rule
from argoflux.lint.source_content import content_of
from argoflux.model.content import Known
from argoflux.workspace.classify import has_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding, Place
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.model.content import ContentObject
    from argoflux.resource import Ref, Resource

RULE = Rule(
    code="AF201",
    name="duplicate-resource",
    severity=Severity.ERROR,
    scope="estate",
    evidence=("document", "graph"),
)


def check(ctx: Context) -> Iterator[Finding]:
    """Objects of one identity that reach one cluster from two documents.

    kubernetes-sigs/kustomize:api/resmap/reswrangler.go Append (an id can be added once);
    argo-cd:controller/state.go deduplicateTargetObjects (RepeatedResourceWarning).
    """
    told: set[tuple[str, int, int]] = set()
    for finding in _everything(ctx):
        place = finding.place
        key = (place.source.name, *place.span())
        if key not in told:
            told.add(key)
            yield finding


def _everything(ctx: Context) -> Iterator[Finding]:
    if any(is_flux(resource) for resource in ctx.resources):
        yield from _in_kustomizations(ctx)
        yield from _of_two_kustomizations(ctx)
    yield from _in_files(_twins(ctx))
    yield from _in_applications(ctx)
    yield from _made_by_sets(ctx)


def _in_kustomizations(ctx: Context) -> Iterator[Finding]:
    for one in flux_deliveries(ctx):
        for first, second in one.content.duplicates:
            if _is_certain(first) and _is_certain(second):
                where = f"in what {one.owner.ref} applies; kustomize refuses to build it"
                yield _told(second.ref, second.place, first.place, where)


def _is_certain(obj: ContentObject) -> bool:
    stated = (obj.ref.kind, obj.ref.namespace, obj.ref.name)
    return obj.certain and not obj.hashed and not any(has_placeholder(part) for part in stated)


def _of_two_kustomizations(ctx: Context) -> Iterator[Finding]:
    """Flux objects that arrive from two documents through two Kustomizations of a cluster."""
    there = arrivals(ctx)
    found: dict[tuple[str, Ref], list[Resource]] = defaultdict(list)
    for resource in there.resources:
        if there.is_applied(resource) and not resource.placeholder and resource.ref.name:
            found[resource.root, resource.ref].append(resource)
    for (_, ref), resources in sorted(found.items()):
        for first, second in pairwise(resources):
            one, two = there.parent(first), there.parent(second)
            if first.written is second.written or one is None or two is None:
                continue
            evidence = flux_neighbours(ctx, one.made_of[0], two.made_of[0])
            if evidence != "none":
                where = f"for one cluster, by {one.id} and {two.id}, which overwrite each other's"
                told = _told(ref, second.place(), first.place(), where, second)
                yield told if evidence == "proved" else replace(told, severity=Severity.WARNING)


def _twins(ctx: Context) -> list[list[Resource]]:
    """Objects of ours that share their identity within a root."""
    found: dict[tuple[str, Ref], list[Resource]] = defaultdict(list)
    for resource in ctx.resources:
        if resource.ref.name and not resource.placeholder:
            found[resource.root, resource.ref].append(resource)
    return [each for _, each in sorted(found.items()) if len(each) > 1]


def _in_files(twins: list[list[Resource]]) -> Iterator[Finding]:
    for each in twins:
        for first, second in pairwise(each):
            if first.file == second.file:
                where = "in one file; only the last one counts, and kustomize refuses both"
                yield _told(second.ref, second.place(), first.place(), where, second)


def _in_applications(ctx: Context) -> Iterator[Finding]:
    """Objects that the path of one Application yields twice."""
    read: set[int] = set()
    sources = ((a, s) for a in ctx.all_applications if not a.open for _, s in a.sources())
    for app, source in sources:
        content = content_of(app, source, ctx)
        if not isinstance(content, Known) or id(content) in read:
            continue
        read.add(id(content))
        built = content.kind_of_path == "kustomize"
        what = "kustomize refuses to build it" if built else "Argo CD keeps only one of them"
        for first, second in content.duplicates:
            if _is_certain(first) and _is_certain(second):
                where = f"in what Application `{app.name}` applies; {what}"
                told = _told(second.ref, second.place, first.place, where)
                yield told if built else replace(told, severity=Severity.WARNING)


def _made_by_sets(ctx: Context) -> Iterator[Finding]:
    """An Application that two sets make, or a set and a file, of one folder."""
    found: dict[tuple[str, str, str, str], list[ApplicationView]] = defaultdict(list)
    for app in ctx.all_applications:
        if app.name and not app.open and not has_placeholder(app.name):
            folder = posixpath.dirname(app.resource.file)
            found[app.resource.root, folder, app.namespace, app.name].append(app)
    for (_, _, namespace, name), apps in sorted(found.items(), key=lambda item: item[0]):
        makers = {app.resource.ref: app for app in apps}
        first, *others = makers.values()
        if others and any(app.generator is not None for app in makers.values()):
            second = others[0]
            proved = first.resource.file == second.resource.file or is_cluster(
                ctx, first.resource.root
            )
            shown = "/".join(part for part in ("Application", namespace, name) if part)
            yield RULE.at(
                second.place("metadata", "name"),
                f"{shown} is made twice, by {first.resource.ref} and by {second.resource.ref};"
                " give one of them another name",
                resource=second.resource,
                severity=None if proved else Severity.WARNING,
                related=((first.place("metadata", "name"), "the other one"),),
            )


def _told(
    ref: Ref, place: Place, other: Place, where: str, resource: Resource | None = None
) -> Finding:
    line, _ = other.line_column()
    return RULE.at(
        place,
        f"{ref} is defined twice {where}; the other one is in {other.source.name}, line {line}",
        resource=resource,
        related=((other, "the other definition"),),
    )


_RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: {name}
  namespace: apps
spec:
  interval: 10m
  chartRef:
    kind: OCIRepository
    name: redis
"""
_KUSTOMIZATION = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: {name}
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  path: ./{name}
  sourceRef:
    kind: GitRepository
    name: flux-system
"""
_CONFIG = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: apps
data:
  size: {size}
"""
_APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: {name}
  namespace: argocd
spec:
  project: shop
  source:
    repoURL: https://git.example.com/fleet.git
    path: {path}
  destination:
    server: https://kubernetes.default.svc
    namespace: web
"""
_SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: webs
  namespace: argocd
spec:
  goTemplate: true
  generators:
    - list:
        elements:
          - region: west
  template:
    metadata:
      name: "web-{{ .region }}"
    spec:
      project: shop
      source:
        repoURL: https://git.example.com/fleet.git
        path: web
      destination:
        server: https://kubernetes.default.svc
        namespace: web
"""

BAD = (
    Example(
        title="twice in one file",
        yaml=_RELEASE.format(name="redis") + "---\n" + _RELEASE.format(name="redis"),
        at="line 12",
    ),
    Example(
        title="twice in what a Kustomization applies",
        files={
            "cluster/apps.yaml": _KUSTOMIZATION.format(name="apps"),
            "apps/large.yaml": _CONFIG.format(size="large"),
            "apps/small.yaml": _CONFIG.format(size="small"),
        },
        file="apps/small.yaml",
        at="line 1",
    ),
    Example(
        title="by two Kustomizations of a cluster",
        files={
            "cluster/apps.yaml": _KUSTOMIZATION.format(name="apps"),
            "cluster/data.yaml": _KUSTOMIZATION.format(name="data"),
            "apps/redis.yaml": _RELEASE.format(name="redis"),
            "data/redis.yaml": _RELEASE.format(name="redis"),
        },
        file="data/redis.yaml",
        at="line 1",
    ),
    Example(
        title="twice in what an Application applies",
        files={
            "root.yaml": _APPLICATION.format(name="root", path="apps"),
            "apps/one.yaml": _APPLICATION.format(name="web", path="web/one"),
            "apps/two.yaml": _APPLICATION.format(name="web", path="web/two"),
            "web/one/config.yaml": _CONFIG.format(size="large"),
            "web/two/config.yaml": _CONFIG.format(size="large"),
        },
        file="apps/two.yaml",
        at="line 1",
    ),
    Example(
        title="by an ApplicationSet and a file",
        files={
            "west.yaml": _APPLICATION.format(name="web-west", path="web"),
            "webs.yaml": _SET,
        },
        file="webs.yaml",
        at="spec.template.metadata.name",
    ),
)
GOOD = (
    Example(
        title="a name for each",
        yaml=_RELEASE.format(name="redis") + "---\n" + _RELEASE.format(name="cache"),
    ),
    Example(
        title="folders for two clusters",
        files={
            "clusters/east/apps.yaml": _KUSTOMIZATION.format(name="apps"),
            "clusters/west/apps.yaml": _KUSTOMIZATION.format(name="apps"),
            "apps/redis.yaml": _RELEASE.format(name="redis"),
        },
    ),
    Example(
        title="names that are filled in later",
        yaml=_RELEASE.format(name="redis-${region}")
        + "---\n"
        + _RELEASE.format(name="redis-${region}"),
    ),
)
