"""Flux objects as they arrive in their clusters, for rules that the files alone do not answer.

Reading what every Kustomization yields costs more than reading the input. So rules first look at
the objects as they are written, and ask here only about what would be a finding.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from argoflux.convert.request import request_for
from argoflux.flux.joins import Sources
from argoflux.kinds import engine_of
from argoflux.mapping.emission import ConvertOptions
from argoflux.model.content import Known, Unknown

if TYPE_CHECKING:
    from argoflux.lint.context import Context
    from argoflux.model.app import App
    from argoflux.model.content import Content
    from argoflux.resource import Resource

_ENGINES = {"flux", "flux-operator"}


class Arrivals:
    """The Flux objects of all roots after the builds and variables of what applies them.

    ``resources`` holds one object per place where it arrives; what nothing applies is as written.
    ``sources`` finds the source objects among them, ``objects`` ConfigMaps and Secrets.
    """

    def __init__(self, ctx: Context) -> None:
        self._request = request_for(
            ctx.workspace, "argocd", ConvertOptions(), argocd=ctx.argocd, flux=ctx.flux
        )
        from argoflux.flux.load import follow

        followed = follow(ctx.resources, self._request)
        self._app_of = followed.app_of
        self._parents = followed.applied.parents
        self.objects = followed.applied.objects
        self.lockdown = followed.lockdown
        self.resources = tuple(r for r in followed.applied.resources if is_flux(r))
        self._by_written: dict[Resource, list[Resource]] = defaultdict(list)
        for resource in self.resources:
            self._by_written[resource.written].append(resource)
        self.sources = Sources(self.resources)
        self._contents: dict[Resource, Content] = {}
        self._unseen: dict[str, tuple[str, ...]] = {}

    def of(self, written: Resource) -> tuple[Resource, ...]:
        """The object at every place where it arrives, as written where nothing is known to apply it."""
        return tuple(self._by_written.get(written, (written,)))

    def is_applied(self, resource: Resource) -> bool:
        """Whether a Kustomization of the input applies the object."""
        return resource in self._parents

    def parent(self, resource: Resource) -> App | None:
        """The Kustomization that applies an object; None where nobody does, or nobody knows."""
        return self._parents.get(resource)

    def content(self, kustomization: Resource) -> Content:
        """What a Kustomization applies."""
        if kustomization not in self._contents:
            app = self._app_of(kustomization)
            self._contents[kustomization] = (
                Unknown(reason="its source or path cannot be told")
                if app is None
                else self._request.content(app, app.parts[0])
            )
        return self._contents[kustomization]

    def unseen(self, root: str) -> tuple[str, ...]:
        """The Kustomizations of a root of which nobody knows what they apply."""
        if root not in self._unseen:
            self._unseen[root] = tuple(
                str(resource.ref)
                for resource in self.resources
                if resource.root == root
                and is_kustomization(resource)
                and not isinstance(self.content(resource), Known)
            )
        return self._unseen[root]


def arrivals(ctx: Context) -> Arrivals:
    """The arrivals of a run, read once."""
    known: Arrivals | None = ctx.memory.get("arrivals")
    if known is None:
        known = ctx.memory["arrivals"] = Arrivals(ctx)
    return known


def is_flux(resource: Resource) -> bool:
    """Whether an object is one of Flux's."""
    return engine_of(resource.ref.group) in _ENGINES


def is_kustomization(resource: Resource) -> bool:
    """Whether an object is a Kustomization of Flux."""
    return resource.ref[:2] == ("kustomize.toolkit.fluxcd.io", "Kustomization")
