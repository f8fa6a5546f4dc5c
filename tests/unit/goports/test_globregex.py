"""Globs as regular expressions: what they look like, and that they match the same texts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argoflux.goports.globregex import gobwas_regex, literal_regex
from argoflux.goports.globs import GlobError, gobwas, gobwas_is_settled


@pytest.mark.parametrize(
    ("pattern", "separators", "regex"),
    [
        ("https://github.com/acme/team-a-*", "/", r"https://github\.com/acme/team-a-[^/]*"),
        ("https://**/shop", "/", r"https://.*/shop"),
        ("team-?", "", "team-."),
        ("team-?", "/", "team-[^/]"),
        ("[a-c]x", "", "[a-c]x"),
        ("[!ab]x", "", "[^ab]x"),
        ("{dev,pro?}", "", "(?:dev|pro.)"),
        (r"a\*b", "", r"a\*b"),
        ("a+b(c)$", "", r"a\+b\(c\)\$"),
    ],
)
def test_vectors(pattern: str, separators: str, regex: str) -> None:
    assert gobwas_regex(pattern, separators) == regex


def test_malformed() -> None:
    with pytest.raises(GlobError):
        gobwas_regex("[a")


@given(st.text("ab/.*?[]{},!-\\", max_size=8), st.text("ab/.-", max_size=6))
def test_same_texts(pattern: str, text: str) -> None:
    """Where the library's answer does not depend on its optimisations, both agree."""
    try:
        regex = gobwas_regex(pattern, "/")
        expected = gobwas(pattern, text, "/", since_36=True)
    except GlobError:
        return
    if gobwas_is_settled(pattern):
        assert (re.fullmatch(regex, text, re.DOTALL) is not None) == expected


@given(st.text(max_size=10))
def test_literal(text: str) -> None:
    assert re.fullmatch(literal_regex(text), text, re.DOTALL) is not None
