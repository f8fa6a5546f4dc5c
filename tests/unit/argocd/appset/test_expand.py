"""ApplicationSets against what Argo CD 3.5's own code makes of them.

``tests/data/appset_cases.yaml`` holds the cases, ``appset_expected.json`` the answers: the Applications
without empty values, null where the controller reports an error.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from argoflux.argocd.appset.clusters import ClusterFacts, read_cluster
from argoflux.argocd.appset.expand import expand
from argoflux.argocd.appset.generators import Inputs
from argoflux.text import SourceFile
from argoflux.yamlio.load import load_text
from tests.unit.argocd_cases import Files

_DATA = Path(__file__).parents[3] / "data"
_TEXT = (_DATA / "appset_cases.yaml").read_text("utf-8")
CASES: dict[str, Any] = load_text(SourceFile("cases", _TEXT)).documents[0].body
EXPECTED: dict[str, Any] = json.loads((_DATA / "appset_expected.json").read_text("utf-8"))
_EMPTY = (None, "", [], {}, False, 0)


def without_empty(value: Any) -> Any:
    """What Go leaves out when it writes an Application, and the type."""
    if isinstance(value, dict):
        kept = {key: without_empty(item) for key, item in value.items()}
        return {
            k: v for k, v in kept.items() if v not in _EMPTY and k not in {"apiVersion", "kind"}
        }
    if isinstance(value, list):
        return [without_empty(item) for item in value]
    return value


def _order(body: dict[str, Any]) -> str:
    return json.dumps(body, sort_keys=True)


def applicationset(case: dict[str, Any]) -> dict[str, Any]:
    spec = {key: value for key, value in case.items() if key not in {"clusters", "files"}}
    spec.setdefault("template", CASES["template"])
    return {"metadata": {"name": "set", "namespace": "argocd"}, "spec": spec}


def inputs(case: dict[str, Any]) -> Inputs:
    clusters = [ClusterFacts(**one) for one in case.get("clusters", [])]
    files = Files(case.get("files", {}))
    return Inputs(clusters=clusters, files=lambda _url, _revision: files, doublestars=True)


@pytest.mark.parametrize("name", CASES["cases"])
def test_case(name: str) -> None:
    case, wanted = CASES["cases"][name], EXPECTED[name]
    found = expand(applicationset(case), inputs(case))
    if wanted is None:
        assert found.problems
        return
    made = [without_empty(child.body) for child in found.children]
    assert sorted(made, key=_order) == sorted(wanted, key=_order)
    assert not found.problems or name == "unknown-generator"


def test_the_cases_cover_success_and_failure() -> None:
    assert EXPECTED.keys() == CASES["cases"].keys()
    assert sum(answer is None for answer in EXPECTED.values()) >= 15
    assert sum(bool(answer) for answer in EXPECTED.values()) >= 45


def one(spec: str, **given: Any) -> Any:
    """The expansion of a spec in flow style."""
    body = load_text(SourceFile("s", f"spec: {{{spec}}}")).documents[0].body
    return expand(body, Inputs(**given))


_LIST = "generators: [{list: {elements: [{a: b}]}}]"
_MATRIX = """
  goTemplate: true,
  generators: [{matrix: {generators: [
    {list: {elements: [{a: b}]}},
    {list: {elements: [{b: '{{ fail "no" }}'}]}}]}}]
