"""Charts with values files merged in by an ArtifactGenerator are Applications with several sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.convert_run import convert_texts

if TYPE_CHECKING:
    from pathlib import Path

    from argoflux.convert.result import Conversion

ENV = "https://git.example.com/acme/env.git"
MAIN = "https://git.example.com/acme/charts.git"
SOURCES = f"""\
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {{name: charts, namespace: flux-system}}
spec: {{interval: 1h, url: https://charts.example.com}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {{name: podinfo, namespace: flux-system}}
spec: {{interval: 1h, url: oci://ghcr.io/acme/podinfo, ref: {{tag: 1.2.3}}}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {{name: main, namespace: flux-system}}
spec: {{interval: 5m, url: {MAIN}, ref: {{branch: main}}}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {{name: env, namespace: flux-system}}
spec: {{interval: 5m, url: {ENV}, ref: {{branch: main}}%s}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmChart
metadata: {{name: web, namespace: flux-system}}
spec:
  interval: 1h
  chart: web
  version: 1.2.3
  sourceRef: {{kind: HelmRepository, name: charts}}
%s---
"""
RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web, namespace: flux-system}
spec:
  interval: 10m
  chartRef: {kind: ExternalArtifact, name: web-chart}
  values: {replicas: 2}
%s---
"""
GENERATOR = """\
apiVersion: source.extensions.fluxcd.io/v1beta1
kind: ArtifactGenerator
metadata: {name: web, namespace: flux-system}
spec:
  sources:
  - {alias: chart, kind: %s}
  - {alias: env, kind: GitRepository, name: env}
  artifacts:
  - name: web-chart
    copy:
    - %s
"""
PACKED = "HelmChart, name: web"
WHOLE = '{from: "@chart/", to: "@artifact/"}'


def merge(source: str, directory: str = "web") -> str:
    return f'{{from: "{source}", to: "@artifact/{directory}/values.yaml", strategy: Merge}}'


VALUES = merge("@env/web/values.yaml")


def run(
    folder: Path, chart: str, *copies: str, lender: str = "", packed: str = "", release: str = ""
) -> Conversion:
    listed = "\n    - ".join(copies)
    texts = SOURCES % (lender, packed) + RELEASE % release + GENERATOR % (chart, listed)
    return convert_texts(folder, {"flux.yaml": texts}, "argocd")[1]


def applications(conversion: Conversion) -> list[dict[str, Any]]:
    return [d.body["spec"] for d in conversion.documents if d.body["kind"] == "Application"]  # type: ignore[misc]  # bodies are documents


@pytest.mark.parametrize(
    ("chart", "copies", "where", "files"),
    [
        (
            PACKED,
            [WHOLE, VALUES],
            {"repoURL": "https://charts.example.com", "chart": "web", "targetRevision": "1.2.3"},
            ["$env/web/values.yaml"],
        ),
        (
            PACKED,
            [WHOLE, merge("@chart/web/values-ha.yaml"), VALUES],
            {"repoURL": "https://charts.example.com", "chart": "web", "targetRevision": "1.2.3"},
            ["values-ha.yaml", "$env/web/values.yaml"],
        ),
        (
            "OCIRepository, name: podinfo",
            [WHOLE, merge("@env/web/values.yaml", "podinfo")],
            {"repoURL": "oci://ghcr.io/acme/podinfo", "path": ".", "targetRevision": "1.2.3"},
            ["$env/web/values.yaml"],
        ),
        (
            "GitRepository, name: main",
            ['{from: "@chart/charts/web/", to: "@artifact/"}', VALUES, merge("@chart/eu.yaml")],
            {"repoURL": MAIN, "path": "charts/web", "targetRevision": "main"},
            ["$env/web/values.yaml", "/eu.yaml"],
        ),
        (
            "GitRepository, name: main",
            ['{from: "@chart/", to: "@artifact/web/"}', VALUES],
            {"repoURL": MAIN, "path": ".", "targetRevision": "main"},
            ["$env/web/values.yaml"],
        ),
    ],
    ids=["helm-repository", "own-file", "artifact", "folder-in-git", "whole-repository"],
)
def test_charts_with_values_of_another_repository(
    tmp_path: Path, chart: str, copies: list[str], where: dict[str, str], files: list[str]
) -> None:
    conversion = run(tmp_path, chart, *copies)
    (spec,) = applications(conversion)
    first, second = spec["sources"]
    assert "source" not in spec
    helm = first.pop("helm")
    assert first == where
    assert helm["valueFiles"] == files
    assert helm["valuesObject"] == {"replicas": 2}
    assert second == {"repoURL": ENV, "targetRevision": "main", "ref": "env"}
    (said,) = [m for m in conversion.messages if m.code == "F2A-AG-005"]
    named = ", ".join(file.removeprefix("/") for file in files)
    assert said.text.startswith(f"ArtifactGenerator/flux-system/web merges {named} into")
    assert conversion.findings == ()


def test_files_of_the_chart_alone_need_one_source(tmp_path: Path) -> None:
    (spec,) = applications(run(tmp_path, PACKED, WHOLE, merge("@chart/web/values-ha.yaml")))
    assert spec["source"]["helm"]["valueFiles"] == ["values-ha.yaml"]


@pytest.mark.parametrize(
    ("copies", "more"),
    [
        ([WHOLE, merge("@env/web/values.yaml", "other")], {}),
        ([WHOLE, merge("@env/web/*.yaml")], {}),
        ([WHOLE, '{from: "@env/web/values.yaml", to: "@artifact/web/values.yaml"}'], {}),
        ([WHOLE, merge("@env/a.yaml").replace("values.yaml", "crds/a.yaml")], {}),
        (['{from: "@chart/", to: "@artifact/", exclude: ["*.md"]}', VALUES], {}),
        (['{from: "@chart/web/", to: "@artifact/"}', VALUES], {}),
        ([WHOLE, merge("@nobody/values.yaml")], {}),
        ([WHOLE, VALUES], {"lender": ", secretRef: {name: env-auth}"}),
        ([WHOLE, VALUES], {"lender": ", ignore: '*.yaml'"}),
        ([WHOLE, VALUES], {"packed": "  valuesFiles: [ha.yaml]\n"}),
        ([WHOLE, VALUES], {"release": "  commonMetadata: {labels: {a: b}}\n"}),
    ],
    ids=[
        "another-directory",
        "pattern",
        "overwritten",
        "no-values",
        "left-out",
        "part-of-a-chart",
        "no-such-source",
        "credentials",
        "ignore",
        "files-of-the-chart",
        "edits",
    ],
)
def test_what_no_application_says_is_refused(
    tmp_path: Path, copies: list[str], more: dict[str, str]
) -> None:
    """The object is named with what to do instead; nothing is left out in silence."""
    conversion = run(tmp_path, PACKED, *copies, **more)
    assert applications(conversion) == []
    assert "F2A-AG-001" in {m.code for m in conversion.messages}
