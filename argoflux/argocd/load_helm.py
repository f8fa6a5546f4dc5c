"""The ``helm`` block of a source.

Facts: argo-cd:reposerver/repository/repository.go helmTemplate (what is expanded, file order),
argo-cd:util/helm/helm.go, argo-cd:pkg/apis/application/v1alpha1/values.go (object before text).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.argocd.shapes import blocks, switch, text
from argoflux.argocd.values_files import read_reference, read_values_files
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
        read_reference(reading, text(item.get("path")), part.path, expansion): text(
            item.get("path")
        )
        for item in blocks(stated, "fileParameters")
    }
    slots = read_slots({"helm": stated}, "ApplicationSource")
    return build(
        Helm,
        slots,
        "part.render.helm",
        release_name=release,
        values=values,
        values_files=read_values_files(reading, stated, part.path, expansion, files),
        parameters=tuple(
            Parameter(
                name=text(item.get("name")),
                value=expansion.expand(text(item.get("value"))),
                force_string=bool(switch(item, "forceString")),
            )
            for item in blocks(stated, "parameters")
        ),
        file_parameters=tuple(
            (
                text(item.get("name")),
                read_reference(reading, text(item.get("path")), part.path, expansion),
            )
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
