"""A value that the schema of its kind does not allow.

## What it does

Objects of Argo CD and Flux are checked against the schema of the version that they state: types,
required fields, allowed values, patterns and bounds. Values that are filled in later (`${VAR}`,
`{{ x }}`) are not judged, and what a kustomization or a parent adds to an object is taken into account.

## Why is this bad

The API server rejects the object. Under an app of apps or a Flux Kustomization one rejected object
stops everything that is applied together with it.

## Fix safety

A value of a list of choices that differs from one of them by its case or by one character is written
as that one. It is safe: the value was refused.

## When to ignore it

When the cluster runs another version of the CRDs: state it with `--argocd-version` or
`--flux-version`, or by path in the config file.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.lint.completed import is_completed
from argoflux.lint.rule import Example, Rule
from argoflux.lint.stand_ins import is_stand_in
from argoflux.yamlio.edit import set_value
from argoflux.yamlio.tree import dig

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding, Fix
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
        if (
            error.rule in _OTHERS
            or _is_added(resource, error)
            or is_stand_in(dig(written.body, *error.path))
        ):
            continue
        if not is_completed(ctx, resource, error):
            place = written.place(*error.path, on=error.on)
            fix = _slip(written, error, ctx)
            yield RULE.at(place, error.message, resource=written, fix=fix)


def _slip(resource: Resource, error: SchemaError, ctx: Context) -> Fix | None:
    """The value that was meant, where one character or the case is all that is wrong."""
    value = dig(resource.body, *error.path)
    if error.rule != "enum" or not error.suggestion or not isinstance(value, str):
        return None
    if not _is_near(value, error.suggestion):
        return None
    path = resource.place(*error.path).path
    edits = set_value(resource.document, path, error.suggestion)
    return ctx.safe(f"write `{error.suggestion}`", edits)


def _is_near(one: str, other: str) -> bool:
    """Whether two words differ in their case alone, or by one character."""
    if one.casefold() == other.casefold():
        return True
    short, long = sorted((one, other), key=len)
    same = sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(short, long, strict=False))
    )
    if len(short) == len(long):
        return short[same + 1 :] == long[same + 1 :]
    return len(long) == len(short) + 1 and short[same:] == long[same + 1 :]


def _is_added(resource: Resource, error: SchemaError) -> bool:
    """Whether the value is one that flux-operator adds to the CRDs that it installs."""
    field = (resource.ref.kind, error.path[1:2], error.path[3:])
    return field in _ADDED_BY_OPERATOR and dig(resource.body, *error.path) in _OPERATOR_KINDS


BAD = (
    Example(
        title="a choice with a slip",
        yaml="""\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: web
spec:
  interval: 10m
  chartRef:
    kind: OCIrepository  # the registry
    name: web
""",
        at="spec.chartRef.kind",
        fixed="""\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: web
spec:
  interval: 10m
  chartRef:
    kind: OCIRepository  # the registry
    name: web
""",
    ),
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
        title="a word that a script replaces",
        yaml="""\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: fleet
  namespace: flux-system
spec:
  interval: 5m
  url: GIT_PREFIX/fleet
""",
    ),
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
        title="a patch that no kustomization lists any more",
        files={
            "clusters/one/apps.yaml": """\
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
            "clusters/one/timeout.yaml": """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  timeout: 2m
""",
        },
    ),
    Example(
        title="a choice that somebody has yet to make",
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
    kind: TODO
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
