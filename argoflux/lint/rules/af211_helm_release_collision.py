"""Two owners of one Helm release.

## What it does

It computes the release name and the namespace in which Helm keeps its history for every HelmRelease,
and reports two that have both in common in one cluster. For Argo CD it reports two Applications that
render the same chart under the same release name into the same namespace of one cluster; where only
their folder tells that they share the cluster that Argo CD runs in, it is a warning.

## Why is this bad

Both HelmReleases upgrade one release in turns, without end, and the history is lost; deleting one
uninstalls the other. Two Applications with equal objects overwrite and prune each other's.

## When to ignore it

While a release moves from one HelmRelease to another and one of them is suspended.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from argoflux.argocd.shapes import block
from argoflux.finding import Severity
from argoflux.flux.defaults import release_name
from argoflux.flux.fields import flag, text
from argoflux.goports.giturl import repository_key
from argoflux.lint.arrivals import arrivals, is_flux
from argoflux.lint.context import known_text
from argoflux.lint.neighbours import application_neighbours
from argoflux.lint.rule import Example, Rule
from argoflux.workspace.classify import has_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from argoflux.finding import Finding, Place
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

RULE = Rule(
    code="AF211",
    name="helm-release-collision",
    severity=Severity.ERROR,
    scope="estate",
    kinds=("HelmRelease", "Application", "ApplicationSet"),
    evidence=("document", "graph"),
    silenced_by=("AF201",),
    links=("https://fluxcd.io/flux/components/helm/helmreleases/#storage-namespace",),
)


class _Release(NamedTuple):
    """A Helm release as a cluster knows it: history of one name in one namespace."""

    root: str
    cluster: str
    namespace: str
    name: str


def check(ctx: Context) -> Iterator[Finding]:
    """Collisions among HelmReleases, then among Applications."""
    written = [r for r in ctx.resources if r.ref.kind == "HelmRelease" and is_flux(r)]
    if any(_differ(found) for found in _by_release(written).values()):
        there = arrivals(ctx)
        arrived = [r for r in there.resources if r.ref.kind == "HelmRelease"]
        for release, found in sorted(_by_release(arrived).items()):
            live = [one for one in found if not flag(one.body, "spec", "suspend")]
            if _differ(live):
                yield _told(release, live)
    yield from _applications(ctx)


def _by_release(resources: Iterable[Resource]) -> dict[_Release, list[Resource]]:
    found: dict[_Release, list[Resource]] = defaultdict(list)
    for resource in resources:
        release = _release(resource)
        if release is not None:
            found[release].append(resource)
    return found


def _release(resource: Resource) -> _Release | None:
    """The identity of a release, None where a part of it is filled in later.

    helm-controller:api/v2/helmrelease_types.go GetReleaseName, GetStorageNamespace.
    """
    body, ref = resource.body, resource.ref
    space = text(body, "spec", "storageNamespace") or ref.namespace
    name = text(body, "spec", "releaseName") or release_name(
        ref.name, text(body, "spec", "targetNamespace")
    )
    cluster = text(body, "spec", "kubeConfig", "secretRef", "name") or text(
        body, "spec", "kubeConfig", "configMapRef", "name"
    )
    if cluster:  # the Secret is read in the namespace of the object
        cluster = f"{ref.namespace}/{cluster}"
    parts = (space, name, cluster or "")
    if not space or not name or any(has_placeholder(part) for part in parts):
        return None
    return _Release(resource.root, cluster or "", space, name)


def _differ(resources: Iterable[Resource]) -> bool:
    return len({resource.ref for resource in resources}) > 1


def _told(release: _Release, found: list[Resource]) -> Finding:
    first, *others = sorted(found, key=lambda one: one.sort_key())
    names = " and ".join(str(one.ref) for one in (first, *others))
    return RULE.at(
        _place(others[0]),
        f"{names} are one Helm release: `{release.name}` in namespace `{release.namespace}`;"
        " give each a `releaseName` of its own",
        resource=others[0],
        related=tuple((_place(one), f"{one.ref} has it as well") for one in (first, *others[1:])),
    )


def _place(resource: Resource) -> Place:
    stated = text(resource.body, "spec", "releaseName") is not None
    return resource.place(*(("spec", "releaseName") if stated else ("metadata", "name")))


def _applications(ctx: Context) -> Iterator[Finding]:
    """Applications that render the same objects; other folders may be meant for other clusters."""
    found: dict[tuple[str, ...], list[tuple[ApplicationView, Place]]] = defaultdict(list)
    for app in ctx.all_applications:
        if app.open or not app.name:
            continue
        for at, source in app.sources():
            helm = block(source, "helm")
            stated = "releaseName" in helm
            release = known_text(helm.get("releaseName")) if stated else app.name
            if release and (helm or source.get("chart")):
                place = app.place(*at, "helm", "releaseName") if stated else app.place(*at)
                key = _identity(app, source, release)
                if key:
                    found[key].append((app, place))
    for key, entries in sorted(found.items()):
        for number, (app, place) in enumerate(entries):
            others = (each for each in entries[:number] if _other(each[0], app))
            judged = ((a, p, application_neighbours(ctx, a, app)) for a, p in others)
            other = next((each for each in judged if each[2] != "none"), None)
            if other is None:
                continue
            first, there, evidence = other
            yield RULE.at(
                place,
                f"Applications `{first.name}` and `{app.name}` render one chart as release"
                f" `{key[-1]}` into namespace `{key[-2]}`; give each a `releaseName` of its own",
                resource=app.resource,
                severity=None if evidence == "proved" else Severity.WARNING,
                related=((there, f"`{first.name}` does so as well"),),
            )


def _identity(app: ApplicationView, source: object, release: str) -> tuple[str, ...]:
    destination = block(app.spec, "destination")
    cluster = destination.get("name") or destination.get("server")
    stated = source if isinstance(source, dict) else {}
    content = stated.get("chart") or stated.get("path")
    parts = (
        app.resource.root,
        known_text(cluster) or "",
        repository_key(known_text(stated.get("repoURL")) or ""),
        known_text(content) or "",
        known_text(destination.get("namespace")) or "",
        release,
    )
    return parts if all(part for part in parts[1:]) else ()


def _other(one: ApplicationView, two: ApplicationView) -> bool:
    return (one.namespace, one.name) != (two.namespace, two.name)


_RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: {name}
  namespace: data
spec:
  interval: 10m
  releaseName: {release}
  chartRef:
    kind: OCIRepository
    name: redis
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
    repoURL: https://charts.example.com
    chart: redis
    targetRevision: 20.1.0
    helm:
      releaseName: redis
  destination:
    server: https://kubernetes.default.svc
    namespace: {namespace}
"""

