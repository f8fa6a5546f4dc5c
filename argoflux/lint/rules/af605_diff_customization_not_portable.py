"""Fields that are left alone in one system, in a way that the other does not know.

## What it does

In the profile of a migration it tells what `argoflux convert` would lose or change on the way to the other system: ignored differences, instructions on objects and custom health checks, in either direction. What
is lost or needs a person is a warning, what differs in part a remark.

## Why is this bad

Argo CD leaves out fields when it compares, Flux when it applies. A rule that cannot be carried over lets the other system take
back what somebody else set.

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
    code="AF605",
    name="diff-customization-not-portable",
    severity=Severity.WARNING,
    scope="estate",
    kinds=("Application", "ApplicationSet", "Kustomization", "HelmRelease"),
    evidence=("document", "graph", "files"),
    only=("migration-to-flux", "migration-to-argocd"),
)


def check(ctx: Context) -> Iterator[Finding]:
    """What the conversion says."""
    yield from losses(RULE, "flux", ctx)
    yield from losses(RULE, "argocd", ctx)


BAD = (
    Example(
        title="fields by their manager",
        files={
            "app.yaml": APPLICATION
            + """\
  ignoreDifferences:
    - group: apps
      kind: Deployment
      managedFieldsManagers:
        - autoscaler
""",
            "web/web.yaml": CONFIG_MAP,
        },
        at="spec.ignoreDifferences[0].managedFieldsManagers[0]",
        file="app.yaml",
    ),
)
GOOD = (
    Example(
        title="no exceptions",
        files={
            "app.yaml": APPLICATION,
            "web/web.yaml": CONFIG_MAP,
        },
    ),
)
