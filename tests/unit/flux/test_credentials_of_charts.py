"""Credentials of Helm repositories and registries."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.credential_cases import Result, app, config_map, repository, template, to_flux

if TYPE_CHECKING:
    from pathlib import Path

CHARTS = "https://charts.acme.io/stable"
REGISTRY = "registry.acme.io/charts"
LOGIN = {"username": "reader", "password": "hidden-1"}
PAIR = {"tlsClientCertData": "c", "tlsClientCertKey": "k"}


def chart(url: str, name: str = "app") -> dict[str, Any]:
    return app(url, name, source={"repoURL": url, "chart": "web", "targetRevision": "1.2.3"})


def login_of(result: Result, name: str) -> Any:
    """What the JSON of a registry Secret holds."""
    return json.loads(result.held(name)[".dockerconfigjson"])["auths"]


def test_a_helm_repository(tmp_path: Path) -> None:
    login = repository(CHARTS, type="helm", name="stable", **LOGIN)
    result = to_flux(tmp_path, login, chart(CHARTS), include=True)
    assert result.spec("HelmRepository")["secretRef"] == {"name": "acme-auth"}
    assert result.held("acme-auth") == LOGIN
    assert result.fate("stringData.password", "Secret") == ("exact", None)


def test_tls_of_a_helm_repository_stands_apart(tmp_path: Path) -> None:
    trust = config_map("argocd-tls-certs-cm", **{"charts.acme.io": "PEM"})
    result = to_flux(
        tmp_path, trust, repository(CHARTS, **LOGIN, **PAIR), chart(CHARTS), include=True
    )
    spec = result.spec("HelmRepository")
    assert (spec["secretRef"], spec["certSecretRef"]) == (
        {"name": "acme-auth"},
        {"name": "acme-tls"},
    )
    assert result.held("acme-tls") == {"tls.crt": "c", "tls.key": "k", "ca.crt": "PEM"}


def test_a_user_without_a_password(tmp_path: Path) -> None:
    """Flux takes both or none."""
    result = to_flux(tmp_path, repository(CHARTS, username="u"), chart(CHARTS), include=True)
    assert result.held("acme-auth") == {"username": "u", "password": "TODO"}


def test_a_proxy_is_a_setting_of_the_controller(tmp_path: Path) -> None:
    login = repository(CHARTS, proxy="http://proxy.io", **LOGIN)
    result = to_flux(tmp_path, login, chart(CHARTS))
    assert "proxySecretRef" not in result.spec("HelmRepository")
    assert result.fate("stringData.proxy", "Secret") == ("none", "A2F-SEC-017")


@pytest.mark.parametrize("key", ["insecure", "useAzureWorkloadIdentity", "gcpServiceAccountKey"])
def test_what_a_helm_repository_cannot(tmp_path: Path, key: str) -> None:
    result = to_flux(tmp_path, repository(CHARTS, **{key: "true"}), chart(CHARTS))
    code = "A2F-SEC-004" if key == "insecure" else "A2F-SEC-015"
    assert result.fate(f"stringData.{key}", "Secret") == ("manual", code)


def test_a_registry(tmp_path: Path) -> None:
    login = repository(REGISTRY, type="helm", enableOCI="true", **LOGIN)
    result = to_flux(tmp_path, login, chart(REGISTRY), include=True)
    assert result.spec("OCIRepository")["secretRef"] == {"name": "charts-auth"}
    assert result.one("Secret")["type"] == "kubernetes.io/dockerconfigjson"
    assert login_of(result, "charts-auth") == {"registry.acme.io": LOGIN}
    for key in LOGIN:
        assert result.fate(f"stringData.{key}", "Secret") == ("exact", None)
        assert result.targets(f"stringData.{key}", "Secret")


def test_the_stub_of_a_registry(tmp_path: Path) -> None:
    url = "oci://registry.acme.io:5000/apps"
    oci = app(url, source={"repoURL": url, "path": ".", "targetRevision": "1.0.0"})
    kinds = {url: "manifests"}
    result = to_flux(tmp_path, template(url, type="oci", **LOGIN), oci, oci_sources=kinds)
    stub = {"username": "TODO", "password": "TODO"}
    assert login_of(result, "apps-auth") == {"registry.acme.io:5000": stub}


def test_a_registry_without_tls(tmp_path: Path) -> None:
    login = repository(REGISTRY, insecureOCIForceHttp="true", enableOCI="true")
    result = to_flux(tmp_path, login, chart(REGISTRY))
    assert result.spec("OCIRepository")["insecure"] is True
    assert result.fate("stringData.insecureOCIForceHttp", "Secret") == ("exact", None)


def test_a_registry_with_an_azure_identity(tmp_path: Path) -> None:
    login = repository(REGISTRY, useAzureWorkloadIdentity="true", enableOCI="true")
    result = to_flux(tmp_path, login, chart(REGISTRY))
    assert result.spec("OCIRepository")["provider"] == "azure"
    code = result.fate("stringData.useAzureWorkloadIdentity", "Secret")
    assert code == ("equivalent", "A2F-SEC-016")


@pytest.mark.parametrize(("flux", "has"), [("2.9", True), ("2.3", False)])
def test_a_proxy_of_a_registry(tmp_path: Path, flux: str, has: bool) -> None:
    login = repository(REGISTRY, proxy="http://proxy.io", enableOCI="true")
    result = to_flux(tmp_path, login, chart(REGISTRY), flux=flux)
    assert ("proxySecretRef" in result.spec("OCIRepository")) is has


def test_charts_of_one_registry_share_a_secret(tmp_path: Path) -> None:
    login = repository(REGISTRY, enableOCI="true", **LOGIN)
    result = to_flux(tmp_path, login, chart(REGISTRY, "a"), chart(REGISTRY, "b"))
    used = [o["spec"]["secretRef"]["name"] for o in result.all("OCIRepository")]
    assert used == ["charts-auth"] * 2
    assert len(result.all("Secret")) == 1


def test_both_kinds_of_a_registry_share_a_secret(tmp_path: Path) -> None:
    """A HelmRepository of a registry takes the Secret of an OCIRepository."""
    login = repository(REGISTRY, enableOCI="true", **LOGIN)
    source = {"repoURL": REGISTRY, "chart": "web", "targetRevision": "1.x"}
    files = app(REGISTRY, "b", source=source | {"helm": {"valueFiles": ["values-small.yaml"]}})
    result = to_flux(tmp_path, login, chart(REGISTRY, "a"), files)
    reference = {"name": "charts-auth"}
    assert result.spec("HelmRepository")["secretRef"] == reference
    assert result.spec("OCIRepository")["secretRef"] == reference
    assert len(result.all("Secret")) == 1
