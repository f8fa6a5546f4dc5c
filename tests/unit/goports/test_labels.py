"""Label selectors: kubernetes/apimachinery pkg/labels."""

from __future__ import annotations

from typing import Any

import pytest

from argoflux.goports.labels import SelectorError, requirements, selects

LABELS = {"tier": "web", "zone": "3", "example.com/team": "a", "empty": ""}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", True),
        (" ", True),
        ("tier=web", True),
        ("tier==web", True),
        ("tier = web", True),
        ("tier=api", False),
        ("tier!=api", True),
        ("tier!=web", False),
        ("absent!=web", True),
        ("tier", True),
        ("absent", False),
        ("!absent", True),
        ("!tier", False),
        ("tier in (web, api)", True),
        ("tier in (api)", False),
        ("tier notin (api)", True),
        ("absent notin (api)", True),
        ("zone>2", True),
        ("zone<3", False),
        ("zone > 2", True),
        ("tier>2", False),
        ("empty=", True),
        ("tier=web,zone=3", True),
        ("tier=web, zone=4", False),
        ("tier in (web), example.com/team=a", True),
    ],
)
def test_selects(text: str, expected: bool) -> None:
    assert selects(text, LABELS) is expected


@pytest.mark.parametrize("text", ["a=b=c", "in (a)", "a in b", "a b", "=", "a,,b"])
def test_what_is_no_selector(text: str) -> None:
    with pytest.raises(SelectorError):
        selects(text, LABELS)


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ({}, True),
        (None, True),
        ({"matchLabels": {"tier": "web"}}, True),
        ({"matchLabels": {"tier": "api"}}, False),
        ({"matchExpressions": [{"key": "tier", "operator": "In", "values": ["web"]}]}, True),
        ({"matchExpressions": [{"key": "tier", "operator": "NotIn", "values": ["web"]}]}, False),
        ({"matchExpressions": [{"key": "tier", "operator": "Exists"}]}, True),
        ({"matchExpressions": [{"key": "tier", "operator": "DoesNotExist"}]}, False),
    ],
)
def test_objects(selector: Any, expected: bool) -> None:
    assert all(one.holds(LABELS) for one in requirements(selector)) is expected


@pytest.mark.parametrize(
    "rule",
    [
        {"key": "a", "operator": "Near"},
        {"key": "a", "operator": "In"},
        {"key": "a", "operator": "Exists", "values": ["b"]},
    ],
)
def test_expressions_that_kubernetes_refuses(rule: dict[str, Any]) -> None:
    with pytest.raises(SelectorError):
        list(requirements({"matchExpressions": [rule]}))
