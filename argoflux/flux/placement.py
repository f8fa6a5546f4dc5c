"""What the Kustomization that applies a Flux object does with it: its namespace, its variables.

Many repositories set the namespace of their HelmReleases and Kustomizations once, in a
kustomization file or with the parent's ``targetNamespace``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.flux.fields import table
from argoflux.mapping.variables import is_filled_in
from argoflux.mapping.yields import split
from argoflux.model.content import Known
from argoflux.model.render import Kustomize
from argoflux.yamlio.tree import Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from argoflux.model.app import App
    from argoflux.model.content import Content, ContentObject
    from argoflux.resource import Resource
    from argoflux.text import Path

Key = tuple[str, int, "Path"]
"""A document by file, offset and path inside of it."""


class Placement(NamedTuple):
    """What parents do with the Flux objects that they apply.

    ``namespaces``: of objects without one, where all parents agree. ``substituted``: the parent
    that fills in variables of an object.
    """

    namespaces: dict[Resource, str]
    substituted: dict[Resource, str]


def place(resources: Iterable[Resource], parents: Iterable[tuple[App, Content]]) -> Placement:
    """Find the parents of Flux objects by the documents that their paths yield.

    ``parents`` are Kustomizations with what their paths yield; objects of other roots do not count.
    """
    namespaces: dict[tuple[str, Key], set[str]] = {}
    fillers: dict[tuple[str, Key], str] = {}
    for app, content in parents:
        if not isinstance(content, Known):
            continue
        render = app.parts[0].render
        target = render.namespace if isinstance(render, Kustomize) else None
        fills = substitutes(app.resource.body)
        for obj in split(content).flux:
            key = (app.root, _object_key(obj))
            namespace = target or obj.ref.namespace
            if namespace and is_filled_in(namespace):
                namespaces.setdefault(key, set()).add(namespace)
            if fills:
                fillers.setdefault(key, app.id)
    placement = Placement({}, {})
    for resource in resources:
        key = (resource.root, _resource_key(resource))
        found = namespaces.get(key, set())
        if not resource.ref.namespace and len(found) == 1:
            placement.namespaces[resource] = next(iter(found))
        if key in fillers:
            placement.substituted[resource] = fillers[key]
    return placement


def substitutes(body: Mapping[str, Any]) -> bool:
    """Whether a Kustomization fills in variables."""
    post_build = table(body, "spec", "postBuild")
    return bool(post_build.get("substitute") or post_build.get("substituteFrom"))


def _object_key(obj: ContentObject) -> Key:
    document = obj.place.document
    if not isinstance(document, Document):  # made by a generator
        return (obj.file, -1, obj.place.path)
    return (document.source.name, document.start, document.prefix)


def _resource_key(resource: Resource) -> Key:
    document = resource.document
    return (resource.file, document.start, document.prefix)
