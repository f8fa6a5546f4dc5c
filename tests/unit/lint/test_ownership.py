"""Paths, files and owners where the examples of the rules do not reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.lint_run import lint_texts

if TYPE_CHECKING:
    from pathlib import Path

    from argoflux.finding import Finding

GIT = '[remote "origin"]\n\turl = https://git.example.com/fleet.git\n'
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: {namespace}}}\n"
KUSTOMIZATION = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  path: {path}
  sourceRef: {{kind: GitRepository, name: flux-system, namespace: flux-system}}
  {more}
"""
APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, namespace: argocd}}
spec:
  project: shop
  destination: {{server: "{server}", namespace: web}}
  {sources}
"""
SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: all, namespace: argocd}}
spec:
  goTemplate: true
  generators:
    - matrix:
        generators:
          - list: {{elements: [{{name: one}}]}}
          - git:
              repoURL: https://git.example.com/fleet.git
              revision: main
              {entries}
  template:
    metadata: {{name: "web-{{{{ .name }}}}"}}
    spec:
      project: shop
      source: {{repoURL: https://git.example.com/fleet.git, path: apps/web}}
      destination: {{server: https://kubernetes.default.svc, namespace: web}}
"""
LOCAL = "https://kubernetes.default.svc"


def findings(folder: Path, code: str, texts: dict[str, str]) -> list[Finding]:
    """What one rule finds in some files."""
    return [f for f in lint_texts(folder, texts, code=code).findings if f.code == code]


def kustomization(name: str, path: str, more: str = "", namespace: str = "flux-system") -> str:
    """One Kustomization of the repository at hand."""
    return KUSTOMIZATION.format(name=name, path=path, more=more, namespace=namespace)


def application(name: str, sources: str, server: str = LOCAL) -> str:
    """One Application; ``sources`` is its ``source`` or ``sources`` in flow style."""
    return APPLICATION.format(name=name, sources=sources, server=server)


def config(name: str, namespace: str = "web") -> str:
    """One ConfigMap."""
    return CONFIG.format(name=name, namespace=namespace)


# --- AF205, AF208, AF215: Applications


def test_projects_kept_elsewhere_are_told_once(tmp_path: Path) -> None:
    """Where no project is in the files, each missing one is told at its first user."""
    one = "source: {repoURL: https://git.example.com/fleet.git, path: web}"
    texts = {f"{name}.yaml": application(name, one) for name in ("api", "web")}
    (found,) = findings(tmp_path, "AF205", texts)
    assert found.severity == "info"
    assert "(and 1 more state it)" in found.message


def test_projects_of_a_chart_are_not_seen(tmp_path: Path) -> None:
    """The chart argocd-apps makes projects of its values."""
    project = "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: pay, namespace: argocd}\n"
    chart = "source: {repoURL: https://argoproj.github.io/argo-helm, chart: argocd-apps, targetRevision: 2.0.0}"
    texts = {
        "pay.yaml": project,
        "apps.yaml": application("apps", chart).replace("project: shop", "project: pay"),
        "web.yaml": application("web", chart.replace("argocd-apps", "web")),
    }
    (found,) = findings(tmp_path, "AF205", texts)
    assert found.severity == "info"


LENDER = "{repoURL: https://git.example.com/fleet.git, ref: values%s}"
CHART = "{repoURL: https://charts.example.com, chart: web, helm: {valueFiles: ['%s']}}"


@pytest.mark.parametrize(
    ("sources", "words"),
    [
        (f"sources: [{CHART % '$values/a.yaml'}, {LENDER % ', chart: x'}]", "charts lend no files"),
        (f"sources: [{CHART % 'a.yaml'}, {LENDER % ''}]", "no values file uses `$values/…`"),
        (f"sources: [{CHART % '$values/x/a.yaml'}, {LENDER % ', path: x'}]", "leave `path` out"),
        (f"sources: [{CHART % '$values/a.yaml'}, {LENDER % ', path: x'}]", ""),
        (f"sources: [{CHART % 'x/$values/a.yaml'}, {LENDER % ''}]", "only counts at the start"),
        (
            f"sources: [{CHART % '$values/a.yaml'}, {LENDER % ''}, {LENDER % ''}]",
            "two sources have `ref: values`",
        ),
        (f"sources: [{CHART % '$other/a.yaml'}]", "no source has `ref: other`"),
        (
            "source: {repoURL: x, path: web, helm: {fileParameters: [{name: a, path: $v/a}]}}",
            "a single `source` has no other to refer to",
        ),
    ],
)
def test_values_of_other_sources(tmp_path: Path, sources: str, words: str) -> None:
    """What is wrong with a name, and what is only odd."""
    said = [
        f.message for f in findings(tmp_path, "AF208", {"web.yaml": application("web", sources)})
    ]
    assert bool(said) is bool(words)
    assert any(words in message for message in said) or not words


