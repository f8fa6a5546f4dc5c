"""Reading Argo CD objects: which Applications become apps, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from argoflux.model.render import Helm, Kustomize, Opened, Plain
from tests.convert_run import convert_texts
from tests.unit.argocd_cases import application, convert_case, known, resources_from

if TYPE_CHECKING:
    from pathlib import Path

    from argoflux.model.app import App

GIT = "repoURL: https://github.com/acme/shop"
CHART = "repoURL: https://charts.example.com, chart: redis"


def app_of(text: str, **more: Any) -> App:
    (app,) = convert_case(text, **more).loaded.estate.apps
    return app


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("{repoURL: https://charts.example.com, chart: redis}", "A2F-OBJ-003"),
        ("{repoURL: 's3://charts', chart: redis, targetRevision: 1.0.0}", "A2F-REV-011"),
        ("{repoURL: oci://reg.example.com/x, path: ., targetRevision: '1.0'}", "A2F-SRC-017"),
        ("{repoURL: oci://reg.example.com/x, path: ., helm: {}}", "A2F-OBJ-003"),
        ("{repoURL: oci://x, path: ., targetRevision: '1', helm: {}}", "A2F-OBJ-003"),
        (f"{{{CHART}, targetRevision: 1.0.0, kustomize: {{}}}}", "A2F-OBJ-003"),
        ("{repoURL: oci://reg.example.com/x, chart: y, targetRevision: '1'}", "A2F-SRC-022"),
        (f"{{{GIT}, plugin: {{name: x}}}}", "A2F-PLG-001"),
        (f"{{{GIT}, path: ../x}}", "A2F-OBJ-003"),
        ("{path: x}", "A2F-OBJ-003"),
        ("{}", "A2F-OBJ-003"),
        ("null", "A2F-OBJ-003"),
        ("[1, 2]", "A2F-OBJ-003"),
        ("{repoURL: 'file:///srv/git/x'}", "A2F-REV-011"),
        ("{repoURL: 'git://example.com/x'}", "A2F-REV-011"),
        (f"{{{GIT}, kustomize: {{}}, helm: {{}}}}", "A2F-SRC-000"),
        (f"{{{GIT}, directory: {{jsonnet: {{tlas: [{{name: a}}]}}}}}}", "A2F-SRC-004"),
        (f"{{{GIT}, helm: {{values: '- a'}}}}", "A2F-HELM-024"),
        (f"{{{GIT}, helm: {{releaseName: {'r' * 54}}}}}", "A2F-HELM-018"),
    ],
)
def test_refused_sources(source: str, code: str) -> None:
    """A refused Application has one reason and no Flux object."""
    case = convert_case(application(source))
    assert case.codes() == {code}
    assert case.emission.drafts == []


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        ("destination: {server: 'https://x', name: y}", "A2F-DST-006"),
    ],
)
def test_refused_specs(spec: str, code: str) -> None:
    case = convert_case(application(f"{{{GIT}}}", spec=spec))
    assert case.codes() == {code}


def test_app_of_apps_without_its_children_is_refused() -> None:
    """What the path holds is not in the input, so nothing was made of it."""
    content = known("ConfigMap/a/b")
    tree = resources_from(application(f"{{{GIT}}}", name="child"))[0]
    from dataclasses import replace

    held = replace(content.objects[0], ref=tree.ref)
    case = convert_case(application(f"{{{GIT}}}"), content=replace(content, objects=(held,)))
    assert case.codes() == {"A2F-OBJ-005"}


def test_one_of_sources_counts() -> None:
    """`sources` with one item wins over `source`."""
    text = application(f"{{{GIT}}}", spec="sources: [{repoURL: 'https://a/b', path: x}]")
    case = convert_case(text)
    (app,) = case.loaded.estate.apps
    assert app.parts[0].source.url == "https://a/b"
    assert "A2F-SRC-020" in case.codes()


@pytest.mark.parametrize(
    ("block", "content", "render"),
    [
        ("kustomize: {}", None, Kustomize),
        ("helm: {}", None, Helm),
        ("directory: {}", None, Plain),
        ("path: x", known(kind="helm"), Helm),
        ("path: x", known(kind="kustomize"), Kustomize),
        ("path: x", known(kind="directory"), Plain),
        ("path: x", None, Opened),
        ("kustomize: null", known(kind="directory"), Plain),
    ],
)
def test_source_type(block: str, content: Any, render: type) -> None:
    """A block decides, else what the directory holds; nothing known stays open."""
    more = {} if content is None else {"content": content}
    case = convert_case(application(f"{{{GIT}, {block}}}"), **more)
    (app,) = case.loaded.estate.apps
    assert isinstance(app.parts[0].render, render)
    assert ("A2F-SRC-007" in case.codes()) == (render is Opened)


def test_tool_switched_off() -> None:
    """argocd-cm can make kustomize sources plain directories."""
    settings = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: argocd-cm, namespace: argocd}\n"
        "data: {kustomize.enable: 'false', timeout.reconciliation: 10m}\n---\n"
    )
    case = convert_case(settings + application(f"{{{GIT}, kustomize: {{}}}}"))
    (app,) = case.loaded.estate.apps
    assert isinstance(app.parts[0].render, Plain)
    assert case.spec("GitRepository")["interval"] == "10m"


def test_override_files_are_merged() -> None:
    """Both files are merge patches, the one of the Application last; places stay."""
    files = {
        "app/.argocd-source.yaml": "path: other\nkustomize: {namePrefix: a-, nameSuffix: -z}\n",
        "app/.argocd-source-shop.yaml": "kustomize: {namePrefix: b-, images: ['x:2']}\n",
    }
    text = application(f"{{{GIT}, path: app, kustomize: {{nameSuffix: -y}}}}")
    case = convert_case(text, files=files)
    (app,) = case.loaded.estate.apps
    render = app.parts[0].render
    assert app.parts[0].path == "app"
    assert isinstance(render, Kustomize)
    assert (render.name_prefix, render.name_suffix) == ("b-", "-z")
    assert render.images[0].new_tag == "2"
    assert case.said("A2F-SRC-011")["files"] == (
        "app/.argocd-source.yaml, app/.argocd-source-shop.yaml"
    )


def test_build_variables() -> None:
    """Known variables are expanded as os.Expand does, run-time ones are left and reported."""
    images = (
        "['a=$ARGOCD_APP_NAME:${ARGOCD_APP_NAMESPACE}', 'b=b:$ARGOCD_APP_REVISION', "
        "'c=$NOBODY/c:1', 'd=d:$$x']"
    )
    case = convert_case(application(f"{{{GIT}, kustomize: {{images: {images}}}}}"))
    render = case.loaded.estate.apps[0].parts[0].render
    assert isinstance(render, Kustomize)
    assert [(i.new_name, i.new_tag) for i in render.images] == [
        ("shop", "shop"),
        ("b", "$ARGOCD_APP_REVISION"),
        ("/c", "1"),
        ("d", "$x"),
    ]
    assert {"A2F-SRC-012", "A2F-SRC-025"} <= case.codes()


def test_automation() -> None:
    """Automation is on when the block is there and not disabled."""
    cases = {
        "syncPolicy: {}": (True, False),
        "syncPolicy: {automated: null}": (True, False),
        "syncPolicy: {automated: {}}": (False, True),
        "syncPolicy: {automated: {enabled: false, prune: true}}": (True, True),
        "syncPolicy: {automated: {enabled: true}}": (False, True),
    }
    for spec, expected in cases.items():
        sync = app_of(application(f"{{{GIT}}}", spec=spec)).sync
        assert (sync.suspended, sync.automated_stated) == expected, spec


@pytest.mark.parametrize(
    ("finalizers", "deletion"),
    [
        ("[]", "orphan"),
        ("[other.example.com/x]", "orphan"),
        ("[resources-finalizer.argocd.argoproj.io]", "foreground"),
        ("[resources-finalizer.argocd.argoproj.io/foreground]", "foreground"),
        ("[resources-finalizer.argocd.argoproj.io/background]", "background"),
    ],
)
def test_deletion(finalizers: str, deletion: str) -> None:
    text = application(f"{{{GIT}}}", metadata=f"finalizers: {finalizers}")
    assert app_of(text).deletion == deletion


def test_values_object_wins() -> None:
    """With both set, only `valuesObject` counts."""
    text = application(f"{{{GIT}, helm: {{values: 'a: 1', valuesObject: {{b: 2}}}}}}")
    render = app_of(text).parts[0].render
    assert isinstance(render, Helm)
    assert render.values == {"b": 2}


def test_values_files() -> None:
    """Paths count from the repository's root; globs are expanded where files can be seen."""
    block = "valueFiles: [a.yaml, ../b.yaml, /c.yaml, 'env/*.yaml', $ref/x.yaml, 'https://x/y']"
    text = application(f"{{{GIT}, path: charts/shop, helm: {{{block}}}}}")
    files = {"charts/shop/env/q.yaml": "", "charts/shop/env/p.yaml": "", "env/r.yaml": ""}
    case = convert_case(text, files=files)
    render = case.loaded.estate.apps[0].parts[0].render
    assert isinstance(render, Helm)
    assert render.values_files == (
        "charts/shop/a.yaml",
        "charts/b.yaml",
        "c.yaml",
        "charts/shop/env/p.yaml",
        "charts/shop/env/q.yaml",
        "$ref/x.yaml",
        "https://x/y",
    )
    assert set(case.facts()["globs"]) == {"env/*.yaml"}
    assert convert_case(text).facts()["globs_unread"] == ("env/*.yaml",)


