"""A length of history that leaves nothing to go back to, or keeps everything for ever.

## What it does

It reports a HelmRelease that keeps one release although a failure shall roll back, or keeps all of them, and an
Application without history, or with more than ten entries.

## Why is this bad

Going back needs the record of what ran before. Without a limit the other extreme happens: each Helm release is a
Secret in the cluster, and each entry of an Application makes the object larger, until etcd refuses it.

## When to ignore it

When you always roll back in Git, and never with `argocd app rollback` or by remediation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.argocd.shapes import whole
from argoflux.finding import Severity
from argoflux.flux.fields import number, text
from argoflux.lint.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

# helm-controller:docs/spec/v2/helmreleases.md Max history: 5 by default, 0 keeps all;
# argo-cd:pkg/apis/application/v1alpha1/types.go RevisionHistoryLimit: 10 by default
_USUAL = 10

RULE = Rule(
    code="AF703",
    name="history-disables-rollback",
    severity=Severity.INFO,
    kinds=("Application", "ApplicationSet", "HelmRelease"),
    links=("https://fluxcd.io/flux/components/helm/helmreleases/#max-history",),
)


def check(resource: Resource, _ctx: Context) -> Iterator[Finding]:
    """History limits at their extremes."""
    if resource.ref.kind == "HelmRelease":
        yield from _release(resource)
        return
    at: tuple[str, ...] = (
        ("spec",) if resource.ref.kind == "Application" else ("spec", "template", "spec")
    )
    node: Mapping[str, Any] = resource.body
    for key in at:
        found = node.get(key)
        if not isinstance(found, dict):
            return
        node = found
    limit = whole(node, "revisionHistoryLimit")
    if limit is None or 0 < limit <= _USUAL:
        return
    effect = (
        "keeps no history: `argocd app rollback` has nothing to go back to"
        if limit <= 0
        else f"keeps {limit} entries in the object itself, which grows with each sync"
    )
    place = resource.place(*at, "revisionHistoryLimit")
    yield RULE.at(place, f"`revisionHistoryLimit: {limit}` {effect}", resource=resource)


def _release(resource: Resource) -> Iterator[Finding]:
    limit = number(resource.body, "spec", "maxHistory")
    place = resource.place("spec", "maxHistory")
    if limit == 0:
        message = "`maxHistory: 0` keeps every release for ever, one Secret each; state a number"
        yield RULE.at(place, message, resource=resource)
    elif limit == 1 and _rolls_back(resource):
        message = (
            "`maxHistory: 1` keeps no earlier release, so the remediation of a failed upgrade cannot"
            " roll back; keep 2 or more"
        )
        yield RULE.at(place, message, resource=resource, severity=Severity.WARNING)


def _rolls_back(resource: Resource) -> bool:
    """Whether a failed upgrade is remediated by going back.

    helm-controller:api/v2/helmrelease_types.go UpgradeRemediation.MustRemediateLastFailure, GetStrategy.
    """
    upgrade = ("spec", "upgrade", "remediation")
    retries = number(resource.body, *upgrade, "retries")
    strategy = text(resource.body, *upgrade, "strategy") or "rollback"
    return bool(retries) and strategy == "rollback"


BAD = (
    Example(
        title="a rollback without anything to go back to",
        yaml="""\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: shop
spec:
  interval: 10m
  maxHistory: 1
  upgrade:
    remediation:
      retries: 3
  chartRef:
    kind: OCIRepository
    name: web
""",
        at="spec.maxHistory",
    ),
    Example(
        title="no limit at all",
        yaml="""\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: shop
spec:
  interval: 10m
  maxHistory: 0
  chartRef:
    kind: OCIRepository
    name: web
""",
        at="spec.maxHistory",
    ),
    Example(
        title="an Application without history",
        yaml="""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: shop
  revisionHistoryLimit: 0
  source:
    repoURL: https://git.example.com/apps.git
    path: web
    targetRevision: v1.2.3
  destination:
    name: in-cluster
    namespace: web
""",
        at="spec.revisionHistoryLimit",
    ),
)
GOOD = (
    Example(
        title="a few releases",
        yaml="""\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: shop
spec:
  interval: 10m
  maxHistory: 5
  upgrade:
    remediation:
      retries: 3
  chartRef:
    kind: OCIRepository
    name: web
""",
    ),
    Example(
        title="one release, and an upgrade that is uninstalled when it fails",
        yaml="""\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: shop
spec:
  interval: 10m
  maxHistory: 1
  upgrade:
    remediation:
      retries: 3
      strategy: uninstall
  chartRef:
    kind: OCIRepository
    name: web
""",
    ),
)
