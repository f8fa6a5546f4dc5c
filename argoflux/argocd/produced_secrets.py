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


def produced_name(resource: Resource) -> str:
    """The name of the Secret that stands in the cluster."""
    spec = block(resource.body, "spec")
    match resource.ref.kind:
        case "ExternalSecret":
            stated = text(block(spec, "target").get("name"))
        case "SealedSecret":
            stated = text(block(block(spec, "template"), "metadata").get("name"))
        case _:
            stated = ""
    return stated or resource.ref.name


def has_open_keys(resource: Resource) -> bool:
    """Whether an ExternalSecret fetches all keys that there are."""
    spec = block(resource.body, "spec")
    template = block(block(spec, "target"), "template")
    replaced = texts(template, "data") and text(template.get("mergePolicy")) != "Merge"
    return resource.ref.kind == "ExternalSecret" and bool(spec.get("dataFrom")) and not replaced


def stated_texts(resource: Resource) -> dict[str, str]:
    """The values that can be read, by key; a template or cipher text counts as empty."""
    spec = block(resource.body, "spec")
    match origin_of(resource):
        case "ExternalSecret":
            template = block(block(spec, "target"), "template")
            # a template with data replaces the keys that were fetched
            stated = texts(template, "data")
            kept = not stated or text(template.get("mergePolicy")) == "Merge"
            found = {**(dict.fromkeys(_produced_keys(spec), "") if kept else {}), **stated}
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
