"""Several Applications fold into one template, and our reader of templates gets them back."""

from __future__ import annotations

from typing import Any

import pytest

from argoflux.argocd.appset.expand import expand
from argoflux.argocd.appset.generators import Inputs
from argoflux.argocd.one_template import one_template

NAME = ("metadata", "name")


def _app(name: str, **spec: Any) -> dict[str, Any]:
    return {"metadata": {"name": name}, "spec": {"project": "default", **spec}}


def _unfold(bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The bodies after a way through the template, as the controller would make them."""
    found = one_template(bodies, (NAME,))
    spec = {
        "goTemplate": True,
        "goTemplateOptions": ["missingkey=error"],
        "generators": [{"list": {"elements": found.elements}}],
        "syncPolicy": {"preserveResourcesOnDeletion": True},
        "template": found.template,
        "templatePatch": found.patch,
    }
    expansion = expand({"metadata": {"namespace": "argocd"}, "spec": spec}, Inputs())
    assert expansion.problems == ()
    children = [child.body for child in expansion.children]
    for child in children:
        del child["metadata"]["namespace"]
    return [{"metadata": child["metadata"], "spec": child["spec"]} for child in children]


@pytest.mark.parametrize(
    "specs",
    [
        ({"a": "x"}, {"a": "y"}),
        ({"a": True, "b": 1}, {"a": False, "b": 2}),
        ({"a": True}, {"a": "true"}),
        ({"a": 1}, {"a": True}),
        ({"a": {"x": "1"}}, {"b": {"y": [1, {"z": 1.5}]}}),
        ({"a": {"x": "1"}}, {"a": {"y": "2"}}),
        ({"a": {"x": "1", "y": "{{ no }}"}}, {"a": {"y": "{{ no }}", "z": "2"}}),
        ({"a": "{{ one }}"}, {"a": "{{ two }} 'quoted' \"text\"\n<&>"}),
        ({"a": ["x", "y"]}, {"a": ["x"]}),
        ({"a.b/on": "1", "yes": "2"}, {"on": "3", 'k"': "4"}),
        ({"a": "app", "b": "app"}, {"a": "other", "b": "other"}),
    ],
    ids=[
        "texts",
        "switches and numbers",
        "a switch and a text",
        "a number and a switch",
        "different blocks",
        "blocks without a common key",
        "blocks with one",
        "braces, quotes and lines",
        "lists",
        "odd keys",
        "equal parameters",
    ],
)
def test_every_difference_comes_back(specs: tuple[dict[str, Any], ...]) -> None:
    bodies = [_app(name, **spec) for name, spec in zip(("one", "two"), specs, strict=True)]
    assert _unfold(bodies) == bodies


def test_equal_values_stand_in_the_template_and_need_no_patch() -> None:
    found = one_template([_app("a", path="x", on=True), _app("b", path="x", on=True)], (NAME,))
    assert found.template == _app("{{ .name }}", path="x", on=True)
    assert found.elements == [{"name": "a"}, {"name": "b"}]
    assert found.patch == ""


def test_a_switch_differs_in_the_patch_only() -> None:
    """A text in the place of a switch is no valid template."""
    found = one_template([_app("a", prune=True), _app("b", prune=False)], (NAME,))
    assert "prune" not in found.template["spec"]
    assert found.patch == "spec:\n  prune: {{ .prune }}\n"
    assert [element["prune"] for element in found.elements] == ["true", "false"]


def test_paths_with_the_same_values_share_a_parameter() -> None:
    found = one_template([_app("a", path="a"), _app("b", path="b")], (NAME,))
    assert found.template["spec"]["path"] == "{{ .name }}"
    apart = one_template([_app("a", path="a"), _app("b", path="b")], (NAME,), {("spec", "path")})
    assert apart.template["spec"]["path"] == "{{ .path }}"


def test_parameters_of_one_key_get_longer_names() -> None:
    bodies = [
        _app(
            f"app{n}", one={"key": f"1{n}"}, two={"key": f"2{n}"}, three={"example.com/key": str(n)}
        )
        for n in range(2)
    ]
    names = set(one_template(bodies, (NAME,)).names.values())
    assert names == {"name", "key", "twoKey", "threeKey"}
