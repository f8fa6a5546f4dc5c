"""Laws of the Go ports that hold for every text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from argoflux.goports.duration import format_go, format_short, parse
from argoflux.goports.giturl import (
    has_credentials,
    normalize_git_url,
    same_repository,
    strip_credentials,
    to_ssh_url,
)
from argoflux.goports.globs import GlobError, braces, doublestar, filepath_match, gobwas
from argoflux.goports.semver import Constraint, SemverError, Version
from argoflux.goports.strvals import StrvalsError, escape_commas, parse_into, parse_into_string

LAW = settings(deadline=None, max_examples=100)

numbers = st.sampled_from(["0", "1", "2", "10"])
pres = st.sampled_from(["", "-0", "-alpha", "-rc.2", "-rc.10"])
versions = st.builds("{}.{}.{}{}".format, numbers, numbers, numbers, pres).map(Version.parse)
wild = st.sampled_from(
    ["*", "1", "1.x", "0.2", "1.2.3", "1.2.3-rc.2", "0.0.3", "0", "0.0", "2.0.0-0"]
)
operators = st.sampled_from(["", "=", "!=", ">", "<", ">=", "=>", "<=", "=<", "~", "~>", "^"])
comparators = st.builds("{}{}".format, operators, wild)
constraints = st.lists(
    st.lists(comparators, min_size=1, max_size=3).map(" ".join), min_size=1, max_size=2
).map(" || ".join)
glob_texts = st.text(alphabet="ab*?,{}[]-!^/\\", max_size=12)
paths = st.text(alphabet="ab/-", max_size=8)
urls = st.builds(
    "{}{}{}".format,
    st.sampled_from(["https://", "ssh://git@", "git@", "https://u:p@", "file://", ""]),
    st.sampled_from(["host", "Host:22", "host:", "[::1]", ""]),
    st.text(alphabet="aB/.:@%2 ?#git", max_size=12),
)
web_urls = st.builds(
    "https://{}/{}".format,
    st.sampled_from(["host", "Host:22", "[::1]", "u:p@host", "h.example"]),
    st.text(alphabet="aB/.:@2 ~!", max_size=12).map(lambda path: path.strip().rstrip(".git")),
)
words = st.text(alphabet="ab/", min_size=1, max_size=2)
groups = st.lists(st.sampled_from(["a", "b", "/", "a*b", "a?b", ""]), min_size=1, max_size=3).map(
    lambda parts: "{" + ",".join(parts) + "}"
)
grouped_globs = st.lists(st.tuples(words, st.one_of(groups, st.just("*"))), max_size=3).map(
    lambda pairs: "".join(word + piece for word, piece in pairs)
)
lines = st.text(alphabet="ab.,=[]{}\\01null", max_size=16)


@LAW
@given(versions, versions, versions)
def test_versions_are_totally_ordered(a: Version, b: Version, c: Version) -> None:
    assert (a < b) + (a == b) + (a > b) == 1
    assert not (a <= b <= c) or a <= c


@LAW
@given(constraints, st.lists(versions, max_size=8))
def test_canonical_text_keeps_the_meaning(text: str, candidates: list[Version]) -> None:
    constraint = Constraint.parse(text)
    again = Constraint.parse(constraint.canonical())
    assert again.canonical() == constraint.canonical()
    assert [again.matches(v) for v in candidates] == [constraint.matches(v) for v in candidates]


@LAW
@given(constraints, constraints, versions)
def test_alternatives_are_a_union(left: str, right: str, version: Version) -> None:
    either = Constraint.parse(f"{left} || {right}").matches(version)
    assert either == any(Constraint.parse(text).matches(version) for text in (left, right))


@LAW
@given(st.text(alphabet=" 0123456789.x*<>=~^|-,va", max_size=500))
def test_any_text_is_a_constraint_or_a_semver_error(text: str) -> None:
    try:
        Constraint.parse(text)
    except SemverError:
        return
    assert any(char.isdigit() or char in "x*" for char in text)


@LAW
@given(glob_texts, paths)
def test_globs_answer_or_raise_glob_error(pattern: str, text: str) -> None:
    for match in (gobwas, filepath_match, doublestar):
        try:
            assert match(pattern, text) in {True, False}
        except GlobError:
            assert any(char in pattern for char in "{}[]\\")


@LAW
@given(paths, paths)
def test_plain_text_matches_itself_alone(pattern: str, text: str) -> None:
    expected = pattern == text
    assert gobwas(pattern, text) == expected
    assert filepath_match(pattern, text) == expected
    assert doublestar(pattern, text) == expected


@LAW
@given(grouped_globs, paths)
def test_gobwas_equals_any_of_its_written_out_alternatives(pattern: str, text: str) -> None:
    expected = any(gobwas(flat, text, "/", since_36=True) for flat in braces(pattern))
    assert gobwas(pattern, text, "/", since_36=True) == expected


@LAW
@given(web_urls)
def test_normal_form_of_a_web_url_is_stable(url: str) -> None:
    normal = normalize_git_url(url)
    assert normal.startswith("https://")
    assert normalize_git_url(normal) == normal
    assert same_repository(url, normal)


@LAW
@given(urls)
def test_credentials_are_gone_after_stripping(url: str) -> None:
    assert not has_credentials(strip_credentials(url))


@LAW
@given(st.from_regex(r"git@[a-z]{1,5}:[a-z]{1,5}(/[a-z]{1,5})?(\.git)?", fullmatch=True))
def test_ssh_form_is_the_same_repository(url: str) -> None:
    assert same_repository(url, to_ssh_url(url))


@LAW
@given(st.integers(min_value=-(2**62), max_value=2**62))
def test_printed_durations_read_back(nanoseconds: int) -> None:
    assert parse(format_go(nanoseconds)) == nanoseconds
    assert parse(format_short(nanoseconds)) == nanoseconds


@LAW
@given(lines)
def test_set_lines_change_values_or_raise(line: str) -> None:
    for parse_line in (parse_into, parse_into_string):
        try:
            parse_line(line, {"a": {"b": 1}, "b": [1]})
        except StrvalsError:
            assert line


@LAW
@given(st.text(alphabet="ab,}.=[", max_size=10))
def test_escaped_text_is_one_value(value: str) -> None:
    values: dict[str, object] = {}
    parse_into_string(f"k={escape_commas(value)}", values)
    assert values == {"k": value}
