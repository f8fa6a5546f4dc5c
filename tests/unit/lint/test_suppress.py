"""Comments that accept findings: which of them count, and for which lines."""

from __future__ import annotations

import pytest

from argoflux.lint.suppress import suppressions
from argoflux.text import SourceFile


def lines(text: str) -> list[tuple[int, int] | None]:
    return [one.lines for one in suppressions([SourceFile("a.yaml", text)], [])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: b  # argoflux: ignore[AF1] why\n", [(1, 1)]),
        ("a: it's here  # argoflux: ignore[AF1] why\n", [(1, 1)]),
        ("a: 'it''s' # argoflux: ignore[AF1] why\n", [(1, 1)]),
        ('a: "b \\" c" # argoflux: ignore[AF1] why\n', [(1, 1)]),
        ('a: [x"y, "z"] # argoflux: ignore[AF1] why\n', [(1, 1)]),
        ("a: 'text # argoflux: ignore[AF1] why'\n", []),
        ('a: "b" "# argoflux: ignore[AF1] why"\n', []),
        ('- "it\'s # argoflux: ignore[AF1] why"\n', []),
        ("a: 1\n# argoflux: ignore[AF1] why\n\n# more\nb: 2\nc: 3\n", [(5, 5)]),
        ("# argoflux: ignore[AF1] why\na: 1\nb: 2\n---\nc: 3\n", [(2, 3)]),
        ("a: 1\n---\n# argoflux: ignore[AF1] why\nb: 2\nc: 3", [(4, 5)]),
        ("#argoflux:ignore[AF1]\na: 1", [(2, 2)]),
        ("a: b  # argoflux: ignored\n", []),
    ],
)
def test_which_lines_a_comment_covers(text: str, expected: list[tuple[int, int]]) -> None:
    assert lines(text) == expected
