"""Cluster Secrets of Argo CD as kubeconfigs and cloud identities of Flux."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from argoflux.text import SourceFile
from argoflux.yamlio.load import load_text
from tests.unit.credential_cases import Result, app, cluster, project, secret, to_flux

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://git.acme.io/team/shop"
EDGE = {"name": "edge", "namespace": "web"}
EKS = "https://ABCDEF.gr7.eu-west-1.eks.amazonaws.com"
ROLE = "arn:aws:iam::123456789012:role/deployer"


def sent(
    destination: dict[str, str] | None = None, name: str = "app", **more: Any
) -> dict[str, Any]:
    return app(URL, name, destination=destination or EDGE, **more)


def kubeconfig(result: Result, name: str = "edge-kubeconfig") -> Any:
    text = result.held(name)["value"]
    return load_text(SourceFile("kubeconfig", text)).documents[0].body


TOKEN = {"bearerToken": "hidden-1", "tlsClientConfig": {"caData": "Q0E="}}


def test_a_token(tmp_path: Path) -> None:
    result = to_flux(tmp_path, cluster(TOKEN), sent(), include=True)
    found = kubeconfig(result)
    assert found["clusters"] == [
        {
            "name": "edge",
            "cluster": {"server": "https://10.0.0.1", "certificate-authority-data": "Q0E="},
        }
    ]
    assert found["users"] == [{"name": "edge", "user": {"token": "hidden-1"}}]
    assert found["current-context"] == found["contexts"][0]["name"] == "edge"
    assert result.spec("Kustomization")["kubeConfig"] == {"secretRef": {"name": "edge-kubeconfig"}}
    assert result.fate("stringData.config") == ("exact", None)
    assert result.fate("stringData.server") == ("exact", None)
    assert result.fate("spec.destination.name") == ("equivalent", "A2F-DST-001")


@pytest.mark.parametrize(
    ("config", "part", "expected"),
    [
        ({"username": "u", "password": "p"}, "user", {"username": "u", "password": "p"}),
        (
            {"tlsClientConfig": {"certData": "Yw==", "keyData": "aw=="}},
            "user",
            {"client-certificate-data": "Yw==", "client-key-data": "aw=="},
        ),
        ({"tlsClientConfig": {"serverName": "api"}}, "cluster", {"tls-server-name": "api"}),
        (
            {"tlsClientConfig": {"insecure": True}},
            "cluster",
            {"insecure-skip-tls-verify": True},
        ),
        ({"proxyUrl": "http://p:1"}, "cluster", {"proxy-url": "http://p:1"}),
        ({"disableCompression": True}, "cluster", {"disable-compression": True}),
    ],
)
def test_fields(tmp_path: Path, config: Any, part: str, expected: dict[str, Any]) -> None:
    found = kubeconfig(to_flux(tmp_path, cluster(config), sent(), include=True))
    held = found[f"{part}s"][0][part]
    held.pop("server", None)
    assert held == expected


def test_a_stub_by_default(tmp_path: Path) -> None:
    result = to_flux(tmp_path, cluster(TOKEN), sent())
    found = kubeconfig(result)
    assert found["clusters"][0]["cluster"]["server"] == "https://10.0.0.1"
    assert found["users"][0]["user"] == {"token": "TODO"}
    assert result.fate("stringData.config") == ("manual", "A2F-SEC-011")


def test_unverified_servers(tmp_path: Path) -> None:
    insecure = cluster({"bearerToken": "t", "tlsClientConfig": {"insecure": True}})
    assert "cluster edge" in to_flux(tmp_path, insecure, sent()).text("A2F-DST-004")


def test_an_unknown_cluster(tmp_path: Path) -> None:
    """It gets a stub, because nothing else is known."""
    result = to_flux(tmp_path, sent({"server": "https://10.9.9.9:6443", "namespace": "web"}))
    found = kubeconfig(result, "10.9.9.9-kubeconfig")
    assert found["clusters"][0]["cluster"]["server"] == "https://10.9.9.9:6443"
    assert result.fate("spec.destination.server") == ("manual", "A2F-DST-002")


@pytest.mark.parametrize(
    "destination",
    [
        {"name": "edge", "namespace": "web"},
        {"server": "https://10.0.0.1", "namespace": "web"},
        {"server": "https://10.0.0.1/", "namespace": "web"},
    ],
)
def test_clusters_are_found_by_name_and_by_server(
    tmp_path: Path, destination: dict[str, str]
) -> None:
    result = to_flux(tmp_path, cluster(TOKEN), sent(destination))
    kubeconfig_of = result.spec("Kustomization")["kubeConfig"]
    assert kubeconfig_of == {"secretRef": {"name": "edge-kubeconfig"}}


def test_one_kubeconfig_for_each_namespace_that_needs_it(tmp_path: Path) -> None:
    apps = [sent(name=n, project=p) for n, p in (("a", "x"), ("b", "x"), ("c", "y"))]
    result = to_flux(tmp_path, cluster(TOKEN, project="x"), *apps, layout="tenant")
    held = [s["metadata"] for s in result.all("Secret")]
    assert {(m["namespace"], m["name"]) for m in held} >= {
        ("x", "edge-kubeconfig"),
        ("y", "edge-kubeconfig"),
    }
    assert result.fate("stringData.project") == ("equivalent", None)


def test_clusters_of_one_name(tmp_path: Path) -> None:
    """By their servers they are two, and so are their kubeconfigs."""
    one = {"server": "https://10.0.0.1", "namespace": "web"}
    two = {"server": "https://10.0.0.2", "namespace": "web"}
    second = cluster(TOKEN, "d", server="https://10.0.0.2")
    result = to_flux(tmp_path, cluster(TOKEN), second, sent(one, "a"), sent(two, "b"))
    names = sorted(s["metadata"]["name"] for s in result.all("Secret"))
    assert len(names) == 2
    used = {k["spec"]["kubeConfig"]["secretRef"]["name"] for k in result.all("Kustomization")}
    assert used == set(names)


def test_a_cluster_that_argo_cd_leaves_alone(tmp_path: Path) -> None:
    """`skip-reconcile` on the Secret of a cluster stops every app that is sent there."""
    skipped = cluster(TOKEN)
    skipped["metadata"]["annotations"] = {"argocd.argoproj.io/skip-reconcile": "true"}
    result = to_flux(tmp_path, skipped, sent(), app(URL, "here"))
    assert result.spec("Kustomization", "app")["suspend"] is True
    assert "suspend" not in result.spec("Kustomization", "here")
    assert "A2F-ANN-001" in {e.code for e in result.conversion.entries if "Secret" in e.resource}


def test_a_cluster_that_nothing_is_sent_to(tmp_path: Path) -> None:
    result = to_flux(tmp_path, cluster(TOKEN), app(URL))
    assert result.outcome("c") == ("skipped", "no converted Application is sent to this cluster")
    local = cluster(TOKEN, name="in-cluster", server="https://kubernetes.default.svc")
    reason = to_flux(tmp_path, local, app(URL)).outcome("c")[1]
    assert reason == "Flux applies to its own cluster with its own rights"


def test_what_limits_argo_cd_does_not_limit_flux(tmp_path: Path) -> None:
    limited = cluster(TOKEN, namespaces="a,b", clusterResources="false", shard="1")
    result = to_flux(tmp_path, limited, sent())
    assert result.fate("stringData.namespaces") == ("none", "A2F-DST-012")
    assert result.fate("stringData.clusterResources") == ("none", "A2F-DST-012")
    assert result.fate("stringData.shard") == ("approximate", "A2F-DST-013")


AWS = {"awsAuthConfig": {"clusterName": "prod", "roleARN": ROLE}}
HELPER = {
    "execProviderConfig": {
        "command": "argocd-k8s-auth",
        "args": ["aws", "--cluster-name", "prod", f"--role-arn={ROLE}"],
    }
}


@pytest.mark.parametrize("config", [AWS, HELPER])
def test_an_identity_of_aws(tmp_path: Path, config: Any) -> None:
    """The id is put together from the address and the account of the role."""
    result = to_flux(tmp_path, cluster(config, server=EKS), sent())
    assert result.one("ConfigMap")["data"] == {
        "provider": "aws",
        "cluster": "arn:aws:eks:eu-west-1:123456789012:cluster/prod",
        "address": EKS,
    }
    reference = result.spec("Kustomization")["kubeConfig"]
    assert reference == {"configMapRef": {"name": "edge-kubeconfig"}}
    assert result.fate("stringData.config") == ("approximate", "A2F-DST-005")


def test_an_identity_of_aws_without_its_region(tmp_path: Path) -> None:
    result = to_flux(tmp_path, cluster(AWS), sent())
    assert result.one("ConfigMap")["data"]["cluster"] == "TODO"
    assert result.fate("stringData.config") == ("manual", "A2F-DST-011")


@pytest.mark.parametrize("cloud", ["gcp", "azure"])
def test_identities_of_other_clouds(tmp_path: Path, cloud: str) -> None:
    """With address and authority, no id of the cluster is needed."""
    program = {"command": "/usr/local/bin/argocd-k8s-auth", "args": [cloud]}
    config = {"execProviderConfig": program, "tlsClientConfig": {"caData": "UEVN"}}
    stub = to_flux(tmp_path, cluster(config), sent())
    assert stub.one("ConfigMap")["data"]["cluster"] == "TODO"
    assert stub.fate("stringData.config") == ("manual", "A2F-DST-011")
    whole = to_flux(tmp_path, cluster(config), sent(), include=True)
    assert whole.one("ConfigMap")["data"] == {
        "provider": cloud,
        "address": "https://10.0.0.1",
        "ca.crt": "PEM",
    }
    assert whole.fate("stringData.config") == ("approximate", "A2F-DST-005")


def test_identities_before_flux_knew_them(tmp_path: Path) -> None:
    result = to_flux(tmp_path, cluster(AWS, server=EKS), sent(), flux="2.6")
    assert result.all("ConfigMap") == []
    reference = result.spec("Kustomization")["kubeConfig"]
    assert reference == {"secretRef": {"name": "edge-kubeconfig"}}
    assert result.fate("stringData.config") == ("manual", "A2F-DST-010")


def test_other_programs(tmp_path: Path) -> None:
    config = {"execProviderConfig": {"command": "my-login", "args": ["x"]}}
    result = to_flux(tmp_path, cluster(config), sent(), include=True)
    assert kubeconfig(result)["users"][0]["user"] == {"token": "TODO"}
    assert result.fate("stringData.config") == ("manual", "A2F-DST-008")
    assert "the program my-login" in result.text("A2F-DST-008")


def test_a_config_that_is_no_json(tmp_path: Path) -> None:
    result = to_flux(tmp_path, cluster("{bearerToken: x"), sent(), include=True)
    assert kubeconfig(result)["users"][0]["user"] == {"token": "TODO"}
    assert result.fate("stringData.config") == ("manual", "A2F-DST-009")


def test_a_cluster_secret_that_another_object_makes(tmp_path: Path) -> None:
    made = secret("cluster", name="edge", server="https://10.0.0.1", config="ENC[AES256_GCM,x]")
    made["sops"] = {"mac": "ENC[y]"}
    result = to_flux(tmp_path, made, sent(), include=True)
    assert result.all("Secret") == []
    assert result.spec("Kustomization")["kubeConfig"] == {"secretRef": {"name": "s"}}
    assert result.fate("stringData.config") == ("manual", "A2F-SEC-013")


def test_a_service_account_is_one_of_the_other_cluster(tmp_path: Path) -> None:
    """With a kubeconfig, Flux impersonates there (kustomize-controller docs, kubeConfig)."""
    result = to_flux(tmp_path, cluster(TOKEN), sent(project="web"), project("web"), layout="tenant")
    account = result.spec("Kustomization")["serviceAccountName"]
    assert f"service account web/{account} on the other cluster" in result.text("A2F-DST-003")
