"""Sources of one Application that lend their files to the others under a name: ``$name/path``.

Facts: argo-cd:util/argo/argo.go GetRefSources (only a list of several sources has references; names
are letters, digits, ``_`` and ``-``, and unique), argo-cd:reposerver/repository/repository.go
resolveReferencedSources (a chart of a Helm repository lends nothing).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from argoflux.argocd.shapes import text
from argoflux.goports.giturl import flux_accepts, strip_credentials, to_ssh_url
from argoflux.mapping.multi import A2F_MUL_005
from argoflux.mapping.revisions import classify
from argoflux.mapping.source import A2F_SRC_024
from argoflux.model.app import App, Part
from argoflux.model.render import Opened
from argoflux.model.source import GitSource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from argoflux.argocd.load_source import SourceReading
    from argoflux.model.files import SourceFiles
    from argoflux.text import Path

    Stated = Sequence[tuple[Path, dict[str, Any]]]

_NAME = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What a name stands for: the files of its repository where they are at hand.

    ``problem`` says why nothing can be read through the name.
    """

    files: SourceFiles | None = None
    problem: str = ""


def makes_nothing(source: Mapping[str, Any]) -> bool:
    """Whether one of several sources is only there for its files."""
    other = text(source.get("chart")) or text(source.get("repoURL")).startswith("oci://")
    return bool(text(source.get("ref"))) and not (text(source.get("path")) or other)


def read_references(reading: SourceReading, sources: Stated) -> dict[str, Reference]:
    """The names that sources of the Application have; a bad name refuses the Application."""
    found: dict[str, Reference] = {}
    if len(sources) < 2:  # noqa: PLR2004  # a single source has nobody to refer to
        return found
    for at, source in sources:
        name = text(source.get("ref"))
        if not name:
            continue
        if not _NAME.fullmatch(name):
            reading.refuse(
                A2F_MUL_005, ref=name, why="it may only hold letters, digits, `_` and `-`"
            )
        elif name in found:
            reading.refuse(A2F_MUL_005, ref=name, why="two sources have it")
        found[name] = _reference(reading.of_source(at), source)
    return found


def _reference(reading: SourceReading, source: Mapping[str, Any]) -> Reference:
    url = text(source.get("repoURL"))
    if text(source.get("chart")):
        return Reference(problem="that source is a chart, and charts lend no files")
    if url.startswith("oci://"):
        return Reference(problem="that source is an OCI artifact")
    if not flux_accepts(to_ssh_url(url)):
        shown = strip_credentials(url)
        return Reference(problem=f"Flux does not accept the URL `{shown}` of that source")
    revision = classify(
        text(source.get("targetRevision")), default_branch=reading.request.options.default_branch
    )
    part = Part(source=GitSource(url=url, revision=revision), render=Opened(tool="none"))
    ref = reading.resource.ref
    app = App(
        kind="Application",
        namespace=ref.namespace,
        name=ref.name,
        root=reading.resource.root,
        parts=(part,),
        made_of=(reading.resource,),
    )
    files = reading.request.files(app, part)
    if files is not None and files.assumed:
        reading.say(A2F_SRC_024, url=strip_credentials(url), directory=files.directory)
    return Reference(files=files)
