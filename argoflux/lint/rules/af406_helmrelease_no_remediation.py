"""A HelmRelease that gives up after the first failure.

## What it does

It reports releases that state no retries for installing or upgrading and no strategy that retries.

## Why is this bad

The default is no retry: one timeout while images are pulled stalls the release, and it stays so until its specification or its chart changes.

## When to ignore it

When a failed release shall wait for a person, or when a patch for all releases adds the retries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.flux.fields import number, text
from argoflux.lint.arrivals import arrivals
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import ARTIFACT_RELEASE
from argoflux.versions import Release

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

RULE = Rule(
    code="AF406",
    name="helmrelease-no-remediation",
    severity=Severity.WARNING,
    kinds=("HelmRelease",),
    evidence=("document", "target"),
    links=("https://fluxcd.io/flux/components/helm/helmreleases/#configuring-failure-handling",),
)

# helm-controller:docs/spec/v2/helmreleases.md: retries defaults to 0; strategies since 1.4 (Flux 2.7)
_STRATEGY = Release(2, 7)
_ACTIONS = ("install", "upgrade")
_GATE = "DefaultToRetryOnFailure=true"


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """Actions that are not tried again."""
    if not _missing(resource) or resource.root in _gated(ctx):
        return
    places = arrivals(ctx).of(resource)  # a parent may add it to all releases
    missing = max(map(_missing, places), key=len)
    if not missing:
        return
    certain = any(map(arrivals(ctx).is_applied, places))
    newer = ctx.release("flux", resource) >= _STRATEGY
    way = "`strategy.name: RetryOnFailure`" if newer else "`remediation.retries`"
    what = " or ".join(missing)
    yield RULE.at(
        resource.place("spec", on="key"),
        f"a failed {what} is not tried again, and the release is stalled; set {way} for it",
        resource=resource,
        severity=Severity.WARNING if certain and len(missing) == len(_ACTIONS) else Severity.INFO,
    )


def _gated(ctx: Context) -> frozenset[str]:
    """The roots whose controller is told to retry by default (helm-controller:internal/features)."""
    known: frozenset[str] | None = ctx.memory.get(_GATE)
    if known is None:
        objects = (*ctx.resources, *ctx.workspace.patches)
        known = frozenset(one.root for one in objects if _GATE in one.document.source.text)
        ctx.memory[_GATE] = known
    return known


def _missing(resource: Resource) -> list[str]:
    return [action for action in _ACTIONS if not _is_retried(resource, action)]


def _is_retried(resource: Resource, action: str) -> bool:
    if text(resource.body, "spec", action, "strategy", "name") == "RetryOnFailure":
        return True
    return bool(number(resource.body, "spec", action, "remediation", "retries"))


_PARENT = """\
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
  name: apps
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  path: ./apps
  sourceRef:
    kind: GitRepository
    name: fleet
  patches:
    - target:
        kind: HelmRelease
      patch: |
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: all
        spec:
          install:
            remediation: {retries: 3}
          upgrade:
            remediation: {retries: 3}
"""

BAD = (Example(title="no word about failures", yaml=ARTIFACT_RELEASE, at="spec"),)
GOOD = (
    Example(
        title="retries",
        yaml=ARTIFACT_RELEASE
        + "  install:\n    remediation: {retries: 3}\n  upgrade:\n    remediation: {retries: 3}\n",
    ),
    Example(
        title="a patch of the parent for all releases",
        files={
            "clusters/prod/apps.yaml": _PARENT,
            "apps/kustomization.yaml": "resources:\n  - web.yaml\n",
            "apps/web.yaml": ARTIFACT_RELEASE,
        },
    ),
    Example(
        title="a strategy that retries",
        yaml=ARTIFACT_RELEASE
        + "  install:\n    strategy: {name: RetryOnFailure}\n  upgrade:\n    strategy: {name: RetryOnFailure}\n",
    ),
)
