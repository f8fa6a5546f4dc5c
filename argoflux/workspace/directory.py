"""Directories without a kustomization file, as Flux and Argo CD walk them."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from argoflux.finding import Finding
from argoflux.goports.globs import GlobError, gobwas
from argoflux.model.content import Gap, PathFacts
from argoflux.workspace.classify import unwrap
from argoflux.workspace.manifests import item_of, place_of
from argoflux.workspace.tree import KUSTOMIZATION_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.model.content import OutsideFile
    from argoflux.workspace.artifact import Artifact
    from argoflux.workspace.overlay import Reading
    from argoflux.workspace.transform import Item
    from argoflux.workspace.tree import Tree

SKIP_MARKER = "+argocd:skip-file-rendering"

_ARGOCD_SUFFIXES = (".yaml", ".yml", ".json", ".jsonnet")
_TELLING = ("apiVersion:", "kind:", "metadata:")


@dataclass(slots=True)
class Walk:
    """What a walk met beside objects: absolute paths."""

    others: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


def plain_type(tree: Tree, directory: str) -> Literal["kustomize", "directory", "helm"]:
    """The tool that Argo CD detects by the files of a directory.

    The last match in lexical order wins (argo-cd:util/app/discovery/discovery.go Discover).
    """
    found: Literal["kustomize", "directory", "helm"] = "directory"
    listing = tree.listing(directory)
    for name in sorted(listing.files) if listing else ():
        if name.endswith("Chart.yaml"):
            found = "helm"
        elif name in KUSTOMIZATION_NAMES:
            found = "kustomize"
    return found


def flux_files(tree: Tree, directory: str, artifact: Artifact) -> Iterator[tuple[str, bool]]:
    """The resources of the kustomization that Flux generates: paths, and whether each is a base.

    Depth first in lexical order; a sub-directory with a kustomization file is one resource
    (fluxcd/pkg:kustomize/kustomize_generator.go generateKustomization).
    """
    stack = [(directory, True)]
    while stack:
        path, folder = stack.pop()
        if not folder:
            if path.endswith((".yaml", ".yml")) and not artifact.leaves_out(path):
                yield path, False
            continue
        listing = tree.listing(path)
        if listing is None:
            continue
        name = listing.kustomization()
        if path != directory and name and not artifact.leaves_out(os.path.join(path, name)):
            yield path, True
            continue
        entries = [(name, False) for name in listing.files]
        entries += [(name, True) for name in listing.directories]
        stack += [(os.path.join(path, n), deep) for n, deep in sorted(entries, reverse=True)]


def argocd_files(tree: Tree, directory: str, reading: Reading, walk: Walk) -> Iterator[Item]:
    """The objects that Argo CD reads from a plain directory.

    argo-cd:reposerver/repository/repository.go findManifests, getPotentiallyValidManifests.
    """
    folders = tree.directories_below(directory) if reading.recurse else iter((directory,))
    paths: list[str] = []
    for folder in folders:
        listing = tree.listing(folder)
        if listing is None:
            continue
        names = [*listing.files]
        names += [e.name for e in listing.links if e.exists and e.inside and not e.directory]
        paths += [os.path.join(folder, n) for n in names if n.endswith(_ARGOCD_SUFFIXES)]
    for path in sorted(paths):
        if _chosen(tree, path, os.path.relpath(path, directory), reading, walk):
            yield from _argocd_objects(tree, path, walk)


def _chosen(tree: Tree, path: str, relative: str, reading: Reading, walk: Walk) -> bool:
    relative = relative.replace(os.sep, "/")
    try:
        if reading.exclude and gobwas(reading.exclude, relative):
            return False
        if reading.include and not gobwas(reading.include, relative):
            return False
    except GlobError as error:
        walk.gaps.append(Gap(reason=f"the glob of include or exclude is not valid: {error}"))
        return False
    if path.endswith(".jsonnet"):
        walk.gaps.append(Gap(reason=f"`{tree.display(path)}` is Jsonnet, which is not evaluated"))
        return False
    return True


def _argocd_objects(tree: Tree, path: str, walk: Walk) -> Iterator[Item]:
    loaded = tree.load(path, "sigs")
    if isinstance(loaded, Finding):
        walk.gaps.append(Gap(reason=loaded.message, place=loaded.place))
        return
    source = tree.read(path)
    text = "" if isinstance(source, Finding) else source.text
    if SKIP_MARKER in text:
        walk.marked.append(path)
        return
    documents = [d for outer in loaded.documents for d in unwrap(outer) if d.body is not None]
    bad = next((d for d in documents if not _typed(d.body)), None)
    broken = [f for f in loaded.findings if f.code in {"AF001", "AF006", "AF007"}]
    if bad is not None or broken:
        if all(word in text for word in _TELLING):
            place = broken[0].place if bad is None else place_of(bad)
            gap = Gap(reason="cannot be read as Kubernetes objects, Argo CD refuses", place=place)
            walk.gaps.append(gap)
            walk.broken.append(path)
        else:
            walk.others.append(path)
        return
    walk.files.append(tree.display(path))
    for document in documents:
        yield item_of(document)


def _typed(body: object) -> bool:
    return isinstance(body, dict) and isinstance(body.get("kind"), str) and bool(body["kind"])


def path_facts(tree: Tree, directory: str, walk: Walk, outside: list[OutsideFile]) -> PathFacts:
    """The facts of a directory that conversion decides by; names only, but for ``walk``."""
    top = tree.listing(directory)
    nested: list[str] = []
    folders: list[str] = []
    names: list[str] = []
    links: list[str] = []
    stack = [directory]
    while stack:
        folder = stack.pop()
        listing = tree.listing(folder)
        if listing is None:
            continue
        links += [os.path.join(folder, link.name) for link in listing.links]
        if folder != directory and listing.kustomization():
            nested.append(folder)
            continue
        names += [os.path.join(folder, name) for name in listing.files]
        if folder != directory and any(n.endswith((".yaml", ".yml")) for n in listing.files):
            folders.append(folder)
        stack += [os.path.join(folder, name) for name in listing.directories]

    def shown(paths: list[str]) -> tuple[str, ...]:
        return tuple(sorted(tree.display(path) for path in paths))

    charts = [name for name in (top.files if top else ()) if name.endswith("Chart.yaml")]
    return PathFacts(
        kustomization=top.kustomization() if top else "",
        chart=charts[0] if charts else "",
        nested_kustomizations=shown(nested),
        yaml_directories=shown(folders),
        json_manifests=shown([path for path in names if path.endswith(".json")]),
        jsonnet=shown([path for path in names if path.endswith(".jsonnet")]),
        other_yaml=shown(walk.others),
        broken_yaml=shown(walk.broken),
        skip_marked=shown(walk.marked),
        symlinks=shown(links),
        argocd_source_files=shown([p for p in names if _is_argocd_source(os.path.basename(p))]),
        outside=tuple(sorted(outside, key=lambda o: (*o.place.sort_key(), o.target))),
    )


def _is_argocd_source(name: str) -> bool:
    return name == ".argocd-source.yaml" or (
        name.startswith(".argocd-source-") and name.endswith(".yaml")
    )
