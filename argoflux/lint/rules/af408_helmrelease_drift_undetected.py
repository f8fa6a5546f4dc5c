"""A HelmRelease whose objects may be changed by hand without anybody noticing.

## What it does

It reports releases that do not switch drift detection on.

## Why is this bad

helm-controller upgrades when chart or values change. What somebody edits in the cluster in between stays, unlike with a Kustomization,
which applies its objects at every interval.

## Fix safety

The fix makes Flux take back what was changed by hand, also what an operator or webhook changed.

## When to ignore it

When admission webhooks or operators change the objects all the time: start with `mode: warn`, and add `ignore` rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.flux.fields import text
from argoflux.lint.arrivals import arrivals
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import ARTIFACT_RELEASE
from argoflux.yamlio.edit import insert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.text import Edit

RULE = Rule(
    code="AF408",
    name="helmrelease-drift-undetected",
    severity=Severity.INFO,
    kinds=("HelmRelease",),
    links=("https://fluxcd.io/flux/components/helm/helmreleases/#drift-detection",),
)

# helm-controller:api/v2/helmrelease_types.go DriftDetectionMode: disabled by default
_OFF = frozenset({"", "disabled"})


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """Drift detection that is off."""
    mode = text(resource.body, "spec", "driftDetection", "mode") or ""
    if mode not in _OFF or all(_is_on(one) for one in arrivals(ctx).of(resource)):
        return
    edits: tuple[Edit, ...] = ()
    if not mode:
        at = (*resource.place("spec").path, "driftDetection", "mode")
        edits = insert(resource.document, at, "enabled")
    place = (
        resource.place("spec", "driftDetection", "mode")
        if mode
        else resource.place("spec", on="key")
    )
    yield RULE.at(
        place,
        "changes made by hand stay until the next upgrade; set `driftDetection.mode` to `enabled` or `warn`",
        resource=resource,
        fix=ctx.unsafe("set `driftDetection.mode: enabled`", edits),
    )


def _is_on(resource: Resource) -> bool:
    """Whether a parent switched it on."""
    return (text(resource.body, "spec", "driftDetection", "mode") or "") not in _OFF


_WATCHED = ARTIFACT_RELEASE + "  driftDetection:\n    mode: enabled\n"

BAD = (
    Example(
        title="no drift detection",
        yaml=ARTIFACT_RELEASE,
        at="spec",
        fixed=_WATCHED,
        safety="unsafe",
    ),
)
GOOD = (
    Example(title="drift is corrected", yaml=_WATCHED),
    Example(title="drift is told", yaml=ARTIFACT_RELEASE + "  driftDetection:\n    mode: warn\n"),
)
