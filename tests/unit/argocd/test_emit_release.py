"""HelmReleases whose chart stands in Git as Applications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.argocd.estates import GIT, RELEASE, Result, flux_to_argocd

if TYPE_CHECKING:
    from pathlib import Path

HR = "HelmRelease/shop/app"
CHART = {
    "charts/app/Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.0.0\n",
    "charts/app/templates/a.yaml": "kind: ConfigMap\n",
}


def run(folder: Path, fields: str = "", chart: str = "", **options: Any) -> Result:
    text = (RELEASE % fields).replace("chart: ./charts/app", f"chart: ./charts/app{chart}")
    return flux_to_argocd(folder, {"flux.yaml": GIT + text, **CHART}, **options)


def test_worked_pair(tmp_path: Path) -> None:
    """P9, with the finalizer of ruling 8."""
    chart = (
        ", reconcileStrategy: ChartVersion, ignoreMissingValuesFiles: true,"
        " valuesFiles: [charts/app/values.yaml, env/prod.yaml]"
    )
    result = run(tmp_path, "  values: {replicas: 3, nested: {gone: null}}", chart)
    app = result.app()
    assert app["metadata"]["annotations"] == {
        "argoflux.dev/source": HR,
        "argocd.argoproj.io/manifest-generate-paths": "/charts/app;/env/prod.yaml",
    }
    assert app["spec"]["source"] == {
        "repoURL": "https://git.example.com/acme/fleet.git",
        "targetRevision": "main",
        "path": "charts/app",
        "helm": {
            "releaseName": "app",
            "valueFiles": ["/charts/app/values.yaml", "/env/prod.yaml"],
            "ignoreMissingValueFiles": True,
            "valuesObject": {"replicas": 3, "nested": {"gone": None}},
        },
    }
    assert app["spec"]["destination"]["namespace"] == "shop"
    assert result.verdict("spec.chart.spec.reconcileStrategy", HR)[1] == "F2A-HC-001"
    assert "F2A-HC-003" not in result.codes
    assert {"F2A-HR-002", "F2A-SYNC-003"} <= result.codes


@pytest.mark.parametrize(
    ("fields", "release", "namespace"),
    [
        ("", "app", "shop"),
        ("  targetNamespace: edge", "edge-app", "edge"),
        ("  targetNamespace: edge\n  releaseName: mine", "mine", "edge"),
        (
            f"  targetNamespace: {'n' * 50}",
            # helm-controller keeps 40 characters and 12 of the sha256
            "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn-b85b045c943f",
            "n" * 50,
        ),
    ],
)
def test_release_name_is_always_written(
    tmp_path: Path, fields: str, release: str, namespace: str
) -> None:
    spec = run(tmp_path, fields).app()["spec"]
    assert spec["source"]["helm"]["releaseName"] == release
    assert spec["destination"]["namespace"] == namespace


@pytest.mark.parametrize(
    ("files", "value_files", "replaced"),
    [
        ("[values.yaml]", None, False),
        ("[charts/app/values.yaml]", ["/charts/app/values.yaml"], False),
        ("[./env/a.yaml]", ["/env/a.yaml"], True),
        ("[env/a.yaml, charts/app/values.yaml]", ["/env/a.yaml", "/charts/app/values.yaml"], False),
    ],
)
def test_values_files_replace_the_defaults_in_flux(
    tmp_path: Path, files: str, value_files: list[str] | None, *, replaced: bool
) -> None:
    """A single values.yaml changes nothing; Argo CD keeps the chart's own file underneath."""
    result = run(tmp_path, chart=f", valuesFiles: {files}")
    assert result.app()["spec"]["source"]["helm"].get("valueFiles") == value_files
    assert ("F2A-HC-003" in result.codes) == replaced


def test_a_single_values_file_of_old_versions_comes_first(tmp_path: Path) -> None:
    chart = ", valuesFile: env/old.yaml, valuesFiles: [env/a.yaml]"
    text = (RELEASE % "").replace("chart: ./charts/app", f"chart: ./charts/app{chart}")
    text = text.replace("helm.toolkit.fluxcd.io/v2", "helm.toolkit.fluxcd.io/v2beta1")
    result = flux_to_argocd(tmp_path, {"flux.yaml": GIT + text, **CHART})
    helm = result.app()["spec"]["source"]["helm"]
    assert helm["valueFiles"] == ["/env/old.yaml", "/env/a.yaml"]
    assert "v2beta1 is no longer served since Flux 2.7" in result.text("F2A-API-001")


