"""An API version that the target release does not serve.

## What it does

It compares `apiVersion` and `kind` of Flux objects with what the target release of Flux serves, and
reports versions that are gone, that came later, or that never existed; in patches as well, which
kustomize matches by version. Objects and annotations of
Flux v1 are reported too, and the keys of `argocd-cm` that Argo CD 3.0 no longer reads.

## Why is this bad

The API server answers `no matches for kind`, and everything that waits for the object waits for
ever. Flux 2.7 dropped v1beta1 and v2beta1, 2.8 v1beta2 of sources and Kustomizations and v2beta2 of
HelmReleases, 2.9 v1beta2 of notifications and images (the CRDs of each release).

## Fix safety

The fix writes the newest version that the release serves and moves fields that this version has
elsewhere. It is safe unless the old lists of patches have to be rewritten, since the order in which
patches are applied can change.

## When to ignore it

When the file is for a cluster with an older Flux: state its release by path in the config file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from argoflux import kinds
from argoflux.finding import Severity
from argoflux.lint.api_versions import fields_to_move, flux_version, upgrade, with_patches
from argoflux.lint.rule import Example, Rule
from argoflux.versions import SUPPORTED, Release, served, served_version
from argoflux.yamlio.tree import MISSING, dig

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

RULE = Rule(
    code="AF103",
    name="removed-api-version",
    severity=Severity.ERROR,
    scope="estate",
    evidence=("document", "target"),
)

_FLUX_GROUPS = frozenset(kind.group for kind in kinds.KINDS if kind.engine == "flux")
_FLUX_1 = re.compile(r"(?:fluxcd|filter\.fluxcd|helm\.fluxcd)\.io/")
"""fluxcd/flux:docs/references/annotations.md, of Flux v1."""
_SETTINGS = ("repositories", "repository.credentials", "helm.repositories")
"""argo-cd:docs/operator-manual/upgrading/2.14-3.0.md."""
_WITHOUT_SETTINGS = Release(3, 0)


def check(ctx: Context) -> Iterator[Finding]:
    """Versions of objects, annotations of Flux v1, and keys of `argocd-cm`."""
    for resource in with_patches(ctx):
        if resource.pseudo == "ConfigMap:argocd-cm":
            yield from _settings(resource, ctx)
        elif kinds.engine_of(resource.ref.group) == "flux" and not resource.placeholder:
            yield from _version(resource, ctx)
    for resource in ctx.workspace.marked:
        notes = dig(resource.body, "metadata", "annotations")
        for key in notes if isinstance(notes, dict) else ():
            if _FLUX_1.match(str(key)):
                yield RULE.at(
                    resource.place("metadata", "annotations", key, on="key"),
                    f"`{key}` is an annotation of Flux v1, which Flux v2 does not read; remove it",
                    resource=resource,
                    severity=Severity.WARNING,
                )


def _version(resource: Resource, ctx: Context) -> Iterator[Finding]:
    release = ctx.release("flux", resource)
    message = _problem(resource, release)
    if not message:
        return
    target = served_version(resource.ref.kind, release) or ""
    written = ctx.as_written(resource)
    gone = fields_to_move(written, target) if flux_version(resource) else []
    yield RULE.at(
        written.place("apiVersion"),
        message,
        resource=written,
        related=tuple(
            (written.place(*each.path, on="key"), f"{each.text} is gone there; {each.move.says}")
            for each in gone
        ),
        fix=upgrade(ctx, resource, release),
    )


def _problem(resource: Resource, release: Release) -> str:
    """What is wrong with the type of a Flux object; empty when nothing is known to be."""
    ref, written = resource.ref, f"{resource.api_version} {resource.ref.kind}"
    known = kinds.by_name(ref.kind)
    right = served_version(ref.kind, release)
    instead = f"; use {known.group}/{right}" if known is not None and right else ""
    if ref.group not in _FLUX_GROUPS and (known is not None or ref.group == "helm.fluxcd.io"):
        return f"{written} belongs to Flux v1, which Flux v2 does not read{instead}"
    if known is None or known.engine != "flux":
        return ""
    if known.group != ref.group:
        return f"{ref.kind} is not in {ref.group}{instead}"
    version = known.version(resource.version)
    if version is None:
        newer = kinds.version_rank(resource.version) > kinds.version_rank(known.newest.version)
        if newer and release > SUPPORTED["flux"].last:
            return ""
        return f"Flux has no {written}{instead}"
    if served(known, version, release) is not False:
        return ""
    if version.removed is not None and release >= Release.parse(version.removed):
        return (
            f"Flux {release} does not serve {written}: it was removed in {version.removed}{instead}"
        )
    return (
        f"Flux {release} does not serve {written} yet: it came with {version.introduced}{instead}"
    )


def _settings(resource: Resource, ctx: Context) -> Iterator[Finding]:
    if ctx.release("argocd", resource) < _WITHOUT_SETTINGS:
        return
    for key in _SETTINGS:
        if dig(resource.body, "data", key) is not MISSING:
            yield RULE.at(
                resource.place("data", key, on="key"),
                f"Argo CD 3.0 and newer do not read `{key}`; declare each repository as a Secret with"
                " the label `argocd.argoproj.io/secret-type`",
                resource=resource,
            )


_OLD = """\
apiVersion: helm.toolkit.fluxcd.io/v2beta1
kind: HelmRelease
metadata:
  name: web
  namespace: web
spec:
  interval: 10m
  chart:
    spec:
      chart: web
      valuesFile: production.yaml  # the large one
      sourceRef:
        kind: HelmRepository
        name: charts
"""
_NEW = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: web
spec:
  interval: 10m
  chart:
    spec:
      chart: web
      valuesFiles:  # the large one
      - production.yaml
      sourceRef:
        kind: HelmRepository
        name: charts
"""

BAD = (
    Example(title="a version of long ago", yaml=_OLD, at="apiVersion", fixed=_NEW),
    Example(
        title="patches in the old form",
        yaml="""\
apiVersion: kustomize.toolkit.fluxcd.io/v1beta2
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
  patchesJson6902:
    - target: {kind: Deployment, name: web}
      patch:
        - op: remove
          path: /spec/replicas
""",
        at="apiVersion",
        fixed="""\
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
  patches:
    - patch: |
        - op: remove
          path: /spec/replicas
      target:
        kind: Deployment
        name: web
""",
        safety="unsafe",
    ),
    Example(
        title="an object of Flux v1",
        yaml="""\
apiVersion: helm.fluxcd.io/v1
kind: HelmRelease
metadata:
  name: web
  namespace: web
spec:
  releaseName: web
""",
        at="apiVersion",
    ),
    Example(
        title="a version that the release does not have yet",
        yaml=_NEW,
        at="apiVersion",
        flux="2.2",
    ),
    Example(
        title="repositories in the settings",
        yaml="""\
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cm
  namespace: argocd
data:
  repositories: |
    - url: https://git.example.com/apps.git
""",
        at="data.repositories",
    ),
)
GOOD = (
    Example(title="the current version", yaml=_NEW),
    Example(title="a cluster that still serves it", yaml=_OLD, flux="2.6"),
    Example(
        title="a version that is filled in later",
        yaml=_NEW.replace("v2\n", "${HELM_API}\n"),
    ),
)