"""


def _go(more: str) -> str:
    return f"goTemplate: true, {_LIST}, {more}"


_FIXED = "template: {metadata: {name: fixed}, spec: {project: x}}"


@pytest.mark.parametrize(
    ("spec", "path", "reason", "text"),
    [
        ("generators: []", ("spec",), "invalid", "no generators"),
        (
            "generators: [{pullRequest: {github: {owner: a}}}]",
            ("spec", "generators", 0, "pullRequest"),
            "live",
            "live service",
        ),
        (
            "generators: [{scmProvider: {}}]",
            ("spec", "generators", 0, "scmProvider"),
            "live",
            "live service",
        ),
        ("generators: [{plugin: {}}]", ("spec", "generators", 0, "plugin"), "live", "live"),
        (
            "generators: [{clusterDecisionResource: {}}]",
            ("spec", "generators", 0, "clusterDecisionResource"),
            "live",
            "live",
        ),
        (
            "generators: [{clusters: {}}]",
            ("spec", "generators", 0, "clusters"),
            "no-clusters",
            "no cluster Secret",
        ),
        (
            "generators: [{git: {repoURL: u, directories: [{path: '*'}]}}]",
            ("spec", "generators", 0, "git"),
            "no-files",
            "no copy",
        ),
        (
            "generators: [{matrix: {generators: [{list: {elements: [{a: b}]}}, {plugin: {}}]}}]",
            ("spec", "generators", 0, "matrix", "generators", 1, "plugin"),
            "live",
            "live",
        ),
        (
            _go("template: {metadata: {name: '{{ fail \"no\" }}'}}"),
            ("spec", "template", "metadata", "name"),
            "template",
            "no",
        ),
        (
            _go("template: {metadata: {name: '{{ now }}'}}"),
            ("spec", "template", "metadata", "name"),
            "changing",
            "`now`",
        ),
        (
            f"generators: [{{list: {{elements: [{{a: b}}, {{a: c}}]}}}}], {_FIXED}",
            ("spec", "template", "metadata", "name"),
            "invalid",
            "2 Applications are called `fixed`",
        ),
        (
            "generators: [{list: {elements: [{a: b}]}}], template: {metadata: {name: 'x-{{nope}}'}}",
            ("spec", "template", "metadata", "name"),
            "invalid",
            "no valid name",
        ),
        (
            f"{_LIST}, template: {{metadata: {{name: a}}}}, templatePatch: ']'",
            ("spec", "templatePatch"),
            "template",
            "no YAML",
        ),
        (
            _MATRIX,
            ("spec", "generators", 0, "matrix", "generators", 1, "list", "elements", 0, "b"),
            "template",
            "no",
        ),
        (
            "generators: [{list: {elements: [{a: b}]}, selector: {matchExpressions: [{key: a, operator: In}]}}]",
            ("spec", "generators", 0, "selector"),
            "invalid",
            "has no values",
        ),
    ],
)
def test_problems_have_a_place_and_a_reason(
    spec: str, path: tuple[Any, ...], reason: str, text: str
) -> None:
    found = one(spec)
    assert not found.children
    (problem, *_) = found.problems
    assert (problem.path, problem.reason) == (path, reason)
    assert text in problem.text


def test_what_can_be_made_is_made_beside_what_cannot() -> None:
    found = one(
        "generators: [{list: {elements: [{id: a}]}}, {plugin: {}}, {list: {elements: [{id: b}]}}],"
        " template: {metadata: {name: '{{id}}'}}"
    )
    assert [child.name for child in found.children] == ["a", "b"]
    assert [problem.what for problem in found.problems] == ["plugin"]


def test_a_matrix_is_bounded() -> None:
    elements = ", ".join(f"{{a{number}: x}}" for number in range(80))
    found = one(
        f"goTemplate: true, generators: [{{matrix: {{generators: [{{list: {{elements: [{elements}]}}}},"
        f" {{list: {{elements: [{elements}]}}}}]}}}}]"
    )
    assert [problem.reason for problem in found.problems] == ["limit"]


def test_clusters_come_by_name_whatever_the_order_of_secrets() -> None:
    facts = [ClusterFacts(name=name, server=f"https://{name}") for name in ("b", "a")]
    spec = "generators: [{clusters: {}}], template: {metadata: {name: '{{name}}'}}"
    assert [c.name for c in one(spec, clusters=facts).children] == ["a", "b", "in-cluster"]


def test_cluster_secrets_are_read_from_both_kinds_of_data() -> None:
    body = {
        "metadata": {
            "labels": {"a": "b"},
            "annotations": {"c": "d", "kubectl.kubernetes.io/last-applied-configuration": "{}"},
        },
        "data": {"name": "cHJvZA==", "server": "aHR0cHM6Ly94", "project": "????", "config": "e30="},
        "stringData": {"server": "https://y"},
    }
    assert read_cluster(body) == ClusterFacts(
        name="prod", server="https://y", labels={"a": "b"}, annotations={"c": "d"}
    )


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"spec": None},
        {"spec": {"generators": "x"}},
        {"spec": {"generators": [None, 1, "a", [], {"list": "x"}, {"matrix": {"generators": 5}}]}},
        {"spec": {"generators": [{"list": {"elements": [{"a": "b"}]}}], "template": 5}},
        {"spec": {"generators": [{"list": {"elements": [{"a": "b"}]}}], "template": {"spec": 1}}},
        {
            "spec": {
                "generators": [{"git": {"files": "x", "directories": [1]}}],
                "goTemplate": "yes",
            }
        },
    ],
)
def test_wrong_shapes_are_problems_and_no_crash(body: dict[str, Any]) -> None:
    assert not expand(body, Inputs()).children
