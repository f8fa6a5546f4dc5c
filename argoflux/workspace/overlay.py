"""What a path yields, read statically: kustomization files, plain directories, charts by name.

Nothing is run. What cannot be followed becomes a gap with its reason; everything else stays known.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from argoflux.finding import Finding
from argoflux.model.content import Gap, Known, Unknown
from argoflux.text import SourceFile
from argoflux.workspace.artifact import artifact_of
from argoflux.workspace.build import Build, Flavour, apply_transformers
from argoflux.workspace.directory import Walk, argocd_files, flux_files, path_facts, plain_type
from argoflux.workspace.generated import generate
from argoflux.workspace.kustomization import (
    EDITING,
    FIELDS,
    NOT_FOLLOWED,
    KustomizationFile,
    is_remote,
    read_kustomization,
    with_edits,
)
from argoflux.workspace.manifests import content_objects, items_of_file
from argoflux.workspace.tree import KUSTOMIZATION_NAMES, contains
from argoflux.yamlio.tree import Document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.model.content import Content, PathKind
    from argoflux.workspace.tree import Tree

SourceType = Literal["", "kustomize", "directory", "helm"]

_ITEM_LIMIT = 20_000
_DEPTH_LIMIT = 60


class Reading(NamedTuple):
    """How a path is read.

    ``recurse``, ``include`` and ``exclude`` are Argo CD's directory options, ``source_type`` its
    explicit choice of a tool. ``ignore`` is the text of a Flux source's ``spec.ignore``,
    ``root`` the absolute directory that stands for its repository.
    """

    flavour: Flavour
    recurse: bool = False
    include: str = ""
    exclude: str = ""
    source_type: SourceType = ""
    ignore: str | None = None
    root: str = ""


def read_path(
    tree: Tree,
    directory: str,
    *,
    flavour: Flavour,
    recurse: bool = False,
    include: str = "",
    exclude: str = "",
    source_type: SourceType = "",
    ignore: str | None = None,
    root: str = "",
    edits: Mapping[str, Any] | None = None,
) -> Content:
    """What Flux or Argo CD would apply from an absolute directory of the tree.

    ``edits`` are kustomization fields that a controller adds to the top kustomization (patches,
    components, namespace …). Answers are remembered.
    """
    reading = Reading(flavour, recurse, include, exclude, source_type, ignore, root)
    directory = os.path.normpath(directory)
    key = (directory, reading, json.dumps(edits) if edits else "")
    known: Content | None = tree.memory.get(key)
    if known is None:
        known = tree.memory[key] = _read(tree, directory, reading, edits or {})
    return known


def _read(tree: Tree, directory: str, reading: Reading, edits: Mapping[str, Any]) -> Content:
    base = tree.base_of(directory)
    if base is None:
        return Unknown(reason=f"`{tree.display(directory)}` is outside of the input")
    if tree.listing(directory) is None:
        problem = tree.problems.get(directory)
        reason = problem.message if problem else f"`{tree.display(directory)}` does not exist"
        return Unknown(reason=reason)
    if _left_out(tree, reading.flavour, directory):
        shown = tree.display(directory)
        return Unknown(reason=f"`{shown}` is behind a symbolic link, which Flux leaves out")
    kind = reading.source_type or _detect(tree, directory, reading.flavour)
    build = Build(tree, reading.flavour)
    walk = Walk()
    if kind == "helm":
        build.doubt(f"`{tree.display(directory)}` is a Helm chart, which is not rendered")
    elif kind == "kustomize":
        file = read_kustomization(tree, directory)
        if isinstance(file, Gap):
            return Unknown(reason=file.reason, place=file.place)
        _accumulate(build, with_edits(file, edits), (directory,))
    else:
        _read_directory(build, directory, reading, walk)
        if edits:
            _apply_edits(build, directory, edits)
    return Known(
        directory=tree.display(directory),
        kind_of_path=kind,
        objects=content_objects(build.items),
        gaps=tuple(build.gaps),
        files=tuple(sorted(build.files)),
        facts=path_facts(tree, directory, walk, build.outside),
    )


def _detect(tree: Tree, directory: str, flavour: Flavour) -> PathKind:
    if flavour == "argocd":
        return plain_type(tree, directory)
    listing = tree.listing(directory)
    return "kustomize" if listing is not None and listing.kustomization() else "directory"


def _read_directory(build: Build, directory: str, reading: Reading, walk: Walk) -> None:
    tree = build.tree
    if reading.flavour == "argocd":
        build.items.extend(argocd_files(tree, directory, reading, walk))
        build.gaps.extend(walk.gaps)
        build.files.update(walk.files)
        return
    base = tree.base_of(directory)
    root = reading.root or (base.directory if base else directory)
    artifact = artifact_of(tree, root, reading.ignore)
    for path, nested in flux_files(tree, directory, artifact):
        if nested:
            _add_directory(build, path, (directory,), None, ())
        else:
            items, gaps = items_of_file(tree, path)
            build.items.extend(items)
            build.files.add(tree.display(path))
            if gaps:
                walk.others.append(path)
                build.gaps.extend(gaps)
    _check_twins(build, None)


def _apply_edits(build: Build, directory: str, edits: Mapping[str, Any]) -> None:
    """What a controller adds to the kustomization that it generates for a plain directory."""
    path = os.path.join(directory, KUSTOMIZATION_NAMES[0])
    source = SourceFile(build.tree.display(path), "")
    document = Document(source=source, index=0, body={}, start=0, end=0)
    file = KustomizationFile(path=path, directory=directory, document=document, body=dict(edits))
    for value, place in file.entries("components"):
        _add_component(build, file, value, place, (directory,))
    apply_transformers(build, file)


def _accumulate(build: Build, file: KustomizationFile, chain: tuple[str, ...]) -> None:
    """One kustomization: resources, generators, components, then its transformers.

    kubernetes-sigs/kustomize:api/internal/target/kusttarget.go accumulateTarget.
    """
    build.files.add(file.document.source.name)
    for value, path in file.entries("resources", "bases"):
        _add_resource(build, file, value, path, chain)
    generate(build, file)
    for value, path in file.entries("components"):
        _add_component(build, file, value, path, chain)
    skipped = [name for name in NOT_FOLLOWED if file.body.get(name)]
    if "configurations" in skipped and _only_references(build, file):
        skipped.remove("configurations")
    for name in skipped:
        build.doubt(f"{NOT_FOLLOWED[name]} (`{name}`) are not followed", file, name)
    for name in file.body:
        if name not in FIELDS:
            build.doubt(f"unknown field `{name}`, kustomize refuses", file, name)
    for name in ("namespace", "namePrefix", "nameSuffix"):
        if not isinstance(file.body.get(name), str | None):
            build.doubt(f"`{name}` is not text, kustomize refuses", file, name)
    if build.flavour == "argocd" and not any(
        value for name, value in file.body.items() if name not in {"apiVersion", "kind"}
    ):
        build.doubt("the kustomization file is empty, kustomize refuses", file)
    _check_twins(build, file)
    apply_transformers(build, file)
    if not EDITING.isdisjoint(skipped):
        build.items = [replace(item, certain=False) for item in build.items]


def _only_references(build: Build, file: KustomizationFile) -> bool:
    """Whether the transformer configurations only name fields that hold names of other objects."""
    for value, _ in file.entries("configurations"):
        path = os.path.normpath(os.path.join(file.directory, str(value)))
        loaded = build.tree.load(path, "kustomize")
        if isinstance(loaded, Finding) or loaded.findings:
            return False
        bodies = [document.body for document in loaded.documents]
        if not all(isinstance(body, dict) and set(body) <= {"nameReference"} for body in bodies):
            return False
    return True


def _add_resource(
    build: Build, file: KustomizationFile, value: Any, path: tuple[Any, ...], chain: tuple[str, ...]
) -> None:
    if not isinstance(value, str) or not value:
        build.doubt("a resource must be a path", file, *path)
        return
    target = os.path.normpath(os.path.join(file.directory, value))
    if _left_out(build.tree, build.flavour, target):
        build.doubt(f"`{value}` is a symbolic link, which Flux leaves out", file, *path)
    elif build.tree.is_file(target):
        build.note_outside(file, value, target, path)
        items, gaps = items_of_file(build.tree, target)
        build.items.extend(items)
        build.gaps.extend(gaps)
        build.files.add(build.tree.display(target))
    elif build.tree.is_directory(target):
        _add_directory(build, target, chain, file, path)
    else:
        build.doubt(_absent(build, value, target), file, *path)


def _absent(build: Build, value: str, target: str) -> str:
    if is_remote(value):
        return f"`{value}` is fetched from another repository"
    if build.tree.base_of(target) is None:
        return f"`{value}` is outside of the input"
    return f"`{value}` does not exist"


def _add_directory(
    build: Build,
    directory: str,
    chain: tuple[str, ...],
    file: KustomizationFile | None,
    path: tuple[Any, ...],
) -> None:
    problem = _loop(build, directory, chain)
    if problem:
        build.doubt(problem, file, *path)
        return
    below = _built(build, directory, chain)
    if isinstance(below, Gap):
        build.gaps.append(below)
        return
    build.items.extend(below.items)
    build.gaps.extend(gap for gap in below.gaps if gap not in build.gaps)
    build.files |= below.files
    build.outside.extend(entry for entry in below.outside if entry not in build.outside)
    if len(build.items) > _ITEM_LIMIT:
        build.doubt(f"more than {_ITEM_LIMIT} objects, the rest is not read", file, *path)
        del build.items[_ITEM_LIMIT:]


def _built(build: Build, directory: str, chain: tuple[str, ...]) -> Build | Gap:
    """The finished build of a base, remembered while it has no loop in it."""
    key = ("build", build.flavour, directory)
    known: Build | Gap | None = build.tree.memory.get(key)
    if known is not None:
        return known
    file = read_kustomization(build.tree, directory)
    result: Build | Gap
    if isinstance(file, Gap):
        result = file
    elif file.component:
        result = Gap(reason=f"`{build.tree.display(directory)}` is a component, not a base")
    else:
        result = Build(build.tree, build.flavour)
        _accumulate(result, file, (*chain, directory))
    build.tree.memory[key] = result
    return result


def _add_component(
    build: Build, file: KustomizationFile, value: Any, path: tuple[Any, ...], chain: tuple[str, ...]
) -> None:
    if not isinstance(value, str) or not value:
        build.doubt("a component must be a path", file, *path)
        return
    directory = os.path.normpath(os.path.join(file.directory, value))
    if not build.tree.is_directory(directory):
        build.doubt(_absent(build, value, directory), file, *path)
        build.items = [replace(item, certain=False) for item in build.items]
        return
    problem = _loop(build, directory, chain)
    if problem:
        build.doubt(problem, file, *path)
        return
    component = read_kustomization(build.tree, directory)
    if isinstance(component, Gap):
        build.gaps.append(component)
    elif not component.component:
        build.doubt(f"`{value}` is not a component", file, *path)
    else:
        _accumulate(build, component, (*chain, directory))


def _loop(build: Build, directory: str, chain: tuple[str, ...]) -> str:
    """Why a directory cannot be loaded from here: it is among those being read, or above one.

    kubernetes-sigs/kustomize:api/internal/loader/fileloader.go errIfArgEqualOrHigher.
    """
    if any(contains(directory, visited) for visited in chain):
        return f"`{build.tree.display(directory)}` includes itself"
    if len(chain) > _DEPTH_LIMIT:
        return f"`{build.tree.display(directory)}` is nested too deeply"
    return ""


def _left_out(tree: Tree, flavour: Flavour, path: str) -> bool:
    """Whether Flux's artifact lacks a path because it is reached through a link.

    fluxcd/pkg:artifact/storage/archive.go keeps regular files and directories only.
    """
    base = tree.base_of(path)
    if flavour != "flux" or base is None:
        return False
    return tree.linked(path, base)


def _check_twins(build: Build, file: KustomizationFile | None) -> None:
    seen: set[tuple[str, ...]] = set()
    for item in build.items:
        identity = item.identity
        key = (identity.group, identity.kind, identity.name, identity.namespace)
        if key in seen and identity.name:
            build.doubt(
                f"{identity.kind} `{identity.name}` is there twice, kustomize refuses", file
            )
        seen.add(key)
