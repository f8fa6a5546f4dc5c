"""A value that the schema of its kind does not allow.

## What it does

Objects of Argo CD and Flux are checked against the schema of the version that they state: types,
required fields, allowed values, patterns and bounds. Values that are filled in later (`${VAR}`,
`{{ x }}`) are not judged, and what a kustomization or a parent adds to an object is taken into account.

## Why is this bad

The API server rejects the object. Under an app of apps or a Flux Kustomization one rejected object
stops everything that is applied together with it.

## When to ignore it

When the cluster runs another version of the CRDs: state it with `--argocd-version` or
`--flux-version`, or by path in the config file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.lint.completed import is_completed
from argoflux.lint.rule import Example, Rule
from argoflux.yamlio.tree import dig

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.schema_words import SchemaError

RULE = Rule(
    code="AF101",
    name="schema-violation",
    severity=Severity.ERROR,
    yields_to=("AF003", "AF109", "AF402", "AF304"),
)

_OTHERS = frozenset({"unknown-field", "cel"})
"""Told by AF102 and AF108."""

_OPERATOR_KINDS = ("FluxInstance", "ResourceSet")
_ADDED_BY_OPERATOR = (
    ("Alert", ("eventSources",), ("kind",)),
    ("Receiver", ("resources",), ("kind",)),
)
"""controlplaneio-fluxcd/flux-operator:internal/builder/profiles.go (the profile for notifications)."""


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """What the schema says, without unknown fields and rules in CEL."""
    written = ctx.as_written(resource)
    for error in ctx.schema_errors(resource):
        if error.rule in _OTHERS or _is_added(resource, error):
            continue
        if not is_completed(ctx, resource, error):
            place = written.place(*error.path, on=error.on)
            yield RULE.at(place, error.message, resource=written)


def _is_added(resource: Resource, error: SchemaError) -> bool:
    """Whether the value is one that flux-operator adds to the CRDs that it installs."""
    field = (resource.ref.kind, error.path[1:2], error.path[3:])
    return field in _ADDED_BY_OPERATOR and dig(resource.body, *error.path) in _OPERATOR_KINDS


BAD = (
    Example(
        title="a kind of source that does not exist",
        yaml="""\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  sourceRef:
    kind: GitRepo
    name: fleet
""",
        at="spec.sourceRef.kind",
    ),
)
GOOD = (
    Example(
        title="a kind that exists",
        yaml="""\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  sourceRef:
    kind: GitRepository
    name: fleet
""",
    ),
    Example(
        title="a value that is filled in later",
        yaml="""\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: ${INTERVAL}
  prune: true
  sourceRef:
    kind: GitRepository
    name: fleet
""",
    ),
    Example(
        title="a field that an overlay adds",
        files={
            "base/apps.yaml": """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 10m
  sourceRef:
    kind: GitRepository
    name: fleet
""",
            "production/kustomization.yaml": "resources: [../base/apps.yaml]\npatches: [path: prune.yaml]\n",
            "production/prune.yaml": """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
spec:
  prune: true
""",
        },
    ),
    Example(
        title="a kind that flux-operator adds to the sources of events",
        yaml="""\
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Alert
metadata:
  name: flux
  namespace: flux-system
spec:
  providerRef: {name: chat}
  eventSources:
    - kind: FluxInstance
      name: "*"
""",
    ),
)
