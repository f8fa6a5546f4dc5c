"""Apps of apps: which folders their Kustomizations apply, and which files stand there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from argoflux.mapping.emission import ConvertOptions
from argoflux.workspace.read import read
from tests.convert_run import convert_folder, convert_texts
from tests.unit.mapping.test_rows_order import ROOT, URL, child

if TYPE_CHECKING:
    from pathlib import Path

    from argoflux.convert.result import Conversion

FOLDER = ConvertOptions(to_folder=True, deploy_path="clusters/prod")


def convert_tree(
    folder: Path, texts: dict[str, str], options: ConvertOptions = FOLDER
) -> Conversion:
    return convert_texts(folder, texts, "flux", options, sources=(f"{URL}={folder}",))[1]


def family(*children: str, root: str = ROOT, **texts: str) -> dict[str, str]:
    """A parent over ``apps`` with children, each with an empty build."""
    names = [text.split("name: ")[1].split(",")[0] for text in children]
    return {
        "root/root.yaml": root,
        **{f"apps/{name}.yaml": text for name, text in zip(names, children, strict=True)},
        **{f"{name}/kustomization.yaml": "" for name in names},
        **texts,
    }


def by_name(result: Conversion) -> dict[str, tuple[str, dict[str, Any]]]:
    """The file and the spec of every applier."""
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    for document in result.documents:
        body: Any = document.body
        if body["kind"] in {"Kustomization", "HelmRelease"}:
            found[body["metadata"]["name"]] = (document.path, body["spec"])
    return found


def listed(result: Conversion) -> str:
    (file,) = [file for file in result.files if file.path == "kustomization.yaml"]
    return file.text


def codes(result: Conversion) -> set[str]:
    return {message.code for message in result.messages}


def test_a_parent_applies_the_folder_of_its_children(tmp_path: Path) -> None:
    result = convert_tree(tmp_path, family(child("a"), child("b", "1")))
    found = by_name(result)
    assert found["root"][0] == "roots/root.yaml"
    assert found["root"][1]["path"] == "./clusters/prod/apps"
    assert found["root"][1]["wait"] is True
    (message,) = [m for m in result.messages if m.code == "A2F-OBJ-009"]
    assert "stands in `apps` of the output" in message.text
    assert "targetNamespace" not in found["root"][1]
    assert found["a"][0] == "apps/a.yaml"
    assert found["b"][1]["dependsOn"] == [{"name": "a"}]
    assert "apps/a.yaml" not in listed(result)
    assert "roots/root.yaml" in listed(result)
    assert "sources/fleet.yaml" in listed(result)


def test_apps_beside_a_family_keep_out_of_its_folder(tmp_path: Path) -> None:
    other = child("other").replace("path: other", "path: a")
    result = convert_tree(tmp_path, {**family(child("a")), "root/other.yaml": other})
    found = by_name(result)
    assert found["root"][1]["path"] == "./clusters/prod/apps/root"
    assert found["a"][0] == "apps/root/a.yaml"
    assert found["root"][0] == "apps/root.yaml"
    assert found["other"][0] == "apps/other.yaml"


def test_different_kinds_get_a_folder_per_wave(tmp_path: Path) -> None:
    """Worked conversion 12.7."""
    result = convert_tree(
        tmp_path, family(child("a", "-5", chart=True), child("b"), child("c", "10", chart=True))
    )
    found = by_name(result)
    assert found["root-wm5"][1]["path"] == "./clusters/prod/wave-m5"
    assert found["root-w0"][1]["path"] == "./clusters/prod/wave-0"
    assert found["root-w0"][1]["dependsOn"] == [{"name": "root-wm5"}]
    assert found["root-w10"][1]["dependsOn"] == [{"name": "root-w0"}]
    assert found["a"][0] == "wave-m5/a.yaml"
    assert found["c"][0] == "wave-10/c.yaml"
    assert "dependsOn" not in found["b"][1]


def test_a_parent_of_parents(tmp_path: Path) -> None:
    """Each parent stands in the folder of its own parent; waves wait for its last folder."""
    team = ROOT.replace("name: root,", "name: team,").replace("path: apps}", "path: team}")
    texts = family(child("a", "1"), root=ROOT)
    texts["apps/team.yaml"] = team
    texts |= {"team/x.yaml": child("x"), "team/y.yaml": child("y", "1", chart=True)}
    texts |= {"x/kustomization.yaml": "", "y/kustomization.yaml": ""}
    found = by_name(convert_tree(tmp_path, texts))
    assert found["root"][1]["path"] == "./clusters/prod/apps/root"
    assert found["team-w0"][0] == "apps/root/team-w0.yaml"
    assert found["x"][0] == "wave-0/x.yaml"
    assert found["a"][1]["dependsOn"] == [{"name": "team-w1"}]


def test_a_parent_that_deploys_itself(tmp_path: Path) -> None:
    texts = family(child("a"))
    texts["apps/root.yaml"] = texts.pop("root/root.yaml")
    found = by_name(convert_tree(tmp_path, texts))
    assert found["root"][0] == "roots/root.yaml"
    assert found["a"][0] == "apps/a.yaml"


def test_other_objects_of_the_path_keep_their_applier(tmp_path: Path) -> None:
    """The Applications are deleted from that build; the children come after it."""
    texts = family(child("a"))
    texts["apps/ns.yaml"] = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"
    found = by_name(convert_tree(tmp_path, texts))
    (patch,) = found["root"][1]["patches"]
    assert patch["target"] == {
        "group": "argoproj\\.io",
        "kind": "(AppProject|Application|ApplicationSet)",
    }
    assert found["root"][1]["path"] == "./apps"
    assert found["root-apps"][1]["path"] == "./clusters/prod/apps"
    assert found["root-apps"][1]["dependsOn"] == [{"name": "root"}]
    assert "patches" not in found["root-apps"][1]


def test_a_filtered_directory_lends_an_unfiltered_source(tmp_path: Path) -> None:
    """`ignore` rules of the path would leave the output out of the artifact."""
    texts = family(
        child("a"), root=ROOT.replace("path: apps}", "path: apps, directory: {exclude: z.yaml}}")
    )
    texts["apps/ns.yaml"] = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"
    found = by_name(convert_tree(tmp_path, texts))
    assert found["root"][1]["sourceRef"]["name"] == "root"
    assert found["root-apps"][1]["sourceRef"]["name"] == "fleet"


def test_several_roots_have_a_folder_each(tmp_path: Path) -> None:
    """The path leads through the folder of the root."""
    for name in ("one", "two"):
        for file, text in family(child("a")).items():
            target = tmp_path / name / file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text.replace("fleet", name))
    inputs = [str(tmp_path / "one"), str(tmp_path / "two")]
    result = convert_folder(read(inputs, cwd=str(tmp_path)), "flux", FOLDER)
    paths = {document.path: document.body for document in result.documents}
    roots = [path for path in paths if path.endswith("root.yaml")]
    assert len(roots) == 2
    for path in roots:
        spec: Any = paths[path]["spec"]
        assert spec["path"] == f"./clusters/prod/{path.split('/')[0]}/apps"


def test_the_place_of_the_output_may_be_unknown(tmp_path: Path) -> None:
    options = ConvertOptions(to_folder=True)
    result = convert_tree(tmp_path, family(child("a")), options)
    assert by_name(result)["root"][1]["path"] == "./TODO/apps"
    assert "A2F-OBJ-008" in codes(result)


def test_the_output_may_be_the_repository_itself(tmp_path: Path) -> None:
    options = ConvertOptions(to_folder=True, deploy_path="")
    result = convert_tree(tmp_path, family(child("a")), options)
    assert by_name(result)["root"][1]["path"] == "./apps"


def test_a_stream_cannot_hold_a_family(tmp_path: Path) -> None:
    result = convert_tree(tmp_path, family(child("a")), ConvertOptions())
    assert "root" not in by_name(result)
    assert "a" in by_name(result)
    assert "A2F-OBJ-004" in codes(result)


def test_children_that_are_not_in_the_input(tmp_path: Path) -> None:
    """The path is read from a copy, the conversion was only asked for the parent."""
    for name, text in family(child("a")).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    workspace = read([str(tmp_path / "root")], cwd=str(tmp_path), sources=(f"{URL}={tmp_path}",))
    result = convert_folder(workspace, "flux", FOLDER)
    (message,) = [m for m in result.messages if m.code == "A2F-OBJ-005"]
    assert "Application/argocd/a" in message.text


def test_some_children_that_are_not_in_the_input(tmp_path: Path) -> None:
    texts = {
        "in/root.yaml": ROOT.replace("path: apps", "path: in/apps"),
        "in/apps/a.yaml": child("a"),
        "in/apps/kustomization.yaml": "resources: [a.yaml, ../../more]\n",
        "more/kustomization.yaml": "resources: [b.yaml]\n",
        "more/b.yaml": child("b"),
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    workspace = read([str(tmp_path / "in")], cwd=str(tmp_path), sources=(f"{URL}={tmp_path}",))
    result = convert_folder(workspace, "flux", FOLDER)
    (message,) = [m for m in result.messages if m.code == "A2F-OBJ-007"]
    assert "Application/argocd/b" in message.text


def test_children_that_kustomization_files_change(tmp_path: Path) -> None:
    texts = family(child("a"))
    texts["apps/kustomization.yaml"] = (
        "resources: [a.yaml]\n"
        "patches:\n"
        "- target: {kind: Application}\n"
        '  patch: \'[{"op": "replace", "path": "/spec/source/targetRevision", "value": "v2"}]\'\n'
    )
    result = convert_tree(tmp_path, texts)
    assert "A2F-OBJ-006" in codes(result)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (", kustomize: {namePrefix: x-}", "kustomize options"),
        (", helm: {}", "its chart renders Argo CD objects (Application)"),
    ],
)
def test_families_that_cannot_be_seen_are_refused(tmp_path: Path, source: str, shown: str) -> None:
    texts = family(child("a"), root=ROOT.replace("path: apps}", f"path: apps{source}}}"))
    if "helm" in source:
        texts["apps/Chart.yaml"] = "apiVersion: v2\nname: apps\nversion: 1.0.0\n"
        texts["apps/templates/a.yaml"] = texts.pop("apps/a.yaml")
    else:
        texts["apps/kustomization.yaml"] = "resources: [a.yaml]\n"
    result = convert_tree(tmp_path, texts)
    assert "root" not in by_name(result)
    (message,) = [m for m in result.messages if m.code == "A2F-OBJ-003"]
    assert shown in message.text


def test_the_parents_deletion_and_pruning_go_to_its_kustomizations(tmp_path: Path) -> None:
    root = ROOT.replace(
        "namespace: argocd}\nspec",
        "namespace: argocd, finalizers: [resources-finalizer.argocd.argoproj.io]}\nspec",
    )
    texts = family(child("a", "-1", chart=True), child("b"), root=root)
    found = by_name(convert_tree(tmp_path, texts))
    for name in ("root-wm1", "root-w0"):
        assert found[name][1]["prune"] is True
        assert found[name][1]["deletionPolicy"] == "WaitForTermination"


_SET = """apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: set, namespace: argocd%s}
spec:
  generators: [{list: {elements: [{name: team}]}}]
  template:
    metadata: {name: '{{name}}'}
    spec:
      source: {repoURL: %s, targetRevision: main, path: '{{name}}'}
      destination: {name: in-cluster, namespace: argocd}
      syncPolicy: {automated: {prune: true}}
