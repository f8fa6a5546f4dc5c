"""HelmReleases from Applications whose source is a chart in Git."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.argocd_cases import application, convert_case, known

GIT = "repoURL: https://github.com/acme/charts, path: charts/billing"
FINALIZER = "finalizers: [resources-finalizer.argocd.argoproj.io]"
PAIR = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: billing, namespace: argocd}
spec:
  source:
    repoURL: https://github.com/acme/charts
    path: charts/billing
    targetRevision: v1.*
    helm:
      valueFiles: [values-prod.yaml, /env/eu.yaml]
      parameters:
        - {name: image.tag, value: "1.10"}
        - {name: "nodeSelector.kubernetes\\\\.io/os", value: linux}
        - {name: flags, value: "{a,b}"}
        - {name: zip, value: "00123", forceString: true}
  destination: {server: https://kubernetes.default.svc, namespace: billing}
  syncPolicy: {automated: {}, syncOptions: [CreateNamespace=true]}
"""


def test_worked_pair() -> None:
    """12.3: a chart in a Git path with values files and parameters."""
    case = convert_case(PAIR)
    assert case.spec("GitRepository", "charts") == {
        "interval": "5m",
        "url": "https://github.com/acme/charts",
        "ref": {"semver": "v1.*"},
    }
    strategy = {"name": "RetryOnFailure", "retryInterval": "2m"}
    assert case.spec("HelmRelease", "billing") == {
        "interval": "10m",
        "timeout": "5m",
        "releaseName": "billing",
        "targetNamespace": "billing",
        "storageNamespace": "billing",
        "chart": {
            "spec": {
                "chart": "./charts/billing",
                "reconcileStrategy": "Revision",
                "sourceRef": {"kind": "GitRepository", "name": "charts"},
                "valuesFiles": [
                    "charts/billing/values.yaml",
                    "charts/billing/values-prod.yaml",
                    "env/eu.yaml",
                ],
            }
        },
        "install": {"createNamespace": True, "crds": "CreateReplace", "strategy": strategy},
        "upgrade": {"crds": "CreateReplace", "strategy": strategy},
        "driftDetection": {"mode": "warn"},
        "values": {
            "image": {"tag": "1.10"},
            "nodeSelector": {"kubernetes.io/os": "linux"},
            "flags": ["a", "b"],
            "zip": "00123",
        },
    }
    assert case.names("Namespace") == []


def helm(block: str, **more: Any) -> Any:
    spec = more.pop("spec", "")
    metadata = more.pop("metadata", "")
    text = application(f"{{{GIT}, helm: {{{block}}}}}", spec=spec, metadata=metadata)
    return convert_case(text, **more)


@pytest.mark.parametrize(
    ("block", "values"),
    [
        ("valuesObject: {a: {b: 1}}", {"a": {"b": 1}}),
        ("values: 'a: 1', valuesObject: {b: 2}", {"b": 2}),
        ("parameters: [{name: a, value: '{x,y}'}, {name: b, value: '1,2'}]",
         {"a": ["x", "y"], "b": "1,2"}),
        ("parameters: [{name: x, value: 'null'}], valuesObject: {x: 1}", {"x": None}),
        ("parameters: [{name: a, value: '1'}, {name: a, value: '2'}]", {"a": 2}),
        ("parameters: [{name: a, value: '1', forceString: true}, {name: a, value: '2'}]",
         {"a": "1"}),
        ("parameters: [{name: 'l[1]', value: z}], valuesObject: {l: [p, q], m: 1}",
         {"l": ["p", "z"], "m": 1}),
        ("parameters: [{name: v, value: 'True'}, {name: f, value: '1.5'}]",
         {"v": True, "f": "1.5"}),
    ],
)  # fmt: skip
def test_values(block: str, values: dict[str, Any]) -> None:
    """Inline values, then plain parameters, then those forced to strings."""
    assert helm(block).spec("HelmRelease")["values"] == values


