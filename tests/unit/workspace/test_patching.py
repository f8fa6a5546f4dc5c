"""Strategic merge, JSON 6902 patches, selectors and images on plain values."""

from __future__ import annotations

import pytest

from argoflux.workspace.patching import PatchError, apply_operations, merge
from argoflux.workspace.selectors import SelectorError, parse_selector
from argoflux.workspace.transform import split_image


@pytest.mark.parametrize(
    ("base", "patch", "result"),
    [
        ({"a": 1, "b": {"c": 2}}, {"b": {"d": 3}}, {"a": 1, "b": {"c": 2, "d": 3}}),
        ({"a": 1, "b": 2}, {"b": None}, {"a": 1}),
        ({"a": {"x": 1}}, {"a": {"$patch": "replace", "y": 2}}, {"a": {"y": 2}}),
        ({"a": {"x": 1}, "b": 1}, {"a": {"$patch": "delete"}}, {"b": 1}),
        ({"a": 1}, {"$patch": "delete"}, None),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": 1}, {"a": {"b": None, "c": 1}}, {"a": {"c": 1}}),
        (
            {"env": [{"name": "a", "value": 1}, {"name": "b"}]},
            {"env": [{"name": "a", "value": 2}, {"name": "c"}]},
            {"env": [{"name": "a", "value": 2}, {"name": "c"}, {"name": "b"}]},
        ),
        (
            {"env": [{"name": "a"}, {"name": "b"}]},
            {"env": [{"name": "a", "$patch": "delete"}]},
            {"env": [{"name": "b"}]},
        ),
        (
            {"env": [{"name": "a"}]},
            {"env": [{"$patch": "replace"}, {"name": "z"}]},
            {"env": [{"name": "z"}]},
        ),
        ({"finalizers": ["a"]}, {"finalizers": ["b", "a"]}, {"finalizers": ["b", "a"]}),
        (
            {"ports": [{"port": 80, "name": "x"}]},
            {"ports": [{"port": 80, "name": "y"}]},
            {"ports": [{"port": 80, "name": "y"}]},
        ),
    ],
)
def test_strategic_merge(base, patch, result):
    before = repr(base)
    assert merge(base, patch, built_in=True) == result
    assert repr(base) == before


def test_lists_of_kinds_without_schema_are_replaced():
    base, patch = {"env": [{"name": "a"}]}, {"env": [{"name": "b"}]}
    assert merge(base, patch, built_in=False) == patch


@pytest.mark.parametrize(
    ("operation", "result"),
    [
        ({"op": "add", "path": "/b", "value": 2}, {"a": [1, 2], "b": 2}),
        ({"op": "add", "path": "/a/-", "value": 3}, {"a": [1, 2, 3]}),
        ({"op": "add", "path": "/a/0", "value": 0}, {"a": [0, 1, 2]}),
        ({"op": "replace", "path": "/a/1", "value": 9}, {"a": [1, 9]}),
        ({"op": "replace", "path": "", "value": {}}, {}),
        ({"op": "remove", "path": "/a/0"}, {"a": [2]}),
        ({"op": "copy", "from": "/a/0", "path": "/c"}, {"a": [1, 2], "c": 1}),
        ({"op": "move", "from": "/a", "path": "/m~0~1"}, {"m~/": [1, 2]}),
        ({"op": "test", "path": "/a/0", "value": 1}, {"a": [1, 2]}),
    ],
)
def test_operations(operation, result):
    base = {"a": [1, 2]}
    assert apply_operations(base, [operation]) == result
    assert base == {"a": [1, 2]}


@pytest.mark.parametrize(
    ("operation", "problem"),
    [
        ({"op": "remove", "path": "/x"}, "`/x` does not exist"),
        ({"op": "replace", "path": "/a/5", "value": 1}, "out of range"),
        ({"op": "add", "path": "/x/y", "value": 1}, "`/x` does not exist"),
        ({"op": "add", "path": "/a/x", "value": 1}, "`x` is not an index"),
        ({"op": "add", "path": "/s/y", "value": 1}, "no mapping above"),
        ({"op": "remove", "path": "/e/-"}, "the list is empty"),
        ({"op": "remove", "path": ""}, "whole object"),
        ({"op": "test", "path": "/a", "value": 1}, "fails"),
        ({"op": "merge", "path": "/a"}, "not an operation"),
        ({"op": "add", "path": "a"}, "not a JSON pointer"),
        ({"op": "add"}, "not a JSON pointer"),
        ("add", "must be a mapping"),
    ],
)
def test_operations_that_fail_say_why(operation, problem):
    with pytest.raises(PatchError, match=problem):
        apply_operations({"a": [1, 2], "s": "text", "e": []}, [operation])


@pytest.mark.parametrize("text", ["a b", "a=(", "in (x", "a==b==c", 5, "!a=b"])
def test_bad_selectors(text):
    with pytest.raises(SelectorError):
        parse_selector(text)


def test_selectors():
    assert parse_selector("a=b, c!=d,e,!f,g in (h, i)") == (
        ("a", "in", {"b"}),
        ("c", "notin", {"d"}),
        ("e", "exists", set()),
        ("f", "absent", set()),
        ("g", "in", {"h", "i"}),
    )
    assert parse_selector(None) == parse_selector("") == ()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("nginx", ("nginx", "", "")),
        ("nginx:1", ("nginx", "1", "")),
        ("reg:5000/nginx", ("reg:5000/nginx", "", "")),
        ("reg:5000/nginx:1@sha256:ab", ("reg:5000/nginx", "1", "sha256:ab")),
    ],
)
def test_images_are_split_at_the_last_colon_after_the_last_slash(text, parts):
    assert split_image(text) == parts
