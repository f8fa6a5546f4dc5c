"""HelmRepositories and what HelmReleases say about charts that come from them."""

from __future__ import annotations

from typing import Any

import pytest

from argoflux.flux.emit_helm_repository import repository_name
from tests.unit.argocd_cases import Case, application, convert_case

WEB = "https://charts.example.com/team"
CHART = "chart: redis, targetRevision: 1.2.3"
PAIR = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: ingress, namespace: argocd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  source:
    repoURL: https://kubernetes.github.io/ingress-nginx
    chart: ingress-nginx
    targetRevision: ">=4.11.0 <5"
    helm: {releaseName: ingress-nginx, skipCrds: true, valuesObject: {controller: {kind: DaemonSet}}}
  destination: {server: https://kubernetes.default.svc, namespace: ingress}
  ignoreDifferences:
    - group: admissionregistration.k8s.io
      kind: ValidatingWebhookConfiguration
      jqPathExpressions: ['.webhooks[0].clientConfig.caBundle']
  syncPolicy: {automated: {selfHeal: true, prune: true}}
"""


def app(source: str = CHART, *, url: str = WEB, name: str = "shop", **more: Any) -> str:
    return application(f"{{repoURL: '{url}', {source}}}", name=name, **more)


def apps(*texts: str, **more: Any) -> Case:
    return convert_case("---\n".join(texts), **more)


def test_worked_pair() -> None:
    """12.4: a chart of a Helm repository with drift handling."""
    case = convert_case(PAIR)
    assert case.draft("HelmRepository").api_version == "source.toolkit.fluxcd.io/v1"
    assert case.spec("HelmRepository", "ingress-nginx") == {
        "interval": "10m",
        "url": "https://kubernetes.github.io/ingress-nginx",
    }
    strategy = {"name": "RetryOnFailure", "retryInterval": "2m"}
    assert case.spec("HelmRelease", "ingress") == {
        "interval": "10m",
        "timeout": "5m",
        "releaseName": "ingress-nginx",
        "targetNamespace": "ingress",
        "storageNamespace": "ingress",
        "chart": {
            "spec": {
                "chart": "ingress-nginx",
                "version": ">=4.11.0 <5",
                "sourceRef": {"kind": "HelmRepository", "name": "ingress-nginx"},
            }
        },
        "install": {"crds": "Skip", "strategy": strategy},
        "upgrade": {"crds": "Skip", "strategy": strategy},
        "driftDetection": {
            "mode": "enabled",
            "ignore": [
                {
                    "target": {
                        "group": r"admissionregistration\.k8s\.io",
                        "kind": "ValidatingWebhookConfiguration",
                    },
                    "paths": ["/webhooks/0/clientConfig/caBundle"],
                }
            ],
        },
        "values": {"controller": {"kind": "DaemonSet"}},
    }


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://charts.bitnami.com/bitnami", "bitnami"),
        ("https://kubernetes.github.io/ingress-nginx", "ingress-nginx"),
        ("https://charts.jetstack.io", "jetstack"),
        ("https://prometheus-community.github.io/helm-charts", "prometheus-community"),
        ("https://helm.releases.hashicorp.com", "hashicorp"),
        ("https://charts.example.com/stable", "example"),
        ("https://gitlab.example.com/api/v4/projects/7/packages/helm/stable", "7"),
        ("https://example.com/Team_A/charts", "team-a"),
        ("http://10.0.0.1:8080/charts", "10.0.0.1"),
        ("http://localhost:8080", "localhost"),
        ("http://[::1]:8080/charts", "1"),
        ("https://charts.io/", "charts.io"),
        ("oci://registry.example.com:5000/team/charts", "team"),
        ("https://charts.example.com:port/x", "charts.example.com-port-x"),
    ],
)
def test_a_repository_is_named_after_whose_charts_it_holds(address: str, name: str) -> None:
    assert repository_name(address) == name


def test_charts_of_one_address_share_a_repository() -> None:
    """A final slash is no difference; the apps are told."""
    case = apps(app(name="b", url=f"{WEB}/"), app("chart: web, targetRevision: '2'", name="a"))
    assert case.names("HelmRepository") == ["team"]
    facts = {"count": 2, "kind": "HelmRepository", "name": "team"}
    assert facts.items() <= case.said("A2F-SRC-001").items()
    charts = {n: case.spec("HelmRelease", n)["chart"]["spec"]["chart"] for n in ("a", "b")}
    assert charts == {"a": "web", "b": "redis"}


def test_another_address_of_the_same_name_gets_a_hash() -> None:
    case = apps(app(name="a"), app(name="b", url="https://other.example.com/team"))
    first, second = case.names("HelmRepository")
    assert first == "team"
    assert second.startswith("team-")
    references = [case.spec("HelmRelease", n)["chart"]["spec"]["sourceRef"]["name"] for n in "ab"]
    assert references == [first, second]


def test_charts_that_pass_credentials_on_have_a_repository_of_their_own() -> None:
    """source-controller:api/v1/helmrepository_types.go passCredentials is about the repository."""
    case = apps(app(name="a"), app(f"{CHART}, helm: {{passCredentials: true}}", name="b"))
    specs = [case.spec("HelmRepository", name) for name in case.names("HelmRepository")]
    assert [spec.get("passCredentials") for spec in specs] == [None, True]


def test_a_repository_of_the_input_is_used() -> None:
    kept = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: mine, namespace: flux-system}
spec: {interval: 1h, url: https://charts.example.com/team/}
"""
    case = apps(app(), kept=kept)
    assert case.names("HelmRepository") == []
    assert case.said("A2F-SRC-026")["source"] == "mine"
    reference = case.spec("HelmRelease", "shop")["chart"]["spec"]["sourceRef"]
    assert reference == {"kind": "HelmRepository", "name": "mine"}


def test_a_name_of_the_input_is_not_taken() -> None:
    kept = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: team, namespace: flux-system}
spec: {interval: 1h, url: https://elsewhere.example.com}
"""
    (name,) = apps(app(), kept=kept).names("HelmRepository")
    assert name.startswith("team-")


def test_values_files_of_the_chart_come_after_its_own() -> None:
    """They are paths inside the chart; a leading slash means its root."""
    helm = "helm: {valueFiles: [values-prod.yaml, /eu/values.yaml], ignoreMissingValueFiles: true}"
    chart = apps(app(f"{CHART}, {helm}")).spec("HelmRelease", "shop")["chart"]["spec"]
    assert chart["valuesFiles"] == ["values.yaml", "values-prod.yaml", "eu/values.yaml"]
    assert chart["ignoreMissingValuesFiles"] is True
    assert "reconcileStrategy" not in chart


def test_the_chart_s_own_values_alone_need_no_list() -> None:
    chart = apps(app(f"{CHART}, helm: {{valueFiles: [values.yaml]}}")).spec("HelmRelease", "shop")
    assert "valuesFiles" not in chart["chart"]["spec"]


def test_the_poll_interval_of_argocd_counts_here_too() -> None:
    settings = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-cm, namespace: argocd, labels: {app.kubernetes.io/part-of: argocd}}
data: {timeout.reconciliation: 300s}
"""
    assert apps(app(), settings).spec("HelmRepository", "team")["interval"] == "5m"


def test_credentials_in_an_address_are_left_out() -> None:
    case = apps(app(url="https://bot:s3cret@charts.example.com/team"))
    assert case.spec("HelmRepository", "team")["url"] == WEB
    assert "s3cret" not in str([draft.body for draft in case.emission.drafts])
