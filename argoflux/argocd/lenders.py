"""Sources that only lend values files to a chart: an Application with several sources.

Facts: argo-cd:reposerver/repository/repository.go (values files with ``$ref/`` are read from the
source of that ``ref``; a source without a path makes no manifests).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from argoflux.mapping.draft import Trace
from argoflux.mapping.revisions import spell
from argoflux.model.source import GitSource

if TYPE_CHECKING:
    from argoflux.argocd.writing import Writing
    from argoflux.text import Path

_ONE: Path = ("spec", "source")
_FIRST: Path = ("spec", "sources", 0)


def put_lenders(work: Writing) -> None:
    """Turn the one source that was written into the first of several, where others lend files."""
    lenders = [part for part in work.app.parts if not part.produces]
    if not lenders:
        return
    draft = work.draft
    spec = draft.body["spec"]
    draft.body["spec"] = {
        ("sources" if key == "source" else key): ([value] if key == "source" else value)
        for key, value in spec.items()
    }
    draft.traces = [
        replace(trace, path=(*_FIRST, *trace.path[len(_ONE) :]))
        if trace.path[: len(_ONE)] == _ONE
        else trace
        for trace in draft.traces
    ]
    for number, part in enumerate(lenders, start=1):
        if not isinstance(part.source, GitSource):
            raise TypeError(f"{work.app.id}: only Git repositories lend files")
        revision = spell(part.source.revision)
        item = {"repoURL": part.source.url, "targetRevision": revision, "ref": part.ref}
        draft.add("spec.sources", item)
        slots = {"repoURL": "part.source.url", "targetRevision": "part.source.revision"}
        draft.traces += [
            Trace((*_FIRST[:-1], number, key), slot, "derived")
            for key, slot in {**slots, "ref": "part.ref"}.items()
        ]
