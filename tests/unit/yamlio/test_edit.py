"""Edits keep everything they are not about."""

from __future__ import annotations

import pytest

from argoflux.text import SourceFile, apply_edits
from argoflux.yamlio.edit import delete, insert, rename_key, set_value
from argoflux.yamlio.load import load_text
from argoflux.yamlio.tree import Document

TEXT = """\
# head
apiVersion: v1 # c1
metadata:
  name: "a" # keep
  labels: {a: b, c: 'd'}
spec:
  # about list
  list:
    - one # 1
    - two
    - k: v
      # inner
      j: w
  nothing: # none
  text: | # why
    hello
    world

  tail: end
"""


def after(text, edit, *arguments, **options):
    """The text after an edit of its first document, None where there is none."""
    document = load_text(SourceFile("a.yaml", text)).documents[0]
    edits = edit(document, *arguments, **options)
    return apply_edits(text, edits) if edits else None


CASES = [
    (set_value, (("metadata", "name"), "yes"), '  name: "a" # keep', '  name: "yes" # keep'),
    (set_value, (("metadata", "labels", "c"), "x'"), "c: 'd'}", "c: 'x'''}"),
    (set_value, (("metadata", "labels", "a"), "{x}"), "{a: b,", "{a: '{x}',"),
    (set_value, (("apiVersion",), "1.10"), ": v1 #", ': "1.10" #'),
    (set_value, (("apiVersion",), 1), ": v1 #", ": 1 #"),
    (set_value, (("spec", "nothing"), "x"), "  nothing: # none", "  nothing: x # none"),
    (set_value, (("spec", "nothing"), {"x": 1}), "# none\n", "# none\n    x: 1\n"),
    (set_value, (("spec", "text"), "x"), "| # why\n    hello\n    world\n", "x # why\n"),
    (set_value, (("spec", "text"), "x\n"), "    hello\n    world\n", "    x\n"),
    (set_value, (("spec", "list", 0), ["x"]), "- one # 1", "- - x # 1"),
    (
        set_value, (("spec", "list"), 5),
        "  list:\n    - one # 1\n    - two\n    - k: v\n      # inner\n      j: w\n",
        "  list: 5\n",
    ),
    (
        set_value, (("spec", "list"), [{"a": ["x"]}]),
        "    - one # 1\n    - two\n    - k: v\n      # inner\n      j: w\n",
        "    - a:\n        - x\n",
    ),
    (delete, (("metadata", "name"),), '  name: "a" # keep\n', ""),
    (delete, (("metadata", "labels", "a"),), "{a: b, c", "{c"),
    (delete, (("metadata", "labels", "c"),), "b, c: 'd'}", "b}"),
    (delete, (("spec", "list", 1),), "    - two\n", ""),
    (delete, (("spec", "list", 2, "j"),), "      j: w\n", ""),
    (delete, (("spec", "list", 2, "k"),), "- k: v\n", "- \n"),
    (delete, (("spec", "text"),), "  text: | # why\n    hello\n    world\n", ""),
    (rename_key, (("spec", "list"), "items"), "  list:", "  items:"),
    (rename_key, (("metadata", "labels", "a"), "on"), "{a:", '{"on":'),
    (insert, (("metadata", "labels", "x"), "p, q"), "'d'}", "'d', x: \"p, q\"}"),
    (insert, (("spec", "list", 1), "new"), "    - two\n", "    - new\n    - two\n"),
    (insert, (("spec", "list", 9), "new"), "      j: w\n", "      j: w\n    - new\n"),
    (insert, (("spec", "list", 2, "z"), 1), "      j: w\n", "      j: w\n      z: 1\n"),
    (insert, (("spec", "nothing", "x", "y"), "no"), "# none\n", '# none\n    x:\n      "y": "no"\n'),
    (insert, (("spec", "a", "b", 0, "c"), 1), "tail: end\n", "tail: end\n  a:\n    b:\n      - c: 1\n"),
    (insert, (("status",), {}), "tail: end\n", "tail: end\nstatus: {}\n"),
]  # fmt: skip


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(("edit", "arguments", "old", "new"), CASES)
def test_only_the_named_characters_change(edit, arguments, old, new, newline) -> None:
    """Comments, quotes, indents and line endings of everything else survive."""
    assert TEXT.count(old) == 1
    want = TEXT.replace(old, new).replace("\n", newline)
    assert after(TEXT.replace("\n", newline), edit, *arguments) == want


