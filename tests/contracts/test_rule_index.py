"""The rules that exist are those that were promised, by code, name and weight."""

from __future__ import annotations

from pathlib import Path

from argoflux.lint.registry import rule_names, rule_of

INDEX = Path(__file__).parents[1] / "data" / "rule_index.tsv"
"""One line a rule: code, name, and the severity of most of its findings."""

RESERVED = {"AF313"}
"""Codes that no rule may take: AF313 became a part of AF312."""

HEAVIER = {
    "AF404": "error",  # a reference that the controller refuses; what it only misreads is a warning
    "AF702": "warning",  # paths that miss files; that there are no paths at all would be the info
}
"""Rules whose own severity is that of their worst finding, and the index has the usual one."""


def promised() -> dict[str, tuple[str, str]]:
    """Name and severity of every rule of the index."""
    lines = INDEX.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines[1:]]
    assert lines[0].split("\t") == ["code", "name", "severity"]
    return {code: (name, severity) for code, name, severity in rows}


def test_the_promised_rules_exist_and_no_others() -> None:
    existing = {name.code for name in rule_names()}
    assert existing == set(promised())
    assert existing & RESERVED == set()


def test_rules_have_the_promised_name_and_weight() -> None:
    wanted = promised()
    different = {
        name.code: (name.slug, rule_of(name.code).severity.value)
        for name in rule_names()
        if (name.slug, HEAVIER.get(name.code, wanted[name.code][1]))
        != (rule_of(name.code).name, rule_of(name.code).severity.value)
    }
    assert different == {}
    assert all(wanted[code][1] != severity for code, severity in HEAVIER.items())


def test_names_are_taken_once() -> None:
    wanted = promised()
    assert len({name for name, _ in wanted.values()}) == len(wanted)
