"""Static reading of paths. What kustomize itself answers was checked with kustomize 5.5."""

from __future__ import annotations

import os

import pytest

from argoflux.model.content import Known, Unknown
from argoflux.workspace.overlay import read_path
from argoflux.workspace.tree import Tree

CM = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\n"
DEPLOY = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app: web}
spec:
  replicas: 1
  template:
    spec:
      containers:
      - {name: web, image: 'nginx:1.25', env: [{name: A, value: a}]}
      - {name: side, image: busybox}
"""
RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: app, namespace: apps}
spec:
  interval: 5m
  valuesFrom: [{kind: ConfigMap, name: a}]
"""


def content(root, directory=".", flavour="flux", **more):
    tree = Tree(str(root))
    tree.add(str(root))
    return read_path(tree, os.path.normpath(root / directory), flavour=flavour, **more)


def known(root, directory=".", flavour="flux", **more) -> Known:
    found = content(root, directory, flavour, **more)
    assert isinstance(found, Known)
    return found


def names(found: Known) -> list[str]:
    return [str(obj.ref) for obj in found.objects]


def reasons(found: Known) -> list[str]:
    return [gap.reason for gap in found.gaps]


def test_resources_bases_and_folders_in_order(write):
    root = write(
        {
            "app/kustomization.yaml": "resources: [./b.yaml, ../base]\nbases: [../old]\n",
            "app/b.yaml": CM % "b",
            "base/kustomization.yml": "resources: [a.yaml]\n",
            "base/a.yaml": CM % "a" + "---\n# nothing\n---\n" + CM % "a2",
            "old/Kustomization": "resources: [o.yaml]\n",
            "old/o.yaml": CM % "o",
        }
    )
    found = known(root, "app")
    assert names(found) == ["ConfigMap/b", "ConfigMap/a", "ConfigMap/a2", "ConfigMap/o"]
    assert (found.kind_of_path, found.complete, found.directory) == ("kustomize", True, "app")
    assert found.files == (
        "app/b.yaml",
        "app/kustomization.yaml",
        "base/a.yaml",
        "base/kustomization.yml",
        "old/Kustomization",
        "old/o.yaml",
    )
    assert [obj.place.line_column() for obj in found.objects] == [(1, 1), (1, 1), (7, 1), (1, 1)]


def test_namespace_prefix_and_suffix(write):
    role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: rb}\n"
    role += "subjects: [{kind: ServiceAccount, name: default}, {kind: ServiceAccount, name: x}]\n"
    root = write(
        {
            "kustomization.yaml": (
                "namespace: prod\nnamePrefix: p-\nnameSuffix: -s\nresources: [all.yaml]\n"
            ),
            "all.yaml": "---\n".join(
                [
                    CM % "cm, namespace: other",
                    "apiVersion: v1\nkind: Namespace\nmetadata: {name: ns}\n",
                    (
                        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\n"
                        "metadata: {name: cr}\n"
                    ),
                    (
                        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
                        "metadata: {name: things.example.com}\nspec: {group: example.com,"
                        " scope: Cluster, names: {kind: Thing}}\n"
                    ),
                    "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: t}\n",
                    role,
                ]
            ),
        }
    )
    found = known(root)
    assert names(found) == [
        "ConfigMap/prod/p-cm-s",
        "Namespace/prod",
        "ClusterRole/p-cr-s",
        "CustomResourceDefinition/things.example.com",
        "Thing/prod/p-t-s",
        "RoleBinding/prod/p-rb-s",
    ]
    assert [obj.namespace_set_by for obj in found.objects] == [
        "kustomization",
        "none",
        "none",
        "none",
        "kustomization",
        "kustomization",
    ]
    assert [obj.scope for obj in found.objects][:5] == [
        "namespaced",
        "cluster",
        "cluster",
        "cluster",
        "cluster",
    ]
    subjects = found.objects[5].body["subjects"]
    assert [subject.get("namespace") for subject in subjects] == ["prod", None]


