"""Tenants of Flux as AppProjects: repositories, destinations, kinds and service accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.convert_run import convert_texts

if TYPE_CHECKING:
    from pathlib import Path

    from argoflux.convert.result import Conversion

URL = "https://git.example.com/blue/apps.git"
SOURCE = f"""apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {{name: blue, namespace: team-blue}}
spec: {{interval: 1m, url: "{URL}", ref: {{branch: main}}}}
"""
IN_CLUSTER = "https://kubernetes.default.svc"


def _app(name: str, spec: str, namespace: str = "team-blue") -> str:
    return (
        "---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
        f"metadata: {{name: {name}, namespace: {namespace}}}\n"
        "spec:\n  interval: 5m\n  prune: true\n  path: ./app\n"
        "  sourceRef: {kind: GitRepository, name: blue, namespace: team-blue}\n"
        f"  {spec}\n"
    )


BLUE = _app("blue", "targetNamespace: team-blue\n  serviceAccountName: deployer")
FILES = {
    "app/all.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: data}\n"
    "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, namespace: web}\n"
    "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: data}\n"
}


def _convert(
    folder: Path, *apps: str, argocd: str = "3.5", files: dict[str, str] | None = None
) -> Conversion:
    texts = {"flux.yaml": SOURCE + "".join(apps), **(files or {})}
    sources = (f"{URL}=.",) if files else ()
    return convert_texts(folder, texts, "argocd", sources=sources, argocd=argocd)[1]


def _bodies(result: Conversion, kind: str) -> dict[str, Any]:
    assert result.findings == ()
    bodies: list[Any] = [d.body for d in result.documents]
    return {body["metadata"]["name"]: body for body in bodies if body["kind"] == kind}


def _codes(result: Conversion) -> set[str]:
    return {m.code for m in result.messages if "TEN-" in m.code}


def test_a_namespace_with_an_account_becomes_a_project(tmp_path: Path) -> None:
    result = _convert(tmp_path, BLUE)
    project = _bodies(result, "AppProject")["team-blue"]
    assert project["spec"] == {
        "description": "converted from Flux tenant team-blue",
        "sourceRepos": [URL],
        "destinations": [{"server": IN_CLUSTER, "namespace": "team-blue"}],
        "clusterResourceWhitelist": [],
        "destinationServiceAccounts": [
            {
                "server": IN_CLUSTER,
                "namespace": "team-blue",
                "defaultServiceAccount": "team-blue:deployer",
            }
        ],
    }
    assert _bodies(result, "Application")["blue"]["spec"]["project"] == "team-blue"
    assert _bodies(result, "ConfigMap")["argocd-cm"]["data"] == {
        "application.sync.impersonation.enabled": "true",
        "application.sync.impersonation.enforced": "false",
    }
    assert _codes(result) == {"F2A-TEN-001", "F2A-TEN-004"}  # what the path holds is not known


def test_what_is_deployed_is_permitted(tmp_path: Path) -> None:
    """So is the destination itself: it names no namespace, and only an empty pattern is that."""
    result = _convert(tmp_path, _app("blue", "serviceAccountName: deployer"), files=FILES)
    spec = _bodies(result, "AppProject")["team-blue"]["spec"]
    assert spec["destinations"] == [
        {"server": IN_CLUSTER, "namespace": ""},
        {"server": IN_CLUSTER, "namespace": "data"},
        {"server": IN_CLUSTER, "namespace": "web"},
    ]
    assert spec["clusterResourceWhitelist"] == [{"group": "", "kind": "Namespace"}]
    accounts = [item["namespace"] for item in spec["destinationServiceAccounts"]]
    assert accounts == ["*"]  # the Application states no namespace; only a star matches that
    assert _codes(result) == {"F2A-TEN-001"}


def test_accounts_of_one_namespace_get_a_project_each(tmp_path: Path) -> None:
    """The first entry that matches a destination wins, so one project cannot tell two apart."""
    other = _app("red", "targetNamespace: team-blue\n  serviceAccountName: other")
    result = _convert(tmp_path, BLUE, other)
    assert set(_bodies(result, "AppProject")) == {"team-blue-deployer", "team-blue-other"}


def test_the_namespace_default_is_not_the_default_project(tmp_path: Path) -> None:
    app = _app("blue", "targetNamespace: web\n  serviceAccountName: deployer", "default")
    assert set(_bodies(_convert(tmp_path, app), "AppProject")) == {"tenant-default"}


def test_the_account_of_the_controllers_is_no_tenant(tmp_path: Path) -> None:
    app = _app("all", "serviceAccountName: kustomize-controller", "flux-system")
    result = _convert(tmp_path, app)
    assert _bodies(result, "AppProject") == {}
    assert _codes(result) == set()


@pytest.mark.parametrize(
    ("argocd", "projects", "switches"),
    [("3.4", {"team-blue"}, 1), ("2.13", {"team-blue"}, 1), ("2.12", set(), 0)],
)
def test_older_releases_know_less(
    argocd: str, projects: set[str], switches: int, tmp_path: Path
) -> None:
    result = _convert(tmp_path, BLUE, argocd=argocd)
    assert set(_bodies(result, "AppProject")) == projects
    settings = _bodies(result, "ConfigMap")
    assert sum(len(body["data"]) for body in settings.values()) == switches
    assert ("F2A-TEN-005" in _codes(result)) is (not projects)


def test_an_app_of_another_cluster_stays_by_hand(tmp_path: Path) -> None:
    remote = BLUE + "  kubeConfig: {secretRef: {name: edge-kubeconfig}}\n"
    result = _convert(tmp_path, remote)
    assert _bodies(result, "AppProject") == {}
    (text,) = [m.text for m in result.messages if m.code == "F2A-TEN-005"]
    assert "service account deployer" in text


def test_an_app_without_a_stated_namespace_stays_by_hand(tmp_path: Path) -> None:
    blue = BLUE.replace(", namespace: team-blue", "").replace("  namespace: team-blue\n", "")
    result = _convert(tmp_path, blue)
    assert _bodies(result, "AppProject") == {}
    (text,) = [m.text for m in result.messages if m.code == "F2A-TEN-005"]
    assert "no manifest says its namespace" in text


def test_names_of_projects_differ(tmp_path: Path) -> None:
    """`a-b` with the accounts `c` and `d`, `a` with the accounts `b-c` and `e`."""
    apps = [
        _app("one", "serviceAccountName: c", "a-b"),
        _app("two", "serviceAccountName: d", "a-b"),
        _app("three", "serviceAccountName: b-c", "a"),
        _app("four", "serviceAccountName: e", "a"),
    ]
    names = set(_bodies(_convert(tmp_path, *apps), "AppProject"))
    assert len(names) == 4
    assert {"a-b-c", "a-b-d", "a-e"} < names
