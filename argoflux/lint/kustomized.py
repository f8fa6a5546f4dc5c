"""Kustomization files of the input: which of them are built, and every file that one of them names."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from argoflux.finding import Finding
from argoflux.lint.copies import copy_of, path_uses
from argoflux.workspace.tree import KUSTOMIZATION_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.lint.context import Context
    from argoflux.workspace.tree import Tree

_INDIRECT = ("generators", "transformers", "validators")


@dataclass(slots=True)
class Kustomized:
    """``live`` directories have a kustomization file that some owner builds, directly or not.

    Those in ``flux`` are built by Flux. ``named`` are the absolute paths of files and directories that any kustomization file names.
    """

    live: set[str] = field(default_factory=set)
    flux: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)


def kustomized(ctx: Context) -> Kustomized:
    """What the kustomization files of a run build, by names alone; nothing is built."""
    known: Kustomized | None = ctx.memory.get("kustomized")
    if known is None:
        known = ctx.memory["kustomized"] = _read(ctx)
    return known


def _read(ctx: Context) -> Kustomized:
    tree = ctx.workspace.tree
    files = [path for path in ctx.workspace.manifests if _split(path)[1] in KUSTOMIZATION_NAMES]
    edges: dict[str, set[str]] = {_split(path)[0]: set() for path in files}
    found = Kustomized()
    for path in files:
        folder = _split(path)[0]
        names = set(_named(tree, path, folder))
        found.named |= names
        edges[folder] |= names & edges.keys()
    for flux, reached in ((True, found.flux), (False, found.live)):
        starts = (start for start in _starts(ctx) if start[1] is flux)
        pending = [each for start in starts for each in _built(tree, start, edges)]
        while pending:
            folder = pending.pop()
            if folder not in reached:
                reached.add(folder)
                pending += edges[folder]
    found.live |= found.flux
    return found


def _split(path: str) -> tuple[str, str]:
    folder, _, name = path.rpartition(os.sep)
    return folder, name


def _starts(ctx: Context) -> Iterator[tuple[str, bool]]:
    """The directories that owners apply, and whether Flux does."""
    for use in path_uses(ctx):
        copy = copy_of(ctx, use.repository)
        if copy is not None and use.resource.ref.kind != "ImageUpdateAutomation":
            yield copy.tree.path(use.path), use.resource.ref.group != "argoproj.io"


def _built(tree: Tree, start: tuple[str, bool], edges: dict[str, set[str]]) -> Iterator[str]:
    """The kustomization files that an owner of a directory builds.

    Flux makes one up for a plain directory; those in directories below are parts of it.
    """
    directory, flux = start
    if directory in edges:
        yield directory
        return
    listing = tree.listing(directory) if flux else None
    for name in listing.directories if listing is not None else ():
        yield from _built(tree, (f"{directory}{os.sep}{name}", flux), edges)


def _named(tree: Tree, path: str, folder: str) -> Iterator[str]:
    loaded = tree.load(path, "kustomize")
    bodies = [] if isinstance(loaded, Finding) else [each.body for each in loaded.documents]
    for body in bodies:
        for text in _texts(body):
            yield _resolved(folder, text)
        for key in _INDIRECT:  # files for plugins, which name further files
            entries = body.get(key) if isinstance(body, dict) else None
            for entry in entries if isinstance(entries, list) else ():
                if isinstance(entry, str) and tree.is_file(_resolved(folder, entry)):
                    target = _resolved(folder, entry)
                    yield from _of_plugin(tree, target, _split(target)[0])


def _of_plugin(tree: Tree, path: str, folder: str) -> Iterator[str]:
    loaded = tree.load(path, "kustomize")
    for document in () if isinstance(loaded, Finding) else loaded.documents:
        for text in _texts(document.body):
            yield _resolved(folder, text)


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list):
        for item in node:
            yield from _texts(item)


def _resolved(folder: str, text: str) -> str:
    """The path that a text of a kustomization file means, if it is one: ``x``, or ``key=x``."""
    name = text.rpartition("=")[2].strip()
    return os.path.normpath(f"{folder}{os.sep}{name}") if name and "\n" not in name else folder
