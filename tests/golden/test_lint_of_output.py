"""What the golden conversions write has no error that their input does not have."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from tests.ecosystem.lint_own_output import new_errors
from tests.ecosystem.linting import lint_folder
from tests.golden.test_convert import CASES, EXAMPLES, case_names

if TYPE_CHECKING:
    from pathlib import Path


def source_of(name: str) -> Path:
    """The folder that a case converts."""
    case: dict[str, str] = tomllib.loads((CASES / name / "case.toml").read_text())
    cases: Path = CASES
    if "example" in case:
        examples: Path = EXAMPLES
        return examples / case["example"]
    if "back" in case:
        return cases / case["back"] / "expected"
    return cases / case.get("like", name) / "input"


WRITING = [name for name in case_names() if (CASES / name / "expected").is_dir()]
"""Some cases write nothing: what they hold cannot be converted."""


@pytest.mark.parametrize("name", WRITING)
def test_output_has_no_new_errors(name: str) -> None:
    after = lint_folder(CASES / name / "expected", name=name)
    errors = any(told.severity == "error" for told in after)
    assert new_errors(lint_folder(source_of(name)) if errors else [], after) == []


def test_there_are_cases() -> None:
    assert len(WRITING) >= 90
