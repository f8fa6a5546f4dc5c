"""What SOPS encrypted below a path: Flux decrypts it, Argo CD would apply the ciphertext.

kustomize-controller:internal/decryptor/decryptor.go: an object with ``sops.mac`` is decrypted, unless
it is told not to, and so are files that generators read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from argoflux.argocd.path_rules import relative
from argoflux.argocd.shapes import block, text
from argoflux.model.content import Known

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.argocd.writing import Writing
    from argoflux.model.content import Content, ContentObject

_SPARED = "kustomize.toolkit.fluxcd.io/decrypt"
_CIPHERTEXT = "ENC[AES256_GCM,"
_SHOWN = 3
_KEYS = {
    "age": "*.agekey",
    "pgp": "*.asc",
    "hc_vault": "sops.vault-token",
    "kms": "sops.aws-kms",
    "azure_kv": "sops.azure-kv",
    "gcp_kms": "sops.gcp-kms",
}
"""The keys of the Secret with what decrypts, by the kind of recipient."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """The objects that only Flux can read, and the files of that kind that generators read."""

    objects: tuple[ContentObject, ...] = ()
    inputs: tuple[str, ...] = ()


def is_sealed(body: Mapping[str, Any]) -> bool:
    """Whether an object is encrypted, and Flux decrypts it."""
    sops, metadata = body.get("sops"), body.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    spared = isinstance(annotations, dict) and annotations.get(_SPARED) == "disabled"
    return isinstance(sops, dict) and bool(sops.get("mac")) and not spared


def find_sealed(work: Writing, content: Content) -> Sealed:
    """What is encrypted below the path; nothing where the Kustomization does not decrypt."""
    if not decrypts(work) or not isinstance(content, Known):
        return Sealed()
    objects = tuple(obj for obj in content.objects if is_sealed(obj.body))
    return Sealed(objects, _inputs(work, content))


def _inputs(work: Writing, content: Known) -> tuple[str, ...]:
    """Encrypted files of the build that are no manifests."""
    files = work.files()
    manifests = {obj.file for obj in content.objects}
    found = []
    for file in content.files:
        name = relative(content, file)
        path = name if work.part.path == "." else f"{work.part.path}/{name}"
        if files is not None and file not in manifests and _CIPHERTEXT in (files.read(path) or ""):
            found.append(name)
    return tuple(found)


def decrypts(work: Writing) -> bool:
    """Whether the Kustomization decrypts what it applies."""
    return bool(_decryption(work).get("provider"))


def _decryption(work: Writing) -> dict[str, Any]:
    return block(block(work.app.resource.body, "spec"), "decryption")


def note_sealed(work: Writing, content: Content, sealed: Sealed, *, left_out: bool) -> None:
    """State what became of encrypted objects; ``left_out`` says that they are not applied."""
    if not decrypts(work):
        return
    parts: list[str] = []
    if not isinstance(content, Known):
        parts.append("what is encrypted below the path cannot be seen from here")
    if sealed.objects:
        fate = "left out" if left_out else "applied as ciphertext"
        listed = _listed([_shown(content, obj) for obj in sealed.objects])
        parts.append(f"{fate}: {listed}")
    if sealed.inputs:
        parts.append(f"generators read ciphertext: {_listed(list(sealed.inputs))}")
    if not parts:
        parts.append("nothing below the path is encrypted as far as can be seen")
    sorts = sorted({sort for obj in sealed.objects for sort in _recipients(obj.body)})
    keys = ", ".join(f"`{_KEYS[sort]}`" for sort in sorts)
    secret = text(block(_decryption(work), "secretRef").get("name"))
    if secret:
        held = f" ({keys})" if keys else ""
        parts.append(f"the keys are in Secret {work.app.namespace}/{secret}{held}")
    work.facts["sealed"] = "; ".join(parts)


def _shown(content: Content, obj: ContentObject) -> str:
    file = relative(content, obj.file) if isinstance(content, Known) else obj.file
    sorts = ", ".join(_recipients(obj.body))
    return f"{file} ({sorts})" if sorts else file


def _recipients(body: Mapping[str, Any]) -> list[str]:
    sops = block(body, "sops")
    return [sort for sort in _KEYS if sops.get(sort)]


def _listed(names: list[str]) -> str:
    unique = list(dict.fromkeys(names))
    more = len(unique) - _SHOWN
    return ", ".join(unique[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
