"""Several sources of one Application, and values files that they lend each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.mapping.emission import ConvertOptions
from tests.unit.mapping.row_cases import Row, check, ids, run

if TYPE_CHECKING:
    from pathlib import Path

ENV = "https://git.example.com/acme/env.git"
OTHER = "https://git.example.com/acme/other.git"
CHART = "repoURL: 'https://charts.example.com', chart: api, targetRevision: 1.0.0"
FIRST = "spec.sources[0]"
PROD = {"prod/values.yaml": "a: 1\n"}
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: api}\n"
WAVED = CONFIG.replace("{name: api}", '{name: b, annotations: {argocd.argoproj.io/sync-wave: "1"}}')
FOLDER = ConvertOptions(to_folder=True)


def several(*sources: str, spec: str = "") -> str:
    listed = ", ".join(f"{{{source}}}" for source in sources)
    return (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
        "metadata: {name: shop, namespace: argocd}\n"
        "spec: {project: default, syncPolicy: {automated: {prune: true, selfHeal: true}}, "
        f"destination: {{server: https://kubernetes.default.svc, namespace: web}}, sources: [{listed}]{spec}}}\n"
    )


def lent(files: str, more: str = "", ref: str = "values") -> str:
    """A chart with values files of another source."""
    return several(
        f"{CHART}, helm: {{valueFiles: [{files}]{more}}}",
        f"repoURL: '{ENV}', targetRevision: main, ref: {ref}",
    )


VALUES = f"{FIRST}.helm.valueFiles[0]"
COPIES = ("spec.artifacts[0].copy[1]",)
ROWS = [
    Row(
        id="a merged file",
        text=lent("$values/prod/values.yaml"),
        path=VALUES,
        verdict="equivalent",
        targets=COPIES,
    ),
    Row(
        id="the generator needs a controller",
        text=lent("$values/prod/values.yaml"),
        code="A2F-HELM-006",
        shown="--components-extra=source-watcher",
    ),
    Row(
        id="a copied file",
        text=lent("$values/prod/values.yaml"),
        path=VALUES,
        verdict="approximate",
        code="A2F-MUL-003",
        targets=("spec.valuesFrom[0]",),
        shown="ConfigMap shop-values",
        files=PROD,
        flux="2.8",
        options=FOLDER,
    ),
    Row(
        id="a file put inline",
        text=lent("$values/prod/values.yaml"),
        path=VALUES,
        verdict="approximate",
        code="A2F-MUL-003",
        targets=("spec.values",),
        shown="`spec.values` of HelmRelease/flux-system/shop",
        files=PROD,
        flux="2.8",
    ),
    Row(
        id="a file that nobody can read",
        text=lent("$values/prod/values.yaml"),
        path=VALUES,
        verdict="manual",
        code="A2F-MUL-004",
        targets=("spec.valuesFrom[0]",),
        shown=f"--source {ENV}=DIR",
        flux="2.8",
    ),
    Row(
        id="a file of nobody",
        text=lent("$nobody/prod/values.yaml"),
        path=VALUES,
        verdict="manual",
        code="A2F-MUL-004",
        shown="no other source has `ref: nobody`",
    ),
    Row(
        id="a file of a chart",
        text=several(
            f"{CHART}, helm: {{valueFiles: [$lib/x.yaml]}}",
            f"{CHART}, ref: lib, helm: {{releaseName: b}}",
        ),
        path=VALUES,
        verdict="manual",
        code="A2F-MUL-004",
        shown="charts lend no files",
    ),
    Row(
        id="an address",
        text=lent("'https://example.com/x.yaml'"),
        path=VALUES,
        verdict="manual",
        code="A2F-HELM-007",
        shown="waits for it as `values.yaml` of ConfigMap shop-values",
    ),
    Row(
        id="a glob of files that cannot be seen",
        text=lent("'$values/prod/*.yaml'"),
        path=VALUES,
        verdict="manual",
        code="A2F-HELM-026",
    ),
    Row(
        id="a glob",
        text=lent("'$values/prod/*.yaml', $values/prod/values.yaml").replace(
            "ref: values", "ref: values, path: prod"
        ),
        path=VALUES,
        verdict="approximate",
        code="A2F-HELM-008",
        files={"prod/a.yaml": "a: 1\n", "prod/values.yaml": "a: 2\n"},
    ),
    Row(
        id="a name",
        text=lent("$values/x.yaml"),
        path="spec.sources[1].ref",
        verdict="equivalent",
        targets=("spec.sources[1].alias",),
    ),
    Row(
        id="a repository that lends files",
        text=lent("$values/x.yaml"),
        path="spec.sources[1].repoURL",
        targets=("spec.url",),
    ),
    Row(
        id="a repository of which copies were made",
        text=lent("$values/prod/values.yaml"),
        path="spec.sources[1].repoURL",
        verdict="equivalent",
        targets=(),
        files=PROD,
        flux="2.8",
    ),
    Row(
        id="missing files stop a generator",
        text=lent("$values/x.yaml", ", ignoreMissingValueFiles: true"),
        path=f"{FIRST}.helm.ignoreMissingValueFiles",
        verdict="approximate",
        code="A2F-MUL-006",
        shown="ArtifactGenerator/flux-system/shop",
    ),
    Row(
        id="missing files are known",
        text=lent("$values/x.yaml, $values/prod/values.yaml", ", ignoreMissingValueFiles: true"),
        path=f"{FIRST}.helm.ignoreMissingValueFiles",
        files={"prod/values.yaml": "a: 1\n"},
        flux="2.8",
    ),
    Row(
        id="a chart that cannot be seen",
        text=several(
            f"repoURL: '{OTHER}', path: charts/api, helm: {{valueFiles: [$values/x.yaml]}}",
            f"repoURL: '{ENV}', ref: values",
        ),
        code="A2F-MUL-008",
        shown=f"--source {OTHER}=DIR",
    ),
    Row(
        id="a bad name",
        text=lent("$values/x.yaml", ref="'a b'"),
        path="spec.sources[1].ref",
        verdict="manual",
        code="A2F-MUL-005",
        shown="letters, digits",
    ),
    Row(
        id="an address that Flux does not accept",
        text=lent("$values/x.yaml").replace(ENV, "file:///srv/env"),
        path="spec.sources[1].repoURL",
        verdict="manual",
        code="A2F-REV-011",
    ),
    Row(
        id="a file below an address that Flux does not accept",
        text=lent("$values/x.yaml").replace(ENV, "file:///srv/env"),
        path=VALUES,
        verdict="manual",
        code="A2F-MUL-004",
        shown="Flux does not accept the URL `file:///srv/env`",
    ),
    Row(
        id="a name of two sources",
        text=several(f"repoURL: '{ENV}', ref: a", f"repoURL: '{OTHER}', ref: a"),
        path="spec.sources[1].ref",
        verdict="manual",
        code="A2F-MUL-005",
        shown="two sources have it",
    ),
    Row(
        id="a source that nobody needs",
        text=several(f"repoURL: '{ENV}', path: a", f"repoURL: '{OTHER}', ref: files"),
        code="A2F-MUL-009",
        shown="`files`",
    ),
    Row(
        id="sources fall apart",
        text=several(f"repoURL: '{ENV}', path: a", f"repoURL: '{ENV}', path: b, name: more"),
        code="A2F-MUL-001",
        shown="Kustomization/flux-system/shop, Kustomization/flux-system/shop-more",
    ),
    Row(
        id="the name of a source",
        text=several(f"repoURL: '{ENV}', path: a", f"repoURL: '{ENV}', path: b, name: more"),
        path="spec.sources[1].name",
    ),
    Row(
        id="one object of two sources",
        text=several(f"repoURL: '{ENV}', path: a", f"repoURL: '{ENV}', path: b"),
        path="spec.sources[1].path",
        verdict="manual",
        code="A2F-MUL-002",
        shown="ConfigMap/web/api comes from source 1 and again from source 2",
        files={"a/x.yaml": CONFIG, "b/x.yaml": CONFIG},
    ),
    Row(
        id="waves of two folders",
        text=several(f"repoURL: '{ENV}', path: a", f"repoURL: '{ENV}', path: b"),
        code="A2F-MUL-010",
        shown="shop-2 waits for shop",
        files={"a/x.yaml": CONFIG, "b/x.yaml": WAVED},
    ),
    Row(
        id="waves beside a chart",
        text=several(f"repoURL: '{ENV}', path: b", CHART),
        code="A2F-MUL-011",
        shown="Kustomization/flux-system/shop do not count against HelmRelease/flux-system/shop-2",
        files={"b/x.yaml": WAVED},
    ),
    Row(
        id="one release name of two charts",
        text=several(CHART, CHART.replace("api", "web")),
        code="A2F-MUL-007",
        shown="the release record of the last is kept in flux-system",
    ),
]


@ids(ROWS)
def test_row(tmp_path: Path, row: Row) -> None:
    check(tmp_path, row)


def test_every_leaf_of_several_sources_is_judged(tmp_path: Path) -> None:
    """Leaves of a source are judged by what became of that source."""
    text = several(
        f"{CHART}, helm: {{valueFiles: [$values/a.yaml]}}",
        f"repoURL: '{ENV}', targetRevision: v1.2.0, ref: values, path: dir, directory: {{recurse: true}}",
    )
    conversion = run(tmp_path, Row(id="", text=text))
    assert conversion.findings == ()
    assert {entry.verdict.value for entry in conversion.entries} <= {
        "exact",
        "equivalent",
        "approximate",
    }
    by_path = {
        str(entry.path[-1]): entry for entry in conversion.entries if entry.path[2:3] == (1,)
    }
    assert [str(t) for t in by_path["recurse"].targets] == []
    assert [t.path for t in by_path["targetRevision"].targets] == ["spec.ref.tag"]


def test_a_leaf_of_the_app_is_judged_for_each_kind_of_object(tmp_path: Path) -> None:
    """A folder keeps `prune: false`, a chart beside it does not."""
    text = several(f"repoURL: '{ENV}', path: a", CHART).replace("prune: true", "prune: false")
    path = "spec.syncPolicy.automated.prune"
    check(tmp_path, Row(id="", text=text, path=path, verdict="approximate", code="A2F-SYN-002"))
