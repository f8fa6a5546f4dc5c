"""What the Flux release that is written for can read: API versions, fields and values."""

from __future__ import annotations

from functools import cache

from argoflux import kinds
from argoflux.versions import Release, available, served_version


@cache
def has_field(flux: str, kind: str, path: str, value: str = "") -> bool:
    """Whether a release of Flux is known to have a field of a kind, and to accept a value there."""
    return available(kind, path, Release.parse(flux), value or None) is True


@cache
def api_version(flux: str, kind: str) -> str:
    """The newest API version of a kind that a release of Flux serves."""
    known = kinds.by_name(kind)
    if known is None:
        raise KeyError(kind)
    version = served_version(kind, Release.parse(flux)) or known.newest.version
    return f"{known.group}/{version}"
