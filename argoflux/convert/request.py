"""From a workspace to the request of a conversion: what paths yield, and which files are at hand."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from argoflux.argocd.appset.paths import repository_paths
from argoflux.finding import Finding
from argoflux.flux.edits import kustomization_fields
from argoflux.flux.load_source import TODO_URL
from argoflux.goports.giturl import repository_key, strip_credentials
from argoflux.mapping.emission import Request
from argoflux.model.content import Unknown
from argoflux.model.render import Helm, Kustomize, Plain
from argoflux.model.source import GitSource, HelmSource, OciSource
from argoflux.workspace.classify import has_placeholder
from argoflux.workspace.overlay import SourceType, read_path
from argoflux.workspace.read import read_others
from argoflux.workspace.sources import LocalTree, below, origin_url
from argoflux.yamlio.tree import dig

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.mapping.concept import System
    from argoflux.mapping.emission import ConvertOptions
    from argoflux.model.app import App, Part
    from argoflux.model.content import Content
    from argoflux.model.files import SourceFiles
    from argoflux.resource import Resource
    from argoflux.workspace.read import Workspace
    from argoflux.workspace.tree import Tree


@dataclass(slots=True)
class LocalFiles:
    """The files of a local copy of a repository (model/files.py SourceFiles)."""

    tree: Tree
    place: LocalTree
    _names: tuple[str, ...] | None = None

    @property
    def directory(self) -> str:
        """Display path of the copy's root."""
        return self.tree.display(self.place.directory)

    @property
    def assumed(self) -> bool:
        """Whether the copy was only recognised by the paths that the input uses."""
        return self.place.evidence == "assumed"

    def names(self) -> tuple[str, ...]:
        """Every file of the copy, sorted."""
        if self._names is None:
            found = [
                below(self.place.directory, f"{directory}{os.sep}{name}")
                for directory in self.tree.directories_below(self.place.directory)
                for name in (self.tree.listing(directory) or _EMPTY).files
            ]
            self._names = tuple(sorted(found))
        return self._names

    def read(self, path: str) -> str | None:
        """The text of a file; None when there is none, or it is no text."""
        source = self.tree.read(self.place.path(path))
        return None if isinstance(source, Finding) else source.text


@dataclass(frozen=True, slots=True)
class _Empty:
    files: tuple[str, ...] = ()


_EMPTY = _Empty()


@lru_cache(maxsize=1024)
def _key(url: str) -> str:
    return repository_key(strip_credentials(url))


_NOT_A_FOLDER = frozenset("*?[{$")

_MISSING = "missing source "


def _missing(name: str) -> str:
    """A key for a repository whose source object is not in the input."""
    return f"{_MISSING}{name}"


class Contents:
    """Answers what the paths of apps yield, from the local copies of their repositories."""

    def __init__(self, workspace: Workspace, to: System) -> None:
        self._workspace = workspace
        self._to = to
        self._uses: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        self._copies: dict[tuple[str, str], LocalTree | Unknown] = {}
        self._read: dict[str, LocalFiles] = {}
        for url, path, resource in _uses(workspace.resources):
            key = (resource.root, url if url.startswith(_MISSING) else _key(url))
            self._uses[key].append((path, workspace.path_of(resource)))

    def copy(self, app: App, part: Part) -> LocalTree | Unknown:
        """The local copy of the repository of a part."""
        if part.extra.get("facts", {}).get("hydrated"):
            named = self._workspace.sources.named(_owner(app))
            return named or Unknown(reason="the branch is written by the source hydrator")
        if not isinstance(part.source, GitSource):
            return self._artifact(app, part)
        url = strip_credentials(part.source.url)
        missing = url == TODO_URL
        key = (app.root, _missing(part.source.name) if missing else _key(url))
        if key not in self._copies:
            own = set() if has_placeholder(part.path) else {part.path}
            unnamed = (app.root, _missing(part.source.name))  # an installation of Flux may state it
            uses = [*(() if missing else self._uses.pop(key, ())), *self._uses.get(unnamed, ())]
            self._copies[key] = self._workspace.sources.resolve(
                "" if missing else url,
                own.union(path for path, _ in uses),
                used_in=sorted({file for _, file in uses} - {""}),
                owner=_owner(app),
            )
        return self._copies[key]

    def _artifact(self, app: App, part: Part) -> LocalTree | Unknown:
        """The local copy of a chart or an artifact: only one that the user names is believed."""
        match part.source:
            case HelmSource(url=url, chart=chart):
                address = f"{strip_credentials(url).rstrip('/')}/{chart}"
            case OciSource(url=url):
                address = f"oci://{url}"
            case _:
                return Unknown(reason="the source is no Git repository")
        key = (app.root, address)
        if key not in self._copies:
            self._copies[key] = self._workspace.sources.resolve(address)
        return self._copies[key]

    def files(self, app: App, part: Part) -> SourceFiles | None:
        """The files of the repository of a part, None where no copy of it is at hand."""
        found = self.copy(app, part)
        if isinstance(found, Unknown):
            return None
        if found.directory not in self._read:
            self._read[found.directory] = LocalFiles(self._workspace.tree, found)
        return self._read[found.directory]

    def content(self, app: App, part: Part) -> Content:
        """What the path of a part yields in the system that the app belongs to."""
        found = self.copy(app, part)
        if isinstance(found, Unknown):
            return found
        directory = found.path(part.path)
        tree = self._workspace.tree
        if self._to == "argocd":
            ignore = part.source.ignore if isinstance(part.source, GitSource) else None
            edits = kustomization_fields(part.render) if isinstance(part.render, Kustomize) else {}
            return read_path(
                tree,
                directory,
                flavour="flux",
                ignore=ignore,
                root=found.directory,
                edits=edits or None,
            )
        render = part.render
        plain = render if isinstance(render, Plain) else Plain()
        return read_path(
            tree,
            directory,
            flavour="argocd",
            recurse=plain.recurse,
            include=plain.include or "",
            exclude=plain.exclude or "",
            source_type=_source_type(part),
        )


