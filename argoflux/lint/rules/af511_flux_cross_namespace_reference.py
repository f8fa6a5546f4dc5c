"""A Flux object that refers to an object in another namespace, where tenants are kept apart.

## What it does

It looks at references with a namespace other than the object's own: an error where the controllers
run with `--no-cross-namespace-refs`, or an ImageRepository does not admit the ImagePolicy; a warning in the
namespace of a tenant. Dependencies (`dependsOn`) are free to cross namespaces. Where nothing tells of
tenants, only the profile `multi-tenant` reports such references.

A namespace is a tenant's when it has the label `toolkit.fluxcd.io/tenant`, or when an object in it
states a `serviceAccountName`.

## Why is this bad

The controller refuses the reference and the object stays as it was; events are thrown away. Where no flag
forbids it yet, a tenant can deploy from sources of others, and with their credentials.

## When to ignore it

When the platform shares a source with tenants on purpose, and no flag forbids it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.flux.fields import text
from argoflux.lint.application import is_known
from argoflux.lint.arrivals import arrivals, is_flux
from argoflux.lint.references import FIELDS, values_at
from argoflux.lint.rule import Example, Rule
from argoflux.lint.tenancy import is_tenants, mentions
from argoflux.yamlio.tree import MISSING, dig

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.text import Path

RULE = Rule(
    code="AF511",
    name="flux-cross-namespace-reference",
    severity=Severity.WARNING,
    kinds=(
        "Kustomization",
        "HelmRelease",
        "ImagePolicy",
        "ImageUpdateAutomation",
        "Alert",
        "Receiver",
        "ArtifactGenerator",
    ),
    evidence=("document", "graph"),
    links=("https://fluxcd.io/flux/installation/configuration/multitenancy/",),
)

_EVENTS = {
    "Alert": "its events are thrown away",
    "Receiver": "it is not notified",
}


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """References that leave the namespace, at every place where the object arrives.

    kustomize-controller:internal/controller/kustomization_controller.go getSource,
    helm-controller:internal/controller/helmrelease_controller.go getSource,
    image-reflector-controller:internal/controller/imagepolicy_controller.go getImageRepository,
    notification-controller:internal/server/event_handlers.go and receiver_handlers.go.
    """
    if not is_flux(resource) or not any(True for _ in _stated(resource)):
        return
    for one in arrivals(ctx).of(resource):
        own = one.ref.namespace
        for path, target, namespace in _stated(one):
            if not own or namespace == own or not is_known(own):
                continue
            severity, consequence = _judged(one, ctx, target)
            if severity is not None:
                yield RULE.at(
                    one.place(*path, "namespace"),
                    f"`{'.'.join(str(part) for part in path if isinstance(part, str))}` leaves"
                    f" namespace `{own}` for {target}; {consequence}",
                    resource=one,
                    severity=severity,
                )


def _stated(resource: Resource) -> Iterator[tuple[Path, str, str]]:
    """References with a namespace that is known: the path, the target, the namespace."""
    for field in FIELDS.get(resource.ref.kind, ()):
        for path, reference in values_at(resource.body, field.path):
            if field.local or not isinstance(reference, dict):
                continue
            namespace = text(reference, "namespace")
            if namespace and namespace != "*" and is_known(namespace):
                kind = text(reference, "kind") or field.kind
                yield path, f"{kind}/{namespace}/{text(reference, 'name') or '*'}", namespace


def _judged(one: Resource, ctx: Context, target: str) -> tuple[Severity | None, str]:
    own = one.ref.namespace
    if arrivals(ctx).lockdown.confines(one):
        effect = _EVENTS.get(one.ref.kind, "the object is refused")
        if one.ref.kind in _EVENTS:
            return Severity.ERROR, f"`--no-cross-namespace-refs` forbids that, so {effect}"
        advice = f"define the {target.partition('/')[0]} in namespace `{own}`"
        return Severity.ERROR, f"`--no-cross-namespace-refs` forbids that and {effect}; {advice}"
    if one.ref.kind == "ImagePolicy" and _is_closed(one, ctx, target):
        message = (
            "it has no `spec.accessFrom`, without which nobody outside of its namespace may read it"
        )
        return Severity.ERROR, message
    if mentions(ctx, "no-cross-namespace-refs"):
        return (
            Severity.WARNING,
            "a kustomization file adds `--no-cross-namespace-refs`, which forbids that",
        )
    if is_tenants(ctx, one):
        return Severity.WARNING, (
            "a tenant can use it with the credentials of others; define one in the tenant's"
            " namespace, and run the controllers with `--no-cross-namespace-refs`"
        )
    if ctx.profile == "multi-tenant":
        return Severity.INFO, "`--no-cross-namespace-refs` would forbid that"
    return None, ""


def _is_closed(one: Resource, ctx: Context, target: str) -> bool:
    """Whether the ImageRepository is known, and admits no namespace but its own.

    fluxcd/pkg:runtime/acl/authorization.go HasAccessToRef.
    """
    known: dict[tuple[str, str], list[Resource]] | None = ctx.memory.get("image repositories")
    if known is None:
        known = ctx.memory["image repositories"] = {}
        for each in arrivals(ctx).resources:
            if each.ref.kind == "ImageRepository":
                known.setdefault((each.root, str(each.ref)), []).append(each)
    found = known.get((one.root, target), ())
    return bool(found) and all(dig(each.body, "spec", "accessFrom") is MISSING for each in found)


_INSTANCE = """\
apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata:
  name: flux
  namespace: flux-system
