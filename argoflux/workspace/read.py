"""From paths to the resources of Argo CD and Flux: what every command starts with."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, BinaryIO

from argoflux import kinds
from argoflux.finding import Finding
from argoflux.model.content import Gap
from argoflux.resource import Inventory
from argoflux.workspace.classify import classify, in_chart_templates, resource_of, unwrap
from argoflux.workspace.files import discover, without_zeros
from argoflux.workspace.kustomization import patch_files, read_kustomization, resource_paths
from argoflux.workspace.releases import (
    Detected,
    detected,
    may_tell,
    sightings_in,
    sightings_of,
)
from argoflux.workspace.roots import Located, Root, assign
from argoflux.workspace.sources import LocalSources
from argoflux.yamlio.load import decode_bytes, load_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from argoflux.resource import Resource
    from argoflux.workspace.classify import State
    from argoflux.workspace.files import Discovered, InputFile, Limits
    from argoflux.workspace.releases import Sighting
    from argoflux.workspace.tree import Tree

_MARK = re.compile(r"(?:\A|\.)(?:argoproj\.io|fluxcd\.io|fluxcd\.controlplane\.io)/")
_NEEDLES = tuple(needle.decode() for needle in kinds.NEEDLES)
_KINDS = re.compile(rb'(?:kind: |"(?=\w+"))([A-Z]\w*)')


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Workspace:
    """Everything that one run has read.

    ``resources``: objects of Argo CD and Flux, and Secrets and ConfigMaps that configure them, in
    sort order. ``patches``: partial documents that kustomization files list as patches.
    ``broken``: documents of ours without a usable type or name; a finding AF004 says what is wrong.
    ``templated``: objects in Helm chart templates. ``templates``: display paths of files that are
    no YAML before a template engine has run. ``definitions`` counts CRDs of the same files.
    ``marked``: objects of other kinds with annotations or labels that Argo CD or Flux reads.
    ``paths`` leads from display paths to absolute ones; ``seen`` counts the files looked at.
    """

    resources: tuple[Resource, ...]
    patches: tuple[Resource, ...] = ()
    templated: tuple[Resource, ...] = ()
    broken: tuple[Resource, ...] = ()
    marked: tuple[Resource, ...] = ()
    templates: tuple[str, ...] = ()
    definitions: int = 0
    findings: tuple[Finding, ...] = ()
    roots: tuple[Root, ...] = ()
    inputs: tuple[str, ...] = ()
    tree: Tree
    sources: LocalSources
    releases: Detected = field(default_factory=Detected)
    manifests: tuple[str, ...] = ()
    paths: Mapping[str, str] = field(default_factory=dict)

    @property
    def seen(self) -> int:
        """How many files were looked at."""
        return len(self.manifests)

    @property
    def inventory(self) -> Inventory:
        """The resources by identity and kind."""
        known: Inventory | None = self.tree.memory.get("inventory")
        if known is None or known.resources is not self.resources:
            known = self.tree.memory["inventory"] = Inventory(self.resources)
        return known

    def path_of(self, resource: Resource) -> str:
        """The absolute path of the file of a resource, empty for standard input."""
        return self.paths.get(resource.file, "")

    def root(self, name: str) -> Root:
        """The root of that name; raises KeyError."""
        return next((r for r in self.roots if r.name == name), None) or _no_root(name)


def _no_root(name: str) -> Root:
    raise KeyError(name)


@dataclass(slots=True)
class _Gathered:
    """What the files have yielded so far."""

    resources: list[Located] = field(default_factory=list)
    patches: list[Located] = field(default_factory=list)
    templated: list[Located] = field(default_factory=list)
    broken: list[Located] = field(default_factory=list)
    marked: list[Located] = field(default_factory=list)
    templates: list[str] = field(default_factory=list)
    definitions: int = 0
    findings: list[Finding] = field(default_factory=list)
    sightings: list[Sighting] = field(default_factory=list)

    def add(self, state: State, entry: Located) -> None:
        """Put a document where its state belongs; other objects are kept only when marked."""
        match state:
            case "resource":
                self.resources.append(entry)
            case "patch":
                self.patches.append(entry)
            case "templated":
                self.templated.append(entry)
            case "definition":
                self.definitions += 1
            case "broken":
                self.broken.append(entry)
            case "other":
                if _is_marked(entry.resource):
                    self.marked.append(entry)


def read(
    paths: Sequence[str],
    *,
    stdin: BinaryIO | None = None,
    stdin_name: str = "<stdin>",
    cwd: str | None = None,
    limits: Limits | None = None,
    sources: Sequence[str] = (),
    texts: Mapping[str, bytes] | None = None,
) -> Workspace:
    """Read the files of a command and say what their documents are.

    ``sources`` are the values of ``--source``; ``texts`` holds the bytes of files, by absolute path,
    that count instead of those on disk. Raises InputError for a path that does not exist
    and UsageError for a bad ``--source``; everything else that is wrong becomes a finding.
    """
    found = discover(paths, stdin=stdin, stdin_name=stdin_name, cwd=cwd, limits=limits, texts=texts)
    gathered = _Gathered(findings=list(found.findings))
    patched = _listed_patches(found)
    for file in found.files:
        _gather(gathered, found.tree, file, listed_as_patch=file.path in patched)
    asked = [path for path in found.asked if os.path.isdir(path)]
    everything = [
        *gathered.resources,
        *gathered.patches,
        *gathered.templated,
        *gathered.broken,
        *gathered.marked,
    ]
    roots, by_path = assign(found.tree, everything, asked, found.manifests)
    gathered.sightings += sightings_of(entry.resource for entry in gathered.resources)
    return Workspace(
        resources=_rooted(gathered.resources, by_path),
        patches=_rooted(gathered.patches, by_path),
        templated=_rooted(gathered.templated, by_path),
        broken=_rooted(gathered.broken, by_path),
        marked=_rooted(gathered.marked, by_path),
        templates=tuple(gathered.templates),
        definitions=gathered.definitions,
        findings=tuple(sorted(gathered.findings, key=_finding_key)),
        roots=roots,
        inputs=tuple(_shown(found, path) for path in found.asked),
        tree=found.tree,
        sources=LocalSources(found.tree, sources, asked),
        releases=detected(gathered.sightings),
        manifests=found.manifests,
        paths={file.name: file.path for file in found.files},
    )


def _is_marked(resource: Resource) -> bool:
    """Whether an object carries an annotation or label of Argo CD or Flux."""
    metadata = resource.body.get("metadata")
    for name in ("annotations", "labels"):
        notes = metadata.get(name) if isinstance(metadata, dict) else None
        keys = notes if isinstance(notes, dict) else ()
        if any(_MARK.search(str(key)) for key in keys):
            return True
    return False


def _shown(found: Discovered, path: str) -> str:
    return found.tree.display(path) if os.path.isabs(path) else path


def _finding_key(finding: Finding) -> tuple[tuple[str, int, int], str, str]:
    return (finding.place.sort_key(), finding.code, finding.message)


def _rooted(located: Iterable[Located], by_path: Mapping[str, str]) -> tuple[Resource, ...]:
    placed = [replace(resource, root=by_path[path]) for resource, path in located]
    return tuple(sorted(placed, key=lambda r: (r.root, *r.sort_key())))


def _gather(gathered: _Gathered, tree: Tree, file: InputFile, *, listed_as_patch: bool) -> None:
    """Load one file and sort its documents by what they are."""
    source = decode_bytes(file.name, file.data)
    if isinstance(source, Finding):
        gathered.findings.append(source)
        return
    if may_tell(file.data):
        gathered.sightings += sightings_in(source, file.data)
    loaded = load_text(source, keep=_keep)
    gathered.findings += loaded.findings
    if loaded.templated:
        gathered.templates.append(file.name)
    if not loaded.documents:
        return
    chart = bool(file.path) and in_chart_templates(tree, file.path)
    for outer in loaded.documents:
        for document in unwrap(outer):
            said = classify(document, listed_as_patch=listed_as_patch, chart_template=chart)
            if said.finding is not None:
                gathered.findings.append(said.finding)
            if said.resource is not None:
                gathered.add(said.state, Located(said.resource, file.path))


def _keep(piece: str) -> bool:
    """Whether a piece of a file between two ``---`` can matter; large CRDs are not parsed."""
    return any(needle in piece for needle in _NEEDLES)


def _listed_patches(found: Discovered) -> set[str]:
    """Files that kustomization files list as patches and none lists as a resource."""
    patches: set[str] = set()
    resources: set[str] = set()
    folders = {os.path.dirname(path) for path in found.patching}
    for path in found.asked:
        at = os.path.dirname(path)
        while os.path.isabs(path) and found.tree.base_of(at) is not None and at not in folders:
            folders.add(at)
            at = os.path.dirname(at)
    for folder in sorted(folders):
        file = read_kustomization(found.tree, folder)
        if not isinstance(file, Gap):
            patches.update(patch_files(file))
            resources.update(resource_paths(file))
    return patches - resources


def read_others(workspace: Workspace, wanted: frozenset[str]) -> tuple[Resource, ...]:
    """Objects of other kinds that configuration refers to: ConfigMaps, Secrets, Namespaces …

    Every manifest of the input is looked at again, so this is for the few who need it. Patches
    and files that cannot be read are left out. The answer is remembered.
    """
    key = ("others", wanted)
    known: tuple[Resource, ...] | None = workspace.tree.memory.get(key)
    if known is not None:
        return known
    needles = tuple(f"kind: {kind}" for kind in sorted(wanted)) + tuple(
        f'"{kind}"' for kind in sorted(wanted)
    )
    located: list[Located] = []
    for path in _mentioning(workspace, wanted):
        source = workspace.tree.read(path)
        if isinstance(source, Finding):
            continue
        loaded = load_text(source, keep=lambda piece: any(n in piece for n in needles))
        for outer in loaded.documents:
            for document in unwrap(outer):
                resource = resource_of(document)
                if resource is not None and resource.ref.kind in wanted and resource.ref.name:
                    located.append(Located(resource, path))
    everything = (*workspace.resources, *workspace.patches, *workspace.templated)
    members = [Located(resource, workspace.path_of(resource)) for resource in everything]
    _, by_path = assign(
        workspace.tree, [*members, *located], workspace.sources.asked, workspace.manifests
    )
    found = tuple(replace(resource, root=by_path[path]) for resource, path in located)
    workspace.tree.memory[key] = found
    return found


def _mentioning(workspace: Workspace, wanted: frozenset[str]) -> list[str]:
    """The manifests that may hold objects of some kinds; all of them are looked at only once."""
    index: dict[str, list[str]] | None = workspace.tree.memory.get("mentioned")
    if index is None:
        index = workspace.tree.memory["mentioned"] = {}
        for path in workspace.manifests:
            data = workspace.tree.read_bytes(path)
            if not isinstance(data, Finding):
                for word in set(_KINDS.findall(without_zeros(data))):
                    index.setdefault(word.decode(), []).append(path)
    kinds_wanted = tuple(wanted)
    return sorted({p for word, at in index.items() if word.startswith(kinds_wanted) for p in at})
