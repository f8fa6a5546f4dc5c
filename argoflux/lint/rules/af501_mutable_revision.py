"""A revision that can mean something else tomorrow.

## What it does

It reports sources that follow a branch, a range of versions, the tag `latest` or another tag that moves, and charts without a
version. For what looks like production by name, path, project or file this is a warning, for the rest a remark. A source that is the
repository at hand is left out: its commits are the pins.

## Why is this bad

What runs changes without a change in this repository: nobody reviews it, no history here tells when it happened, and going back
to yesterday is not possible by going back one commit.

## When to ignore it

Where following is the purpose: previews, development clusters, a platform team's own branch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.flux.fields import table, text
from argoflux.goports import semver
from argoflux.lint.context import known_text
from argoflux.lint.production import is_production
from argoflux.lint.rule import Example, Rule
from argoflux.mapping.revisions import classify
from argoflux.model.content import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from argoflux.finding import Finding, Place
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.text import Path

_APPS = ("Application", "ApplicationSet")
_MOVING = frozenset({"latest", "main", "master", "stable", "dev", "edge", "nightly"})
_PARTS = 3

RULE = Rule(
    code="AF501",
    name="mutable-revision",
    severity=Severity.WARNING,
    kinds=(*_APPS, "GitRepository", "OCIRepository", "HelmRelease", "HelmChart"),
    silenced_by=("AF405",),
    links=("https://argo-cd.readthedocs.io/en/stable/user-guide/best_practices/",),
)


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """Revisions of an object that move."""
    if resource.ref.kind in _APPS:
        yield from _applications(resource, ctx)
        return
    body = resource.body
    found: tuple[Path, str] | None = None
    match resource.ref.kind:
        case "GitRepository":
            url = known_text(text(body, "spec", "url"))
            if url is None or _is_own(resource, url, ctx):
                return
            found = _git(body)
        case "OCIRepository":
            found = _artifact(body)
        case "HelmRelease":
            found = _chart(table(body, "spec", "chart", "spec"), ("spec", "chart", "spec"))
        case _:
            found = _chart(table(body, "spec"), ("spec",))
    if found is not None:
        path, what = found
        yield _finding(resource, resource.place(*path), what, is_production(resource))


def _applications(resource: Resource, ctx: Context) -> Iterator[Finding]:
    for app in ctx.applications(resource):
        project = str(app.spec.get("project") or "")
        for at, source in app.sources():
            url = known_text(source.get("repoURL"))
            revision = known_text(source.get("targetRevision") or "")
            if url is None or revision is None or source.get("ref"):
                continue
            if source.get("chart"):
                what = _version(revision) if revision else ""  # AF302: Argo CD refuses that
            elif url.startswith("oci://"):
                what = _tag(revision)
            elif _is_own(resource, url, ctx):
                continue
            else:
                what = _revision(revision)
            if what:
                place = app.place(*at, "targetRevision") if revision else app.place(*at, "repoURL")
                words = (app.name, project, str(source.get("path") or ""))
                yield _finding(resource, place, what, is_production(resource, *words))


def _finding(resource: Resource, place: Place, what: str, production: bool) -> Finding:
    severity = Severity.WARNING if production else Severity.INFO
    message = f"{what}; pin a tag, a version or a digest"
    return RULE.at(place, message, resource=resource, severity=severity)


def _is_own(resource: Resource, url: str, ctx: Context) -> bool:
    """Whether a repository is the one that was read."""
    return not isinstance(ctx.local(resource, url), Unknown)


def _revision(text_: str) -> str:
    kind = classify(text_, default_branch="").kind
    if kind == "head":
        start = f"`{text_}` is" if text_ else "without a revision it is"
        return f"{start} the newest commit of the default branch that is deployed"
    if kind == "semver":
        return f"`{text_}` takes the newest tag in a range"
    if kind == "branch" or text_.lower() in _MOVING:
        return f"`{text_}` is a branch, which moves"
    return ""


def _tag(tag: str) -> str:
    if not tag or tag in _MOVING:
        return f"the tag `{tag or 'latest'}` moves"
    if not semver.is_version(tag) and semver.is_constraint(tag):
        return f"`{tag}` takes the newest tag in a range"
    return ""


def _version(version: str) -> str:
    if not version:
        return "without a version the newest chart is deployed"
    if semver.is_version(version):
        numbers = version.partition("+")[0].partition("-")[0].count(".") + 1
        return f"`{version}` takes the newest patch of the chart" if numbers < _PARTS else ""
    return f"`{version}` takes the newest chart in a range" if semver.is_constraint(version) else ""


def _git(body: dict[str, Any]) -> tuple[Path, str] | None:
    """fluxcd/pkg:git/gogit/client.go: commit, then name, tag, semver, branch."""
    ref = table(body, "spec", "ref")
    if any(ref.get(key) for key in ("commit", "tag")):
        return None
    for key, what in (
        ("name", "is a branch"),
        ("semver", "takes the newest tag"),
        ("branch", "is a branch"),
    ):
        value = known_text(ref.get(key))
        if value is None or not value:
            continue
        if key == "name" and not value.startswith("refs/heads/"):
            return None
        exact = key == "semver" and semver.is_version(value)
        return None if exact else (("spec", "ref", key), f"`{value}` {what}, which moves")
    return None


def _artifact(body: dict[str, Any]) -> tuple[Path, str] | None:
    """source-controller:internal/controller/ocirepository_controller.go: digest, then semver, tag."""
    ref = table(body, "spec", "ref")
    if ref.get("digest"):
        return None
    wanted = known_text(ref.get("semver"))
    if wanted:
        exact = semver.is_version(wanted) and wanted.count(".") == _PARTS - 1
        what = f"`{wanted}` takes the newest tag in a range"
        return None if exact else (("spec", "ref", "semver"), what)
    if "tag" in ref:
        tag = known_text(ref["tag"])
        what = _tag(tag) if tag else ""
        return (("spec", "ref", "tag"), what) if what else None
    if ref.get("semver"):
        return None
    return ("spec", "url"), "without `ref` the tag `latest` is used, which moves"


def _chart(chart: dict[str, Any], at: Path) -> tuple[Path, str] | None:
    kind = table(chart, "sourceRef").get("kind")
    if kind != "HelmRepository" or not chart.get("chart"):
        return None
    stated = chart.get("version")
    if stated is None:
        return (*at, "chart"), "without a version the newest chart is installed"
    version = known_text(stated)
    what = _version(version) if version else ""
    return ((*at, "version"), what) if what else None


_APP = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web-prod
  namespace: argocd
spec:
  project: shop
  source:
    repoURL: https://git.example.com/other.git
    path: web
    targetRevision: {revision}
  destination:
    name: in-cluster
    namespace: web
"""
_CHART = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: production
spec:
  interval: 10m
  chart:
    spec:
      chart: web
      version: {version}
      sourceRef:
        kind: HelmRepository
        name: charts
"""

BAD = (
    Example(
        title="a branch in production",
        yaml=_APP.format(revision="main"),
        at="spec.source.targetRevision",
    ),
    Example(
        title="a range of chart versions",
        yaml=_CHART.format(version='"1.x"'),
        at="spec.chart.spec.version",
    ),
    Example(
        title="an artifact without a tag",
        yaml="""\
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata:
  name: web
  namespace: flux-system
spec:
  interval: 10m
  url: oci://registry.example.com/web
""",
        at="spec.url",
    ),
)
GOOD = (
    Example(title="a tag", yaml=_APP.format(revision="v1.2.3")),
    Example(title="a chart with a version", yaml=_CHART.format(version="1.2.3")),
    Example(
        title="a version that is filled in later", yaml=_CHART.format(version="${WEB_VERSION}")
    ),
    Example(
        title="the repository at hand",
        files={
            "app.yaml": _APP.format(revision="main"),
            "web/kustomization.yaml": "resources: []\n",
        },
    ),
)
