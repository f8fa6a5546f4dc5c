"""Namespaces of tenants: one per project, under the layout that keeps projects apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.mapping.names import LABEL_LIMIT, shorten, slug, with_hash

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.mapping.emission import Request
    from argoflux.model.estate import Estate
    from argoflux.model.tenant import Tenant

Projects = tuple[str, str]
"""Root and name of a project."""

BUILT_IN = "default"
_RESERVED = frozenset({"default", "flux-system"})
_SYSTEM = "kube-"


def tenant_namespaces(estate: Estate, request: Request) -> dict[Projects, str]:
    """The namespace of every project that has one; none in the flat layout.

    The built-in project gets one only where the input restricts it. Names that clusters or the
    controllers use themselves get a prefix.
    """
    if request.options.layout != "tenant":
        return {}
    projects = {(app.root, app.project) for app in estate.apps}
    projects = {key for key in projects if key[1] not in {"", BUILT_IN}}
    projects |= {(tenant.root, tenant.name) for tenant in tenants_of(estate).values()}
    control = request.options.control_namespace
    found: dict[Projects, str] = {}
    taken: set[Projects] = set()
    for root, project in sorted(projects):
        name = slug(project).replace(".", "-")
        if name in _RESERVED or name == control or name.startswith(_SYSTEM):
            name = f"tenant-{name}"
        name = shorten(name, LABEL_LIMIT)
        if (root, name) in taken:
            name = with_hash(name, f"AppProject/{project}")
        taken.add((root, name))
        found[root, project] = name
    return found


def tenants_of(estate: Estate) -> Mapping[Projects, Tenant]:
    """The projects that restrict their apps, by root and name."""
    return {(t.root, t.name): t for t in estate.tenants if not t.open}


def open_projects(estate: Estate) -> frozenset[Projects]:
    """The projects of the input that restrict nothing."""
    return frozenset((t.root, t.name) for t in estate.tenants if t.open)