spec:
  distribution:
    version: 2.x
    registry: ghcr.io/fluxcd
  cluster:
    multitenant: true
"""
_TENANT = """\
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    toolkit.fluxcd.io/tenant: shop
"""
_WEB = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: web
  namespace: {namespace}
spec:
  interval: 10m
  prune: true
  path: ./web
  sourceRef:
    kind: GitRepository
    name: platform
    namespace: flux-system
"""
_POLICY = """\
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImagePolicy
metadata:
  name: web
  namespace: shop
spec:
  imageRepositoryRef:
    name: web
    namespace: images
  policy:
    semver:
      range: 1.x
"""
_IMAGES = """\
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageRepository
metadata:
  name: web
  namespace: images
spec:
  image: registry.example.com/web
  interval: 10m
"""
_ADMITS = """\
  accessFrom:
    namespaceSelectors:
      - matchLabels:
          kubernetes.io/metadata.name: shop
"""

BAD = (
    Example(
        title="a source of another namespace under lockdown",
        files={"flux.yaml": _INSTANCE, "web.yaml": _WEB.format(namespace="shop")},
        file="web.yaml",
        at="spec.sourceRef.namespace",
    ),
    Example(
        title="a tenant that uses the platform's source",
        files={"tenant.yaml": _TENANT, "web.yaml": _WEB.format(namespace="shop")},
        file="web.yaml",
        at="spec.sourceRef.namespace",
    ),
    Example(
        title="an image repository that admits nobody",
        files={"policy.yaml": _POLICY, "images.yaml": _IMAGES},
        file="policy.yaml",
        at="spec.imageRepositoryRef.namespace",
    ),
)
GOOD = (
    Example(
        title="the namespace of the object itself",
        files={"flux.yaml": _INSTANCE, "web.yaml": _WEB.format(namespace="flux-system")},
    ),
    Example(title="a cluster without tenants", yaml=_WEB.format(namespace="shop")),
    Example(
        title="an image repository that admits the namespace",
        files={"policy.yaml": _POLICY, "images.yaml": _IMAGES + _ADMITS},
    ),
    Example(
        title="a namespace that is filled in later",
        files={"flux.yaml": _INSTANCE, "web.yaml": _WEB.format(namespace='"${TEAM}"')},
    ),
)
