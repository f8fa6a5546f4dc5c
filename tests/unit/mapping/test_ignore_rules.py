"""Rules for tolerated differences: globs of Argo CD and regular expressions of Flux."""

import re

import pytest

from argoflux.goports.globs import gobwas
from argoflux.mapping.ignore_rules import (
    from_flux,
    glob_to_regex,
    group_of,
    literal,
    regex_to_glob,
    to_flux,
)
from argoflux.model.app import IgnoreRule


@pytest.mark.parametrize(
    ("glob", "regex"),
    [
        ("apps", "apps"),
        ("*", ".*"),
        ("**", ".*"),
        ("networking.k8s.io", r"networking\.k8s\.io"),
        ("*.example.com", r".*\.example\.com"),
        ("{Deployment,StatefulSet}", "(Deployment|StatefulSet)"),
        ("Deploy?ent", "Deploy.ent"),
        ("[DS]*", "[DS].*"),
        ("[!D]*", "[^D].*"),
        (r"a\*b", r"a\*b"),
        ("a+b", r"a\+b"),
    ],
)
def test_glob_becomes_regex(glob: str, regex: str) -> None:
    assert glob_to_regex(glob) == regex


@pytest.mark.parametrize(
    ("regex", "glob"),
    [
        ("Deployment", "Deployment"),
        ("^Deployment$", "Deployment"),
        ("(Deployment|StatefulSet)", "{Deployment,StatefulSet}"),
        ("Deployment|StatefulSet", "{Deployment,StatefulSet}"),
        ("(?:a|b)-x", "{a,b}-x"),
        ("front-.*", "front-*"),
        ("front-.+", "front-?*"),
        (r"apps\.example\.com", "apps.example.com"),
        ("apps.example.com", "apps.example.com"),
        ("[DS].*", "[DS]*"),
        ("[^D].*", "[!D]*"),
        (r"a\*b", r"a\*b"),
        ("a?b", None),
        ("ab+", None),
        ("(a|b)*", None),
        (r"v\d+", None),
        ("a{2}", None),
        ("(unclosed", None),
        ("[unclosed", None),
        ("a.*?", None),
        ("(?i)deployment", None),
        ("a)b", None),
    ],
)
def test_regex_becomes_glob_or_nothing(regex: str, glob: str | None) -> None:
    assert regex_to_glob(regex) == glob


@pytest.mark.parametrize("regex", ["(a|b)-.*", "front-.+", "[ab]c", "x|y.*", r"k8s\.io"])
@pytest.mark.parametrize(
    "text", ["a-", "b-1", "front-", "front-x", "ac", "bc", "cc", "x", "y1", "k8s.io", "k8sxio", ""]
)
def test_glob_matches_what_the_regex_matches(regex: str, text: str) -> None:
    glob = regex_to_glob(regex)
    assert glob is not None
    assert gobwas(glob, text) == bool(re.fullmatch(regex, text))


def test_literal_is_a_name_and_nothing_else() -> None:
    assert literal("gateway") == "gateway"
    assert literal(r"my\.app") == "my.app"
    assert literal("front-.*") is None
    assert literal("a|b") is None


@pytest.mark.parametrize(
    ("kind", "group"),
    [
        ("Deployment", "apps"),
        ("{Deployment,StatefulSet}", "apps"),
        ("{Deployment,Service}", None),
        ("Service", ""),
        ("Certificate", None),
        ("*", None),
    ],
)
def test_group_of_built_in_kinds(kind: str, group: str | None) -> None:
    assert group_of(kind) == group


def test_kind_without_group_is_narrowed_to_the_group_it_has() -> None:
    """P6: `target: {kind: Deployment, name: gateway}` becomes `group: apps`."""
    rule = from_flux({"paths": ["/spec/replicas"], "target": {"kind": "Deployment", "name": "gw"}})
    assert rule == IgnoreRule(
        group="apps", kind="Deployment", name="gw", pointers=("/spec/replicas",)
    )


def test_unknown_kind_gets_any_group() -> None:
    assert from_flux({"paths": ["/a"], "target": {"kind": "Widget"}}).group == "*"


def test_version_v1_without_group_is_the_core_group() -> None:
    rule = from_flux({"paths": ["/data"], "target": {"kind": "Widget", "version": "v1"}})
    assert rule == IgnoreRule(group="", kind="Widget", pointers=("/data",))


def test_what_argo_cannot_say_is_kept_as_it_stands() -> None:
    rule = from_flux(
        {
            "paths": ["/a"],
            "target": {
                "group": "apps",
                "version": "v1",
                "kind": "Deployment",
                "name": "front-.*",
                "labelSelector": "app=x",
            },
        }
    )
    assert rule.selectors == {"version": "v1", "labelSelector": "app=x", "name": "front-.*"}
    assert rule.name == ""


@pytest.mark.parametrize("target", [None, {}, {"kind": ""}, "nonsense"])
def test_no_target_means_every_object(target: object) -> None:
    rule = from_flux({"paths": ["/a"], "target": target})
    assert rule == IgnoreRule(pointers=("/a",))
    assert to_flux(rule) == {}


@pytest.mark.parametrize(
    ("rule", "target"),
    [
        (IgnoreRule(group="apps", kind="Deployment"), {"group": "apps", "kind": "Deployment"}),
        (IgnoreRule(group="", kind="Service"), {"version": "v1", "kind": "Service"}),
        (IgnoreRule(group="*", kind="*", name="a.b"), {"name": r"a\.b"}),
        (
            IgnoreRule(group="*.k8s.io", kind="{A,B}", namespace="x"),
            {"group": r".*\.k8s\.io", "kind": "(A|B)", "namespace": "x"},
        ),
    ],
)
def test_rule_to_flux_and_back(rule: IgnoreRule, target: dict[str, str]) -> None:
    assert to_flux(rule) == target
    assert from_flux({"target": target}) == rule
