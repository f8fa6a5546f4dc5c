"""Variables of plain objects, which Argo CD would apply as they stand: what is said of each case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.argocd.estates import GIT, KUSTOMIZATION, flux_to_argocd, manifest

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = manifest("ConfigMap", "settings", "flux-system", more="data: {DOMAIN: example.com}")
HIDDEN = manifest("Secret", "hidden", "flux-system", more="stringData: {TOKEN: s3cret}")
BUILD = "postBuild: {substitute: {ENV: prod}, substituteFrom: [%s]}"


def plain(text: str) -> str:
    return manifest("ConfigMap", "a", "shop", more=f"data: {{x: '{text}'}}")


@pytest.mark.parametrize(
    ("text", "source", "codes"),
    [
        ("nothing", "{kind: ConfigMap, name: settings}", {"F2A-SUB-009"}),
        (
            "${DOMAIN}",
            "{kind: ConfigMap, name: settings}",
            {"F2A-SUB-004", "F2A-SUB-009", "F2A-SUB-010"},
        ),
        ("${ENV}", "{kind: ConfigMap, name: settings}", {"F2A-SUB-004", "F2A-SUB-010"}),
        ("${TOKEN}", "{kind: Secret, name: hidden}", {"F2A-SUB-004", "F2A-SUB-009", "F2A-SUB-010"}),
        ("${X}", "{kind: ConfigMap, name: absent}", {"F2A-SUB-004", "F2A-SUB-009", "F2A-SUB-010"}),
        (
            "${X}",
            "{kind: ConfigMap, name: settings}",
            {"F2A-SUB-004", "F2A-SUB-009", "F2A-SUB-010"},
        ),
        ("$$HOME", "{kind: ConfigMap, name: settings}", {"F2A-SUB-004", "F2A-SUB-009"}),
    ],
)
def test_what_is_said(tmp_path: Path, text: str, source: str, codes: set[str]) -> None:
    """Unused variables are dropped; used ones that cannot be filled in need a person."""
    files = {
        "flux.yaml": GIT + KUSTOMIZATION % f", {BUILD % source}" + SETTINGS + HIDDEN,
        "app/a.yaml": plain(text),
    }
    result = flux_to_argocd(tmp_path, files)
    assert {code for code in result.codes if code.startswith("F2A-SUB")} == codes
    assert "s3cret" not in str([message.text for message in result.conversion.messages])


def test_the_reason_names_what_is_missing(tmp_path: Path) -> None:
    files = {
        "flux.yaml": GIT + KUSTOMIZATION % f", {BUILD % '{kind: Secret, name: hidden}'}" + HIDDEN,
        "app/a.yaml": plain("${TOKEN}"),
    }
    text = flux_to_argocd(tmp_path, files).text("F2A-SUB-010")
    assert "TOKEN come from a Secret and are used in app/a.yaml" in text


def test_unknown_paths(tmp_path: Path) -> None:
    """What cannot be seen may use every variable."""
    files = {
        "flux.yaml": GIT + KUSTOMIZATION % f", {BUILD % '{kind: ConfigMap, name: settings}'}",
        "app/kustomization.yaml": "resources: [https://example.com/x.yaml]\n",
    }
    result = flux_to_argocd(tmp_path, files)
    assert "F2A-SUB-010" in result.codes
    assert "F2A-SUB-009" not in result.codes
