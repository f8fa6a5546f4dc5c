"""Releases of Argo CD and Flux, and what each of them can read: the only version gates there are.

The facts stand in ``schemas/index.json`` (API versions) and ``schemas/availability.json`` (fields
and enum values), read from the CRDs of one patch release per minor.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from argoflux import kinds
from argoflux.schema_fields import field_facts, load_availability, pattern_text

if TYPE_CHECKING:
    from argoflux.kinds import Kind, Version
    from argoflux.text import Path

System = Literal["argocd", "flux"]

_FLUX_TABLES = frozenset({"Secret:git-credentials", "Secret:kubeconfig", "flags:flux"})
_RELEASE = re.compile(r"v?(\d+)\.(\d+)(?:\.(?:\d+|x))?(?:[-+].*)?\Z")


class Release(NamedTuple):
    """A minor release of Argo CD or Flux; patch releases change no API."""

    major: int
    minor: int

    @classmethod
    def parse(cls, text: str) -> Release:
        """Read ``2.9``, ``v3.5.1`` or ``3.5.0-rc1``; raises ValueError for anything else."""
        match = _RELEASE.match(text.strip())
        if match is None:
            raise ValueError(f"not a release: {text!r}")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        """``2.9``."""
        return f"{self.major}.{self.minor}"


class Range(NamedTuple):
    """The releases that argoflux converts to and from, both ends included."""

    first: Release
    last: Release

    def __contains__(self, release: object) -> bool:
        """Whether a release lies within."""
        return isinstance(release, Release) and self.first <= release <= self.last


SUPPORTED: dict[System, Range] = {
    "argocd": Range(Release(2, 8), Release(3, 5)),
    "flux": Range(Release(2, 3), Release(2, 9)),
}


def system_of(kind: str) -> System | None:
    """The system whose releases date this kind; None for kinds of other release trains."""
    if kinds.is_pseudo(kind):
        return "flux" if kind in _FLUX_TABLES else "argocd"
    known = kinds.by_name(kind)
    if known is None or known.engine not in SUPPORTED:
        return None
    return "argocd" if known.engine == "argocd" else "flux"


def served(kind: Kind, version: Version, release: Release) -> bool | None:
    """Whether a release serves an API version; None where its releases are not known."""
    if kind.engine != "flux":
        return True if version.introduced is None and version.served else None
    introduced, removed = _parsed(version.introduced), _parsed(version.removed)
    if removed is not None and release >= removed:
        return False
    if introduced is None:
        return None
    return release >= introduced


def served_version(kind: str, release: Release) -> str | None:
    """The newest API version of a kind that a release serves; None when it has no such kind."""
    known = kinds.by_name(kind)
    if known is None:
        return None
    candidates = [v.version for v in known.versions if served(known, v, release)]
    return max(candidates, key=kinds.version_rank, default=None)


def since(kind: str, version: str, path: Path | str) -> Release | None:
    """The first release in which an API version of a kind has a field.

    None when the field is unknown, or older than every release examined. ``path`` may also name an
    object or a list: the date is that of its oldest field.
    """
    facts = field_facts(kind, path, version)
    if facts is None:
        return None
    if facts.since is not None:
        return Release.parse(facts.since)
    known = kinds.by_name(kind)
    named = known.version(version) if known else None
    return _parsed(named.introduced) if named else None


def available(kind: str, path: Path | str, release: Release, value: Any = None) -> bool | None:
    """Whether a release understands a field (and ``value`` there, where it is one of an enum).

    The API version is the newest that the release serves. None means unknown: no release of that
    age, or none that new, was examined.
    """
    system = system_of(kind)
    if system is None:
        return None
    if kinds.is_pseudo(kind):
        return _dated(field_facts(kind, path), release, system)
    version = served_version(kind, release)
    if version is None:
        return False
    answer = _dated(field_facts(kind, path, version), release, system)
    if answer and isinstance(value, str):
        return _value_available(kind, version, pattern_text(path), value, release)
    return answer


def _dated(facts: Any, release: Release, system: System) -> bool | None:
    newest_examined = SUPPORTED[system].last
    if facts is None:
        return None if release > newest_examined else False
    if facts.until is not None and release > Release.parse(facts.until):
        return False
    if facts.since is not None:
        return release >= Release.parse(facts.since)
    return None if release < _oldest_examined(system) else True


def _value_available(kind: str, version: str, pattern: str, value: str, release: Release) -> bool:
    row = load_availability().get(f"{kind}/{version}", {})
    dates = row.get("values", {}).get(pattern, {})
    return value not in dates or release >= Release.parse(dates[value])


@cache
def _oldest_examined(system: System) -> Release:
    rows = (
        Release.parse(row["first"])
        for name, row in load_availability().items()
        if system_of(name.partition("/")[0]) == system
    )
    return min(rows)


def _parsed(text: str | None) -> Release | None:
    return Release.parse(text) if text else None
