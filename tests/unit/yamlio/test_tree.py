"""Places of keys and values in documents."""

from __future__ import annotations

from dataclasses import replace

import pytest

from argoflux.text import SourceFile
from argoflux.yamlio.load import load_text
from argoflux.yamlio.tree import MISSING, Document, dig, leaves, walk

TEXT = """\
# first
---
x: &x
  a: 1
  b: [yes, {c: 'q'}]
z:
  <<: *x
  d: *x
  e: |
    text

f:
- g: h

  # comment
- "i"
nil:
"""


@pytest.fixture
def document() -> Document:
    return load_text(SourceFile("a.yaml", TEXT)).documents[0]


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("x", "a"), "a", "1"),
        (("x", "b", 0), "yes", "yes"),
        (("x", "b", 1), "{c: 'q'}", "{c: 'q'}"),
        (("x", "b", 1, "c"), "c", "'q'"),
        (("x", "b"), "b", "[yes, {c: 'q'}]"),
        (("x",), "x", "&x\n  a: 1\n  b: [yes, {c: 'q'}]"),
        (("z", "e"), "e", "|\n    text"),
        (("f",), "f", '- g: h\n\n  # comment\n- "i"'),
        (("f", 0), "g: h", "g: h"),
        (("nil",), "nil", ""),
    ],
)
def test_place_is_the_text_itself(document: Document, path, key: str, value: str) -> None:
    assert document.text_at(path, "key") == key
    assert document.text_at(path) == value
    assert document.has_place(path)


def test_merged_key_is_placed_where_it_is_written(document: Document) -> None:
    assert document.locate(("z", "a")) == document.locate(("x", "a"))
    assert not document.has_place(("z", "a"))


def test_value_below_an_alias_is_placed_at_the_alias(document: Document) -> None:
    assert document.text_at(("z", "d")) == "*x"
    assert document.text_at(("z", "d", "a")) == "*x"
    assert document.text_at(("z", "d", "a"), "key") == "d"
    assert document.has_place(("z", "d"))
    assert not document.has_place(("z", "d", "a"))


@pytest.mark.parametrize(
    ("path", "parent"),
    [(("x", "zy"), ("x",)), (("f", 7), ("f",)), (("x", "a", "b"), ("x", "a")), (("zy", 1), ())],
)
def test_absent_path_is_placed_at_the_nearest_parent(document: Document, path, parent) -> None:
    for side in ("key", "value"):
        assert document.locate(path, side) == document.locate(parent, side)
    assert not document.has_place(path)


def test_unwrapped_items_keep_paths_of_the_whole_document() -> None:
    whole = load_text(SourceFile("a.yaml", "kind: List\nitems:\n- a: 1\n- b: 2\n")).documents[0]
    item = replace(whole, body=whole.body["items"][1], prefix=("items", 1))
    assert item.text_at((*item.prefix, "b")) == "2"


def test_hand_made_documents_have_one_place() -> None:
    made = Document(SourceFile("a.yaml", "abc"), 0, {"a": [1]}, 1, 3)
    assert made.locate(("a", 0)) == (1, 3)
    assert not made.has_place(("a",))


def test_walks() -> None:
    value = {"a": [1, {}], "b": {"c": None}}
    assert list(leaves(value)) == [(("a", 0), 1), (("a", 1), {}), (("b", "c"), None)]
    assert [path for path, _ in walk(value)] == [
        (), ("a",), ("a", 0), ("a", 1), ("b",), ("b", "c"),
    ]  # fmt: skip
    assert dig(value, "a", 0) == 1
    assert dig(value, "a", "x") is MISSING
    assert dig(value, "b", 0) is MISSING
    assert dig(value, "a", 5) is MISSING
