"""Override files beside the manifests: ``.argocd-source.yaml`` and the one of an Application.

Facts: argo-cd:reposerver/repository/repository.go mergeSourceParameters (JSON merge patches; what
says where the source is cannot be overridden).
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from argoflux.text import SourceFile

if TYPE_CHECKING:
    from argoflux.model.files import SourceFiles

_FIXED = ("chart", "path", "repoURL", "targetRevision")


def override_names(path: str, app_name: str) -> tuple[str, str]:
    """The two files that may override a source, the later one wins."""
    return (
        posixpath.normpath(posixpath.join(path, ".argocd-source.yaml")),
        posixpath.normpath(posixpath.join(path, f".argocd-source-{app_name}.yaml")),
    )


def merge_overrides(
    source: dict[str, Any], path: str, app_name: str, files: SourceFiles
) -> tuple[dict[str, Any], list[str]]:
    """The source with the files merged in, and the files that there are."""
    merged: Any = source
    used: list[str] = []
    for name in override_names(path, app_name):
        found = files.read(name)
        patch = None if found is None else _mapping(name, found)
        if patch:
            merged = merge_patch(merged, patch)
            used.append(name)
    if not used:
        return source, []
    kept = {key: value for key, value in merged.items() if key not in _FIXED}
    return {**kept, **{key: source[key] for key in _FIXED if key in source}}, used


def _mapping(name: str, found: str) -> dict[str, Any] | None:
    from argoflux.yamlio.load import load_text

    loaded = load_text(SourceFile(name, found))
    bodies = [document.body for document in loaded.documents]
    return bodies[0] if bodies and isinstance(bodies[0], dict) else None


def merge_patch(target: Any, patch: Any) -> Any:
    """Apply a JSON merge patch (RFC 7386): null deletes, mappings merge, all else replaces."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged
