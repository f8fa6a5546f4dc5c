"""Flux objects as their parents apply them: namespaces, overlays, variables."""

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


def test_a_base_of_two_parents_is_two_apps(tmp_path: Path) -> None:
    """Each parent places its own copy."""
    twin = (KUSTOMIZATION % ", targetNamespace: b").replace("name: app", "name: twin")
    files = {
        "flux.yaml": GIT + KUSTOMIZATION % ", targetNamespace: a" + twin,
        "app/app.yaml": CHILD,
    }
    result = flux_to_argocd(tmp_path, files)
    places = {
        name: body["spec"]["destination"]["namespace"]
        for name, body in result.bodies("Application").items()
    }
    assert places == {"app": "a", "b-app": "b"}


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
    values = result.app()["spec"]["source"]["helm"]["valuesObject"]
    assert values == {"host": "x.example.com", "shell": "${HOME}"}
    assert not {code for code in result.codes if code.startswith("F2A-SUB")}
    files["flux.yaml"] = GIT + KUSTOMIZATION % ", targetNamespace: media"
    literal = flux_to_argocd(tmp_path, files)
    assert not {code for code in literal.codes if code.startswith("F2A-SUB")}


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("{kind: ConfigMap, name: absent}", "F2A-SUB-006"),
        ("{kind: Secret, name: hidden}", "F2A-SUB-002"),
        ("{kind: ConfigMap, name: absent, optional: true}", "F2A-SUB-003"),
    ],
)
def test_variables_that_stay(tmp_path: Path, source: str, code: str) -> None:
    """A value that is secret or elsewhere is not written; one that nobody sets fails in Flux."""
    child = CHILD.replace("chart: {spec", "values: {host: 'x.${DOMAIN}'}\n  chart: {spec")
    secret = manifest("Secret", "hidden", "flux-system", more="stringData: {DOMAIN: s3cret}")
    build = f"{{substitute: {{A: b}}, substituteFrom: [{source}]}}"
    parent = f", targetNamespace: media, postBuild: {build}"
    files = {"flux.yaml": GIT + KUSTOMIZATION % parent + secret, "app/app.yaml": child}
    result = flux_to_argocd(tmp_path, files)
    assert {found for found in result.codes if found.startswith("F2A-SUB")} == {code}
    values = result.app()["spec"]["source"]["helm"]["valuesObject"]
    assert values == {"host": "x.${DOMAIN}"}
    assert "s3cret" not in result.text(code)


def test_a_namespace_with_a_variable_is_not_known(tmp_path: Path) -> None:
    files = {
        "flux.yaml": GIT + KUSTOMIZATION % "",
        "app/kustomization.yaml": kustomization("a.yaml"),
        "app/a.yaml": manifest("ConfigMap", "a", "'org-${ORG}'"),
    }
    assert "namespace" not in flux_to_argocd(tmp_path, files).app()["spec"]["destination"]


def test_overlays_patch_releases(tmp_path: Path) -> None:
    """Each cluster gets the release as its overlay changes it; losses of a patch are said."""
    patch = """
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: app, namespace: shop}
spec: {values: {replicas: 3}, upgrade: {preserveValues: true}}
"""
    files = {
        "flux.yaml": GIT + KUSTOMIZATION % "",
        "base/kustomization.yaml": kustomization("app.yaml"),
        "base/app.yaml": RELEASE % "  values: {replicas: 1, image: a}",
        "app/kustomization.yaml": kustomization("../base") + "patches: [{path: patch.yaml}]\n",
        "app/patch.yaml": patch,
    }
    result = flux_to_argocd(tmp_path, files)
    helm = result.app()["spec"]["source"]["helm"]
    assert helm["valuesObject"] == {"replicas": 3, "image": "a"}
    assert "F2A-HR-011" in result.codes
    manual = [e for e in result.conversion.entries if e.verdict == "manual" and not e.origin]
    assert manual


def test_edits_that_cannot_be_computed_are_said(tmp_path: Path) -> None:
    files = {
        "flux.yaml": GIT + KUSTOMIZATION % "",
        "app/kustomization.yaml": kustomization("app.yaml") + "replacements: [{path: r.yaml}]\n",
        "app/app.yaml": RELEASE % "",
    }
    assert "F2A-OVL-001" in flux_to_argocd(tmp_path, files).codes


def test_unset_variables_are_empty_before_flux_2_9(tmp_path: Path) -> None:
    child = CHILD.replace("chart: {spec", "values: {host: 'x${DOMAIN}'}\n  chart: {spec")
    parent = ", targetNamespace: media, postBuild: {substitute: {A: b}}"
    files = {"flux.yaml": GIT + KUSTOMIZATION % parent, "app/app.yaml": child}
    result = flux_to_argocd(tmp_path, files, flux="2.8")
    assert result.app()["spec"]["source"]["helm"]["valuesObject"] == {"host": "x"}
    assert "F2A-SUB-007" in result.codes


def test_variables_nobody_fills_in(tmp_path: Path) -> None:
    files = {"flux.yaml": GIT + RELEASE % "  values: {host: '${DOMAIN}'}"}
    assert "F2A-SUB-008" in flux_to_argocd(tmp_path, files).codes


def test_a_path_with_a_variable(tmp_path: Path) -> None:
    """A Kustomization is read after its own parent has filled it in, and so are its children."""
    child = (
        (KUSTOMIZATION % "").replace("name: app", "name: child").replace("./app", "'./${ENV}/x'")
    )
    parent = ", postBuild: {substituteFrom: [{kind: ConfigMap, name: settings}]}"
    files = {
        "flux.yaml": GIT + KUSTOMIZATION % parent,
        "app/child.yaml": child,
        "app/kustomization.yaml": kustomization("child.yaml")
        + "configMapGenerator: [{name: settings, namespace: flux-system, literals: [ENV=prod]}]\n",
        "prod/x/cm.yaml": manifest("ConfigMap", "a", "shop"),
    }
    result = flux_to_argocd(tmp_path, files)
    assert result.app("child")["spec"]["source"]["path"] == "prod/x"
    assert result.app("child")["spec"]["destination"]["namespace"] == "shop"
