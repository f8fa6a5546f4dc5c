"""What other linters report about Argo CD and Flux objects is reported here too, with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from argoflux.finding import Severity
from tests.lint_run import lint_texts
from tests.peer_checks import CHECKS, HOUSE_STYLE, TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.peer_checks import Check

BY_NAME = [pytest.param(check, id=f"{check.tool} {check.name}") for check in CHECKS]


def places(folder: Path, check: Check) -> list[str]:
    """Where our findings of the check's rule are, as ``file:line:column``."""
    found = lint_texts(folder, check.files, flux=check.flux).findings
    assert [f.message for f in found if f.code == "AF901"] == []
    return [
        ":".join(map(str, (f.place.source.name, *f.place.line_column())))
        for f in found
        if f.code == check.code
    ]


@pytest.mark.parametrize("check", BY_NAME)
def test_a_check_of_another_tool_is_covered(tmp_path: Path, check: Check) -> None:
    """The finding is there once, at the value (or key) that has to change."""
    assert places(tmp_path, check) == [check.at]


@pytest.mark.parametrize("name", HOUSE_STYLE)
def test_what_is_a_matter_of_taste_is_not_reported(tmp_path: Path, name: str) -> None:
    """Habits that other tools ask for are no mistakes: nothing is said but what is not known."""
    found = lint_texts(tmp_path, HOUSE_STYLE[name]).findings
    assert [f"{f.code} {f.message}" for f in found if f.severity is not Severity.INFO] == []


def test_no_check_is_listed_twice() -> None:
    names = [(check.tool, check.name) for check in CHECKS]
    assert len(set(names)) == len(names) == sum(len(rows) for rows in TABLES.values())
