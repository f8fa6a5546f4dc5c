"""What Flux does with a Helm release, and Argo CD, which only renders charts, does not.

## What it does

In the profile of a migration it tells what `argoflux convert` would lose or change on the way to Argo CD: remediation, tests, values from objects, post-renderers and CRD policies. What
is lost or needs a person is a warning, what differs in part a remark.

## Why is this bad

Argo CD uses Helm to render and applies the result itself: nothing is rolled back, no test is run, and values come from Git.

## When to ignore it

When you know what takes its place; `argoflux message CODE` explains the code at the end of each remark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.lint.portability import losses
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import RELEASED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context

RULE = Rule(
    code="AF609",
    name="flux-helm-lifecycle-not-portable",
    severity=Severity.WARNING,
    scope="estate",
    kinds=("HelmRelease",),
    evidence=("document", "graph", "files"),
    only=("migration-to-argocd",),
)


def check(ctx: Context) -> Iterator[Finding]:
    """What the conversion says."""
    yield from losses(RULE, "argocd", ctx)


BAD = (
    Example(
        title="tests after each upgrade",
        files={
            "flux.yaml": RELEASED
            + """\
  test:
    enable: true
""",
        },
        at="spec.test.enable",
        file="flux.yaml",
    ),
)
GOOD = (
    Example(
        title="a plain release",
        files={
            "flux.yaml": RELEASED,
        },
    ),
)
