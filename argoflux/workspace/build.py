"""What one kustomization has accumulated, and the edits that its file makes to it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from argoflux.finding import Finding
from argoflux.model.content import Gap, OutsideFile
from argoflux.workspace.overlay_patches import apply_patches, apply_targeted
from argoflux.workspace.replacing import ReplacementError, apply_replacement, may_change
from argoflux.workspace.transform import (
    add_annotations,
    add_labels,
    rename,
    set_image,
    set_namespace,
    set_replicas,
)
from argoflux.workspace.tree import contains

if TYPE_CHECKING:
    from argoflux.workspace.kustomization import KustomizationFile
    from argoflux.workspace.transform import Item
    from argoflux.workspace.tree import Tree

Flavour = Literal["flux", "argocd"]


@dataclass(slots=True)
class Build:
    """What one kustomization has accumulated so far."""

    tree: Tree
    flavour: Flavour
    items: list[Item] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    files: set[str] = field(default_factory=set)
    outside: list[OutsideFile] = field(default_factory=list)

    def note_outside(
        self, file: KustomizationFile, value: str, target: str, path: tuple[Any, ...]
    ) -> None:
        """Note a file from outside of the kustomization's directory; Argo CD refuses it."""
        if contains(file.directory, target):
            return
        shown = self.tree.display(target)
        self.outside.append(OutsideFile(target=shown, place=file.place(path)))
        if self.flavour == "argocd":
            self.doubt(f"`{value}` is outside of its kustomization's directory", file, *path)

    def doubt(self, reason: str, file: KustomizationFile | None = None, *path: str | int) -> None:
        """Note that something could not be followed."""
        gap = Gap(reason=reason, place=file.place(path) if file else None)
        if gap not in self.gaps:
            self.gaps.append(gap)


def apply_transformers(build: Build, file: KustomizationFile) -> None:
    """Patch and edit what a kustomization has accumulated.

    The order is that of kusttarget_configplugin.go configureBuiltinTransformers.
    """
    apply_patches(build, file)
    items = build.items
    namespace = file.text("namespace")
    if namespace:
        accounts = frozenset(i.original for i in items if i.identity.kind == "ServiceAccount")
        items = [set_namespace(item, namespace, accounts) for item in items]
    prefix, suffix = file.text("namePrefix"), file.text("nameSuffix")
    if prefix or suffix:
        items = [rename(item, prefix, suffix) for item in items]
    for label, _ in file.entries("labels"):
        pairs = label.get("pairs") if isinstance(label, dict) else None
        if isinstance(pairs, dict):
            selectors = label.get("includeSelectors") is True
            templates = label.get("includeTemplates") is True
            items = [
                add_labels(item, pairs, selectors=selectors, templates=templates) for item in items
            ]
    labels, annotations = file.mapping("commonLabels"), file.mapping("commonAnnotations")
    if labels:
        items = [add_labels(item, labels, selectors=True) for item in items]
    if annotations:
        items = [add_annotations(item, annotations) for item in items]
    build.items = items
    apply_targeted(build, file, "patchesJson6902")
    items = build.items
    for entry, _ in file.entries("replicas"):
        if isinstance(entry, dict) and isinstance(entry.get("name"), str):
            items = [set_replicas(item, entry["name"], entry.get("count")) for item in items]
    for image, _ in file.entries("images"):
        if isinstance(image, dict):
            items = [set_image(item, image) for item in items]
    build.items = items
    _apply_replacements(build, file)


def _apply_replacements(build: Build, file: KustomizationFile) -> None:
    for entry, path in file.entries("replacements"):
        for replacement in _replacements(build, file, entry, path):
            _replace(build, file, replacement, path)


def _replacements(
    build: Build, file: KustomizationFile, entry: Any, path: tuple[Any, ...]
) -> list[Any]:
    """The replacements of an entry: its own, or those of the file that it names."""
    name = entry.get("path") if isinstance(entry, dict) else None
    if not isinstance(name, str) or not name:
        return [entry]
    target = os.path.normpath(os.path.join(file.directory, name))
    build.note_outside(file, name, target, path)
    loaded = build.tree.load(target, "kustomize")
    if isinstance(loaded, Finding) or loaded.findings:
        return [None]
    build.files.add(build.tree.display(target))
    found: list[Any] = []
    for document in loaded.documents:
        found += document.body if isinstance(document.body, list) else [document.body]
    return found


def _replace(
    build: Build, file: KustomizationFile, replacement: Any, path: tuple[Any, ...]
) -> None:
    """Copy a value into its targets; where that fails, they are no longer certain."""
    try:
        build.items = apply_replacement(build.items, replacement)
    except ReplacementError as error:
        build.doubt(f"a replacement is not made: {error}", file, *path)
        build.items = [
            replace(item, certain=False) if may_change(item, replacement) else item
            for item in build.items
        ]
