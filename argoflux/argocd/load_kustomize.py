"""The ``kustomize`` block of a source.

Facts: argo-cd:util/kustomize/kustomize.go Build; variables are expanded in images and common
labels always, in common annotations only when the block says so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from argoflux.argocd.shapes import block, blocks, items, switch, text, texts
from argoflux.mapping.images import kept_parts, parse_image
from argoflux.mapping.slots import build, read_slots
from argoflux.mapping.whole_patches import annotations_of, only_for_argo
from argoflux.model.render import Image, Kustomize, Patch, Replicas

if TYPE_CHECKING:
    from argoflux.argocd.build_variables import Expansion

_PREFIX = "part.render.kustomize"
_INTEGER = re.compile(r"[+-]?[0-9]+")
"""What Go's strconv.Atoi takes."""


def read_kustomize(
    stated: dict[str, Any], expansion: Expansion, facts: dict[str, Any]
) -> Kustomize:
    """The edits on top of the build; ``facts`` gets the images that kustomize refuses.

    An Application that was a Kustomization (``facts["returns"]``) withholds Flux objects by
    patches, and instructs Argo CD where the objects instruct Flux; the Kustomization that it
    becomes again needs neither.
    """
    labels = texts(stated, "commonLabels")
    annotations = texts(stated, "commonAnnotations")
    if switch(stated, "commonAnnotationsEnvsubst"):
        annotations = {key: expansion.expand(value) for key, value in annotations.items()}
    patches = [_patch(item) for item in blocks(stated, "patches")]
    if facts.get("returns"):
        patches = [patch for patch in patches if not only_for_argo(patch.patch, patch.target)]
    metadata_only = [annotations_of(patch) for patch in patches]
    # A patch on every object that only sets annotations is how Flux's common annotations are
    # written for Argo CD; it is read back as what it stands for.
    restored = {} if annotations else _merged(metadata_only)
    slots = read_slots({"kustomize": stated}, "ApplicationSource")
    return build(
        Kustomize,
        slots,
        _PREFIX,
        namespace=text(stated.get("namespace")) or None,
        images=_images(items(stated, "images"), expansion, facts),
        replicas=tuple(
            Replicas(name=text(item.get("name")), count=_count(item.get("count")))
            for item in blocks(stated, "replicas")
        ),
        labels={key: expansion.expand(value) for key, value in labels.items()},
        label_selectors=not switch(stated, "labelWithoutSelector"),
        label_templates=bool(switch(stated, "labelIncludeTemplates")),
        force_labels=bool(switch(stated, "forceCommonLabels")),
        annotations=annotations or restored,
        annotations_on_templates=bool(annotations),
        force_annotations=bool(switch(stated, "forceCommonAnnotations")),
        patches=tuple(
            patch
            for patch, found in zip(patches, metadata_only, strict=True)
            if not (restored and found)
        ),
        components=tuple(text(item) for item in items(stated, "components") if text(item)),
    )


def _merged(found: list[dict[str, str] | None]) -> dict[str, str]:
    merged: dict[str, str] = {}
    for each in found:
        merged.update(each or {})
    return merged


def _images(stated: list[Any], expansion: Expansion, facts: dict[str, Any]) -> tuple[Image, ...]:
    """The overrides that kustomize accepts."""
    found: list[Image] = []
    refused: list[str] = []
    kept: dict[str, frozenset[str]] = {}
    for item in stated:
        written = expansion.expand(text(item))
        image = parse_image(written)
        if image is None:
            refused.append(text(item))
        else:
            found.append(image)
            kept[image.name] = kept_parts(written)
    if refused:
        facts["images_refused"] = tuple(refused)
    facts["images_kept"] = kept
    return tuple(found)


def _patch(stated: dict[str, Any]) -> Patch:
    target = texts(stated, "target")
    return Patch(
        patch=text(stated.get("patch")) or None,
        path=text(stated.get("path")) or None,
        target=target or None,
        options=block(stated, "options") or None,
    )


def _count(value: Any) -> int | str:
    """A replica count; a string that holds a number is one (intstr)."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    stated = text(value)
    return int(stated) if _INTEGER.fullmatch(stated) else stated
