"""Artifacts of registries: charts by chartRef or by version, manifests, and their revisions."""

from __future__ import annotations

from typing import Any

import pytest

from argoflux.flux.emit_oci import CHART_LAYER
from tests.unit.argocd_cases import Case, application, convert_case, known

REGISTRY, ARTIFACT = "ghcr.io/acme/charts", "oci://ghcr.io/acme/charts/podinfo"
DIGEST = f"sha256:{'0123456789abcdef' * 4}"
CHART_SELECTOR = {"mediaType": CHART_LAYER, "operation": "copy"}
SPEC = "destination: {server: https://kubernetes.default.svc, namespace: apps}"


def case(source: str, **more: Any) -> Case:
    return convert_case(application(f"{{{source}}}", name="podinfo", spec=SPEC), **more)


def chart(version: str = "6.7.1", helm: str = "{}", **more: Any) -> Case:
    source = f"repoURL: {REGISTRY}, chart: podinfo, targetRevision: '{version}', helm: {helm}"
    return case(source, **more)


def artifact(source: str, version: str = "6.7.1", **more: Any) -> Case:
    return case(f"repoURL: '{ARTIFACT}', targetRevision: '{version}', {source}", **more)


def test_worked_pair() -> None:
    """12.5: a chart of a registry, by its name or by its whole address."""
    for found in (chart(), artifact("path: ., helm: {}"), artifact("helm: {}")):
        assert found.spec("OCIRepository", "podinfo") == {
            "interval": "10m",
            "url": "oci://ghcr.io/acme/charts/podinfo",
            "ref": {"tag": "6.7.1"},
            "layerSelector": CHART_SELECTOR,
        }
        release = found.spec("HelmRelease", "podinfo")
        assert release["chartRef"] == {"kind": "OCIRepository", "name": "podinfo"}
        assert "chart" not in release


@pytest.mark.parametrize(
    ("version", "ref"),
    [
        ("6.7.1", {"tag": "6.7.1"}),
        ("v1.2.3+build", {"tag": "v1.2.3_build"}),
        ("1.2", {"tag": "1.2"}),
        ("latest", {"tag": "latest"}),
        (">=1 <2", {"semver": ">=1 <2"}),
        ("*", {"semver": "*"}),
        (DIGEST, {"digest": DIGEST}),
    ],
)
def test_revisions(version: str, ref: dict[str, str]) -> None:
    """argo-cd:util/oci/client.go: the literal tag first, then the range; no `+` in tags."""
    assert chart(version).spec("OCIRepository", "podinfo")["ref"] == ref


def test_ports_and_slashes_stay_in_the_address() -> None:
    source = "repoURL: localhost:5000/charts/, chart: team/api, targetRevision: 1.0.0"
    assert case(source).spec("OCIRepository")["url"] == "oci://localhost:5000/charts/team/api"


@pytest.mark.parametrize(
    ("flux", "version"), [("2.3", "v1beta2"), ("2.5", "v1beta2"), ("2.6", "v1")]
)
def test_the_api_version_is_the_newest_of_the_release(flux: str, version: str) -> None:
    draft = chart(flux=flux).draft("OCIRepository")
    assert draft.api_version == f"source.toolkit.fluxcd.io/{version}"


def test_values_files_of_the_chart_need_a_helm_repository() -> None:
    """helm-controller:api/v2/reference_types.go: a chartRef has no `valuesFiles`."""
    found = chart(helm="{valueFiles: [prod.yaml]}")
    assert found.names("OCIRepository") == []
    assert found.spec("HelmRepository", "acme") == {
        "interval": "10m",
        "type": "oci",
        "url": "oci://ghcr.io/acme/charts",
    }
    assert found.spec("HelmRelease", "podinfo")["chart"]["spec"] == {
        "chart": "podinfo",
        "version": "6.7.1",
        "sourceRef": {"kind": "HelmRepository", "name": "acme"},
        "valuesFiles": ["values.yaml", "prod.yaml"],
    }


