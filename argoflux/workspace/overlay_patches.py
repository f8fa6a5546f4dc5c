"""The patches of a kustomization file, applied to what it has accumulated."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.finding import Finding
from argoflux.text import SourceFile
from argoflux.workspace.kustomization import is_remote
from argoflux.workspace.patching import PatchError, apply_operations, merge
from argoflux.workspace.scopes import is_built_in
from argoflux.workspace.selectors import SelectorError, parse_target
from argoflux.workspace.transform import identity_of, set_value
from argoflux.yamlio.load import load_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from argoflux.workspace.build import Build
    from argoflux.workspace.kustomization import KustomizationFile
    from argoflux.workspace.selectors import Target
    from argoflux.workspace.transform import Item


class _Patch(NamedTuple):
    """One patch document: a list of JSON operations or a partial object."""

    value: Any
    path: tuple[Any, ...]


def apply_patches(build: Build, file: KustomizationFile) -> None:
    """``patchesStrategicMerge``, then ``patches``, in the order of kustomize."""
    for value, path in file.entries("patchesStrategicMerge"):
        if isinstance(value, str):
            inline = "\n" in value or value.lstrip().startswith("{")
            source = {"patch": value} if inline else {"path": value}
        else:  # Flux writes objects here: fluxcd/pkg:kustomize/kustomize_generator.go
            source = {"object": value}
        for patch in _documents(build, file, source, path):
            _apply_named(build, file, patch)
    apply_targeted(build, file, "patches")


def apply_targeted(build: Build, file: KustomizationFile, field: str) -> None:
    """``patches`` or ``patchesJson6902``."""
    for value, path in file.entries(field):
        entry = {"path": value} if isinstance(value, str) else value
        if not isinstance(entry, dict):
            build.doubt("a patch must be a mapping", file, *path)
            continue
        target = entry.get("target")
        options = entry.get("options")
        for patch in _documents(build, file, entry, path):
            if isinstance(target, dict) and target:
                _apply_target(build, file, patch, target, options)
            elif isinstance(patch.value, dict):
                _apply_named(build, file, patch)
            else:
                build.doubt("a JSON patch needs a target", file, *path)


def _documents(
    build: Build, file: KustomizationFile, entry: Mapping[str, Any], path: tuple[Any, ...]
) -> Iterator[_Patch]:
    """The documents of an inline or separate patch; problems become gaps."""
    if isinstance(entry.get("object"), dict):
        yield _Patch(entry["object"], path)
        return
    inline, name = entry.get("patch"), entry.get("path")
    if isinstance(inline, list):
        yield _Patch(inline, path)
        return
    if isinstance(inline, str) and inline:
        if inline.startswith("[") and not _is_json(inline):
            _lost(build, file, "a patch that begins with `[` must be JSON", path)
            return
        loaded = load_text(SourceFile(file.document.source.name, inline), flavour="kustomize")
    elif isinstance(name, str) and name and not is_remote(name):
        target = os.path.normpath(os.path.join(file.directory, name))
        build.note_outside(file, name, target, path)
        found = build.tree.load(target, "kustomize")
        if isinstance(found, Finding):
            _lost(build, file, f"patch `{name}`: {found.message}", path)
            return
        build.files.add(build.tree.display(target))
        loaded = found
    else:
        _lost(build, file, f"patch `{name}` cannot be read" if name else "empty patch", path)
        return
    if any(finding.code == "AF001" for finding in loaded.findings) or loaded.templated:
        _lost(build, file, "a patch cannot be parsed", path)
    for document in loaded.documents:
        if isinstance(document.body, dict | list):
            yield _Patch(document.body, path)


def _is_json(text: str) -> bool:
    """kustomize:api/internal/builtins/PatchTransformer.go jsonPatchFromBytes."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _lost(build: Build, file: KustomizationFile, reason: str, path: tuple[Any, ...]) -> None:
    """A patch that is not known may concern every object."""
    build.doubt(reason, file, *path)
    build.items = [replace(item, certain=False) for item in build.items]


def _apply_named(build: Build, file: KustomizationFile, patch: _Patch) -> None:
    """A strategic merge patch that names its object by its own type and name."""
    if not isinstance(patch.value, dict):
        build.doubt("a strategic merge patch must be a mapping", file, *patch.path)
        return
    identity = identity_of(patch.value)
    hits = [item for item in build.items if item.known_as(identity)]
    if len(hits) != 1:
        what = f"{identity.kind or 'object'} `{identity.name}`"
        text = "matches nothing" if not hits else f"matches {len(hits)} objects"
        build.doubt(f"the patch of {what} {text}", file, *patch.path)
        return
    build.items = list(_each(build.items, hits, lambda item: _merged(item, patch.value)))


def _apply_target(
    build: Build,
    file: KustomizationFile,
    patch: _Patch,
    target: Mapping[str, Any],
    options: object,
) -> None:
    try:
        parsed: Target = parse_target(target)
    except SelectorError as error:
        _lost(build, file, f"the target of a patch: {error}", patch.path)
        return
    hits = [
        item
        for item in build.items
        if parsed.matches(item.identity, item.original, item.labels, item.annotations)
    ]
    allowed = options if isinstance(options, dict) else {}

    def edit(item: Item) -> Item | None:
        if isinstance(patch.value, dict):
            return _keep_identity(item, _merged(item, patch.value), allowed)
        try:
            return _moved(item, apply_operations(item.body, patch.value))
        except PatchError as error:
            what = f"{item.identity.kind} `{item.identity.name}`"
            build.doubt(f"the patch of {what} fails: {error}", file, *patch.path)
            return replace(item, certain=False)

    build.items = list(_each(build.items, hits, edit))


def _each(items: Iterable[Item], hits: list[Item], edit: Any) -> Iterator[Item]:
    chosen = {id(item) for item in hits}
    for item in items:
        changed = edit(item) if id(item) in chosen else item
        if changed is not None:
            yield changed


def _merged(item: Item, patch: Mapping[str, Any]) -> Item | None:
    identity = item.identity
    body = merge(item.body, patch, built_in=is_built_in(identity.group))
    return None if body is None else _moved(item, body)


def _moved(item: Item, body: Any) -> Item:
    """The object with its new body; a namespace that changed was set by the kustomization."""
    changed = item.with_body(body if isinstance(body, dict) else {})
    if changed.identity.namespace != item.identity.namespace:
        return replace(changed, namespace_set_by="kustomization")
    return changed


def _keep_identity(item: Item, changed: Item | None, allowed: Mapping[str, Any]) -> Item | None:
    """A targeted merge leaves type, name and namespace alone unless its options allow it."""
    if changed is None:
        return None
    body: Mapping[str, Any] = changed.body
    metadata = item.body.get("metadata")
    if isinstance(metadata, dict):
        keys = ["namespace"] if allowed.get("allowNameChange") is True else ["name", "namespace"]
        for key in keys:
            if key in metadata:
                body = set_value(body, ("metadata", key), metadata[key])
    if allowed.get("allowKindChange") is not True:
        body = {**body, "kind": item.identity.kind}
        if "apiVersion" in item.body:
            body = {**body, "apiVersion": item.body["apiVersion"]}
    return _moved(item, body)