SECRET = """\
apiVersion: v1
kind: Secret
metadata:
  name: {name}
  namespace: argocd
  labels: {{argocd.argoproj.io/secret-type: cluster}}
stringData: {{name: {cluster}, server: "https://{name}.example.com"}}
"""


@pytest.mark.parametrize(
    ("names", "destination", "words"),
    [
        (("prod", "prod"), "name: prod", "2 clusters are named `prod`"),
        (("prod", "test"), "name: prods", "did you mean `prod`?"),
        (("prod", "test"), "name: in-cluster", "is switched off by `cluster.inClusterEnabled`"),
        (("prod", "test"), "name: '{{ .cluster }}'", ""),
    ],
)
def test_clusters(tmp_path: Path, names: tuple[str, ...], destination: str, words: str) -> None:
    """Names that are shared, misspelt, or switched off."""
    texts = {f"{n}.yaml": SECRET.format(name=f"c{n}", cluster=name) for n, name in enumerate(names)}
    texts["cm.yaml"] = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: argocd-cm, namespace: argocd}\n"
        'data: {cluster.inClusterEnabled: "false"}\n'
    )
    source = "source: {repoURL: https://git.example.com/fleet.git, path: web}"
    texts["web.yaml"] = application("web", source).replace(f'server: "{LOCAL}"', destination)
    said = [f.message for f in findings(tmp_path, "AF215", texts)]
    assert len(said) == bool(words)
    assert all(words in message for message in said)


# --- AF206, AF207: paths and files


@pytest.mark.parametrize(
    ("entries", "count"),
    [
        ("directories: [{path: apps/*}]", 0),
        ("directories: [{path: app/*}, {path: nothing, exclude: true}]", 1),
        ("files: [{path: 'apps/*/config.yaml'}, {path: 'apps/*/config.json'}]", 1),
        ('files: [{path: "{{ .name }}/config.json"}]', 0),
    ],
)
def test_paths_of_generators(tmp_path: Path, entries: str, count: int) -> None:
    """Each path has to match something; what is excluded need not."""
    texts = {
        ".git/config": GIT,
        "apps/web/config.yaml": config("web"),
        "all.yaml": SET.format(entries=entries),
    }
    assert len(findings(tmp_path, "AF206", texts)) == count


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("../other", "leaves the repository"),
        ("apps/web/config.yaml", "is a file"),
        ("apps/frontent", "(but `apps/frontend` does)"),
    ],
)
def test_paths_of_applications(tmp_path: Path, path: str, words: str) -> None:
    """What is wrong with a path is told in its own words."""
    source = f"source: {{repoURL: git@git.example.com:fleet.git, path: {path}}}"
    texts = {
        ".git/config": GIT,
        "apps/web/config.yaml": config("web"),
        "apps/frontend/config.yaml": config("frontend"),
        "web.yaml": application("web", source),
    }
    (found,) = findings(tmp_path, "AF206", texts)
    assert words in found.message


def test_a_folder_without_a_chart(tmp_path: Path) -> None:
    """A HelmRelease needs a chart where it points."""
    source = (
        "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\n"
        "metadata: {name: fleet, namespace: apps}\nspec: {url: https://git.example.com/fleet}\n"
    )
    release = (
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n"
        "metadata: {name: web, namespace: apps}\n"
        "spec: {chart: {spec: {chart: ./charts/web, sourceRef: {kind: GitRepository, name: fleet}}}}\n"
    )
    texts = {
        ".git/config": GIT,
        "charts/web/values.yaml": "a: 1\n",
        "web.yaml": source + "---\n" + release,
    }
    (found,) = findings(tmp_path, "AF206", texts)
    assert "holds no Chart.yaml" in found.message