def test_the_chart_s_own_values_do_not() -> None:
    assert chart(helm="{valueFiles: [values.yaml]}").names("OCIRepository") == ["podinfo"]


@pytest.mark.parametrize("version", [DIGEST, "latest"])
def test_a_chart_without_version_loses_its_values_files(version: str) -> None:
    """A HelmRepository finds charts by version only."""
    found = chart(version, "{valueFiles: [prod.yaml]}")
    assert found.names("HelmRepository") == []
    said = found.said("A2F-HELM-028")
    assert (said["files"], said["revision"]) == ("prod.yaml", version)


@pytest.mark.parametrize("block", ["kustomize: {}", "directory: {recurse: true}"])
def test_manifests(block: str) -> None:
    """The artifact is unpacked: no layer is selected."""
    found = artifact(f"path: deploy, {block}")
    assert found.spec("OCIRepository", "podinfo") == {
        "interval": "10m",
        "url": ARTIFACT,
        "ref": {"tag": "6.7.1"},
    }
    spec = found.spec("Kustomization", "podinfo")
    assert spec["sourceRef"] == {"kind": "OCIRepository", "name": "podinfo"}
    assert spec["path"] == "./deploy"


def test_a_directory_that_is_not_recursed_is_cut_off_in_its_own_source() -> None:
    found = artifact("path: deploy, directory: {}")
    assert "/deploy/*/" in found.spec("OCIRepository", "podinfo")["ignore"]
    assert "its OCIRepository" in found.facts()["recurse_handling"]


def test_contents_at_hand_tell_what_an_artifact_holds() -> None:
    for kind, applier in (("helm", "HelmRelease"), ("kustomize", "Kustomization")):
        found = artifact("path: .", content=known(kind=kind))
        assert found.names(applier) == ["podinfo"]
        selects = "layerSelector" in found.spec("OCIRepository", "podinfo")
        assert selects == (kind == "helm")


def test_each_app_has_its_own() -> None:
    """Versions differ from app to app."""
    text = "---\n".join(
        application(f"{{repoURL: {REGISTRY}, chart: podinfo, targetRevision: 1.0.0}}", name=name)
        for name in ("a", "b")
    )
    assert convert_case(text).names("OCIRepository") == ["a", "b"]


def test_an_installation_may_name_the_layer_of_its_artifacts() -> None:
    """argo-cd:cmd/argocd-repo-server/commands/argocd_repo_server.go: allowed media types of layers."""
    params = """\
---
apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-cmd-params-cm, namespace: argocd}
data: {reposerver.oci.layer.media.types: "%s"}
"""
    source = f"{{repoURL: '{ARTIFACT}', targetRevision: 1.0.0, path: ., kustomize: {{}}}}"
    for types, layer in (
        ("application/vnd.acme.tar+gzip", {"mediaType": "application/vnd.acme.tar+gzip"}),
        ("application/vnd.oci.image.layer.v1.tar+gzip", None),
        ("application/vnd.acme.tar,application/vnd.other.tar", None),
    ):
        found = convert_case(application(source) + params % types)
        assert found.spec("OCIRepository").get("layerSelector") == layer


KEPT = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {name: mine, namespace: flux-system}
spec:
  interval: 1h
  url: oci://ghcr.io/acme/charts/podinfo
  ref: {tag: %s}
  layerSelector: {operation: copy, mediaType: application/vnd.cncf.helm.chart.content.v1.tar+gzip}
"""


def test_an_equal_object_of_the_input_is_used() -> None:
    found = chart(kept=KEPT % "6.7.1")
    assert found.names("OCIRepository") == []
    assert found.said("A2F-SRC-026")["source"] == "mine"
    assert found.spec("HelmRelease", "podinfo")["chartRef"]["name"] == "mine"


def test_another_version_or_layer_of_it_is_not() -> None:
    assert chart(kept=KEPT % "6.7.2").names("OCIRepository") == ["podinfo"]
    manifests = artifact("path: ., kustomize: {}", kept=KEPT % "6.7.1")
    assert manifests.names("OCIRepository") == ["podinfo"]
