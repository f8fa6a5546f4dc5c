"""Longest ways and circles."""

from __future__ import annotations

import pytest

from argoflux.argocd.waves import cycles, waves


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ({}, {}),
        ({"a": ""}, {}),
        ({"a": "", "b": "a"}, {"a": 0, "b": 1}),
        ({"a": "", "b": "aa", "c": "ab"}, {"a": 0, "b": 1, "c": 2}),
        ({"d": "bc", "c": "a", "b": "", "a": ""}, {"a": 0, "b": 0, "c": 1, "d": 2}),
    ],
    ids=["nothing", "alone", "edge", "the longest way counts", "any order of input"],
)
def test_waves(before: dict[str, str], expected: dict[str, int]) -> None:
    """Each node with an edge has the number of the longest way to it."""
    assert waves({node: tuple(found) for node, found in before.items()}) == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ({"a": "", "b": "a"}, {}),
        ({"a": "a"}, {"a": "aa"}),
        ({"a": "b", "b": "a", "c": "a"}, {"a": "aba", "b": "bab"}),
        (
            {"a": "b", "b": "c", "c": "a", "d": "e", "e": ""},
            {"a": "abca", "b": "bcab", "c": "cabc"},
        ),
        (
            {"a": "b", "b": "ac", "c": "d", "d": "c"},
            {"a": "aba", "b": "bab", "c": "cdc", "d": "dcd"},
        ),
    ],
    ids=["no circle", "itself", "what waits for a circle is outside", "three", "two circles"],
)
def test_cycles(before: dict[str, str], expected: dict[str, str]) -> None:
    """Each node of a circle has the shortest way back to itself."""
    found = cycles({node: tuple(others) for node, others in before.items()})
    assert {node: "".join(way) for node, way in found.items()} == expected