def test_new_key_stands_behind_a_named_one() -> None:
    got = after(TEXT, insert, ("metadata", "namespace"), "ns", after="name")
    assert got == TEXT.replace("# keep\n", "# keep\n  namespace: ns\n")


@pytest.mark.parametrize(
    ("text", "edit", "arguments", "want"),
    [
        ("a: {b: 1}\n", delete, (("a", "b"),), "a: {}\n"),
        ("a:\n  b: 1\nc: 2\n", delete, (("a", "b"),), "a: {}\nc: 2\n"),
        ("a:\n- 1\nc: 2\n", delete, (("a", 0),), "a: []\nc: 2\n"),
        ("a: 1\n", delete, (("a",),), "{}\n"),
        ("a:\n- b: 1\n", delete, (("a", 0, "b"),), "a:\n- {}\n"),
        ("a: {b, c: 1}\n", set_value, (("a", "b"), 2), "a: {b: 2, c: 1}\n"),
        ("a: {b: }\n", set_value, (("a", "b"), 2), "a: {b: 2 }\n"),
        ("a: {}\n", insert, (("a", "b"), 1), "a:\n  b: 1\n"),
        ("a: [{}]\n", insert, (("a", 0, "b"), 1), "a: [{b: 1}]\n"),
        ('{"a": {"b": 1}}\n', insert, (("a", "c"), "x"), '{"a": {"b": 1, "c": "x"}}\n'),
        ('{"a": {}}\n', insert, (("a", "c"), None), '{"a": {"c": null}}\n'),
        ("a: >\n  x\n\n  y\nb: 1\n", set_value, (("a",), "z"), "a: z\nb: 1\n"),
        ("a: |+\n  x\n\nb: 1\n", insert, (("c",), 1), "a: |+\n  x\n\nb: 1\nc: 1\n"),
        ("a: |+\n  x\n\nb: 1\n", delete, (("a",),), "b: 1\n"),
        ("a: 1", insert, (("b",), 1), "a: 1\nb: 1\n"),
        ("a:\n-\n", insert, (("a", 0, "b"), 1), "a:\n- b: 1\n"),
        ("a:\n-\n", insert, (("a", 0), 1), "a:\n- 1\n-\n"),
        ("a: &x {b: 1}\nc: *x\n", set_value, (("c",), 2), "a: &x {b: 1}\nc: 2\n"),
        ("x: &x {a: 1}\ny: {<<: *x, b: 2}\n", delete, (("y", "b"),), None),
        ("a: 1\n---\nb: 1\n", insert, (("c",), 2), "a: 1\nc: 2\n---\nb: 1\n"),
    ],
)  # fmt: skip
def test_shapes(text, edit, arguments, want) -> None:
    assert after(text, edit, *arguments) == want


@pytest.mark.parametrize(
    ("text", "edit", "arguments"),
    [
        ("a: &x {b: 1}\nc: *x\n", set_value, (("a", "b"), 2)),  # would change c too
        ("a: &x {b: 1}\nc: *x\n", set_value, (("c", "b"), 2)),
        ("a: &x 1\nc: *x\n", set_value, (("a",), 2)),  # would take the anchor away
        ("a: &x {b: 1}\nc: {<<: *x, d: 1}\n", set_value, (("c", "b"), 2)),
        ("a: &x {b: 1}\nc: {<<: *x}\n", insert, (("c", "d"), 2)),
        ("a: 1\n", set_value, (("b",), 2)),
        ("a: 1\n", set_value, ((), 2)),
        ("a: 1\n", delete, (("b",),)),
        ("a: 1\n", delete, ((),)),
        ("a: 1\nb: 2\n", rename_key, (("a",), "b")),
        ("a: [1]\n", rename_key, (("a", 0), "b")),
        ("a: 1\n", insert, (("a",), 2)),
        ("a: 1\n", insert, (("a", "b"), 2)),
        ("a: 1\n", insert, (("b", 3), 2)),
        ("- 1\n", insert, (("a",), 2)),
        ("a: 1\n", insert, ((0,), 2)),
        ("text\n", insert, (("a",), 2)),
        ("a: |\n  x", insert, (("b",), 2)),  # the block would gain a line break
    ],
)
def test_what_the_text_does_not_allow_is_no_edit(text, edit, arguments) -> None:
    assert after(text, edit, *arguments) is None


def test_hand_made_documents_cannot_be_edited() -> None:
    made = Document(SourceFile("a.yaml", "a: 1\n"), 0, {"a": 1}, 0, 5)
    assert set_value(made, ("a",), 2) == delete(made, ("a",)) == insert(made, ("b",), 2) == ()