def test_values_remember_their_origin() -> None:
    """A leaf of the result names the field of the input that it carries."""
    case = helm("valuesObject: {a: 1, l: [1]}, parameters: [{name: b.c, value: x}]")
    draft = case.draft("HelmRelease")
    assert draft.targets("part.render.helm.values") == ["spec.values"]
    assert draft.targets("part.render.helm.parameters") == ["spec.values.b.c"]


def test_file_parameters() -> None:
    """Texts of files have the last word; a file that cannot be read stays a message of its row."""
    block = "fileParameters: [{name: cfg.text, path: files/a.txt}, {name: k, path: no.txt}]"
    case = helm(block, files={"charts/billing/files/a.txt": "1,2\n"})
    assert case.spec("HelmRelease")["values"] == {"cfg": {"text": "1,2\n"}}
    assert case.facts()["file_parameters_read"] == ("files/a.txt",)
    assert "values" not in helm(block).spec("HelmRelease")


def test_broken_parameters_are_set_aside() -> None:
    case = helm("parameters: [{name: 'a[', value: x}]")
    assert "a[" in case.facts()["parameters_refused"]


@pytest.mark.parametrize(
    ("name", "value", "warned"),
    [
        ("db.password", "hunter2", True),
        ("apiKey", "abcdef", True),
        ("password.enabled", "x", False),
        ("existingSecret", "true", False),
    ],
)
def test_secrets_in_parameters(name: str, value: str, warned: bool) -> None:
    """Likely secrets are named, their values never."""
    case = helm(f"parameters: [{{name: {name}, value: {value!r}}}]")
    assert ("A2F-SEC-010" in case.codes()) is warned
    if warned:
        assert value not in str(case.said("A2F-SEC-010"))


def test_values_files() -> None:
    """The chart's own values come first, unless the files show that there are none."""
    found = helm("valueFiles: [a.yaml]", files={"charts/billing/a.yaml": "x: null\n"})
    chart = found.spec("HelmRelease")["chart"]["spec"]
    assert chart["valuesFiles"] == ["charts/billing/a.yaml"]
    assert found.said("A2F-HELM-015")["files"] == "charts/billing/a.yaml"
    stated = helm("valueFiles: [values.yaml, a.yaml], ignoreMissingValueFiles: true")
    chart = stated.spec("HelmRelease")["chart"]["spec"]
    assert chart["valuesFiles"] == ["charts/billing/values.yaml", "charts/billing/a.yaml"]
    assert chart["ignoreMissingValuesFiles"] is True
    elsewhere = helm("valueFiles: [$vals/x.yaml, 'https://x/y']").spec("HelmRelease")
    assert "valuesFiles" not in elsewhere["chart"]["spec"]


@pytest.mark.parametrize(
    ("metadata", "spec", "uninstall", "code"),
    [
        (FINALIZER, "syncPolicy: {automated: {}}", None, None),
        (f"{FINALIZER[:-1]}/background]", "syncPolicy: {automated: {}}",
         {"disableWait": True}, None),
        ("", "syncPolicy: {automated: {}}", None, "A2F-DEL-002"),
        ("", "", None, None),
    ],
)  # fmt: skip
def test_deletion(metadata: str, spec: str, uninstall: Any, code: str | None) -> None:
    """A HelmRelease always uninstalls, unless it is suspended."""
    case = helm("", metadata=metadata, spec=spec)
    assert case.spec("HelmRelease").get("uninstall") == uninstall
    assert {c for c in case.codes() if "DEL" in c} == ({code} if code else set())


@pytest.mark.parametrize(
    ("block", "flux", "path", "value"),
    [
        ("skipCrds: true", "2.9", ("install", "crds"), "Skip"),
        ("skipCrds: true", "2.9", ("upgrade", "crds"), "Skip"),
        ("skipSchemaValidation: true", "2.9", ("install", "disableSchemaValidation"), True),
        ("skipSchemaValidation: true", "2.3", ("install", "disableSchemaValidation"), None),
        ("", "2.6", ("install", "strategy"), None),
        ("", "2.9", ("install", "remediation"), None),
    ],
)
def test_actions(block: str, flux: str, path: tuple[str, str], value: Any) -> None:
    """CRD policy, checks and retries; never a remediation, which would uninstall."""
    found = helm(block, flux=flux).spec("HelmRelease")
    assert found[path[0]].get(path[1]) == value


