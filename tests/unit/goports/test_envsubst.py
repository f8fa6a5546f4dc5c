"""Post-build substitution: the grammar, value by value.

The expected values were produced by the Go library itself (fluxcd/pkg/envsubst 1.8.0).
"""

from __future__ import annotations

import pytest

from argoflux.goports.envsubst import (
    SubstitutionError,
    UnsetError,
    Use,
    parse,
    substitute,
    uses,
)

VALUES = {"A": "alpha", "E": "", "N": "123", "U": "héllo", "P": "foo/bar/baz.tar.gz", "X": "${A}"}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("${A}", "alpha"),
        ("$A", "$A"),
        ("$${A}", "${A}"),
        ("$$A", "$A"),
        ("$$${A}", "$alpha"),
        ("$$$${A}", "$${A}"),
        ("${M}", ""),
        *((f"${{M{operator}d}}", "d") for operator in (":-", ":=", "=")),
        *((f"${{E{operator}d}}", "d") for operator in (":-", "=")),
        ("${A:+alt}", "alpha"),
        ("${M:+alt}", "alt"),
        ("${M:?err}", "err"),
        ("${1}", ""),
        ("${#A}", "5"),
        ("${#U}", "6"),
        ("${A^}", "Alpha"),
        ("${A^^}", "ALPHA"),
        ("${A,}", "alpha"),
        ("${A,,}", "alpha"),
        ("${A:1}", "lpha"),
        ("${A:1:2}", "lp"),
        ("${A: -2}", "alpha"),
        ("${A:-2}", "alpha"),
        ("${A:x}", "alpha"),
        ("${A:9}", ""),
        ("${A:1:-1}", "lph"),
        ("${A:1:x}", "alpha"),
        ("${P#*/}", "bar/baz.tar.gz"),
        ("${P##*/}", "baz.tar.gz"),
        ("${P%.*}", "foo/bar/baz.tar"),
        ("${P%%.*}", "foo/bar/baz"),
        ("${P#[}", "foo/bar/baz.tar.gz"),
        ("${A/a/x}", "xlpha"),
        ("${A//a/x}", "xlphx"),
        ("${A/#al/x}", "xpha"),
        ("${A/%ha/x}", "alpx"),
        ("${A//a/}", "lph"),
        ("${P//\\//_}", "foo_bar_baz.tar.gz"),
        ("${M:-${A}}", "alpha"),
        ("${M:=${M2:=deep}}", "deep"),
        ("${M:-a b: {c}}", "a b: {c}"),
        ("${M:-$$A}", "$$A"),
        ("${M:-$${A}}", "$alpha"),
        ("${X}", "${A}"),
        ("$(A) %{A} {{ $A }} x$", "$(A) %{A} {{ $A }} x$"),
        ("$${", "${"),
        ("ß${A}é", "ßalphaé"),
        ("a\0b${M", "a"),
    ],
)
def test_result(text: str, result: str) -> None:
    assert substitute(text, VALUES, strict=False) == result


@pytest.mark.parametrize(
    "text",
    [
        *("${M-d}", "${M+x}", "${M?e}", "${A/a}", "${}", "${ A }", "${!A}", "${a.b}", "${a-b}"),
        *("${arr[@]}", "${A@Q}", "${A", "${A:é}", "${A#}", "${A:}", "${#}"),
    ],
)
def test_error(text: str) -> None:
    """Forms that do not exist are errors whether or not unset variables are."""
    with pytest.raises(SubstitutionError):
        substitute(text, VALUES, strict=False)


@pytest.mark.parametrize("text", ["${M}", "${#M}", "${M^^}", "${M/a/b}", "${1}", "${A:-${M}}"])
def test_strict(text: str) -> None:
    """Unset variables fail, also in a default that is not needed: arguments come first."""
    with pytest.raises(UnsetError) as raised:
        substitute(text, VALUES)
    assert raised.value.name in {"M", "1"}


@pytest.mark.parametrize("text", ["${M:-d}", "${M:=d}", "${M=d}", "${M:+d}", "${M:?d}"])
def test_defaults_are_never_strict(text: str) -> None:
    assert substitute(text, VALUES) == "d"


def test_uses() -> None:
    parts = parse("x ${A} ${B:-y${C}z}")
    assert parts[0] == "x "
    assert parts[1] == Use("A")
    assert [(use.name, use.has_default) for use in uses(parts)] == [
        ("A", False),
        ("B", True),
        ("C", False),
    ]


def test_expressions_inside_of_each_other_end() -> None:
    """A text made to exhaust the stack is refused like any other that is not read."""
    assert substitute("${A:-" * 90 + "x" + "}" * 90, {}) == "x"
    with pytest.raises(SubstitutionError, match="inside of each other"):
        substitute("${A:-" * 3000 + "}" * 3000, {})
