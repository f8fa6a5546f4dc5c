"""Files, folders, selectors, steps and parameter sets of ApplicationSets."""

from __future__ import annotations

from typing import Any

import pytest

from argoflux.argocd.appset.generators import merged_template
from argoflux.argocd.appset.gitfiles import chosen_files, folders, pathspec
from argoflux.argocd.appset.params import fill_blanks, flatten, override
from argoflux.argocd.appset.patching import apply_patch
from argoflux.argocd.appset.paths import repository_paths
from argoflux.argocd.appset.problems import ExpansionError, TemplateError, UnknownError
from argoflux.argocd.appset.rollout import rollout_steps, step_of
from argoflux.argocd.appset.selectors import is_empty, matches
from tests.unit.argocd_cases import Files

_NAMES = (
    "a/-.txt",
    "a/[x].txt",
    "a/b/c.txt",
    "apps/config.json",
    "apps/dev/config.json",
    "apps/dev/x/config.json",
    "apps/prod/values.yaml",
    "config.json",
)


# each answer is that of `git ls-files -- PATTERN` (git 2.39) in a repository with these files
@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("config.json", "config.json"),
        ("*.json", "apps/config.json apps/dev/config.json apps/dev/x/config.json config.json"),
        ("**/config.json", "apps/config.json apps/dev/config.json apps/dev/x/config.json"),
        ("apps/**/config.json", "apps/dev/config.json apps/dev/x/config.json"),
        ("apps/*/config.json", "apps/dev/config.json apps/dev/x/config.json"),
        ("apps/dev", "apps/dev/config.json apps/dev/x/config.json"),
        ("apps/dev/", "apps/dev/config.json apps/dev/x/config.json"),
        ("./apps//prod/../prod", "apps/prod/values.yaml"),
        ("ap", ""),
        ("?onfig.json", "config.json"),
        ("apps/[!d]*", "apps/config.json apps/prod/values.yaml"),
        ("apps/[^d]*", "apps/config.json apps/prod/values.yaml"),
        ("apps/[d-p]*/v*", "apps/prod/values.yaml"),
        ("a/\\[x\\].txt", "a/[x].txt"),
        ("a/[x].txt", "a/[x].txt"),
        ("a/[[]x].txt", "a/[x].txt"),
        ("a/[[:alpha:]]*", "a/b/c.txt"),
        ("a/[-]*", "a/-.txt"),
        ("a/[]x]*", ""),
        ("apps/*/", ""),
        ("a/b/c.txt/", ""),
        ("*.JSON", ""),
        ("apps/{dev,prod}/*", ""),
        ("nope", ""),
        (".", " ".join(_NAMES)),
    ],
)
def test_pathspecs_match_as_git_does(pattern: str, wanted: str) -> None:
    assert [name for name in _NAMES if pathspec(pattern, name)] == wanted.split()


def test_an_exact_name_may_hold_brackets() -> None:
    assert pathspec("a/[", "a/[")


def test_pathspec_magic_is_unknown() -> None:
    with pytest.raises(UnknownError, match="magic"):
        pathspec(":(glob)**", "a")


@pytest.mark.parametrize(
    ("stars", "wanted"),
    [
        (False, ["apps/config.json", "apps/dev/config.json", "apps/dev/x/config.json"]),
        (True, ["apps/config.json", "config.json"]),
    ],
)
def test_two_stars_mean_another_thing_to_the_newer_matching(stars: bool, wanted: list[str]) -> None:
    """argo-cd:util/git/client.go LsFiles: with it, ``**`` also stands for no folder."""
    git = {"files": [{"path": "**/config.json"}, {"path": "apps/dev/**", "exclude": stars}]}
    files = Files(dict.fromkeys(_NAMES, ""))
    assert chosen_files(git, files, doublestars=stars)[: len(wanted)] == wanted


def test_folders_leave_out_hidden_ones_and_what_is_below() -> None:
    names = ["a/b/c", "a/.git/x/y", ".github/w/z", "top", "a-b/c", "a/d"]
    assert folders(names) == ["a", "a/b", "a-b"]


def test_flat_parameters() -> None:
    """Lists that Go types as lists of texts are one value."""
    value = {"a": {"b": [1.0, {"c": None}]}, "e": {}, "s": ("x", "y")}
    assert flatten(value) == {"a.b.0": "1", "a.b.1.c": "<nil>", "s": "[x y]"}


def test_overriding_takes_empty_values_and_filling_blanks_replaces_them() -> None:
    assert override({"a": 1, "m": {"x": 1, "y": 2}}, {"a": "", "m": {"x": 0}}) == {
        "a": "",
        "m": {"x": 0, "y": 2},
    }
    own: dict[str, Any] = {"a": "", "b": False, "c": "kept", "m": {"x": "kept"}, "l": ["kept"]}
    more = {"a": 1, "b": True, "c": 2, "d": 3, "m": {"x": 4, "y": 5}, "l": ["no"]}
    assert fill_blanks(own, more) == {
        "a": 1,
        "b": True,
        "c": "kept",
        "d": 3,
        "m": {"x": "kept", "y": 5},
        "l": ["kept"],
    }