"""
_PROJECT = """apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: team, namespace: argocd}
spec: {sourceRepos: ['*'], destinations: [{server: '*', namespace: '*'}]}
"""


def test_a_parent_that_a_set_makes(tmp_path: Path) -> None:
    texts = {"set.yaml": _SET % ("", URL), "team/a.yaml": child("a"), "a/kustomization.yaml": ""}
    found = by_name(convert_tree(tmp_path, texts))
    assert found["team"][1]["path"] == "./clusters/prod/apps"
    assert found["a"][0] == "apps/a.yaml"


def test_a_parent_that_a_set_makes_without_children(tmp_path: Path) -> None:
    """The set stays converted; its Application is a message."""
    result = convert_tree(tmp_path, {"set.yaml": _SET % ("", URL), "team/p.yaml": _PROJECT})
    assert by_name(result) == {}
    (message,) = [m for m in result.messages if m.code == "A2F-OBJ-010"]
    assert "Application/argocd/team only deploys projects" in message.text


def test_a_set_is_ordered_with_its_neighbours(tmp_path: Path) -> None:
    """What the set makes goes in the wave of the set, whatever the template says."""
    wave = ', annotations: {argocd.argoproj.io/sync-wave: "3"}'
    texts = family(child("a", "1"))
    texts |= {"apps/set.yaml": _SET % (wave, URL), "team/c.yaml": "kind: ConfigMap\n"}
    result = convert_tree(tmp_path, texts)
    assert by_name(result)["team"][1]["dependsOn"] == [{"name": "a"}]
    entry = next(
        e
        for e in result.entries
        if e.resource.startswith("ApplicationSet") and "annotations" in e.path and not e.origin
    )
    assert (str(entry.verdict), entry.code) == ("approximate", "A2F-WAVE-006")


def test_a_parent_of_projects_only_has_nothing_to_do(tmp_path: Path) -> None:
    texts = {"root/root.yaml": ROOT, "apps/p.yaml": _PROJECT}
    result = convert_tree(tmp_path, texts)
    (outcome,) = [o for o in result.outcomes if o.resource.ref.name == "root"]
    assert (outcome.outcome, "projects only" in outcome.reason) == ("skipped", True)


def test_projects_beside_other_objects_are_left_out(tmp_path: Path) -> None:
    texts = {
        "root/root.yaml": ROOT,
        "apps/p.yaml": _PROJECT,
        "apps/c.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n",
    }
    found = by_name(convert_tree(tmp_path, texts))
    assert list(found) == ["root"]
    assert len(found["root"][1]["patches"]) == 1


def test_a_parent_with_several_sources(tmp_path: Path) -> None:
    """One folder for the children of all of them."""
    one = f"{{repoURL: '{URL}', targetRevision: main, path: apps}}"
    both = f"sources: [{one}, {one.replace('path: apps', 'path: more')}]"
    texts = family(child("a"), root=ROOT.replace(f"source: {one}", both))
    texts |= {"more/b.yaml": child("b"), "b/kustomization.yaml": ""}
    found = by_name(convert_tree(tmp_path, texts))
    assert set(found) == {"root", "a", "b"}
    assert found["root"][1]["path"] == "./clusters/prod/apps"
    assert found["b"][0] == "apps/b.yaml"


def test_a_stream_keeps_what_is_no_application(tmp_path: Path) -> None:
    texts = family(child("a"))
    texts["apps/ns.yaml"] = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"
    result = convert_tree(tmp_path, texts, ConvertOptions())
    assert set(by_name(result)) == {"root", "a"}
    entry = next(e for e in result.entries if e.code == "A2F-OBJ-004")
    assert str(entry.verdict) == "manual"
