"""The ``helm`` block of a source.

Facts: argo-cd:reposerver/repository/repository.go helmTemplate (what is expanded, file order),
argo-cd:util/helm/helm.go, argo-cd:pkg/apis/application/v1alpha1/values.go (object before text).
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from argoflux.argocd.shapes import blocks, items, switch, text
from argoflux.goports.doublestar import doublestar
from argoflux.goports.globs import GlobError
from argoflux.mapping.helm import A2F_HELM_018, A2F_HELM_024
from argoflux.mapping.slots import build, read_slots
from argoflux.model.render import Helm, Parameter
from argoflux.text import SourceFile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.argocd.build_variables import Expansion
    from argoflux.argocd.load_source import SourceReading
    from argoflux.model.app import Part
    from argoflux.model.files import SourceFiles

RELEASE_LIMIT = 53
"""Longest name of a Helm release: helm:pkg/action/validate.go, and the pattern of HelmRelease."""

_GLOB = frozenset("*?[{")


def read_helm(
    reading: SourceReading,
    stated: dict[str, Any],
    part: Part,
    expansion: Expansion,
    files: SourceFiles | None,
) -> Helm | None:
    """The chart with its values; None when the Application is refused."""
    values = _values(reading, stated)
    release = text(stated.get("releaseName")) or reading.app_name
    if len(release) > RELEASE_LIMIT:
        reading.refuse(A2F_HELM_018, value=release)
    if reading.refusal is not None:
        return None
    reading.facts["file_parameter_texts"] = {
        from_root(part.path, expansion.expand(text(item.get("path")))): text(item.get("path"))
        for item in blocks(stated, "fileParameters")
    }
    slots = read_slots({"helm": stated}, "ApplicationSource")
    return build(
        Helm,
        slots,
        "part.render.helm",
        release_name=release,
        values=values,
        values_files=_values_files(reading, stated, part.path, expansion, files),
        parameters=tuple(
            Parameter(
                name=text(item.get("name")),
                value=expansion.expand(text(item.get("value"))),
                force_string=bool(switch(item, "forceString")),
            )
            for item in blocks(stated, "parameters")
        ),
        file_parameters=tuple(
            (text(item.get("name")), from_root(part.path, expansion.expand(text(item.get("path")))))
            for item in blocks(stated, "fileParameters")
        ),
        skip_crds=bool(switch(stated, "skipCrds")),
        skip_tests=bool(switch(stated, "skipTests")),
        namespace=text(stated.get("namespace")) or None,
    )


def _values(reading: SourceReading, stated: dict[str, Any]) -> Mapping[str, Any] | None:
    """The inline values; ``values`` counts only without ``valuesObject``."""
    inline = text(stated.get("values"))
    chosen = stated.get("valuesObject")
    if isinstance(chosen, dict):
        if inline:
            reading.facts["values_shadowed"] = True
        return chosen
    if not inline.strip():
        return None
    from argoflux.yamlio.load import load_text

    loaded = load_text(SourceFile("values", inline))
    bodies = [document.body for document in loaded.documents if document.body is not None]
    if not bodies and not loaded.findings:
        return None
    if not bodies or not isinstance(bodies[0], dict):
        reading.refuse(A2F_HELM_024)
        return None
    return bodies[0]


def from_root(chart: str, stated: str) -> str:
    """A path of a values file from the repository's root; ``/x`` is one already."""
    if is_elsewhere(stated):
        return stated
    if stated.startswith("/"):
        return posixpath.normpath(stated.lstrip("/"))
    return posixpath.normpath(posixpath.join(chart, stated))


def is_elsewhere(stated: str) -> bool:
    """Whether a values file is no file of this repository: another source, or a URL."""
    return stated.startswith("$") or "://" in stated


def _values_files(
    reading: SourceReading,
    stated: dict[str, Any],
    chart: str,
    expansion: Expansion,
    files: SourceFiles | None,
) -> tuple[str, ...]:
    """The files in order, each once; globs are expanded where the files can be seen."""
    found: list[str] = []
    globs: dict[str, str] = {}
    unread: list[str] = []
    elsewhere: list[str] = []
    for item in items(stated, "valueFiles"):
        written = text(item)
        wanted = written if _names_source(written, expansion) else expansion.expand(written)
        path = from_root(chart, wanted)
        if wanted.startswith("$"):
            elsewhere.append(written)
        if is_elsewhere(wanted) or not _GLOB & set(wanted):
            found.append(path)
            continue
        matches = None if files is None else _matches(path, files)
        if matches is None:
            unread.append(written)
        else:
            globs[written] = ", ".join(matches) or "no file"
            found += matches
    reading.facts["value_files_elsewhere"] = tuple(elsewhere)
    if globs:
        reading.facts["globs"] = globs
    if unread:
        reading.facts["globs_unread"] = tuple(unread)
    return tuple(dict.fromkeys(path for path in found if path))


def _names_source(stated: str, expansion: Expansion) -> bool:
    """Whether a leading ``$name/`` is another source, and no build variable.

    argo-cd:reposerver/repository/repository.go getReferencedSource looks for a source
    of that name first and expands variables when there is none.
    """
    name, slash, _ = stated.removeprefix("$").partition("/")
    return stated.startswith("$") and bool(slash) and not expansion.knows(name)


def _matches(pattern: str, files: SourceFiles) -> list[str] | None:
    try:
        return sorted(name for name in files.names() if doublestar(pattern, name))
    except GlobError:
        return None
