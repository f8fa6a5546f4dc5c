"""Which namespaces belong to tenants of Flux, and whose rights objects in them are applied with.

Facts: flux2:cmd/flux/create_tenant.go (the label), fluxcd/website:content/en/flux/installation/
configuration/multitenancy.md, fluxcd/pkg:runtime/client/impersonation.go.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from argoflux.finding import Finding
from argoflux.flux.fields import table, tables, text
from argoflux.lint.application import is_known
from argoflux.lint.arrivals import arrivals
from argoflux.workspace.tree import KUSTOMIZATION_NAMES

if TYPE_CHECKING:
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

TENANT_LABEL = "toolkit.fluxcd.io/tenant"
APPLIERS = frozenset({"Kustomization", "HelmRelease"})
_PLATFORM = frozenset({"flux-system", "kube-system"})
_ALL_POWER = "cluster-admin"


def tenants(ctx: Context) -> frozenset[tuple[str, str]]:
    """Namespaces of tenants, with their roots.

    One is labelled so and not the platform's, or an object in it is applied with an account of its own.
    """
    known: frozenset[tuple[str, str]] | None = ctx.memory.get("tenants")
    if known is None:
        found = {
            (one.root, one.ref.name)
            for one in ctx.workspace.marked
            if one.ref.kind == "Namespace" and TENANT_LABEL in table(one.body, "metadata", "labels")
        }
        found |= {
            (one.root, one.ref.namespace)
            for one in arrivals(ctx).resources
            if one.ref.kind in APPLIERS
            and text(one.body, "spec", "serviceAccountName")
            and not table(one.body, "spec", "kubeConfig")  # an account of another cluster
        }
        known = ctx.memory["tenants"] = frozenset(
            (root, name) for root, name in found if name and name not in _PLATFORM
        )
    return known


def is_tenants(ctx: Context, resource: Resource) -> bool:
    """Whether an object stands in the namespace of a tenant."""
    return (resource.root, resource.ref.namespace) in tenants(ctx)


def is_platforms(resource: Resource) -> bool:
    """Whether an object stands in a namespace of those who run the cluster, or in an unknown one."""
    namespace = resource.ref.namespace
    return not namespace or not is_known(namespace) or namespace in _PLATFORM


def mentions(ctx: Context, flag: str) -> bool:
    """Whether a kustomization file of the input adds a flag of the controllers.

    The Deployments are often not in the files (`flux bootstrap` writes them later), so that nobody can
    tell from them which controllers get it.
    """
    known: dict[str, bool] = ctx.memory.setdefault("mentioned flags", {})
    if flag not in known:
        tree = ctx.workspace.tree
        paths = (
            p for p in ctx.workspace.manifests if p.rpartition(os.sep)[2] in KUSTOMIZATION_NAMES
        )
        sources = (tree.read(path) for path in paths)
        known[flag] = any(
            not isinstance(source, Finding) and f"--{flag}=" in source.text for source in sources
        )
    return known[flag]


def accounts(ctx: Context) -> frozenset[tuple[str, str]]:
    """Names of the ServiceAccounts in the input, with their roots; namespaces are often set later."""
    known: frozenset[tuple[str, str]] | None = ctx.memory.get("accounts")
    if known is None:
        found = ctx.others("ServiceAccount", "ClusterRoleBinding")
        known = ctx.memory["accounts"] = frozenset(
            (one.root, one.ref.name) for one in found if one.ref.kind == "ServiceAccount"
        )
    return known


def all_powerful(ctx: Context, root: str, namespace: str, account: str) -> Resource | None:
    """The ClusterRoleBinding that makes a ServiceAccount of a root an administrator of the cluster."""
    for one in ctx.others("ServiceAccount", "ClusterRoleBinding"):
        if one.ref.kind != "ClusterRoleBinding" or one.root != root:
            continue
        if text(one.body, "roleRef", "name") != _ALL_POWER:
            continue
        for subject in tables(one.body, "subjects"):
            same = (text(subject, "name"), text(subject, "namespace")) == (account, namespace)
            if same and text(subject, "kind") == "ServiceAccount":
                return one
    return None
