"""ApplicationSets as Apps: what their generators may look at, and what becomes of the Apps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from argoflux.model.source import GitSource
from tests.convert_run import convert_texts
from tests.unit.argocd_cases import convert_case, resources_from

if TYPE_CHECKING:
    from pathlib import Path

    from argoflux.mapping.emission import Loaded
    from argoflux.model.app import App

_URL = "https://git.example.com/acme/shop.git"


def appset(generator: str, *, name: str = "set", spec: str = "", template: str = "") -> str:
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: {name}, namespace: argocd}}
spec:
  generators: [{{{generator}}}]
  template:
    metadata: {{name: '{{{{id}}}}', labels: {{env: '{{{{id}}}}'}}{template}}}
    spec:
      project: default
      source: {{repoURL: '{_URL}', path: '{{{{path}}}}'}}
      destination: {{namespace: web}}
      syncPolicy: {{automated: {{prune: true}}}}
{spec}"""


_TWO = "list: {elements: [{id: dev, path: a}, {id: prod, path: b}]}"
_CLUSTER = """\
apiVersion: v1
kind: Secret
metadata: {name: far, namespace: argocd, labels: {argocd.argoproj.io/secret-type: cluster}}
stringData: {name: far, server: 'https://10.0.0.1'}
"""


def apps(loaded: Loaded) -> dict[str, App]:
    return {app.name: app for app in loaded.estate.apps}


def test_an_app_is_made_of_the_application_and_its_set() -> None:
    """Its places are those of the template."""
    app = apps(convert_case(appset(_TWO)).loaded)["dev"]
    generated, maker = app.made_of
    assert (generated.ref.kind, maker.ref.kind) == ("Application", "ApplicationSet")
    assert generated.made_by is maker
    assert generated.made_at == ("spec", "template")
    assert generated.place("spec", "source").path == ("spec", "template", "spec", "source")
    assert app.id == "Application/argocd/dev"
    assert app.parts[0].path == "a"


def test_without_a_finalizer_of_its_own_an_application_takes_its_objects_along() -> None:
    """Vector 13: the controller adds the cascade finalizer (argo-cd:applicationset/utils/utils.go)."""
    loaded = convert_case(appset(_TWO)).loaded
    assert {app.deletion for app in loaded.estate.apps} == {"foreground"}
    kept = appset(_TWO, spec="  syncPolicy: {preserveResourcesOnDeletion: true}\n")
    assert {app.deletion for app in convert_case(kept).loaded.estate.apps} == {"orphan"}
    case = convert_case(appset(_TWO))
    assert case.spec("Kustomization", "dev")["deletionPolicy"] == "WaitForTermination"


def test_clusters_are_those_of_the_same_root() -> None:
    text = appset("clusters: {}").replace("{{id}}", "{{name}}").replace("{{path}}", "x")
    here = [*resources_from(text, root="here"), *resources_from(_CLUSTER, root="here")]
    assert set(apps(convert_case(here).loaded)) == {"far", "in-cluster"}
    there = [*resources_from(text, root="here"), *resources_from(_CLUSTER, root="there")]
    assert convert_case(there).codes() >= {"A2F-SET-011"}


def test_git_generators_read_the_copy_of_their_repository() -> None:
    git = f"git: {{repoURL: '{_URL}', directories: [{{path: apps/*}}]}}"
    text = appset(git).replace("{{id}}", "{{path.basename}}")
    files = {"apps/one/a.yaml": "", "apps/two/b.yaml": "", "x/c.yaml": ""}
    found = apps(convert_case(text, files=files).loaded)
    assert {name: app.parts[0].path for name, app in found.items()} == {
        "one": "apps/one",
        "two": "apps/two",
    }


@pytest.mark.parametrize(
    ("value", "wanted"),
    [("true", {"a", "top"}), ("false", {"a"})],
    ids=["newer matching", "default matching"],
)
def test_the_controllers_settings_choose_how_files_match(value: str, wanted: set[str]) -> None:
    git = f"git: {{repoURL: '{_URL}', files: [{{path: '**/app.yaml'}}]}}"
    params = f"""\
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: argocd-cmd-params-cm, namespace: argocd}}
data: {{applicationsetcontroller.enable.new.git.file.globbing: '{value}'}}
"""
    files = {"app.yaml": "id: top\n", "x/app.yaml": "id: a\n"}
    assert set(apps(convert_case(appset(git) + params, files=files).loaded)) == wanted


def test_the_order_of_the_input_does_not_matter() -> None:
    first, second = appset(_TWO, name="a"), appset("list: {elements: [{id: x, path: c}]}", name="b")
    one = convert_case(f"{first}---\n{second}").emission.drafts
    other = convert_case(f"{second}---\n{first}").emission.drafts
    assert [draft.body for draft in one] == [draft.body for draft in other]


_STEPS = """\
  strategy:
    type: RollingSync
    rollingSync:
      steps:
      - matchExpressions: [{key: env, operator: In, values: [dev]}]
      - matchExpressions: [{key: env, operator: In, values: [nobody]}]
      - matchExpressions: [{key: env, operator: In, values: [prod]}]
"""
_THREE = "list: {elements: [{id: dev, path: a}, {id: prod, path: b}, {id: lab, path: c}]}"


