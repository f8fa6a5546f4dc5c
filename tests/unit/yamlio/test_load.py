"""Loading: what the Go readers accept, what they refuse, and what must never be lost."""

from __future__ import annotations

import copy
import pickle
import sys

import pytest

from argoflux.finding import Finding, Severity
from argoflux.text import SourceFile, apply_edits
from argoflux.yamlio.load import Limits, decode_bytes, load_text
from argoflux.yamlio.tree import Map, Seq


def load(text: str, **options):
    return load_text(SourceFile("a.yaml", text), **options)


def bodies(text: str, **options):
    loaded = load(text, **options)
    assert not loaded.findings, loaded.findings
    return [document.body for document in loaded.documents]


def codes(text: str, **options):
    return [finding.code for finding in load(text, **options).findings]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: &x 1\nb: &x 2\nc: *x\n", {"a": 1, "b": 2, "c": 2}),
        ("a: =\nb: <<\n", {"a": "=", "b": "<<"}),
        ("a: !secret x\nb: !include 5\nc: !!str 5\n", {"a": "x", "b": "5", "c": "5"}),
        ("a: !!binary aGk=\nb: !!binary '*'\n", {"a": "hi", "b": "*"}),
        ("a: !!int '5'\nb: !!float 1\nc: !!null x\n", {"a": 5, "b": 1, "c": "x"}),
        ("a: 'on'\nb: \"1\"\nc: |\n  1\n", {"a": "on", "b": "1", "c": "1\n"}),
        ("1: a\n0x10: b\ny: c\n", {"1": "a", "16": "b", "true": "c"}),
        ("a: 1\t\nb: 2 \t\n", {"a": 1, "b": 2}),
        ("a: 1\r\nb: |\r\n  x\r\n  y\r\n", {"a": 1, "b": "x\ny\n"}),
        ('{"a": [1, {"b": null}],\n\t"c": "\\/"}', {"a": [1, {"b": None}], "c": "/"}),
        ("a: &k yes\nb: {*k : 1}\n", {"a": True, "b": {"true": 1}}),
        ("? a\n: b\n? c\n", {"a": "b", "c": None}),
        ("%YAML 1.1\n---\na: 1\n", {"a": 1}),
        ("%TAG !e! tag:example.com,2000:\n# c\n---\na: !e!x 1\n", {"a": "1"}),
        ("--- {a: 1}\n", {"a": 1}),
        ("--- # comment\na: 1\n...\n", {"a": 1}),
    ],
)
def test_what_the_go_readers_accept(text: str, value: object) -> None:
    assert bodies(text) == [value]


def test_merge_order_depends_on_the_reader() -> None:
    """A late ``<<`` overrides for sigs.k8s.io/yaml, never for kustomize."""
    text = "x: &x {a: 1, b: 2}\nz:\n  a: 9\n  <<: *x\n  b: 8\n"
    assert bodies(text)[0]["z"] == {"a": 1, "b": 8}
    assert bodies(text, flavour="kustomize")[0]["z"] == {"a": 9, "b": 8}
    (document,) = load(text).documents
    assert document.two_readings == ((("z", "a"), "<<"),)


def test_merge_of_several_prefers_the_first() -> None:
    text = "x: &x {a: 1}\ny: &y {a: 2, b: 2}\nz: {<<: [*x, *y], c: 3}\n"
    assert bodies(text)[0]["z"] == {"a": 1, "b": 2, "c": 3}
    assert bodies(text, flavour="kustomize")[0]["z"] == {"a": 1, "b": 2, "c": 3}


def test_merge_key_with_its_tag_merges() -> None:
    """goyaml.v2/decode.go isMerge; yq writes the tag out."""
    assert bodies("x: &x {a: 1}\nz:\n  !!merge <<: *x\n") == [{"x": {"a": 1}, "z": {"a": 1}}]


def test_quoted_merge_key_is_a_key_that_kustomize_drops() -> None:
    text = 'a: {"<<": {b: 1}, c: 2}\n'
    assert bodies(text) == [{"a": {"<<": {"b": 1}, "c": 2}}]
    assert bodies(text, flavour="kustomize") == [{"a": {"c": 2}}]


