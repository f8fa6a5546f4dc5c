"""Releases that edit what their chart renders: a kustomization where it can be built, else a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.argocd.estates import Result, flux_to_argocd

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://git.example.com/acme/fleet.git"
HOME = f"""\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {{name: fleet, namespace: flux-system}}
spec: {{interval: 5m, url: "{URL}", ref: {{branch: main}}}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: prod, namespace: flux-system}}
spec: {{interval: 10m, prune: true, path: ./prod, sourceRef: {{kind: GitRepository, name: fleet}}}}
"""
CHARTS = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: charts, namespace: shop}
spec: {interval: 1h, url: "%s"%s}
---
"""
RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/%s
kind: HelmRelease
metadata: {name: web, namespace: shop}
spec:
  interval: 1h
  chart: {spec: {chart: web, version: "%s", sourceRef: {kind: HelmRepository, name: charts}%s}}
  %s
"""
WEB = "HelmRelease/shop/web"
HTTP = "https://charts.example.com"
LABELS = "commonMetadata: {labels: {tier: a}}"
PATH = "spec.commonMetadata.labels.tier"


def converted(
    folder: Path,
    edits: str = LABELS,
    *,
    version: str = "1.2.3",
    url: str = HTTP,
    repository: str = "",
    chart: str = "",
    api: str = "v2",
    home: bool = True,
) -> Result:
    objects = CHARTS % (url, repository) + RELEASE % (api, version, chart, edits)
    files = {"prod/web.yaml": objects}
    if home:
        files["sync.yaml"] = HOME
    return flux_to_argocd(folder, files, sources=(f"{URL}={folder}",) if home else ())


def source(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = result.app("web")["spec"]["source"]
    return found


def test_the_application_builds_the_edited_chart(tmp_path: Path) -> None:
    result = converted(tmp_path)
    assert source(result) == {
        "repoURL": URL,
        "targetRevision": "main",
        "path": "argocd/web",
    }
    assert result.verdict(PATH, WEB) == ("manual", "F2A-HR-027")
    assert "argocd/web/kustomization.yaml" in result.text("F2A-HR-027")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"version": "1.x"}, "exact version"),
        ({"repository": ", secretRef: {name: login}"}, "no credentials"),
        ({"chart": ", valuesFiles: [values.yaml, prod.yaml]"}, "values files"),
        ({"home": False}, "not known"),
    ],
    ids=["range", "login", "values files", "no repository"],
)
def test_what_kustomize_cannot_build_stays_a_chart(
    tmp_path: Path, change: dict[str, Any], why: str
) -> None:
    result = converted(tmp_path, **change)
    assert source(result)["chart"] == "web"
    assert result.verdict(PATH, WEB) == ("manual", "F2A-HR-006")
    assert why in result.text("F2A-HR-006")


def test_the_repository_of_the_kustomization_gets_its_secret(tmp_path: Path) -> None:
    """The parent of a release applies nothing else, so no other Application would ask for it."""
    private = HOME.replace("ref: {branch", "secretRef: {name: deploy-key}, ref: {branch")
    files = {
        "sync.yaml": private,
        "prod/web.yaml": CHARTS % (HTTP, "") + RELEASE % ("v2", "1.2.3", "", LABELS),
    }
    result = flux_to_argocd(tmp_path, files, sources=(f"{URL}={tmp_path}",))
    assert source(result)["repoURL"] == URL
    stub = result.bodies("Secret")["repo-fleet"]
    assert stub["stringData"]["url"] == URL
    assert stub["stringData"]["password"] == "TODO-copy-from-flux-system-deploy-key"
    assert "Secret flux-system/deploy-key" in result.text("F2A-GIT-006")


def test_without_edits_nothing_changes(tmp_path: Path) -> None:
    result = converted(tmp_path, "postRenderers: []")
    assert source(result)["chart"] == "web"
    assert not result.codes & {"F2A-HR-006", "F2A-HR-027"}


def test_later_patches_after_images_are_said(tmp_path: Path) -> None:
    edits = "postRenderers: [{kustomize: {images: [{name: a, newTag: b}]}}, {kustomize: {patches: [{patch: 'kind: X'}]}}]"
    result = converted(tmp_path, edits)
    assert "F2A-HR-028" in result.codes


def test_the_order_of_one_renderer_is_that_of_kustomize(tmp_path: Path) -> None:
    edits = "postRenderers: [{kustomize: {images: [{name: a, newTag: b}], patches: [{patch: 'kind: X'}]}}]"
    assert "F2A-HR-028" not in converted(tmp_path, edits).codes


def test_old_forms_of_patches_are_read(tmp_path: Path) -> None:
    edits = "postRenderers: [{kustomize: {patchesStrategicMerge: [{kind: X}]}}]"
    result = converted(tmp_path, edits, api="v2beta2")
    path = "spec.postRenderers[0].kustomize.patchesStrategicMerge[0].kind"
    assert result.verdict(path, WEB) == ("manual", "F2A-HR-027")