@pytest.mark.parametrize(
    "entry",
    [
        "patches: [{path: p.yaml}]",
        "patchesStrategicMerge: [p.yaml]",
        "patches: [{path: p.yaml, target: {kind: Deploy.*, labelSelector: app=web}}]",
    ],
)
def test_strategic_merge_by_name_and_by_target(write, entry):
    patch = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n"
        "  replicas: null\n  template:\n    spec:\n      containers:\n"
        "      - {name: web, env: [{name: B, value: b}]}\n      - {name: side, $patch: delete}\n"
    )
    root = write(
        {"kustomization.yaml": f"resources: [d.yaml]\n{entry}\n", "d.yaml": DEPLOY, "p.yaml": patch}
    )
    found = known(root)
    spec = found.objects[0].body["spec"]
    assert found.complete
    assert "replicas" not in spec
    assert spec["template"]["spec"]["containers"] == [
        {
            "name": "web",
            "image": "nginx:1.25",
            "env": [{"name": "B", "value": "b"}, {"name": "A", "value": "a"}],
        }
    ]


def test_lists_of_custom_kinds_are_replaced_by_a_merge(write):
    patch = RELEASE.replace("name: a}", "name: b}")
    root = write(
        {
            "kustomization.yaml": "resources: [r.yaml]\npatches: [{path: p.yaml}]\n",
            "r.yaml": RELEASE,
            "p.yaml": patch,
        }
    )
    assert known(root).objects[0].body["spec"]["valuesFrom"] == [{"kind": "ConfigMap", "name": "b"}]


@pytest.mark.parametrize(
    ("target", "left"),
    [
        ("{kind: ConfigMap}", []),
        ("{name: a}", ["ConfigMap/b"]),
        ("{name: a|b}", []),
        ("{name: '.'}", []),
        ("{name: aa}", ["ConfigMap/a", "ConfigMap/b"]),
        ("{namespace: default, name: b}", ["ConfigMap/a"]),
        ("{version: v2}", ["ConfigMap/a", "ConfigMap/b"]),
        ("{annotationSelector: 'x notin (y)'}", []),
        ("{labelSelector: '!missing,other!=1'}", []),
        ("{labelSelector: 'tier in (a, b)'}", ["ConfigMap/a", "ConfigMap/b"]),
    ],
)
def test_targets_select_by_anchored_patterns_and_selectors(write, target, left):
    root = write(
        {
            "kustomization.yaml": (
                f"resources: [c.yaml]\npatches:\n- target: {target}\n  patch: |\n"
                "    $patch: delete\n    kind: ConfigMap\n    metadata: {name: any}\n"
            ),
            "c.yaml": CM % "a" + "---\n" + CM % "b",
        }
    )
    found = known(root)
    assert (names(found), reasons(found)) == (left, [])


def test_json_patches_inline_from_a_file_and_legacy(write):
    root = write(
        {
            "kustomization.yaml": (
                "resources: [d.yaml]\n"
                "patches:\n- target: {kind: Deployment}\n  patch: |\n"
                "    - {op: replace, path: /spec/replicas, value: 3}\n"
                "    - {op: add, path: /spec/template/spec/containers/-, value: {name: new}}\n"
                "    - {op: move, from: /metadata/labels/app, path: /metadata/labels/x~1y}\n"
                "patchesJson6902:\n- target: {kind: Deployment, name: web, version: v1, group: apps}\n"
                "  path: p.json\n"
            ),
            "d.yaml": DEPLOY,
            "p.json": '[{"op": "remove", "path": "/spec/template/spec/containers/0"}]',
        }
    )
    found = known(root)
    body = found.objects[0].body
    assert found.complete
    assert body["spec"]["replicas"] == 3
    assert body["metadata"]["labels"] == {"x/y": "web"}
    assert [c["name"] for c in body["spec"]["template"]["spec"]["containers"]] == ["side", "new"]


def test_a_patch_never_changes_what_was_read(write):
    root = write(
        {
            "base/kustomization.yaml": "resources: [d.yaml]\n",
            "base/d.yaml": DEPLOY,
            "over/kustomization.yaml": (
                "resources: [../base]\nimages: [{name: nginx, newTag: '2'}]\n"
                "patches:\n- target: {kind: Deployment}\n"
                "  patch: ' [{op: add, path: /spec/template/spec/hostNetwork, value: true}]'\n"
            ),
        }
    )
    tree = Tree(str(root))
    tree.add(str(root))
    over = read_path(tree, str(root / "over"), flavour="flux")
    base = read_path(tree, str(root / "base"), flavour="flux")
    assert isinstance(over, Known)
    assert isinstance(base, Known)
    assert over.objects[0].body["spec"]["template"]["spec"]["hostNetwork"] is True
    assert "hostNetwork" not in base.objects[0].body["spec"]["template"]["spec"]
    assert read_path(tree, str(root / "base"), flavour="flux") is base


