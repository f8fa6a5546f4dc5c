"""One template for objects that differ by inputs, and when there is none."""

from __future__ import annotations

from typing import Any

import pytest

from argoflux.flux.input_templates import InputTemplates, NoTemplate

_ENVS = [
    {"env": "dev", "tag": "1.10", "n": 1, "on": True},
    {"env": "prod", "tag": "2", "n": 3, "on": False},
]


def template(first: Any, second: Any, inputs: list[dict[str, Any]] | None = None) -> Any:
    return InputTemplates(inputs or _ENVS).of([{"a": first}, {"a": second}])["a"]


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        ("x", "x", "x"),
        (5, 5, 5),
        ("dev", "prod", "<< inputs.env | quote >>"),
        ("1.10", "2", "<< inputs.tag | quote >>"),
        ("web-dev", "web-prod", "web-<< inputs.env >>"),
        ("./a/dev/b/dev", "./a/prod/b/prod", "./a/<< inputs.env >>/b/<< inputs.env >>"),
        ("dev:1.10-", "prod:2-", "<< inputs.env >>:<< inputs.tag >>-"),
        (1, 3, "<< inputs.n >>"),
        (True, False, "<< inputs.on >>"),
        ({"k": ["dev", 1]}, {"k": ["prod", 1]}, {"k": ["<< inputs.env | quote >>", 1]}),
    ],
)
def test_values_that_inputs_explain(first: Any, second: Any, wanted: Any) -> None:
    assert template(first, second) == wanted


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("dev", "PROD"),
        ("a", "b"),
        (2, 3),
        (1, "3"),
        (True, 1),
        ({"k": 1}, {"l": 1}),
        ([1], [1, 2]),
        ("1.10.", "2."),  # would be read as a number or a text, by the input
        ("<< x >>", "<< x >>"),
        ("<<dev", "<<prod"),
        ("x" * 500 + "dev", "x" * 500 + "prod"),
        ("dev: x", "prod: y"),
    ],
)
def test_values_that_inputs_do_not_explain(first: Any, second: Any) -> None:
    with pytest.raises(NoTemplate):
        template(first, second)


def test_the_longer_input_explains_more() -> None:
    inputs = [
        {"name": "a", "secret": "a-kubeconfig"},
        {"name": "b", "secret": "b-kubeconfig"},
    ]
    assert template("a-kubeconfig", "b-kubeconfig", inputs) == "<< inputs.secret | quote >>"


def test_nested_inputs_have_dotted_names() -> None:
    inputs = [{"m": {"k": "a", "odd-key": "x"}}, {"m": {"k": "b", "odd-key": "y"}}]
    assert template("p-a", "p-b", inputs) == "p-<< inputs.m.k >>"
    with pytest.raises(NoTemplate):
        template("x", "y", inputs)


def test_an_input_may_be_empty() -> None:
    inputs = [{"suffix": "", "id_": "1x"}, {"suffix": "-b", "id_": "2x"}]
    assert template("web", "web-b", inputs) == "web<< inputs.suffix >>"


def test_inputs_that_are_missing_somewhere_are_not_used() -> None:
    """flux-operator fails on a missing key."""
    with pytest.raises(NoTemplate):
        template("dev", "prod", [{"env": "dev"}, {"other": "prod"}])


def test_used_inputs_are_known() -> None:
    templates = InputTemplates(_ENVS)
    templates.of([{"a": "x-dev", "b": 1}, {"a": "x-prod", "b": 1}])
    assert templates.used == {"env"}
