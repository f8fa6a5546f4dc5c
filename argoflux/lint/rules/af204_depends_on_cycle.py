"""Flux objects that wait for each other.

## What it does

It follows `dependsOn` of Kustomizations, HelmReleases and ResourceSets, within one cluster, and
reports circles. A Kustomization with `wait: true`, or with a health check on what it applies, also
waits for the Kustomizations and HelmReleases that it applies itself.

## Why is this bad

Flux does not detect circles: none of the objects is ever applied, and each only says that another
one is not ready.

## When to ignore it

Never: one of the dependencies has to go.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from argoflux.finding import Severity
from argoflux.flux.fields import flag, tables, text
from argoflux.lint.arrivals import arrivals, is_flux, is_kustomization
from argoflux.lint.references import DEPENDENCIES, references
from argoflux.lint.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from argoflux.finding import Finding, Place
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

RULE = Rule(
    code="AF204",
    name="depends-on-cycle",
    severity=Severity.ERROR,
    scope="estate",
    kinds=tuple(DEPENDENCIES),
    evidence=("document", "graph"),
    links=("https://fluxcd.io/flux/components/kustomize/kustomizations/#dependencies",),
)

_SHOWN = 10
"""Names of a circle that the message has; the other places are told with it."""

Node = tuple[str, str, str, str]
"""An object by root, kind, namespace and name."""


class _Edge(NamedTuple):
    """What an object waits for, and where it says so."""

    to: Node
    place: Place
    resource: Resource


def check(ctx: Context) -> Iterator[Finding]:
    """Circles among the objects as they arrive.

    kustomize-controller:docs/spec/v1/kustomizations.md (dependencies),
    helm-controller:docs/spec/v2/helmreleases.md (the same for HelmReleases);
    kustomize-controller:internal/controller/kustomization_controller.go checkHealth (`wait` covers
    everything that was applied).
    """
    written = [r for r in ctx.resources if r.ref.kind in DEPENDENCIES and is_flux(r)]
    if not _circles(_edges(written)) and not any(_may_hold(one, written) for one in written):
        return
    there = arrivals(ctx)
    waiting = [r for r in there.resources if r.ref.kind in DEPENDENCIES]
    edges = _edges(waiting)
    for resource in waiting:
        parent = there.parent(resource)
        holder = parent.made_of[0] if parent is not None else None
        if holder is None or resource.ref.kind not in {"Kustomization", "HelmRelease"}:
            continue
        if _waits_for(holder, resource):
            key = "wait" if flag(holder.body, "spec", "wait") else "healthChecks"
            place = holder.place("spec", key)
            edges[_node(holder)].append(_Edge(_node(resource), place, holder))
    for circle in _circles(edges):
        yield _told(circle)


def _node(resource: Resource) -> Node:
    return (resource.root, *resource.ref[1:])


def _edges(resources: Iterable[Resource]) -> dict[Node, list[_Edge]]:
    edges: dict[Node, list[_Edge]] = defaultdict(list)
    for resource in resources:
        for each in references(resource, DEPENDENCIES):
            to = (resource.root, each.kind, each.namespace, each.name)
            place = resource.place(*each.path, "name")
            edges[_node(resource)].append(_Edge(to, place, resource))
    return edges


def _may_hold(parent: Resource, others: Iterable[Resource]) -> bool:
    """Whether something below the path of a Kustomization waits for it while it waits, too."""
    path = (text(parent.body, "spec", "path") or "").strip("./")
    checks = tables(parent.body, "spec", "healthChecks")
    if not is_kustomization(parent) or not (flag(parent.body, "spec", "wait") or checks):
        return False
    return any(
        path in other.file
        and any(each.name == parent.ref.name for each in references(other, DEPENDENCIES))
        for other in others
    )


def _waits_for(parent: Resource, child: Resource) -> bool:
    """Whether a Kustomization is ready only when something that it applies is."""
    if flag(parent.body, "spec", "wait"):
        return True
    return any(
        (text(one, "kind"), text(one, "name")) == (child.ref.kind, child.ref.name)
        and (text(one, "namespace") or parent.ref.namespace) == child.ref.namespace
        for one in tables(parent.body, "spec", "healthChecks")
    )


def _circles(edges: Mapping[Node, list[_Edge]]) -> list[list[_Edge]]:
    """One circle per group of objects that wait for each other, as the edges in their order.

    The groups are strongly connected components: an object is in one when it reaches itself.
    """
    found: list[list[_Edge]] = []
    told: set[Node] = set()
    for start in sorted(edges):
        if start in told:
            continue
        circle = _way_back(edges, start)
        if circle:
            found.append(circle)
            told |= {edge.to for edge in circle}
    return found


def _way_back(edges: Mapping[Node, list[_Edge]], start: Node) -> list[_Edge]:
    """The shortest way from an object to itself, empty where there is none."""
    ways: dict[Node, list[_Edge]] = {}
    level: list[tuple[Node, list[_Edge]]] = [(start, [])]
    while level:
        following: list[tuple[Node, list[_Edge]]] = []
        for node, way in level:
            for edge in edges.get(node, ()):
                if edge.to == start:
                    return [*way, edge]
                if edge.to not in ways:
                    ways[edge.to] = [*way, edge]
                    following.append((edge.to, ways[edge.to]))
        level = following
    return []


def _told(circle: list[_Edge]) -> Finding:
    names = ["/".join(part for part in edge.to[1:] if part) for edge in circle]
    first = circle[0]
    shown = names if len(names) <= _SHOWN else [*names[:_SHOWN], f"{len(names) - _SHOWN} more"]
    way = " -> ".join((names[-1], *shown))
    if len(circle) == 1:
        text_ = f"{names[0]} waits for itself and is never applied; remove the dependency"
    else:
        text_ = f"these wait for each other and are never applied: {way}; break the circle"
    related = tuple((edge.place, f"{edge.resource.ref} waits here") for edge in circle[1:])
    return RULE.at(first.place, text_, resource=first.resource, related=related)


def _kustomization(name: str, on: str = "", more: str = "", path: str = "") -> str:
    depends = f"  dependsOn:\n    - name: {on}\n" if on else ""
    return f"""\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: {name}
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  path: {path or name}
{more}  sourceRef:
    kind: GitRepository
    name: flux-system
{depends}"""


BAD = (
    Example(
        title="two that wait for each other",
        files={
            "database.yaml": _kustomization("database", "web"),
            "web.yaml": _kustomization("web", "database"),
        },
        file="database.yaml",
        at="spec.dependsOn[0].name",
    ),
    Example(
        title="one that waits for itself",
        yaml=_kustomization("web", "web"),
        at="spec.dependsOn[0].name",
    ),
    Example(
        title="a parent that waits for a child that waits for it",
        files={
            "cluster/apps.yaml": _kustomization("apps", more="  wait: true\n", path="./apps"),
            "apps/web.yaml": _kustomization("web", "apps", path="./web"),
            "web/kustomization.yaml": "resources: []\n",
        },
        file="cluster/apps.yaml",
        at="spec.wait",
    ),
)
GOOD = (
    Example(
        title="one after the other",
        files={
            "database.yaml": _kustomization("database"),
            "web.yaml": _kustomization("web", "database"),
        },
    ),
    Example(
        title="a parent that does not wait",
        files={
            "cluster/apps.yaml": _kustomization("apps", path="./apps"),
            "apps/web.yaml": _kustomization("web", "apps", path="./web"),
            "web/kustomization.yaml": "resources: []\n",
        },
    ),
    Example(
        title="a name that is filled in later",
        files={
            "database.yaml": _kustomization("database", "web-${region}"),
            "web.yaml": _kustomization("web", "database"),
        },
    ),
)
