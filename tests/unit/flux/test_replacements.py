"""Which variables kustomize can copy into objects, and what is said where it cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from argoflux.argocd.replaced import field_path
from tests.unit.argocd.estates import GIT, KUSTOMIZATION, flux_to_argocd, kustomization, manifest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.argocd.estates import Result

SETTINGS = manifest(
    "ConfigMap", "settings", "flux-system", more='data: {DOMAIN: example.com, COUNT: "4"}'
)
BUILD = ", postBuild: {substituteFrom: [{kind: ConfigMap, name: settings}]}"
GOOD = manifest("ConfigMap", "a", "shop", more="data: {x: '${DOMAIN}'}")


def run(folder: Path, files: dict[str, str], **options: Any) -> Result:
    texts = {"flux.yaml": GIT + KUSTOMIZATION % BUILD + SETTINGS, **files}
    chosen = {"to_folder": True, "deploy_path": ".", "substitution": "replacements", **options}
    return flux_to_argocd(folder, texts, **chosen)


def test_whole_values_are_copied(tmp_path: Path) -> None:
    result = run(tmp_path, {"app/a.yaml": GOOD})
    assert result.app()["spec"]["source"]["path"] == "argocd/app"
    assert "+    - data.x" in result.conversion.patch.splitlines()
    assert "F2A-SUB-012" in result.codes
    assert result.codes.isdisjoint({"F2A-SUB-010", "F2A-SUB-011", "F2A-SUB-014"})
    source = result.verdict("spec.postBuild.substituteFrom[0].name")
    assert source == ("equivalent", "F2A-SUB-013")


def test_a_stream_needs_no_files_of_its_own(tmp_path: Path) -> None:
    result = run(tmp_path, {"app/a.yaml": GOOD}, to_folder=False)
    assert result.app()["spec"]["source"]["path"] == "argocd/app"
    instead = [m.instead for m in result.conversion.messages if m.code == "F2A-SUB-012"]
    assert instead[0].startswith("convert with `-d DIR`")


def test_by_default_nothing_is_copied(tmp_path: Path) -> None:
    result = run(tmp_path, {"app/a.yaml": GOOD}, substitution="static")
    assert result.app()["spec"]["source"]["path"] == "./rendered/app"
    assert "F2A-SUB-014" not in result.codes


@pytest.mark.parametrize(
    ("files", "why"),
    [
        (
            {"app/a.yaml": manifest("ConfigMap", "a", more="data: {x: 'www.${DOMAIN}'}")},
            "`www.${DOMAIN}` of ConfigMap/a is more than one variable by its name",
        ),
        (
            {"app/a.yaml": manifest("ConfigMap", "a", more="data: {x: '${DOMAIN:-x}'}")},
            "`${DOMAIN:-x}` of ConfigMap/a is more than one variable by its name",
        ),
        (
            {"app/a.yaml": manifest("ConfigMap", "a", more="data: {x: '$${DOMAIN}'}")},
            "`$${DOMAIN}` of ConfigMap/a is more than one variable by its name",
        ),
        (
            {"app/a.yaml": manifest("ConfigMap", "a", more="data: {'${DOMAIN}': x}")},
            "`${DOMAIN}` of ConfigMap/a is a key",
        ),
        (
            {"app/a.yaml": manifest("Thing", "a", api="x.io/v1", more="spec: {n: '${COUNT}'}")},
            "`${COUNT}` of Thing/a becomes something else than a text",
        ),
        (
            {"app/a.yaml": manifest("ConfigMap", "'${DOMAIN}'")},
            "`${DOMAIN}` of ConfigMap/${DOMAIN} is part of what the object is found by",
        ),
        (
            {"app/a.yaml": manifest("ConfigMap", "a", more="data: {'8080': '${DOMAIN}'}")},
            "`${DOMAIN}` of ConfigMap/a stands below a key that no field path can name",
        ),
        (
            {"app/a.yaml": GOOD + manifest("ConfigMap", "a", "other")},
            "several objects are called ConfigMap/a",
        ),
        (
            {
                "app/kustomization.yaml": kustomization("a.yaml")
                + "configMapGenerator: [{name: made, literals: ['x=${DOMAIN}']}]\n",
                "app/a.yaml": manifest("ConfigMap", "a"),
            },
            "ConfigMap/made gets its name from its contents or in the cluster",
        ),
    ],
    ids=[
        "part of a text",
        "default",
        "dollar sign",
        "key",
        "number",
        "name",
        "number as key",
        "same name twice",
        "hashed name",
    ],
)
def test_other_uses_are_rendered(tmp_path: Path, files: dict[str, str], why: str) -> None:
    result = run(tmp_path, files)
    assert result.app()["spec"]["source"]["path"] == "./rendered/app"
    assert result.text("F2A-SUB-014").endswith(f": {why}")
    assert "F2A-SUB-011" in result.codes


def test_an_unset_variable_is_rendered(tmp_path: Path) -> None:
    """Flux before 2.9 leaves it empty; a copy needs a value."""
    bad = manifest("ConfigMap", "a", more="data: {x: '${NOBODY}'}")
    texts = {"flux.yaml": GIT + KUSTOMIZATION % BUILD + SETTINGS, "app/a.yaml": bad}
    options: dict[str, Any] = {"to_folder": True, "substitution": "replacements"}
    result = flux_to_argocd(tmp_path, texts, flux="2.8", **options)
    assert "`${NOBODY}` of ConfigMap/a is set nowhere" in result.text("F2A-SUB-014")


def test_the_root_of_a_repository_cannot_be_built_from_below(tmp_path: Path) -> None:
    texts = {
        "flux.yaml": GIT + (KUSTOMIZATION % BUILD).replace("./app", "./") + SETTINGS,
        "kustomization.yaml": kustomization("a.yaml"),
        "a.yaml": GOOD,
    }
    result = flux_to_argocd(tmp_path, texts, to_folder=True, substitution="replacements")
    assert "`.` is above the folder" in result.text("F2A-SUB-014")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("spec", "rules", 0, "host"), "spec.rules.0.host"),
        (("metadata", "annotations", "a.b/c"), r"metadata.annotations.a\.b/c"),
    ],
)
def test_field_paths_are_those_of_kustomize(path: tuple[str | int, ...], text: str) -> None:
    assert field_path(path) == text
