"""Properties of loading, places, dumping and editing."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from argoflux.finding import Finding
from argoflux.text import SourceFile, apply_edits
from argoflux.yamlio.dump import dump, dump_documents
from argoflux.yamlio.edit import delete, insert, rename_key, same, set_value
from argoflux.yamlio.load import decode_bytes, load_text
from argoflux.yamlio.tree import walk
from tests.property.strategies_yaml import (
    MAPPINGS,
    SIMPLE,
    SIMPLE_KEYS,
    VALUES,
    Written,
    written,
)

FLAVOURS = ("sigs", "kustomize")
_YAML_LIKE = st.text(alphabet="ab:#-'\" \n\t{}[],&*!|>%@`\\?.0<~=\r\x85", max_size=40)


def only_document(text: str, flavour: str = "sigs") -> Any:
    loaded = load_text(SourceFile("a.yaml", text), flavour=flavour)
    assert not loaded.findings, (text, loaded.findings)
    (document,) = loaded.documents
    return document


@given(st.one_of(_YAML_LIKE, st.text(max_size=30)), st.sampled_from(FLAVOURS))
@example("&a [*a]", "sigs")
@example("<<: <<", "kustomize")
@example("a: !!int x\n!!binary é: 1", "sigs")
def test_loading_never_raises(text: str, flavour: str) -> None:
    source = SourceFile("a.yaml", text)
    loaded = load_text(source, flavour=flavour)
    for finding in loaded.findings:
        line, column = finding.place.line_column()
        assert line >= 1
        assert column >= 1
    for document in loaded.documents:
        for path, _ in walk(document.body):
            for side in ("key", "value"):
                start, end = document.locate(path, side)
                assert 0 <= start <= end <= len(text)


@given(st.binary(max_size=40))
def test_bytes_are_text_or_a_finding(data: bytes) -> None:
    source = decode_bytes("a.yaml", data)
    if isinstance(source, Finding):
        assert source.code == "AF007"
    else:
        load_text(source)


@given(VALUES)
@example({"a": ["x\n\n", {"b": "c\n"}], "d": "e\n\n\n"})
@example([[["|2", " a\nb"]]])
@example({"x" * 1200: {"y" * 1200: 1}})
@example("--- a")
def test_dump_reads_back_the_same_for_both_readers(value: Any) -> None:
    text = dump(value)
    for flavour in FLAVOURS:
        loaded = load_text(SourceFile("a.yaml", text), flavour=flavour)
        assert not loaded.findings, (text, loaded.findings)
        got = loaded.documents[0].body if loaded.documents else None
        assert same(got, value), text


@given(st.lists(MAPPINGS, min_size=1, max_size=3), st.text(max_size=10))
def test_streams_hold_their_documents_and_nothing_of_their_header(
    documents: list[dict[str, Any]], header: str
) -> None:
    text = dump_documents(documents, [header, "made by a test"])
    loaded = load_text(SourceFile("a.yaml", text))
    assert [d.body for d in loaded.documents] == documents
    assert text.startswith("#")
    assert text.endswith("\n")
    assert dump_documents([d.body for d in loaded.documents], [header, "made by a test"]) == text


@given(written())
def test_places_are_the_text_of_keys_and_values(source: Written) -> None:
    document = only_document(source.text)
    assert same(document.body, source.value), source.text
    for path, value in walk(source.value):
        if not path:
            continue
        text = document.text_at(path)
        if not isinstance(value, dict | list) or text[:1] in {"{", "["}:
            again = load_text(SourceFile("v.yaml", f"v: {text}\n")).documents[0].body["v"]
            assert same(again, value), (source.text, path, text)
        else:
            column = (
                document.locate(path).start
                - source.text.rfind("\n", 0, document.locate(path).start)
                - 1
            )
            again = load_text(SourceFile("v.yaml", " " * column + text + "\n")).documents[0].body
            assert same(again, value), (source.text, path, text)
        if isinstance(path[-1], str):
            key = document.text_at(path, "key")
            again = load_text(SourceFile("k.yaml", f"{key}: 1\n")).documents[0].body
            assert again == {path[-1]: 1}


def comments(text: str) -> list[str]:
    return re.findall(r"# note \d+", text)


def edited(source: Written, edits: Any) -> Any:
    """The value after the edits; line endings stay of one kind."""
    text = apply_edits(source.text, edits)
    if "\r\n" in source.text:
        assert "\n" not in text.replace("\r\n", "")
    return only_document(text).body, text


@st.composite
def places(draw: Any) -> tuple[Written, tuple[Any, ...]]:
    source = draw(written())
    path = draw(st.sampled_from([path for path, _ in walk(source.value) if path]))
    return source, path


@given(places(), SIMPLE)
def test_set_value_changes_that_value_alone(place: Any, value: Any) -> None:
    source, path = place
    edits = set_value(only_document(source.text), path, value)
    assert edits, (source.text, path, value)
    body, text = edited(source, edits)
    want = changed(source.value, path, lambda parent, key: parent.__setitem__(key, value))
    assert same(body, want)
    old = dict(walk(source.value))[path]
    if not isinstance(old, dict | list):
        assert comments(text) == comments(source.text)


@given(places())
def test_delete_removes_that_entry_alone(place: Any) -> None:
    source, path = place
    edits = delete(only_document(source.text), path)
    assert edits, (source.text, path)
    body, _ = edited(source, edits)
    assert same(body, changed(source.value, path, lambda parent, key: parent.__delitem__(key)))


@given(places(), st.sampled_from(["new", "off", "x y", "a: b", "{z}", ""]))
def test_rename_key_keeps_the_value(place: Any, new: str) -> None:
    source, path = place
    edits = rename_key(only_document(source.text), path, new)
    if isinstance(path[-1], int):
        assert edits == ()
        return
    assert edits, (source.text, path)
    body, text = edited(source, edits)
    assert comments(text) == comments(source.text)
    want = changed(source.value, path, lambda p, k: p.__setitem__(new, p.pop(k)))
    assert same(body, want)


@given(places(), SIMPLE_KEYS, SIMPLE, st.integers(0, 3))
def test_insert_adds_one_entry(place: Any, key: str, value: Any, index: int) -> None:
    source, path = place
    parent = dict(walk(source.value))[path]
    document = only_document(source.text)
    if isinstance(parent, list):
        target: Any = (*path, min(index, len(parent)))
        want = changed(source.value, target, lambda p, k: p.insert(k, value))
    elif isinstance(parent, dict) and key not in parent:
        target = (*path, key)
        want = changed(source.value, target, lambda p, k: p.__setitem__(k, value))
    else:
        return
    edits = insert(document, target, value)
    assert edits, (source.text, target, value)
    body, text = edited(source, edits)
    assert same(body, want)
    assert comments(text) == comments(source.text)


def changed(value: Any, path: tuple[Any, ...], change: Any) -> Any:
    """A copy of ``value`` in which ``change`` was applied to the parent of ``path``."""
    if isinstance(value, dict):
        copy: Any = {
            k: changed(v, path[1:], change) if path[:1] == (k,) and path[1:] else v
            for k, v in value.items()
        }
    else:
        copy = [
            changed(v, path[1:], change) if path[:1] == (k,) and path[1:] else v
            for k, v in enumerate(value)
        ]
    if len(path) == 1:
        change(copy, path[0])
    return copy
