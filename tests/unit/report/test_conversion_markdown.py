"""The Markdown report: tables, folded groups, and a length that fits a comment."""

from __future__ import annotations

import re

from argoflux.mapping.verdict import Verdict
from argoflux.report.conversion_markdown import LIMIT, MARKER, render
from tests.unit.report.conversions import broken_file, message, resource_from, sample


def test_it_starts_with_the_marker_and_counts_the_leaves() -> None:
    text = render(sample())
    assert text.startswith(MARKER + "\n\n# Conversion to Flux\n")
    assert "| leaves | exact | equivalent | approximate | none | unknown | manual |" in text
    assert "| 3 | 1 | 1 | 0 | 0 | 0 | 1 |" in text


def test_groups_with_work_to_do_are_open() -> None:
    place = resource_from().place("kind")
    text = render(
        sample(messages=(message(place), message(place, apps=("b",), verdict=Verdict.NONE)))
    )
    assert "<details open><summary><b>Application/argocd/web</b>: 1 manual" in text
    assert "<details><summary><b>b</b>: 1 none" in text


def test_every_table_row_has_as_many_cells_as_its_head() -> None:
    place = resource_from(name="a|b`c`<x>.yaml").place("kind")
    hostile = "| `a|b` | </details> [x](y) \n# no"
    text = render(
        sample(
            messages=(message(place, text=hostile, instead=hostile, apps=(hostile,)),),
            findings=(broken_file("a|b.yaml"),),
        )
    )
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        assert len({row.count("|") for row in block.splitlines()}) == 1, block
    assert text.count("<details") == text.count("</details>") == 1


def test_a_long_report_stays_below_the_limit_and_says_what_is_missing() -> None:
    place = resource_from().place("kind")
    many = tuple(message(place, apps=(f"app-{n}",), text="x" * 300) for n in range(500))
    text = render(sample(messages=many))
    assert len(text) <= LIMIT
    assert re.search(r"\d+ more groups are in the JSON report", text)
