"""The values files of a chart: files beside it, files of other sources (``$ref/…``), URLs, globs.

Facts: argo-cd:reposerver/repository/repository.go getResolvedValueFiles (the name of a source is
looked up before variables are expanded; a path behind it starts at the root of that source, whatever
its ``path``; matches of a glob come in lexical order, without files that are listed by name; of equal
entries the first counts).
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.argocd.shapes import items, text
from argoflux.goports.doublestar import doublestar
from argoflux.goports.globs import GlobError

if TYPE_CHECKING:
    from argoflux.argocd.build_variables import Expansion
    from argoflux.argocd.load_source import SourceReading
    from argoflux.model.files import SourceFiles

_GLOB = frozenset("*?[{")


class _Entry(NamedTuple):
    """One entry as written, the path it stands for, and the files that path is looked up in."""

    written: str
    path: str
    prefix: str
    files: SourceFiles | None
    problem: str

    @property
    def glob(self) -> bool:
        return not is_url(self.path) and not self.problem and bool(_GLOB & set(self.path))

    @property
    def stored(self) -> str:
        return f"{self.prefix}{self.path}"


def is_url(stated: str) -> bool:
    """Whether a values file is fetched from an address."""
    return "://" in stated


def from_root(chart: str, stated: str) -> str:
    """A path of a values file from the repository's root; ``/x`` is one already."""
    if is_url(stated):
        return stated
    if stated.startswith("/"):
        return posixpath.normpath(stated.lstrip("/"))
    return posixpath.normpath(posixpath.join(chart, stated))


def read_values_files(
    reading: SourceReading,
    stated: dict[str, Any],
    chart: str,
    expansion: Expansion,
    files: SourceFiles | None,
) -> tuple[str, ...]:
    """The files in order, each once; globs are expanded where the files can be seen."""
    entries = [
        _entry(reading, text(item), chart, expansion, files) for item in items(stated, "valueFiles")
    ]
    named = {entry.stored for entry in entries if not entry.glob}
    found: list[str] = []
    globs: dict[str, str] = {}
    unread: list[str] = []
    made: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        matches = None
        if entry.glob:
            matches = None if entry.files is None else _matches(entry.path, entry.files)
        if not entry.glob:
            made[entry.written] = (entry.stored,)
        elif matches is None:
            unread.append(entry.written)
            made[entry.written] = (entry.stored,)
        else:
            globs[entry.written] = ", ".join(matches) or "no file"
            all_matches = (f"{entry.prefix}{match}" for match in matches)
            made[entry.written] = tuple(path for path in all_matches if path not in named)
        found += made[entry.written]
    reading.facts["values_files"] = made
    reading.facts["references_broken"] = {e.written: e.problem for e in entries if e.problem}
    if globs:
        reading.facts["globs"] = globs
    if unread:
        reading.facts["globs_unread"] = tuple(unread)
    return tuple(dict.fromkeys(path for path in found if path))


def read_reference(reading: SourceReading, stated: str, chart: str, expansion: Expansion) -> str:
    """The path of a file parameter, as values files are stored."""
    return _entry(reading, stated, chart, expansion, None).stored


def _entry(
    reading: SourceReading,
    written: str,
    chart: str,
    expansion: Expansion,
    files: SourceFiles | None,
) -> _Entry:
    name = _source_name(reading, written, expansion)
    if not name:
        return _Entry(written, from_root(chart, expansion.expand(written)), "", files, "")
    prefix = f"${name}/"
    path = posixpath.normpath(expansion.expand(written.removeprefix(prefix)).lstrip("/"))
    reference = reading.references.get(name)
    problem = "" if reference is None else reference.problem
    if reference is None:
        problem = f"no other source has `ref: {name}`"
    elif path == ".." or path.startswith("../"):
        problem = "the path leaves the repository"
    return _Entry(written, path, prefix, reference.files if reference else None, problem)


def _source_name(reading: SourceReading, written: str, expansion: Expansion) -> str:
    """The name of the source that an entry starts with; empty for a path, a URL or a variable."""
    name, slash, _ = written.removeprefix("$").partition("/")
    if not written.startswith("$") or not slash:
        return ""
    return "" if name not in reading.references and expansion.knows(name) else name


def _matches(pattern: str, files: SourceFiles) -> list[str] | None:
    try:
        return sorted(name for name in files.names() if doublestar(pattern, name))
    except GlobError:
        return None
