"""A chart from Git whose changes are not rolled out, or a version that is not read.

## What it does

It reports charts from a GitRepository or Bucket with the default `reconcileStrategy`, and a `version` beside such a source.

## Why is this bad

With `ChartVersion` Flux makes a new release only when the version in `Chart.yaml` changes: an edit of a template or of the values file in the
chart waits until somebody raises it. A `version` is not read for such charts at all.

## Fix safety

The fix rolls the chart out with every commit of the repository, also those that do not touch it.

## When to ignore it

When a pipeline raises the version with every change. `Revision` rolls the chart out with every commit of the repository.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.flux.fields import table, text
from argoflux.lint.arrivals import arrivals
from argoflux.lint.rule import Example, Rule
from argoflux.yamlio.edit import insert, set_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

RULE = Rule(
    code="AF405",
    name="chart-version-not-tracked",
    severity=Severity.WARNING,
    kinds=("HelmRelease", "HelmChart"),
    links=("https://fluxcd.io/flux/components/source/helmcharts/#reconcile-strategy",),
)

# source-controller:docs/spec/v1/helmcharts.md Version, Reconcile strategy
_TREES = frozenset({"GitRepository", "Bucket"})
_ANY = frozenset({None, "*", ""})


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """Charts that stand in a tree of files."""
    at = ("spec", "chart", "spec") if resource.ref.kind == "HelmRelease" else ("spec",)
    chart = table(resource.body, *at)
    if text(chart, "sourceRef", "kind") not in _TREES or not chart.get("chart"):
        return
    if chart.get("version") not in _ANY:
        message = "`version` is not read for charts from Git or buckets; the version is that of Chart.yaml"
        yield RULE.at(resource.place(*at, "version"), message, resource=resource)
    strategy = text(chart, "reconcileStrategy") or "ChartVersion"
    if strategy != "ChartVersion":
        return
    arriving = arrivals(ctx).of(resource)
    if all(text(one.body, *at, "reconcileStrategy") == "Revision" for one in arriving):
        return  # a parent states it
    path = (*resource.place(*at).path, "reconcileStrategy")
    edits = (
        set_value(resource.document, path, "Revision")
        if "reconcileStrategy" in chart
        else insert(resource.document, path, "Revision", after="chart")
    )
    yield RULE.at(
        resource.place(*at, "chart"),
        "changes of the chart are rolled out only when the version in its Chart.yaml changes;"
        " `reconcileStrategy: Revision` takes every commit",
        resource=resource,
        fix=ctx.unsafe("set `reconcileStrategy: Revision`", edits),
    )


_RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: shop
spec:
  interval: 10m
  chart:
    spec:
      chart: ./charts/web
      sourceRef:
        kind: GitRepository
        name: fleet
"""
_FIXED = _RELEASE.replace(
    "      chart: ./charts/web\n", "      chart: ./charts/web\n      reconcileStrategy: Revision\n"
)

BAD = (
    Example(
        title="the default strategy",
        yaml=_RELEASE,
        at="spec.chart.spec.chart",
        fixed=_FIXED,
        safety="unsafe",
    ),
    Example(
        title="a version of a chart in Git",
        yaml=_FIXED.replace(
            "      reconcileStrategy", "      version: 1.2.3\n      reconcileStrategy"
        ),
        at="spec.chart.spec.version",
    ),
)
GOOD = (
    Example(title="every commit", yaml=_FIXED),
    Example(
        title="a chart of a repository",
        yaml=_RELEASE.replace("GitRepository", "HelmRepository").replace("./charts/web", "web"),
    ),
)
