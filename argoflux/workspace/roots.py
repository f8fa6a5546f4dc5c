"""Roots: the areas inside which names, references and order are resolved.

The rule, in order:

1. *Home*: the Git work tree that holds a file, else the PATH given. Single files and standard
   input outside of Git share one home.
2. *Cluster roots* of a home: the directories that Flux syncs, told by a Kustomization that is
   named like its namespace or stands in ``gotk-sync.yaml``, by ``spec.sync`` of a FluxInstance (or
   the values of a release that state one), by the folder above ``flux-system/gotk-sync.yaml``, or by the habit ``clusters/<name>`` where such
   folders hold Flux Kustomizations.
3. A home with at most one cluster root is one root.
4. Otherwise a file belongs to the innermost cluster root above it, else to the one cluster root
   that reaches it through Flux Kustomizations and kustomization files, else to the home itself.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from argoflux.goports.giturl import basename
from argoflux.model.content import Gap
from argoflux.workspace.artifact import artifact_of
from argoflux.workspace.directory import flux_files
from argoflux.workspace.kustomization import patch_files, read_kustomization, resource_paths
from argoflux.workspace.sources import origin_url
from argoflux.workspace.tree import Base, contains
from argoflux.yamlio.tree import dig

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from argoflux.resource import Resource
    from argoflux.workspace.artifact import Artifact
    from argoflux.workspace.tree import Tree

RootKind = Literal["cluster", "git", "path", "files"]

FILES = "input"
"""The name of the root of single files and standard input."""

_SLUG_LIMIT = 60
_SYNC_FILE = os.sep + os.path.join("flux-system", "gotk-sync.yaml")
_NO_SLUG = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """One root: ``name`` is a slug, unique in the run; ``directory`` is absolute."""

    name: str
    kind: RootKind
    directory: str


class Located(NamedTuple):
    """A resource and the absolute path of its file; empty for standard input."""

    resource: Resource
    path: str


_FLUX_KUSTOMIZATION = ("kustomize.toolkit.fluxcd.io", "Kustomization")
_SYNCS = {"FluxInstance": ("sync",), "HelmRelease": ("values", "instance", "sync")}
_SHARED_FOLDERS = frozenset({"all", "base", "common", "components", "shared", "template"})


def assign(
    tree: Tree, located: Sequence[Located], asked: Iterable[str], manifests: Iterable[str] = ()
) -> tuple[tuple[Root, ...], Mapping[str, str]]:
    """All roots in the order of their names, and the name of the root of every file path.

    ``asked`` are the absolute directories given as PATH, ``manifests`` all files of the input.
    """
    syncs = [path for path in manifests if path.endswith(_SYNC_FILE)]
    folders = sorted(set(asked), key=lambda path: (len(path), path))
    homes = {path: _home(tree, path, folders) for path in dict.fromkeys(e.path for e in located)}
    owners: dict[str, tuple[RootKind, str]] = {}
    members: dict[Base, list[Located]] = defaultdict(list)
    for entry in located:
        members[homes[entry.path]].append(entry)
    for home in sorted(members):
        owners.update(_split(tree, home, members[home], syncs))
    names = _names(sorted(set(owners.values()), key=lambda owner: (owner[1], owner[0])))
    roots = [Root(name=name, kind=kind, directory=at) for (kind, at), name in names.items()]
    by_path = {path: names[owner] for path, owner in owners.items()}
    return tuple(sorted(roots, key=lambda root: root.name)), by_path


def _home(tree: Tree, path: str, folders: Sequence[str]) -> Base:
    base = tree.base_of(path) if path else None
    if base is not None and base.git:
        return base
    outer = next((folder for folder in folders if contains(folder, path)), "")
    return Base(outer, git=False)


def _split(
    tree: Tree, home: Base, members: Sequence[Located], syncs: Sequence[str]
) -> dict[str, tuple[RootKind, str]]:
    """The owner of every file of one home."""
    own: tuple[RootKind, str] = ("files", "")
    if home.directory:
        own = ("git" if home.git else "path", home.directory)
    clusters = sorted(set(_clusters(tree, home, members, syncs))) if home.directory else []
    if len(clusters) <= 1:
        only: tuple[RootKind, str] = ("cluster", clusters[0]) if clusters else own
        return {entry.path: only for entry in members}
    by_file: dict[str, list[Resource]] = {}
    for resource, path in members:
        by_file.setdefault(path, []).append(resource)
    reached: dict[str, set[str]] = {}
    if home.directory not in clusters:  # else every file is inside of one
        artifact = artifact_of(tree, home.directory)
        reached = {at: _reached(tree, home, at, by_file, artifact) for at in clusters}
    known = frozenset(clusters)
    out: dict[str, tuple[RootKind, str]] = {}
    for path in by_file:
        inside = _innermost(known, path, home.directory)
        if inside:
            out[path] = ("cluster", inside)
        else:
            by = [cluster for cluster, files in reached.items() if path in files]
            out[path] = ("cluster", by[0]) if len(by) == 1 else own
    return out


def _innermost(clusters: Collection[str], path: str, home: str) -> str:
    """The innermost cluster root above a file, empty where there is none."""
    at = os.path.dirname(path)
    while at not in clusters:
        if len(at) <= len(home):
            return ""
        at = os.path.dirname(at)
    return at


def _clusters(
    tree: Tree, home: Base, members: Sequence[Located], syncs: Sequence[str]
) -> Iterator[str]:
    for path in syncs:
        if contains(home.directory, path):
            yield os.path.dirname(os.path.dirname(path))
    for resource, path in members:
        sync = _sync_path(resource, os.path.basename(path))
        if sync is not None:
            directory = _synced(path, sync, home)
            if tree.is_directory(directory):
                yield directory
        if resource.ref[:2] == _FLUX_KUSTOMIZATION:
            parts = os.path.relpath(path, home.directory).split(os.sep)
            at = next((i for i, part in enumerate(parts[:-2]) if part == "clusters"), -1)
            if at >= 0 and parts[at + 1] not in _SHARED_FOLDERS:
                yield os.path.join(home.directory, *parts[: at + 2])


def _sync_path(resource: Resource, file_name: str) -> str | None:
    """What a cluster applies first, None when the resource is not that.

    flux2:pkg/manifestgen/sync/sync.go; flux-operator:api/v1/fluxinstance_types.go Sync, which the
    chart `flux-instance` takes from its values.
    """
    ref, spec = resource.ref, resource.body.get("spec")
    if not isinstance(spec, dict):
        return None
    if ref.group == "kustomize.toolkit.fluxcd.io" and ref.kind == "Kustomization":
        named = ref.name == ref.namespace
        path = spec.get("path", "./")
        return path if (named or file_name == "gotk-sync.yaml") and isinstance(path, str) else None
    at = _SYNCS.get(ref.kind)
    sync = dig(spec, *at) if at is not None else None
    if not isinstance(sync, dict) or (ref.kind == "HelmRelease" and "url" not in sync):
        return None
    path = sync.get("path", "./")
    return path if isinstance(path, str) else None


def _synced(path: str, sync: str, home: Base) -> str:
    """The directory that a sync path means: above its file where that fits, else in the home.

    A repository may be a folder of a larger one.
    """
    clean = _clean(sync)
    at = os.path.dirname(path)
    while clean and contains(home.directory, at):
        if contains(os.path.join(at, clean), path):
            return os.path.join(at, clean)
        at = os.path.dirname(at)
    return os.path.normpath(os.path.join(home.directory, clean))


def _clean(path: str) -> str:
    return os.path.normpath("/" + path.strip("/")).lstrip("/")


def _reached(
    tree: Tree,
    home: Base,
    cluster: str,
    by_file: Mapping[str, list[Resource]],
    artifact: Artifact,
) -> set[str]:
    """The files that a cluster applies, directly or through Flux Kustomizations."""
    files: set[str] = set()
    seen: set[str] = set()
    pending = [cluster]
    starts = [home.directory]
    while starts[-1] != cluster:
        below = os.path.relpath(cluster, starts[-1]).split(os.sep)[0]
        starts.append(os.path.join(starts[-1], below))
    while pending:
        directory = pending.pop()
        new = set(_files_of(tree, directory, artifact, seen)) - files
        files |= new
        for path in new:
            for resource in by_file.get(path, ()):
                spec = resource.body.get("spec")
                text = spec.get("path") if isinstance(spec, dict) else None
                if resource.ref[:2] == _FLUX_KUSTOMIZATION and isinstance(text, str):
                    targets = (os.path.normpath(os.path.join(at, _clean(text))) for at in starts)
                    pending += [target for target in targets if tree.is_directory(target)][:1]
    return files


def _files_of(tree: Tree, directory: str, artifact: Artifact, seen: set[str]) -> Iterator[str]:
    """The files that a build of a directory reads; every directory is visited once."""
    stack = [directory]
    while stack:
        path = stack.pop()
        if path in seen:
            continue
        seen.add(path)
        if tree.is_file(path):
            yield path
            continue
        listing = tree.listing(path)
        if listing is None:
            continue
        if listing.kustomization():
            file = read_kustomization(tree, path)
            if not isinstance(file, Gap):
                stack.extend(resource_paths(file))
                stack.extend(patch_files(file))
        elif path == directory:
            stack.extend(found for found, _ in flux_files(tree, path, artifact))


def _names(
    owners: Sequence[tuple[RootKind, str]],
) -> dict[tuple[RootKind, str], str]:
    """A short name for each owner; as many folders are named as it takes to tell them apart."""
    names: dict[tuple[RootKind, str], str] = {}
    for owner in owners:
        kind, directory = owner
        taken = {*names.values()}
        candidates = _candidates(kind, directory)
        names[owner] = next((name for name in candidates if name not in taken), candidates[-1])
    clashing = len(set(names.values())) < len(names)
    return {o: f"{n}-{i}" for i, (o, n) in enumerate(names.items(), 1)} if clashing else names


def _candidates(kind: RootKind, directory: str) -> list[str]:
    if kind == "files":
        return [FILES]
    parts = [part for part in directory.split(os.sep) if part]
    found = ["-".join(parts[-count:]) for count in range(1, len(parts) + 1)] or [FILES]
    if kind == "git":
        found.insert(0, basename(origin_url(directory)) or found[0])
    return [_slug(name) for name in found]


def _slug(name: str) -> str:
    return _NO_SLUG.sub("-", name).strip("-.")[-_SLUG_LIMIT:].strip("-.") or "root"
