"""Which keys the Secrets of a source hold, where the input has them; their values are not looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.flux.fields import table, text
from argoflux.goports.giturl import GitUrlError, parse
from argoflux.model.source import SecretKeys

if TYPE_CHECKING:
    from collections.abc import Iterable

    from argoflux.flux.objects import Objects
    from argoflux.resource import Resource

_REFERENCES = ("secretRef", "certSecretRef", "proxySecretRef")
_SOURCES = frozenset({"GitRepository", "HelmRepository", "OCIRepository"})


def read_secret_keys(used: Iterable[Resource], objects: Objects) -> tuple[SecretKeys, ...]:
    """The Secrets that source objects refer to and the input holds, in the order of references.

    An encrypted Secret tells its keys as well.
    """
    found: list[SecretKeys] = []
    for owner in used:
        for reference in _REFERENCES if owner.ref.kind in _SOURCES else ():
            name = text(owner.body, "spec", reference, "name")
            place = owner.root, "Secret", owner.ref.namespace, name or ""
            body = objects.find(*place) if name else None
            if body is None:
                continue
            keys = sorted({*table(body, "data"), *table(body, "stringData")})
            found.append(
                SecretKeys(
                    secret="/".join(part for part in (owner.ref.namespace, name) if part),
                    host=_host(text(owner.body, "spec", "url") or ""),
                    reference=reference,
                    keys=tuple(map(str, keys)),
                    place=owner.place("spec", reference, "name"),
                )
            )
    return tuple(found)


def _host(url: str) -> str:
    try:
        return parse(url).host.lower()
    except GitUrlError:
        return ""
