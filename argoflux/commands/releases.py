"""Which releases of Argo CD and Flux a run speaks: stated, else found in the input, else newest."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from argoflux.errors import UsageError

if TYPE_CHECKING:
    from argoflux.commands.invocation import Invocation
    from argoflux.mapping.concept import System
    from argoflux.workspace.releases import Sighting

SUPPORTED: dict[str, tuple[str, str]] = {"argocd": ("2.8", "3.5"), "flux": ("2.3", "2.9")}
"""The oldest and the newest release whose schemas and semantics are known; both can be emitted."""

TITLES = {"flux": "Flux", "argocd": "Argo CD"}

_RELEASE = re.compile(r"v?(\d+)\.(\d+)(?:\.\S*)?\Z")


class Chosen(NamedTuple):
    """A release as minor (``2.9``), and the sentence that says why it is this one."""

    release: str
    reason: str


def choose_release(system: System, invocation: Invocation, seen: Sighting | None) -> Chosen:
    """The release of one side; raises UsageError for one that is not supported.

    A release that the input names but argoflux does not know is brought into the known range.
    """
    option = f"{system}-version"
    title = TITLES[system]
    stated = invocation.text(option)
    oldest, newest = SUPPORTED[system]
    if stated:
        release = _minor(stated)
        if release is None or not _number(oldest) <= _number(release) <= _number(newest):
            raise UsageError(
                f"--{option}: `{stated}` is not a supported release of {title}",
                hint=f"say a release from {oldest} to {newest}",
            )
        return Chosen(release, f"{title} {release} ({invocation.origins.get(option, 'stated')})")
    if seen is None:
        return Chosen(newest, f"{title} {newest} (default)")
    line, _ = seen.place.line_column()
    where = f"{seen.place.source.name}:{line}"
    release = min(max(seen.release, oldest, key=_number), newest, key=_number)
    if release == seen.release:
        return Chosen(release, f"{title} {release} (named in {where})")
    return Chosen(release, f"{title} {release} (the nearest to {seen.release} in {where})")


def _minor(text: str) -> str | None:
    match = _RELEASE.match(text)
    return f"{int(match[1])}.{int(match[2])}" if match else None


def _number(release: str) -> tuple[int, int]:
    major, _, minor = release.partition(".")
    return int(major), int(minor)
