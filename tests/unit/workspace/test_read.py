"""What the documents of a workspace are taken for."""

from __future__ import annotations

import io
import json

from argoflux.workspace.read import read, read_others

KS = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: %s, namespace: flux-system}
spec: {path: ./apps, interval: 10m, prune: true}
"""
APP = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: %s}\n"


def refs(resources) -> list[str]:
    return [str(resource.ref) for resource in resources]


def workspace(root, *paths, **more):
    return read(paths or (".",), cwd=str(root), **more)


def test_resources_come_in_sort_order_with_places(write):
    root = write({"b.yaml": KS % "web" + "---\n" + KS % "api", "a.yaml": APP % "one"})
    found = workspace(root)
    assert refs(found.resources) == [
        "Application/one",
        "Kustomization/flux-system/api",
        "Kustomization/flux-system/web",
    ]
    place = found.resources[1].place("spec", "path")
    assert (place.source.name, *place.line_column()) == ("b.yaml", 9, 14)
    assert found.path_of(found.resources[0]) == str(root / "a.yaml")
    assert found.inputs == (".",)


def test_two_kustomizations_share_a_kind_and_only_flux_is_ours(write):
    text = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n# fluxcd\n"
    assert workspace(write({"kustomization.yaml": text})).resources == ()


def test_lists_are_unwrapped_with_places_that_lead_into_the_list(write):
    text = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: argoproj.io/v1alpha1\n"
    text += "  kind: Application\n  metadata:\n    name: inner\n"
    resource = workspace(write({"list.yaml": text})).resources[0]
    assert resource.ref.name == "inner"
    assert resource.document.prefix == ("items", 0)
    assert resource.place("metadata", "name").line_column() == (7, 11)


def test_json_is_read(write):
    body = {"apiVersion": "argoproj.io/v1alpha1", "kind": "AppProject", "metadata": {"name": "p"}}
    assert refs(workspace(write({"p.json": json.dumps(body)})).resources) == ["AppProject/p"]


def test_documents_listed_as_patches_are_patches(write):
    root = write(
        {
            "base/a.yaml": KS % "apps",
            "prod/kustomization.yaml": (
                "resources: [../base/a.yaml]\n"
                "patches: [{path: p1.yaml}]\n"
                "patchesStrategicMerge: [p2.yaml, '{\"inline\": true}']\n"
                "patchesJson6902: [{path: p3.yaml, target: {kind: Kustomization}}]\n"
            ),
            **{f"prod/p{n}.yaml": KS % "apps" for n in (1, 2, 3)},
            "prod/gone.yaml": "$patch: delete\n" + KS % "apps",
        }
    )
    found = workspace(root)
    assert [r.file for r in found.resources] == ["base/a.yaml"]
    assert [r.file for r in found.patches] == [
        "prod/gone.yaml",
        *(f"prod/p{n}.yaml" for n in (1, 2, 3)),
    ]
    assert [r.file for r in workspace(root, "prod/p1.yaml").patches] == ["prod/p1.yaml"]


def test_a_file_that_is_resource_and_patch_is_a_resource(write):
    root = write(
        {
            "a.yaml": KS % "a",
            "kustomization.yaml": "resources: [a.yaml]\npatches: [{path: a.yaml}]\n",
        }
    )
    assert refs(workspace(root).resources) == ["Kustomization/flux-system/a"]


def test_chart_templates_are_set_apart(write):
    root = write(
        {
            "chart/Chart.yaml": "name: c\n",
            "chart/templates/app.yaml": APP % "'{{ .Release.Name }}'",
            "chart/templates/broken.yaml": "{{ if .x }}\n" + APP % "a" + "{{ end }}\n",
            "chart/templates/plain.yaml": APP % "plain",
            "elsewhere/app.yaml": APP % "'{{ name }}'",
        }
    )
    found = workspace(root)
    assert refs(found.templated) == ["Application/{{ .Release.Name }}"]
    assert found.templates == ("chart/templates/broken.yaml",)
    assert refs(found.resources) == ["Application/plain", "Application/{{ name }}"]
    assert [r.placeholder for r in found.resources] == [False, True]


def test_placeholders_in_type_and_name_are_kept(write):
    text = KS.replace("fluxcd.io/v1", "fluxcd.io/${VERSION}") % "'${CLUSTER}'"
    resource = workspace(write({"a.yaml": text})).resources[0]
    assert (resource.version, resource.placeholder) == ("${VERSION}", True)


def test_definitions_other_kinds_and_foreign_argo_kinds_are_not_configuration(write):
    root = write(
        {
            "crd.yaml": (
                "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
                "metadata: {name: x.argoproj.io}\n"
            ),
            "rollout.yaml": APP.replace("Application", "Rollout") % "r",
            "deployment.yaml": (
                "apiVersion: apps/v1\nkind: Deployment\n"
                "metadata: {name: d, annotations: {argocd.argoproj.io/sync-wave: '1'}}\n"
            ),
        }
    )
    found = workspace(root)
    assert found.resources == ()
    assert found.definitions == 1
    assert found.findings == ()


def test_configuration_without_own_kind_is_recognised(write):
    root = write(
        {
            "repo.yaml": (
                "apiVersion: v1\nkind: Secret\nmetadata:\n  name: r\n  namespace: argocd\n"
                "  labels: {argocd.argoproj.io/secret-type: repository}\n"
            ),
            "cm.yaml": (
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: argocd-cm, namespace: argocd}\n"
            ),
        }
    )
    assert sorted(r.pseudo for r in workspace(root).resources) == [
        "ConfigMap:argocd-cm",
        "Secret:repository",
    ]


def test_a_nameless_object_is_a_finding_and_no_resource(write):
    found = workspace(write({"a.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"}))
    assert found.resources == ()
    assert [(f.code, f.message) for f in found.findings] == [
        ("AF004", "Application has no `metadata.name`")
    ]


def test_a_broken_document_does_not_hide_its_neighbours(write):
    found = workspace(write({"a.yaml": APP % "a" + "---\nargoproj.io: [\n---\n" + APP % "b"}))
    assert refs(found.resources) == ["Application/a", "Application/b"]
    assert [f.code for f in found.findings] == ["AF001"]


def test_bytes_that_are_no_text_are_a_finding(tmp_path):
    (tmp_path / "a.yaml").write_bytes(b"argoproj.io \xff\xfe\x00")
    assert [f.code for f in workspace(tmp_path).findings] == ["AF007"]


def test_input_order_does_not_matter(write):
    root = write({"x/a.yaml": KS % "a", "y/b.yaml": KS % "b", "c.yaml": APP % "c"})
    one = workspace(root, "x", "y", "c.yaml")
    two = workspace(root, "c.yaml", "y", "x", "x/a.yaml")
    assert refs(one.resources) == refs(two.resources)
    assert [r.root for r in one.resources] == [r.root for r in two.resources]


def test_standard_input_is_read(tmp_path):
    found = workspace(tmp_path, "-", stdin=io.BytesIO((APP % "a").encode()), stdin_name="in.yaml")
    assert [(r.file, r.root) for r in found.resources] == [("in.yaml", "input")]
    assert found.inputs == ("in.yaml",)


def test_others_are_found_on_request_in_the_root_of_their_neighbours(write):
    config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, namespace: flux-system}\n"
    root = write({"a.yaml": KS % "a", "vars.yaml": config % "vars", "x.json": '{"kind": "Secret"}'})
    found = workspace(root)
    others = read_others(found, frozenset({"ConfigMap", "Secret"}))
    assert refs(others) == ["ConfigMap/flux-system/vars"]
    assert others[0].root == found.resources[0].root
    assert read_others(found, frozenset({"ConfigMap", "Secret"})) is others
