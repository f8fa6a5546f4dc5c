"""Ways to state and render sources that Flux has no exact equal for.

## What it does

In the profile of a migration it tells what `argoflux convert` would lose or change on the way to Flux: plugins, Jsonnet, values files from elsewhere, file parameters, overrides in the path and versions of tools. What
is lost or needs a person is a warning, what differs in part a remark.

## Why is this bad

Flux renders with one built-in kustomize and Helm, from artifacts that source-controller fetched. What another program rendered has
to be committed, or to become an artifact of its own.

## When to ignore it

When you know what takes its place; `argoflux message CODE` explains the code at the end of each remark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.lint.portability import losses
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import APPLICATION, CONFIG_MAP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context

RULE = Rule(
    code="AF603",
    name="argo-source-features-not-portable",
    severity=Severity.WARNING,
    scope="estate",
    kinds=("Application", "ApplicationSet"),
    evidence=("document", "graph", "files"),
    only=("migration-to-flux",),
)


def check(ctx: Context) -> Iterator[Finding]:
    """What the conversion says."""
    yield from losses(RULE, "flux", ctx)


BAD = (
    Example(
        title="a plugin",
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
    repoURL: https://git.example.com/apps.git
    path: web
    targetRevision: v1.2.3
    plugin:
      name: tanka
  destination:
    server: https://kubernetes.default.svc
    namespace: web
  syncPolicy:
    automated: {prune: true, selfHeal: true}
""",
            "web/web.yaml": CONFIG_MAP,
        },
        at="",
        file="app.yaml",
    ),
)
GOOD = (
    Example(
        title="a plain folder",
        files={
            "app.yaml": APPLICATION,
            "web/web.yaml": CONFIG_MAP,
        },
    ),
)
