"""dependsOn becomes waves of Applications."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from argoflux.mapping.concept import Concept, Context
from argoflux.mapping.depends_on import ROWS
from tests.unit.argocd.estates import GIT, Result, flux_to_argocd, manifest

if TYPE_CHECKING:
    from pathlib import Path

_WAVE = "argocd.argoproj.io/sync-wave"
_BACK = "argoflux.dev/depends-on"
_HEALTH = "resource.customizations.health.argoproj.io_Application"


def _kustomization(name: str, *before: str, more: str = "") -> str:
    items = ", ".join(f"{{name: {item}}}" for item in before)
    stated = f"{more}, dependsOn: [{items}]" if before else more
    return (
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
        f"metadata: {{name: {name}, namespace: flux-system}}\n"
        f"spec: {{interval: 10m, prune: true, path: ./{name}{stated},"
        " sourceRef: {kind: GitRepository, name: fleet}}\n---\n"
    )


def _release(name: str, depends: str = "", more: str = "") -> str:
    return (
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n"
        f"metadata: {{name: {name}, namespace: shop}}\n"
        "spec: {interval: 10m, chart: {spec: {chart: ./charts/app, sourceRef:"
        f" {{kind: GitRepository, name: fleet, namespace: flux-system}}}}}}{depends}{more}}}\n---\n"
    )


def _convert(folder: Path, *objects: str, **files: str) -> Result:
    paths = ("crds", "operators", "db", "cache", "web", "app", "a", "b")
    found = {f"{path}/map.yaml": manifest("ConfigMap", path, "shop") for path in paths}
    found["charts/app/Chart.yaml"] = "apiVersion: v2\nname: app\nversion: 1.0.0\n"
    found["cluster/all.yaml"] = GIT + "".join(objects)
    return flux_to_argocd(folder, {**found, **files})


def _waves(result: Result) -> dict[str, str | None]:
    apps = result.bodies("Application")
    return {name: body["metadata"]["annotations"].get(_WAVE) for name, body in apps.items()}


def test_the_longest_way_is_the_wave(tmp_path: Path) -> None:
    """The direct edge from web to crds does not matter; who has no edge has no wave."""
    result = _convert(
        tmp_path,
        _kustomization("crds", more=", wait: true"),
        _kustomization("operators", "crds", more=", wait: true"),
        _kustomization("db", "operators"),
        _kustomization("cache", "operators"),
        _kustomization("web", "db", "cache", "crds"),
        _kustomization("app"),
    )
    expected = {"crds": "0", "operators": "1", "db": "2", "cache": "2", "web": "3", "app": None}
    assert _waves(result) == expected
    named = result.app("web")["metadata"]["annotations"][_BACK]
    assert named == ",".join(
        f"Kustomization/flux-system/{name}" for name in ("db", "cache", "crds")
    )
    leaf = "spec.dependsOn[0].name"
    assert result.verdict(leaf, "Kustomization/flux-system/web") == ("approximate", "F2A-KS-012")
    assert "became wave 3" in result.text("F2A-KS-012")


def test_health_of_applications_is_a_fragment_to_merge(tmp_path: Path) -> None:
    """Nobody applies the fragment with the output: it would replace the settings."""
    result = _convert(tmp_path, _kustomization("a"), _kustomization("b", "a"))
    assert list(result.bodies("ConfigMap")["argocd-cm"]["data"]) == [_HEALTH]
    listing = next(f.text for f in result.conversion.files if f.path == "kustomization.yaml")
    assert "settings" not in listing
    assert "settings/argocd-cm.yaml" in result.text("F2A-DAG-001")
    assert "F2A-DAG-004" in result.codes


def test_health_that_is_there_is_not_asked_for(tmp_path: Path) -> None:
    """An argocd-cm of the input may have the script already."""
    data = f"data: {{{_HEALTH}: 'return obj'}}"
    labels = "  labels: {app.kubernetes.io/part-of: argocd}\n"
    there = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: argocd-cm\n  namespace: argocd\n"
        f"{labels}{data}\n"
    )
    files = {"argocd/cm.yaml": there}
    result = _convert(tmp_path, _kustomization("a"), _kustomization("b", "a"), **files)
    assert "argocd-cm" not in result.bodies("ConfigMap")
    assert "F2A-DAG-001" not in result.codes


@pytest.mark.parametrize(
    ("gate", "said"),
    [
        ("", True),
        (", wait: true", False),
        (", healthChecks: [{apiVersion: v1, kind: Service, name: a, namespace: shop}]", False),
    ],
    ids=["applied is enough", "wait", "health checks"],
)
def test_waiting_for_health_is_new_without_a_gate(tmp_path: Path, gate: str, said: bool) -> None:
    """Argo CD waits until what comes before is healthy."""
    result = _convert(tmp_path, _kustomization("a", more=gate), _kustomization("b", "a"))
    assert ("F2A-DAG-002" in result.codes) is said


def test_a_suspended_dependency_holds_others_back(tmp_path: Path) -> None:
    """It has no objects until somebody syncs it."""
    first = _kustomization("a", more=", suspend: true")
    result = _convert(tmp_path, first, _kustomization("b", "a"))
    assert "flux-system/b" in result.text("F2A-DAG-005")


def test_releases_wait_for_releases(tmp_path: Path) -> None:
    """A dependency without a namespace is in that of the HelmRelease; kinds do not mix."""
    result = _convert(
        tmp_path,
        _release("one"),
        _release("two", ", dependsOn: [{name: one, namespace: shop}]"),
        _kustomization("a"),
        _kustomization("b", "one"),
    )
    assert _waves(result) == {"one": "0", "two": "1", "a": None, "b": None}
    leaf = "spec.dependsOn[0].namespace"
    assert result.verdict(leaf, "HelmRelease/shop/two") == ("equivalent", None)
    assert "not in the input" in result.text("F2A-KS-014")


def test_a_dependency_without_application_is_said(tmp_path: Path) -> None:
    """What is refused or applies nothing has no wave."""
    broken = _kustomization("x").replace("./x", "../x")
    result = _convert(tmp_path, broken, _kustomization("b", "x"))
    assert _waves(result) == {"b": None}
    leaf = ("spec.dependsOn[0].name", "Kustomization/flux-system/b")
    assert result.verdict(*leaf) == ("manual", "F2A-KS-014")
    assert "did not become an Application" in result.text("F2A-KS-014")
    assert result.bodies("ConfigMap") == {}


def test_circles_are_not_converted(tmp_path: Path) -> None:
    """Flux never applies them; what waits for a circle is converted without a wave."""
    result = _convert(
        tmp_path, _kustomization("a", "b"), _kustomization("b", "a"), _kustomization("web", "a")
    )
    assert list(result.bodies("Application")) == ["web"]
    assert "flux-system/a → flux-system/b → flux-system/a" in result.text("F2A-KS-013")
    leaf = ("spec.dependsOn[0].name", "Kustomization/flux-system/web")
    assert result.verdict(*leaf) == ("manual", "F2A-KS-014")


def test_a_condition_is_said(tmp_path: Path) -> None:
    """readyExpr has no counterpart."""
    depends = ", dependsOn: [{name: a, readyExpr: 'dep.status.ready'}]"
    result = _convert(tmp_path, _kustomization("a"), _kustomization("b", more=depends))
    leaf = ("spec.dependsOn[0].readyExpr", "Kustomization/flux-system/b")
    assert result.verdict(*leaf) == ("manual", "F2A-KS-015")
    assert "dep.status.ready" in result.text("F2A-KS-015")


def test_a_dependency_that_only_the_file_states() -> None:
    """A build may take it away: then the object that arrives has no order for it."""
    row = ROWS[0]
    assert isinstance(row, Concept)
    context = Context(
        to="argocd",
        kind="Application",
        argocd="3.5",
        flux="2.9",
        body={"spec": {"dependsOn": [{"name": "a"}]}},
        path=("spec", "dependsOn", 0, "name"),
        facts={"orders": {}, "dropped_dependencies": {}},
    )
    facts = row.to_argo[-1].facts
    assert facts is not None
    assert facts("a", context)["order"] == "what the build of its parent makes of it"
