"""Every message of the catalogue is raised by a test: a sentence that nobody has read helps nobody.

A code counts when a golden report shows it, or when a unit test names it in full, outside of
docstrings: the tables of rows and the assertions do.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

from argoflux.mapping.index import messages

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = Path(__file__).parents[1]
_CODE = re.compile(r"\b(?:A2F|F2A)-[A-Z0-9]+-\d{3}\b")


def _reported() -> set[str]:
    """The codes in the reports of the golden conversions."""
    reports = (TESTS / "golden" / "convert").glob("*/**/report.*")
    return {code for path in reports for code in _CODE.findall(path.read_text(encoding="utf-8"))}


def _named() -> set[str]:
    """The codes that unit tests name."""
    found: set[str] = set()
    for path in (TESTS / "unit").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for text in _texts(tree):
            found.update(_CODE.findall(text))
    return found


def _texts(tree: ast.Module) -> Iterator[str]:
    """The strings of a module that are more than a statement of their own."""
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.value


def test_every_message_is_raised() -> None:
    assert sorted(set(messages()) - _reported() - _named()) == []


def test_tests_name_no_message_that_does_not_exist() -> None:
    """A code that was misspelt would be looked for in vain, and its absence always be true."""
    assert sorted((_reported() | _named()) - set(messages())) == []
