"""A namespace that objects are deployed into, and that nothing creates.

## What it does

It looks at `targetNamespace` of Kustomizations and HelmReleases and at `storageNamespace`, and searches all
manifests, and what Kustomizations make of them, for a Namespace of that name. Where some Kustomization is not
at hand, it is an info.

## Why is this bad

Flux creates no namespaces on its own. On a new cluster the first apply fails; on an old one everything works,
until somebody has to build the cluster again.

## Fix safety

The fix makes helm-controller create the namespace. It then has no labels, for example for the security of its pods.

## When to ignore it

When something else creates the namespace, for example Terraform.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.flux.fields import flag, text
from argoflux.lint.application import is_known
from argoflux.lint.arrivals import arrivals, is_flux, is_kustomization
from argoflux.lint.copies import is_sample
from argoflux.lint.deliveries import flux_deliveries
from argoflux.lint.elsewhere import may_be, templates_make
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import HELM_RELEASE, KUSTOMIZATION
from argoflux.lint.wholeness import is_whole
from argoflux.yamlio.edit import insert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

RULE = Rule(
    code="AF409",
    name="target-namespace-not-created",
    severity=Severity.WARNING,
    scope="estate",
    kinds=("Kustomization", "HelmRelease"),
    evidence=("document", "graph"),
    links=("https://fluxcd.io/flux/components/kustomize/kustomizations/#target-namespace",),
)

_GIVEN = frozenset({"default", "flux-system"})


def check(ctx: Context) -> Iterator[Finding]:
    """Namespaces without a manifest, one finding for each in a root.

    kustomize-controller:docs/spec/v1/kustomizations.md Target namespace;
    helm-controller:api/v2/helmrelease_types.go CreateNamespace (off by default).
    """
    stated = [r for r in ctx.resources if is_flux(r) and _targets(r)]
    if not stated or templates_make(ctx, "Namespace") or _sets_make_some(ctx):
        return
    created = {each.ref.name for each in ctx.others("Namespace")}
    if all(_is_there(name, created) for r in stated for name, _ in _targets(r)):
        return
    created |= _arriving(ctx)
    told: set[tuple[str, str]] = set()
    for resource in arrivals(ctx).resources:
        if not is_whole(ctx, resource.root) or is_sample(resource):
            continue
        for name, field in _targets(resource):
            if _is_there(name, created) or (resource.root, name) in told:
                continue
            told.add((resource.root, name))
            yield _told(ctx, resource, name, field)


def _targets(resource: Resource) -> list[tuple[str, str]]:
    """The namespaces that an object needs, with the fields that name them."""
    release = resource.ref[:2] == ("helm.toolkit.fluxcd.io", "HelmRelease")
    if not release and not is_kustomization(resource):
        return []
    found = [
        (name, field)
        for field in ("targetNamespace", *(("storageNamespace",) if release else ()))
        if (name := text(resource.body, "spec", field))
    ]
    creates = release and flag(resource.body, "spec", "install", "createNamespace") is True
    return [
        (name, field)
        for name, field in found
        if is_known(name)
        and name not in _GIVEN
        and not name.startswith("kube-")
        and name != resource.ref.namespace
        and not (creates and field == "targetNamespace")
    ]


def _is_there(name: str, created: set[str]) -> bool:
    return name in created or any(may_be(each, name) for each in created)


def _arriving(ctx: Context) -> set[str]:
    """Namespaces that builds make, and those that releases create."""
    found = {
        obj.ref.name for each in flux_deliveries(ctx) for obj in each.content.namespace_manifests
    }
    for resource in arrivals(ctx).resources:
        target = text(resource.body, "spec", "targetNamespace")
        if target and flag(resource.body, "spec", "install", "createNamespace") is True:
            found.add(target)
        if resource.ref.namespace:
            found.add(resource.ref.namespace)  # the object could not be there without it
    return found


def _sets_make_some(ctx: Context) -> bool:
    """Whether a ResourceSet makes namespaces, whose names are not known here."""
    return any(
        resource.ref.kind == "ResourceSet" and "kind: Namespace" in resource.document.source.text
        for resource in ctx.resources
    )


def _told(ctx: Context, resource: Resource, name: str, field: str) -> Finding:
    release = resource.ref.kind == "HelmRelease" and field == "targetNamespace"
    remedy = ", or set `install.createNamespace: true`" if release else ""
    at = resource.place("spec", "install", "createNamespace")
    document = resource.written.document
    stated = flag(resource.body, "spec", "install", "createNamespace") is not None
    edits = insert(document, at.path, True) if release and not stated else ()
    return RULE.at(
        resource.place("spec", field),
        f"nothing at hand creates the namespace `{name}`; add its manifest{remedy}",
        resource=resource,
        severity=Severity.INFO if arrivals(ctx).unseen(resource.root) else None,
        fix=ctx.unsafe("set `install.createNamespace: true`", edits),
    )


_NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: web\n"

BAD = (
    Example(
        title="a release into a namespace that there is not",
        yaml=HELM_RELEASE,
        at="spec.targetNamespace",
        fixed=HELM_RELEASE + "  install:\n    createNamespace: true\n",
        safety="unsafe",
    ),
    Example(title="a Kustomization", yaml=KUSTOMIZATION, at="spec.targetNamespace"),
)
GOOD = (
    Example(
        title="there is a manifest",
        files={"web.yaml": HELM_RELEASE, "namespaces.yaml": _NAMESPACE},
    ),
    Example(
        title="the release creates it",
        yaml=HELM_RELEASE + "  install: {createNamespace: true}\n",
    ),
    Example(
        title="a name that is filled in later",
        yaml=HELM_RELEASE.replace("targetNamespace: web", "targetNamespace: ${tenant}"),
    ),
    Example(
        title="a namespace whose name is filled in later",
        files={
            "web.yaml": HELM_RELEASE,
            "namespaces.yaml": _NAMESPACE.replace("web", "${tenant}"),
        },
    ),
)