# --- AF201, AF209, AF210: owners


def test_two_kustomizations_of_other_clusters(tmp_path: Path) -> None:
    """The same path for two clusters is no overlap; the Secrets of both may have one name."""
    remote = "kubeConfig: {secretRef: {name: cluster}}"
    texts = {
        "apps/config.yaml": config("web"),
        "hub/one.yaml": kustomization("apps", "./apps", remote, "one"),
        "hub/two.yaml": kustomization("apps", "./apps", remote, "two"),
    }
    assert findings(tmp_path, "AF209", texts) == []


@pytest.mark.parametrize(
    ("more", "note", "count"),
    [
        ("", "", 1),
        ("suspend: true", "", 0),
        ("", "kustomize.toolkit.fluxcd.io/prune: disabled", 0),
        ("", "kustomize.toolkit.fluxcd.io/ssa: IfNotPresent", 0),
    ],
)
def test_what_counts_as_overlap(tmp_path: Path, more: str, note: str, count: int) -> None:
    """Suspended owners and objects that are only created do not fight."""
    notes = f"annotations: {{{note}}}, " if note else ""
    texts = {
        "apps/config.yaml": config("web").replace("{name", f"{{{notes}name"),
        "cluster/one.yaml": kustomization("one", "./apps"),
        "cluster/two.yaml": kustomization("two", "./apps", more),
    }
    assert len(findings(tmp_path, "AF209", texts)) == count


@pytest.mark.parametrize(
    ("left", "right", "count"),
    [
        ("path: apps", "path: apps", 1),
        ("path: apps", "path: apps, directory: {include: a.yaml}", 0),
        ("path: apps, kustomize: {namePrefix: a-}", "path: apps, kustomize: {namePrefix: b-}", 0),
        ("path: apps, targetRevision: v1", "path: apps, targetRevision: v1", 1),
        ("path: apps, targetRevision: v1", "path: apps, targetRevision: v2", 0),
        ("path: ., directory: {recurse: true}", "path: apps", 1),
        ("path: ., directory: {recurse: true, exclude: 'apps/*'}", "path: apps", 0),
    ],
)
def test_two_applications(tmp_path: Path, left: str, right: str, count: int) -> None:
    """Two Applications overlap where they make the same objects of one path."""
    texts = {
        f"{name}.yaml": application(
            name, f"source: {{repoURL: https://git.example.com/fleet.git, {source}}}"
        )
        for name, source in (("one", left), ("two", right))
    }
    assert len(findings(tmp_path, "AF209", texts)) == count


AUTO = "syncPolicy: {automated: {}}"


@pytest.mark.parametrize(
    ("server", "folders", "severities"),
    [
        ("https://prod.example.com", ("east", "west"), ["error"]),
        (LOCAL, ("east", "west"), []),
        (LOCAL, ("hub", "hub"), ["warning"]),
        (LOCAL, ("clusters/hub/flux-system", "clusters/hub/apps"), ["error"]),
    ],
)
def test_how_sure_it_is_that_two_share_a_cluster(
    tmp_path: Path, server: str, folders: tuple[str, str], severities: list[str]
) -> None:
    """A cluster by its address is one; the cluster that Argo CD runs in is that of a folder."""
    source = f"source: {{repoURL: https://git.example.com/fleet.git, path: apps}}\n  {AUTO}"
    texts = {
        f"{folder}/{name}.yaml": application(name, source, server)
        for folder, name in zip(folders, ("one", "two"), strict=True)
    }
    if "clusters" in folders[0]:
        texts["clusters/hub/flux-system/gotk-sync.yaml"] = kustomization(
            "flux-system", "./clusters/hub"
        )
    assert [f.severity for f in findings(tmp_path, "AF209", texts)] == severities


def test_a_generated_object_is_no_second_definition(tmp_path: Path) -> None:
    """Names that end in a hash differ."""
    texts = {
        "cluster/apps.yaml": kustomization("apps", "./apps"),
        "apps/kustomization.yaml": "namespace: web\nresources: [config.yaml]\n"
        "configMapGenerator: [{name: web, literals: [a=b]}]\n",
        "apps/config.yaml": config("web"),
    }
    assert findings(tmp_path, "AF201", texts) == []