def test_missing_flow_value_is_null_or_empty_text() -> None:
    text = "a: {b: 1, c}\nd: {e: , f: ~}\n"
    assert bodies(text) == [{"a": {"b": 1, "c": None}, "d": {"e": None, "f": None}}]
    other = [{"a": {"b": 1, "c": ""}, "d": {"e": None, "f": None}}]
    assert bodies(text, flavour="kustomize") == other


def test_two_readings_are_noted_with_their_paths() -> None:
    text = "a:\n- x: yes\n  d: 2024-01-01\n  q: 'yes'\non: {1: 2, t: true}\n"
    (document,) = load(text).documents
    assert document.two_readings == (
        (("a", 0, "x"), "yes"),
        (("a", 0, "d"), "2024-01-01"),
        (("true",), "on"),
        (("true", "1"), "1"),
    )
    assert load("a: true\nb: 1.0\n").documents[0].two_readings == ()


@pytest.mark.parametrize(
    ("text", "words", "place"),
    [
        ("a: *x\n", "`*x` has no anchor `&x`", (1, 4)),
        ("a: &x [*x]\n", "`&x` contains itself", (1, 8)),
        ("a: .inf\n", "JSON does not have", (1, 4)),
        ("? [a]\n: 1\n", "a list stands where a key must be", (1, 3)),
        ("{a: {b: c}: d}\n", "", (1, 11)),
        ("~: 1\n", "`~` cannot be a key", (1, 1)),
        ("?\n: 2\n", "an empty key cannot be a key", None),
        ("a: {<<: 5}\n", "must be a mapping or a list of mappings", (1, 9)),
        ("%YAML 1.2\n---\na: 1\n", "`%YAML 1.2`", (1, 1)),
        ("a: 1\n\tb: 2\n", "a tab cannot indent YAML", (2, 1)),
        ("a: @x\n", "begin with @; quote it", (1, 4)),
        ('a: "x\n', "quote or bracket is not closed", None),
        ("a: b: c\n", "quote a value that contains `: `", (1, 5)),
        ("a: \x07\n", "U+0007", (1, 4)),
        ("a: \ud800\n", "U+D800", (1, 4)),
        ("a: é\x00\n", "U+0000", (1, 5)),
    ],
)
def test_what_they_refuse_is_af001_with_a_place(
    text: str, words: str, place: tuple[int, int] | None
) -> None:
    loaded = load("ok: 1\n---\n" + text if not text.startswith("%") else text)
    (finding,) = loaded.findings
    assert (finding.code, finding.slug, finding.severity) == (
        "AF001", "yaml-syntax", Severity.ERROR,
    )  # fmt: skip
    assert finding.message.startswith("cannot parse YAML: ")
    assert words in finding.message
    if place is not None:
        line, column = place
        shift = 0 if text.startswith("%") else 2
        assert finding.place.line_column() == (line + shift, column)
    assert [d.body for d in loaded.documents] == ([] if text.startswith("%") else [{"ok": 1}])


@pytest.mark.parametrize("key", ["1.0", "true", "0x1F", "~"])
def test_kustomize_refuses_keys_that_are_not_text(key: str) -> None:
    assert codes(f"{key}: 1\n", flavour="kustomize") == ["AF001"]
    assert bodies("on: 1\n2024-01-01: 2\n", flavour="kustomize") == [{"on": 1, "2024-01-01": 2}]


def test_duplicate_key_names_both_places() -> None:
    """The last value wins for kubectl; kustomize refuses the file."""
    loaded = load("a:\n  b: 1\n  c: 2\n  b: 3\n")
    assert loaded.documents[0].body == {"a": {"b": 3, "c": 2}}
    (finding,) = loaded.findings
    assert (finding.code, finding.severity) == ("AF002", Severity.ERROR)
    assert "key `b` is set twice in `a` (lines 2 and 4)" in finding.message
    assert finding.place.line_column() == (4, 3)
    assert finding.related[0][0].line_column() == (2, 3)
    assert finding.place.path == ("a", "b")


