"""ConfigMaps and Secrets that kustomization files generate: names, and data of ConfigMaps."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from argoflux.finding import Finding
from argoflux.workspace.transform import Item, add_annotations, add_labels, identity_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.workspace.build import Build
    from argoflux.workspace.kustomization import KustomizationFile

_FIELDS = (("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret"))


def generate(build: Build, file: KustomizationFile) -> None:
    """Add what the generators of a kustomization file make, or change what they merge into.

    Secrets get no data: their values never enter argoflux.
    """
    options = file.mapping("generatorOptions")
    for field, kind in _FIELDS:
        for entry, path in file.entries(field):
            if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
                build.doubt(f"an entry of `{field}` has no name", file, *path)
                continue
            item = _item(build, file, kind, entry, path, options)
            if entry.get("behavior") in {"merge", "replace"}:
                _combine(build, file, item, entry, path)
            else:
                build.items.append(item)


def _item(
    build: Build,
    file: KustomizationFile,
    kind: str,
    entry: Mapping[str, Any],
    path: tuple[Any, ...],
    shared: Mapping[str, Any],
) -> Item:
    metadata: dict[str, Any] = {"name": entry["name"]}
    if isinstance(entry.get("namespace"), str) and entry["namespace"]:
        metadata["namespace"] = entry["namespace"]
    body: dict[str, Any] = {"apiVersion": "v1", "kind": kind, "metadata": metadata}
    data = dict(_data(build, file, entry, path))
    if kind == "ConfigMap":
        body["data"] = data
    own = entry.get("options")
    options = {**shared, **(own if isinstance(own, dict) else {})}
    identity = identity_of(body)
    item = Item(
        body=body,
        place=file.place(path),
        identity=identity,
        original=identity,
        namespace_set_by="author" if identity.namespace else "none",
        hashed=options.get("disableNameSuffixHash") is not True,
    )
    if isinstance(options.get("labels"), dict):
        item = add_labels(item, options["labels"])
    if isinstance(options.get("annotations"), dict):
        item = add_annotations(item, options["annotations"])
    return item


def _combine(
    build: Build,
    file: KustomizationFile,
    item: Item,
    entry: Mapping[str, Any],
    path: tuple[Any, ...],
) -> None:
    """``behavior: merge`` and ``replace`` change an object that is there already."""
    for at, old in enumerate(build.items):
        if not old.known_as(item.identity):
            continue
        data = item.body.get("data", {})
        before = old.body.get("data")
        if entry["behavior"] == "merge" and isinstance(before, dict):
            data = {**before, **data}
        body = {**old.body, "data": data} if data else old.body
        build.items[at] = replace(old, body=body)
        return
    build.doubt(f"nothing to {entry['behavior']}: `{entry['name']}` does not exist", file, *path)


def _data(
    build: Build, file: KustomizationFile, entry: Mapping[str, Any], path: tuple[Any, ...]
) -> Iterator[tuple[str, str]]:
    for value in _texts(entry.get("literals")):
        key, _, text = value.partition("=")
        yield key, _unquoted(text)
    for value in _texts(entry.get("files")):
        key, separator, name = value.partition("=")
        if not separator:
            key, name = os.path.basename(value), value
        yield key, _content(build, file, name, path)
    names = [*_texts(entry.get("envs")), *_texts([entry.get("env")])]
    for name in names:
        for line in _content(build, file, name, path).splitlines():
            text = line.strip()
            if text and not text.startswith("#"):
                key, _, value = text.partition("=")
                yield key, value


def _content(build: Build, file: KustomizationFile, name: str, path: tuple[Any, ...]) -> str:
    target = os.path.normpath(os.path.join(file.directory, name))
    build.note_outside(file, name, target, path)
    source = build.tree.read(target)
    if isinstance(source, Finding):
        build.doubt(f"`{name}`: {source.message}", file, *path)
        return ""
    build.files.add(source.name)
    return source.text


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _unquoted(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1]
    return text