def test_labels_annotations_images_and_replicas(write):
    root = write(
        {
            "kustomization.yaml": (
                "resources: [d.yaml]\nlabels: [{pairs: {a: '1'}}]\ncommonLabels: {b: '2'}\n"
                "commonAnnotations: {c: '3'}\nreplicas: [{name: web, count: 5}]\n"
                "images: [{name: nginx, newName: reg:5000/nginx, digest: 'sha256:ab'}]\n"
            ),
            "d.yaml": DEPLOY,
        }
    )
    body = known(root).objects[0].body
    template = body["spec"]["template"]
    assert body["metadata"]["labels"] == {"app": "web", "a": "1", "b": "2"}
    assert body["spec"]["selector"] == {"matchLabels": {"b": "2"}}
    assert template["metadata"] == {"labels": {"b": "2"}, "annotations": {"c": "3"}}
    assert body["spec"]["replicas"] == 5
    assert template["spec"]["containers"][0]["image"] == "reg:5000/nginx@sha256:ab"
    assert template["spec"]["containers"][1]["image"] == "busybox"


def test_generators_give_names_and_data_of_config_maps_only(write):
    root = write(
        {
            "kustomization.yaml": (
                "namespace: own\ngeneratorOptions: {labels: {l: x}}\n"
                "configMapGenerator:\n"
                "- {name: c, literals: [k=v=w, 'q=\"x\"'], files: [f.txt, g=f.txt], envs: [e.env]}\n"
                "- {name: plain, options: {disableNameSuffixHash: true}}\n"
                "secretGenerator: [{name: s, literals: [password=hunter2]}]\n"
            ),
            "f.txt": "content\n",
            "e.env": "# no\nE=1\n",
        }
    )
    found = known(root)
    assert names(found) == ["ConfigMap/own/c", "ConfigMap/own/plain", "Secret/own/s"]
    assert [obj.hashed for obj in found.objects] == [True, False, True]
    assert found.objects[0].body["data"] == {
        "k": "v=w",
        "q": "x",
        "f.txt": "content\n",
        "g": "content\n",
        "E": "1",
    }
    assert "hunter2" not in repr(found.objects[2].body)
    assert found.objects[2].body["metadata"]["labels"] == {"l": "x"}


def test_a_generator_can_merge_into_a_base(write):
    root = write(
        {
            "base/kustomization.yaml": "configMapGenerator: [{name: c, literals: [a=1, b=1]}]\n",
            "kustomization.yaml": (
                "resources: [base]\n"
                "configMapGenerator: [{name: c, behavior: merge, literals: [b=2]}]\n"
            ),
        }
    )
    found = known(root)
    assert found.complete
    assert [obj.body["data"] for obj in found.objects] == [{"a": "1", "b": "2"}]