@pytest.mark.parametrize(
    ("name", "text", "refused"),
    [
        ("web.yaml", "apiVersion: v1\nkind: A\nkind: A\n", True),
        ("web/kustomization.yaml", "namespace: a\nnamespace: b\n", True),
        ("values.yaml", "replicas: 1\nreplicas: 2\n", False),
    ],
)
def test_kustomize_is_named_where_it_reads_the_file(name: str, text: str, *, refused: bool) -> None:
    (finding,) = load_text(SourceFile(name, text)).findings
    assert ("kustomize" in finding.message) is refused


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("a:\n  b: 1\n  c: 2\n  b: 1\n", "a:\n  c: 2\n  b: 1\n"),
        ("a:\n  x: [1]\nb: 1\na:\n  x: [1]\n", "b: 1\na:\n  x: [1]\n"),
        ("a: 1\na: true\n", None),
        ("{a: 1, a: 1}\n", None),
        ("- a: 1\n  a: 1\n", None),
        ("a: 1 # why\na: 1\n", None),
    ],
)
def test_duplicates_with_equal_values_can_be_removed(text: str, fixed: str | None) -> None:
    (finding,) = load(text).findings
    if fixed is None:
        assert finding.fix is None
        return
    assert finding.fix is not None
    assert finding.fix.safety == "unsafe"
    assert apply_edits(text, finding.fix.edits) == fixed
    assert load(fixed).documents[0].body == load(text).documents[0].body


def test_merged_keys_are_no_duplicates() -> None:
    assert codes("x: &x {a: 1}\ny:\n  <<: *x\n  a: 2\n") == []
    assert codes("x: &x {a: 1}\ny:\n  <<: *x\n  a: 2\n  a: 3\n") == ["AF002"]


def test_concatenated_lists_are_duplicates() -> None:
    text = "kind: List\nitems: [1]\nkind: List\nitems: [2]\n"
    assert codes(text) == ["AF002", "AF002"]


def test_a_broken_document_does_not_hide_its_neighbours() -> None:
    loaded = load("a: 1\n---\nb: [\n---\nc: 3\n---\nd: '\n---\ne: 5\n")
    assert [(d.index, d.body) for d in loaded.documents] == [
        (0, {"a": 1}), (2, {"c": 3}), (4, {"e": 5}),
    ]  # fmt: skip
    assert [f.code for f in loaded.findings] == ["AF001", "AF001"]


def test_documents_know_their_extent() -> None:
    text = "# head\na: 1\n---\n# two\n\n--- \nb: 2\n...\n---\nc: ---\n"
    loaded = load(text)
    assert [text[d.start : d.end] for d in loaded.documents] == [
        "# head\na: 1\n", "--- \nb: 2\n...\n", "---\nc: ---\n",
    ]  # fmt: skip
    assert [d.index for d in loaded.documents] == [0, 1, 2]


def test_documents_separated_by_bare_carriage_returns() -> None:
    text = "a: 1\r---\rb: {c: 2}\r"
    first, second = load(text).documents
    assert (first.body, second.body) == ({"a": 1}, {"b": {"c": 2}})
    assert text[first.start : first.end] + text[second.start : second.end] == text
    assert second.text_at(("b", "c")) == "2"


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "---\n# x\n...\n", "\n\n", "---"])
def test_comments_alone_are_no_document(text: str) -> None:
    assert bodies(text) == []


def test_prefilter_skips_text_but_keeps_numbers() -> None:
    seen: list[str] = []

    def keep(piece: str) -> bool:
        seen.append(piece)
        return "b:" in piece

    loaded = load("a: [\n---\n# only a comment\n---\nb: 1\n", keep=keep)
    assert [(d.index, d.body) for d in loaded.documents] == [(1, {"b": 1})]
    assert loaded.findings == ()
    assert "".join(seen) == "a: [\n---\n# only a comment\n---\nb: 1\n"


@pytest.mark.parametrize(
    "text",
    [
        "{{- if .Values.x }}\na: 1\n{{- end }}\n",
        "a: {{ .Values.x }}\n",
        "- {{ x }}: 1\n",
        "a:\n  {{- toYaml .Values.x | nindent 2 }}\n",
        'a: "{{ .x | default "y" }}"\n',
        "{% for x in y %}\na: 1\n{% endfor %}\n",
        "a: 1\n<#if x>\nb\n</#if>\n",
    ],
)
def test_templates_are_skipped_with_one_note(text: str) -> None:
    loaded = load(text + "---\n" + text + "---\nb: 1\n")
    assert [(f.code, f.severity) for f in loaded.findings] == [("AF006", Severity.INFO)]
    assert loaded.templated
    assert [d.body for d in loaded.documents] == [{"b": 1}]


