"""Argo CD objects from text, with made-up contents of their repositories."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from argoflux.argocd.load import load
from argoflux.flux.emit import emit
from argoflux.kinds import pseudo_kind
from argoflux.mapping.emission import ConvertOptions, Request
from argoflux.model.content import ContentObject, Known, PathFacts, Unknown
from argoflux.resource import Ref, Resource
from argoflux.text import SourceFile
from argoflux.yamlio.load import load_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from argoflux.mapping.draft import Draft
    from argoflux.mapping.emission import Emission, Loaded
    from argoflux.model.app import App, Part
    from argoflux.model.content import Content

NOT_HERE = Unknown(reason="no copy of the repository")
_CLUSTER_SCOPED = {"Namespace", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition"}


@dataclass
class Files:
    """A repository as a mapping of paths to texts."""

    texts: dict[str, str]
    directory: str = "repo"
    assumed: bool = False

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self.texts))

    def read(self, path: str) -> str | None:
        return self.texts.get(path)


def resources_from(text: str, *, file: str = "apps.yaml", root: str = "") -> list[Resource]:
    found = []
    for document in load_text(SourceFile(file, text)).documents:
        body = document.body
        group, slash, version = body["apiVersion"].rpartition("/")
        metadata = body.get("metadata", {})
        namespace, name = metadata.get("namespace", ""), metadata.get("name", "")
        found.append(
            Resource(
                ref=Ref(group if slash else "", body["kind"], namespace, name),
                version=version,
                body=body,
                document=document,
                root=root,
                pseudo=pseudo_kind(body) or "",
            )
        )
    return found


def application(source: str, *, name: str = "shop", spec: str = "", metadata: str = "") -> str:
    """One Application; the source in flow style, further lines of spec and metadata as they are."""
    destination = "" if "destination:" in spec else "  destination: {namespace: shop}\n"
    lines = [f"  {line}\n" for line in spec.splitlines()]
    notes = [f"  {line}\n" for line in metadata.splitlines()]
    return (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
        f"metadata:\n  name: {name}\n  namespace: argocd\n{''.join(notes)}"
        f"spec:\n  source: {source}\n{destination}{''.join(lines)}"
    )


@dataclass
class Case:
    """One conversion: what was loaded and what was written."""

    loaded: Loaded
    emission: Emission = field(repr=False)

    def draft(self, kind: str, name: str | None = None) -> Draft:
        found = [d for d in self.emission.drafts if d.kind == kind and name in {None, d.name}]
        assert len(found) == 1, [d.id for d in self.emission.drafts]
        return found[0]

    def spec(self, kind: str, name: str | None = None) -> dict[str, Any]:
        return dict(self.draft(kind, name).body["spec"])

    def names(self, kind: str) -> list[str]:
        return sorted(draft.name for draft in self.emission.drafts if draft.kind == kind)

    def facts(self) -> dict[str, Any]:
        (decision,) = self.emission.decisions.values()
        return decision.facts

    def codes(self) -> set[str]:
        """Codes of messages without a leaf, and of refusals."""
        sayings = [*self.loaded.sayings, *self.emission.sayings]
        refusals = [*self.loaded.refused]
        refusals += [d.refused for d in self.emission.decisions.values() if d.refused]
        return {s.message.code for s in sayings} | {r.message.code for r in refusals}

    def said(self, code: str) -> dict[str, Any]:
        sayings = [*self.loaded.sayings, *self.emission.sayings]
        found = [s.facts for s in sayings if s.message.code == code]
        assert found, self.codes()
        return found[0]


def convert_case(
    text: str | list[Resource],
    *,
    content: Content | Callable[[App, Part], Content] = NOT_HERE,
    files: dict[str, str] | None = None,
    repositories: dict[str, dict[str, str]] | None = None,
    flux: str = "2.9",
    argocd: str = "3.5",
    kept: str = "",
    **options: Any,
) -> Case:
    resources = resources_from(text) if isinstance(text, str) else text
    request = Request(
        to="flux",
        argocd=argocd,
        flux=flux,
        options=ConvertOptions(**options),
        content=content if callable(content) else lambda _app, _part: content,
        files=lambda _app, part: copy_of(part, files, repositories or {}),
        kept=tuple(resources_from(kept, file="flux.yaml")),
    )
    loaded = load(resources, request)
    return Case(loaded=loaded, emission=emit(loaded, request))


def copy_of(
    part: Part, files: dict[str, str] | None, repositories: dict[str, dict[str, str]]
) -> Files | None:
    """The copy of one part's repository: the one with its URL, else the same for all."""
    texts = repositories.get(getattr(part.source, "url", ""), files)
    return None if texts is None else Files(texts)


def known(*objects: str, kind: str = "directory", complete: bool = True, **facts: Any) -> Known:
    """Contents from `Kind/namespace/name` texts; a `*` after it: a kustomization set the namespace."""
    made = []
    for text in objects:
        kind_of, namespace, name = text.rstrip("*").split("/")
        body: Any = {"kind": kind_of, "metadata": {"name": name}}
        (document,) = load_text(SourceFile("repo/x.yaml", "a: b")).documents
        resource = Resource(
            ref=Ref("", kind_of, namespace, name), version="v1", body=body, document=document
        )
        set_by = "kustomization" if text.endswith("*") else "author" if namespace else "none"
        made.append(
            ContentObject(
                ref=resource.ref,
                version="v1",
                body=body,
                place=resource.place(),
                scope="cluster" if kind_of in _CLUSTER_SCOPED else "namespaced",
                namespace_set_by=set_by,
            )
        )
    from argoflux.model.content import Gap

    return Known(
        directory="repo/deploy",
        kind_of_path=kind,
        objects=tuple(made),
        gaps=() if complete else (Gap(reason="a remote base"),),
        facts=PathFacts(**facts),
    )