def test_components_act_on_what_is_there_before_the_own_transformers(write):
    root = write(
        {
            "kustomization.yaml": "resources: [c.yaml]\ncomponents: [comp]\nnamePrefix: p-\n",
            "c.yaml": CM % "a",
            "comp/kustomization.yaml": (
                "kind: Component\nresources: [more.yaml]\n"
                "patches: [{target: {name: a}, patch: ' [{op: add, path: /data, value: {x: y}}]'}]\n"
            ),
            "comp/more.yaml": CM % "b",
        }
    )
    found = known(root)
    assert (names(found), reasons(found)) == (["ConfigMap/p-a", "ConfigMap/p-b"], [])
    assert found.objects[0].body["data"] == {"x": "y"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "resources: ['https://github.com/o/r//base?ref=v1']",
            "is fetched from another repository",
        ),
        ("resources: ['git@github.com:o/r.git']", "is fetched from another repository"),
        ("resources: [gone.yaml]", "`gone.yaml` does not exist"),
        ("resources: [../../../away]", "is outside of the input"),
        ("resources: [empty]", "`empty` has no kustomization file"),
        ("resources: [comp]", "`comp` is a component, not a base"),
        ("components: [base]", "`base` is not a component"),
        ("resources: [7]", "a resource must be a path"),
        ("resources: [c.yaml, c.yaml]", "ConfigMap `a` is there twice, kustomize refuses"),
        ("resources: [values.yaml]", "not a Kubernetes object: no `kind`"),
        ("resources: [broken.yaml]", "cannot parse"),
        ("resources: [c.yaml]\nhelmCharts: [{name: x}]", "Helm charts (`helmCharts`) are not"),
        ("resources: [c.yaml]\nreplacements: [{path: r.yaml}]", "a replacement is not made"),
        ("resources: [c.yaml]\ntransformers: [t.yaml]", "transformer plugins (`transformers`)"),
        ("resources: [c.yaml]\nspec: {}", "unknown field `spec`, kustomize refuses"),
        ("resources: [c.yaml]\npatches: [{path: gone.yaml}]", "patch `gone.yaml`"),
        ("resources: [c.yaml]\npatches: [{path: d.yaml}]", "the patch of Deployment `web` matches"),
        ("resources: [c.yaml]\npatches: [{patch: ' [{op: add}]'}]", "a JSON patch needs a target"),
        (
            "resources: [c.yaml]\npatches: [{target: {name: a}, patch: ' [{op: test, path: /kind, value: X}]'}]",
            "the patch of ConfigMap `a` fails: the test of `/kind` fails",
        ),
        (
            "resources: [c.yaml]\npatches: [{target: {name: '('}, patch: '[]'}]",
            "regular expression",
        ),
        ("resources: [c.yaml]\npatches: [{target: {name: '(a+)+b'}, patch: '[]'}]", "too complex"),
        ("resources: [c.yaml]\nnamespace: on", "`namespace` is not text, kustomize refuses"),
        ("resources: [c.yaml]\npatches: [{patch: '[{op: add}]'}]", "must be JSON"),
        ("configMapGenerator: [{name: c, files: [gone.txt]}]", "`gone.txt`: file does not exist"),
        ("configMapGenerator: [{name: c, behavior: merge}]", "nothing to merge: `c`"),
    ],
)
def test_what_cannot_be_followed_is_a_gap_and_the_rest_is_known(write, text, reason):
    root = write(
        {
            "kustomization.yaml": text + "\n",
            "c.yaml": CM % "a",
            "d.yaml": DEPLOY,
            "values.yaml": "replicas: 1\n",
            "broken.yaml": "a: [\n",
            "empty/x.yaml": CM % "x",
            "comp/kustomization.yaml": "kind: Component\n",
            "base/kustomization.yaml": "resources: []\n",
        }
    )
    found = known(root)
    assert not found.complete
    assert any(reason in text for text in reasons(found)), reasons(found)
    if "c.yaml" in text:
        assert "ConfigMap/a" in names(found)


def test_an_edit_that_is_not_computed_makes_objects_uncertain(write):
    root = write(
        {"kustomization.yaml": "resources: [c.yaml]\nreplacements: [{}]\n", "c.yaml": CM % "a"}
    )
    assert [obj.certain for obj in known(root).objects] == [False]


def test_configurations_that_only_name_references_change_nothing_here(write):
    root = write(
        {
            "kustomization.yaml": "resources: [c.yaml]\nconfigurations: [k.yaml]\n",
            "c.yaml": CM % "a",
            "k.yaml": "nameReference: [{kind: ConfigMap, fieldSpecs: []}]\n",
        }
    )
    assert known(root).complete


@pytest.mark.parametrize("entry", ["resources: [../a]", "resources: [..]", "components: [../a]"])
def test_circles_end(write, entry):
    root = write(
        {
            "kustomization.yaml": "resources: [a]\n",
            "a/kustomization.yaml": "resources: [../b]\n",
            "b/kustomization.yaml": entry + "\n",
        }
    )
    found = known(root, "a")
    assert any("includes itself" in reason for reason in reasons(found))


def test_growth_by_doubling_is_cut_off(write, monkeypatch):
    monkeypatch.setattr("argoflux.workspace.overlay._ITEM_LIMIT", 50)
    files = {"l0/kustomization.yaml": "resources: [c.yaml]\n", "l0/c.yaml": CM % "a"}
    for n in range(1, 12):
        for side in "xy":
            files[f"l{n}{side}/kustomization.yaml"] = (
                f"resources: [{'../l0' if n == 1 else f'../l{n - 1}x, ../l{n - 1}y'}]\n"
                f"namePrefix: {side}\n"
            )
    found = known(write(files), "l11x")
    assert len(found.objects) <= 100
    assert any("the rest is not read" in reason for reason in reasons(found))


