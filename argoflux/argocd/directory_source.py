"""Plain directories: the files that Flux reads, as ``directory`` options of Argo CD."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.argocd.ignore_globs import (
    Exclusion,
    checked,
    exclude_globs,
    joined,
    kept_directories,
    quoted,
)
from argoflux.argocd.path_rules import FLUX_FILES, relative
from argoflux.mapping.source import F2A_GIT_015

if TYPE_CHECKING:
    from argoflux.argocd.writing import Writing
    from argoflux.model.content import Known

_AT = "spec.source.directory"
_SUFFIXES = (".yaml", ".yml")


def put_directory(work: Writing, content: Known, drop_files: tuple[str, ...]) -> None:
    """Read every .yaml and .yml file below the path except ignored ones and Flux objects.

    Flux never reads .json (fluxcd/pkg:kustomize/kustomize_generator.go).
    """
    draft = work.draft
    draft.put(f"{_AT}.recurse", value=True, origin="derived")
    draft.put(f"{_AT}.include", FLUX_FILES, origin="derived")
    text = work.git.ignore if work.git is not None else None
    path = work.part.path
    exclusion = exclude_globs(text, path) if text else Exclusion()
    exclusion, named = _corrected(work, content, exclusion)
    globs = (*exclusion.globs, *(quoted(name) for name in drop_files))
    if globs:
        slot = "part.source.ignore" if text and exclusion.globs else ""
        draft.put(f"{_AT}.exclude", joined(globs), slot=slot, origin="derived")
    if exclusion.globs:
        work.facts["globs"] = exclusion.text()
        work.facts["ignore_globs"] = True
        if named and not text:  # from .sourceignore files or the default exclusions
            work.say(F2A_GIT_015, source=work.facts.get("source"), globs=exclusion.text())
    if exclusion.inexpressible:
        work.facts["ignore_rule"] = True
        work.facts["rule"] = exclusion.inexpressible[0]
    if text:
        work.refresh_paths += [f"/{directory}" for directory in kept_directories(text)]


def _corrected(
    work: Writing, content: Known, exclusion: Exclusion
) -> tuple[Exclusion, tuple[str, ...]]:
    """Globs checked against the files at hand; unchanged when there are none."""
    files = work.files()
    if files is None:
        return exclusion, ()
    prefix = "" if work.part.path == "." else f"{work.part.path}/"
    every = [
        name.removeprefix(prefix)
        for name in files.names()
        if name.startswith(prefix) and name.endswith(_SUFFIXES)
    ]
    if not every:
        return exclusion, ()
    kept = [relative(content, file) for file in content.files]
    return checked(exclusion, every=every, kept=kept)
