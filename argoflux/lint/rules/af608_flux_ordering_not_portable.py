"""Ordering and waiting of Flux that Argo CD has no exact equal for.

## What it does

In the profile of a migration it tells what `argoflux convert` would lose or change on the way to Argo CD: dependencies between objects, their conditions, and health checks on single objects. What
is lost or needs a person is a warning, what differs in part a remark.

## Why is this bad

Argo CD orders inside of a sync by waves. Between Applications it orders only where a parent applies them, or an ApplicationSet
rolls them out step by step.

## When to ignore it

When you know what takes its place; `argoflux message CODE` explains the code at the end of each remark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.lint.portability import losses
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import APPLIED, CONFIG_MAP, LISTED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context

RULE = Rule(
    code="AF608",
    name="flux-ordering-not-portable",
    severity=Severity.WARNING,
    scope="estate",
    kinds=("Kustomization", "HelmRelease"),
    evidence=("document", "graph", "files"),
    only=("migration-to-argocd",),
)


def check(ctx: Context) -> Iterator[Finding]:
    """What the conversion says."""
    yield from losses(RULE, "argocd", ctx)


BAD = (
    Example(
        title="a dependency on something that is not there",
        files={
            "flux.yaml": APPLIED
            + """\
  dependsOn:
    - name: database
""",
            "web/web.yaml": CONFIG_MAP,
            "web/kustomization.yaml": LISTED,
        },
        at="spec.dependsOn[0].name",
        file="flux.yaml",
    ),
)
GOOD = (
    Example(
        title="no dependency",
        files={
            "flux.yaml": APPLIED,
            "web/web.yaml": CONFIG_MAP,
            "web/kustomization.yaml": LISTED,
        },
    ),
)
