"""Charts: release name, values, and how a chart is rendered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.unit.mapping.row_cases import (
    CHARTED,
    Row,
    application,
    check,
    git_repository,
    ids,
    release,
    run,
)

if TYPE_CHECKING:
    from pathlib import Path

AT = "spec.source.helm."
HERE = "spec.chart.spec."
LONG = "a" * 54
VALUES = {**CHARTED, "app/prod.yaml": "b: 2\n", "app/test.yaml": "b: null\n"}

NEEDY = {
    **CHARTED,
    "app/Chart.yaml": "name: a\nversion: 1.0.0\n"
    "dependencies: [{name: redis, repository: 'https://charts.example.com'}]\n",
}
CREDENTIALS = """\
apiVersion: v1
kind: Secret
metadata: {name: charts, namespace: argocd, labels: {argocd.argoproj.io/secret-type: repo-creds}}
stringData: {type: helm, url: https://charts.example.com, username: robot, password: hidden}
"""


def helm(text: str) -> str:
    return application(f"targetRevision: main, helm: {{{text}}}")


def to_flux(name: str, text: str, path: str, *fate: Any, **more: Any) -> Row:
    verdict, code = (*fate, None)[:2] if fate else ("exact", None)
    return Row(
        id=f"to flux: {name}", text=helm(text), path=AT + path, verdict=verdict, code=code, **more
    )


def to_argo(name: str, text: str, path: str, *fate: Any, **more: Any) -> Row:
    """A row of a HelmRelease; a path below the chart is written with ``chart:`` in front."""
    verdict, code = (*fate, None)[:2] if fate else ("exact", None)
    in_chart = path.startswith("chart:")
    return Row(
        id=f"to argo: {name}",
        text=release(chart=text) if in_chart else release(text),
        path=HERE + path.removeprefix("chart:") if in_chart else f"spec.{path}",
        verdict=verdict,
        code=code,
        **more,
    )


NO_NAMESPACE = helm("namespace: web").replace(", namespace: web},", "},", 1)
TO_FLUX = [
    to_flux("name", "releaseName: api", "releaseName", targets=("spec.releaseName",)),
    to_flux(
        "long name", f"releaseName: {LONG}", "releaseName", "manual", "A2F-HELM-018", shown=LONG
    ),
    to_flux("object", "valuesObject: {a: 1}", "valuesObject.a", targets=("spec.values",)),
    to_flux("a null of the object", "valuesObject: {a: null}", "valuesObject.a"),
    to_flux("text", 'values: "a: 1"', "values", targets=("spec.values",)),
    to_flux(
        "text beside an object",
        "values: 'a: 1', valuesObject: {a: 2}",
        "values",
        "equivalent",
        "A2F-HELM-022",
    ),
    to_flux(
        "a key of the object that is called values",
        "values: 'a: 1', valuesObject: {values: 2}",
        "valuesObject.values",
    ),
    to_flux("text that is no mapping", "values: '- a'", "values", "manual", "A2F-HELM-024"),
    to_flux(
        "files",
        "valueFiles: [prod.yaml]",
        "valueFiles[0]",
        "equivalent",
        "A2F-HELM-005",
        targets=("spec.chart.spec.valuesFiles[1]",),
        shown="`app/values.yaml` was put first",
        files=VALUES,
    ),
    to_flux(
        "files with the chart's own",
        "valueFiles: [values.yaml, prod.yaml]",
        "valueFiles[1]",
        "equivalent",
        files=VALUES,
    ),
    to_flux(
        "a file of another source",
        "valueFiles: [$values/prod.yaml]",
        "valueFiles[0]",
        "manual",
        "A2F-MUL-004",
        targets=("spec.valuesFrom[0]",),
    ),
    to_flux(
        "a build variable is no source",
        "valueFiles: [$ARGOCD_APP_NAME/prod.yaml]",
        "valueFiles[0]",
        "equivalent",
        "A2F-HELM-005",
    ),
    to_flux(
        "a file behind a URL",
        "valueFiles: ['https://a.example.com/v.yaml']",
        "valueFiles[0]",
        "manual",
        "A2F-HELM-007",
    ),
    to_flux(
        "a glob",
        "valueFiles: ['{prod,test}.yaml']",
        "valueFiles[0]",
        "approximate",
        "A2F-HELM-008",
        shown="app/prod.yaml, app/test.yaml",
        files=VALUES,
    ),
    to_flux("an unseen glob", "valueFiles: ['*.yaml']", "valueFiles[0]", "manual", "A2F-HELM-026"),
    to_flux(
        "missing files",
        "ignoreMissingValueFiles: true",
        "ignoreMissingValueFiles",
        targets=("spec.chart.spec.ignoreMissingValuesFiles",),
    ),
    to_flux(
        "parameter",
        "parameters: [{name: a.b, value: '1'}]",
        "parameters[0].value",
        "equivalent",
        "A2F-HELM-009",
        targets=("spec.values.a.b",),
    ),
    to_flux(
        "parameter as text",
        "parameters: [{name: a, value: '1', forceString: true}]",
        "parameters[0].forceString",
        "equivalent",
    ),
    to_flux(
        "parameter that Helm refuses",
        "parameters: [{name: 'a[', value: x}]",
        "parameters[0].value",
        "manual",
        "A2F-HELM-027",
        shown="parameter a[ of Application/argocd/shop",
    ),
    to_flux(
        "file parameter",
        "fileParameters: [{name: a, path: prod.yaml}]",
        "fileParameters[0].path",
        "approximate",
        "A2F-HELM-010",
        files=VALUES,
        targets=("spec.values.a",),
    ),
    to_flux(
        "file parameter, its name",
        "fileParameters: [{name: a, path: prod.yaml}]",
        "fileParameters[0].name",
        "equivalent",
        files=VALUES,
    ),
    to_flux(
        "unseen file parameter",
        "fileParameters: [{name: a, path: prod.yaml}]",
        "fileParameters[0].path",
        "manual",
        "A2F-HELM-025",
    ),
    to_flux(
        "file parameter that Helm refuses",
        "fileParameters: [{name: 'a[', path: prod.yaml}]",
        "fileParameters[0].path",
        "manual",
        "A2F-HELM-027",
        files=VALUES,
    ),
    to_flux(
        "CRDs",
        "skipCrds: false",
        "skipCrds",
        "equivalent",
        "A2F-HELM-012",
        shown="`CreateReplace`",
        targets=("spec.install.crds", "spec.upgrade.crds"),
    ),
    to_flux("no CRDs", "skipCrds: true", "skipCrds", "equivalent", "A2F-HELM-012", shown="`Skip`"),
    to_flux("tests", "skipTests: true", "skipTests"),
    to_flux(
        "schema",
        "skipSchemaValidation: true",
        "skipSchemaValidation",
        targets=(
            "spec.install.disableSchemaValidation",
            "spec.upgrade.disableSchemaValidation",
        ),
    ),
    to_flux(
        "schema before Flux 2.4",
        "skipSchemaValidation: true",
        "skipSchemaValidation",
        "manual",
        "A2F-KUS-017",
        flux="2.3",
        shown="needs Flux 2.4",
    ),
    to_flux(
        "schema at its default", "skipSchemaValidation: false", "skipSchemaValidation", flux="2.3"
    ),
    to_flux("credentials", "passCredentials: true", "passCredentials", "equivalent"),
    to_flux("namespace of the destination", "namespace: web", "namespace"),
    to_flux(
        "another namespace",
        "namespace: team",
        "namespace",
        "manual",
        "A2F-HELM-013",
        shown="team differs from the destination namespace web",
    ),
    Row(
        id="to flux: namespace without a destination",
        text=NO_NAMESPACE,
        path=f"{AT}namespace",
        targets=("spec.targetNamespace", "spec.storageNamespace"),
    ),
    to_flux("cluster", "kubeVersion: '1.30'", "kubeVersion", "none", "A2F-HELM-011", shown="1.30"),
    to_flux("APIs", "apiVersions: [a/v1]", "apiVersions[0]", "none", "A2F-HELM-011"),
    to_flux("no cluster", "kubeVersion: ''", "kubeVersion"),
    to_flux("version", "version: v3", "version", "equivalent"),
    Row(
        id="to flux: a release",
        text=helm(""),
        code="A2F-HELM-001",
        shown="real Helm release shop in web",
    ),
    Row(
        id="to flux: dependencies",
        text=helm(""),
        files=NEEDY,
        code="A2F-HELM-023",
        shown="https://charts.example.com without credentials",
    ),
    Row(
        id="to flux: dependencies with credentials",
        text=helm("") + CREDENTIALS,
        files=NEEDY,
        code="A2F-HELM-029",
        shown="with the credentials of HelmRepository example",
    ),
    Row(
        id="to flux: pruning that nobody switched on",
        text=helm("").replace("prune: true, ", "", 1),
        code="A2F-HELM-019",
        shown="a Helm upgrade deletes",
    ),
    Row(
        id="to flux: objects that outlive their release",
        text=helm(""),
        files={
            **CHARTED,
            "app/templates/a.yaml": "annotations: {helm.sh/resource-policy: keep}\n",
        },
        code="A2F-HELM-020",
        shown="objects of `app` marked",
    ),
    Row(
        id="to flux: hooks of an installation",
        text=helm(""),
        files={
            **CHARTED,
            "app/templates/a.yaml": 'annotations: {helm.sh/hook: "pre-install,pre-upgrade"}\n',
        },
        code="A2F-HELM-003",
        shown="`app` has hooks for installations",
    ),
    Row(
        id="to flux: the version of a chart in Git",
        text=helm(""),
        code="A2F-HELM-014",
        shown="the commit to the version of `app`",
    ),
    Row(
        id="to flux: functions",
        text=helm(""),
        files={**CHARTED, "app/templates/a.yaml": "a: {{ randAlphaNum 8 }}\n"},
        code="A2F-HELM-016",
        shown="randAlphaNum",
    ),
    Row(
        id="to flux: nulls in files",
        text=helm("valueFiles: [test.yaml]"),
        files=VALUES,
        code="A2F-HELM-015",
        shown="app/test.yaml",
    ),
    Row(
        id="to flux: one release, two owners",
        text=helm("releaseName: a") + helm("releaseName: a").replace("name: shop", "name: web", 1),
        code="A2F-HELM-021",
        shown="share release a in web",
    ),
    Row(
        id="to flux: a secret in a parameter",
        text=helm("parameters: [{name: db.password, value: hunter2}]"),
        code="A2F-SEC-010",
        shown="parameter db.password",
    ),
]
TO_ARGO = [
    to_argo("name", "releaseName: api", "releaseName", targets=("spec.source.helm.releaseName",)),
    to_argo("values", "values: {a: 1}", "values.a", targets=("spec.source.helm.valuesObject",)),
    to_argo("a null of the values", "values: {a: null}", "values.a"),
    to_argo(
        "files that replace the chart's own",
        "valuesFiles: [app/prod.yaml]",
        "chart:valuesFiles[0]",
        "approximate",
        "F2A-HC-003",
        shown="app/values.yaml",
        targets=("spec.source.helm.valueFiles[0]",),
    ),
    to_argo(
        "files with the chart's own",
        "valuesFiles: [app/values.yaml, app/prod.yaml]",
        "chart:valuesFiles[1]",
        "equivalent",
    ),
    to_argo(
        "the chart's own file", "valuesFiles: [values.yaml]", "chart:valuesFiles[0]", "equivalent"
    ),
    to_argo("missing files", "ignoreMissingValuesFiles: true", "chart:ignoreMissingValuesFiles"),
    to_argo(
        "schema",
        "install: {disableSchemaValidation: true}, upgrade: {disableSchemaValidation: true}",
        "install.disableSchemaValidation",
        targets=("spec.source.helm.skipSchemaValidation",),
    ),
    to_argo(
        "schema, one of two",
        "install: {disableSchemaValidation: true}",
        "install.disableSchemaValidation",
        "approximate",
        "F2A-HR-018",
    ),
    to_argo(
        "schema before Argo CD 2.14",
        "install: {disableSchemaValidation: true}",
        "install.disableSchemaValidation",
        "manual",
        "F2A-KS-024",
        argocd="2.13",
    ),
    to_argo("any version", "version: '*'", "chart:version"),
    to_argo("a version", "version: 1.x", "chart:version", "equivalent", "F2A-HC-005"),
    to_argo(
        "rolled out by revision",
        "reconcileStrategy: Revision",
        "chart:reconcileStrategy",
        "equivalent",
        "F2A-HC-002",
        shown="version of `app`",
    ),
    to_argo(
        "rolled out by version",
        "reconcileStrategy: ChartVersion",
        "chart:reconcileStrategy",
        "approximate",
        "F2A-HC-001",
    ),
    Row(
        id="to argo: rolled out by default",
        text=release(),
        code="F2A-HC-001",
        shown="rolled `app` out",
    ),
    Row(
        id="to argo: dependencies",
        text=release(),
        files=NEEDY,
        code="F2A-HC-004",
        shown="https://charts.example.com",
    ),
    to_argo(
        "signatures",
        "verify: {provider: cosign}",
        "chart:verify.provider",
        "none",
        "F2A-OCI-007",
        shown="of `app`",
    ),
    to_argo("interval of the chart", "interval: 1m", "chart:interval", "equivalent"),
    to_argo(
        "post-renderers",
        "postRenderers: [{kustomize: {patches: [{patch: a}]}}]",
        "postRenderers[0].kustomize.patches[0].patch",
        "manual",
        "F2A-HR-006",
    ),
    to_argo("no post-renderers", "postRenderers: []", "postRenderers", "equivalent"),
    to_argo(
        "strategy without post-renderers",
        "postRenderStrategy: nohooks",
        "postRenderStrategy",
        "equivalent",
    ),
    to_argo(
        "strategy of post-renderers",
        "postRenderStrategy: nohooks, commonMetadata: {labels: {a: b}}",
        "postRenderStrategy",
        "none",
        "F2A-HR-029",
    ),
]
ROWS = [*TO_FLUX, *TO_ARGO]


@ids(ROWS)
def test_row(tmp_path: Path, row: Row) -> None:
    check(tmp_path, row)


def test_refused_parameters_of_override_files_are_said(tmp_path: Path) -> None:
    """They have no leaf in the input."""
    override = "helm: {parameters: [{name: 'a[', value: x}]}\n"
    files = {**CHARTED, "app/.argocd-source.yaml": override}
    check(tmp_path, Row(id="", text=helm(""), files=files, code="A2F-HELM-027"))


def test_values_of_secrets_are_in_no_message(tmp_path: Path) -> None:
    text = helm("parameters: [{name: db.password, value: hunter2}]")
    messages = run(tmp_path, Row(id="", text=text)).messages
    assert "hunter2" not in "".join(m.text + m.instead for m in messages)


def test_a_shared_source_serves_charts_and_others(tmp_path: Path) -> None:
    check(tmp_path, Row(id="", text=release(source=git_repository("suspend: false"))))
