"""A reference of a Flux object to an object that is not defined.

## What it does

It looks for the object that `sourceRef`, `chartRef`, `imageRepositoryRef`, `providerRef`,
`eventSources`, `resources`, `include`, the sources of an ArtifactGenerator and `inputsFrom` name, after
what kustomization files and variables make of namespaces and names. Where the input has no entry point or no
sources at all, or nobody knows what a Kustomization applies, it is one info per missing object. Single files
and folders of a Git work tree are not judged.

## Why is this bad

The object waits for a source that never comes, and stays not ready without any alert. An Alert whose
provider is in another namespace tells nobody.

## Fix safety

The fix takes the one object of that name from its namespace. It changes what is deployed, so it is
unsafe, and there is none where the controllers forbid references to other namespaces.

## When to ignore it

When the object is created elsewhere: by Terraform, by hand, by another repository.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.lint.dangling import dangling, other_namespace
from argoflux.lint.references import FIELDS, SOURCE_KINDS
from argoflux.lint.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.lint.dangling import Dangling
    from argoflux.resource import Resource

RULE = Rule(
    code="AF202",
    name="dangling-object-reference",
    severity=Severity.ERROR,
    kinds=tuple(FIELDS),
    evidence=("document", "graph"),
    links=("https://fluxcd.io/flux/components/kustomize/kustomizations/#source-reference",),
)


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """A reference that no object of the root answers.

    kustomize-controller:internal/controller/kustomization_controller.go getSource,
    helm-controller:internal/controller/helmrelease_controller.go getSource,
    notification-controller:internal/server/event_handlers.go (the provider is read in the
    namespace of the Alert).
    """
    for found in dangling(resource, ctx, FIELDS):
        reference = found.reference
        advice, fix = other_namespace(ctx, found)
        missing = "is not defined" if found.proved else "is not defined in the files at hand"
        yield RULE.at(
            found.place,
            f"`{reference.field}` points to {reference.target}, which {missing}"
            f"{advice or _hint(found)}",
            resource=reference.resource,
            severity=None if found.proved else Severity.INFO,
            fix=fix if found.proved else None,
        )


def _hint(found: Dangling) -> str:
    reference = found.reference
    kinds = sorted(SOURCE_KINDS) if reference.kind in SOURCE_KINDS else ()
    other = found.definitions.other_kind(reference, kinds)
    if other is not None:
        return f"; there is a {other.resource.ref.kind} of that name"
    near = found.definitions.near(reference)
    return f"; did you mean `{near}`?" if near else ""


_SOURCE = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: shop
  namespace: {namespace}
spec:
  interval: 5m
  url: https://git.example.com/shop.git
  ref:
    branch: main
"""
_KUSTOMIZATION = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: web
  namespace: apps
spec:
  interval: 10m
  prune: true
  path: {path}
  sourceRef:
    kind: GitRepository
    name: {name}
"""
_ALERT = """\
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Provider
metadata:
  name: chat
  namespace: flux-system
spec:
  type: generic
  address: https://chat.example.com/hook
---
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Alert
metadata:
  name: web
  namespace: apps
spec:
  providerRef:
    name: chat
  eventSources:
    - kind: Kustomization
      name: "*"
"""

BAD = (
    Example(
        title="a source in another namespace",
        files={
            "source.yaml": _SOURCE.format(namespace="flux-system"),
            "web/kustomization.yaml": "resources: []\n",
            "web.yaml": _KUSTOMIZATION.format(path="./web", name="shop"),
        },
        file="web.yaml",
        at="spec.sourceRef.name",
        fixed=_KUSTOMIZATION.format(path="./web", name="shop") + "    namespace: flux-system\n",
        safety="unsafe",
    ),
    Example(
        title="a provider in another namespace",
        yaml=_ALERT,
        at="spec.providerRef.name",
    ),
    Example(
        title="no source at hand is an info",
        yaml=_KUSTOMIZATION.format(path="./web", name="shop"),
        at="spec.sourceRef.name",
    ),
)
GOOD = (
    Example(
        title="a source in the same namespace",
        files={
            "source.yaml": _SOURCE.format(namespace="apps"),
            "web.yaml": _KUSTOMIZATION.format(path="./web", name="shop"),
        },
    ),
    Example(
        title="the source that a bootstrap creates",
        yaml=_KUSTOMIZATION.format(path="./web", name="flux-system").replace(
            "namespace: apps", "namespace: flux-system"
        ),
    ),
    Example(
        title="a source whose namespace an overlay sets",
        files={
            "apps/kustomization.yaml": "namespace: apps\nresources: [source.yaml]\n",
            "apps/source.yaml": _SOURCE.format(namespace="base"),
            "clusters/prod/flux-system/gotk-sync.yaml": _KUSTOMIZATION.format(
                path="./clusters/prod", name="flux-system"
            ).replace(
                "name: web\n  namespace: apps", "name: flux-system\n  namespace: flux-system"
            ),
            "clusters/prod/apps.yaml": _KUSTOMIZATION.format(
                path="./apps", name="flux-system"
            ).replace("name: web\n  namespace: apps", "name: apps\n  namespace: flux-system"),
            "clusters/prod/web.yaml": _KUSTOMIZATION.format(path="./apps", name="shop"),
        },
    ),
    Example(
        title="a name that is filled in later",
        files={
            "source.yaml": _SOURCE.format(namespace="flux-system"),
            "web.yaml": _KUSTOMIZATION.format(path="./web", name="shop-${region}"),
        },
    ),
)
