"""Paths, lines and edits of source texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argoflux.text import Edit, SourceFile, apply_edits, parse_path, path_text


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("spec", "sources", 0, "helm"), "spec.sources[0].helm"),
        (("metadata", "annotations", "a.b/c"), 'metadata.annotations["a.b/c"]'),
        ((0, "a"), "[0].a"),
        (("", 'x"y\\z'), '[""]["x\\"y\\\\z"]'),
    ],
)
def test_paths_are_printed_and_read(path, text: str) -> None:
    assert path_text(path) == text
    assert parse_path(text) == path


@given(st.lists(st.one_of(st.text(max_size=6), st.integers(0, 99)), max_size=5).map(tuple))
def test_every_path_reads_back(path) -> None:
    assert parse_path(path_text(path)) == path


@pytest.mark.parametrize("text", ["a[", "a..b", "[x]", 'a["b]', "a b", " "])
def test_what_is_no_path(text: str) -> None:
    with pytest.raises(ValueError, match="not a path"):
        parse_path(text)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_and_columns_count_from_one(newline: str) -> None:
    source = SourceFile("a", f"one{newline}twö{newline}{newline}four")
    at = source.text.index
    assert source.line_column(0) == (1, 1)
    assert source.line_column(at("ö")) == (2, 3)
    assert source.line_column(at("four")) == (4, 1)
    assert source.line_column(len(source.text)) == (4, 5)
    assert [source.line_text(n) for n in range(6)] == ["", "one", "twö", "", "four", ""]


def test_edits_in_any_order() -> None:
    edits = [Edit(4, 5, "X"), Edit(0, 1, ""), Edit(2, 2, "ins")]
    assert apply_edits("abcdef", edits) == "binscdXf"


def test_overlapping_edits_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap at character 1"):
        apply_edits("abc", [Edit(0, 2, ""), Edit(1, 3, "")])