def test_free_values_of_a_template_are_not_merged() -> None:
    own = {"spec": {"source": {"helm": {"valuesObject": {"a": 1}}}}}
    shared = {"spec": {"source": {"helm": {"valuesObject": {"b": 1}, "releaseName": "x"}}}}
    assert merged_template(own, shared)["spec"]["source"]["helm"] == {
        "valuesObject": {"a": 1},
        "releaseName": "x",
    }


@pytest.mark.parametrize(
    ("selector", "wanted"),
    [
        ({}, True),
        ({"matchLabels": {"a": "1"}}, True),
        ({"matchLabels": {"a": "2"}}, False),
        ({"matchExpressions": [{"key": "a", "operator": "In", "values": ["1", "2"]}]}, True),
        ({"matchExpressions": [{"key": "b", "operator": "In", "values": ["1"]}]}, False),
        ({"matchExpressions": [{"key": "b", "operator": "NotIn", "values": ["1"]}]}, True),
        ({"matchExpressions": [{"key": "a", "operator": "NotIn", "values": ["1"]}]}, False),
        ({"matchExpressions": [{"key": "a", "operator": "Exists"}]}, True),
        ({"matchExpressions": [{"key": "a", "operator": "DoesNotExist"}]}, False),
    ],
)
def test_selectors(selector: dict[str, Any], wanted: bool) -> None:
    assert matches(selector, {"a": "1"}) is wanted
    assert is_empty(selector) is (selector == {})


@pytest.mark.parametrize(
    "rule",
    [
        {"key": "a", "operator": "Gt", "values": ["1"]},
        {"key": "a", "operator": "NotIn"},
        {"key": "a", "operator": "Exists", "values": ["1"]},
    ],
)
def test_wrong_selectors_are_errors_also_where_labels_decide(rule: dict[str, Any]) -> None:
    with pytest.raises(ExpansionError):
        matches({"matchLabels": {"x": "y"}, "matchExpressions": [rule]}, {"a": "1"})


def _strategy(*steps: Any, kind: str = "RollingSync") -> dict[str, Any]:
    return {"spec": {"strategy": {"type": kind, "rollingSync": {"steps": list(steps)}}}}


def test_steps_need_the_rolling_strategy() -> None:
    assert rollout_steps(_strategy({}, kind="AllAtOnce")) == []
    assert rollout_steps({"spec": {}}) == []
    assert len(rollout_steps(_strategy({}, {}))) == 2


@pytest.mark.parametrize(
    ("labels", "wanted"),
    [({"env": "dev"}, 0), ({"env": "prod"}, 1), ({"env": "qa"}, None), ({}, None)],
)
def test_the_first_step_that_takes_an_application_counts(
    labels: dict[str, str], wanted: int | None
) -> None:
    steps = [
        {"matchExpressions": [{"key": "env", "operator": "In", "values": ["dev"]}]},
        {"matchExpressions": [{"key": "env", "operator": "In", "values": ["prod", "dev"]}]},
    ]
    assert step_of(labels, steps) == wanted


def test_an_absent_label_passes_all_but_in() -> None:
    """progressive_sync.go buildAppDependencyList: an unknown operator only fails where the label is."""
    not_in = {"matchExpressions": [{"key": "env", "operator": "NotIn", "values": ["dev"]}]}
    odd = {"matchExpressions": [{"key": "env", "operator": "Near", "values": ["dev"]}]}
    assert step_of({}, [not_in]) == 0
    assert step_of({}, [odd]) == 0
    assert step_of({"env": "dev"}, [odd]) is None
    assert step_of({"env": "dev"}, [not_in]) is None


def test_paths_of_generators_end_before_the_first_wildcard() -> None:
    url = "https://git.example.com/a"
    spec = {
        "generators": [
            {
                "git": {
                    "repoURL": url,
                    "directories": [{"path": "apps/*/x"}, {"path": "b", "exclude": True}],
                    "files": [
                        {"path": "conf/a.json"},
                        {"path": "**/x.json"},
                        {"path": "e/{{x}}/f"},
                    ],
                }
            },
            {
                "matrix": {
                    "generators": [{"git": {"repoURL": url, "directories": [{"path": "one/"}]}}]
                }
            },
            {"git": {"repoURL": "{{.url}}", "directories": [{"path": "no"}]}},
        ],
        "template": {"spec": {"source": {"repoURL": url, "path": "{{path}}"}, "sources": []}},
    }
    assert [path for found, path in repository_paths(spec) if found == url] == [
        "apps",
        "conf",
        "",
        "e",
        "one",
        "",
    ]


@pytest.mark.parametrize(
    ("patch", "wanted"),
    [
        ("", ["a"]),
        ("metadata: {finalizers: [b]}", ["b", "a"]),
        ("metadata: {finalizers: [a]}", ["a"]),
        ("metadata: {finalizers: null}", []),
        ("metadata: {$deleteFromPrimitiveList/finalizers: [a]}", []),
    ],
)
def test_finalizers_are_the_one_list_that_patches_merge(patch: str, wanted: list[str]) -> None:
    body = {"metadata": {"name": "x", "finalizers": ["a"]}, "spec": {"project": "p"}}
    assert apply_patch(body, patch)["metadata"]["finalizers"] == wanted


@pytest.mark.parametrize("patch", ["[a]", "{", "a: ]", "$patch: delete"])
def test_wrong_patches(patch: str) -> None:
    with pytest.raises(TemplateError, match="templatePatch"):
        apply_patch({"metadata": {}, "spec": {}}, patch)
