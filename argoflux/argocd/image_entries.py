"""Image overrides as ``kustomize edit set image`` takes them, beside the entries that are in Git.

Flux merges field by field (since Flux 2.9, kustomize-controller 1.9.4), Argo CD replaces the whole
entry; ``*`` keeps what the file says (kustomize:kustomize/commands/edit/set/setimage.go).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.mapping.images import image_text
from argoflux.model.render import Image
from argoflux.text import SourceFile
from argoflux.versions import Release
from argoflux.workspace.tree import KUSTOMIZATION_NAMES
from argoflux.yamlio.load import load_text
from argoflux.yamlio.tree import dig

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.argocd.writing import Writing

_MERGES_SINCE = "2.9"


def image_overrides(work: Writing, images: tuple[Image, ...]) -> list[str]:
    """The text of every override.

    Where the kustomization file cannot be read it is taken to set a tag: keeping a tag that is not
    there is harmless.
    """
    entries = _entries_in_git(work)
    merge = Release.parse(work.request.flux) >= Release.parse(_MERGES_SINCE)
    return [
        image_text(
            image,
            entry_in_git=_assumed(image) if entries is None else entries.get(image.name),
            merge=merge,
        )
        for image in images
    ]


def _assumed(image: Image) -> Image:
    return Image(name=image.name, new_tag="*")


def _entries_in_git(work: Writing) -> Mapping[str, Image] | None:
    """The image entries of the path's kustomization file; None when nothing is known of it."""
    files = work.files()
    if files is None:
        return None
    prefix = "" if work.part.path == "." else f"{work.part.path}/"
    for name in KUSTOMIZATION_NAMES:
        text = files.read(f"{prefix}{name}")
        if text is not None:
            return _entries(SourceFile(name, text))
    return {}


def _entries(source: SourceFile) -> dict[str, Image]:
    documents = load_text(source, flavour="kustomize").documents
    found = dig(documents[0].body, "images") if documents else None
    entries: dict[str, Image] = {}
    for item in found if isinstance(found, list) else ():
        if not isinstance(item, dict) or not isinstance(item.get("name"), str):
            continue
        entries[item["name"]] = Image(
            name=item["name"],
            new_tag=str(item["newTag"]) if item.get("newTag") is not None else None,
            digest=str(item["digest"]) if item.get("digest") is not None else None,
        )
    return entries
