"""Applications with several sources: one object per source, and what they share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.convert_run import convert_texts
from tests.unit.argocd_cases import Case, convert_case, known

if TYPE_CHECKING:
    from pathlib import Path

SHOP = "https://github.com/acme/shop"
FOLDERS = (f"{{repoURL: {SHOP}, path: base}}", f"{{repoURL: {SHOP}, path: extras, name: Extra s}}")
LABEL = "argoflux.dev/application"


def several(*sources: str, spec: str = "", name: str = "shop") -> str:
    listed = "".join(f"  - {source}\n" for source in sources)
    lines = "".join(f"  {line}\n" for line in spec.splitlines())
    return (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
        f"metadata: {{name: {name}, namespace: argocd}}\nspec:\n  sources:\n{listed}"
        f"  destination: {{server: https://kubernetes.default.svc, namespace: web}}\n{lines}---\n"
    )


def case(*sources: str, spec: str = "", **more: Any) -> Case:
    return convert_case(several(*sources, spec=spec), **more)


def test_one_object_per_source() -> None:
    """The first source has the app's name, others add their own name or their position."""
    found = case(*FOLDERS, f"{{repoURL: {SHOP}, path: more}}", content=known("ConfigMap//a"))
    assert found.names("Kustomization") == ["shop", "shop-3", "shop-extra-s"]
    assert found.names("GitRepository") == ["shop"]
    assert found.spec("Kustomization", "shop-3")["path"] == "./more"


def test_objects_share_a_label() -> None:
    found = case(*FOLDERS)
    for draft in found.emission.drafts:
        stated = draft.body["metadata"].get("labels", {})
        assert (stated.get(LABEL) == "shop") == (draft.kind == "Kustomization")
    said = found.said("A2F-MUL-001")
    assert said["count"] == 2
    assert (
        said["objects"] == "Kustomization/flux-system/shop, Kustomization/flux-system/shop-extra-s"
    )
    assert said["label"] == f"{LABEL}=shop"


@pytest.mark.parametrize("sources", [FOLDERS[:1], (FOLDERS[0], f"{{repoURL: {SHOP}, ref: files}}")])
def test_a_single_object_has_no_label(sources: tuple[str, ...]) -> None:
    """A source that makes nothing does not count."""
    found = case(*sources)
    assert "A2F-MUL-001" not in found.codes()
    assert "labels" not in found.draft("Kustomization").body["metadata"]


def test_app_level_messages_are_said_once() -> None:
    found = case(*FOLDERS)
    said = [s for s in found.emission.sayings if s.message.code == "A2F-SYN-001"]
    assert [s.facts["object"] for s in said] == ["Kustomization/flux-system/shop"]


def test_namespace_is_made_once() -> None:
    """A manifest, when a chart stands beside other sources: Helm alone would come too late."""
    chart = f"{{repoURL: {SHOP}, path: chart, helm: {{}}}}"
    spec = "syncPolicy: {syncOptions: [CreateNamespace=true]}"
    found = case(FOLDERS[0], chart, spec=spec)
    assert found.names("Namespace") == ["web"]
    assert "createNamespace" not in found.spec("HelmRelease")["install"]


def test_chart_alone_makes_its_namespace() -> None:
    chart = f"{{repoURL: {SHOP}, path: chart, helm: {{}}}}"
    found = case(chart, spec="syncPolicy: {syncOptions: [CreateNamespace=true]}")
    assert found.names("Namespace") == []
    assert found.spec("HelmRelease")["install"]["createNamespace"] is True


def test_each_source_decides_on_its_namespace() -> None:
    """The kustomize block of one source does not speak for another."""
    edited = f"{{repoURL: {SHOP}, path: b, kustomize: {{namespace: other}}}}"
    found = case(f"{{repoURL: {SHOP}, path: a, directory: {{}}}}", edited)
    assert found.spec("Kustomization", "shop")["targetNamespace"] == "web"
    assert found.spec("Kustomization", "shop-2")["targetNamespace"] == "other"


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("ConfigMap//a", "ConfigMap/web/a", True),
        ("ConfigMap/web/a", "ConfigMap/web/a", True),
        ("ConfigMap//a", "ConfigMap/other/a", False),
        ("ConfigMap//a", "Secret//a", False),
        ("ClusterRole//a", "ClusterRole//a", True),
        ("ClusterRole//a", "ClusterRole//b", False),
    ],
)
def test_the_same_object_twice(first: str, second: str, same: bool) -> None:
    """An object without a namespace is one in the namespace of the destination."""
    made = {"base": known(first), "extras": known(second)}
    found = case(*FOLDERS, content=lambda _app, part: made[part.path])
    assert ("A2F-MUL-002" in found.codes()) is same
    if same:
        assert found.said("A2F-MUL-002")["first"] == "source 1"


def test_unknown_contents_are_no_duplicates() -> None:
    assert "A2F-MUL-002" not in case(*FOLDERS).codes()


def test_renamed_objects_are_no_duplicates() -> None:
    edited = f"{{repoURL: {SHOP}, path: b, kustomize: {{namePrefix: x-}}}}"
    found = case(FOLDERS[0], edited, content=known("ConfigMap//a", kind="kustomize"))
    assert "A2F-MUL-002" not in found.codes()


