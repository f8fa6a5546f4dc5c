"""Charts from Helm repositories and registries, and artifacts with manifests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.mapping.emission import ConvertOptions
from tests.convert_run import convert_texts
from tests.unit.mapping.row_cases import Row, check, ids, run

if TYPE_CHECKING:
    from pathlib import Path

    from argoflux.convert.result import Conversion

WEB, REGISTRY, ARTIFACT = (
    "https://charts.example.com/shop/",
    "reg.example.com/charts",
    "oci://reg.example.com/shop",
)
DIGEST = f"sha256:{'0123456789abcdef' * 4}"
LEAKY = "https://bot:hunter2@charts.example.com/shop"
VERSION, PARTIAL = "targetRevision: 1.2.3", "targetRevision: '1.2'"
SOURCE = "spec.source"


def application(url: str, source: str = "", *, spec: str = "") -> str:
    """An Application without a path."""
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: shop, namespace: argocd, finalizers: [resources-finalizer.argocd.argoproj.io]}}
spec: {{
  project: default,
  destination: {{server: https://kubernetes.default.svc, namespace: web}},
  syncPolicy: {{automated: {{prune: true, selfHeal: true}}}},
  source: {{repoURL: '{url}', {source}}}{spec} }}
"""


def web(source: str = VERSION, url: str = WEB) -> str:
    return application(url, f"chart: api, {source}")


def registry(source: str = VERSION) -> str:
    return application(REGISTRY, f"chart: api, {source}")


def artifact(source: str) -> str:
    return application(ARTIFACT, source)


CHART = "spec.chart.spec"
ROWS = [
    Row(id="the chart", text=web(), path=f"{SOURCE}.chart", targets=(f"{CHART}.chart",)),
    Row(id="its repository", text=web(), path=f"{SOURCE}.repoURL", targets=("spec.url",)),
    Row(
        id="a version",
        text=web(),
        path=f"{SOURCE}.targetRevision",
        targets=(f"{CHART}.version",),
    ),
    Row(id="a range", text=web("targetRevision: '>=1 <2'"), path=f"{SOURCE}.targetRevision"),
    Row(
        id="a part of a version",
        text=web(PARTIAL),
        path=f"{SOURCE}.targetRevision",
        verdict="approximate",
        code="A2F-REV-008",
        shown="highest match of `api`",
    ),
    Row(
        id="no version at all",
        text=web("targetRevision: main"),
        path=f"{SOURCE}.targetRevision",
        verdict="manual",
        code="A2F-REV-012",
    ),
    Row(
        id="a path that nobody reads",
        text=web(f"path: charts, {VERSION}"),
        path=f"{SOURCE}.path",
        verdict="equivalent",
        targets=(),
    ),
    Row(
        id="credentials in the address",
        text=web(url=LEAKY),
        path=f"{SOURCE}.repoURL",
        verdict="manual",
        code="A2F-SEC-009",
        shown="the Secret of its HelmRepository needs them",
    ),
    Row(
        id="credentials in the address of a registry",
        text=application("robot:hunter2@reg.example.com/charts", f"chart: api, {VERSION}"),
        path=f"{SOURCE}.repoURL",
        verdict="manual",
        code="A2F-SEC-009",
        shown="inside the URL of oci://reg.example.com/charts/api were taken out",
    ),
    Row(
        id="credentials in the address of an artifact",
        text=application("oci://robot:hunter2@reg.example.com/x", f"path: ., {VERSION}"),
        path=f"{SOURCE}.repoURL",
        verdict="manual",
        code="A2F-SRC-017",
        shown="the address oci://reg.example.com/x does not tell",
    ),
    Row(
        id="credentials for other hosts",
        text=web(f"{VERSION}, helm: {{passCredentials: true}}"),
        path=f"{SOURCE}.helm.passCredentials",
        targets=("spec.passCredentials",),
    ),
    Row(
        id="credentials for other hosts mean nothing to a registry",
        text=registry(f"{VERSION}, helm: {{passCredentials: true}}"),
        path=f"{SOURCE}.helm.passCredentials",
        verdict="equivalent",
    ),
    Row(id="a chart of a registry", text=registry(), path=f"{SOURCE}.chart", targets=("spec.url",)),
    Row(
        id="its tag",
        text=registry(),
        path=f"{SOURCE}.targetRevision",
        targets=("spec.ref.tag",),
    ),
    Row(
        id="its range",
        text=registry("targetRevision: 1.x"),
        path=f"{SOURCE}.targetRevision",
        targets=("spec.ref.semver",),
    ),
    Row(
        id="a tag that is no full version",
        text=registry(PARTIAL),
        path=f"{SOURCE}.targetRevision",
        verdict="approximate",
        code="A2F-SRC-023",
        shown="OCIRepository shop",
    ),
    Row(
        id="its version gets a digest",
        text=registry(),
        code="A2F-HELM-014",
        shown="the digest of the artifact to the version of `api`",
    ),
    Row(
        id="a list of values files changes the version",
        text=web(f"{VERSION}, helm: {{valueFiles: [prod.yaml]}}"),
        code="A2F-HELM-014",
        shown="a number for the list of values files",
    ),
    Row(
        id="a digest",
        text=registry(f"targetRevision: '{DIGEST}'"),
        path=f"{SOURCE}.targetRevision",
        targets=("spec.ref.digest",),
    ),
    Row(
        id="values files of a chart that has no version",
        text=registry(f"targetRevision: '{DIGEST}', helm: {{valueFiles: [prod.yaml]}}"),
        code="A2F-HELM-028",
        shown="prod.yaml",
    ),
    Row(
        id="manifests in an artifact",
        text=artifact("path: deploy, targetRevision: latest, kustomize: {}"),
        path=f"{SOURCE}.path",
        targets=("spec.path",),
    ),
    Row(
        id="the root of an artifact is the chart",
        text=artifact(f"path: ., {VERSION}, helm: {{}}"),
        path=f"{SOURCE}.path",
        targets=("spec.url",),
    ),
    Row(
        id="also where its own values files are used",
        text=artifact(f"path: ., {VERSION}, helm: {{valueFiles: [prod.yaml]}}"),
        path=f"{SOURCE}.path",
        targets=(f"{CHART}.chart",),
    ),
    Row(
        id="a partial tag is fine for manifests",
        text=artifact(f"path: deploy, {PARTIAL}, kustomize: {{}}"),
        path=f"{SOURCE}.targetRevision",
        targets=("spec.ref.tag",),
    ),
    Row(
        id="an artifact of unknown content",
        text=artifact(f"path: ., {VERSION}"),
        path=f"{SOURCE}.repoURL",
        verdict="manual",
        code="A2F-SRC-017",
        shown="`oci-sources`",
    ),
    Row(
        id="an artifact of which the configuration tells",
        text=artifact(f"path: ., {VERSION}"),
        path=f"{SOURCE}.repoURL",
        targets=("spec.url",),
        options=ConvertOptions(oci_sources={ARTIFACT: "chart"}),
    ),
    Row(
        id="a chart beside oci://",
        text=artifact(f"chart: api, {VERSION}"),
        path=f"{SOURCE}.chart",
        verdict="manual",
        code="A2F-SRC-022",
        shown="drop `oci://` if oci://reg.example.com/shop/api is the chart",
    ),
    Row(
        id="a chart in a folder of an artifact",
        text=artifact(f"path: api, {VERSION}, helm: {{}}"),
        path=f"{SOURCE}.path",
        verdict="manual",
        code="A2F-OBJ-003",
        shown="its chart is the folder `api`",
    ),
]


