"""A values file that does not exist.

## What it does

It looks for the files in `helm.valueFiles` and `helm.fileParameters` of Applications, beside the chart
or in the source that `$name/` means, and in `valuesFiles` of HelmReleases and HelmCharts with a chart in
Git, where a copy of the repository is at hand. A copy that is only recognised because most paths exist
in it gives a warning. Where missing files are allowed, it is an info.

## Why is this bad

Argo CD stops with a `ComparisonError`, and Flux cannot build the chart: the last release keeps running
and nothing new arrives. Where missing files are allowed, a slip in the name deploys the defaults of the
chart with a green status.

## When to ignore it

When the files at hand are not those of the branch that is deployed; or when a file is meant to be there
for some clusters only.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.argocd.shapes import block, items, switch, text
from argoflux.argocd.values_files import from_root, is_url
from argoflux.finding import Severity
from argoflux.flux.fields import flag, table, texts
from argoflux.flux.fields import text as flux_text
from argoflux.goports.doublestar import doublestar
from argoflux.goports.globs import GlobError
from argoflux.lint.application import is_known
from argoflux.lint.arrivals import arrivals, is_flux
from argoflux.lint.copies import copy_of, flux_repository, is_sample, repository_of
from argoflux.lint.rule import Example, Rule
from argoflux.schema_words import closest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.finding import Finding, Place
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.lint.copies import Copy, Repository
    from argoflux.resource import Resource

RULE = Rule(
    code="AF207",
    name="helm-values-file-missing",
    severity=Severity.ERROR,
    scope="estate",
    kinds=("Application", "ApplicationSet", "HelmRelease", "HelmChart"),
    evidence=("document", "files"),
    yields_to=("AF208",),
)

_GLOB = frozenset("*?[{")
_CHARTS = {"HelmRelease": ("spec", "chart", "spec"), "HelmChart": ("spec",)}


class _File(NamedTuple):
    """A values file of an object: its path from the root of the repository, and where it is named."""

    resource: Resource
    place: Place
    repository: Repository
    path: str
    optional: bool


def check(ctx: Context) -> Iterator[Finding]:
    """Files that are named and not there.

    argo-cd:reposerver/repository/repository.go getResolvedValueFiles;
    source-controller:internal/helm/chart/builder_local.go (files of the source, from its root).
    """
    for app in ctx.all_applications:
        for file in _of_application(app):
            yield from _judged(ctx, file)
    if any(is_flux(resource) for resource in ctx.resources):
        for resource in arrivals(ctx).resources:
            for file in _of_flux(ctx, resource):
                yield from _judged(ctx, file)


def _of_application(app: ApplicationView) -> Iterator[_File]:
    sources = list(app.sources())
    lenders = {text(source.get("ref")): source for _, source in sources if source.get("ref")}
    for at, source in sources:
        helm = block(source, "helm")
        optional = switch(helm, "ignoreMissingValueFiles") is True
        named = [
            ((*at, "helm", "valueFiles", number), text(item), optional)
            for number, item in enumerate(items(helm, "valueFiles"))
        ]
        named += [
            ((*at, "helm", "fileParameters", number, "path"), text(item.get("path")), False)
            for number, item in enumerate(items(helm, "fileParameters"))
            if isinstance(item, dict)
        ]
        for path, written, may_miss in named:
            found = _located(app, source, lenders, written)
            if found is not None:
                yield _File(app.resource, app.place(*path), *found, may_miss)


def _located(
    app: ApplicationView,
    source: Mapping[str, Any],
    lenders: Mapping[str, Mapping[str, Any]],
    written: str,
) -> tuple[Repository, str] | None:
    """The repository and path of a file, None where one of them is not known."""
    if not written or is_url(written) or not is_known(written):
        return None
    if written.startswith("$"):
        name, _, path = written[1:].partition("/")
        lender = lenders.get(name)
        if lender is None or "$" in path:
            return None
        repository = repository_of(lender, app.resource.root)
        return (repository, posixpath.normpath(path.lstrip("/"))) if repository else None
    chart = text(source.get("path"))
    repository = repository_of(source, app.resource.root)
    if repository is None or not is_known(chart) or "$" in written:
        return None
    return repository, from_root(chart, written)


def _of_flux(ctx: Context, resource: Resource) -> Iterator[_File]:
    at = _CHARTS.get(resource.ref.kind)
    if at is None:
        return
    chart = table(resource.body, *at)
    repository = flux_repository(ctx, resource, table(chart, "sourceRef"))
    optional = flag(chart, "ignoreMissingValuesFiles") is True
    if repository is None or not flux_text(chart, "chart"):
        return
    for number, file in enumerate(texts(chart, "valuesFiles")):
        if is_known(file):
            place = resource.place(*at, "valuesFiles", number)
            path = posixpath.normpath(file.lstrip("/"))
            yield _File(resource, place, repository, path, optional)


def _judged(ctx: Context, file: _File) -> Iterator[Finding]:
    copy = copy_of(ctx, file.repository)
    if copy is None or is_sample(file.resource) or _exists(ctx, copy, file.path):
        return
    near = _near(ctx, copy, file.path)
    hint = f"; did you mean `{near}`?" if near else ""
    if file.optional:
        severity, hint = Severity.INFO, f", so the chart's own values count{hint}"
    else:
        severity = Severity.ERROR if copy.proved else Severity.WARNING
    yield RULE.at(
        file.place,
        f"values file `{file.path}` does not exist in {file.repository.shown}{hint}",
        resource=file.resource,
        severity=severity,
    )


def _exists(ctx: Context, copy: Copy, path: str) -> bool:
    """Whether there is such a file, or one that a pattern matches."""
    tree = ctx.workspace.tree
    if path.startswith("../"):
        return True  # Argo CD says so itself, and other rules
    if not _GLOB & set(path):
        return tree.is_file(copy.tree.path(path))
    start = posixpath.dirname(path[: min(path.find(one) for one in _GLOB & set(path))])
    top = copy.tree.path(start)
    for folder in tree.directories_below(top):
        listing = tree.listing(folder)
        below = folder[len(copy.tree.directory) :].replace("\\", "/").strip("/")
        for name in listing.files if listing is not None else ():
            try:
                if doublestar(path, posixpath.join(below, name)):
                    return True
            except GlobError:
                return True
    return False


def _near(ctx: Context, copy: Copy, path: str) -> str:
    above, _, name = path.rpartition("/")
    listing = ctx.workspace.tree.listing(copy.tree.path(above))
    near = closest(name, listing.files) if listing is not None else ""
    return posixpath.join(above, near) if near else ""


_GIT = '[remote "origin"]\n\turl = https://git.example.com/fleet.git\n'
_CHART = "apiVersion: v2\nname: web\nversion: 1.0.0\n"
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
    path: charts/web
    helm:
      valueFiles:
        - {file}
  destination:
    server: https://kubernetes.default.svc
    namespace: web
"""
_SOURCES = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: shop
  sources:
    - repoURL: https://charts.example.com
      chart: web
      targetRevision: 1.4.2
      helm:
        ignoreMissingValueFiles: {optional}
        valueFiles:
          - $values/{file}
    - repoURL: https://git.example.com/fleet.git
      targetRevision: main
      ref: values
  destination:
    server: https://kubernetes.default.svc
    namespace: web
