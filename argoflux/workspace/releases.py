"""Which releases of Argo CD and Flux an input speaks, where it tells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from argoflux.finding import Place
from argoflux.goports.semver import Constraint, SemverError, Version
from argoflux.text import Span
from argoflux.yamlio.tree import dig

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from argoflux.resource import Resource
    from argoflux.text import Path, SourceFile
    from argoflux.yamlio.tree import Map

System = Literal["argocd", "flux"]

_FLUX_MINORS = range(9, -1, -1)  # highest first: Flux 2.0 to 2.9
_PATCHES = 20

# flux2:pkg/manifestgen/install/templates.go, argo-cd:manifests/, flux2 and argo-cd release assets
_TELLING: tuple[tuple[System, bytes, re.Pattern[str]], ...] = (
    ("flux", b"Flux Version", re.compile(r"^# Flux Version: v?(\d+\.\d+)\S*", re.MULTILINE)),
    (
        "flux",
        b"fluxcd/flux2/releases",
        re.compile(r"github\.com/fluxcd/flux2/releases/download/v(\d+\.\d+)[^/\s]*/"),
    ),
    (
        "argocd",
        b"quay.io/argoproj/argocd:",
        re.compile(r"\bimage:\s*[\"']?quay\.io/argoproj/argocd:v?(\d+\.\d+)"),
    ),
    (
        "argocd",
        b"argoproj/argo-cd",
        re.compile(
            r"raw\.githubusercontent\.com/argoproj/argo-cd/(?:refs/tags/)?v(\d+\.\d+)[^/\s]*/manifests"
            r"|github\.com/argoproj/argo-cd[^\s]*[?&]ref=v(\d+\.\d+)"
        ),
    ),
)
_FLUX_LABEL = re.compile(r"^\s+app\.kubernetes\.io/version: [\"']?v?(2\.\d+)\.", re.MULTILINE)
_PART_OF_FLUX = "app.kubernetes.io/part-of: flux"


class Sighting(NamedTuple):
    """A release (``2.4``) that the input names, and where."""

    system: System
    release: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """The releases that an input speaks; the lowest one where it names several.

    ``sightings`` holds every place that names a release, in the order of places.
    """

    argocd: Sighting | None = None
    flux: Sighting | None = None
    sightings: tuple[Sighting, ...] = ()


def may_tell(data: bytes) -> bool:
    """Whether a file can name a release at all."""
    return any(needle in data for _, needle, _ in _TELLING) or _PART_OF_FLUX.encode() in data


def sightings_in(source: SourceFile, data: bytes) -> Iterator[Sighting]:
    """The releases that the text of one file names: install manifests and their addresses."""
    told = False
    for system, needle, pattern in _TELLING:
        if needle not in data:
            continue
        for match in pattern.finditer(source.text):
            told = True
            group = next(i for i, text in enumerate(match.groups(), 1) if text)
            span = Span(*match.span(group))
            yield Sighting(system, match[group], Place(source=source, offsets=span))
            break
    if not told and _PART_OF_FLUX in source.text:
        label = _FLUX_LABEL.search(source.text)
        if label is not None:
            yield Sighting("flux", label[1], Place(source=source, offsets=Span(*label.span(1))))


_INSTANCES: dict[str, Path] = {
    "FluxInstance": ("spec", "distribution", "version"),
    "HelmRelease": ("spec", "values", "instance", "distribution", "version"),
}


def sightings_of(resources: Iterable[Resource]) -> Iterator[Sighting]:
    """The releases that FluxInstances state; a range stands for its highest known release.

    So do values of the chart that writes a FluxInstance of them.
    """
    for resource in resources:
        at = _INSTANCES.get(resource.ref.kind)
        if at is None or (resource.ref.kind == "HelmRelease" and not _of_instance(resource.body)):
            continue
        text = dig(resource.body, *at)
        release = highest_flux(text) if isinstance(text, str) else None
        if release is not None:
            yield Sighting("flux", release, resource.place(*at))


def _of_instance(body: Map) -> bool:
    """Whether a release is of that chart, as far as it says so itself."""
    named = (dig(body, "spec", "chartRef", "name"), dig(body, "spec", "chart", "spec", "chart"))
    return "flux-instance" in named


def highest_flux(constraint: str) -> str | None:
    """The highest Flux minor release that satisfies a semver range, None when none does."""
    try:
        parsed = Constraint.parse(constraint)
    except SemverError:
        return None
    for minor in _FLUX_MINORS:
        for patch in range(_PATCHES):
            if parsed.matches(Version.parse(f"2.{minor}.{patch}")):
                return f"2.{minor}"
    return None


def detected(sightings: Iterable[Sighting]) -> Detected:
    """Choose among sightings: the lowest release of each system, since output must suit all."""
    ordered = sorted(sightings, key=lambda s: (s.system, _number(s.release), s.place.sort_key()))
    by_system = {s.system: s for s in reversed(ordered)}
    return Detected(
        argocd=by_system.get("argocd"),
        flux=by_system.get("flux"),
        sightings=tuple(sorted(ordered, key=lambda s: (s.place.sort_key(), s.system))),
    )


def _number(release: str) -> tuple[int, int]:
    major, _, minor = release.partition(".")
    return int(major), int(minor)
