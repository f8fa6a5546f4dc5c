"""Flux objects as the controllers see them: after the build and the variables of what applies them.

A HelmRelease in a base is patched by every overlay that uses it; a Kustomization's path may hold a
variable of its parent. Each object is followed from the Kustomizations that nothing else applies,
through what their paths yield, and becomes one object per place where it arrives. What no path
yields, or what cannot be computed, stays as its file states it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from argoflux.flux.objects import KINDS, Objects
from argoflux.flux.substitution import Filled, Unfilled, fill_in, read_variables
from argoflux.mapping.emission import Saying
from argoflux.mapping.variables import F2A_OVL_001, F2A_SUB_003, F2A_SUB_007
from argoflux.mapping.yields import installs_flux, split
from argoflux.model.content import Known
from argoflux.resource import Ref
from argoflux.yamlio.tree import Document, grown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from argoflux.flux.substitution import Variables
    from argoflux.mapping.emission import Request
    from argoflux.model.app import App
    from argoflux.model.content import ContentObject
    from argoflux.resource import Resource
    from argoflux.text import Path

Key = tuple[str, int, "Path"]
"""A document by file, offset and path inside of it."""

_DEPTH = 30


@dataclass(slots=True)
class Applied:
    """The objects to convert: those that stand as they were written, and those that were changed.

    ``parents`` names the Kustomization that applies an object, ``filled`` is what became of the
    variables in it, for those that hold some. ``controllers`` are the Deployments that install Flux,
    by root.
    """

    resources: list[Resource] = field(default_factory=list)
    objects: Objects = field(default_factory=Objects)
    parents: dict[Resource, App] = field(default_factory=dict)
    filled: dict[Resource, Filled] = field(default_factory=dict)
    sayings: list[Saying] = field(default_factory=list)
    controllers: dict[str, list[ContentObject]] = field(default_factory=dict)


def as_applied(
    resources: Sequence[Resource], request: Request, app_of: Callable[[Resource], App | None]
) -> Applied:
    """Every Flux object as the controllers see it, in sort order.

    ``app_of`` reads a Kustomization as an app, None where it cannot be read.
    """
    walk = _Walk(resources, request, app_of)
    walk.collect_objects()
    return walk.follow()


class _Walk:
    """One pass over the Kustomizations of all roots."""

    def __init__(
        self,
        resources: Sequence[Resource],
        request: Request,
        app_of: Callable[[Resource], App | None],
    ) -> None:
        self.resources = resources
        self.request = request
        self.app_of = app_of
        self.by_key = {resource_key(r): r for r in resources if r.made_by is None}
        self.parents = [r for r in resources if _is_kustomization(r)]
        self.apps: dict[Resource, App | None] = {}
        self.applied = Applied(objects=Objects(request.others(KINDS)))
        self.reached: dict[tuple[str, Resource, Ref], Resource] = {}
        self.arrived: set[Resource] = set()
        self.yields: dict[Resource, list[Resource]] = {}

    def collect_objects(self) -> None:
        """What paths yield before variables: whom they apply, and where values come from."""
        for parent in self.parents:
            app = self._app(parent)
            content = self.request.content(app, app.parts[0]) if app is not None else None
            found: list[Resource] = []
            for obj in content.objects if isinstance(content, Known) else ():
                written = self.by_key.get(object_key(obj))
                if written is not None:
                    found.append(written)
                elif obj.ref.kind == "Deployment" and installs_flux(obj):
                    self.applied.controllers.setdefault(parent.root, []).append(obj)
                elif obj.ref.kind in KINDS and not obj.ref.group:
                    ref = obj.ref
                    self.applied.objects.apply(
                        parent.root, ref.kind, ref.namespace, ref.name, obj.body
                    )
            self.yields[parent] = found

    def follow(self) -> Applied:
        """Go through the tops first; what is only part of a circle comes after them."""
        below = {
            child for parent, found in self.yields.items() for child in found if child is not parent
        }
        tops = [parent for parent in self.parents if parent not in below]
        for parent in (*tops, *self.parents):
            if parent not in self.arrived:
                self._reach(parent.root, parent, parent)
                self._expand(parent, parent, (parent,))
        left = [resource for resource in self.resources if resource not in self.arrived]
        found = [*dict.fromkeys(self.reached.values()), *left]
        self.applied.resources = sorted(found, key=lambda r: (r.root, *r.sort_key()))
        return self.applied

    def _app(self, parent: Resource) -> App | None:
        if parent not in self.apps:
            self.apps[parent] = self.app_of(parent)
        return self.apps[parent]

    def _reach(self, root: str, written: Resource, arrived: Resource) -> None:
        self.reached[root, written, arrived.ref] = arrived
        self.arrived.add(written)

    def _expand(self, top: Resource, parent: Resource, chain: tuple[Resource, ...]) -> None:
        """Everything that a Kustomization applies, as it arrives in the root of the topmost one."""
        app = self._app(parent)
        if app is None or len(chain) > _DEPTH:
            return
        content = self.request.content(app, app.parts[0])
        if not isinstance(content, Known):
            return
        body = parent.body
        variables = read_variables(
            body, top.root, app.namespace, self.applied.objects, self.request.flux
        )
        for obj in split(content).flux:
            written = self.by_key.get(object_key(obj))
            if written is None or written in chain:
                continue
            arrived, filled = self._arrived(top.root, written, obj, app, variables)
            if (top.root, written, arrived.ref) in self.reached:
                continue
            self._reach(top.root, written, arrived)
            self.applied.parents[arrived] = app
            self.applied.filled[arrived] = filled
            if _is_kustomization(arrived):
                self._expand(top, arrived, (*chain, written))

    def _arrived(
        self,
        root: str,
        written: Resource,
        obj: ContentObject,
        parent: App,
        variables: Variables,
    ) -> tuple[Resource, Filled]:
        """An object as it arrives, the written one where nothing changes; and its variables."""
        body: Any = obj.body if obj.certain else _with_namespace(written, obj.ref.namespace)
        if not obj.certain:
            self._say(F2A_OVL_001, written, parent)
        filled = Filled(body)
        try:
            filled = fill_in(body, variables)
        except Unfilled as why:
            self._say(F2A_SUB_003, written, parent, why=str(why))
        body = filled.body
        if filled.emptied:
            names = ", ".join(sorted(filled.emptied))
            self._say(F2A_SUB_007, written, parent, variables=names)
        if root == written.root and body == written.body:
            return written, filled
        metadata = body.get("metadata")
        stated = metadata if isinstance(metadata, dict) else {}
        ref = Ref(
            written.ref.group,
            written.ref.kind,
            str(stated.get("namespace") or ""),
            str(stated.get("name") or ""),
        )
        arrived = replace(
            written,
            ref=ref,
            body=grown(body),
            root=root,
            made_by=written,
            made_at=(),
            placeholder=any("${" in part for part in (ref.name, ref.namespace)),
        )
        return self.request.readable(arrived), filled

    def _say(self, message: Any, written: Resource, parent: App, **facts: Any) -> None:
        place = written.place("metadata", "name")
        name = str(written.ref)
        given = {"name": name, "parent": parent.id, "flux": self.request.flux, **facts}
        self.applied.sayings.append(
            Saying(message=message, facts=given, places=(place,), apps=(name,))
        )


def _is_kustomization(resource: Resource) -> bool:
    return resource.ref.kind == "Kustomization" and resource.ref.group.endswith("fluxcd.io")


def _with_namespace(written: Resource, namespace: str) -> dict[str, Any]:
    """The object as written, with the namespace that its parent gives it."""
    body: dict[str, Any] = dict(written.body)
    metadata = body.get("metadata")
    if namespace and isinstance(metadata, dict):
        body["metadata"] = {**metadata, "namespace": namespace}
    return body


def object_key(obj: ContentObject) -> Key:
    """The document that an object of a path stands in."""
    document = obj.place.document
    if not isinstance(document, Document):  # made by a generator
        return (obj.file, -1, obj.place.path)
    return (document.source.name, document.start, document.prefix)


def resource_key(resource: Resource) -> Key:
    """The document that a resource stands in."""
    document = resource.document
    return (resource.file, document.start, document.prefix)
