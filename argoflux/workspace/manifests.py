"""Objects of manifest files, and the content objects that come out of an overlay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.finding import Finding, Place
from argoflux.model.content import ContentObject, Gap, Scope
from argoflux.resource import Ref
from argoflux.workspace.classify import unwrap
from argoflux.workspace.scopes import scope_of
from argoflux.workspace.transform import Item, identity_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from argoflux.workspace.tree import Flavour, Tree
    from argoflux.yamlio.tree import Document

_LOCAL = "config.kubernetes.io/local-config"


def items_of_file(
    tree: Tree, path: str, flavour: Flavour = "kustomize"
) -> tuple[tuple[Item, ...], tuple[Gap, ...]]:
    """The objects of one manifest file, and why it is not made of objects where it is not."""
    loaded = tree.load(path, flavour)
    if isinstance(loaded, Finding):
        return (), (Gap(reason=loaded.message, place=loaded.place),)
    gaps = [
        Gap(reason=f"cannot parse: {finding.message}", place=finding.place)
        for finding in loaded.findings
        if finding.code in {"AF001", "AF006", "AF007"}
    ]
    items: list[Item] = []
    for outer in loaded.documents:
        for document in unwrap(outer):
            if document.body is None:
                continue
            problem = not_an_object(document.body)
            if problem:
                gaps.append(Gap(reason=problem, place=place_of(document)))
            else:
                items.append(item_of(document))
    return tuple(items), tuple(gaps)


def not_an_object(body: Any) -> str:
    """Why a document is no Kubernetes object, empty when it is one."""
    if not isinstance(body, dict):
        return "not a Kubernetes object: no mapping"
    if not isinstance(body.get("kind"), str) or not body["kind"]:
        return "not a Kubernetes object: no `kind`"
    metadata = body.get("metadata")
    if not isinstance(metadata, dict) or not (metadata.get("name") or metadata.get("generateName")):
        return "not a Kubernetes object: no `metadata.name`"
    return ""


def place_of(document: Document, *path: str | int) -> Place:
    """The place of a document, or of a value in it."""
    return Place(source=document.source, document=document, path=(*document.prefix, *path))


def item_of(document: Document) -> Item:
    """The object of a document as its author wrote it."""
    identity = identity_of(document.body)
    return Item(
        body=document.body,
        place=place_of(document),
        identity=identity,
        original=identity,
        namespace_set_by="author" if identity.namespace else "none",
    )


def content_objects(items: Iterable[Item]) -> tuple[ContentObject, ...]:
    """The finished objects, without those that are marked as local configuration."""
    kept = [item for item in items if _LOCAL not in item.annotations]
    definitions = _scopes_of_definitions(kept)
    return tuple(_content_object(item, definitions) for item in kept)


def _content_object(item: Item, definitions: dict[tuple[str, str], Scope]) -> ContentObject:
    group, version, kind, name, namespace = item.identity
    metadata = item.body.get("metadata")
    generate_name = metadata.get("generateName") if isinstance(metadata, dict) else None
    return ContentObject(
        ref=Ref(group, kind, namespace, name),
        version=version,
        body=item.body,
        place=item.place,
        scope=scope_of(group, kind, definitions),
        namespace_set_by=item.namespace_set_by,
        generate_name=generate_name if isinstance(generate_name, str) and not name else "",
        hashed=item.hashed,
        certain=item.certain,
    )


def _scopes_of_definitions(items: Iterable[Item]) -> dict[tuple[str, str], Scope]:
    found: dict[tuple[str, str], Scope] = {}
    for item in items:
        if item.identity.kind != "CustomResourceDefinition":
            continue
        spec = item.body.get("spec")
        names = spec.get("names") if isinstance(spec, dict) else None
        if not isinstance(spec, dict) or not isinstance(names, dict):
            continue
        scope: Scope = "cluster" if spec.get("scope") == "Cluster" else "namespaced"
        found[str(spec.get("group", "")), str(names.get("kind", ""))] = scope
    return found