def test_common_annotations_of_flux_are_read_back() -> None:
    """A patch on every kind that only sets annotations is what Flux calls common annotations."""
    patch = "{metadata: {name: x, annotations: {a: b}}}"
    patches = f"[{{target: {{kind: '.*'}}, patch: '{patch}'}}, {{target: {{kind: Job}}, patch: '{patch}'}}]"
    render = app_of(application(f"{{{GIT}, kustomize: {{patches: {patches}}}}}")).parts[0].render
    assert isinstance(render, Kustomize)
    assert render.annotations == {"a": "b"}
    assert not render.annotations_on_templates
    assert [p.target for p in render.patches] == [{"kind": "Job"}]


def test_projects() -> None:
    """An open project needs nothing; each other is a tenant."""
    spec = (
        "{sourceRepos: ['*'], destinations: [{server: '*', namespace: '*'}], "
        "clusterResourceWhitelist: [{group: '*', kind: '*'}]}"
    )
    text = "\n---\n".join(
        f"apiVersion: argoproj.io/v1alpha1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}"
        for kind, name, spec in (
            ("AppProject", "default", spec),
            ("AppProject", "closed", "{sourceRepos: ['*']}"),
        )
    )
    loaded = convert_case(text).loaded
    assert [i.resource.ref.name for i in loaded.idle] == ["default"]
    assert [t.name for t in loaded.estate.tenants if not t.open] == ["closed"]
    assert loaded.refused == []


