"""Intervals, retries and timeouts that do not fit together.

## What it does

It compares `interval`, `retryInterval` and `timeout` of a Kustomization, and with `wait` the time that is left for workloads to become ready; without
`timeout` that is half a minute less than the interval.

## Why is this bad

A failure is tried again after `retryInterval`, which is the interval where it is not stated: with an hour, a registry that was away for a minute
costs an hour. A timeout below a minute ends the wait for pods that are still being scheduled.

## Fix safety

The fix makes Flux try again sooner.

## When to ignore it

When failures are rare and somebody reconciles by hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.flux.fields import flag, text
from argoflux.goports.duration import MINUTE, SECOND, DurationError, parse_flux
from argoflux.lint.arrivals import arrivals
from argoflux.lint.rule import Example, Rule
from argoflux.yamlio.edit import insert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

RULE = Rule(
    code="AF412",
    name="retry-and-timeout-relations",
    severity=Severity.WARNING,
    kinds=("Kustomization",),
    yields_to=("AF109",),
    links=("https://fluxcd.io/flux/components/kustomize/kustomizations/#retry-interval",),
)

# kustomize-controller:api/v1/kustomization_types.go GetRetryInterval, GetTimeout
_LONG = 30 * MINUTE
_MARGIN = 30 * SECOND
"""What the timeout is shorter than the interval by default, and the least that it is."""


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """Relations between durations that are known."""
    interval, retry, timeout = (
        _nanoseconds(resource, key) for key in ("interval", "retryInterval", "timeout")
    )
    if interval is None:
        return
    stated = text(resource.body, "spec", "retryInterval") is not None
    if interval >= _LONG and not stated and not all(map(_is_retried, arrivals(ctx).of(resource))):
        at = (*resource.place("spec").path, "retryInterval")
        fix = ctx.unsafe(
            "add `retryInterval: 2m`", insert(resource.document, at, "2m", after="interval")
        )
        message = "after a failure Flux waits for a whole interval; add a shorter `retryInterval`"
        yield RULE.at(resource.place("spec", "interval"), message, resource=resource, fix=fix)
    if retry is not None and retry > interval:
        message = "failures are tried again later than everything is applied anyhow; shorten it"
        yield RULE.at(resource.place("spec", "retryInterval"), message, resource=resource)
    if timeout is not None and timeout > interval:
        message = "the timeout is longer than the interval: the next run waits for this one"
        place = resource.place("spec", "timeout")
        yield RULE.at(place, message, resource=resource, severity=Severity.INFO)
    if flag(resource.body, "spec", "wait") is True:
        yield from _waiting(resource, interval, timeout, ctx)


def _waiting(
    resource: Resource, interval: int, timeout: int | None, ctx: Context
) -> Iterator[Finding]:
    """How long readiness is waited for; without a timeout that follows from the interval."""
    if timeout is not None and timeout < MINUTE:
        message = "less than a minute is not enough to wait for workloads to become ready"
        yield RULE.at(resource.place("spec", "timeout"), message, resource=resource)
    places = arrivals(ctx).of(resource)
    stated = any(text(one.body, "spec", "timeout") is not None for one in (resource, *places))
    if not stated and interval - _MARGIN < MINUTE:
        seconds = max(interval - _MARGIN, _MARGIN) // SECOND
        message = (
            f"without `timeout` workloads get {seconds} seconds to become ready, which follows from the"
            " interval; state a `timeout`"
        )
        yield RULE.at(resource.place("spec", "wait"), message, resource=resource)


def _is_retried(resource: Resource) -> bool:
    """Whether a parent stated when to try again."""
    return text(resource.body, "spec", "retryInterval") is not None


def _nanoseconds(resource: Resource, key: str) -> int | None:
    try:
        return parse_flux(text(resource.body, "spec", key) or "")
    except DurationError:
        return None


_KUSTOMIZATION = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: {interval}
  prune: true
  sourceRef:
    kind: GitRepository
    name: fleet
"""

BAD = (
    Example(
        title="an hour until the next attempt",
        yaml=_KUSTOMIZATION.format(interval="1h"),
        at="spec.interval",
        fixed=_KUSTOMIZATION.format(interval="1h\n  retryInterval: 2m"),
        safety="unsafe",
    ),
    Example(
        title="a wait of half a minute",
        yaml=_KUSTOMIZATION.format(interval="10m") + "  wait: true\n  timeout: 30s\n",
        at="spec.timeout",
    ),
)
GOOD = (
    Example(
        title="a shorter interval after failures",
        yaml=_KUSTOMIZATION.format(interval="1h\n  retryInterval: 2m"),
    ),
    Example(title="ten minutes", yaml=_KUSTOMIZATION.format(interval="10m")),
    Example(
        title="an interval that is filled in later",
        yaml=_KUSTOMIZATION.format(interval="${INTERVAL}"),
    ),
)