@pytest.mark.parametrize(
    ("fields", "skip"),
    [
        ("  install: {crds: Skip}", True),
        ("  install: {crds: CreateReplace}", None),
        ("  upgrade: {crds: Skip}", None),
        ("  install: {skipCRDs: true}", None),
    ],
)
def test_only_the_install_policy_skips_crds(
    tmp_path: Path, fields: str, *, skip: bool | None
) -> None:
    """Ruling 21: `skipCRDs` is never read, `upgrade.crds` decides nothing in Argo CD."""
    assert run(tmp_path, fields).app()["spec"]["source"]["helm"].get("skipCrds") is skip


def test_schema_validation(tmp_path: Path) -> None:
    both = "  install: {disableSchemaValidation: true}\n  upgrade: {disableSchemaValidation: true}"
    result = run(tmp_path, both)
    assert result.app()["spec"]["source"]["helm"]["skipSchemaValidation"] is True
    path = "spec.install.disableSchemaValidation"
    assert result.verdict(path, HR) == ("exact", None)
    one = run(tmp_path, "  install: {disableSchemaValidation: true}")
    assert one.verdict(path, HR) == ("approximate", "F2A-HR-018")
    old = run(tmp_path, both, argocd="2.13")
    assert "skipSchemaValidation" not in old.app()["spec"]["source"]["helm"]
    assert old.verdict(path, HR) == ("manual", "F2A-KS-024")


def test_values_are_text_before_values_object(tmp_path: Path) -> None:
    helm = run(tmp_path, "  values: {a: 1}", argocd="2.7").app()["spec"]["source"]["helm"]
    assert helm["values"] == "a: 1\n"


def test_history(tmp_path: Path) -> None:
    assert run(tmp_path, "  maxHistory: 3").app()["spec"]["revisionHistoryLimit"] == 3
    assert "revisionHistoryLimit" not in run(tmp_path, "  maxHistory: 0").app()["spec"]


def test_what_the_chart_tells(tmp_path: Path) -> None:
    """Dependencies, unsteady templates and hooks are looked for where the chart is at hand."""
    chart = {
        "charts/app/Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies:\n"
        "- {name: db, version: 1.x, repository: 'https://charts.example.com'}\n"
        "- {name: own, version: 1.x, repository: 'file://../own'}\n",
        "charts/app/templates/s.yaml": "a: {{ randAlphaNum 9 }}\nb: {{ if .Release.IsUpgrade }}\n"
        '{{- $old := lookup "v1" "Secret" "x" "y" }}\nnow: plain text\nc: {{ .Values.now }}\n',
        "charts/app/templates/hook.yaml": 'annotations: {"helm.sh/hook": pre-install}\n',
    }
    files = {"flux.yaml": GIT + RELEASE % "", **chart}
    result = flux_to_argocd(tmp_path, files)
    assert "1 dependencies" in result.text("F2A-HC-004")
    assert "IsUpgrade, lookup, randAlphaNum" in result.text("F2A-HR-013")
    assert "F2A-HR-014" in result.codes


def test_a_quiet_chart_raises_nothing(tmp_path: Path) -> None:
    assert not {"F2A-HC-004", "F2A-HR-013", "F2A-HR-014"} & run(tmp_path).codes


def test_release_without_namespace(tmp_path: Path) -> None:
    text = (RELEASE % "").replace(", namespace: shop", "")
    result = flux_to_argocd(tmp_path, {"flux.yaml": GIT + text, **CHART})
    assert "namespace" not in result.app()["spec"]["destination"]
    assert "F2A-NS-001" in result.codes


@pytest.mark.parametrize(
    ("chart", "what"),
    [
        (
            "chart: {spec: {chart: x, sourceRef: {kind: HelmRepository, name: r}}}",
            "HelmRepository/shop/r is not in the input",
        ),
        ("chartRef: {kind: OCIRepository, name: r}", "OCIRepository/shop/r is not in the input"),
        ("chartRef: {kind: ExternalArtifact, name: r}", "is composed in the cluster"),
        ("chart: {spec: {chart: x, sourceRef: {kind: Bucket, name: r}}}", "is an object store"),
        ("chart: {spec: {chart: x}}", "it has no `sourceRef`"),
        (
            "chart: {spec: {chart: x}}, chartRef: {kind: OCIRepository, name: r}",
            "it states both `chart` and `chartRef`",
        ),
    ],
)
def test_charts_from_elsewhere_are_refused(tmp_path: Path, chart: str, what: str) -> None:
    text = f"""
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {{name: app, namespace: shop}}
spec: {{interval: 1m, {chart}}}
"""
    result = flux_to_argocd(tmp_path, {"flux.yaml": GIT + text})
    outcome, reason = result.outcome(HR)
    assert outcome == "skipped"
    assert what in reason
