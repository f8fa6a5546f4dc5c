"""The public keys that a GitRepository verifies signatures with, from a Secret of the input.

source-controller:internal/controller/gitrepository_controller.go verifySignature: every value of the
Secret is a keyring, whatever its name. Values that are no public keys are never repeated.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from argoflux.flux.fields import pairs
from argoflux.goports.openpgp import OpenPgpError, PublicKey, read_keys
from argoflux.model.source import GitSource

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from argoflux.flux.objects import Objects
    from argoflux.model.source import Source
    from argoflux.resource import Resource

_SSH = re.compile(r"(ssh|ecdsa|sk)-\S+ \S+")
_ENCRYPTED = re.compile(r"ENC\[")


def with_keys(source: Source, used: Iterable[Resource], objects: Objects) -> Source:
    """The source with the keys that it trusts; its object is among those that were ``used``."""
    if not isinstance(source, GitSource) or source.verify is None:
        return source
    owner = next(resource for resource in used if resource.ref.kind == "GitRepository")
    place = owner.root, "Secret", owner.ref.namespace, source.verify.secret
    body = objects.find(*place)
    if body is None:
        verify = replace(source.verify, unread="the Secret is not in the input")
        return replace(source, verify=verify)
    keys: dict[str, PublicKey] = {}
    ssh: list[str] = []
    unread: list[str] = []
    for name, value in sorted(_values(body).items()):
        if _SSH.match(value):
            ssh.append(name)
            continue
        try:
            keys.update((key.id, key) for key in read_keys(value))
        except OpenPgpError as why:
            encrypted = _ENCRYPTED.match(value) or "sops" in body
            unread.append(f"`{name}`: {'it is encrypted' if encrypted else why}")
    if not (keys or ssh or unread):
        unread.append("the Secret is empty")
    found = tuple(keys[key] for key in sorted(keys))
    verify = replace(source.verify, keys=found, ssh=tuple(ssh), unread="; ".join(unread))
    return replace(source, verify=verify)


def _values(body: Mapping[str, Any]) -> dict[str, str]:
    """The values as text; what cannot be decoded stays as it is, and is no key."""
    found = {name: _decoded(value) for name, value in pairs(body, "data").items()}
    return {**found, **pairs(body, "stringData")}


def _decoded(value: str) -> str:
    try:
        return base64.b64decode(value, validate=False).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return value
