"""Where new documents go in the output tree, and the kustomization.yaml that lists them."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from argoflux.convert.result import NewDocument, NewFile
from argoflux.mapping.names import digest8, slug
from argoflux.yamlio.dump import dump_documents

if TYPE_CHECKING:
    from collections.abc import Sequence

    from argoflux.mapping.draft import Draft
    from argoflux.mapping.emission import FileCopies, RenderedFile

_NOT_APPLIED = ("secrets",)
"""Folders whose documents hold placeholder values: they are not listed for `kubectl apply -k`."""

_NAME_LIMIT = 200


def file_name(name: str) -> str:
    """A file name for an object: its slug, shortened below the limits of file systems."""
    text = slug(name)
    if text == name and len(text) <= _NAME_LIMIT:
        return f"{text}.yaml"
    return f"{text[:_NAME_LIMIT]}-{digest8(name)}.yaml"


def folders_of_roots(roots: Sequence[str]) -> dict[str, str]:
    """The output folder of each root: none for a single one, else its slug, unique."""
    names = sorted(set(roots))
    if len(names) <= 1:
        return dict.fromkeys(names, "")
    out: dict[str, str] = {}
    for name in names:
        text = slug(name.replace("/", "-"))
        out[name] = f"{text}-{digest8(name)}" if text in out.values() else text
    return out


def place_documents(drafts: Sequence[Draft]) -> tuple[NewDocument, ...]:
    """Every draft as a document with its file, in the order of files and names."""
    folders = folders_of_roots([draft.root for draft in drafts])
    placed = []
    for draft in drafts:
        folder = folders[draft.root]
        path = "/".join(part for part in (folder, draft.folder, file_name(draft.name)) if part)
        placed.append(
            (
                path,
                draft.id,
                NewDocument(
                    body=_with_folder(draft, folder),
                    path=path,
                    header=_header(draft),
                    root=draft.root,
                    listed=draft.listed,
                ),
            )
        )
    return tuple(document for _, _, document in sorted(placed, key=lambda item: item[:2]))


def _with_folder(draft: Draft, folder: str) -> dict[str, Any]:
    """The body; what applies a folder of the output names it below the folder of its root."""
    if not draft.deploys or not folder:
        return draft.body
    body = copy.deepcopy(draft.body)
    for at, (deploy, own) in draft.deploys.items():
        path = "/".join(part for part in (deploy, folder, own) if part)
        node: Any = body
        for key in at[:-1]:
            node = node[key]
        node[at[-1]] = f"./{path}" if draft.kind == "Kustomization" else path
    return body


def rendered_files(
    rendered: Sequence[RenderedFile], documents: Sequence[NewDocument]
) -> tuple[NewFile, ...]:
    """Files of manifests that stand beside the documents, in the folder of their root."""
    folders = folders_of_roots([document.root for document in documents])
    return tuple(
        NewFile(
            path="/".join(filter(None, (folders.get(file.root, ""), file.path))),
            text=dump_documents([dict(body) for body in file.objects]),
        )
        for file in sorted(rendered, key=lambda file: (file.root, file.path))
    )


def _header(draft: Draft) -> tuple[str, ...]:
    """Where a document comes from."""
    made_of = [resource for app in draft.apps for resource in app.made_of[:1]]
    made_of += [resource for resource in draft.sources if resource not in made_of]
    origins = sorted({f"{resource.ref} ({resource.file})" for resource in made_of})
    lines = [f"made by argoflux from {origin}" for origin in origins[:5]]
    if len(origins) > len(lines):
        lines.append(f"and {len(origins) - len(lines)} more")
    return (*lines, *draft.header)


def kustomizations(
    documents: Sequence[NewDocument], copies: Sequence[FileCopies] = ()
) -> tuple[NewFile, ...]:
    """One kustomization.yaml per root folder, and the copies that it makes ConfigMaps of.

    Stubs with placeholder values are left out, and what another object of the output applies.
    """
    by_root: dict[str, set[str]] = {}
    folders = folders_of_roots([document.root for document in documents])
    for document in documents:
        folder = folders[document.root]
        inside = document.path.removeprefix(f"{folder}/") if folder else document.path
        listed = by_root.setdefault(folder, set())
        if document.listed and inside.split("/")[0] not in _NOT_APPLIED:
            listed.add(inside)
    files = []
    for folder, listed in sorted(by_root.items()):
        body: dict[str, Any] = {
            "apiVersion": "kustomize.config.k8s.io/v1beta1",
            "kind": "Kustomization",
            "resources": sorted(listed),
        }
        found = [copy for copy in copies if folders[copy.root] == folder]
        if not listed and not found:
            continue
        if found:
            body["configMapGenerator"] = [_generator(copy) for copy in found]
        files += _copied_files(found, folder)
        path = f"{folder}/kustomization.yaml" if folder else "kustomization.yaml"
        files.append(NewFile(path=path, text=dump_documents([body])))
    return tuple(files)


def _generator(copy: FileCopies) -> dict[str, Any]:
    """The ConfigMap of some copies; its name stays, so that objects can name it."""
    return {
        "name": copy.config_map,
        "namespace": copy.namespace,
        "files": [f"{key}={copy.folder}/{name}" for key, (name, _) in copy.texts.items()],
        "options": {"disableNameSuffixHash": True, "labels": dict(copy.labels)},
    }


def _copied_files(copies: Sequence[FileCopies], folder: str) -> list[NewFile]:
    return [
        NewFile(path="/".join(filter(None, (folder, copy.folder, name))), text=text)
        for copy in copies
        for name, text in copy.texts.values()
    ]