CHARTS = tuple(f"{{repoURL: {SHOP}, path: {name}, helm: {{}}}}" for name in "abcd")


def test_two_charts_of_one_release_name() -> None:
    """Names of objects hang on the release name, so the second record is kept elsewhere."""
    found = case(*CHARTS[:2])
    first, second = (found.spec("HelmRelease", name) for name in ("shop", "shop-2"))
    assert first["releaseName"] == second["releaseName"] == "shop"
    assert first["storageNamespace"] == "web"
    assert second["targetNamespace"] == "web"
    assert second["storageNamespace"] == "flux-system"
    assert found.said("A2F-MUL-007")["storage"] == "flux-system"


def test_three_charts_of_one_release_name() -> None:
    """The third record goes where every cluster has a namespace."""
    found = case(*CHARTS[:3])
    assert found.spec("HelmRelease", "shop-3")["storageNamespace"] == "default"


def test_charts_of_one_release_name_in_another_cluster() -> None:
    """Nobody knows whether the namespace of the Flux objects is there, too."""
    text = several(*CHARTS[:2]).replace("kubernetes.default.svc", "other.example.com")
    found = convert_case(text)
    assert found.spec("HelmRelease", "shop-2")["storageNamespace"] == "default"


def test_too_many_charts_of_one_release_name_are_refused() -> None:
    found = case(*CHARTS)
    assert "A2F-HELM-021" in found.codes()
    assert found.emission.drafts == []


def test_release_of_another_app_is_refused_with_all_its_sources() -> None:
    text = several(CHARTS[0]) + several(
        f"{{repoURL: {SHOP}, path: z, helm: {{releaseName: shop}}}}", FOLDERS[0], name="zoo"
    )
    found = convert_case(text)
    assert found.names("HelmRelease") == ["shop"]
    assert found.names("Kustomization") == []


def test_unused_reference_is_left_out() -> None:
    found = case(FOLDERS[0], "{repoURL: https://github.com/acme/other, ref: files}")
    assert found.names("GitRepository") == ["shop"]
    assert found.said("A2F-MUL-009")["value"] == "files"


def test_only_references() -> None:
    """An app without manifests becomes nothing, and is no error."""
    found = case(f"{{repoURL: {SHOP}, ref: a}}", f"{{repoURL: {SHOP}, ref: b}}")
    assert found.emission.drafts == []
    assert [d.kind for d in found.emission.decisions.values()] == [""]


WAVE, HOOK = "argocd.argoproj.io/sync-wave", "argocd.argoproj.io/hook"


def objects(*marks: str) -> str:
    """Jobs and ConfigMaps with a wave (``1``) or a hook (``PreSync``)."""
    found = []
    for mark in marks:
        key = WAVE if mark.lstrip("-").isdigit() else HOOK
        notes = f', annotations: {{{key}: "{mark}"}}' if mark else ""
        name = f"x{mark.lower()}"
        found.append(f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}{notes}}}\n")
    return "---\n".join(found)


@pytest.mark.parametrize(
    ("first", "second", "waits"),
    [
        (("1", "3"), ("2",), {"shop-2": ["shop-w1"], "shop-w3": ["shop-w1", "shop-2"]}),
        (("",), ("PreSync",), {"shop": ["shop-2"]}),
        (("1",), ("1",), {}),
        (("",), ("",), {}),
        (("1",), ("",), {"shop": ["shop-2"]}),
        (("", "PostSync"), ("5",), {"shop-2": ["shop"], "shop-postsync": ["shop", "shop-2"]}),
    ],
)
def test_waves_reach_across_sources(
    first: tuple[str, ...],
    second: tuple[str, ...],
    waits: dict[str, list[str]],
    tmp_path: Path,
) -> None:
    """What Argo CD applies in one order waits for each other, also where sources differ."""
    text = several(*FOLDERS[:1], f"{{repoURL: {SHOP}, path: more}}")
    files = {"app.yaml": text, "base/x.yaml": objects(*first), "more/x.yaml": objects(*second)}
    _, result = convert_texts(tmp_path, files, "flux")
    found = {}
    for document in result.documents:
        body: Any = document.body
        stated = body["spec"].get("dependsOn", []) if body["kind"] == "Kustomization" else []
        if stated:
            found[body["metadata"]["name"]] = [item["name"] for item in stated]
    assert found == waits
    codes = {message.code for message in result.messages}
    assert ("A2F-MUL-010" in codes) is bool(waits)


@pytest.mark.parametrize(("mark", "said"), [("1", True), ("PreSync", True), ("", False)])
def test_waves_beside_a_chart(mark: str, said: bool, tmp_path: Path) -> None:
    chart = "{repoURL: 'https://charts.example.com', chart: api, targetRevision: 1.0.0}"
    files = {"app.yaml": several(FOLDERS[0], chart), "base/x.yaml": objects(mark)}
    _, result = convert_texts(tmp_path, files, "flux")
    assert ("A2F-MUL-011" in {message.code for message in result.messages}) is said
