"""A change of what identifies a release or a destination: the old one is uninstalled or left behind.

## What it does

Compared with the revision of `--base`, it looks at HelmReleases and Applications that are still there, and reports a
change of release name, target or storage namespace or chart, or of the cluster, namespace or release name of an Application.

## Why is this bad

helm-controller uninstalls a release whose name or namespace is no longer its own, and installs another one. What Argo CD applied to another
cluster stays there, managed by nobody; in the same cluster it makes the objects anew in the other namespace and prunes the old ones, with all that
they hold.

## When to ignore it

When what runs may be deleted and made again. Otherwise make a second object beside the first, move, and remove the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.flux.fields import table, text
from argoflux.lint.context import known_text
from argoflux.lint.owners import owners, release_name, target_namespace
from argoflux.lint.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding, Place
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.lint.owners import Owner
    from argoflux.resource import Resource
    from argoflux.text import Path

RULE = Rule(
    code="AF707",
    name="identity-change-destructive",
    severity=Severity.ERROR,
    scope="base",
    kinds=("Application", "ApplicationSet", "HelmRelease"),
    evidence=("base",),
    links=("https://fluxcd.io/flux/components/helm/helmreleases/#release-name",),
)


def check(ctx: Context) -> Iterator[Finding]:
    """Owners of both revisions whose identity differs."""
    if ctx.before is None:
        return
    before = owners(ctx.before)
    for key, new in owners(ctx).items():
        old = before.get(key)
        if old is None:
            continue
        yield from _application(new, old)
        if key[1] == "HelmRelease":
            yield from _release(new.resource, old.resource)


def _release(new: Resource, old: Resource) -> Iterator[Finding]:
    """helm-controller:docs/spec/v2/helmreleases.md: warnings of the fields; internal/reconcile/atomic_release.go."""
    changes: tuple[tuple[str, Path, str, str], ...] = (
        (
            "the target namespace",
            ("spec", "targetNamespace"),
            target_namespace(old),
            target_namespace(new),
        ),
        ("the release name", ("spec", "releaseName"), release_name(old), release_name(new)),
        (
            "the storage namespace",
            ("spec", "storageNamespace"),
            text(old.body, "spec", "storageNamespace") or old.ref.namespace,
            text(new.body, "spec", "storageNamespace") or new.ref.namespace,
        ),
        (
            "the chart",
            ("spec", "chart", "spec", "chart"),
            _chart(old),
            _chart(new) if _chart(old) else "",
        ),
    )
    told = set()
    for what, path, was, now in changes:
        if was == now or not known_text(was) or not known_text(now):
            continue
        if what == "the release name" and "the target namespace" in told:
            continue  # it follows from the namespace
        if (
            what == "the chart"
            and text(new.body, "spec", "chartNameChangeStrategy") == "InPlaceUpdate"
        ):
            continue
        told.add(what)
        message = (
            f"{what} changes from `{was}` to `{now}`: Flux uninstalls the release that runs and"
            " installs another; make a second HelmRelease and remove this one later"
        )
        yield RULE.at(new.place(*path), message, resource=new)


def _chart(release: Resource) -> str:
    """The name of a chart; a path in Git tells the name of the folder, which need not be it."""
    chart = table(release.body, "spec", "chart", "spec")
    kind = text(chart, "sourceRef", "kind")
    return (text(chart, "chart") or "") if kind == "HelmRepository" else ""


def _application(new: Owner, old: Owner) -> Iterator[Finding]:
    if new.view is None or old.view is None:
        return
    where, was = (table(dict(owner.view.spec), "destination") for owner in (new, old) if owner.view)
    for key in ("server", "name", "namespace"):
        before, now = known_text(was.get(key)), known_text(where.get(key))
        if not before or not now or before == now:
            continue
        what = f"the destination's {key} changes from `{before}` to `{now}`"
        place = new.view.place("spec", "destination", key)
        if key == "namespace":
            yield _made_anew(new, place, f"{what}: objects that state none are made in the new one")
            continue
        message = (
            f"{what}: what runs at the old one stays there, managed by nobody; make a second"
            " Application and remove this one later"
        )
        yield RULE.at(place, message, resource=new.resource)
    yield from _release_names(new, new.view, old.view)


def _release_names(owner: Owner, new: ApplicationView, old: ApplicationView) -> Iterator[Finding]:
    """Names of Helm releases, which most charts make the names of their objects from."""
    sources, earlier = list(new.sources()), list(old.sources())
    if len(sources) != len(earlier):
        return
    for (at, source), (_, other) in zip(sources, earlier, strict=True):
        names = [table(dict(each), "helm").get("releaseName") for each in (other, source)]
        was, now = (known_text(name or new.name) for name in names)
        if not any(names) or not was or not now or was == now:
            continue
        place = new.place(*at, "helm", "releaseName")
        what = f"the release name changes from `{was}` to `{now}`"
        yield _made_anew(owner, place, f"{what}: objects named after it are made anew")


def _made_anew(owner: Owner, place: Place, what: str) -> Finding:
    """A change within one cluster: the Application still finds its old objects there.

    argo-cd:controller/cache/cache.go GetManagedLiveObjs looks for them in all namespaces.
    """
    message, severity = f"{what}, and pruning deletes the old ones", Severity.ERROR
    if not owner.prunes:
        message = f"{what}, and the old ones stay until somebody prunes them"
        severity = Severity.WARNING
    message += "; make a second Application and remove this one later"
    return RULE.at(place, message, resource=owner.resource, severity=severity)


_RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: flux-system
spec:
  interval: 10m
  targetNamespace: {namespace}
  chartRef:
    kind: OCIRepository
    name: web
"""
_APP = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: shop
  source:
    repoURL: https://git.example.com/apps.git
    path: web
    targetRevision: v1.2.3
  destination:
    name: {cluster}
    namespace: web
"""

BAD = (
    Example(
        title="another target namespace",
        yaml=_RELEASE.format(namespace="shop"),
        base={"example.yaml": _RELEASE.format(namespace="web")},
        at="spec.targetNamespace",
    ),
    Example(
        title="another cluster",
        yaml=_APP.format(cluster="blue"),
        base={"example.yaml": _APP.format(cluster="green")},
        at="spec.destination.name",
    ),
    Example(
        title="another namespace of the cluster",
        yaml=_APP.format(cluster="blue").replace("namespace: web", "namespace: shop"),
        base={"example.yaml": _APP.format(cluster="blue")},
        at="spec.destination.namespace",
    ),
    Example(
        title="another release name",
        yaml=_APP.format(cluster="blue").replace(
            "    targetRevision", "    helm: {releaseName: shop}\n    targetRevision"
        ),
        base={"example.yaml": _APP.format(cluster="blue")},
        at="spec.source.helm.releaseName",
    ),
)
GOOD = (
    Example(
        title="the name that it had anyhow is stated",
        yaml=_RELEASE.format(namespace="web") + "  releaseName: web-web\n",
        base={"example.yaml": _RELEASE.format(namespace="web")},
    ),
    Example(
        title="a namespace that is filled in later",
        yaml=_RELEASE.format(namespace="${NAMESPACE}"),
        base={"example.yaml": _RELEASE.format(namespace="web")},
    ),
    Example(
        title="an object that is new", yaml=_APP.format(cluster="blue"), base={"other.yaml": ""}
    ),
)
