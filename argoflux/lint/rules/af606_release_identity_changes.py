"""A move that would change the names, namespaces or releases of what runs.

## What it does

In the profile of a migration it tells what `argoflux convert` would lose or change on the way to the other system: release names, namespaces, clusters and marks that the other system would set differently. What
is lost or needs a person is a warning, what differs in part a remark.

## Why is this bad

Argo CD renders charts without a release, Flux installs one. Where names or namespaces differ afterwards, workloads are created
anew beside those that run, or instead of them.

## When to ignore it

When you know what takes its place; `argoflux message CODE` explains the code at the end of each remark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.lint.portability import losses
from argoflux.lint.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context

RULE = Rule(
    code="AF606",
    name="release-identity-changes",
    severity=Severity.WARNING,
    scope="estate",
    kinds=("Application", "ApplicationSet", "HelmRelease"),
    evidence=("document", "graph", "files"),
    only=("migration-to-flux", "migration-to-argocd"),
)


def check(ctx: Context) -> Iterator[Finding]:
    """What the conversion says."""
    yield from losses(RULE, "flux", ctx)
    yield from losses(RULE, "argocd", ctx)


BAD = (
    Example(
        title="a release name that Helm refuses",
        files={
            "app.yaml": """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: shop
  source:
    repoURL: https://charts.example.com
    chart: web
    targetRevision: 1.2.3
    helm:
      releaseName: web-of-the-shop-in-the-region-of-central-europe-in-production
  destination:
    server: https://kubernetes.default.svc
    namespace: web
  syncPolicy:
    automated: {prune: true, selfHeal: true}
""",
        },
        at="",
        file="app.yaml",
    ),
)
GOOD = (
    Example(
        title="a short name",
        files={
            "app.yaml": """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: shop
  source:
    repoURL: https://charts.example.com
    chart: web
    targetRevision: 1.2.3
    helm:
      releaseName: web
  destination:
    server: https://kubernetes.default.svc
    namespace: web
  syncPolicy:
    automated: {prune: true, selfHeal: true}
""",
        },
    ),
)
