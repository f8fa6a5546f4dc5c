"""Sets of generated objects as one ResourceSet, and when they stay objects."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.argocd_cases import Case, convert_case

_URL = "https://git.example.com/acme/shop.git"


def appset(
    generator: str, *, name: str = "'{{.env}}'", path: str = "'{{.env}}'", spec: str = ""
) -> str:
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: set, namespace: argocd}}
spec:
  goTemplate: true
  generators: [{generator}]
  template:
    metadata: {{name: {name}, labels: {{env: {name}}}}}
    spec:
      project: default
      source: {{repoURL: '{_URL}', path: {path}, targetRevision: main}}
      destination: {{server: https://kubernetes.default.svc, namespace: web}}
{spec}"""


_LIST = "{list: {elements: [{env: dev, count: 1}, {env: prod, count: 2}]}}"
_OPERATOR = """\
apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {name: flux, namespace: flux-system}
spec: {distribution: {version: 2.x, registry: ghcr.io/fluxcd}}
"""


def kinds(case: Case) -> list[str]:
    return sorted(draft.kind for draft in case.emission.drafts)


@pytest.mark.parametrize(
    ("mode", "kept", "folded"),
    [
        ("static", _OPERATOR, False),
        ("auto", "", False),
        ("auto", _OPERATOR, True),
        ("resourceset", "", True),
    ],
)
def test_auto_folds_where_flux_operator_is_in_the_input(mode: str, kept: str, folded: bool) -> None:
    case = convert_case(appset(_LIST), kept=kept, appset=mode)
    assert ("ResourceSet" in kinds(case)) is folded
    assert ("Kustomization" in kinds(case)) is not folded
    assert "A2F-SET-020" not in case.codes()


def test_a_list_becomes_inputs_and_templates() -> None:
    case = convert_case(appset(_LIST), appset="resourceset")
    spec = case.spec("ResourceSet")
    assert spec["inputs"] == [{"env": "dev", "count": 1}, {"env": "prod", "count": 2}]
    source, applier = spec["resources"]
    assert (source["kind"], applier["kind"]) == ("GitRepository", "Kustomization")
    assert applier["metadata"]["name"] == "<< inputs.env | quote >>"
    assert applier["spec"]["path"] == "./<< inputs.env >>"


def test_what_is_never_deleted_says_so_to_flux_operator() -> None:
    text = appset(_LIST, spec="  syncPolicy: {applicationsSync: create-update}\n")
    case = convert_case(text, appset="resourceset")
    applier = case.spec("ResourceSet")["resources"][1]
    keys = [key for key in applier["metadata"]["annotations"] if key.endswith("/prune")]
    assert keys == ["fluxcd.controlplane.io/prune"]


def test_a_source_that_others_use_stays_outside() -> None:
    other = f"""\
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: alone, namespace: argocd}}
spec:
  project: default
  source: {{repoURL: '{_URL}', path: x, targetRevision: main}}
  destination: {{server: https://kubernetes.default.svc, namespace: web}}
"""
    case = convert_case(appset(_LIST) + other, appset="resourceset")
    assert kinds(case) == ["GitRepository", "Kustomization", "ResourceSet"]
    assert [one["kind"] for one in case.spec("ResourceSet")["resources"]] == ["Kustomization"]


_ROLL = """\
  strategy:
    type: RollingSync
    rollingSync: {steps: [{matchExpressions: [{key: env, operator: In, values: [dev]}]},
      {matchExpressions: [{key: env, operator: In, values: [prod]}]}]}
"""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (appset("{list: {elements: [{env: dev}]}}"), "two or more"),
        (appset(f"{_LIST}, {{list: {{elements: [{{env: x}}]}}}}"), "several generators"),
        (
            appset(
                "{matrix: {generators: [{list: {elements: [{env: a}]}}, {list: {elements: [{x: y}]}}]}}"
            ),
            "its generator is `matrix`",
        ),
        (appset(_LIST, path="'{{.env | upper}}'"), "spec.path cannot be written with its inputs"),
        (
            appset("{list: {elements: [{env: a, p: x}, {env: b, p: x}]}}", path="'{{.p}}'"),
            "`p` has the same value",
        ),
        (appset(_LIST, spec=_ROLL), "not the same everywhere"),
        (
            appset(_LIST, spec="  syncPolicy: {applicationsSync: create-only}\n"),
            "nothing like `applicationsSync: create-only`",
        ),
        (
            appset("{list: {elements: [{env: a, id: 1}, {env: b, id: 2}]}}"),
            "names that flux-operator gives",
        ),
        (
            appset("{list: {elements: [{env: a}, {env: '../../b'}]}}", name="'x{{len .env}}'"),
            "not all",
        ),
    ],
)
def test_what_stands_against_one_template(text: str, why: str) -> None:
    case = convert_case(text, appset="resourceset")
    assert "ResourceSet" not in kinds(case)
    assert why in case.said("A2F-SET-020")["why"]


def test_a_resource_set_of_that_name_is_not_overwritten() -> None:
    kept = "apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSet\nmetadata: {name: set, namespace: flux-system}\n"
    case = convert_case(appset(_LIST), kept=kept, appset="resourceset")
    assert "another ResourceSet set" in case.said("A2F-SET-020")["why"]


def _cluster(name: str, tier: str) -> str:
    return f"""\
---
apiVersion: v1
kind: Secret
metadata: {{name: {name}, namespace: argocd, labels: {{argocd.argoproj.io/secret-type: cluster, tier: {tier}}}}}
stringData: {{name: {name}, server: 'https://{name}.example.com', config: '{{}}'}}
"""


def _fleet(generator: str, **more: str) -> str:
    text = appset(generator, name="'agent-{{.name}}'", path="'{{.values.path}}'", **more)
    remote = text.replace("server: https://kubernetes.default.svc", "server: '{{.server}}'")
    return remote + _cluster("one", "edge") + _cluster("two", "edge") + _cluster("core", "core")


_EDGE = "{clusters: {selector: {matchLabels: {tier: edge}}, values: {path: app}}}"


def test_clusters_become_providers_of_inputs() -> None:
    case = convert_case(_fleet(_EDGE), appset="resourceset")
    (item,) = case.spec("ResourceSet")["inputsFrom"]
    labels = {"argoflux.dev/cluster": "true", "tier": "edge"}
    assert item["selector"] == {"matchLabels": labels}
    provider = case.draft("ResourceSetInputProvider", "cluster-one")
    assert provider.body["metadata"]["labels"] == labels
    assert provider.body["spec"]["type"] == "Static"
    values: dict[str, Any] = provider.body["spec"]["defaultValues"]
    assert (values["name"], values["server"]) == ("one", "https://one.example.com")
    assert "cluster-core" not in case.names("ResourceSetInputProvider")


def test_argo_cds_own_cluster_needs_other_objects() -> None:
    case = convert_case(_fleet("{clusters: {values: {path: app}}}"), appset="resourceset")
    assert "the cluster of Argo CD itself" in case.said("A2F-SET-020")["why"]


def test_two_sets_share_the_providers_of_their_clusters() -> None:
    second = (
        _fleet(_EDGE).split("---\n")[0].replace("name: set", "name: other").replace("agent-", "x-")
    )
    case = convert_case(f"{_fleet(_EDGE)}---\n{second}", appset="resourceset")
    assert case.names("ResourceSetInputProvider") == ["cluster-one", "cluster-two"]
    assert case.names("ResourceSet") == ["other", "set"]
