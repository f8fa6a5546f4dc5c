"""An API version that the target release still serves, and a later one does not.

## What it does

It reports Flux objects in a version that the CRDs of the target release call deprecated, and says
when it goes.

## Why is this bad

With the release that drops the version the objects can no longer be applied; Flux asks for manifests
to be moved, and for `flux migrate` to be run, before that upgrade
(fluxcd/kustomize-controller:CHANGELOG.md 1.8.0, fluxcd/flux2:cmd/flux/migrate.go).

## Fix safety

The fix writes the newest version that the release serves and moves fields that this version has
elsewhere. It is safe unless the old lists of patches have to be rewritten, since the order in which
patches are applied can change.

## When to ignore it

When the manifests also serve a cluster that does not know the newer version yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.lint.api_versions import flux_version, upgrade, with_patches
from argoflux.lint.rule import Example, Rule
from argoflux.versions import Release, served, served_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

RULE = Rule(
    code="AF104",
    name="deprecated-api-version",
    severity=Severity.WARNING,
    scope="estate",
    evidence=("document", "target"),
)


def check(ctx: Context) -> Iterator[Finding]:
    """Versions of objects, and of patches for them."""
    for resource in with_patches(ctx):
        yield from _deprecated(resource, ctx)


def _deprecated(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """A version that is served, and deprecated."""
    found = flux_version(resource)
    if found is None or found[1].deprecated_in is None or resource.placeholder:
        return
    kind, version = found
    release = ctx.release("flux", resource)
    if release < Release.parse(version.deprecated_in or "") or not served(kind, version, release):
        return
    written = ctx.as_written(resource)
    removed = f" and removed in {version.removed}" if version.removed else ""
    yield RULE.at(
        written.place("apiVersion"),
        f"{resource.api_version} of {kind.kind} is deprecated since Flux {version.deprecated_in}"
        f"{removed}; use {kind.group}/{served_version(kind.kind, release)}",
        resource=written,
        fix=upgrade(ctx, resource, release),
    )


_OLD = """\
apiVersion: source.toolkit.fluxcd.io/v1beta2
kind: GitRepository
metadata:
  name: fleet
  namespace: flux-system
spec:
  interval: 5m
  url: https://git.example.com/fleet.git
  gitImplementation: go-git
  ref:
    branch: main
"""
_NEW = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: fleet
  namespace: flux-system
spec:
  interval: 5m
  url: https://git.example.com/fleet.git
  ref:
    branch: main
"""

BAD = (
    Example(
        title="a beta version before it goes", yaml=_OLD, at="apiVersion", fixed=_NEW, flux="2.7"
    ),
)
GOOD = (
    Example(title="the stable version", yaml=_NEW, flux="2.7"),
    Example(title="a release that already dropped it: AF103 tells", yaml=_OLD, flux="2.9"),
)
