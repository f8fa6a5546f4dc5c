"""`CreateNamespace=true` on another cluster: a Kustomization of its own makes the namespace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.mapping.emission import ConvertOptions
from tests.convert_run import convert_texts

if TYPE_CHECKING:
    from pathlib import Path

    from argoflux.convert.result import Conversion

URL = "https://git.example.com/acme/fleet.git"
FOLDER = ConvertOptions(to_folder=True, deploy_path="out")
BOOTSTRAP = f"""apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {{name: flux-system, namespace: flux-system}}
spec: {{interval: 1m, url: "{URL}", ref: {{branch: main}}}}
"""


def app(name: str, *, policy: str = "", source: str = "") -> str:
    return (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
        f"metadata: {{name: {name}, namespace: argocd}}\n"
        f"spec:\n  source: {{repoURL: '{URL}', targetRevision: main, path: app{source}}}\n"
        "  destination: {name: west, namespace: shop}\n"
        f"  syncPolicy: {{automated: {{}}, syncOptions: [CreateNamespace=true]{policy}}}\n"
    )


def run(folder: Path, *texts: str, options: ConvertOptions = FOLDER) -> Conversion:
    files = {f"objects-{n}.yaml": text for n, text in enumerate(texts)}
    return convert_texts(folder, files, "flux", options)[1]


def bodies(result: Conversion) -> dict[str, Any]:
    return {f"{d.body['kind']}/{d.body['metadata']['name']}": d for d in result.documents}  # type: ignore[index]  # documents


def verdict(result: Conversion, word: str) -> tuple[str, str | None]:
    entry = next(e for e in result.entries if not e.origin and word in map(str, e.path))
    return str(entry.verdict), entry.code


def test_the_namespace_is_applied_before_the_app(tmp_path: Path) -> None:
    result = run(tmp_path, app("web"), BOOTSTRAP)
    found = bodies(result)
    applier = found["Kustomization/web-namespace"].body["spec"]
    assert applier["path"] == "./out/namespaces/web-namespace"
    assert applier["sourceRef"] == {"kind": "GitRepository", "name": "flux-system"}
    assert applier["prune"] is False
    main = found["Kustomization/web"].body["spec"]
    assert applier["kubeConfig"] == main["kubeConfig"]
    assert main["dependsOn"] == [{"name": "web-namespace"}]
    namespace = found["Namespace/shop"]
    assert namespace.path == "namespaces/web-namespace/shop.yaml"
    assert namespace.body["metadata"]["annotations"] == {
        "argoflux.dev/created-for": "web",
        "kustomize.toolkit.fluxcd.io/prune": "disabled",
        "kustomize.toolkit.fluxcd.io/ssa": "Merge",
    }
    assert namespace.path not in result.files[0].text
    assert verdict(result, "syncOptions") == ("equivalent", "A2F-OPT-024")


def test_apps_in_one_namespace_share_it(tmp_path: Path) -> None:
    policy = ", managedNamespaceMetadata: {labels: {team: shop}}"
    result = run(tmp_path, app("web"), app("worker", policy=policy), BOOTSTRAP)
    found = bodies(result)
    assert found["Kustomization/worker"].body["spec"]["dependsOn"] == [{"name": "web-namespace"}]
    metadata = found["Namespace/shop"].body["metadata"]
    assert metadata["labels"] == {"team": "shop"}
    assert metadata["annotations"]["argoflux.dev/created-for"] == "web,worker"
    assert "Kustomization/worker-namespace" not in found


def test_the_checkout_tells_the_repository(tmp_path: Path) -> None:
    """Without a bootstrapped source it is where the input was cloned from, on the default branch."""
    git = tmp_path / ".git"
    git.mkdir()
    (git / "config").write_text(
        '[remote "origin"]\n  url = https://git.example.com/acme/gitops.git\n'
    )
    result = run(tmp_path, app("web"))
    found = bodies(result)
    assert found["Kustomization/web-namespace"].body["spec"]["sourceRef"]["name"] == "gitops"
    source = found["GitRepository/gitops"].body["spec"]
    assert source["url"] == "https://git.example.com/acme/gitops.git"
    assert source["ref"] == {"branch": "main"}
    assert found["Kustomization/web"].body["spec"]["sourceRef"]["name"] == "fleet"


def test_a_stream_leaves_it_to_people(tmp_path: Path) -> None:
    result = run(tmp_path, app("web"), BOOTSTRAP, options=ConvertOptions())
    assert "Kustomization/web-namespace" not in bodies(result)
    assert verdict(result, "syncOptions") == ("manual", "A2F-OPT-016")


def test_an_unknown_repository_leaves_it_to_people(tmp_path: Path) -> None:
    result = run(tmp_path, app("web"))
    assert verdict(result, "syncOptions") == ("manual", "A2F-OPT-016")


def test_helm_makes_the_namespace_itself(tmp_path: Path) -> None:
    result = run(tmp_path, app("web", source=", helm: {}"), BOOTSTRAP)
    assert "Kustomization/web-namespace" not in bodies(result)
    assert verdict(result, "syncOptions")[0] == "exact"
