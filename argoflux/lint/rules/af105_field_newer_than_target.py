"""A field or value that the target release does not know yet.

## What it does

It looks up the release that brought each field, and each value of an enumeration, in the CRDs of all
releases, and reports those that came after the target release. The newest release, which is meant
unless another is stated or found in the repository, knows them all.

## Why is this bad

An older CRD drops the field without a word: `automated.enabled: false` leaves automatic sync on before
Argo CD 3.1, `postBuild.substituteStrategy` is gone before Flux 2.9. Flux's own objects are applied
server-side, which refuses them: `field not declared in schema`.

## When to ignore it

When the release was found wrongly: state it with `--argocd-version` or `--flux-version`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from argoflux import kinds
from argoflux.finding import Severity
from argoflux.lint.rule import Example, Rule
from argoflux.schema_fields import load_availability, pattern_text
from argoflux.text import path_text
from argoflux.versions import SUPPORTED, Release, served_version, since

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.text import Path, Side
    from argoflux.versions import System

RULE = Rule(
    code="AF105",
    name="field-newer-than-target",
    severity=Severity.ERROR,
    evidence=("document", "target"),
)

_NAMES: dict[System, str] = {"argocd": "Argo CD", "flux": "Flux"}


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """The fields of the object that are newer than its release."""
    kind = kinds.find(resource.ref.group, resource.ref.kind)
    if kind is None or kind.engine not in SUPPORTED:
        return
    system: System = "argocd" if kind.engine == "argocd" else "flux"
    release = ctx.release(system, resource)
    if release >= SUPPORTED[system].last or served_version(kind.kind, release) is None:
        return
    if system == "flux" and served_version(kind.kind, release) != resource.version:
        return  # AF103 and AF104 speak about the version
    spec = resource.body.get("spec")
    if isinstance(spec, dict):
        for path, on, first in _newer(kind.kind, resource.version, ("spec",), spec, release):
            what = f"`{path_text(path)}`"
            if on == "value":
                what = f"the value of {what}"
            yield RULE.at(
                resource.place(*path, on=on),
                f"{what} needs {_NAMES[system]} {first} or newer, and {release} is meant;"
                " upgrade first, or leave it out",
                resource=resource,
            )


def _newer(
    kind: str, version: str, path: Path, value: Any, release: Release
) -> Iterator[tuple[Path, Side, Release]]:
    """The outermost fields (``key``) and the values that came after a release, with theirs."""
    if len(path) > 1 and isinstance(path[-1], str):
        first = _since(kind, version, pattern_text(path))
        if first is not None and first > release:
            yield path, "key", first
            return
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _newer(kind, version, (*path, key), item, release)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _newer(kind, version, (*path, index), item, release)
    elif isinstance(value, str):
        dated = _value_since(kind, version, pattern_text(path)).get(value)
        if dated is not None and Release.parse(dated) > release:
            yield path, "value", Release.parse(dated)


@cache
def _since(kind: str, version: str, pattern: str) -> Release | None:
    return since(kind, version, pattern)


@cache
def _value_since(kind: str, version: str, pattern: str) -> dict[str, str]:
    row = load_availability().get(f"{kind}/{version}", {})
    found: dict[str, str] = row.get("values", {}).get(pattern, {})
    return found


_KUSTOMIZATION = """\
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
  deletionPolicy: WaitForTermination
"""
_PAUSED = """\
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
    automated:
      enabled: false
      prune: true
"""

BAD = (
    Example(
        title="a switch that an older Argo CD drops",
        yaml=_PAUSED,
        at="spec.syncPolicy.automated.enabled",
        argocd="2.14",
    ),
    Example(
        title="a value of a later release",
        yaml=_KUSTOMIZATION,
        at="spec.deletionPolicy",
        flux="2.5",
    ),
)
GOOD = (
    Example(title="a release that knows it", yaml=_PAUSED, argocd="3.1"),
    Example(title="the newest release", yaml=_KUSTOMIZATION),
)
