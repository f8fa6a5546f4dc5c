"""A combination of fields that a validation rule of the CRD refuses.

## What it does

The CRDs of Flux, of its operator and of Argo CD's image updater state rules in CEL: fields that need
each other, exclude each other, or belong to one type only. Each is evaluated as the API server does,
with defaults filled in; a rule counts from the release on that brought it. Rules that need a value
that is filled in later are not judged.

## Why is this bad

The API server refuses the object, although it fits the plain schema that most checkers look at.

## When to ignore it

When the cluster runs an older release than argoflux takes it for: state it with `--flux-version`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux import kinds
from argoflux.finding import Severity
from argoflux.lint.completed import is_completed
from argoflux.lint.rule import Example, Rule
from argoflux.schema_rule_words import RULE_WORDS
from argoflux.versions import Release

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.schema_words import SchemaError

RULE = Rule(code="AF108", name="cel-rule-violation", severity=Severity.ERROR)


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """The rules of the schema that the object breaks."""
    for error in ctx.schema_errors(resource):
        if error.rule != "cel" or not _counts(error, resource, ctx):
            continue
        if not is_completed(ctx, resource, error):
            written = ctx.as_written(resource)
            place = written.place(*error.path, on=error.on)
            yield RULE.at(place, error.message, resource=written)


def _counts(error: SchemaError, resource: Resource, ctx: Context) -> bool:
    words = RULE_WORDS.get(error.expected)
    if words is None or not words.since or kinds.engine_of(resource.ref.group) != "flux":
        return True
    return ctx.release("flux", resource) >= Release.parse(words.since)


_RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: web
spec:
  interval: 10m
  chartRef:
    kind: OCIRepository
    name: web
"""
_BOTH = """\
  chart:
    spec:
      chart: web
      sourceRef: {kind: HelmRepository, name: charts}
"""

BAD = (
    Example(title="two charts", yaml=_RELEASE + _BOTH, at="spec.chartRef"),
    Example(
        title="an instance of the operator with a name of its own",
        yaml="""\
apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata:
  name: fleet
  namespace: flux-system
spec:
  distribution:
    version: 2.x
    registry: ghcr.io/fluxcd
""",
        at="",
    ),
)
GOOD = (
    Example(title="one chart", yaml=_RELEASE),
    Example(
        title="a type that is filled in later",
        yaml="""\
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Provider
metadata:
  name: status
  namespace: flux-system
spec:
  type: ${PROVIDER}
  commitStatusExpr: "'fleet/' + event.metadata.env"
""",
    ),
    Example(
        title="a rule that the release does not have yet",
        yaml="""\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: fleet
  namespace: flux-system
spec:
  interval: 5m
  url: https://git.example.com/fleet.git
  serviceAccountName: reader
""",
        flux="2.6",
    ),
)
