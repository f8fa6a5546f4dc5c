"""The glob dialects against vectors of gobwas/glob 0.2.3 and 1.1, Go's path.Match, doublestar 4.10."""

import pytest

from argoflux.goports.globs import (
    GlobError,
    braces,
    doublestar,
    filepath_match,
    gobwas,
    gobwas_is_settled,
    has_meta,
)

FILES = [
    "a.yaml",
    "sub/a.yaml",
    "a.yml",
    "sub/deep/a.yaml",
    "README.md",
    "app",
    "app-x",
    "app-x-prod",
    ".yaml",
    "a,b",
    "{a",
]


@pytest.mark.parametrize("since_36", [False, True])
@pytest.mark.parametrize(
    ("pattern", "separators", "matching"),
    [
        pytest.param(
            "*.yaml",
            "",
            "a.yaml sub/a.yaml sub/deep/a.yaml .yaml",
            id="without-separators-star-crosses",
        ),
        ("*.yaml", "/", "a.yaml .yaml"),
        ("**.yaml", "/", "a.yaml sub/a.yaml sub/deep/a.yaml .yaml"),
        ("*/*.yaml", "", "sub/a.yaml sub/deep/a.yaml"),
        ("*/*.yaml", "/", "sub/a.yaml"),
        pytest.param(
            "**/*.yaml", "/", "sub/a.yaml sub/deep/a.yaml", id="double-star-needs-its-slash"
        ),
        ("{*.yaml,*.yml}", "", "a.yaml sub/a.yaml a.yml sub/deep/a.yaml .yaml"),
        ("{*.yaml,*.yml}", "/", "a.yaml a.yml .yaml"),
        ("{sub/*,*.md}", "", "sub/a.yaml sub/deep/a.yaml README.md"),
        ("{sub/*,*.md}", "/", "sub/a.yaml README.md"),
        ("sub/{a,b}.yaml", "", "sub/a.yaml"),
        ("a.{yaml,yml}", "/", "a.yaml a.yml"),
        ("app{,-x}", "", "app app-x"),
        ("{{a,b}.yaml,app}", "", "a.yaml app"),
        ("a.y?ml", "", "a.yaml"),
        ("?pp", "/", "app"),
        ("[a-c].yaml", "", "a.yaml"),
        ("[abc].yaml", "", "a.yaml"),
        ("[!a]*", "/", "README.md .yaml {a"),
        ("[sR]*", "", "sub/a.yaml sub/deep/a.yaml README.md"),
        ("a.y[a]ml", "", "a.yaml"),
        pytest.param("a,b", "", "a,b", id="comma-outside-braces-is-plain"),
        (r"a\,b", "", "a,b"),
        (r"\{a", "", "{a"),
        ("app*", "/", "app app-x app-x-prod"),
        ("**", "/", " ".join(FILES)),
        ("", "", ""),
    ],
)
def test_gobwas(pattern: str, separators: str, matching: str, *, since_36: bool) -> None:
    found = [text for text in FILES if gobwas(pattern, text, separators, since_36=since_36)]
    assert " ".join(found) == matching


@pytest.mark.parametrize(
    ("pattern", "text", "old"),
    [
        ("app-*-prod", "app-prod", True),
        ("app-**-prod", "app-prod", True),
        ("{app-*-prod,x}", "app-prod", True),
        ("argocd*cd", "argocd", True),
        ("ab*cd*ef", "abcdef", True),
        ("ab*bc*cd", "abcd", False),
        ("?ab*bc", "xabc", False),
    ],
)
def test_the_ends_of_one_star_overlap_up_to_argo_cd_3_5(
    pattern: str, text: str, *, old: bool
) -> None:
    """gobwas/glob#51: only where the star stands alone between two words."""
    assert gobwas(pattern, text) is old
    assert gobwas(pattern, text, since_36=True) is (pattern == "ab*cd*ef")


def test_a_star_that_stops_at_separators_never_overlaps() -> None:
    assert not gobwas("app-*-prod", "app-prod", "/")
    assert gobwas("app-**-prod", "app-prod", "/")


@pytest.mark.parametrize(
    "pattern", ["[", "[]", "[a", "[a-", "[a-]pp", "[a-z0-9]", "[z-a]", "[!]", "a[b-", "{[a}"]
)
@pytest.mark.parametrize("since_36", [False, True])
def test_gobwas_refuses_malformed_classes(pattern: str, *, since_36: bool) -> None:
    with pytest.raises(GlobError):
        gobwas(pattern, "a", since_36=since_36)


