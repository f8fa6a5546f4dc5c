"""Instructions of Flux on single objects: annotations of Argo CD, by patches or in rendered files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from argoflux.text import SourceFile
from argoflux.yamlio.load import load_text
from tests.unit.argocd.estates import GIT, KUSTOMIZATION, flux_to_argocd, kustomization

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.argocd.estates import Result

FLUX = "kustomize.toolkit.fluxcd.io"
OPTIONS, HOOK = "argocd.argoproj.io/sync-options", "argocd.argoproj.io/hook"
KEPT = {OPTIONS: "Prune=false,Delete=false"}


def _object(
    stated: str, *, kind: str = "ConfigMap", name: str = "a", block: str = "annotations"
) -> str:
    return f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: web, {block}: {{{stated}}}}}\n---\n"


def _convert(folder: Path, *objects: str, more: str = "", build: bool = True, **how: Any) -> Result:
    files = {"flux.yaml": GIT + KUSTOMIZATION % more, "app/all.yaml": "".join(objects)}
    if build:
        files["app/kustomization.yaml"] = kustomization("all.yaml")
    result = flux_to_argocd(folder, files, **how)
    assert not any("…" in message.text for message in result.conversion.messages)
    return result


def _patches(result: Result) -> dict[str, Any]:
    """The annotations that patches add, by the name of their target."""
    found = {}
    for patch in result.app("app")["spec"]["source"].get("kustomize", {}).get("patches", ()):
        (document,) = load_text(SourceFile("patch", patch["patch"])).documents
        body: Any = document.body
        found[patch["target"]["name"]] = body["metadata"]["annotations"]
    return found


def _codes(result: Result) -> list[str]:
    return sorted(code for code in result.codes if code.startswith("F2A-ANN-"))


@pytest.mark.parametrize(
    ("stated", "added", "codes"),
    [
        (f"{FLUX}/prune: disabled", KEPT, []),
        (f"{FLUX}/prune: Disabled", KEPT, []),
        (f"{FLUX}/prune: enabled", None, []),
        (f"{FLUX}/ssa: Merge", {OPTIONS: "ServerSideApply=true"}, ["F2A-ANN-005"]),
        (f"{FLUX}/ssa: IfNotPresent", None, ["F2A-ANN-001"]),
        (f"{FLUX}/ssa: Ignore", {HOOK: "Skip"}, []),
        (f"{FLUX}/force: enabled", None, ["F2A-ANN-002"]),
        (f"{FLUX}/reconcile: disabled", {**KEPT, HOOK: "Skip"}, ["F2A-ANN-003"]),
        (f"{FLUX}/prune: disabled, {FLUX}/ssa: Merge",
         {OPTIONS: "Prune=false,Delete=false,ServerSideApply=true"}, ["F2A-ANN-005"]),
        (f"{FLUX}/prune: disabled, {OPTIONS}: Replace=true",
         {OPTIONS: "Replace=true,Prune=false,Delete=false"}, []),
        (f"{FLUX}/prune: disabled, {OPTIONS}: 'Prune=false,Delete=false'", None, []),
        (f"{FLUX}/substitute: disabled", None, []),
        ("reconcile.fluxcd.io/watch: Enabled", None, ["F2A-ANN-009"]),
        ("event.toolkit.fluxcd.io/team: shop", None, []),
        ("team: shop", None, []),
    ],
)  # fmt: skip
def test_annotations_that_a_build_adds(
    stated: str, added: dict[str, str] | None, codes: list[str], tmp_path: Path
) -> None:
    result = _convert(tmp_path, _object(stated), _object("x: y", name="b"))
    assert _patches(result) == ({"a": added} if added else {})
    assert _codes(result) == codes


def test_equal_objects_share_a_patch(tmp_path: Path) -> None:
    objects = [_object(f"{FLUX}/prune: disabled", name=name) for name in ("a", "b.c")]
    other = _object(f"{FLUX}/prune: disabled", kind="Service", name="d")
    assert _patches(_convert(tmp_path, *objects, other)) == {"(a|b\\.c)": KEPT, "d": KEPT}


def test_labels_count_as_annotations_do(tmp_path: Path) -> None:
    stated = _object(f"{FLUX}/prune: disabled", block="labels")
    assert _patches(_convert(tmp_path, stated)) == {"a": KEPT}


def test_what_no_patch_can_reach_is_said(tmp_path: Path) -> None:
    names = ("a", "b", "c", "d")
    objects = [_object(f"{FLUX}/prune: disabled", name=name) for name in names]
    result = _convert(tmp_path, *objects, _object(f"{FLUX}/force: enabled", name="e"), build=False)
    assert "kustomize" not in result.app("app")["spec"]["source"]
    assert _codes(result) == ["F2A-ANN-002", "F2A-ANN-010"]
    text = result.text("F2A-ANN-010")
    assert text.startswith("ConfigMap/web/a, ConfigMap/web/b, ConfigMap/web/c and 1 more tell Flux")
    assert f"(`{FLUX}/prune: disabled`)" in text
    (message,) = [m for m in result.conversion.messages if m.code == "F2A-ANN-010"]
    assert f"`{OPTIONS}: Prune=false,Delete=false`" in message.instead
    assert len(message.places) == 4


def test_a_release_without_patches_says_so(tmp_path: Path) -> None:
    result = _convert(tmp_path, _object(f"{FLUX}/prune: disabled"), argocd="2.8")
    assert ("F2A-ANN-010" in result.codes) is (not _patches(result))


def test_patches_of_the_kustomization_count(tmp_path: Path) -> None:
    """They come before, and the object has its name without the prefix then."""
    patch = (
        f'{{"op": "add", "path": "/metadata/annotations", "value": {{"{FLUX}/prune": "disabled"}}}}'
    )
    more = f", namePrefix: web-, patches: [{{target: {{kind: ConfigMap}}, patch: '[{patch}]'}}]"
    result = _convert(tmp_path, _object("x: y", name="a.b"), more=more)
    patches = result.app("app")["spec"]["source"]["kustomize"]["patches"]
    assert [patch["target"] for patch in patches] == [
        {"kind": "ConfigMap"},
        {"kind": "ConfigMap", "name": "a\\.b"},
    ]


def test_rendered_objects_have_them_in_their_file(tmp_path: Path) -> None:
    more = ", postBuild: {substitute: {who: you}}"
    objects = _object(f"{FLUX}/ssa: Merge, who: '${{who}}'")
    result = _convert(tmp_path, objects, more=more, to_folder=True, deploy_path="argocd")
    (text,) = [file.text for file in result.conversion.files if "/manifests.yaml" in file.path]
    (document,) = load_text(SourceFile("rendered", text)).documents
    body: Any = document.body
    assert body["metadata"]["annotations"] == {
        f"{FLUX}/ssa": "Merge",
        "who": "you",
        OPTIONS: "ServerSideApply=true",
    }
    assert _codes(result) == ["F2A-ANN-005"]
