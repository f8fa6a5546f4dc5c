"""What owners bring into their cluster: the objects of each Flux Kustomization and each Application."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from argoflux.argocd.shapes import block, switch, text
from argoflux.flux.fields import text as flux_text
from argoflux.lint.arrivals import arrivals, is_kustomization
from argoflux.lint.copies import is_pinned
from argoflux.model.content import Known
from argoflux.workspace.classify import has_placeholder
from argoflux.yamlio.tree import Document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.model.content import Content, ContentObject
    from argoflux.resource import Resource
    from argoflux.text import Path
    from argoflux.workspace.overlay import SourceType

Key = tuple[str, int, "Path"]
"""A document by file, offset and path inside of it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Delivery:
    """The objects that one owner applies, by the documents that they were written in."""

    owner: Resource
    root: str
    content: Known
    objects: Mapping[Key, ContentObject]


def delivery(owner: Resource, content: Content) -> Delivery | None:
    """What an owner applies, None where it cannot be told."""
    if not isinstance(content, Known):
        return None
    objects = {key: obj for obj in content.objects if (key := object_key(obj)) is not None}
    return Delivery(owner=owner, root=owner.root, content=content, objects=objects)


def object_key(obj: ContentObject) -> Key | None:
    """The document that an object was written in, None for what is generated."""
    document = obj.place.document
    if not isinstance(document, Document):
        return None
    return (document.source.name, document.start, document.prefix)


def is_identified(obj: ContentObject) -> bool:
    """Whether it is known which object of the cluster an object is: its name and namespace are final."""
    known = obj.certain and not obj.hashed and not any(has_placeholder(part) for part in obj.ref)
    return bool(obj.ref.name) and known and (bool(obj.ref.namespace) or obj.scope == "cluster")


def resource_key(resource: Resource) -> Key:
    """The document of a resource."""
    document = resource.document
    return (resource.file, document.start, document.prefix)


def flux_deliveries(ctx: Context) -> tuple[Delivery, ...]:
    """What every Kustomization of the run applies, as far as it is known.

    One that states no path is left out: often a patch states it, for each cluster. So is one whose
    source is pinned to a revision: the files at hand may be others.
    """
    found: tuple[Delivery, ...] | None = ctx.memory.get("flux deliveries")
    if found is None:
        there = arrivals(ctx)
        owners = [r for r in there.resources if is_kustomization(r)]
        stated = (r for r in owners if flux_text(r.body, "spec", "path") and not is_pinned(ctx, r))
        each = (delivery(r, there.content(r)) for r in stated)
        found = ctx.memory["flux deliveries"] = tuple(one for one in each if one is not None)
    return found


def argo_content(ctx: Context, app: ApplicationView, source: Mapping[str, Any]) -> Content:
    """What a source of an Application yields."""
    directory = block(source, "directory")
    return ctx.content(
        app.resource,
        text(source.get("repoURL")),
        text(source.get("path")),
        recurse=switch(directory, "recurse") is True,
        include=text(directory.get("include")),
        exclude=text(directory.get("exclude")),
        source_type=_tool(source),
    )


def _tool(source: Mapping[str, Any]) -> SourceType:
    """The tool that a source states. argo-cd:pkg/apis/application/v1alpha1/types.go ExplicitType."""
    if isinstance(source.get("kustomize"), dict):
        return "kustomize"
    if isinstance(source.get("helm"), dict):
        return "helm"
    return "directory" if isinstance(source.get("directory"), dict) else ""
