"""Namespaces of Flux objects that state none: what the Kustomization applying them gives them.

Many repositories set the namespace of their HelmReleases and Kustomizations once, in a
kustomization file or with the parent's ``targetNamespace``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.mapping.yields import split
from argoflux.model.content import Known
from argoflux.model.render import Kustomize
from argoflux.yamlio.tree import Document

if TYPE_CHECKING:
    from collections.abc import Iterable

    from argoflux.model.app import App
    from argoflux.model.content import Content, ContentObject
    from argoflux.resource import Resource
    from argoflux.text import Path

Key = tuple[str, int, "Path"]
"""A document by file, offset and path inside of it."""


def effective_namespaces(
    resources: Iterable[Resource], parents: Iterable[tuple[App, Content]]
) -> dict[Resource, str]:
    """The namespace of each object without one, where all its parents agree.

    ``parents`` are Kustomizations with what their paths yield; objects of other roots do not count.
    """
    found: dict[tuple[str, Key], set[str]] = {}
    for app, content in parents:
        if not isinstance(content, Known):
            continue
        render = app.parts[0].render
        target = render.namespace if isinstance(render, Kustomize) else None
        for obj in split(content).flux:
            key = _object_key(obj)
            namespace = target or obj.ref.namespace
            if key is not None and namespace:
                found.setdefault((app.root, key), set()).add(namespace)
    placed: dict[Resource, str] = {}
    for resource in resources:
        namespaces = found.get((resource.root, _resource_key(resource)), set())
        if not resource.ref.namespace and len(namespaces) == 1:
            placed[resource] = next(iter(namespaces))
    return placed


def _object_key(obj: ContentObject) -> Key | None:
    document = obj.place.document
    if not isinstance(document, Document):
        return None
    return (document.source.name, document.start, document.prefix)


def _resource_key(resource: Resource) -> Key:
    document = resource.document
    return (resource.file, document.start, document.prefix)
