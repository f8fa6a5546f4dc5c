"""Charts that an ArtifactGenerator puts together: one chart, with values files merged into its own.

That is what an Application with several sources says by ``$ref/…`` in its values files.
Facts: source-watcher:internal/builder/builder.go (copies run in order; a directory is copied with
its own name, the root of a source with none), internal/builder/merge.go.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from argoflux.flux.fields import table, tables, text
from argoflux.flux.load_source import clean_path

if TYPE_CHECKING:
    from argoflux.flux.joins import Sources
    from argoflux.resource import Resource

_ARTIFACT = "@artifact/"
_VALUES = "values.yaml"
_MERGE = "Merge"
_PACKED = frozenset({"HelmChart", "OCIRepository"})
_GIT = "GitRepository"


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuesFile:
    """A values file by its path in a source; an empty alias means the chart itself."""

    alias: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LayeredChart:
    """A chart and the values files that are merged into its defaults, in order.

    ``chart`` refers to the object that the chart comes from, ``path`` is its directory in a Git
    repository, ``directory`` the one in the artifact. ``lenders`` refer to the repositories of the
    values files, by alias.
    """

    generator: Resource
    chart: dict[str, Any]
    path: str
    directory: str
    values: tuple[ValuesFile, ...]
    lenders: dict[str, dict[str, Any]]


def find_layered(sources: Sources, root: str, namespace: str, name: str) -> LayeredChart | None:
    """The chart that an artifact holds; None for artifacts that are anything else."""
    for generator in sources.generators:
        if generator.root != root or generator.ref.namespace not in {namespace, ""}:
            continue
        spec = table(generator.body, "spec")
        for artifact in tables(spec, "artifacts"):
            if text(artifact, "name") == name and text(spec, "pathPattern") is None:
                return _read(generator, _aliases(generator, spec), tables(artifact, "copy"))
    return None


def _aliases(generator: Resource, spec: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """References to the sources of a generator, by alias."""
    return {
        text(source, "alias") or "": {
            "kind": text(source, "kind"),
            "name": text(source, "name"),
            "namespace": text(source, "namespace") or generator.ref.namespace,
        }
        for source in tables(spec, "sources")
    }


def _read(
    generator: Resource, aliases: dict[str, dict[str, Any]], copies: tuple[dict[str, Any], ...]
) -> LayeredChart | None:
    if not copies[1:] or any(copy.get("exclude") for copy in copies):
        return None
    first, *merges = copies
    alias, path = _from(first)
    chart = aliases.get(alias)
    if chart is None or text(first, "strategy") == _MERGE:
        return None
    directory = _directory(first, chart, path)
    if directory is None:
        return None
    values = []
    for copy in merges:
        lender, file = _from(copy)
        into = (text(copy, "to") or "").removeprefix(_ARTIFACT)
        own = posixpath.basename(posixpath.dirname(into))
        fits = posixpath.basename(into) == _VALUES and own and directory in {"", own}
        if text(copy, "strategy") != _MERGE or not fits or not file:
            return None
        directory = own  # the archive of a chart has one directory, which has the name of the chart
        if lender == alias and chart["kind"] in _PACKED:
            values.append(ValuesFile(alias="", path=file.removeprefix(f"{own}/")))
        elif aliases.get(lender, {}).get("kind") == _GIT:
            values.append(ValuesFile(alias="" if lender == alias else lender, path=file))
        else:
            return None
    used = dict.fromkeys(file.alias for file in values if file.alias)
    return LayeredChart(
        generator=generator,
        chart=chart,
        path=path or ".",
        directory=directory,
        values=tuple(values),
        lenders={name: aliases[name] for name in used},
    )


def _directory(copy: dict[str, Any], chart: dict[str, Any], path: str) -> str | None:
    """The directory of the chart in the artifact, empty where its name is not stated; else None."""
    target = text(copy, "to") or ""
    if chart["kind"] in _PACKED:
        return "" if target == _ARTIFACT and not path else None
    if chart["kind"] != _GIT:
        return None
    if path:
        return posixpath.basename(path) if target == _ARTIFACT else None
    directory = target.removeprefix(_ARTIFACT).rstrip("/")
    whole = target.startswith(_ARTIFACT) and directory and "/" not in directory
    return directory if whole else None


def _from(copy: dict[str, Any]) -> tuple[str, str]:
    """Alias and path that a copy reads; the path is empty for patterns and for a whole source."""
    alias, _, path = (text(copy, "from") or "").partition("/")
    clean = clean_path(path) or ""
    plain = alias.startswith("@") and not set(path) & set("*?[{")
    return (alias.removeprefix("@"), "" if clean == "." else clean) if plain else ("", "")
