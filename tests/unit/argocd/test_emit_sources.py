"""GitRepositories folded into Applications, and the Secrets that take the place of Flux's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.argocd.estates import (
    GIT,
    KUSTOMIZATION,
    Result,
    flux_to_argocd,
    kustomization,
    manifest,
    write,
)

if TYPE_CHECKING:
    from pathlib import Path

REPO = "GitRepository/flux-system/fleet"
CONTENT = {
    "app/kustomization.yaml": kustomization("service.yaml"),
    "app/service.yaml": manifest("Service", "web", "shop"),
}


def run(folder: Path, ref: str = "ref: {branch: main}", more: str = "", **options: Any) -> Result:
    git = GIT.replace("ref: {branch: main}", ref) + more
    return flux_to_argocd(folder, {"flux.yaml": git + KUSTOMIZATION % "", **CONTENT}, **options)


@pytest.mark.parametrize(
    ("ref", "revision", "code"),
    [
        ("ref: {branch: main}", "main", None),
        ("ref: {branch: v2}", "refs/heads/v2", None),
        ("ref: {tag: v1.4.0}", "v1.4.0", None),
        ("ref: {tag: release-1}", "refs/tags/release-1", None),
        ("ref: {semver: '1.0'}", "=1.0", None),
        ("ref: {semver: '>=1.0 <2'}", ">=1.0 <2", None),
        ("ref: {name: refs/pull/420/head}", "refs/pull/420/head", None),
        (f"ref: {{commit: {'a' * 40}, branch: main}}", "a" * 40, None),
        ("ref: {tag: v1.0.0, semver: '2.x'}", "v1.0.0", "F2A-GIT-004"),
        ("ref: {semver: '2.x', branch: main}", "2.x", "F2A-GIT-004"),
        ("ref: {name: refs/heads/x, tag: v1.0.0}", "refs/heads/x", "F2A-GIT-004"),
        ("timeout: 60s", "master", "F2A-GIT-003"),
    ],
)
def test_revisions_follow_the_code(
    tmp_path: Path, ref: str, revision: str, code: str | None
) -> None:
    """Rulings 2, 3 and 20: commit > name > tag > semver > branch; no ref is branch master."""
    result = run(tmp_path, ref)
    assert result.app()["spec"]["source"]["targetRevision"] == revision
    assert {"F2A-GIT-003", "F2A-GIT-004"} & result.codes == ({code} if code else set())


def test_tag_beats_semver_against_the_documentation(tmp_path: Path) -> None:
    result = run(tmp_path, "ref: {tag: v1.0.0, semver: '2.x'}")
    assert result.verdict("spec.ref.tag", REPO) == ("exact", None)
    assert result.verdict("spec.ref.semver", REPO) == ("approximate", "F2A-GIT-004")


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        ("timeout: 60s", ("exact", None)),
        ("timeout: 90s", ("equivalent", None)),
        ("timeout: 3m", ("none", "F2A-GIT-005")),
        ("provider: generic", ("exact", None)),
        ("provider: aws", ("manual", "F2A-GIT-009")),
        ("recurseSubmodules: true", ("exact", None)),
        ("suspend: false", ("exact", None)),
    ],
)
def test_fields_of_the_source(tmp_path: Path, fields: str, verdict: tuple[str, str | None]) -> None:
    result = run(tmp_path, f"ref: {{branch: main}}, {fields}")
    assert result.verdict(f"spec.{fields.partition(':')[0]}", REPO) == verdict


def test_submodules_are_initialised_by_argo_cd(tmp_path: Path) -> None:
    write(tmp_path, {".gitmodules": "[submodule]\n"})
    assert "F2A-GIT-018" in run(tmp_path).codes
    stated = run(tmp_path, "ref: {branch: main}, recurseSubmodules: false")
    assert stated.verdict("spec.recurseSubmodules", REPO) == ("approximate", "F2A-GIT-018")
    assert "F2A-GIT-018" not in run(tmp_path, "ref: {branch: main}, recurseSubmodules: true").codes


def test_sparse_checkout_limits_refreshes(tmp_path: Path) -> None:
    result = run(tmp_path, "ref: {branch: main}, sparseCheckout: [app, ./shared/]")
    annotations = result.app()["metadata"]["annotations"]
    assert annotations["argocd.argoproj.io/manifest-generate-paths"] == "/app;/shared"
    assert result.verdict("spec.sparseCheckout[0]", REPO) == ("approximate", "F2A-GIT-019")


def test_suspended_source(tmp_path: Path) -> None:
    """Its consumers stay at the last artifact: pinned when it is known, else automation is off."""
    unknown = run(tmp_path, "ref: {branch: main}, suspend: true")
    assert unknown.app()["spec"]["syncPolicy"]["automated"]["enabled"] is False
    assert unknown.app()["metadata"]["finalizers"]
    assert unknown.verdict("spec.suspend", REPO) == ("manual", "F2A-GIT-020")
    commit = "0123456789abcdef0123456789abcdef01234567"
    status = f"\nstatus: {{artifact: {{revision: 'main@sha1:{commit}'}}}}\n---\n"
    git = GIT.replace("ref:", "suspend: true, ref:").replace("\n---\n", status)
    files = {"flux.yaml": git + KUSTOMIZATION % "", **CONTENT}
    known = flux_to_argocd(tmp_path, files)
    assert known.app()["spec"]["source"]["targetRevision"] == commit
    assert "enabled" not in known.app()["spec"]["syncPolicy"]["automated"]
    assert known.verdict("spec.suspend", REPO) == ("approximate", "F2A-GIT-021")


@pytest.mark.parametrize(
    ("ignore", "verdict"),
    [
        ("*.md", ("approximate", "F2A-GIT-015")),
        ("[ab].yaml", ("manual", "F2A-GIT-016")),
        ("/elsewhere", ("equivalent", None)),
    ],
)
def test_ignore_rules_of_a_plain_directory(
    tmp_path: Path, ignore: str, verdict: tuple[str, str | None]
) -> None:
    git = GIT.replace("ref:", f"ignore: '{ignore}', ref:")
    plain = {"app/c.yaml": manifest("Service", "c", "shop")}
    result = flux_to_argocd(tmp_path, {"flux.yaml": git + KUSTOMIZATION % "", **plain})
    assert result.verdict("spec.ignore", REPO) == verdict


def test_ignore_rules_do_not_touch_kustomizations_but_unseen_paths_may_be_plain(
    tmp_path: Path,
) -> None:
    ref = "ref: {branch: main}, ignore: '*.md'"
    assert run(tmp_path, ref).verdict("spec.ignore", REPO) == ("equivalent", None)
    git = GIT.replace("ref: {branch: main}", ref)
    (tmp_path / "other").mkdir()
    unseen = flux_to_argocd(tmp_path / "other", {"flux.yaml": git + KUSTOMIZATION % ""}, sources=())
    assert unseen.verdict("spec.ignore", REPO) == ("approximate", "F2A-KS-022")


# --- joins


def test_missing_source(tmp_path: Path) -> None:
    result = flux_to_argocd(tmp_path, {"flux.yaml": KUSTOMIZATION % "", **CONTENT}, sources=())
    source = result.app()["spec"]["source"]
    assert (source["repoURL"], source["targetRevision"]) == ("TODO", "HEAD")
    assert result.verdict("spec.sourceRef.name") == ("manual", "F2A-JOIN-001")
    assert "GitRepository/flux-system/fleet" in result.text("F2A-JOIN-001")


def test_bootstrap_source_is_the_checkout_itself(tmp_path: Path) -> None:
    write(
        tmp_path,
        {".git/config": '[remote "origin"]\n\turl = https://git.example.com/me/fleet.git\n'},
    )
    text = (KUSTOMIZATION % "").replace("name: fleet", "name: flux-system")
    result = flux_to_argocd(tmp_path, {"flux.yaml": text, **CONTENT}, sources=())
    source = result.app()["spec"]["source"]
    assert source["repoURL"] == "https://git.example.com/me/fleet.git"
    assert result.verdict("spec.sourceRef.name") == ("approximate", "F2A-JOIN-003")


def test_a_folder_that_holds_every_path_is_taken_for_the_repository(tmp_path: Path) -> None:
    """Sources that are missing do not mix: each is looked for with its own paths."""
    other = (KUSTOMIZATION % "").replace("name: app", "name: other").replace("fleet", "else")
    other = other.replace("./app", "./not-here")
    files = {"flux.yaml": other + KUSTOMIZATION % "", **CONTENT}
    result = flux_to_argocd(tmp_path, files, sources=())
    assert result.app()["spec"]["destination"]["namespace"] == "shop"
    assert "GitRepository/flux-system/fleet were read from" in result.text("F2A-GIT-022")
    assert "not-here" in result.text("F2A-KS-022")
    named = ("GitRepository/flux-system/else=.",)
    (tmp_path / "not-here").mkdir()
    assert "F2A-KS-002" in flux_to_argocd(tmp_path, files, sources=named).codes


def test_source_in_another_namespace_needs_to_be_named(tmp_path: Path) -> None:
    other = GIT.replace("namespace: flux-system", "namespace: elsewhere")
    result = flux_to_argocd(tmp_path, {"flux.yaml": other + KUSTOMIZATION % "", **CONTENT})
    assert result.app()["spec"]["source"]["repoURL"] == "TODO"
    assert result.outcome("GitRepository/elsewhere/fleet")[0] == "skipped"


def test_source_defined_twice(tmp_path: Path) -> None:
    other = GIT.replace("/fleet.git", "/other.git")
    files = {"b.yaml": other, "a.yaml": GIT + KUSTOMIZATION % "", **CONTENT}
    result = flux_to_argocd(tmp_path, files)
    assert result.app()["spec"]["source"]["repoURL"].endswith("/fleet.git")
    assert "a.yaml, b.yaml" in result.text("F2A-JOIN-002")


def test_unused_source_is_idle(tmp_path: Path) -> None:
    result = flux_to_argocd(tmp_path, {"flux.yaml": GIT})
    assert result.outcome(REPO) == ("skipped", "nothing that was converted uses it")
    assert result.verdict("spec.url", REPO) == ("equivalent", None)


def test_credentials_in_the_url_are_refused(tmp_path: Path) -> None:
    git = GIT.replace("https://git", "https://me:secret@git")
    files = {"flux.yaml": git + KUSTOMIZATION % "", **CONTENT}
    result = flux_to_argocd(tmp_path, files, sources=())
    assert result.bodies("Application") == {}
    assert result.outcome(REPO)[1].startswith("F2A-GIT-002")
    assert "secret" not in "".join(m.text for m in result.conversion.messages)


# --- Secrets


def test_repository_secret_is_a_stub(tmp_path: Path) -> None:
    result = run(tmp_path, "ref: {branch: main}, secretRef: {name: auth}")
    assert result.bodies("Secret") == {
        "repo-fleet": {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {
                "name": "repo-fleet",
                "namespace": "argocd",
                "labels": {"argocd.argoproj.io/secret-type": "repository"},
            },
            "stringData": {
                "type": "git",
                "name": "fleet",
                "url": "https://git.example.com/acme/fleet.git",
                "username": "TODO-copy-from-flux-system-auth",
                "password": "TODO-copy-from-flux-system-auth",
            },
        }
    }
    assert "flux-system/auth" in result.text("F2A-GIT-006")
    (stub,) = (d for d in result.conversion.documents if d.body["kind"] == "Secret")
    assert stub.path == "secrets/repo-fleet.yaml"


@pytest.mark.parametrize(
    ("fields", "keys"),
    [
        ("secretRef: {name: auth}, provider: github", {"githubAppID", "githubAppInstallationID"}),
        ("proxySecretRef: {name: p}", {"proxy"}),
        ("secretRef: {name: auth}, provider: azure", {"useAzureWorkloadIdentity"}),
    ],
)
def test_keys_by_provider(tmp_path: Path, fields: str, keys: set[str]) -> None:
    stub = run(tmp_path, f"ref: {{branch: main}}, {fields}").bodies("Secret")["repo-fleet"]
    assert keys <= set(stub["stringData"])


def test_ssh_needs_a_key(tmp_path: Path) -> None:
    git = GIT.replace("https://", "ssh://git@").replace("ref:", "secretRef: {name: k}, ref:")
    files = {"flux.yaml": git + KUSTOMIZATION % "", **CONTENT}
    stub = flux_to_argocd(tmp_path, files, sources=()).bodies("Secret")["repo-fleet"]
    assert stub["stringData"]["url"] == "ssh://git@git.example.com/acme/fleet.git"
    assert "sshPrivateKey" in stub["stringData"]
    assert "password" not in stub["stringData"]


def test_one_url_with_different_credentials(tmp_path: Path) -> None:
    one = GIT.replace("ref:", "secretRef: {name: a}, ref:")
    two = one.replace("name: fleet", "name: again").replace("{name: a}", "{name: b}")
    second = (KUSTOMIZATION % "").replace("name: app", "name: app2").replace("fleet", "again")
    files = {"flux.yaml": one + two + KUSTOMIZATION % "" + second, **CONTENT}
    result = flux_to_argocd(tmp_path, files)
    assert set(result.bodies("Secret")) == {"repo-fleet", "repo-again"}
    assert "flux-system/a, flux-system/b" in result.text("F2A-SEC-002")


def test_remote_cluster(tmp_path: Path) -> None:
    """P15: the cluster is named after the kubeconfig Secret."""
    extra = ", kubeConfig: {secretRef: {name: eu1-kubeconfig, key: value}}"
    text = KUSTOMIZATION % extra
    twin = text.replace("flux-system}\nspec", "other}\nspec").replace(
        "fleet}", "fleet, namespace: flux-system}"
    )
    result = flux_to_argocd(tmp_path, {"flux.yaml": GIT + text + twin, **CONTENT})
    assert result.app()["spec"]["destination"] == {"name": "eu1", "namespace": "shop"}
    assert result.app("other-app")["spec"]["destination"]["name"] == "other-eu1"
    stub = result.bodies("Secret")["cluster-eu1"]
    assert stub["metadata"]["labels"] == {"argocd.argoproj.io/secret-type": "cluster"}
    assert stub["stringData"]["server"].startswith("TODO-")
    assert result.verdict("spec.kubeConfig.secretRef.name") == ("manual", "F2A-KUBE-001")
    assert "flux-system/eu1-kubeconfig" in result.text("F2A-KUBE-001")


def test_remote_cluster_by_identity(tmp_path: Path) -> None:
    extra = ", kubeConfig: {configMapRef: {name: us1}}"
    result = flux_to_argocd(tmp_path, {"flux.yaml": GIT + KUSTOMIZATION % extra, **CONTENT})
    assert result.app()["spec"]["destination"]["name"] == "us1"
    assert result.verdict("spec.kubeConfig.configMapRef.name") == ("manual", "F2A-KUBE-002")
