"""What a document is: a resource of Argo CD or Flux, a patch, a definition, or a template."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from argoflux import kinds
from argoflux.finding import Finding, Place, Severity
from argoflux.resource import Ref, Resource
from argoflux.schema_words import closest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.workspace.tree import Tree
    from argoflux.yamlio.tree import Document

State = Literal["resource", "patch", "definition", "templated", "broken", "other"]

CREATED_FOR = "argoflux.dev/created-for"
"""Names the apps that a Namespace was written for."""

_PLACEHOLDER = re.compile(r"\$\{|\{\{|<[A-Za-z_][A-Za-z0-9_ -]*>|__[A-Z][A-Z0-9_]*__")


class Classified(NamedTuple):
    """A document with its state; ``finding`` says what keeps it from being a resource."""

    state: State
    resource: Resource | None = None
    finding: Finding | None = None


def has_placeholder(text: str) -> bool:
    """Whether a name or type is filled in later: ``${VAR}``, ``{{ x }}``, ``<NAME>``."""
    return _PLACEHOLDER.search(text) is not None


def unwrap(document: Document) -> Iterator[Document]:
    """The items of a ``kind: List`` (or ``ApplicationList``) as documents, else the document."""
    body = document.body
    if not isinstance(body, dict) or not _is_list(body):
        yield document
        return
    for index, item in enumerate(body["items"]):
        if isinstance(item, dict):
            prefix = (*document.prefix, "items", index)
            yield from unwrap(replace(document, body=item, prefix=prefix))


def _is_list(body: dict[str, Any]) -> bool:
    kind = body.get("kind")
    return isinstance(kind, str) and kind.endswith("List") and isinstance(body.get("items"), list)


def split_api_version(api_version: str) -> tuple[str, str]:
    """Group and version; the group is empty for the core group."""
    group, slash, version = api_version.rpartition("/")
    return (group, version) if slash else ("", api_version)


def resource_of(document: Document) -> Resource | None:
    """The Kubernetes object in a document, None when it has no type.

    The name is empty when the document states none.
    """
    body = document.body
    if not isinstance(body, dict):
        return None
    api_version, kind = body.get("apiVersion"), body.get("kind")
    if not isinstance(api_version, str) or not isinstance(kind, str):
        return None
    metadata = body.get("metadata")
    if not isinstance(metadata, dict):
        metadata = {}
    name, namespace = _text(metadata.get("name")), _text(metadata.get("namespace"))
    group, version = split_api_version(api_version)
    return Resource(
        ref=Ref(group, kind, namespace, name),
        version=version,
        body=body,  # type: ignore[arg-type]  # a Map: documents are built from Map and Seq
        document=document,
        pseudo=kinds.pseudo_kind(body) or "",
        placeholder=any(has_placeholder(part) for part in (api_version, kind, name, namespace)),
    )


def classify(document: Document, *, listed_as_patch: bool, chart_template: bool) -> Classified:
    """Say what a document of a relevant file is.

    ``listed_as_patch``: a kustomization file lists the document's file as a patch.
    ``chart_template``: the file stands in the ``templates`` folder of a Helm chart.
    """
    resource = resource_of(document)
    if resource is None:
        return Classified("other", finding=None if listed_as_patch else _typeless(document))
    ref = resource.ref
    settings = kinds.patched_kind(resource.body) if listed_as_patch else None
    if settings is not None:  # the installation itself often comes from elsewhere
        return Classified("resource", replace(resource, pseudo=settings))
    if ref.kind == "CustomResourceDefinition":
        return Classified("definition", resource)
    misspelt = None if listed_as_patch else _misspelt(resource)
    if misspelt is not None:
        return Classified("broken", resource, misspelt)
    if not _ours(resource) or kinds.is_other_kind(ref.group, ref.kind):
        return Classified("other", resource)
    if listed_as_patch or has_patch_marker(resource.body):
        return Classified("patch", resource)
    if chart_template and "{{" in document.source.text[document.start : document.end]:
        return Classified("templated", resource)
    metadata = resource.body.get("metadata")
    if not ref.name and not (isinstance(metadata, dict) and metadata.get("generateName")):
        known = resource.pseudo or kinds.find(ref.group, ref.kind)
        if known is None:
            return Classified("other", resource)
        return Classified("broken", resource, _nameless(resource))
    return Classified("resource", resource)


def _ours(resource: Resource) -> bool:
    if resource.pseudo or kinds.engine_of(resource.ref.group) or _is_created_namespace(resource):
        return True
    return resource.placeholder and has_placeholder(resource.ref.group) and _known_kind(resource)


def _is_created_namespace(resource: Resource) -> bool:
    """Whether a Namespace stands for ``CreateNamespace=true``, as our own conversion writes it."""
    metadata = resource.body.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    named = resource.ref.kind == "Namespace" and not resource.ref.group
    return named and isinstance(annotations, dict) and CREATED_FOR in annotations


def _known_kind(resource: Resource) -> bool:
    return kinds.by_name(resource.ref.kind) is not None


def has_patch_marker(body: dict[str, Any]) -> bool:
    """Whether a document is a strategic merge patch by its own words (``$patch`` at the top)."""
    return "$patch" in body or (isinstance(body.get("spec"), dict) and "$patch" in body["spec"])


def in_chart_templates(tree: Tree, path: str) -> bool:
    """Whether a file stands below the ``templates`` folder of a Helm chart."""
    folder = os.path.dirname(path)
    while True:
        above, name = os.path.split(folder)
        if above == folder:
            return False
        if name == "templates":
            listing = tree.listing(above)
            if listing is not None and "Chart.yaml" in listing.files:
                return True
        folder = above


def _typeless(document: Document) -> Finding | None:
    """What is wrong with the type of a document that was meant for Argo CD or Flux."""
    body = document.body
    if not isinstance(body, dict):
        return None
    api_version, kind = body.get("apiVersion"), body.get("kind")
    if isinstance(api_version, str) and kinds.engine_of(split_api_version(api_version)[0]):
        return _type_finding(document, "kind", f"an object of {api_version} has no `kind`")
    known = kinds.by_name(kind) if isinstance(kind, str) else None
    if known is None or not isinstance(body.get("metadata"), dict):
        return None
    if kind == "Kustomization" and not isinstance(body.get("spec"), dict):
        return None  # kustomize takes its own files without an apiVersion, and they have no `spec`
    right = f"{known.group}/{known.newest.version}"
    return _type_finding(document, "apiVersion", f"{kind} has no `apiVersion`; `{right}` is meant?")


def _misspelt(resource: Resource) -> Finding | None:
    """What is wrong with a type that is nearly one of ours."""
    ref, written = resource.ref, resource.body["apiVersion"]
    known = kinds.find(ref.group, ref.kind)
    group = written.partition("/")[0]
    if known is None and ref.group != group and kinds.engine_of(group) is not None:
        text = f"`{written}` is no apiVersion"
        meant = kinds.find(group, ref.kind)
        if meant is not None:
            text += f"; `{group}/{meant.newest.version}` is meant?"
        return _type_finding(resource.document, "apiVersion", text)
    if known is not None or kinds.engine_of(ref.group) is None or resource.placeholder:
        return None
    if ref.kind in kinds.OTHER_ARGOPROJ_KINDS or ref.kind.endswith("List"):
        return None
    near = closest(ref.kind, [kind.kind for kind in kinds.KINDS if kind.group == ref.group])
    if not near:
        return None
    text = f"`{ref.kind}` is no kind of {ref.group}; did you mean `{near}`?"
    return _type_finding(resource.document, "kind", text)


def _type_finding(document: Document, key: str, message: str) -> Finding:
    return Finding(
        code="AF004",
        slug="missing-type-or-name",
        severity=Severity.ERROR,
        message=message,
        place=Place(source=document.source, document=document, path=(*document.prefix, key)),
    )


def _nameless(resource: Resource) -> Finding:
    on_metadata = "metadata" in resource.body
    return Finding(
        code="AF004",
        slug="missing-type-or-name",
        severity=Severity.ERROR,
        message=f"{resource.ref.kind} has no `metadata.name`",
        place=resource.place("metadata") if on_metadata else resource.place(),
        resource=resource.ref.kind,
    )


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None or isinstance(value, dict | list) else str(value)