def test_files_outside_of_their_kustomization_are_allowed_in_flux_only(write):
    root = write(
        {
            "app/kustomization.yaml": (
                "resources: [../shared/c.yaml, ../base]\n"
                "patches: [{path: ../shared/p.yaml}]\n"
                "configMapGenerator: [{name: g, files: [../shared/c.yaml]}]\n"
            ),
            "shared/c.yaml": CM % "a",
            "shared/p.yaml": CM % "a" + "data: {x: y}\n",
            "base/kustomization.yaml": "resources: []\nnamespace: x\n",
        }
    )
    flux, argo = known(root, "app"), known(root, "app", "argocd")
    assert flux.complete
    assert [(o.target, o.place.line_column()[0]) for o in flux.facts.outside] == [
        ("shared/c.yaml", 1),
        ("shared/p.yaml", 2),
        ("shared/c.yaml", 3),
    ]
    assert sum("outside of its kustomization's directory" in text for text in reasons(argo)) == 3


def test_absent_and_foreign_paths_are_unknown(write):
    root = write({"a.yaml": CM % "a"})
    assert content(root, "nothing") == Unknown(reason="`nothing` does not exist")
    assert content(root, "../..").reason.endswith("is outside of the input")


def test_two_kustomization_files_are_unknown(write):
    root = write({"kustomization.yaml": "resources: []\n", "Kustomization": "resources: []\n"})
    assert "several kustomization files" in content(root).reason


def test_flux_walks_plain_folders_depth_first_and_takes_bases_as_one(write):
    root = write(
        {
            "b.yaml": CM % "b",
            "a/z.yml": CM % "z",
            "a/deep/.hidden.yaml": CM % "hidden",
            "a.json": '{"kind": "Ignored"}',
            "c/kustomization.yaml": "resources: [one.yaml]\n",
            "c/one.yaml": CM % "one",
            "c/two.yaml": CM % "two",
            "notes.txt": "x",
        }
    )
    found = known(root)
    assert names(found) == ["ConfigMap/hidden", "ConfigMap/z", "ConfigMap/b", "ConfigMap/one"]
    assert found.complete
    assert found.kind_of_path == "directory"
    assert found.facts.nested_kustomizations == ("c",)
    assert found.facts.yaml_directories == ("a", "a/deep")
    assert found.facts.json_manifests == ("a.json",)


def test_flux_fails_on_yaml_that_is_no_object_and_argo_cd_ignores_it(write):
    root = write({"c.yaml": CM % "a", "values.yaml": "replicas: 1\n", "empty.yaml": "# nothing\n"})
    flux, argo = known(root), known(root, flavour="argocd")
    assert reasons(flux) == ["not a Kubernetes object: no `kind`"]
    assert flux.facts.other_yaml == argo.facts.other_yaml == ("values.yaml",)
    assert argo.complete
    assert names(argo) == ["ConfigMap/a"]


def test_source_ignore_drops_the_defaults_of_flux(write):
    files = {".github/w.yaml": CM % "w", "drop/x.yaml": CM % "x", "a.yaml": CM % "a"}
    root = write(files)
    assert names(known(root)) == ["ConfigMap/a", "ConfigMap/x"]
    write({"drop/.sourceignore": "*.yaml\n"})
    assert names(known(root)) == ["ConfigMap/w", "ConfigMap/a"]
    assert names(known(root, ignore="!/drop/x.yaml")) == [
        "ConfigMap/w",
        "ConfigMap/a",
        "ConfigMap/x",
    ]


def test_argo_cd_reads_the_top_folder_unless_told_to_recurse(write):
    root = write(
        {
            "a.yaml": CM % "a",
            "b.json": '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "b"}}',
            "sub/c.yml": CM % "c",
            "skip.yaml": "# +argocd:skip-file-rendering\n" + CM % "s",
            "list.yaml": "kind: List\napiVersion: v1\nitems:\n- "
            + (CM % "l").replace("\n", "\n  "),
        }
    )
    assert names(known(root, flavour="argocd")) == ["ConfigMap/a", "ConfigMap/b", "ConfigMap/l"]
    assert known(root, flavour="argocd").facts.skip_marked == ("skip.yaml",)
    deep = known(root, flavour="argocd", recurse=True, include="*.y*ml", exclude="a.yaml")
    assert names(deep) == ["ConfigMap/l", "ConfigMap/c"]