def _source_type(part: Part) -> SourceType:
    match part.render:
        case Plain():
            return "directory"
        case Kustomize():
            return "kustomize"
        case Helm():
            return "helm"
        case _:
            return ""


def _owner(app: App) -> str:
    """The source object that ``--source Kind/namespace/name=PATH`` may name."""
    for resource in app.made_of[1:]:
        return str(resource.ref)
    return str(app.extra.get("facts", {}).get("source") or app.id)


def _uses(resources: tuple[Resource, ...]) -> Iterator[tuple[str, str, Resource]]:
    """Every (URL, path, resource) that the input states, sources joined within their root."""
    urls: dict[tuple[str, str, str, str], str] = {}
    by_name: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for resource in resources:
        if resource.ref.kind == "GitRepository":
            url = dig(resource.body, "spec", "url")
            key = (resource.root, "GitRepository", resource.ref.namespace, resource.ref.name)
            if isinstance(url, str):
                urls[key] = url
                by_name[key[0], key[1], key[3]].add(url)
    for resource in resources:
        spec = resource.body.get("spec")
        if not isinstance(spec, dict):
            continue
        if resource.ref.kind == "ApplicationSet":
            yield from ((url, path, resource) for url, path in repository_paths(spec))
            continue
        if resource.ref.kind == "Application":
            yield from ((address, used, resource) for address, used in _stated_paths(spec))
            continue
        path, ref = spec.get("path"), spec.get("sourceRef")
        if resource.ref.kind == "HelmRelease":
            path = dig(spec, "chart", "spec", "chart")
            ref = dig(spec, "chart", "spec", "sourceRef")
        if isinstance(ref, dict) and isinstance(path, str) and not has_placeholder(path):
            namespace = ref.get("namespace") or resource.ref.namespace
            kind, name = str(ref.get("kind")), str(ref.get("name"))
            url = urls.get((resource.root, kind, str(namespace), name))
            same_name = by_name[resource.root, kind, name]
            if url is None and len(same_name) == 1:
                url = next(iter(same_name))
            yield url or _missing(name), path, resource


def _stated_paths(spec: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every (URL, path) of an Application: what its sources apply, and folders of values files."""
    several = spec.get("sources")
    stated = [spec.get("source"), *(several if isinstance(several, list) else [])]
    sources = [s for s in stated if isinstance(s, dict) and isinstance(s.get("repoURL"), str)]
    for source in sources:
        path = source.get("path")
        yield source["repoURL"], path if isinstance(path, str) else ""
        helm = source.get("helm")
        if not isinstance(helm, dict) or helm.get("ignoreMissingValueFiles") is True:
            continue
        files = helm.get("valueFiles")
        for item in files if isinstance(files, list) else ():
            name, _, below_it = str(item).partition("/")
            folder = below_it.rpartition("/")[0]
            if folder and not _NOT_A_FOLDER & set(folder):
                lenders = (s for s in sources if f"${s.get('ref')}" == name)
                yield from ((lender["repoURL"], folder) for lender in lenders)


def request_for(
    workspace: Workspace, to: System, options: ConvertOptions, *, argocd: str, flux: str
) -> Request:
    """The request of one conversion; releases are minors such as ``3.5`` and ``2.9``."""
    contents = Contents(workspace, to)
    origins = {root.name: origin_url(root.directory) for root in workspace.roots if root.directory}
    return Request(
        to=to,
        argocd=argocd,
        flux=flux,
        options=options,
        content=contents.content,
        files=contents.files,
        origins={name: url for name, url in origins.items() if url},
        others=lambda wanted: read_others(workspace, wanted),
    )
