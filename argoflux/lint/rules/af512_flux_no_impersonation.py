"""A tenant's Kustomization or HelmRelease that is applied with the rights of the controller.

## What it does

It reports Kustomizations and HelmReleases in the namespace of a tenant that state no
`serviceAccountName`, where the controllers have no `--default-service-account` either; and accounts of
tenants that a ClusterRoleBinding makes cluster-admin. With a default account it tells (as
information) when no file defines an account of that name. Objects with a `kubeConfig` have the rights of
that instead. Where nothing tells of tenants, only the profile `multi-tenant` reports objects outside of
`flux-system`.

A namespace is a tenant's when it has the label `toolkit.fluxcd.io/tenant`, or when another object in it
states a `serviceAccountName`.

## Why is this bad

The controllers of Flux are cluster-admin. Whoever can write to the repository of the tenant, or create such an
object in its namespace, can then change everything in the cluster.

## When to ignore it

When the same people run the cluster and the namespace.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.flux.fields import table, text
from argoflux.lint.application import is_known
from argoflux.lint.arrivals import arrivals, is_flux
from argoflux.lint.rule import Example, Rule
from argoflux.lint.tenancy import accounts, all_powerful, is_platforms, is_tenants, mentions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

RULE = Rule(
    code="AF512",
    name="flux-no-impersonation",
    severity=Severity.WARNING,
    kinds=("Kustomization", "HelmRelease"),
    evidence=("document", "graph"),
    links=("https://fluxcd.io/flux/installation/configuration/multitenancy/",),
)

_ALWAYS_THERE = "default"


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """Whose rights an object is applied with, at every place where it arrives.

    fluxcd/pkg:runtime/client/impersonation.go: a kubeConfig comes first, then the account of the
    object, then the default one.
    """
    if not is_flux(resource) or table(resource.body, "spec", "kubeConfig"):
        return
    for one in arrivals(ctx).of(resource):
        if is_platforms(one) or table(one.body, "spec", "kubeConfig"):
            continue
        stated = text(one.body, "spec", "serviceAccountName")
        if stated:
            yield from _stated(one, ctx, stated)
        else:
            yield from _unstated(one, ctx)


def _stated(one: Resource, ctx: Context, account: str) -> Iterator[Finding]:
    binding = all_powerful(ctx, one.root, one.ref.namespace, account)
    if is_known(account) and binding is not None:
        yield RULE.at(
            one.place("spec", "serviceAccountName"),
            f"ServiceAccount `{account}` is bound to cluster-admin in the whole cluster; bind it with a"
            f" RoleBinding in namespace `{one.ref.namespace}`",
            resource=one,
            related=((binding.place("roleRef"), "the binding"),),
        )


def _unstated(one: Resource, ctx: Context) -> Iterator[Finding]:
    namespace, place = one.ref.namespace, one.place("metadata", "name")
    default = arrivals(ctx).lockdown.account(one)
    if default:
        if default != _ALWAYS_THERE and (one.root, default) not in accounts(ctx):
            yield RULE.at(
                place,
                f"it is applied with the default account `{default}`, which no file at hand defines; create"
                f" it in namespace `{namespace}`, or set `spec.serviceAccountName`",
                resource=one,
                severity=Severity.INFO,
            )
        return
    if mentions(ctx, "default-service-account"):
        return  # which controllers get it is not known
    tenant = is_tenants(ctx, one)
    if tenant or ctx.profile == "multi-tenant":
        where = (
            f"in the tenant namespace `{namespace}`" if tenant else f"in namespace `{namespace}`"
        )
        yield RULE.at(
            place,
            f"this {one.ref.kind} {where} is applied with the controller's rights, which are"
            " cluster-admin; set `spec.serviceAccountName`",
            resource=one,
            severity=None if tenant else Severity.INFO,
        )


_TENANT = """\
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    toolkit.fluxcd.io/tenant: shop
"""
_RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: {namespace}
spec:
  interval: 10m
  chartRef:
    kind: OCIRepository
    name: web
"""
_ACCOUNT = "  serviceAccountName: shop\n"
_BINDING = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: {kind}
metadata:
  name: shop
  namespace: shop
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: cluster-admin
subjects:
  - kind: ServiceAccount
    name: shop
    namespace: shop
"""
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
    tenantDefaultServiceAccount: {account}
"""

BAD = (
    Example(
        title="a release of a tenant with the rights of the controller",
        files={"tenant.yaml": _TENANT, "web.yaml": _RELEASE.format(namespace="shop")},
        file="web.yaml",
        at="metadata.name",
    ),
    Example(
        title="a tenant's account that is cluster-admin",
        files={
            "rights.yaml": _BINDING.format(kind="ClusterRoleBinding"),
            "web.yaml": _RELEASE.format(namespace="shop") + _ACCOUNT,
        },
        file="web.yaml",
        at="spec.serviceAccountName",
    ),
    Example(
        title="a default account that nobody creates",
        files={
            "flux.yaml": _INSTANCE.format(account="flux"),
            "web.yaml": _RELEASE.format(namespace="shop"),
        },
        file="web.yaml",
        at="metadata.name",
    ),
)
GOOD = (
    Example(
        title="an account of the tenant, all-powerful in its namespace only",
        files={
            "tenant.yaml": _TENANT,
            "rights.yaml": _BINDING.format(kind="RoleBinding"),
            "web.yaml": _RELEASE.format(namespace="shop") + _ACCOUNT,
        },
    ),
    Example(title="a cluster without tenants", yaml=_RELEASE.format(namespace="shop")),
    Example(
        title="a namespace that is filled in later",
        files={"tenant.yaml": _TENANT, "web.yaml": _RELEASE.format(namespace='"${TEAM}"')},
    ),
    Example(
        title="the default account of each namespace",
        files={
            "flux.yaml": _INSTANCE.format(account="default"),
            "web.yaml": _RELEASE.format(namespace="shop"),
        },
    ),
)
