"""A field that the current API version no longer has.

## What it does

It reports fields of older API versions in objects of the version that dropped them, commit templates
of an ImageUpdateAutomation that use `.Updated` or `.Changed.ImageResult`, and Applications with
`ksonnet`.

## Why is this bad

To write the new `apiVersion` and keep the old field drops what the field said: patches are not
applied, values files not read (fluxcd/kustomize-controller:CHANGELOG.md 1.0.0,
fluxcd/helm-controller:CHANGELOG.md 1.0.0, fluxcd/source-controller:CHANGELOG.md 1.0.0). Flux applies
its objects server-side, which fails with `field not declared in schema`. A commit template with a
removed field is an error at run time (fluxcd/image-automation-controller:internal/source/source.go).

## Fix safety

The fix moves the value to the field that replaces it, or removes what nothing reads. It is safe
but for the old lists of patches: they become items of `patches`, where they are applied in another
order.

## When to ignore it

When the cluster runs an older release: state it with `--flux-version` or by path in the config file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.lint.api_versions import flux_version
from argoflux.lint.gone_fields import gone_fields
from argoflux.lint.rule import Example, Rule
from argoflux.lint.steps import in_steps
from argoflux.versions import Release
from argoflux.yamlio.tree import dig

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.text import Path

RULE = Rule(
    code="AF106",
    name="removed-field",
    severity=Severity.ERROR,
    kinds=(
        "Application",
        "ApplicationSet",
        "Bucket",
        "GitRepository",
        "HelmChart",
        "HelmRelease",
        "ImageUpdateAutomation",
        "Kustomization",
    ),
    evidence=("document", "target"),
)

_TEMPLATE: Path = ("spec", "git", "commit", "messageTemplate")
_REMOVED_VALUES = re.compile(r"\{\{[^}]*(\.Updated|\.Changed\.ImageResult)\b")
_WITHOUT_VALUES = Release(2, 7)
"""fluxcd/image-automation-controller:CHANGELOG.md 1.0.0, part of Flux 2.7."""


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """Fields that are gone in the newest version of the kind."""
    match resource.ref.kind:
        case "ImageUpdateAutomation":
            yield from _template(resource, ctx)
        case "Application" | "ApplicationSet":
            yield from _ksonnet(resource, ctx)
        case _:
            yield from _fields(resource, ctx)


def _fields(resource: Resource, ctx: Context) -> Iterator[Finding]:
    found = flux_version(resource)
    if found is None:
        return
    kind, version = found
    if version is not kind.newest:  # AF103 and AF104 name the fields that have to move
        return
    written = ctx.as_written(resource)
    for gone in gone_fields(written):
        title = gone.move.says.partition(":")[0].replace("remove it", f"remove `{gone.text}`")
        edits = in_steps(written.document, gone.move.steps(written, gone.path))
        yield RULE.at(
            written.place(*gone.path, on="key"),
            f"`{gone.text}` is gone since {kind.group}/{kind.newest.version}; {gone.move.says}",
            resource=written,
            fix=(ctx.safe if gone.move.safe else ctx.unsafe)(title, edits),
        )


def _template(resource: Resource, ctx: Context) -> Iterator[Finding]:
    text = dig(resource.body, *_TEMPLATE)
    used = _REMOVED_VALUES.search(text) if isinstance(text, str) else None
    if used is not None and ctx.release("flux", resource) >= _WITHOUT_VALUES:
        yield RULE.at(
            resource.place(*_TEMPLATE),
            f"commit templates have no `{used[1]}` since Flux 2.7, and one that uses it fails; use"
            " `.Changed.Changes`, `.Changed.Objects` or `.Changed.FileChanges`",
            resource=resource,
        )


def _ksonnet(resource: Resource, ctx: Context) -> Iterator[Finding]:
    for view in ctx.applications(resource):
        for path, source in view.sources():
            if "ksonnet" in source:
                yield RULE.at(
                    view.place(*path, "ksonnet", on="key"),
                    f"`{'.'.join(str(step) for step in path)}.ksonnet` is gone since Argo CD 2.4,"
                    " which renders no ksonnet any more; use Helm, Kustomize or jsonnet",
                    resource=resource,
                )


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
"""
_AUTOMATION = """\
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageUpdateAutomation
metadata:
  name: images
  namespace: flux-system
spec:
  interval: 30m
  sourceRef:
    kind: GitRepository
    name: fleet
  git:
    commit:
      author: {name: fluxbot, email: fluxbot@example.com}
      messageTemplate: "{{ range .Updated.Images }}{{ println . }}{{ end }}"
"""

BAD = (
    Example(
        title="a validation that nobody does",
        yaml=_KUSTOMIZATION + "  validation: client\n  timeout: 2m\n",
        at="spec.validation",
        fixed=_KUSTOMIZATION + "  timeout: 2m\n",
    ),
    Example(
        title="patches beside old patches",
        yaml=_KUSTOMIZATION
        + """\
  patches:
    - patch: "- {op: remove, path: /spec/replicas}"
      target: {kind: Deployment}
  patchesStrategicMerge:
    - kind: Service
      apiVersion: v1
      metadata: {name: web}
""",
        at="spec.patchesStrategicMerge",
        fixed=_KUSTOMIZATION
        + """\
  patches:
    - patch: '- {op: remove, path: /spec/replicas}'
      target:
        kind: Deployment
    - patch: |
        kind: Service
        apiVersion: v1
        metadata:
          name: web
""",
        safety="unsafe",
    ),
    Example(
        title="one values file beside others",
        yaml="""\
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmChart
metadata:
  name: web
  namespace: web
spec:
  interval: 10m
  chart: web
  sourceRef: {kind: HelmRepository, name: charts}
  valuesFile: base.yaml
  valuesFiles:
    - production.yaml
""",
        at="spec.valuesFile",
        fixed="""\
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmChart
metadata:
  name: web
  namespace: web
spec:
  interval: 10m
  chart: web
  sourceRef: {kind: HelmRepository, name: charts}
  valuesFiles:
    - base.yaml
    - production.yaml
""",
    ),
    Example(
        title="a commit template of Flux 2.6",
        yaml=_AUTOMATION,
        at="spec.git.commit.messageTemplate",
    ),
    Example(
        title="ksonnet",
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
    ksonnet: {environment: production}
  destination: {name: in-cluster, namespace: web}
""",
        at="spec.source.ksonnet",
    ),
)
GOOD = (
    Example(title="fields that exist", yaml=_KUSTOMIZATION),
    Example(title="a template for a release that reads it", yaml=_AUTOMATION, flux="2.6"),
    Example(
        title="an old version that the release serves",
        yaml=_KUSTOMIZATION.replace("/v1\n", "/v1beta2\n") + "  validation: client\n",
        flux="2.7",
    ),
)
