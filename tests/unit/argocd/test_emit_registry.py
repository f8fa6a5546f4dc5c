"""Charts and manifests from repositories and registries as sources of Applications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.argocd.estates import Result, flux_to_argocd, manifest

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = "source.toolkit.fluxcd.io/v1"
HELM = "helm.toolkit.fluxcd.io/v2"
LAYERS = "reposerver.oci.layer.media.types"


def helm_repository(spec: str = "url: https://charts.example.com/stable") -> str:
    return manifest("HelmRepository", "charts", "shop", SOURCE, f"spec: {{interval: 1h, {spec}}}")


def oci_repository(spec: str = "") -> str:
    url = "url: 'oci://reg.example.com/acme/app'"
    more = f"spec: {{interval: 1h, {', '.join(filter(None, (url, spec)))}}}"
    return manifest("OCIRepository", "art", "shop", SOURCE, more)


def by_name(chart: str = "version: 4.2.x", more: str = "") -> str:
    stated = f"chart: gateway, {chart}, sourceRef: {{kind: HelmRepository, name: charts}}"
    spec = f"{{interval: 15m, chart: {{spec: {{{stated}}}}}{more}}}"
    return manifest("HelmRelease", "app", "shop", HELM, f"spec: {spec}")


def by_ref(kind: str = "OCIRepository", name: str = "art") -> str:
    spec = f"{{interval: 15m, chartRef: {{kind: {kind}, name: {name}}}}}"
    return manifest("HelmRelease", "app", "shop", HELM, f"spec: {spec}")


def manifests() -> str:
    spec = "{interval: 10m, prune: true, path: ./prod, sourceRef: {kind: OCIRepository, name: art}}"
    api = "kustomize.toolkit.fluxcd.io/v1"
    return manifest("Kustomization", "app", "shop", api, f"spec: {spec}")


def run(folder: Path, *texts: str, **more: Any) -> Result:
    return flux_to_argocd(folder, {"flux.yaml": "".join(texts)}, **more)


def source(result: Result) -> dict[str, Any]:
    found = dict(result.app()["spec"]["source"])
    found.pop("helm", None)
    return found


@pytest.mark.parametrize(
    ("version", "revision"),
    [
        ("version: 4.2.x", "4.2.x"),
        ("version: 4.2.1", "4.2.1"),
        ("version: '4.2'", "=4.2"),
        ("version: '4'", "=4"),
        ("version: '>=4 <5'", ">=4 <5"),
        ("version: 4.2.1+build", "4.2.1+build"),
        ("reconcileStrategy: ChartVersion", "*"),
    ],
)
def test_versions(tmp_path: Path, version: str, revision: str) -> None:
    """A version with one or two numbers is a range in Flux; Argo CD needs it spelled as one."""
    result = run(tmp_path, helm_repository(), by_name(version))
    assert source(result) == {
        "repoURL": "https://charts.example.com/stable",
        "chart": "gateway",
        "targetRevision": revision,
    }
    assert ("F2A-HR-001" in result.codes) is (revision == "*")


@pytest.mark.parametrize("version", ["'19.6.4'", "19.x"])
def test_registry_of_charts(tmp_path: Path, version: str) -> None:
    """A HelmRepository of type oci stays a registry with the name of a chart, without scheme."""
    repository = helm_repository("type: oci, url: 'oci://reg.example.com/platform/charts'")
    result = run(tmp_path, repository, by_name(f"version: {version}"))
    assert source(result) == {
        "repoURL": "reg.example.com/platform/charts",
        "chart": "gateway",
        "targetRevision": version.strip("'"),
    }
    assert not result.bodies("Secret")


@pytest.mark.parametrize(
    ("ref", "revision", "codes"),
    [
        ("", "latest", set()),
        ("ref: {tag: 6.7.1}", "6.7.1", set()),
        ("ref: {tag: 6.7.1_build}", "6.7.1+build", set()),
        ("ref: {tag: my_tag}", "my_tag", set()),
        ("ref: {semver: '>=6 <7'}", ">=6 <7", {"F2A-OCI-002"}),
        ("ref: {semver: '6.5'}", "=6.5", {"F2A-OCI-002"}),
        ("ref: {digest: 'sha256:%s'}" % ("a" * 64), "sha256:" + "a" * 64, set()),
        ("ref: {tag: a, semver: '6.x'}", "6.x", {"F2A-OCI-002", "F2A-GIT-004"}),
        ("ref: {semver: '6.x', semverFilter: '.*-rc'}", "6.x", {"F2A-OCI-002", "F2A-OCI-003"}),
    ],
)
def test_charts_as_artifacts(tmp_path: Path, ref: str, revision: str, codes: set[str]) -> None:
    """chartRef becomes the artifact itself; digest beats range beats tag."""
    result = run(tmp_path, oci_repository(ref), by_ref())
    assert source(result) == {
        "repoURL": "oci://reg.example.com/acme/app",
        "path": ".",
        "targetRevision": revision,
    }
    assert result.app()["spec"]["source"]["helm"]["releaseName"] == "app"
    own = {code for code in result.codes if code.startswith(("F2A-OCI", "F2A-GIT"))}
    assert own == codes


def test_charts_as_artifacts_before_argocd_3_1(tmp_path: Path) -> None:
    result = run(tmp_path, oci_repository("ref: {tag: 6.7.1}"), by_ref(), argocd="3.0")
    assert source(result) == {
        "repoURL": "reg.example.com/acme",
        "chart": "app",
        "targetRevision": "6.7.1",
    }


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ((oci_repository("ref: {digest: 'sha256:%s'}" % ("a" * 64)), by_ref()), "F2A-OCI-009"),
        ((oci_repository(), manifests()), "F2A-OCI-008"),
    ],
)
def test_what_needs_argocd_3_1(tmp_path: Path, texts: tuple[str, ...], code: str) -> None:
    result = run(tmp_path, *texts, argocd="3.0")
    assert code in result.codes
    assert not result.bodies("Application")


def test_manifests(tmp_path: Path) -> None:
    """P26: the artifact at its tag, and the type of layer that Argo CD has to be told of."""
    result = run(tmp_path, oci_repository("ref: {tag: stable}"), manifests())
    assert source(result) == {
        "repoURL": "oci://reg.example.com/acme/app",
        "path": "prod",
        "targetRevision": "stable",
    }
    assert "F2A-OCI-001" in result.codes
    layers = result.bodies("ConfigMap")["argocd-cmd-params-cm"]["data"][LAYERS].split(",")
    assert len(layers) == 4
    assert layers[-1] == "application/vnd.cncf.flux.content.v1.tar+gzip"


@pytest.mark.parametrize(
    ("listed", "said"),
    [("a, application/vnd.cncf.flux.content.v1.tar+gzip", False), ("a, b", True)],
    ids=["it is listed", "others are"],
)
def test_a_list_of_layers_that_is_there_counts(tmp_path: Path, listed: str, said: bool) -> None:
    settings = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: argocd-cmd-params-cm\n"
        "  namespace: argocd\n  labels: {app.kubernetes.io/part-of: argocd}\n"
        f'data: {{{LAYERS}: "{listed}"}}\n---\n'
    )
    result = run(tmp_path, settings, oci_repository("ref: {tag: stable}"), manifests())
    assert ("F2A-OCI-001" in result.codes) is said
    written = result.bodies("ConfigMap").get("argocd-cmd-params-cm", {"data": {}})["data"]
    flux = "application/vnd.cncf.flux.content.v1.tar+gzip"
    assert written == ({LAYERS: f"a,b,{flux}"} if said else {})


def test_helm_charts_fold_into_their_users(tmp_path: Path) -> None:
    spec = "{interval: 1h, chart: gateway, version: 4.2.1, valuesFile: a.yaml,"
    spec += " sourceRef: {kind: HelmRepository, name: charts}}"
    api = "source.toolkit.fluxcd.io/v1beta2"
    chart = manifest("HelmChart", "gw", "shop", api, f"spec: {spec}")
    result = run(tmp_path, helm_repository(), chart, by_ref("HelmChart", "gw"))
    assert source(result)["chart"] == "gateway"
    assert result.app()["spec"]["source"]["helm"]["valueFiles"] == ["a.yaml"]


@pytest.mark.parametrize(
    ("spec", "code", "data"),
    [
        (
            "secretRef: {name: auth}",
            "F2A-HREPO-001",
            {
                "username": "TODO-copy-from-shop-auth",
                "password": "TODO-copy-from-shop-auth",
            },
        ),
        (
            "certSecretRef: {name: tls}",
            "F2A-HREPO-003",
            {
                "tlsClientCertData": "TODO-copy-from-shop-tls-key-tls.crt",
                "tlsClientCertKey": "TODO-copy-from-shop-tls-key-tls.key",
            },
        ),
        ("proxySecretRef: {name: p}", "F2A-GIT-011", {"proxy": "TODO-copy-from-shop-p"}),
        ("insecure: true", "", {"insecureOCIForceHttp": "true"}),
        ("provider: azure", "", {"useAzureWorkloadIdentity": "true"}),
    ],
)
def test_access(tmp_path: Path, spec: str, code: str, data: dict[str, str]) -> None:
    """What a registry needs stands in a stub of a repository Secret."""
    result = run(tmp_path, oci_repository(spec), by_ref())
    (stub,) = result.bodies("Secret").values()
    stated = {"type": "oci", "name": "art", "url": "oci://reg.example.com/acme/app"}
    assert stub["stringData"] == {**stated, **data}
    assert code in {*result.codes, ""}


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        ("provider: aws", "F2A-OCI-005"),
        ("serviceAccountName: puller", "F2A-OCI-006"),
        ("layerSelector: {mediaType: application/x-own}", "F2A-OCI-004"),
        ("verify: {provider: cosign}", "F2A-OCI-007"),
        ("suspend: true", "F2A-HREPO-002"),
    ],
)
def test_what_is_lost_of_artifacts(tmp_path: Path, spec: str, code: str) -> None:
    assert code in run(tmp_path, oci_repository(spec), by_ref()).codes


def test_ignore_rules_of_manifests(tmp_path: Path) -> None:
    result = run(tmp_path, oci_repository("ignore: '/x'"), manifests())
    assert "F2A-OCI-010" in result.codes


def test_credentials_go_along(tmp_path: Path) -> None:
    repository = helm_repository("url: https://charts.example.com, passCredentials: true")
    result = run(tmp_path, repository, by_name())
    assert result.app()["spec"]["source"]["helm"]["passCredentials"] is True


def test_a_registry_at_an_address(tmp_path: Path) -> None:
    """Argo CD knows an IP address with a port for a registry only from its Secret."""
    repository = helm_repository("type: oci, url: 'oci://10.0.0.1:5000/charts'")
    result = run(tmp_path, repository, by_name())
    (stub,) = result.bodies("Secret").values()
    assert stub["stringData"] == {
        "type": "helm",
        "name": "charts",
        "url": "10.0.0.1:5000/charts",
        "enableOCI": "true",
    }


def test_buckets_are_refused_with_what_to_do(tmp_path: Path) -> None:
    spec = "spec: {interval: 1m, bucketName: b, endpoint: s3.example.com}"
    result = run(tmp_path, manifest("Bucket", "b", "shop", SOURCE, spec))
    assert "F2A-BKT-001" in result.codes
