"""Fixes on texts: which are made together, and which are never made."""

from __future__ import annotations

import pytest

from argoflux.finding import Finding, Fix, Place, Severity
from argoflux.lint.fix import fixed_files
from argoflux.text import Edit, SourceFile

TEXT = "a: 1\nb: 2\nc: 3\n"


def findings(
    *fixes: tuple[tuple[int, int, str], ...], safety: str = "safe", text: str = TEXT
) -> list[Finding]:
    source = SourceFile("x.yaml", text)
    return [
        Finding(
            code="AF999",
            slug="x",
            severity=Severity.ERROR,
            message="x",
            place=Place(source=source),
            fix=Fix(title=f"{number}", safety=safety, edits=tuple(Edit(*edit) for edit in edits)),
        )
        for number, edits in enumerate(fixes)
    ]


@pytest.mark.parametrize(
    ("fixes", "text", "count"),
    [
        ([((3, 4, "7"),), ((8, 9, "8"),)], "a: 7\nb: 8\nc: 3\n", 2),
        ([((3, 4, "7"), (13, 14, "9")), ((13, 14, "0"),)], "a: 7\nb: 2\nc: 9\n", 1),  # they meet
        ([((0, 5, "a: 7\n"),), ((5, 10, "b: 8\n"),)], "a: 7\nb: 8\nc: 3\n", 2),  # side by side
        ([((0, 5, ""),), ((5, 5, "d: 4\n"),)], "b: 2\nc: 3\n", 1),  # where the other ends
        ([((3, 4, "[7"),), ((8, 9, "8"),)], "a: 1\nb: 8\nc: 3\n", 1),  # no YAML any more
        ([((0, 1, "b"),)], TEXT, 0),  # a key twice
        ([((5, 5, "---\n"),)], TEXT, 0),  # one document more
        ([((3, 6, "7"), (4, 5, "8"))], TEXT, 0),  # edits of one fix overlap
        ([((3, 4, "1"),)], TEXT, 0),  # nothing changes
    ],
)
def test_fixes(fixes: list[tuple[tuple[int, int, str], ...]], text: str, count: int) -> None:
    """Those that do not meet are made at once; harm is never done."""
    made = fixed_files(findings(*fixes), unsafe=False)
    assert [(one.text, one.count) for one in made] == ([(text, count)] if count else [])


def test_fixes_that_change_what_happens_are_asked_for() -> None:
    """``unsafe`` takes them in."""
    given = findings(((3, 4, "7"),), safety="unsafe")
    assert fixed_files(given, unsafe=False) == []
    assert [one.text for one in fixed_files(given, unsafe=True)] == ["a: 7\nb: 2\nc: 3\n"]


def test_a_broken_document_beside_stays_as_it_is() -> None:
    """A file that has an error already can be fixed elsewhere."""
    text = TEXT + "---\nd: [\n"
    (made,) = fixed_files(findings(((3, 4, "7"),), text=text), unsafe=False)
    assert made.text == text.replace("1", "7")


def test_the_bytes_have_the_mark_again() -> None:
    """A byte order mark is no part of the text."""
    source = SourceFile("x.yaml", TEXT, marked=True)
    given = findings(((3, 4, "7"),))[0]
    marked = Finding(
        code="AF999",
        slug="x",
        severity=Severity.ERROR,
        message="x",
        place=Place(source=source),
        fix=given.fix,
    )
    (made,) = fixed_files([marked], unsafe=False)
    assert made.data == b"\xef\xbb\xbfa: 7\nb: 2\nc: 3\n"
