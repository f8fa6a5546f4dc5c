"""Which releases of Argo CD and Flux a run speaks: stated, else found in the input, else newest."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from argoflux.errors import UsageError
from argoflux.versions import SUPPORTED, Release

if TYPE_CHECKING:
    from argoflux.commands.invocation import Invocation
    from argoflux.mapping.concept import System
    from argoflux.workspace.releases import Sighting

TITLES = {"flux": "Flux", "argocd": "Argo CD"}


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
        release = _parsed(stated)
        if release is None or release not in SUPPORTED[system]:
            _, _, said_by = invocation.origins.get(option, f"flag --{option}").rpartition(" ")
            raise UsageError(
                f"{said_by}: `{stated}` is not a supported release of {title}",
                hint=f"say a release from {oldest} to {newest}",
            )
        origin = invocation.origins.get(option, "stated")
        return Chosen(str(release), f"{title} {release} ({origin})")
    if seen is None:
        return Chosen(str(newest), f"{title} {newest} (default)")
    line, _ = seen.place.line_column()
    where = f"{seen.place.source.name}:{line}"
    named = Release.parse(seen.release)
    release = min(max(named, oldest), newest)
    if release == named:
        return Chosen(str(release), f"{title} {release} (named in {where})")
    return Chosen(str(release), f"{title} {release} (the nearest to {named} in {where})")


def _parsed(text: str) -> Release | None:
    try:
        return Release.parse(text)
    except ValueError:
        return None