@pytest.mark.parametrize(("stated", "expected"), [("0", 1), ("7", 7)])
def test_history(stated: str, expected: int) -> None:
    """Vector 11: 0 keeps nothing in Argo CD, but everything in Flux."""
    case = helm("", spec=f"revisionHistoryLimit: {stated}")
    assert case.spec("HelmRelease")["maxHistory"] == expected


def test_drift_mode() -> None:
    healed = helm("", spec="syncPolicy: {automated: {selfHeal: true}}")
    rule = "ignoreDifferences: [{group: apps, kind: Deployment, jsonPointers: [/a]}]"
    assert healed.spec("HelmRelease")["driftDetection"] == {"mode": "enabled"}
    ignoring = helm("", spec=rule, flux="2.3").spec("HelmRelease")["driftDetection"]
    target = {"group": "apps", "kind": "Deployment"}
    assert ignoring == {"mode": "warn", "ignore": [{"paths": ["/a"], "target": target}]}


def test_apply_mode() -> None:
    spec = "syncPolicy: {syncOptions: [ServerSideApply=true]}"
    found = helm("", spec=spec).spec("HelmRelease")
    assert (found["install"]["serverSideApply"], found["upgrade"]["serverSideApply"]) == (
        True,
        "enabled",
    )
    assert "serverSideApply" not in helm("", spec=spec, flux="2.7").spec("HelmRelease")["install"]


def test_keep_option_becomes_resource_policy() -> None:
    found = helm("", spec="syncPolicy: {syncOptions: [Prune=false]}").spec("HelmRelease")
    (renderer,) = found["postRenderers"]
    (patch,) = renderer["kustomize"]["patches"]
    assert patch["target"] == {"kind": ".*"}
    assert "helm.sh/resource-policy: keep" in patch["patch"]


def test_namespace_with_metadata_is_a_manifest() -> None:
    """Helm cannot label the namespace that it creates."""
    spec = (
        "syncPolicy: {syncOptions: [CreateNamespace=true], "
        "managedNamespaceMetadata: {labels: {a: b}}}"
    )
    case = helm("", spec=spec)
    assert "createNamespace" not in case.spec("HelmRelease")["install"]
    assert case.draft("Namespace").body["metadata"]["labels"] == {"a": "b"}


def test_release_without_destination_namespace() -> None:
    """Templates saw `default`, so the release lives there."""
    case = helm("", spec="destination: {}")
    found = case.spec("HelmRelease")
    assert (found["targetNamespace"], found["storageNamespace"]) == ("default", "default")
    assert "A2F-NS-003" in case.codes()


def test_two_apps_cannot_share_a_release() -> None:
    """The smaller app keeps the release, the other is refused."""
    texts = [application(f"{{{GIT}, helm: {{releaseName: r}}}}", name=name) for name in "ba"]
    case = convert_case("\n---\n".join(texts))
    assert case.names("HelmRelease") == ["a"]
    assert "A2F-HELM-021" in case.codes()


def test_chart_found_by_its_file() -> None:
    """Without a block, Chart.yaml makes the source a chart."""
    case = convert_case(application(f"{{{GIT}}}"), content=known(kind="helm"))
    assert case.spec("HelmRelease")["chart"]["spec"]["chart"] == "./charts/billing"


def test_stated_release_name_of_the_app() -> None:
    """`releaseName` finds its way into the report also where it repeats the app's own name."""
    case = convert_case(application("{repoURL: 'https://a/b', helm: {releaseName: shop}}"))
    draft = case.draft("HelmRelease")
    assert draft.targets("part.render.helm.release_name") == ["spec.releaseName"]
    assert draft.targets("name") == ["spec.releaseName"]