@pytest.mark.parametrize(
    "spec",
    [
        "destination: []",
        "syncPolicy: 3",
        "syncPolicy: {automated: true, syncOptions: {}, retry: [1]}",
        "ignoreDifferences: {}\ninfo: [1, {name: [a]}]",
        "revisionHistoryLimit: many",
        "project: [a]",
    ],
)
def test_wrong_shapes_are_survived(spec: str) -> None:
    """Values of the wrong type count as absent: judging them is the business of lint."""
    source = (
        f"{{{GIT}, kustomize: {{images: {{a: b}}, replicas: 3, patches: [x], commonLabels: [a]}}}}"
    )
    assert convert_case(application(source, spec=spec)).names("Kustomization") == ["shop"]


def test_order_of_the_input_does_not_matter() -> None:
    text = "\n---\n".join(application(f"{{{GIT}}}", name=name) for name in ("c", "a", "b"))
    forward = resources_from(text)
    first, second = convert_case(forward), convert_case(forward[::-1])
    assert [d.body for d in first.emission.drafts] == [d.body for d in second.emission.drafts]


WITHHOLDS = """{repoURL: https://github.com/acme/shop, path: apps, kustomize: {patches: [
  {target: {group: helm.toolkit.fluxcd.io},
   patch: "$patch: delete\\napiVersion: v1\\nkind: ignored\\nmetadata:\\n  name: ignored\\n"},
  {target: {kind: Namespace, name: web},
   patch: "apiVersion: v1\\nkind: ignored\\nmetadata:\\n  name: ignored\\n  annotations:\\n    argocd.argoproj.io/sync-options: Prune=false\\n"},
  {target: {kind: Namespace, name: own},
   patch: "apiVersion: v1\\nkind: ignored\\nmetadata:\\n  name: ignored\\n  annotations:\\n    example.com/owner: web\\n"},
  {target: {group: apps},
   patch: "$patch: delete\\napiVersion: v1\\nkind: ignored\\nmetadata:\\n  name: ignored\\n"}]}}"""


