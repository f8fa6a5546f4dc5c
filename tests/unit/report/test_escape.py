"""Names of objects and files cannot steer terminals, Markdown or HTML."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argoflux.report.escape import markdown, markdown_code, visible, without_credentials


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("größe ✓ 日本", "größe ✓ 日本"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("\x07\x7f\x9b", "\\x07\\x7f\\x9b"),
        ("evil\u202etxt.exe", "evil\\u202etxt.exe"),
        ("\u2028\u2066\ufeff", "\\u2028\\u2066\\ufeff"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_control_and_formatting_characters_become_escapes(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_line_breaks_stay_where_lines_are_wanted() -> None:
    assert visible("a\nb\x1b", lines=True) == "a\nb\\x1b"


@given(st.text())
def test_visible_text_can_always_be_encoded_and_printed(text: str) -> None:
    shown = visible(text)
    assert all(char.isprintable() or unicodedata.category(char) == "Zs" for char in shown)
    shown.encode()


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("https://user:pass@host/x", "https://***@host/x"),
        ("see ssh://git@host/x and oci://a:b@r/y", "see ssh://git@host/x and oci://***@r/y"),
        ("mail me@example.com", "mail me@example.com"),
        ("https://host/a@b", "https://host/a@b"),
    ],
)
def test_credentials_in_addresses_are_masked(text: str, masked: str) -> None:
    assert without_credentials(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "| a | b",
        "<script>alert(1)</script>",
        "[x](https://evil)",
        "@everyone #1 *bold* _it_ ~s~",
        "![x](y)",
        "a\nb",
        "</details>",
        "`` ` ``",
    ],
)
def test_nothing_but_code_spans_is_markup(text: str) -> None:
    shown = markdown(text).replace("<code>", "").replace("</code>", "")
    assert not set(shown) & set("|<>[]*_~@`\n")
    assert not set(markdown_code(text)[6:-7]) & set("|<>[]*_~@`\n")


def test_backticks_become_code() -> None:
    assert markdown("`a|b` is") == "<code>a&#124;b</code> is"
