"""A duration that the controllers do not read.

## What it does

It checks durations of Flux objects (`30s`, `5m`, `1h30m`; the `timeout` of sources and Providers knows
no hours), of the retry backoff of Applications (a Go duration, or a number of seconds), and of the sync
windows of an AppProject (a Go duration).

## Why is this bad

The API server refuses the Flux object. Argo CD takes the value and fails later: retries stop, and each
sync of a project with a bad window ends in `cannot parse duration`
(argo-cd:pkg/apis/application/v1alpha1/types.go, argo-cd:controller/appcontroller.go).

## Fix safety

The fix writes the same span of time in a form that is read: `1d` becomes `24h`. A number without a
unit has no fix.

## When to ignore it

Never.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from argoflux.finding import Severity
from argoflux.goports.duration import DurationError, parse, parse_backoff
from argoflux.lint.application import is_known
from argoflux.lint.authored import is_authored
from argoflux.lint.duration_words import suggestion
from argoflux.lint.rule import Example, Rule
from argoflux.schema import field_facts
from argoflux.schema_words import expected_form
from argoflux.text import path_text
from argoflux.yamlio.edit import set_value
from argoflux.yamlio.tree import dig

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.text import Path

RULE = Rule(code="AF109", name="invalid-duration", severity=Severity.ERROR)

_BACKOFF: Path = ("spec", "syncPolicy", "retry", "backoff")


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """Durations of the object, by the schema or by what Argo CD reads."""
    match resource.ref.kind:
        case "Application" | "ApplicationSet":
            for view in ctx.applications(resource):
                for key in ("duration", "maxDuration"):
                    path = (*_BACKOFF, key)
                    value = view.get(*path)
                    edits = is_authored(view, *path)
                    path = (*view.at, *path)
                    yield from _read_by(parse_backoff, resource, path, value, ctx, edits=edits)
        case "AppProject":
            windows = dig(resource.body, "spec", "syncWindows")
            for index, window in enumerate(windows if isinstance(windows, list) else ()):
                path = ("spec", "syncWindows", index, "duration")
                yield from _read_by(parse, resource, path, dig(window, "duration"), ctx)
        case _:
            yield from _by_schema(resource, ctx)


def _by_schema(resource: Resource, ctx: Context) -> Iterator[Finding]:
    written = ctx.as_written(resource)
    for error in ctx.schema_errors(resource):
        if error.rule not in {"pattern", "type"}:
            continue
        facts = field_facts(resource.ref.kind, error.path, resource.version)
        if facts is None or facts.pattern is None:
            continue
        expected = expected_form(facts.pattern)
        if expected.startswith("a duration"):
            hours = "without hours" not in expected
            value = dig(written.body, *error.path)
            yield _finding(written, error.path, value, expected, ctx, hours=hours)


def _read_by(
    reader: Callable[[str], int],
    resource: Resource,
    path: Path,
    value: Any,
    ctx: Context,
    *,
    edits: bool = True,
) -> Iterator[Finding]:
    if not isinstance(value, str) or not value or not is_known(value):
        return
    try:
        reader(value)
    except DurationError:
        finding = _finding(resource, path, value, "a duration such as `60s` or `3m`", ctx)
        yield finding if edits else replace(finding, fix=None)


def _finding(
    resource: Resource, path: Path, value: Any, expected: str, ctx: Context, *, hours: bool = True
) -> Finding:
    place = resource.place(*path)
    raw = str(value)
    meant = suggestion(raw, hours=hours)
    advice = f"use `{meant}`" if meant else f"write {expected}"
    if raw.isdigit():
        advice = f"add a unit: `{raw}s` for seconds, `{raw}m` for minutes"
    edits = set_value(resource.document, place.path, meant) if meant else ()
    return RULE.at(
        place,
        f"`{path_text(path)}` is `{raw}`, which the controller does not read as a duration; {advice}",
        resource=resource,
        fix=ctx.safe(f"write `{meant}`", edits),
    )


_SOURCE = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: fleet
  namespace: flux-system
spec:
  interval: 1d
  url: https://git.example.com/fleet.git
"""
_PROJECT = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: shop
  namespace: argocd
spec:
  syncWindows:
    - kind: deny
      schedule: 0 22 * * *
      duration: 5 hours
      applications: ["*"]
"""

BAD = (
    Example(
        title="days",
        yaml=_SOURCE,
        at="spec.interval",
        fixed=_SOURCE.replace("1d", "24h"),
    ),
    Example(
        title="hours where minutes are the largest unit",
        yaml=_SOURCE.replace("1d", "10m") + "  timeout: 1h\n",
        at="spec.timeout",
        fixed=_SOURCE.replace("1d", "10m") + "  timeout: 60m\n",
    ),
    Example(title="no unit", yaml=_SOURCE.replace("1d", "300"), at="spec.interval"),
    Example(
        title="words in a sync window",
        yaml=_PROJECT,
        at="spec.syncWindows[0].duration",
        fixed=_PROJECT.replace("5 hours", "5h"),
    ),
)
GOOD = (
    Example(title="hours", yaml=_SOURCE.replace("1d", "24h")),
    Example(title="filled in later", yaml=_SOURCE.replace("1d", "${INTERVAL:=1d}")),
    Example(
        title="seconds of a backoff",
        yaml="""\
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
  destination:
    name: in-cluster
    namespace: web
  syncPolicy:
    retry:
      backoff:
        duration: "30"
        maxDuration: 3m
""",
    ),
)
