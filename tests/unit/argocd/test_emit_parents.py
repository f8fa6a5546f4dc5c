"""Kustomizations over Flux objects become apps of apps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.argocd.estates import GIT, Result, flux_to_argocd, kustomization, manifest

if TYPE_CHECKING:
    from pathlib import Path

_BOOT = GIT.replace("name: fleet", "name: flux-system")


def _ks(name: str, path: str, more: str = "", source: str = "flux-system") -> str:
    return (
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
        f"metadata: {{name: {name}, namespace: flux-system}}\n"
        f"spec: {{interval: 10m, prune: true, path: ./{path},"
        f" sourceRef: {{kind: GitRepository, name: {source}}}{more}}}\n---\n"
    )


_CLUSTER = {
    "clusters/prod/flux-system/gotk-sync.yaml": _BOOT + _ks("flux-system", "clusters/prod"),
    "clusters/prod/flux-system/kustomization.yaml": kustomization("gotk-sync.yaml"),
    "clusters/prod/infra.yaml": _ks("infra", "infra", ", wait: true"),
    "clusters/prod/apps.yaml": _ks("apps", "apps", ", dependsOn: [{name: infra}]"),
    "infra/certs.yaml": _ks("certs", "certs"),
    "infra/ingress.yaml": _ks("ingress", "ingress", ", dependsOn: [{name: certs}]"),
    "apps/shop.yaml": _ks("shop", "shop", ", dependsOn: [{name: ingress}]"),
    **{
        f"{name}/map.yaml": manifest("ConfigMap", name, "web")
        for name in ("certs", "ingress", "shop")
    },
}


def _convert(folder: Path, files: dict[str, str], **options: Any) -> Result:
    given = {"to_folder": True, "deploy_path": "argocd/prod", **options}
    return flux_to_argocd(folder, files, **given)


def _paths(result: Result) -> dict[str, str]:
    return {d.body["metadata"]["name"]: d.path for d in result.conversion.documents}  # type: ignore[index]  # bodies are documents


def test_a_cluster_becomes_a_tree_of_applications(tmp_path: Path) -> None:
    """Every parent applies the folder of its children; people apply the root only."""
    result = _convert(tmp_path, _CLUSTER)
    paths = _paths(result)
    assert paths["root-prod"] == "apps/root-prod.yaml"
    assert {paths["infra"], paths["apps"]} == {
        "apps/root-prod/infra.yaml",
        "apps/root-prod/apps.yaml",
    }
    assert paths["shop"] == "apps/apps/shop.yaml"
    root = result.app("root-prod")
    assert root["spec"]["source"]["path"] == "argocd/prod/apps/root-prod"
    assert root["spec"]["source"]["repoURL"] == "https://git.example.com/acme/fleet.git"
    assert root["spec"]["destination"]["namespace"] == "argocd"
    assert root["spec"]["syncPolicy"]["automated"] == {"prune": True, "selfHeal": True}
    assert "finalizers" not in root["metadata"]
    assert "finalizers" in result.app("infra")["metadata"]
    listing = next(f.text for f in result.conversion.files if f.path == "kustomization.yaml")
    assert listing.endswith("resources:\n- apps/root-prod.yaml\n")
    assert {"F2A-OBJ-005", "F2A-NAME-002"} <= result.codes
    assert not {"F2A-OBJ-004", "F2A-OBJ-006", "F2A-OBJ-007", "F2A-OBJ-008"} & result.codes


def test_every_message_is_filled(tmp_path: Path) -> None:
    """No placeholder is left in what is said about parents."""
    result = _convert(tmp_path, _CLUSTER)
    for message in result.conversion.messages:
        assert "…" not in message.text + message.instead, message.code


def test_variables_of_a_parent_are_filled_in_below(tmp_path: Path) -> None:
    """The children are converted as they arrive in the cluster."""
    build = ", dependsOn: [{name: infra}], postBuild: {substitute: {dir: shop}}"
    files = {
        **_CLUSTER,
        "clusters/prod/apps.yaml": _ks("apps", "apps", build),
        "apps/shop.yaml": _ks("shop", "shop").replace("./shop", "'./${dir}'"),
    }
    result = _convert(tmp_path, files)
    assert result.app("shop")["spec"]["source"]["path"] == "shop"
    leaf = "spec.postBuild.substitute.dir"
    assert result.verdict(leaf, "Kustomization/flux-system/apps") == ("equivalent", None)


def test_without_a_folder_parents_are_not_converted(tmp_path: Path) -> None:
    """A stream has no folder for a parent to apply."""
    result = _convert(tmp_path, _CLUSTER, to_folder=False)
    assert set(result.bodies("Application")) == {"certs", "ingress", "shop"}
    assert "F2A-OBJ-004" in result.codes


def test_an_unknown_place_is_a_placeholder(tmp_path: Path) -> None:
    """Somebody has to say where the output will stand."""
    result = _convert(tmp_path, _CLUSTER, deploy_path=None)
    assert result.app("root-prod")["spec"]["source"]["path"] == "TODO/apps/root-prod"
    assert "apps/root-prod" in result.text("F2A-OBJ-006")


def test_what_became_nothing_is_named(tmp_path: Path) -> None:
    """The parent applies what is there, and says what is not."""
    broken = {**_CLUSTER, "clusters/prod/bad.yaml": _ks("bad", "../x")}
    result = _convert(tmp_path, broken)
    assert "Kustomization/flux-system/bad" in result.text("F2A-OBJ-007")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"infra/certs.yaml": _ks("certs", "../x"), "infra/ingress.yaml": ""}, "none of them"),
        (
            {
                "clusters/prod/infra.yaml": _ks(
                    "infra", "infra", ", kubeConfig: {secretRef: {name: remote}}"
                )
            },
            "another cluster",
        ),
    ],
    ids=["no child is left", "on another cluster"],
)
def test_parents_that_cannot_be_applications(
    tmp_path: Path, changes: dict[str, str], why: str
) -> None:
    """Their children stand for themselves."""
    result = _convert(tmp_path, {**_CLUSTER, **changes})
    assert "infra" not in result.bodies("Application")
    assert why in result.text("F2A-OBJ-008")


def test_roots_have_folders_of_their_own(tmp_path: Path) -> None:
    """The path of a parent names the folder of its root."""
    other = {
        name.replace("prod", "stage"): text.replace("clusters/prod", "clusters/stage")
        for name, text in _CLUSTER.items()
        if "clusters/prod" in name
    }
    result = _convert(tmp_path, {**_CLUSTER, **other})
    for document in result.conversion.documents:
        body: Any = document.body
        if body["metadata"]["name"].startswith("root-"):
            folder = document.path.removesuffix(".yaml")
            assert body["spec"]["source"]["path"] == f"argocd/prod/{folder}"


def _wave(result: Result, name: str) -> str | None:
    found: str | None = result.app(name)["metadata"]["annotations"].get(
        "argocd.argoproj.io/sync-wave"
    )
    return found


def test_waves_count_below_one_parent(tmp_path: Path) -> None:
    """What waits across parents becomes an order of the parents."""
    result = _convert(tmp_path, _CLUSTER)
    names = ("infra", "apps", "certs", "ingress", "shop", "root-prod")
    expected = {"infra": "0", "apps": "1", "certs": "0", "ingress": "1"}
    assert {name: _wave(result, name) for name in names} == dict.fromkeys(names) | expected
    assert "wave 1 of its parent apps" in result.text("F2A-KS-012")


def test_waiting_for_the_own_parent_is_nesting(tmp_path: Path) -> None:
    """The parent applies it anyway."""
    result = _convert(
        tmp_path, {**_CLUSTER, "apps/shop.yaml": _ks("shop", "shop", ", dependsOn: [{name: apps}]")}
    )
    assert _wave(result, "shop") is None
    assert "the nesting of one in the other" in result.text("F2A-KS-012")


def test_parents_that_would_wait_for_each_other(tmp_path: Path) -> None:
    """Each parent still orders its own children."""
    both = {
        **_CLUSTER,
        "clusters/prod/apps.yaml": _ks("apps", "apps"),
        "infra/ingress.yaml": _ks(
            "ingress", "ingress", ", dependsOn: [{name: certs}, {name: blog}]"
        ),
        "apps/blog.yaml": _ks("blog", "blog"),
        "apps/shop.yaml": _ks("shop", "shop", ", dependsOn: [{name: ingress}, {name: blog}]"),
        "blog/map.yaml": manifest("ConfigMap", "blog", "web"),
    }
    result = _convert(tmp_path, both)
    assert "flux-system/apps, flux-system/infra" in result.text("F2A-DAG-003")
    found = {name: _wave(result, name) for name in ("certs", "blog", "ingress", "shop", "infra")}
    assert found == {"certs": "0", "blog": "0", "ingress": "1", "shop": "2", "infra": None}


def test_children_keep_their_names_before_parents(tmp_path: Path) -> None:
    """A parent is often named like the one object that it applies."""
    files = {
        **_CLUSTER,
        "apps/shop.yaml": _ks("apps", "shop").replace(
            "namespace: flux-system}\n", "namespace: web}\n"
        ),
        "clusters/prod/git.yaml": _BOOT.replace("namespace: flux-system", "namespace: web"),
    }
    result = _convert(tmp_path, files)
    assert result.app("apps")["spec"]["source"]["path"] == "shop"
    assert _paths(result)["apps"] == "apps/flux-system-apps/apps.yaml"


_REPOSITORY = manifest(
    "HelmRepository", "charts", "flux-system", "source.toolkit.fluxcd.io/v1", "spec: {interval: 1h}"
)


def test_a_kustomization_over_sources_needs_no_application(tmp_path: Path) -> None:
    """Sources become parts of the Applications that use them; nobody waits for them either."""
    files = {
        **_CLUSTER,
        "clusters/prod/repos.yaml": _ks("repos", "repos"),
        "repos/charts.yaml": _REPOSITORY,
        "clusters/prod/infra.yaml": _ks("infra", "infra", ", dependsOn: [{name: repos}]"),
    }
    result = _convert(tmp_path, files)
    assert "repos" not in result.bodies("Application")
    outcome, reason = result.outcome("Kustomization/flux-system/repos")
    assert (outcome, reason.startswith("it applies only HelmRepository")) == ("skipped", True)
    name = "Kustomization/flux-system/repos"
    assert result.verdict("spec.path", name) == ("equivalent", None)
    assert result.codes.isdisjoint({"F2A-OBJ-004", "F2A-OBJ-007", "F2A-KS-014"})
    waiting = result.verdict("spec.dependsOn[0].name", "Kustomization/flux-system/infra")
    assert waiting == ("equivalent", None)
