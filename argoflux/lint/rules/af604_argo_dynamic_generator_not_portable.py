"""Generators of ApplicationSets whose answers change while they run.

## What it does

In the profile of a migration it tells what `argoflux convert` would lose or change on the way to Flux: generators that look at clusters, hosts, pull requests or plugins. What
is lost or needs a person is a warning, what differs in part a remark.

## Why is this bad

What such a generator finds is known only where it runs. Flux objects written from it would be a snapshot; flux-operator has
providers of inputs for some of them.

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
    code="AF604",
    name="argo-dynamic-generator-not-portable",
    severity=Severity.WARNING,
    scope="estate",
    kinds=("ApplicationSet",),
    evidence=("document", "graph", "files"),
    only=("migration-to-flux",),
)


def check(ctx: Context) -> Iterator[Finding]:
    """What the conversion says."""
    yield from losses(RULE, "flux", ctx)


BAD = (
    Example(
        title="pull requests",
        files={
            "set.yaml": """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: previews
  namespace: argocd
spec:
  goTemplate: true
  generators:
    - pullRequest:
        github: {owner: example, repo: shop}
  template:
    metadata:
      name: "preview-{{ .number }}"
    spec:
      project: shop
      source:
        repoURL: https://git.example.com/apps.git
        path: web
        targetRevision: "{{ .head_sha }}"
      destination:
        server: https://kubernetes.default.svc
        namespace: "preview-{{ .number }}"
""",
        },
        at="",
        file="set.yaml",
    ),
)
GOOD = (
    Example(
        title="a list",
        files={
            "set.yaml": """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: plain
  namespace: argocd
spec:
  project: shop
  source:
    repoURL: https://git.example.com/apps.git
    path: web
    targetRevision: v1.2.3
  destination:
    server: https://kubernetes.default.svc
    namespace: web
""",
        },
    ),
)