@ids(ROWS)
def test_row(tmp_path: Path, row: Row) -> None:
    check(tmp_path, row)


def specs(conversion: Conversion) -> dict[str, dict[str, object]]:
    return {d.body["kind"]: d.body["spec"] for d in conversion.documents}


def test_what_an_artifact_is_told_to_hold_decides_the_kind(tmp_path: Path) -> None:
    """A chart becomes a HelmRelease, manifests a Kustomization; nothing is assumed aloud."""
    for answer, kind in (("chart", "HelmRelease"), ("manifests", "Kustomization")):
        options = ConvertOptions(oci_sources={ARTIFACT: answer})
        row = Row(id=answer, text=artifact(f"path: ., {VERSION}"), options=options)
        result = run(tmp_path, row)
        assert set(specs(result)) == {"OCIRepository", kind}
        assert "A2F-SRC-007" not in {message.code for message in result.messages}


def test_a_chart_of_a_helm_repository_keeps_its_version(tmp_path: Path) -> None:
    """source-controller adds nothing to the version of a packaged chart."""
    codes = {message.code for message in run(tmp_path, Row(id="", text=web())).messages}
    assert "A2F-HELM-014" not in codes


def test_a_copy_of_an_artifact_is_read_where_the_user_names_it(tmp_path: Path) -> None:
    """`--source oci://…=DIR` tells a chart from manifests; paths alone do not."""
    files = {
        "copy/kustomization.yaml": "namePrefix: a-\n",
        "app.yaml": artifact(f"path: ., {VERSION}"),
    }
    _, result = convert_texts(
        tmp_path, files, "flux", ConvertOptions(), sources=(f"{ARTIFACT}=copy",)
    )
    assert set(specs(result)) == {"OCIRepository", "Kustomization"}
    _, result = convert_texts(tmp_path, files, "flux", ConvertOptions())
    assert specs(result) == {}
