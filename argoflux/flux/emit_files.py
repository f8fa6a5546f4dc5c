"""Reading what an app's own repository holds, as far as a copy of it is at hand."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from argoflux.text import SourceFile

if TYPE_CHECKING:
    from argoflux.flux.emit_plan import Plan

_KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
"""kubernetes-sigs/kustomize:api/konfig/general.go RecognizedKustomizationFileNames."""


def read_beside(plan: Plan, path: str) -> str | None:
    """The text of a file named relative to the app's directory; None when it cannot be read."""
    if plan.files is None:
        return None
    return plan.files.read(posixpath.normpath(posixpath.join(plan.part.path, path)))


def read_mapping(plan: Plan, path: str) -> dict[str, Any] | None:
    """The first document of a YAML file of the app's repository; None when it is no mapping."""
    found = None if plan.files is None else plan.files.read(path)
    if found is None:
        return None
    from argoflux.yamlio.load import load_text

    loaded = load_text(SourceFile(path, found))
    bodies = [document.body for document in loaded.documents]
    return bodies[0] if bodies and isinstance(bodies[0], dict) else None


def read_kustomization(plan: Plan) -> dict[str, Any]:
    """The kustomization file of the app's directory; empty when there is none, or it is unknown."""
    for name in _KUSTOMIZATIONS:
        found = read_mapping(plan, posixpath.normpath(posixpath.join(plan.part.path, name)))
        if found is not None:
            return found
    return {}