@pytest.mark.parametrize(("pattern", "text"), [("[ab-z]", "-"), ("[]-a]", "^"), (r"[\]a]", "]")])
def test_gobwas_reads_a_class_as_one_range_or_one_set(pattern: str, text: str) -> None:
    assert gobwas(pattern, text)


@pytest.mark.parametrize("pattern", ["{a", "{a,b", "a\\"])
def test_unfinished_patterns_are_errors_from_argo_cd_3_6_on(pattern: str) -> None:
    assert gobwas(pattern, "a")
    with pytest.raises(GlobError):
        gobwas(pattern, "a", since_36=True)


def test_closing_brace_without_group_is_plain() -> None:
    assert gobwas("a}", "a}")
    assert not gobwas("a}", "a")


def test_too_deep_groups_are_refused() -> None:
    with pytest.raises(GlobError):
        gobwas("{" * 60 + "a" + "}" * 60, "a")


@pytest.mark.parametrize(
    ("pattern", "settled"),
    [
        ("*.yaml", True),
        ("https://github.com/org/**", True),
        ("app-*-prod", True),
        ("{*.yaml,*.yml}", True),
        ("{drafts/*,*.bak.yaml}", True),
        ("{*.yaml,*.yml,*.json}", True),
        ("{a-*-x.yaml,b-*-y.yaml}", True),
        ("sub/{a,b}.yaml", True),
        ("a***", False),
        ("{app-*,app-}", False),
        ("{*,b}b", False),
        ("{a*b/,a*bc}", False),
        ("{a*,b*,a}", False),
        ("app{,-*}", False),
        ("{a,{b,*}}", False),
    ],
)
def test_patterns_that_gobwas_0_2_3_reads_otherwise_are_marked(
    pattern: str, *, settled: bool
) -> None:
    assert gobwas_is_settled(pattern) is settled


PATHS = [
    "a",
    "ab",
    "abc",
    "a/b",
    "a/b/c",
    "apps/one",
    "apps/one/two",
    "apps/",
    "[a]",
    "a-b",
    "*",
    "é",
]


@pytest.mark.parametrize(
    ("pattern", "matching"),
    [
        ("*", ["a", "ab", "abc", "[a]", "a-b", "*", "é"]),
        ("apps/*", ["apps/one", "apps/"]),
        pytest.param("apps/**", ["apps/one", "apps/"], id="double-star-is-a-star"),
        ("apps/*/*", ["apps/one/two"]),
        ("a?c", ["abc"]),
        ("a?b", ["a-b"]),
        ("[a-c]", ["a"]),
        ("[^a-c]", ["*", "é"]),
        pytest.param("[!a]", ["a"], id="exclamation-mark-does-not-negate"),
        pytest.param("a[^x]b", ["a/b", "a-b"], id="a-class-may-match-a-slash"),
        (r"\*", ["*"]),
        (r"\[a\]", ["[a]"]),
        ("a/[b]", ["a/b"]),
        (r"[\]a]b", ["ab"]),
        ("[c-a]", []),
        ("a*b*c", ["abc"]),
        ("*/b", ["a/b"]),
        ("?", ["a", "*", "é"]),
        ("", []),
        pytest.param("{a,b}", [], id="braces-are-plain"),
    ],
)
def test_filepath_match(pattern: str, matching: list[str]) -> None:
    assert [text for text in PATHS if filepath_match(pattern, text)] == matching


def test_filepath_match_takes_the_first_place_for_each_chunk() -> None:
    """Go does not go back: ``*[^a]`` takes the ``x``, and the next star cannot pass the ``/``."""
    assert not filepath_match("*[^a]*c", "x/c")
    assert filepath_match("*[^a]*c", "xc")


@pytest.mark.parametrize(
    "pattern",
    ["[", "[]", "[a", "[a-", "[-a]", "[^]", "[]a]", "[a-]", "a\\", "[a\\", "x[", "*[", "a[-]b"],
)
def test_filepath_match_refuses_malformed_patterns_whatever_the_text(pattern: str) -> None:
    with pytest.raises(GlobError):
        filepath_match(pattern, "zzz")


TREE = [
    "a",
    "a/",
    "a/b",
    "a/b/c",
    "a/x.yaml",
    "a/b/x.yaml",
    "x.yaml",
    "b/x.yaml",
    "a/b/c/x.yaml",
    "ab",
    "env/dev/v.yaml",
    "env/prod/v.yaml",
]


