"""Two owners that manage the same objects.

## What it does

It compares what the Kustomizations of one cluster apply, object by object, and reports two that apply the
same one. For Argo CD it reports two Applications with one destination that apply the same path, or of
which one reads the folder of the other recursively. Suspended Kustomizations, and objects that Flux is
told not to prune or to create only, do not count. Where nothing proves that both are in
one cluster, or an Application has no automated sync, it is a warning.

## Why is this bad

Each owner writes its own version, so the object flaps at every interval; and when one of them stops
listing it, it is deleted although the other one still wants it. Argo CD says `SharedResourceWarning`.

## When to ignore it

While objects move from one owner to another on purpose.
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.argocd.shapes import block, switch, text
from argoflux.finding import Severity
from argoflux.flux.fields import flag, table
from argoflux.flux.fields import text as flux_text
from argoflux.lint.arrivals import arrivals, is_flux, is_kustomization
from argoflux.lint.copies import repository_of
from argoflux.lint.deliveries import flux_deliveries, is_identified
from argoflux.lint.neighbours import application_neighbours, flux_neighbours
from argoflux.lint.rule import Example, Rule
from argoflux.mapping.yields import summary
from argoflux.workspace.classify import has_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.finding import Finding
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.lint.deliveries import Delivery
    from argoflux.lint.neighbours import Evidence
    from argoflux.model.content import ContentObject
    from argoflux.resource import Resource
    from argoflux.text import Path

RULE = Rule(
    code="AF209",
    name="overlapping-ownership",
    severity=Severity.ERROR,
    scope="estate",
    kinds=("Kustomization", "Application", "ApplicationSet"),
    evidence=("document", "graph"),
    silenced_by=("AF201",),
)

_PRUNE = "kustomize.toolkit.fluxcd.io/prune"
_SSA = "kustomize.toolkit.fluxcd.io/ssa"
_BUILD = (
    "targetNamespace",
    "namePrefix",
    "nameSuffix",
    "kubeConfig",
    "patches",
    "patchesStrategicMerge",
    "patchesJson6902",
    "images",
    "components",
    "postBuild",
)
"""What makes other objects of one path, or sends them elsewhere."""


def check(ctx: Context) -> Iterator[Finding]:
    """Kustomizations by what they apply, Applications by the paths that they apply."""
    if any(is_flux(resource) for resource in ctx.resources):
        yield from _kustomizations(ctx)
        yield from _unread(ctx)
    yield from _applications(ctx)


def _kustomizations(ctx: Context) -> Iterator[Finding]:
    """Pairs of Kustomizations with objects in common.

    kustomize-controller:docs/spec/v1/kustomizations.md (an inventory for each Kustomization;
    annotations `prune: disabled` and `ssa: IfNotPresent`).
    """
    owners: dict[tuple[str, ...], dict[Delivery, ContentObject]] = defaultdict(dict)
    for one in flux_deliveries(ctx):
        if flag(one.owner.body, "spec", "suspend"):
            continue
        config = table(one.owner.body, "spec", "kubeConfig")
        cluster = f"{one.owner.ref.namespace} {config}" if config else ""
        for obj in one.content.objects:
            if _counts(obj):
                owners[(one.root, cluster, *obj.ref)].setdefault(one, obj)
    pairs: dict[tuple[Delivery, Delivery], list[ContentObject]] = defaultdict(list)
    for found in owners.values():
        for first, second in combinations(found, 2):
            if _evidence(ctx, first.owner, second.owner) != "none":
                pairs[first, second].append(found[second])
    for (first, second), objects in pairs.items():
        yield RULE.at(
            second.owner.place("spec", "path"),
            f"{first.owner.ref} and {second.owner.ref} both apply {summary(objects)};"
            f" they overwrite each other{_loss(first.owner, second.owner)}",
            resource=second.owner,
            severity=_weight(_evidence(ctx, first.owner, second.owner)),
            related=((first.owner.place("spec", "path"), "the other owner"),),
        )


def _counts(obj: ContentObject) -> bool:
    notes = obj.annotations
    kept = notes.get(_PRUNE) == "disabled" or notes.get(_SSA) in {"IfNotPresent", "Ignore"}
    return is_identified(obj) and not kept


def _unread(ctx: Context) -> Iterator[Finding]:
    """Kustomizations of one path whose files are not at hand, and that build it in one way."""
    read = {one.owner for one in flux_deliveries(ctx)}
    found: dict[str, list[Resource]] = defaultdict(list)
    for resource in arrivals(ctx).resources:
        path = flux_text(resource.body, "spec", "path")
        known = path and not has_placeholder(path)
        if not is_kustomization(resource) or resource in read or not known:
            continue
        spec = table(resource.body, "spec")
        if flag(spec, "suspend"):
            continue
        build = {key: spec[key] for key in _BUILD if key in spec}
        space = resource.ref.namespace
        clean = posixpath.normpath((path or "").strip("/"))
        source = table(spec, "sourceRef")
        source = {"namespace": space, **source}
        where = space if "kubeConfig" in spec else ""
        found[f"{resource.root} {where} {clean} {source} {build}"].append(resource)
    for first, *others in found.values():
        for second in others:
            evidence = _evidence(ctx, first, second)
            if evidence != "none":
                yield RULE.at(
                    second.place("spec", "path"),
                    f"{first.ref} and {second.ref} both apply"
                    f" `{flux_text(second.body, 'spec', 'path')}`; they overwrite each"
                    f" other{_loss(first, second)}",
                    resource=second,
                    severity=_weight(evidence),
                    related=((first.place("spec", "path"), "the other owner"),),
                )


def _evidence(ctx: Context, one: Resource, two: Resource) -> Evidence:
    """Whether two Kustomizations are two objects of one cluster."""
    return "none" if one.ref == two.ref else flux_neighbours(ctx, one, two)


def _weight(evidence: Evidence) -> Severity | None:
    """Only what is proved is an error."""
    return None if evidence == "proved" else Severity.WARNING


def _is_automated(app: ApplicationView) -> bool:
    """Whether an Application syncs by itself, so that the fight goes on without end."""
    automated = block(app.spec, "syncPolicy").get("automated")
    return isinstance(automated, dict) and automated.get("enabled") is not False


class _Applied(NamedTuple):
    """A source of an Application that applies a path."""

    app: ApplicationView
    at: Path
    path: str
    source: Mapping[str, Any]


def _applications(ctx: Context) -> Iterator[Finding]:
    """Pairs of Applications with one destination and path, or one path inside of the other."""
    found: dict[tuple[str, ...], list[_Applied]] = defaultdict(list)
    for app in ctx.all_applications:
        destination = block(app.spec, "destination")
        cluster = text(destination.get("server")) or text(destination.get("name"))
        if app.open or not app.name or not cluster or has_placeholder(cluster):
            continue
        for at, source in app.sources():
            repository = repository_of(source, app.resource.root, pinned=True)
            path = text(source.get("path"))
            if repository is None or not path or has_placeholder(path) or "helm" in source:
                continue
            revision = text(source.get("targetRevision")) or "HEAD"
            key = (app.resource.root, cluster, repository.key, revision)
            found[key].append(_Applied(app, at, posixpath.normpath(path.strip("/")), source))
    for entries in found.values():
        by_path: dict[str, list[_Applied]] = defaultdict(list)
        for each in entries:
            by_path[each.path].append(each)
        for same in by_path.values():
            for number, second in enumerate(same):
                alike = (each for each in same[:number] if _is_same(each, second))
                findings = (_told(ctx, each, second, f"`{each.path}`") for each in alike)
                yield from [each for each in findings if each is not None][:1]
        for each in entries:
            if switch(block(each.source, "directory"), "recurse") is True:
                yield from _inside(ctx, each, entries)


def _is_same(first: _Applied, second: _Applied) -> bool:
    """Whether two sources of two Applications make equal objects of one path."""
    one, two = first.app, second.app
    if (one.namespace, one.name) == (two.namespace, two.name):
        return False
    tools = ("kustomize", "directory", "plugin")
    if any(first.source.get(tool) != second.source.get(tool) for tool in tools):
        return False
    return _space(one) == _space(two)


def _space(app: ApplicationView) -> str:
    return text(block(app.spec, "destination").get("namespace"))


def _inside(ctx: Context, outer: _Applied, entries: list[_Applied]) -> Iterator[Finding]:
    directory = block(outer.source, "directory")
    if directory.get("include") or directory.get("exclude"):
        return
    for inner in entries:
        below = outer.path == "." or inner.path.startswith(f"{outer.path}/")
        plain = "kustomize" not in inner.source and "plugin" not in inner.source
        if inner.app is outer.app or inner.path == outer.path or not below or not plain:
            continue
        if _space(outer.app) == _space(inner.app):
            told = _told(ctx, outer, inner, f"`{inner.path}`, which is inside of `{outer.path}`")
            if told is not None:
                yield told


def _loss(*owners: Resource) -> str:
    """What pruning adds, where one of two Kustomizations prunes."""
    pruning = [one for one in owners if flag(one.body, "spec", "prune")]
    if not pruning:
        return ""
    which = "either one" if len(pruning) > 1 else f"`{pruning[0].ref.name}`"
    return f", and the prune of {which} deletes what the other applies"


def _told(ctx: Context, first: _Applied, second: _Applied, what: str) -> Finding | None:
    """A finding about two Applications, None where they may be in two clusters."""
    one, two = first.app, second.app
    evidence = application_neighbours(ctx, one, two)
    if evidence == "none":
        return None
    live = _is_automated(one) and _is_automated(two)
    return RULE.at(
        two.place(*second.at, "path"),
        f"Applications `{one.name}` and `{two.name}` both apply {what}; they overwrite each other,"
        " and either one's prune deletes the objects",
        resource=two.resource,
        severity=_weight(evidence) if live else Severity.WARNING,
        related=((one.place(*first.at, "path"), "the other owner"),),
    )


_KUSTOMIZATION = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: {name}
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  path: {path}
  sourceRef:
    kind: GitRepository
    name: flux-system
"""
_CONFIG = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {name}
  namespace: apps
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
    directory:
      recurse: {recurse}
  destination:
    server: https://kubernetes.default.svc
    namespace: web
