"""Files that an Application leaves out only because Flux objects are none of Argo CD's business.

A Kustomization over a plain folder becomes an Application that excludes the files of Flux objects, by
name; the Kustomization that it becomes again applies them.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from argoflux.argocd.ignore_globs import quoted
from argoflux.goports.bracetext import braces
from argoflux.goports.globs import GlobError
from argoflux.kinds import engine_of
from argoflux.text import SourceFile
from argoflux.yamlio.load import load_text

if TYPE_CHECKING:
    from argoflux.model.files import SourceFiles

_FLUX = frozenset({"flux", "flux-operator"})


def only_withheld(exclude: str, path: str, files: SourceFiles) -> bool:
    """Whether a glob names nothing but files below a directory that hold only Flux objects."""
    prefix = "" if path == "." else f"{path}/"
    by_glob = {
        quoted(name.removeprefix(prefix)): name
        for name in files.names()
        if name.startswith(prefix) and posixpath.splitext(name)[1] in {".yaml", ".yml"}
    }
    try:
        named = [by_glob.get(glob) for glob in braces(exclude)]
    except GlobError:
        return False
    return all(name is not None and _only_flux(files.read(name) or "") for name in named)


def _only_flux(text: str) -> bool:
    loaded = load_text(SourceFile("file", text))
    groups = [
        str(document.body.get("apiVersion")).rpartition("/")[0]
        for document in loaded.documents
        if isinstance(document.body, dict)
    ]
    whole = len(groups) == len(loaded.documents) and not loaded.findings
    return whole and bool(groups) and all(engine_of(group) in _FLUX for group in groups)
