"""Namespaces that stand for an option of an app, as the conversion from Argo CD writes them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from argoflux.flux.fields import pairs
from argoflux.flux.provenance import created_for, is_created_namespace
from argoflux.model.render import Kustomize

if TYPE_CHECKING:
    from collections.abc import Iterable

    from argoflux.model.app import App
    from argoflux.resource import Resource


def fold_namespaces(
    apps: list[App], resources: Iterable[Resource]
) -> tuple[list[App], set[Resource]]:
    """Apps with ``create_namespace`` where a Namespace was created for them, and those Namespaces."""
    used: set[Resource] = set()
    for resource in resources:
        if not is_created_namespace(resource):
            continue
        for index, app in enumerate(apps):
            if app.root == resource.root and _wants(app, resource):
                apps[index] = _with_namespace(app, resource)
                used.add(resource)
    return apps, used


def _wants(app: App, resource: Resource) -> bool:
    """Whether a created Namespace agrees with an app that is deployed into it."""
    render = app.parts[0].render
    namespace = render.namespace if isinstance(render, Kustomize) else app.destination.namespace
    if namespace is not None and namespace != resource.ref.name:
        return False
    names = {app.name, app.id, f"{app.namespace}/{app.name}", app.extra["application"]}
    return not names.isdisjoint(created_for(resource))


def _with_namespace(app: App, resource: Resource) -> App:
    destination = replace(
        app.destination,
        namespace=app.destination.namespace or resource.ref.name,
        create_namespace=True,
        namespace_labels=_own_metadata(pairs(resource.body, "metadata", "labels")),
        namespace_annotations=_own_metadata(pairs(resource.body, "metadata", "annotations")),
    )
    return replace(app, destination=destination, made_of=(*app.made_of, resource))


def _own_metadata(found: dict[str, str]) -> dict[str, str]:
    """Metadata of a created Namespace without what the conversion added."""
    return {
        key: value
        for key, value in found.items()
        if not key.startswith("argoflux.dev/") and "toolkit.fluxcd.io/" not in key
    }