"""

BAD = (
    Example(
        title="one path inside of the other",
        files={
            "cluster/apps.yaml": _KUSTOMIZATION.format(name="apps", path="./apps"),
            "cluster/web.yaml": _KUSTOMIZATION.format(name="web", path="./apps/web"),
            "apps/web/config.yaml": _CONFIG.format(name="web"),
        },
        file="cluster/web.yaml",
        at="spec.path",
    ),
    Example(
        title="one path of a repository that is not at hand",
        files={
            "cluster/one.yaml": _KUSTOMIZATION.format(name="one", path="./web"),
            "cluster/two.yaml": _KUSTOMIZATION.format(name="two", path="web/"),
        },
        file="cluster/two.yaml",
        at="spec.path",
    ),
    Example(
        title="two Applications of one path",
        files={
            "one.yaml": _APPLICATION.format(name="one", path="apps/web", recurse="false"),
            "two.yaml": _APPLICATION.format(name="two", path="apps/web/", recurse="false"),
        },
        file="two.yaml",
        at="spec.source.path",
    ),
    Example(
        title="a folder that another Application reads recursively",
        files={
            "all.yaml": _APPLICATION.format(name="all", path="apps", recurse="true"),
            "web.yaml": _APPLICATION.format(name="web", path="apps/web", recurse="false"),
        },
        file="web.yaml",
        at="spec.source.path",
    ),
)
GOOD = (
    Example(
        title="a path for each",
        files={
            "cluster/base.yaml": _KUSTOMIZATION.format(name="base", path="./apps/base"),
            "cluster/web.yaml": _KUSTOMIZATION.format(name="web", path="./apps/web"),
            "apps/base/config.yaml": _CONFIG.format(name="base"),
            "apps/web/config.yaml": _CONFIG.format(name="web"),
        },
    ),
    Example(
        title="names that are filled in later",
        files={
            "cluster/east.yaml": _KUSTOMIZATION.format(name="east", path="./apps"),
            "cluster/west.yaml": _KUSTOMIZATION.format(name="west", path="./apps"),
            "apps/config.yaml": _CONFIG.format(name="web-${region}"),
        },
    ),
    Example(
        title="two folders, perhaps for two clusters",
        files={
            "east/one.yaml": _APPLICATION.format(name="one", path="apps/web", recurse="false"),
            "west/two.yaml": _APPLICATION.format(name="two", path="apps/web", recurse="false"),
        },
    ),
)
