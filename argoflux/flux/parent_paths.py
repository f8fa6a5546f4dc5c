"""Kustomizations whose paths yield nothing but Flux objects: parents, or what nothing is left of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from argoflux.flux.applied import object_key, resource_key
from argoflux.flux.join_sources import SOURCE_KINDS, NotConverted, NotNeeded
from argoflux.flux.joins import SOURCE_GROUP
from argoflux.mapping.kustomize import F2A_KS_003
from argoflux.mapping.objects import F2A_OBJ_004
from argoflux.mapping.yields import split, summary
from argoflux.model.content import Known
from argoflux.model.source import GitSource

if TYPE_CHECKING:
    from collections.abc import Collection

    from argoflux.mapping.emission import Loaded
    from argoflux.model.app import App
    from argoflux.model.content import Content, ContentObject
    from argoflux.resource import Resource

APPLIERS = {
    ("kustomize.toolkit.fluxcd.io", "Kustomization"),
    ("helm.toolkit.fluxcd.io", "HelmRelease"),
}


def as_parent(
    app: App, content: Content, installers: Collection[Resource], *, to_folder: bool
) -> App:
    """The app, with the names of its children where it applies nothing but Flux objects.

    ``content`` is its path without edits, ``installers`` are releases that install Flux. Raises
    NotConverted for what Flux cannot build and for parents without a folder for their children,
    NotNeeded where nothing is left to apply.
    """
    if not isinstance(content, Known):
        if _is_bootstrap(app):
            raise NotConverted(F2A_OBJ_004, objects="those of the cluster")
        return app
    if content.facts.chart and not content.facts.kustomization:
        raise NotConverted(F2A_KS_003, path=app.parts[0].path)
    yields = split(content)
    if content.complete and not yields.plain and (yields.flux or yields.installation):
        gone = {resource_key(release.written) for release in installers}
        appliers = [obj for obj in yields.flux if _becomes_app(obj, gone)]
        if appliers and to_folder:
            applies = tuple(sorted(str(obj.ref) for obj in appliers if not _same(obj, app)))
            extra = {**app.extra, "applies": applies, "bootstrap": _is_bootstrap(app)}
            return replace(app, extra=extra)
        objects = summary(yields.flux or yields.installation)
        if yields.flux and not appliers and all(_vanishes(obj, gone) for obj in yields.flux):
            raise NotNeeded(F2A_OBJ_004, objects=objects)
        raise NotConverted(F2A_OBJ_004, objects=objects)
    if yields.installation and _is_bootstrap(app):
        raise NotConverted(F2A_OBJ_004, objects=summary(yields.flux))
    return app


def without_idle(app: App, loaded: Loaded) -> App:
    """A parent without the children of which nothing is left."""
    refs = (item.resource.ref for item in loaded.idle if item.resource.root == app.root)
    idle = {(ref.kind, ref.name) for ref in refs}  # the parent may have given the namespace
    stated = app.extra.get("applies", ())
    applies = tuple(n for n in stated if (n.split("/")[0], n.split("/")[-1]) not in idle)
    if applies == stated:
        return app
    return replace(app, extra={**app.extra, "applies": applies})


def _vanishes(obj: ContentObject, gone: Collection[object]) -> bool:
    """Whether an object becomes a part of others: a source, or what installs Flux."""
    source = obj.ref.group == SOURCE_GROUP and obj.ref.kind in SOURCE_KINDS
    return source or object_key(obj) in gone


def _becomes_app(obj: ContentObject, gone: Collection[object]) -> bool:
    """Whether an object that a path yields is to become an Application."""
    return (obj.ref.group, obj.ref.kind) in APPLIERS and object_key(obj) not in gone


def _same(obj: ContentObject, app: App) -> bool:
    """Whether a path yields the very object that applies it, as a bootstrap does."""
    return (obj.ref.kind, obj.ref.name) == (app.kind, app.name)


def _is_bootstrap(app: App) -> bool:
    """Whether this is the Kustomization that `flux bootstrap` writes, or one of `spec.sync`."""
    if app.resource.stated:
        return True
    source = app.parts[0].source
    same = isinstance(source, GitSource) and source.name == app.name
    return same and app.name in {app.namespace, "flux-system"}