BAD = (
    Example(
        title="two HelmReleases of one release",
        files={
            "cache.yaml": _RELEASE.format(name="cache", release="redis"),
            "queue.yaml": _RELEASE.format(name="queue", release="redis"),
        },
        file="queue.yaml",
        at="spec.releaseName",
    ),
    Example(
        title="two Applications of one release",
        files={
            "cache.yaml": _APPLICATION.format(name="cache", namespace="data"),
            "queue.yaml": _APPLICATION.format(name="queue", namespace="data"),
        },
        file="queue.yaml",
        at="spec.source.helm.releaseName",
    ),
)
GOOD = (
    Example(
        title="a name for each",
        files={
            "cache.yaml": _RELEASE.format(name="cache", release="cache"),
            "queue.yaml": _RELEASE.format(name="queue", release="queue"),
        },
    ),
    Example(
        title="other namespaces",
        files={
            "cache.yaml": _APPLICATION.format(name="cache", namespace="cache"),
            "queue.yaml": _APPLICATION.format(name="queue", namespace="queue"),
        },
    ),
    Example(
        title="a name that is filled in later",
        files={
            "cache.yaml": _RELEASE.format(name="cache", release="redis-${team}"),
            "queue.yaml": _RELEASE.format(name="queue", release="redis-${team}"),
        },
    ),
)
