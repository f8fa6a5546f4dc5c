"""Applications that sync a branch of rendered manifests (`sourceHydrator`).

Facts: argo-cd:pkg/apis/application/v1alpha1/types.go GetSource (it counts before `sources` and
`source`) and GetSyncSource, argo-cd:commitserver/commit/hydratorhelper.go (one manifest.yaml a path).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.argocd.shapes import block, text

if TYPE_CHECKING:
    from argoflux.argocd.load_source import SourceReading
    from argoflux.text import Path

AT: Path = ("spec", "sourceHydrator")


def hydrated_source(spec: dict[str, Any]) -> dict[str, Any] | None:
    """The source that is synced, as an Application would state it; None without a hydrator."""
    hydrator = spec.get("sourceHydrator")
    if not isinstance(hydrator, dict):
        return None
    dry, sync = block(hydrator, "drySource"), block(hydrator, "syncSource")
    return {
        "repoURL": text(sync.get("repoURL")) or text(dry.get("repoURL")),
        "path": text(sync.get("path")),
        "targetRevision": text(sync.get("targetBranch")),
        # what the hydrator writes into a path is one file of manifests, whatever was rendered
        "directory": {"recurse": True},
    }


def note_hydrator(reading: SourceReading, spec: dict[str, Any]) -> None:
    """What the rows of the half that Flux does not have need to know."""
    hydrator = block(spec, "sourceHydrator")
    dry, sync = block(hydrator, "drySource"), block(hydrator, "syncSource")
    branch = text(sync.get("targetBranch"))
    reading.facts |= {
        "hydrated": True,
        "branch": branch,
        "dry_path": text(dry.get("path")) or ".",
        "dry_revision": text(dry.get("targetRevision")) or "HEAD",
        "hydrated_to": text(block(hydrator, "hydrateTo").get("targetBranch")) or branch,
        "sync_repository_stated": bool(text(sync.get("repoURL"))),
    }
