"""Whether two objects are in one cluster: the files of a repository often serve several."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Literal

from argoflux.argocd.appset.clusters import LOCAL_NAME, LOCAL_SERVER
from argoflux.argocd.shapes import block, text
from argoflux.lint.arrivals import arrivals

if TYPE_CHECKING:
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

Evidence = Literal["proved", "likely", "none"]

_LOCAL = frozenset({LOCAL_NAME, LOCAL_SERVER})


def flux_neighbours(ctx: Context, one: Resource, two: Resource) -> Evidence:
    """Of two Flux objects of one root: proved where a cluster's folder or one Kustomization has both."""
    if is_cluster(ctx, one.root):
        return "proved"
    there = arrivals(ctx)
    parents = {parent.id if parent else "" for parent in (there.parent(one), there.parent(two))}
    if len(parents) == 1 and parents != {""}:
        return "proved"
    return _in_one_folder(one, two) if parents == {""} else "none"


def application_neighbours(ctx: Context, one: ApplicationView, two: ApplicationView) -> Evidence:
    """Of two Applications of one root that state the same destination.

    The cluster that Argo CD runs in is another one for every installation.
    """
    destination = block(one.spec, "destination")
    cluster = text(destination.get("server")) or text(destination.get("name"))
    if cluster not in _LOCAL or one.resource is two.resource or is_cluster(ctx, one.resource.root):
        return "proved"
    return _in_one_folder(one.resource, two.resource)


def is_cluster(ctx: Context, root: str) -> bool:
    """Whether a root is the folder of one cluster."""
    return any(each.name == root and each.kind == "cluster" for each in ctx.workspace.roots)


def _in_one_folder(one: Resource, two: Resource) -> Evidence:
    return "likely" if posixpath.dirname(one.file) == posixpath.dirname(two.file) else "none"
