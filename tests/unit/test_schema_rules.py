"""Validation rules of CRDs: the language as far as it is used, and every rule of the schemas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from argoflux.schema import check
from argoflux.schema_accept import is_known
from argoflux.schema_rules import KEYWORD, RuleError, broken_rules, compile_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMAS = Path(__file__).parents[2] / "schemas"


def rules_in(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (item["rule"] for item in node.get(KEYWORD, ()))
        for child in node.values():
            yield from rules_in(child)
    elif isinstance(node, list):
        for child in node:
            yield from rules_in(child)


def test_every_rule_of_the_schemas_can_be_read() -> None:
    texts = {
        text for file in SCHEMAS.rglob("*.json") for text in rules_in(json.loads(file.read_text()))
    }
    assert len(texts) > 50
    for text in texts:
        compile_rule(text)


@pytest.mark.parametrize(
    ("rule", "value", "holds"),
    [
        ("has(self.a)", {"a": None}, False),
        ("has(self.a)", {"a": 0}, True),
        ("has(self.a.b)", {"a": {"b": 1}}, True),
        ("has(self.a.b)", {}, False),  # an error rejects
        ("!has(self.a) || self.a == 'x'", {}, True),
        ("self.a == 'x' || !has(self.a)", {}, True),  # the error on the left does not decide
        ("self.a == 'x' || has(self.b)", {}, False),
        ("has(self.a) && self.a.b > 1", {}, False),
        ("has(self.a) ? self.a == 1 : true", {}, True),
        ("(has(self.a) ? 1 : 0) + (has(self.b) ? 1 : 0) == 1", {"a": 1, "b": 1}, False),
        ("size(self.a) > 0", {"a": []}, False),
        ("self.a.all(x, x.n.matches('^[a-z]+$'))", {"a": [{"n": "ab"}, {"n": "B"}]}, False),
        (
            "self.all(s, self.exists_one(t, t.name == s.name))",
            [{"name": "a"}, {"name": "a"}],
            False,
        ),
        ("self.a.substring(6).contains('/')", {"a": "oci://host/x"}, True),
        ("self.a == 1", {"a": True}, False),  # a boolean is no number
        ("!self.a", {"a": False}, True),
        ("!self.a", {"a": "false"}, False),
        ("self == oldSelf", "x", True),  # a rule about changes
    ],
)
def test_language(rule: str, value: Any, holds: bool) -> None:
    assert (broken_rules(value, {KEYWORD: [{"rule": rule}]}, is_known) == []) is holds


def test_defaults_come_first() -> None:
    node = {
        "properties": {"type": {"type": "string", "default": "generic"}},
        KEYWORD: [{"rule": "self.type == 'generic'"}],
    }
    assert broken_rules({}, node, is_known) == []
    assert broken_rules({"type": "aws"}, node, is_known) == ["self.type == 'generic'"]


def test_values_filled_in_later_break_nothing() -> None:
    node = {KEYWORD: [{"rule": "self.url.startsWith('https://')"}]}
    assert broken_rules({"url": "${URL}"}, node, is_known) == []
    assert broken_rules({"url": "oci://x"}, node, is_known) != []


@pytest.mark.parametrize("text", ["self.a in ['x']", "self.a ==", "self.map(x, x)", "§"])
def test_what_is_not_covered_is_an_error(text: str) -> None:
    """The contract test above fails on a new schema rather than passing everything."""
    with pytest.raises(RuleError):
        compile_rule(text)


@pytest.mark.parametrize(
    ("kind", "version", "spec", "broken"),
    [
        (
            "HelmRelease",
            "v2",
            {"interval": "1m", "chartRef": {"kind": "OCIRepository", "name": "x"}},
            (),
        ),
        ("HelmRelease", "v2", {"interval": "1m"}, ("spec",)),
        (
            "HelmRelease",
            "v2",
            {
                "interval": "1m",
                "chartRef": {"kind": "OCIRepository", "name": "x"},
                "install": {"strategy": {"name": "RemediateOnFailure", "retryInterval": "1m"}},
            },
            ("spec", "install", "strategy", "retryInterval"),
        ),
        (
            "ResourceSetInputProvider",
            "v1",
            {"type": "Static", "url": "https://example.com"},
            ("spec", "url"),
        ),
    ],
)
def test_objects(kind: str, version: str, spec: dict[str, Any], broken: tuple[str, ...]) -> None:
    body = {"apiVersion": "x/v1", "kind": kind, "metadata": {"name": "x"}, "spec": spec}
    found = [error.path for error in check(kind, version, body) if error.rule == "cel"]
    assert found == ([broken] if broken else [])
