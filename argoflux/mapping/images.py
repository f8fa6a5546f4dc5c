"""Image overrides: the text form of Argo CD and ``kustomize edit``, and its parts.

Grammar: kustomize:kustomize/commands/edit/set/setimage.go; ``*`` keeps what the kustomization file
says (argo-cd:util/kustomize/kustomize.go).
"""

from __future__ import annotations

from argoflux.model.render import Image

KEEP = "*"
"""Written for a part that stays as the kustomization file has it."""


def parse_image(text: str) -> Image | None:
    """Read ``[name=]image[:tag][@digest]``; None where kustomize refuses it (a bare name)."""
    left, given, right = text.partition("=")
    if given:
        found = _split(right)
        if not left or found is None:
            return None
        new_name, tag, digest = found
        return Image(name=left, new_name=_kept(new_name), new_tag=_kept(tag), digest=_kept(digest))
    found = _split(text)
    if found is None or not (found[1] or found[2]):
        return None
    name, tag, digest = found
    return Image(name=name, new_tag=_kept(tag), digest=_kept(digest)) if name else None


_NONE: frozenset[str] = frozenset()


def kept_parts(text: str) -> frozenset[str]:
    """The parts of an override that are written as ``*``, by their names in a kustomization."""
    left, given, right = text.partition("=")
    found = _split(right if given else left)
    if found is None:
        return frozenset()
    parts = zip(("newName", "newTag", "digest"), found, strict=True)
    return frozenset(name for name, part in parts if part == KEEP) or _NONE


def _split(text: str) -> tuple[str, str, str] | None:
    """Name, tag and digest; the tag follows the last colon after the last slash."""
    rest, _, digest = text.partition("@")
    head, slash, last = rest.rpartition("/")
    name, _, tag = last.partition(":")
    return (head + slash + name, tag, digest) if name else None


def _kept(part: str) -> str | None:
    return None if part in {"", KEEP} else part


def image_text(image: Image, *, entry_in_git: Image | None = None, merge: bool = True) -> str:
    """Write an override so that Argo CD changes exactly the stated parts.

    ``entry_in_git`` is the entry of the kustomization file for this name. ``merge`` is how Flux
    treats that entry: field by field, or replaced as a whole (kustomize-controller before 1.9.4).
    """
    keep = KEEP if merge else image.name
    pinned = f":{image.new_tag}" if image.new_tag else ""
    pinned += f"@{image.digest}" if image.digest else ""
    if pinned:
        return f"{image.name}={image.new_name or keep}{pinned}"
    if merge and entry_in_git is not None:
        pinned = f"@{KEEP}" if entry_in_git.digest else f":{KEEP}" if entry_in_git.new_tag else ""
    return f"{image.name}={image.new_name or keep}{pinned}"
