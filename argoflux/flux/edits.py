"""What kustomize-controller writes into a kustomization file before it builds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argoflux.model.render import Image, Kustomize


def kustomization_fields(render: Kustomize) -> dict[str, Any]:
    """The fields of the kustomization file that a Kustomization adds to or replaces.

    fluxcd/pkg:kustomize/kustomize_generator.go GenerateManifest; ``commonMetadata`` is set on the
    built objects instead.
    """
    fields: dict[str, Any] = {
        "namespace": render.namespace,
        "namePrefix": render.name_prefix,
        "nameSuffix": render.name_suffix,
        "patches": [
            {"patch": patch.patch, **({"target": dict(patch.target)} if patch.target else {})}
            for patch in render.patches
        ],
        "components": list(render.components),
        "images": [_image(image) for image in render.images],
    }
    return {key: value for key, value in fields.items() if value}


def _image(image: Image) -> dict[str, str]:
    parts = {
        "name": image.name,
        "newName": image.new_name,
        "newTag": image.new_tag,
        "digest": image.digest,
    }
    return {key: value for key, value in parts.items() if value is not None}
