"""Permissions, schedules and settings of Argo CD that Flux has no exact equal for.

## What it does

In the profile of a migration it tells what `argoflux convert` would lose or change on the way to Flux: projects, sync windows, retries, sync options, notifications and settings of the installation. What
is lost or needs a person is a warning, what differs in part a remark.

## Why is this bad

Flux has no counterpart of an AppProject and no sync windows: who may do what is decided by service accounts, RBAC and admission
policies, and a Kustomization corrects drift at every interval.

## When to ignore it

When you know what takes its place; `argoflux message CODE` explains the code at the end of each remark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.lint.portability import losses
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import CONFIG_MAP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context

RULE = Rule(
    code="AF602",
    name="argo-governance-not-portable",
    severity=Severity.WARNING,
    scope="estate",
    kinds=("Application", "ApplicationSet", "AppProject"),
    evidence=("document", "graph", "files"),
    only=("migration-to-flux",),
)


def check(ctx: Context) -> Iterator[Finding]:
    """What the conversion says."""
    yield from losses(RULE, "flux", ctx)


BAD = (
    Example(
        title="validation that is switched off",
        files={
            "app.yaml": """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: default
  source:
    repoURL: https://git.example.com/apps.git
    path: web
    targetRevision: v1.2.3
  destination:
    server: https://kubernetes.default.svc
    namespace: web
  syncPolicy:
    automated: {prune: true, selfHeal: true}
    syncOptions:
      - Validate=false
""",
            "web/web.yaml": CONFIG_MAP,
        },
        at="spec.syncPolicy.syncOptions[0]",
        file="app.yaml",
    ),
)
GOOD = (
    Example(
        title="automation as Flux has it",
        files={
            "app.yaml": """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: default
  source:
    repoURL: https://git.example.com/apps.git
    path: web
    targetRevision: v1.2.3
  destination:
    server: https://kubernetes.default.svc
    namespace: web
  syncPolicy:
    automated: {prune: true, selfHeal: true}
""",
            "web/web.yaml": CONFIG_MAP,
        },
    ),
)
