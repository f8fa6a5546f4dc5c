"""The sources of one Application, each as a Part.

Facts: argo-cd:reposerver/repository/repository.go GenerateManifest (one of several sources with a
``ref`` and no path makes no manifests).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from argoflux.argocd.load_source import chosen_sources, read_source
from argoflux.argocd.references import makes_nothing, read_references
from argoflux.argocd.shapes import text
from argoflux.goports.giturl import flux_accepts, strip_credentials, to_ssh_url
from argoflux.mapping.objects import A2F_OBJ_003
from argoflux.mapping.revisions import classify
from argoflux.model.app import Part
from argoflux.model.render import Opened
from argoflux.model.source import GitSource

if TYPE_CHECKING:
    from argoflux.argocd.load_source import SourceReading

_SEVERAL = ("spec", "sources")


def read_parts(reading: SourceReading, spec: dict[str, Any]) -> tuple[Part, ...]:
    """Every source as a Part; a source that is refused refuses the Application."""
    if reading.ended():
        return ()
    sources = chosen_sources(spec)
    references = read_references(reading, sources)
    parts: list[Part] = []
    for at, source in sources:
        own = replace(reading.of_source(at), references=references)
        part = None if reading.ended() else _read_part(own, source)
        if part is None:
            reading.refusal = reading.refusal or own.refusal
            return ()
        parts.append(part)
    return tuple(parts)


def _read_part(reading: SourceReading, source: dict[str, Any]) -> Part | None:
    if reading.at[:2] == _SEVERAL and makes_nothing(source):
        return _read_lender(reading, source)
    return read_source(reading, source)


def _read_lender(reading: SourceReading, source: dict[str, Any]) -> Part | None:
    """A source that is there for its files alone."""
    url, stated = text(source.get("repoURL")), text(source.get("targetRevision"))
    if not url:
        reading.refuse(A2F_OBJ_003, what="a source has no `repoURL`", remedy="give its address")
        return None
    if not flux_accepts(to_ssh_url(url)):
        reading.facts["url_refused"] = strip_credentials(url)
    revision = classify(stated, default_branch=reading.request.options.default_branch)
    reading.facts["revision_stated"] = stated != ""
    return Part(
        source=GitSource(url=url, revision=revision),
        render=Opened(tool="none"),
        name=text(source.get("name")),
        at=reading.at,
        ref=text(source.get("ref")),
        produces=False,
        extra={"facts": reading.facts},
    )
