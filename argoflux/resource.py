"""Kubernetes resources found in documents, and the references between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from sys import intern
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.finding import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from argoflux.text import Path, Side
    from argoflux.yamlio.tree import Document, Map

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"

_SERVER_METADATA = frozenset(
    {
        "creationTimestamp",
        "deletionGracePeriodSeconds",
        "deletionTimestamp",
        "generation",
        "managedFields",
        "resourceVersion",
        "selfLink",
        "uid",
    }
)
"""Set by the API server: kubernetes/apimachinery:pkg/apis/meta/v1/types.go ObjectMeta."""


class Ref(NamedTuple):
    """The identity of a resource inside one root; ``namespace`` is empty when not stated."""

    group: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        """``Kind/namespace/name``, without the namespace where there is none."""
        return intern("/".join(part for part in (self.kind, self.namespace, self.name) if part))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Resource:
    """One object as its author wrote it.

    ``body`` is never thrown away; ``document`` knows where its parts stand. ``root`` is the name
    of the root (cluster, repository or given path) inside which names and joins are resolved.
    ``pseudo`` names the configuration that a Secret or ConfigMap stands for (``Secret:repository``).
    ``placeholder`` marks a type, name or namespace that is filled in later (``${VAR}``, ``{{ }}``).
    An object that a template makes (an Application of an ApplicationSet) names its maker in
    ``made_by`` and the path of the template there in ``made_at``; its places are the template's.
    So does one that a build changes: its maker is the object in the file.
    One whose leaves stand elsewhere there than in itself says so in ``stated``.
    """

    ref: Ref
    version: str
    body: Map
    document: Document
    root: str = ""
    pseudo: str = ""
    placeholder: bool = False
    made_by: Resource | None = None
    made_at: Path = ()
    stated: Mapping[Path, Path] = field(default_factory=dict)

    @property
    def api_version(self) -> str:
        """``group/version``, or the version alone for the core group."""
        return f"{self.ref.group}/{self.version}" if self.ref.group else self.version

    @property
    def written(self) -> Resource:
        """The object that an author wrote: the one that this was made by, or itself."""
        return self.made_by or self

    @property
    def file(self) -> str:
        """Display path of the file."""
        return self.document.source.name

    @property
    def dump(self) -> bool:
        """Whether the object was read from a cluster rather than written by hand."""
        metadata = self.body.get("metadata")
        if not isinstance(metadata, dict):
            return False
        return "uid" in metadata or "managedFields" in metadata or "resourceVersion" in metadata

    def place(self, *path: str | int, on: Side = "value") -> Place:
        """The place of one of this resource's leaves."""
        return self.place_at(path, on)

    def place_at(self, path: Path, on: Side = "value") -> Place:
        """``place`` of a path; the place holds this very tuple where it can."""
        if self.made_by is not None and self.stated:
            return self.made_by.place(*self.stated.get(path, self.made_at), on=on)
        if self.made_by is not None:
            return self.made_by.place(*self.made_at, *path, on=on)
        full: Path = (*self.document.prefix, *path) if self.document.prefix else path
        return Place(source=self.document.source, document=self.document, path=full, on=on)

    def sort_key(self) -> tuple[str, str, str, str, int, Path]:
        """The order in which resources are handled: namespace, name, kind, file, position."""
        ref, document = self.ref, self.document
        return (ref.namespace, ref.name, ref.kind, self.file, document.index, document.prefix)


def author_view(body: dict[str, Any]) -> dict[str, Any]:
    """The object without what the API server added: status, server metadata, last-applied.

    Returns ``body`` itself when there is nothing to leave out; the values are shared, not copied.
    """
    metadata = body.get("metadata")
    if not isinstance(metadata, dict):
        return body if "status" not in body else {k: v for k, v in body.items() if k != "status"}
    annotations = metadata.get("annotations")
    if not isinstance(annotations, dict):
        annotations = {}
    applied = LAST_APPLIED in annotations
    if "status" not in body and not applied and _SERVER_METADATA.isdisjoint(metadata):
        return body
    kept = {key: value for key, value in metadata.items() if key not in _SERVER_METADATA}
    if applied:
        rest = {key: value for key, value in annotations.items() if key != LAST_APPLIED}
        kept.pop("annotations")
        if rest:
            kept["annotations"] = rest
    return {
        key: kept if key == "metadata" else value for key, value in body.items() if key != "status"
    }


class Inventory:
    """Resources by identity and by kind; objects of different roots never meet."""

    __slots__ = ("_by_kind", "_by_ref", "resources")

    def __init__(self, resources: Iterable[Resource]) -> None:
        self.resources = tuple(resources)
        self._by_ref: dict[tuple[str, Ref], list[Resource]] = {}
        self._by_kind: dict[tuple[str, str], list[Resource]] = {}
        for resource in self.resources:
            ref = resource.ref
            self._by_ref.setdefault((resource.root, ref), []).append(resource)
            self._by_kind.setdefault((ref.group, ref.kind), []).append(resource)

    def __iter__(self) -> Iterator[Resource]:
        """All resources in their given order."""
        return iter(self.resources)

    def __len__(self) -> int:
        """How many resources there are."""
        return len(self.resources)

    def at(self, root: str, ref: Ref) -> tuple[Resource, ...]:
        """The resources of one root with this identity: none, one, or conflicting definitions."""
        return tuple(self._by_ref.get((root, ref), ()))

    def find(
        self, root: str, group: str, kind: str, namespace: str, name: str
    ) -> tuple[Resource, ...]:
        """Like ``at``; a definition that states no namespace also answers."""
        return self.at(root, Ref(group, kind, namespace, name)) or (
            self.at(root, Ref(group, kind, "", name)) if namespace else ()
        )

    def of_kind(self, group: str, *kinds: str) -> tuple[Resource, ...]:
        """Every resource of these kinds, in the given order of resources."""
        if len(kinds) == 1:
            return tuple(self._by_kind.get((group, kinds[0]), ()))
        return tuple(r for r in self.resources if r.ref.group == group and r.ref.kind in kinds)
