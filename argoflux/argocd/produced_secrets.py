"""Secrets of the cluster as the files describe them: plain, encrypted, or produced by another object.

external-secrets:apis/externalsecrets/v1/externalsecret_types.go (target, template),
sealed-secrets:pkg/apis/sealedsecrets/v1alpha1/types.go (encryptedData, template),
getsops/sops: a ``sops`` block beside values that start with ``ENC[``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.argocd.shapes import block, blocks, text, texts
from argoflux.model.credentials import secret_keys, secret_text

if TYPE_CHECKING:
    from argoflux.model.credentials import Origin
    from argoflux.resource import Resource

_ENCRYPTED = "ENC["


def origin_of(resource: Resource) -> Origin:
    """What holds the values."""
    match resource.ref.kind:
        case "ExternalSecret":
            return "ExternalSecret"
        case "SealedSecret":
            return "SealedSecret"
        case _:
            return "SOPS" if "sops" in resource.body else "Secret"


def produced(resource: Resource) -> tuple[str, str]:
    """Namespace and name of the Secret that stands in the cluster."""
    ref, spec = resource.ref, block(resource.body, "spec")
    match ref.kind:
        case "ExternalSecret":
            return ref.namespace, text(block(spec, "target").get("name")) or ref.name
        case "SealedSecret":
            metadata = block(block(spec, "template"), "metadata")
            name, namespace = text(metadata.get("name")), text(metadata.get("namespace"))
            return namespace or ref.namespace, name or ref.name
        case _:
            return ref.namespace, ref.name


def stated_texts(resource: Resource) -> dict[str, str]:
    """The values that can be read, by key; a template or cipher text counts as empty."""
    spec = block(resource.body, "spec")
    match origin_of(resource):
        case "ExternalSecret":
            template = block(block(spec, "target"), "template")
            # a template with data replaces the keys that were fetched
            found = texts(template, "data") or dict.fromkeys(_produced_keys(spec), "")
        case "SealedSecret":
            found = dict.fromkeys(block(spec, "encryptedData"), "")
            found |= texts(block(spec, "template"), "data")
        case _:
            found = {key: secret_text(resource, key) or "" for key in secret_keys(resource)}
    return {key: "" if _unreadable(value) else value for key, value in found.items()}


def _produced_keys(spec: dict[str, Any]) -> tuple[str, ...]:
    """The keys that an ExternalSecret writes when its template does not say."""
    return tuple(text(row.get("secretKey")) for row in blocks(spec, "data"))


def _unreadable(value: str) -> bool:
    return "{{" in value or value.startswith(_ENCRYPTED)