"""
_FLUX = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: fleet
  namespace: apps
spec:
  interval: 5m
  url: https://git.example.com/fleet.git
  ref:
    branch: main
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: apps
spec:
  interval: 10m
  chart:
    spec:
      chart: charts/web
      valuesFiles:
        - {file}
      sourceRef:
        kind: GitRepository
        name: fleet
"""


def _files(text_: str) -> dict[str, str]:
    return {
        ".git/config": _GIT,
        "charts/web/Chart.yaml": _CHART,
        "charts/web/values-prod.yaml": "replicas: 2\n",
        "web.yaml": text_,
    }


BAD = (
    Example(
        title="a file beside the chart",
        files=_files(_APPLICATION.format(file="values-prd.yaml")),
        file="web.yaml",
        at="spec.source.helm.valueFiles[0]",
    ),
    Example(
        title="a file of another source",
        files=_files(_SOURCES.format(file="charts/web/values-prd.yaml", optional="false")),
        file="web.yaml",
        at="spec.sources[0].helm.valueFiles[0]",
    ),
    Example(
        title="a file that may be missing is an info",
        files=_files(_SOURCES.format(file="charts/web/values-prd.yaml", optional="true")),
        file="web.yaml",
        at="spec.sources[0].helm.valueFiles[0]",
    ),
    Example(
        title="a path of Flux starts at the root of the repository",
        files=_files(_FLUX.format(file="values-prod.yaml")),
        file="web.yaml",
        at="spec.chart.spec.valuesFiles[0]",
    ),
)
GOOD = (
    Example(
        title="a file that exists",
        files=_files(_APPLICATION.format(file="/charts/web/values-prod.yaml")),
    ),
    Example(
        title="a pattern that matches",
        files=_files(_APPLICATION.format(file="'values-*.yaml'")),
    ),
    Example(
        title="a file of a HelmRelease that exists",
        files=_files(_FLUX.format(file="charts/web/values-prod.yaml")),
    ),
    Example(
        title="a repository of which no copy is at hand",
        yaml=_APPLICATION.format(file="values-prd.yaml"),
    ),
    Example(
        title="a name that is filled in later",
        files=_files(_APPLICATION.format(file="values-$ARGOCD_APP_NAME.yaml")),
    ),
)