@pytest.mark.parametrize(
    ("pattern", "matching"),
    [
        ("**", TREE),
        ("**/**", TREE),
        pytest.param(
            "a/**",
            ["a", "a/", "a/b", "a/b/c", "a/x.yaml", "a/b/x.yaml", "a/b/c/x.yaml"],
            id="the-folder-itself-too",
        ),
        ("a/**/", ["a", "a/"]),
        ("**/", ["a/"]),
        ("**/x.yaml", ["a/x.yaml", "a/b/x.yaml", "x.yaml", "b/x.yaml", "a/b/c/x.yaml"]),
        ("a/**/x.yaml", ["a/x.yaml", "a/b/x.yaml", "a/b/c/x.yaml"]),
        pytest.param("a/**.yaml", ["a/x.yaml"], id="double-star-in-a-segment-is-a-star"),
        ("a**/x.yaml", ["a/x.yaml"]),
        ("***/x.yaml", ["a/x.yaml", "b/x.yaml"]),
        ("a/*/x.yaml", ["a/b/x.yaml"]),
        ("*", ["a", "x.yaml", "ab"]),
        ("a/*", ["a/", "a/b", "a/x.yaml"]),
        ("{a,b}/x.yaml", ["a/x.yaml", "b/x.yaml"]),
        ("env/{dev,prod}/*.yaml", ["env/dev/v.yaml", "env/prod/v.yaml"]),
        ("a/{,**/}x.yaml", ["a/x.yaml", "a/b/x.yaml", "a/b/c/x.yaml"]),
        ("a{,/**}", ["a", "a/", "a/b", "a/b/c", "a/x.yaml", "a/b/x.yaml", "a/b/c/x.yaml"]),
        ("a/{b,{b/c,x}}", ["a/b", "a/b/c"]),
        ("a/**/b/**", ["a/b", "a/b/c", "a/b/x.yaml", "a/b/c/x.yaml"]),
        ("[ab]/x.yaml", ["a/x.yaml", "b/x.yaml"]),
        ("[!a]/x.yaml", ["b/x.yaml"]),
        ("[^a]/x.yaml", ["b/x.yaml"]),
        ("a/[a-c]", ["a/b"]),
        ("a/[!x]/*", ["a/b/c", "a/b/x.yaml"]),
        ("a[/]b", ["a/b"]),
        ("?/b", ["a/b"]),
        (r"\a", ["a"]),
    ],
)
def test_doublestar(pattern: str, matching: list[str]) -> None:
    assert [text for text in TREE if doublestar(pattern, text)] == matching


@pytest.mark.parametrize(
    "pattern",
    ["[", "[]", "[!]", "[a", "{a", "a}", "a\\", "{a,[}", "{a}}", "[]a]", "a{b,c", "{a,b}" * 20],
)
def test_doublestar_refuses_malformed_patterns_whatever_the_text(pattern: str) -> None:
    with pytest.raises(GlobError):
        doublestar(pattern, "zzz")


@pytest.mark.parametrize("pattern", ["{[}]}", "{}", r"a\{b"])
def test_doublestar_accepts_braces_in_classes_and_escapes(pattern: str) -> None:
    assert not doublestar(pattern, "zzz")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("a", ("a",)),
        ("{a,b}", ("a", "b")),
        ("x{a,b}y", ("xay", "xby")),
        ("{a,b}{c,d}", ("ac", "ad", "bc", "bd")),
        ("x{a,b{c,d}}", ("xa", "xbc", "xbd")),
        ("a{,/**}", ("a", "a/**")),
        ("{a}", ("a",)),
        ("{}", ("",)),
        (r"\{a,b\}", (r"\{a,b\}",)),
        ("[{,}]{a,b}", ("[{,}]a", "[{,}]b")),
        ("{[,],b}", ("[,]", "b")),
        ("{a{b,c}", ("{ab", "{ac")),
        ("a}b,c", ("a}b,c",)),
        ("[{a,b}", ("[a", "[b")),
    ],
)
def test_braces(pattern: str, expected: tuple[str, ...]) -> None:
    assert braces(pattern) == expected


def test_braces_have_a_limit() -> None:
    assert len(braces("{a,b}" * 12)) == 4096
    with pytest.raises(GlobError):
        braces("{a,b}" * 13)
    with pytest.raises(GlobError):
        braces("a" * 4097)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("values.yaml", False), ("values-*.yaml", True), ("v?.yaml", True), ("[a].yaml", True)],
)
def test_has_meta(text: str, *, expected: bool) -> None:
    assert has_meta(text) is expected


def test_value_file_braces_alone_are_no_glob() -> None:
    assert not has_meta("values-{a,b}.yaml")