def test_a_step_waits_for_the_nearest_one_before_that_has_objects() -> None:
    case = convert_case(appset(_THREE, spec=_STEPS))
    assert case.spec("Kustomization", "prod")["dependsOn"] == [{"name": "dev"}]
    assert "dependsOn" not in case.spec("Kustomization", "dev")


def test_an_application_of_no_step_is_suspended_and_the_others_are_not() -> None:
    """argo-cd:applicationset/progressivesync/progressive_sync.go switches automation off for all."""
    case = convert_case(appset(_THREE, spec=_STEPS))
    suspended = {name: case.spec("Kustomization", name).get("suspend") for name in ("dev", "lab")}
    assert suspended == {"dev": None, "lab": True}
    assert case.said("A2F-SYN-001")["name"] == "Application/argocd/lab"


def test_a_step_syncs_applications_without_automation() -> None:
    text = appset(_THREE, spec=_STEPS).replace("      syncPolicy: {automated: {prune: true}}\n", "")
    case = convert_case(text)
    assert "suspend" not in case.spec("Kustomization", "dev")
    assert case.spec("Kustomization", "lab")["suspend"] is True


@pytest.mark.parametrize(
    ("policy", "wanted"),
    [
        ("sync", set()),
        ("create-only", {"kustomize.toolkit.fluxcd.io/ssa", "kustomize.toolkit.fluxcd.io/prune"}),
        ("create-update", {"kustomize.toolkit.fluxcd.io/prune"}),
        ("create-delete", {"kustomize.toolkit.fluxcd.io/ssa"}),
    ],
)
def test_policies_are_annotations_of_the_objects(policy: str, wanted: set[str]) -> None:
    case = convert_case(appset(_TWO, spec=f"  syncPolicy: {{applicationsSync: {policy}}}\n"))
    notes = case.draft("Kustomization", "dev").body["metadata"]["annotations"]
    assert {key for key in notes if "fluxcd.io" in key} == wanted


def test_one_application_that_is_not_converted_does_not_spoil_its_set() -> None:
    text = appset("list: {elements: [{id: dev, path: a}, {id: prod, path: ../../b}]}")
    case = convert_case(text)
    assert set(apps(case.loaded)) == {"dev"}
    assert not case.loaded.refused
    assert case.said("A2F-OBJ-003")["name"] == "Application/argocd/prod"


def test_a_set_of_which_nothing_is_converted_is_refused_with_the_first_reason() -> None:
    text = appset("list: {elements: [{id: dev, path: ../../a}]}")
    (refusal,) = convert_case(text).loaded.refused
    assert (refusal.resource.ref.kind, refusal.message.code) == ("ApplicationSet", "A2F-OBJ-003")


def test_a_set_with_an_unfinished_name_is_refused(tmp_path: Path) -> None:
    text = appset(_TWO, name='"{{ .Values.name }}"')
    _, result = convert_texts(tmp_path, {"a.yaml": text}, "flux")
    assert [message.code for message in result.messages] == ["A2F-OBJ-003"]


def test_applications_that_share_a_release_are_said_with_their_set(tmp_path: Path) -> None:
    """What an emitter refuses reaches the report through the template."""
    text = appset(_TWO).replace("path: '{{path}}'}", "path: chart, helm: {releaseName: same}}")
    chart = "apiVersion: v2\nname: c\nversion: 1.0.0\n"
    _, result = convert_texts(
        tmp_path,
        {"set.yaml": text, "chart/Chart.yaml": chart, "chart/values.yaml": "a: 1\n"},
        "flux",
        sources=(f"{_URL}=.",),
    )
    (message,) = [m for m in result.messages if m.code == "A2F-HELM-021"]
    assert message.apps == ("Application/argocd/prod",)
    assert [o.outcome for o in result.outcomes] == ["converted"]
    assert any(entry.verdict.value == "manual" for entry in result.entries)


def test_credentials_of_cluster_secrets_stay_where_they_are(tmp_path: Path) -> None:
    secret = f"{_CLUSTER.strip()}\n".replace("stringData: {", "stringData: {config: hunter2, ")
    template = appset("clusters: {}").replace("{{id}}", "{{name}}").replace("{{path}}", "x")
    _, result = convert_texts(tmp_path, {"a.yaml": template, "b.yaml": secret}, "flux")
    written = str([document.body for document in result.documents])
    assert "hunter2" not in written + str(result.messages)
    assert "far" in written


def test_a_copy_that_is_only_recognised_is_said_once(tmp_path: Path) -> None:
    git = f"git: {{repoURL: '{_URL}', directories: [{{path: apps/*}}]}}"
    text = appset(git).replace("{{id}}", "{{path.basename}}")
    other = text.replace("name: set", "name: other").replace("'{{path.b", "'x-{{path.b")
    files = {"apps/one/a.yaml": "", "apps/two/a.yaml": "", "a.yaml": f"{text}---\n{other}"}
    _, result = convert_texts(tmp_path, files, "flux")
    (said,) = [message for message in result.messages if message.code == "A2F-SRC-024"]
    assert {"ApplicationSet/argocd/set", "ApplicationSet/argocd/other"} <= set(said.apps)


def test_parts_of_generated_applications_are_git_sources() -> None:
    (app, _) = convert_case(appset(_TWO)).loaded.estate.apps
    assert isinstance(app.parts[0].source, GitSource)