def test_argo_cd_refuses_a_file_that_looks_like_objects_but_is_not(write):
    root = write({"a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: [\n", "b.yaml": CM % "b"})
    found = known(root, flavour="argocd")
    assert names(found) == ["ConfigMap/b"]
    assert found.facts.broken_yaml == ("a.yaml",)
    assert not found.complete


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        ({"Chart.yaml": "name: c\n"}, "helm"),
        ({"Chart.yaml": "name: c\n", "kustomization.yaml": "{}\n"}, "kustomize"),
        ({"Chart.yaml": "name: c\n", "Kustomization": "{}\n"}, "kustomize"),
        ({"myChart.yaml": "name: c\n", "kustomization.yml": "{}\n"}, "helm"),
        ({"a.yaml": "{}\n"}, "directory"),
    ],
)
def test_argo_cd_takes_the_last_tool_in_lexical_order(write, files, kind):
    assert known(write(files), flavour="argocd").kind_of_path == kind


def test_an_explicit_tool_wins(write):
    root = write({"Chart.yaml": "name: c\n", "a.yaml": CM % "a"})
    found = known(root, flavour="argocd", source_type="directory")
    assert names(found) == ["ConfigMap/a"]
    assert not known(root, flavour="argocd").complete


def test_links_are_read_by_argo_cd_and_missing_in_flux(write):
    root = write({"real/c.yaml": CM % "c", "app/kustomization.yaml": "resources: [c.yaml]\n"})
    (root / "app/c.yaml").symlink_to(root / "real/c.yaml")
    assert names(known(root, "app", "argocd", source_type="directory")) == ["ConfigMap/c"]
    assert names(known(root, "app", "argocd")) == ["ConfigMap/c"]
    flux = known(root, "app")
    assert reasons(flux) == ["`c.yaml` is a symbolic link, which Flux leaves out"]
    assert flux.facts.symlinks == ("app/c.yaml",)
    (root / "linked").symlink_to(root / "real")
    assert "behind a symbolic link" in content(root, "linked").reason
    assert names(known(root, "linked", "argocd")) == ["ConfigMap/c"]


def test_edits_of_a_controller_are_added_to_the_top_kustomization(write):
    root = write(
        {
            "over/kustomization.yaml": "resources: [c.yaml]\nnamespace: old\n",
            "over/c.yaml": CM % "a",
            "plain/c.yaml": CM % "a",
            "comp/kustomization.yaml": "kind: Component\nnameSuffix: -c\n",
        }
    )
    edits = {"namespace": "new", "components": ["../comp"]}
    assert names(known(root, "over", edits=edits)) == ["ConfigMap/new/a-c"]
    assert names(known(root, "plain", edits=edits)) == ["ConfigMap/new/a-c"]
    assert names(known(root, "over")) == ["ConfigMap/old/a"]


def test_facts_about_objects(write):
    body = (
        CM % "a, namespace: x"
        + "---\n"
        + CM % "a, namespace: x"
        + "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n"
        + "---\napiVersion: batch/v1\nkind: Job\nmetadata:\n  generateName: job-\n"
        "  annotations: {argocd.argoproj.io/hook: 'PreSync,Sync', argocd.argoproj.io/sync-wave: '-2',"
        " other: x}\n"
    )
    root = write({"a.yaml": body, ".argocd-source.yaml": "x: 1\n", ".argocd-source-web.yaml": ""})
    found = known(root, flavour="argocd")
    assert found.namespaces == ("x",)
    assert [str(o.ref) for o in found.namespace_manifests] == ["Namespace/x"]
    assert [str(a.ref) for a, _ in found.duplicates] == ["ConfigMap/x/a"]
    job = found.generated_names[0]
    assert (job.generate_name, job.wave, job.hooks) == ("job-", -2, ("PreSync", "Sync"))
    assert list(job.ordering) == ["argocd.argoproj.io/sync-wave", "argocd.argoproj.io/hook"]
    assert found.blank == (job,)
    assert found.facts.argocd_source_files == (".argocd-source-web.yaml", ".argocd-source.yaml")


def test_objects_for_local_configuration_are_dropped(write):
    local = CM % "x, annotations: {config.kubernetes.io/local-config: 'true'}"
    root = write({"kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": local})
    assert known(root).objects == ()