@pytest.mark.parametrize(
    ("more", "severity", "words"),
    [
        ({}, "warning", "Argo CD keeps only one of them"),
        ({"apps/kustomization.yaml": "resources: [one.yaml, two.yaml]\n"}, "error", "refuses"),
    ],
    ids=["plain folder", "kustomize"],
)
def test_twice_in_the_path_of_an_application(
    tmp_path: Path, more: dict[str, str], severity: str, words: str
) -> None:
    """Argo CD and kustomize take it differently."""
    texts = {
        "web.yaml": application(
            "web", "source: {repoURL: https://git.example.com/fleet.git, path: apps}"
        ),
        "apps/one.yaml": config("web"),
        "apps/two.yaml": config("web"),
        **more,
    }
    (found,) = findings(tmp_path, "AF201", texts)
    assert found.severity == severity
    assert words in found.message
    assert found.place.source.name == "apps/two.yaml"


@pytest.mark.parametrize(
    ("path", "automated", "words"),
    [
        ("apps/web", "{}", ["both manage ConfigMap/web/web, if they run in one cluster"]),
        ("apps/other", "{}", []),
        ("apps/web", "{enabled: false}", []),
    ],
)
def test_objects_that_both_systems_apply(
    tmp_path: Path, path: str, automated: str, words: list[str]
) -> None:
    """Paths may differ: what counts is the objects."""
    source = f"source: {{repoURL: https://git.example.com/fleet.git, path: {path}}}"
    sync = f"syncPolicy: {{automated: {automated}}}"
    texts = {
        ".git/config": GIT,
        "web.yaml": application("web", f"{source}\n  {sync}"),
        "apps.yaml": kustomization("apps", "./apps"),
        "apps/web/config.yaml": config("web"),
        "apps/other/config.yaml": config("other").replace("namespace: web", "x: y"),
    }
    said = [f.message for f in findings(tmp_path, "AF210", texts)]
    assert len(said) == len(words)
    assert all(word in message for word, message in zip(words, said, strict=True))


# --- AF212, AF213, AF216


RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web, namespace: web}
spec:
  chartRef: {kind: OCIRepository, name: web}
  valuesFrom: [{kind: Secret, name: values}]
"""
EXTERNAL = """\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  target:
    name: values
    template: {{metadata: {{annotations: {{{note}}}}}}}
"""


@pytest.mark.parametrize(
    ("secret", "count"),
    [
        (EXTERNAL.format(name="x", namespace="web", note=""), 0),
        (EXTERNAL.format(name="x", namespace="data", note=""), 1),
        (
            EXTERNAL.format(
                name="x", namespace="data", note="reflector.v1.k8s.emberstack.com/x: a"
            ),
            0,
        ),
    ],
    ids=["made here", "made elsewhere", "copied"],
)
def test_secrets_that_others_make(tmp_path: Path, secret: str, count: int) -> None:
    """What makes a Secret counts as the Secret, and copies arrive everywhere."""
    texts = {
        "cluster/apps.yaml": kustomization("apps", "./apps"),
        "apps/release.yaml": RELEASE,
        "apps/secret.yaml": secret,
    }
    assert len(findings(tmp_path, "AF212", texts)) == count


def test_files_of_plugins_are_listed(tmp_path: Path) -> None:
    """A file that a generator reads is named by the generator's own file."""
    listed = [f"c{number}.yaml" for number in range(4)]
    texts = {
        ".git/config": GIT,
        "web.yaml": application(
            "web", "source: {repoURL: https://git.example.com/fleet.git, path: apps}"
        ),
        "apps/kustomization.yaml": f"resources: [{', '.join(listed)}]\ngenerators: [secrets.yaml]\n",
        "apps/secrets.yaml": "apiVersion: viaduct.ai/v1\nkind: ksops\nmetadata: {name: s}\nfiles: [./s.enc.yaml]\n",
        "apps/s.enc.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n",
        **{f"apps/{name}": config(name[:2]) for name in listed},
    }
    assert findings(tmp_path, "AF216", texts) == []
    texts["apps/extra.yaml"] = config("extra")
    (found,) = findings(tmp_path / "again", "AF216", texts)
    assert found.place.source.name == "apps/extra.yaml"
