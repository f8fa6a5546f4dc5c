"""Namespaces of Flux objects that state none, and Namespaces that stand for an option."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.argocd.estates import (
    GIT,
    KUSTOMIZATION,
    RELEASE,
    flux_to_argocd,
    kustomization,
    manifest,
)

if TYPE_CHECKING:
    from pathlib import Path

CHILD = (RELEASE % "").replace(", namespace: shop", "")


@pytest.mark.parametrize(
    ("extra", "file", "namespace"),
    [
        (", targetNamespace: media", kustomization("app.yaml"), "media"),
        ("", "namespace: tools\n" + kustomization("app.yaml"), "tools"),
        (", targetNamespace: media", "namespace: tools\n" + kustomization("app.yaml"), "media"),
    ],
)
def test_the_parent_places_its_objects(
    tmp_path: Path, extra: str, file: str, namespace: str
) -> None:
    files = {
        "flux.yaml": GIT + KUSTOMIZATION % extra,
        "app/kustomization.yaml": file,
        "app/app.yaml": CHILD,
    }
    result = flux_to_argocd(tmp_path, files)
    app = result.app()
    assert app["spec"]["destination"]["namespace"] == namespace
    assert app["metadata"]["annotations"]["argoflux.dev/source"] == f"HelmRelease/{namespace}/app"
    assert "F2A-NS-001" not in result.codes


def test_parents_that_disagree_place_nothing(tmp_path: Path) -> None:
    """A base that two overlays use has no namespace of its own."""
    twin = (KUSTOMIZATION % ", targetNamespace: b").replace("name: app", "name: twin")
    files = {
        "flux.yaml": GIT + KUSTOMIZATION % ", targetNamespace: a" + twin,
        "app/app.yaml": CHILD,
    }
    result = flux_to_argocd(tmp_path, files)
    assert "namespace" not in result.app()["spec"]["destination"]
    assert "F2A-NS-001" in result.codes


def test_children_find_their_source_by_the_namespace_they_get(tmp_path: Path) -> None:
    other = GIT.replace("namespace: flux-system", "namespace: media").replace("acme", "media")
    child = (KUSTOMIZATION % "").replace("name: app, namespace: flux-system", "name: child")
    child = child.replace("./app", "./child")
    files = {
        "flux.yaml": GIT + other + KUSTOMIZATION % ", targetNamespace: media",
        "app/child.yaml": child,
    }
    result = flux_to_argocd(tmp_path, files)
    assert (
        result.app("child")["spec"]["source"]["repoURL"]
        == "https://git.example.com/media/fleet.git"
    )


def test_variables_that_a_parent_fills_in_are_not_copied_silently(tmp_path: Path) -> None:
    child = CHILD.replace(
        "chart: {spec", "values: {host: 'x.${DOMAIN}', shell: '$${HOME}'}\n  chart: {spec"
    )
    parent = ", targetNamespace: media, postBuild: {substitute: {DOMAIN: example.com}}"
    files = {"flux.yaml": GIT + KUSTOMIZATION % parent, "app/app.yaml": child}
    result = flux_to_argocd(tmp_path, files)
    assert "variables DOMAIN of HelmRelease/media/app" in result.text("F2A-SUB-006")
    files["flux.yaml"] = GIT + KUSTOMIZATION % ", targetNamespace: media"
    assert "F2A-SUB-006" not in flux_to_argocd(tmp_path, files).codes


def test_a_namespace_with_a_variable_is_not_known(tmp_path: Path) -> None:
    files = {
        "flux.yaml": GIT + KUSTOMIZATION % "",
        "app/kustomization.yaml": kustomization("a.yaml"),
        "app/a.yaml": manifest("ConfigMap", "a", "'org-${ORG}'"),
    }
    assert "namespace" not in flux_to_argocd(tmp_path, files).app()["spec"]["destination"]
