"""Several changes of one document as one set of edits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from argoflux.lint.dropping import without
from argoflux.lint.steps import in_steps
from argoflux.text import SourceFile, apply_edits
from argoflux.workspace.classify import resource_of, unwrap
from argoflux.yamlio.edit import delete, rename_key, set_value
from argoflux.yamlio.load import load_text

if TYPE_CHECKING:
    from argoflux.resource import Resource
    from argoflux.text import Path

FIRST = "a: 1  # one\nb: [1, 2]\nc:\n  d: x\n"


def test_each_change_sees_the_one_before() -> None:
    """A renamed key can be given a value; the documents around stay as they are."""
    text = f"x: 1\n---\n{FIRST}---\ny: 2\n"
    document = load_text(SourceFile("x.yaml", text)).documents[1]
    edits = in_steps(
        document,
        [
            lambda d: rename_key(d, ("a",), "z"),
            lambda d: set_value(d, ("z",), 7),
            lambda d: delete(d, ("b",)),
            lambda d: set_value(d, ("c", "d"), "new"),
        ],
    )
    assert apply_edits(text, edits) == "x: 1\n---\nz: 7  # one\nc:\n  d: new\n---\ny: 2\n"


def test_a_change_that_is_not_possible_leaves_none() -> None:
    """All or nothing."""
    document = load_text(SourceFile("x.yaml", FIRST)).documents[0]
    steps = [lambda d: set_value(d, ("a",), 2), lambda d: delete(d, ("nothing",))]
    assert in_steps(document, steps) == ()


def test_no_change_is_no_edit() -> None:
    """Nothing to do."""
    document = load_text(SourceFile("x.yaml", FIRST)).documents[0]
    assert in_steps(document, []) == ()


BLOCK = """\
apiVersion: v1
kind: X
metadata:
  name: x
  labels:
    a: "1"
    b: "2"
  finalizers:
  - one
  - two
  - three
status:
  phase: Ready
"""
FLOW = '{apiVersion: v1, kind: X, metadata: {name: x, labels: {a: "1", b: "2"}, finalizers: [one, two]}}\n'


def only(text: str) -> Resource:
    (document,) = load_text(SourceFile("x.yaml", text)).documents
    resource = resource_of(next(iter(unwrap(document))))
    assert resource is not None
    return resource


@pytest.mark.parametrize(
    ("text", "paths", "gone"),
    [
        (BLOCK, [("status",)], "status:\n  phase: Ready\n"),
        (BLOCK, [("metadata", "labels", "a")], '    a: "1"\n'),
        (
            BLOCK,
            [("metadata", "labels", "a"), ("metadata", "labels", "b")],
            '  labels:\n    a: "1"\n    b: "2"\n',
        ),
        (
            BLOCK,
            [("metadata", "finalizers", 0), ("metadata", "finalizers", 2)],
            ("  - one\n", "  - three\n"),
        ),
        (FLOW, [("metadata", "finalizers", 0)], "one, "),
        (
            FLOW,
            [("metadata", "labels", "a"), ("metadata", "labels", "b")],
            'labels: {a: "1", b: "2"}, ',
        ),
        (
            FLOW,
            [("metadata", "finalizers", 1), ("metadata", "finalizers", 0)],
            ", finalizers: [one, two]",
        ),
    ],
)
def test_parts_are_taken_out(text: str, paths: list[Path], gone: str | tuple[str, ...]) -> None:
    """What is emptied goes with its parts."""
    wanted = text
    for part in (gone,) if isinstance(gone, str) else gone:
        wanted = wanted.replace(part, "")
    assert apply_edits(text, without(only(text), paths)) == wanted


def test_parts_of_an_item_of_a_list() -> None:
    """Paths are those of the object, wherever it stands."""
    text = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: X\n  status: {a: 1}\n"
    assert apply_edits(text, without(only(text), [("status",)])) == text.replace(
        "  status: {a: 1}\n", ""
    )
