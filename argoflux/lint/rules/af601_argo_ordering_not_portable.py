"""Ordering of Argo CD that Flux has no exact equal for.

## What it does

In the profile of a migration it tells what `argoflux convert` would lose or change on the way to Flux: waves inside of an app, hooks, pruning last and confirmations. What
is lost or needs a person is a warning, what differs in part a remark.

## Why is this bad

Flux orders by kind inside of a Kustomization and by `dependsOn` between them; it has no phases around a sync. A migration job
that ran before each sync must become an object of its own that others depend on.

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
    code="AF601",
    name="argo-ordering-not-portable",
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
        title="pruning after everything else is healthy",
        files={
            "app.yaml": APPLICATION
            + """\
    syncOptions:
      - PruneLast=true
""",
            "web/web.yaml": CONFIG_MAP,
        },
        at="spec.syncPolicy.syncOptions[0]",
        file="app.yaml",
    ),
)
GOOD = (
    Example(
        title="an app without phases",
        files={
            "app.yaml": APPLICATION,
            "web/web.yaml": CONFIG_MAP,
        },
    ),
)