@pytest.mark.parametrize(
    "text", ["a: '{{name}}'\n", 'b: "{{ .x }}"\n', "c: x-{{ y }}\n", "d: |\n  {{ if x }}\n"]
)
def test_braces_that_are_yaml_are_loaded(text: str) -> None:
    assert len(bodies(text)) == 1


def test_an_error_far_from_quoted_braces_is_an_error() -> None:
    """An ApplicationSet with quoted placeholders may still be broken YAML."""
    text = "name: '{{name}}'\na: 1\nb: 2\nc: x\n d: 1\n"
    assert codes(text) == ["AF001"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[" * 3000 + "]" * 3000, "nested more than 100 levels"),
        ("".join(f"{' ' * n}a:\n" for n in range(500)), "nested more than 100 levels"),
        (
            "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
            + "".join(f"a{n + 1}: &a{n + 1} [{','.join([f'*a{n}'] * 10)}]\n" for n in range(9)),
            "aliases expand the document by more than 100000 values",
        ),
        (
            "a0: &a0 {x: 1}\n" + "".join(f"a{n + 1}: &a{n + 1} {{x: *a{n}}}\n" for n in range(150)),
            "aliases nest the document more than 100 levels",
        ),
    ],
)
def test_hostile_documents_hit_a_limit(text: str, words: str) -> None:
    loaded = load(text + "\n---\nok: 1\n")
    (finding,) = loaded.findings
    assert (finding.code, finding.slug) == ("AF007", "limit-or-unreadable")
    assert words in finding.message
    assert [(d.index, d.body) for d in loaded.documents] == [(1, {"ok": 1})]


def test_size_and_document_limits() -> None:
    loaded = load("a: 1\n" * 10, limits=Limits(size=20))
    assert [f.code for f in loaded.findings] == ["AF007"]
    assert loaded.documents == ()
    loaded = load("---\na: 1\n" * 5, limits=Limits(documents=3))
    assert len(loaded.documents) == 3
    assert loaded.findings[0].place.line_column() == (7, 1)


def test_blank_lines_in_a_block_cost_linear_time() -> None:
    text = "a: |\n  x\n" + "\n" * 200_000 + "  y\n"
    assert len(bodies(text)[0]["a"]) == 200_004


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"a: \x00", "NUL byte at byte 4"),
        (b"a: \xff", "not UTF-8 (byte 4)"),
        ("a: 1".encode("utf-16"), "UTF-16"),
        ("a: 1".encode("utf-32"), "UTF-32"),
    ],
)
def test_bytes_that_are_no_utf8_text(data: bytes, words: str) -> None:
    finding = decode_bytes("x.yaml", data)
    assert isinstance(finding, Finding)
    assert (finding.code, finding.place.source.name) == ("AF007", "x.yaml")
    assert words in finding.message


def test_byte_order_mark_is_left_out_and_remembered() -> None:
    source = decode_bytes("x.yaml", b"\xef\xbb\xbfa: 1\n")
    assert isinstance(source, SourceFile)
    assert (source.text, source.marked) == ("a: 1\n", True)
    assert load_text(source).documents[0].text_at(("a",), "key") == "a"
    plain = decode_bytes("x.yaml", b"a: 1\n")
    assert isinstance(plain, SourceFile)
    assert not plain.marked


def test_map_and_seq_are_ordinary_values() -> None:
    (document,) = load("a: [1, {b: 2}]\n").documents
    body = document.body
    assert isinstance(body, Map)
    assert isinstance(body["a"], Seq)
    for other in (copy.deepcopy(body), pickle.loads(pickle.dumps(body)), {"a": [1, {"b": 2}]}):  # noqa: S301
        assert body == other
    assert copy.deepcopy(body).marks == body.marks


def test_pure_python_parser_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML may come without libyaml."""
    text = "a: &x {b: yes}\nc: *x\nd: |+\n  t\n\ne: '1'\n---\nf: [1, 2]\n"
    expected = load(text)
    monkeypatch.setitem(sys.modules, "yaml._yaml", None)
    loaded = load(text + "---\ng: [\n")
    assert [d.body for d in loaded.documents] == [d.body for d in expected.documents]
    assert [f.code for f in loaded.findings] == ["AF001"]
    for ours, theirs in zip(loaded.documents, expected.documents, strict=True):
        for path in (("a", "b"), ("c",), ("d",), ("e",), ("f", 1)):
            assert ours.text_at(path) == theirs.text_at(path)
