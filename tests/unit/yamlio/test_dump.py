"""New documents: the layout of kubectl, and quotes exactly where a reader needs them."""

from __future__ import annotations

import copy
import math

import pytest

from argoflux.text import SourceFile
from argoflux.yamlio.dump import Remarked, dump, dump_documents
from argoflux.yamlio.load import load_text


def test_layout_of_an_object() -> None:
    """Well-known keys in the order of kubectl, lists at the indent of their key."""
    body = {
        "status": {},
        "spec": {"b": ["x", {"k": "v", "l": []}, ["y1", ["z"]]], "a": {"c": "p\nq\n"}},
        "metadata": {"labels": {"x": "1"}, "uid": "u", "namespace": "ns", "name": "n1"},
        "kind": "Kind",
        "type": "Opaque",
        "apiVersion": "v1",
    }
    assert dump_documents([body, {"kind": "B"}, {}], ["made from a.yaml", "second\nthird"]) == (
        "# made from a.yaml\n# second\n# third\n"
        "apiVersion: v1\nkind: Kind\nmetadata:\n  name: n1\n  namespace: ns\n  labels:\n"
        '    x: "1"\n  uid: u\ntype: Opaque\nspec:\n  b:\n  - x\n  - k: v\n    l: []\n'
        "  - - y1\n    - - z\n  a:\n    c: |\n      p\n      q\nstatus: {}\n---\nkind: B\n---\n{}\n"
    )


def test_headers_cannot_leave_their_comment() -> None:
    text = dump_documents([{"a": 1}], ["x\r---\rkind: Evil\u2028b: c\x85d"])
    assert text == "# x?---?kind: Evil?b: c?d\na: 1\n"


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("plain", "plain"),
        ("a b", "a b"),
        ("https://example.com/x.git", "https://example.com/x.git"),
        ("10.0.0.1", "10.0.0.1"),
        ("1.2.3", "1.2.3"),
        ("v1.10", "v1.10"),
        ("5m", "5m"),
        ("it's", "it's"),
        ("-x", "-x"),
        (".", "."),
        ("./apps", "./apps"),
        ("日本", "日本"),
        ("${VAR}", "${VAR}"),
        (">=1 <2", "'>=1 <2'"),
        ("", '""'),
        ("yes", '"yes"'),
        ("Y", '"Y"'),
        ("null", '"null"'),
        ("~", '"~"'),
        ("=", '"="'),
        ("<<", '"<<"'),
        ("1e3", '"1e3"'),
        ("0777", '"0777"'),
        ("0o14", '"0o14"'),
        ("0x1F", '"0x1F"'),
        ("1.10", '"1.10"'),
        ("1_000", '"1_000"'),
        ("1:30", '"1:30"'),
        ("190:20:30.15", '"190:20:30.15"'),
        ("2024-01-01", '"2024-01-01"'),
        ("2024-01-01T00:00:00", '"2024-01-01T00:00:00"'),
        (".inf", '".inf"'),
        ("1e400", '"1e400"'),
        ("12345e6", '"12345e6"'),
        ("---", '"---"'),
        ("a: b", "'a: b'"),
        ("a:", "'a:'"),
        ("a #b", "'a #b'"),
        (" a", "' a'"),
        ("*x's", "'*x''s'"),
        ("{{ x }}", "'{{ x }}'"),
        ("@a", "'@a'"),
        ("a\tb", '"a\\tb"'),
        ("a\rb", '"a\\rb"'),
        ("\x00\x1b\x7f\x85\u2028\ufeff\ufffe", '"\\0\\e\\x7F\\N\\L\\uFEFF\\uFFFE"'),
    ],
)
def test_strings_on_one_line(text: str, token: str) -> None:
    assert dump({"k": text}) == f"k: {token}\n"
    if len(text) < 10:
        assert dump({text: 1}) == f"{token}: 1\n", "keys follow the same rules"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a\nb\n", "|\n  a\n  b\n"),
        ("a\nb", "|-\n  a\n  b\n"),
        ("a\n\n", "|+\n  a\n\n"),
        (" a\nb", "|2-\n   a\n  b\n"),
        ("\n a", "|2-\n\n   a\n"),
        ("a \nb", "|-\n  a \n  b\n"),
        ("a\n---\n", "|\n  a\n  ---\n"),
        ("a\n  \nb", '"a\\n  \\nb"\n'),
        ("\ta\nb", '"\\ta\\nb"\n'),
        ("a\r\nb", '"a\\r\\nb"\n'),
        ("\n", '"\\n"\n'),
        ("a\n\x1b", '"a\\n\\e"\n'),
    ],
)
def test_strings_of_several_lines(text: str, lines: str) -> None:
    assert dump({"k": text}) == "k: " + lines


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"), (None, "null"), (3, "3"), (1.5, "1.5"), (1e-8, "1e-08"), ({}, "{}"),
        ([], "[]"), ("x", "x"),
    ],
)  # fmt: skip
def test_other_values(value: object, text: str) -> None:
    assert dump(value) == text + "\n"


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (math.inf, ValueError),
        (math.nan, ValueError),
        ("\ud800", ValueError),
        ({1: 2}, TypeError),
        ({"a": {1, 2}}, TypeError),
    ],
)
def test_what_yaml_for_kubernetes_cannot_say(value: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        dump(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Remarked("1.2.3", '{"a": "b"}'), 'tag: 1.2.3 # {"a": "b"}\n'),
        (Remarked("1.2", "x"), 'tag: "1.2" # x\n'),
        (Remarked("", "x"), 'tag: "" # x\n'),
        (Remarked("a # b", "x"), "tag: 'a # b' # x\n"),
        (Remarked("plain"), "tag: plain\n"),
        (Remarked("two\nlines\n", "x"), "tag: |\n  two\n  lines\n"),
        (Remarked("a", "b\nc: d"), "tag: a # b?c: d\n"),
    ],
)
def test_remarks_stand_behind_texts_of_one_line(value: Remarked, text: str) -> None:
    assert dump({"tag": value}) == text
    (document,) = load_text(SourceFile("a.yaml", dump({"tag": value}))).documents
    assert document.body == {"tag": str(value)}


def test_remarks_stay_with_copies_and_in_lists() -> None:
    value = copy.deepcopy({"list": [{"a": Remarked("1", "x")}, Remarked("b", "y")]})
    assert dump(value) == 'list:\n- a: "1" # x\n- b # y\n'
