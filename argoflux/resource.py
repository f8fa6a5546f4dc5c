"""Kubernetes resources found in documents, and the references between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from argoflux.finding import Place

if TYPE_CHECKING:
    from argoflux.text import Path, Side
    from argoflux.yamlio.tree import Document, Map


class Ref(NamedTuple):
    """The identity of a resource inside one root; ``namespace`` is empty when not stated."""

    group: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        """``Kind/namespace/name``, without the namespace where there is none."""
        return "/".join(part for part in (self.kind, self.namespace, self.name) if part)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Resource:
    """One object as its author wrote it.

    ``body`` is never thrown away; ``document`` knows where its parts stand. ``root`` is the name
    of the root (cluster, repository or given path) inside which names and joins are resolved.
    """

    ref: Ref
    version: str
    body: Map
    document: Document
    root: str = ""

    @property
    def api_version(self) -> str:
        """``group/version``, or the version alone for the core group."""
        return f"{self.ref.group}/{self.version}" if self.ref.group else self.version

    @property
    def file(self) -> str:
        """Display path of the file."""
        return self.document.source.name

    def place(self, *path: str | int, on: Side = "value") -> Place:
        """The place of one of this resource's leaves."""
        full: Path = (*self.document.prefix, *path)
        return Place(source=self.document.source, document=self.document, path=full, on=on)

    def sort_key(self) -> tuple[str, str, str, str, int]:
        """The order in which resources are handled: namespace, name, kind, file, index."""
        ref = self.ref
        return (ref.namespace, ref.name, ref.kind, self.file, self.document.index)
