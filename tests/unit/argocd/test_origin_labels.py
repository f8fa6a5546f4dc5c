"""Objects that select others by labels of Flux are named: Argo CD does not set these labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.argocd.estates import GIT, KUSTOMIZATION, RELEASE, flux_to_argocd, manifest

if TYPE_CHECKING:
    from pathlib import Path

CODE = "F2A-HR-015"
APPS = GIT + KUSTOMIZATION % "" + RELEASE % ""
NAME = "helm.toolkit.fluxcd.io/name"
CHART = {"charts/app/Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.0.0\n"}


def _policy(selector: str, labels: str = "a: b") -> str:
    return f"""\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: api, namespace: web, labels: {{{labels}}}}}
spec: {{podSelector: {{matchLabels: {{{selector}}}}}}}
"""


@pytest.mark.parametrize(
    ("body", "labels"),
    [
        (_policy(f"{NAME}: api"), NAME),
        (_policy("helm.toolkit.fluxcd.io/namespace: web"), "helm.toolkit.fluxcd.io/namespace"),
        (_policy("kustomize.toolkit.fluxcd.io/name: app"), "kustomize.toolkit.fluxcd.io/name"),
        (
            manifest("Rule", "a", more="spec: {expr: 'kube_pod_labels{label_helm_toolkit_fluxcd_io_name=\"a\"}'}"),
            NAME,
        ),
        (manifest("Job", "a", more=f"spec: {{args: ['--selector={NAME}=a']}}"), NAME),
        (_policy("app: api"), ""),
        (_policy("app: api", f"{NAME}: api"), ""),  # a label of the object itself
        (_policy("helm.toolkit.fluxcd.io/names: api"), ""),
        (_policy("helm.toolkit.fluxcd.io/driftDetection: disabled"), ""),
    ],
)  # fmt: skip
def test_objects_of_a_path(body: str, labels: str, tmp_path: Path) -> None:
    files = {"flux.yaml": APPS, "app/all.yaml": body, **CHART}
    text = flux_to_argocd(tmp_path, files).text(CODE)
    assert text.startswith(f"app/all.yaml select objects by the labels {labels}," if labels else "")
    assert bool(text) is bool(labels)


def test_labels_of_appliers_that_there_are_none_of(tmp_path: Path) -> None:
    files = {"flux.yaml": GIT + KUSTOMIZATION % "", "app/all.yaml": _policy(f"{NAME}: api")}
    assert CODE not in flux_to_argocd(tmp_path, files).codes


def test_values_of_a_release(tmp_path: Path) -> None:
    values = f"  values: {{affinity: {{labelSelector: {{matchLabels: {{{NAME}: api}}}}}}}}"
    result = flux_to_argocd(tmp_path, {"flux.yaml": GIT + RELEASE % values, **CHART})
    assert result.text(CODE).startswith(f"flux.yaml select objects by the labels {NAME},")


def test_many_files_are_counted(tmp_path: Path) -> None:
    files = {f"app/{n}.yaml": _policy(f"{NAME}: api").replace("api", f"a{n}", 1) for n in range(7)}
    text = flux_to_argocd(tmp_path, {"flux.yaml": APPS, **files, **CHART}).text(CODE)
    assert text.startswith("app/0.yaml, app/1.yaml, app/2.yaml, app/3.yaml, app/4.yaml and 2 more")
