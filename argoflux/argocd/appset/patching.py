"""``templatePatch``: a strategic merge patch on a generated Application.

Facts: argo-cd:applicationset/controllers/template/patch.go, types.go (no list of an Application has a
merge key), kubernetes/apimachinery:pkg/util/strategicpatch/patch.go (finalizers are merged).
"""

from __future__ import annotations

import json
from typing import Any

from argoflux.argocd.appset.problems import TemplateError
from argoflux.argocd.shapes import block, items
from argoflux.text import SourceFile
from argoflux.workspace.patching import merge
from argoflux.yamlio.load import load_text

_DELETED_FINALIZERS = "$deleteFromPrimitiveList/finalizers"


def apply_patch(body: dict[str, Any], patch: str) -> dict[str, Any]:
    """The Application with a filled-in patch applied; the project stays. Raises TemplateError."""
    stated = _read(patch)
    if not stated:
        return body
    finalizers = _finalizers(body, stated)
    merged = merge(body, stated, built_in=False)
    if not isinstance(merged, dict):
        raise TemplateError("`templatePatch` deletes the Application")
    if finalizers is not None:
        metadata = {**block(merged, "metadata"), "finalizers": finalizers}
        metadata.pop(_DELETED_FINALIZERS, None)
        merged = {**merged, "metadata": metadata}
    project = block(body, "spec").get("project")
    spec = {key: value for key, value in block(merged, "spec").items() if key != "project"}
    return {**merged, "spec": spec if project is None else {**spec, "project": project}}


def _read(patch: str) -> dict[str, Any]:
    if patch.strip().startswith("{"):
        try:
            value = json.loads(patch)
        except ValueError as error:
            raise TemplateError(f"`templatePatch` is no JSON: {error}") from None
    else:
        loaded = load_text(SourceFile("templatePatch", patch))
        broken = [finding for finding in loaded.findings if finding.code != "AF002"]
        if broken:
            raise TemplateError(f"`templatePatch` is no YAML: {broken[0].message}")
        value = loaded.documents[0].body if loaded.documents else None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise TemplateError("`templatePatch` is no map")
    return value


def _finalizers(body: dict[str, Any], patch: dict[str, Any]) -> list[Any] | None:
    """Finalizers of both, without those that the patch takes away; None when it is silent."""
    metadata = block(patch, "metadata")
    if "finalizers" not in metadata and _DELETED_FINALIZERS not in metadata:
        return None
    if metadata.get("finalizers", []) is None:
        return []
    gone = items(metadata, _DELETED_FINALIZERS)
    new = items(metadata, "finalizers")
    old = items(block(body, "metadata"), "finalizers")
    return [*new, *(item for item in old if item not in gone and item not in new)]
