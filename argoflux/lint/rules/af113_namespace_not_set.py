"""A namespaced object without a namespace, where nothing adds one.

## What it does

It follows what Flux Kustomizations and Applications apply, through kustomization files and their own
settings, and reports objects of kinds that are known to be namespaced and still have no namespace.
Where the content of a path is not known, it is silent.

## Why is this bad

Flux refuses the object, and with it all that is applied together: `namespace not specified`
(fluxcd/pkg:ssa/errors/errors.go). Argo CD shows `Namespace for … is missing` and does not sync it
(argo-cd:controller/state.go).

## When to ignore it

When another tool fills the namespace in before the manifests are applied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.argocd.shapes import text
from argoflux.finding import Severity
from argoflux.flux.fields import text as flux_text
from argoflux.lint.deliveries import flux_deliveries
from argoflux.lint.rule import Example, Rule
from argoflux.lint.source_content import contents
from argoflux.model.content import Known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding, Place
    from argoflux.lint.context import Context
    from argoflux.model.content import ContentObject

RULE = Rule(
    code="AF113",
    name="namespace-not-set",
    severity=Severity.WARNING,
    scope="estate",
    evidence=("document", "files"),
)


def check(ctx: Context) -> Iterator[Finding]:
    """Objects that arrive without a namespace; each is told once."""
    told: set[tuple[str, int]] = set()
    for place, obj, who in (*_of_flux(ctx), *_of_argocd(ctx)):
        key = (obj.file, obj.place.span().start)
        if key in told:
            continue
        told.add(key)
        by_flux = who == "Flux"
        yield RULE.at(
            obj.place,
            f"{obj.ref.kind} {obj.ref.name} has no namespace, and nothing that applies it sets one;"
            f" add `metadata.namespace`, or `{_SETTINGS[who]}`",
            severity=Severity.ERROR if by_flux else None,
            related=((place, "applied from here"),),
        )


_SETTINGS = {"Flux": "targetNamespace", "Argo CD": "destination.namespace"}


def _of_flux(ctx: Context) -> Iterator[tuple[Place, ContentObject, str]]:
    for delivery in flux_deliveries(ctx):
        owner = delivery.owner
        if not flux_text(owner.body, "spec", "targetNamespace"):
            for obj in _without_namespace(delivery.content):
                yield owner.place("spec", "path"), obj, "Flux"


def _of_argocd(ctx: Context) -> Iterator[tuple[Place, ContentObject, str]]:
    for app in ctx.all_applications:
        destination = app.spec.get("destination")
        stated = destination.get("namespace") if isinstance(destination, dict) else None
        if app.open or text(stated):
            continue
        for content in contents(app, ctx):
            if isinstance(content, Known):
                for obj in _without_namespace(content):
                    yield app.place("spec", "destination", on="key"), obj, "Argo CD"


def _without_namespace(content: Known) -> Iterator[ContentObject]:
    if content.kind_of_path == "helm":
        return
    for obj in content.blank:
        if obj.scope == "namespaced" and obj.certain and not obj.generate_name:
            yield obj


_KUSTOMIZATION = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  path: ./apps
  sourceRef:
    kind: GitRepository
    name: flux-system
"""
_SOURCE = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 5m
  url: https://git.example.com/fleet.git
  ref: {branch: main}
"""
_SETTINGS_MAP = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  theme: dark
"""
_FILES = {
    "cluster/apps.yaml": _KUSTOMIZATION,
    "cluster/source.yaml": _SOURCE,
    "apps/settings.yaml": _SETTINGS_MAP,
}
_APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: shop
  source:
    repoURL: https://git.example.com/apps.git
    path: apps
    targetRevision: main
  destination:
    name: in-cluster
"""

BAD = (
    Example(
        title="a folder that Flux applies",
        files=_FILES,
        file="apps/settings.yaml",
        at="",
    ),
    Example(
        title="an Application without a namespace for its objects",
        files={"argocd/web.yaml": _APPLICATION, "apps/settings.yaml": _SETTINGS_MAP},
        file="apps/settings.yaml",
        at="",
    ),
)
GOOD = (
    Example(
        title="the Kustomization says where",
        files={
            **_FILES,
            "cluster/apps.yaml": _KUSTOMIZATION.replace(
                "  path:", "  targetNamespace: apps\n  path:"
            ),
        },
    ),
    Example(
        title="a kustomization file says where",
        files={
            **_FILES,
            "apps/kustomization.yaml": "namespace: apps\nresources:\n  - settings.yaml\n",
        },
    ),
    Example(
        title="nobody knows who applies it",
        files={"apps/settings.yaml": _SETTINGS_MAP},
    ),
)