@pytest.mark.parametrize(
    ("annotation", "left"),
    [
        ("", ["helm.toolkit.fluxcd.io", "web", "own", "apps"]),
        ("argoflux.dev/source: Kustomization/flux-system/web", ["own", "apps"]),
    ],
)
def test_patches_that_only_argocd_needs(annotation: str, left: list[str]) -> None:
    """An Application that was a Kustomization loses what kept Flux objects out, and instructions."""
    text = application(WITHHOLDS, name="web", metadata=f"annotations: {{{annotation}}}")
    (app,) = convert_case(text).loaded.estate.apps
    render = app.parts[0].render
    assert isinstance(render, Kustomize)
    targets = [dict(patch.target or {}) for patch in render.patches]
    assert [target.get("group") or target["name"] for target in targets] == left


FLUX_FILE = (
    "apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: {name: charts}\n"
)
PLAIN_FILE = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"


@pytest.mark.parametrize(
    ("source", "exclude", "left"),
    [
        ("Kustomization/flux-system/web", "charts.yaml", None),
        ("Kustomization/flux-system/web", "{charts.yaml,below/release.yaml}", None),
        ("Kustomization/flux-system/web", "{charts.yaml,plain.yaml}", "{charts.yaml,plain.yaml}"),
        ("Kustomization/flux-system/web", "*.yaml", "*.yaml"),
        ("Kustomization/flux-system/web", "gone.yaml", "gone.yaml"),
        ("Kustomization/flux-system/web", "both.yaml", "both.yaml"),
        ("", "charts.yaml", "charts.yaml"),
    ],
)
def test_files_of_flux_objects_are_left_out_of_argocd_only(
    tmp_path: Path, source: str, exclude: str, left: str | None
) -> None:
    """By name, and only where nothing else is in them."""
    noted = f"annotations: {{argoflux.dev/source: {source}}}" if source else ""
    where = (
        "{repoURL: 'https://git.example.com/acme/web.git', path: app, targetRevision: main,"
        f" directory: {{recurse: true, include: '{{*.yaml,*.yml}}', exclude: '{exclude}'}}}}"
    )
    texts = {
        "web.yaml": application(where, name="web", metadata=noted),
        "app/charts.yaml": FLUX_FILE,
        "app/below/release.yaml": FLUX_FILE,
        "app/plain.yaml": PLAIN_FILE,
        "app/both.yaml": f"{FLUX_FILE}---\n{PLAIN_FILE}",
    }
    _, result = convert_texts(tmp_path, texts, "flux")
    (repository,) = [d.body for d in result.documents if d.body["kind"] == "GitRepository"]
    assert ("ignore" in repository["spec"]) is (left is not None)  # type: ignore[operator]  # bodies are documents
    (entry,) = [e for e in result.entries if e.path[-1:] == ("exclude",)]
    assert str(entry.verdict) == ("approximate" if left else "equivalent")
