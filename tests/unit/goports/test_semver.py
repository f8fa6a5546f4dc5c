"""Versions and constraints against vectors of Masterminds/semver v3.5 (3.4 gives the same)."""

import pytest

from argoflux.goports.semver import (
    Constraint,
    SegmentError,
    SemverError,
    Version,
    highest,
    is_constraint,
    is_version,
)

RELEASES = (
    "0.0.0 0.0.3 0.1.0 0.2.3 0.2.9 1.0.0 1.0.5 1.2.0 1.2.3 1.2.4 1.3.0 1.10.0 2.0.0 2.1.0 11.0.0"
)
VERSIONS = f"{RELEASES} 1.2.3-alpha.1 1.2.3-rc.10 2.0.0-0"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", "1.0.0"),
        ("v1", "1.0.0"),
        ("1.2", "1.2.0"),
        ("v1.2.3", "1.2.3"),
        ("01.2.3", "1.2.3"),
        ("1.2.3-alpha.1+b.7", "1.2.3-alpha.1+b.7"),
        ("1.2-rc", "1.2.0-rc"),
        ("1+b", "1.0.0+b"),
        ("1.2.3-x-y.z", "1.2.3-x-y.z"),
        ("1.2.3-0a", "1.2.3-0a"),
        ("2024.1", "2024.1.0"),
        ("20240101", "20240101.0.0"),
        ("18446744073709551615", "18446744073709551615.0.0"),
        ("1.2.3-" + "a" * 250, "1.2.3-" + "a" * 250),
    ],
)
def test_lenient_parse_completes_and_normalises(text: str, expected: str) -> None:
    version = Version.parse(text)
    assert str(version) == expected
    assert version.original == text
    assert is_version(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v",
        "V1",
        "latest",
        "1.2.x",
        "1.2.3.4",
        "1.2.3-",
        "1.2.3+",
        "1.2.3-a..b",
        " 1.2.3",
        "1.2.3\n",
        "1.2.3-é",
        "1.2.3_build",
        "release-1.2.3",
        "-1.2.3",
        "١.٢.٣",
    ],
)
def test_other_shapes_are_no_versions(text: str) -> None:
    with pytest.raises(SemverError) as caught:
        Version.parse(text)
    assert not isinstance(caught.value, SegmentError)
    assert not is_version(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("1.2.3-01", id="pre-release-number-with-leading-zero"),
        pytest.param("18446744073709551616", id="number-above-64-bits"),
        pytest.param("1.2.3-" + "a" * 251, id="longer-than-256-bytes"),
    ],
)
def test_misspelt_versions_are_told_apart(text: str) -> None:
    """Argo CD skips other tags but gives up the look-up at one of these."""
    with pytest.raises(SegmentError):
        Version.parse(text)


@pytest.mark.parametrize("text", ["1.2.3", "1.2.3-alpha", "1.2.3-x-y.z", "1.2.3+b", "1.2.3-a+b-c"])
def test_strict_parse_accepts_full_versions(text: str) -> None:
    assert str(Version.parse_strict(text)) == text


@pytest.mark.parametrize("text", ["1", "1.2", "v1.2.3", "01.2.3", "1.2.00", "1.2-rc", "1.2.3-01"])
def test_strict_parse_refuses_short_forms_and_leading_zeros(text: str) -> None:
    with pytest.raises(SemverError):
        Version.parse_strict(text)


def test_precedence_is_that_of_semver() -> None:
    """The chain of semver.org, plus numbers below words and length as the last resort."""
    chain = [
        "1.0.0-1",
        "1.0.0-2",
        "1.0.0-10",
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0",
        "1.0.1-0",
        "1.0.1",
        "1.1.0",
        "2.0.0",
    ]
    versions = [Version.parse(text) for text in reversed(chain)]
    assert [version.original for version in sorted(versions)] == chain
    assert max(versions).original == chain[-1]


def test_numbers_above_64_bits_in_a_pre_release_are_words() -> None:
    assert Version.parse("1.0.0-99999999999999999999") > Version.parse("1.0.0-18446744073709551615")
    assert Version.parse("1.0.0-99999999999999999999") < Version.parse("1.0.0-a")


def test_equality_ignores_build_metadata_and_spelling() -> None:
    left, right = Version.parse("v1.2+a"), Version.parse("1.2.0+b")
    assert left == right
    assert hash(left) == hash(right)
    assert left != Version.parse("1.2.0-a")
    assert left != "v1.2+a"


@pytest.mark.parametrize(
    ("constraint", "matching"),
    [
        ("*", RELEASES),
        ("x", RELEASES),
        ("~*", RELEASES),
        ("~0.0.0", RELEASES),
        ("*-0", VERSIONS),
        (">=0.0.0-0", VERSIONS),
        ("1.2.3", "1.2.3"),
        ("=1.2.3", "1.2.3"),
        ("v1.2.3", "1.2.3"),
        (" 1.2.3 ", "1.2.3"),
        ("1.2.3+build", "1.2.3"),
        ("1.2.3-rc.10", "1.2.3-rc.10"),
        ("1", "1.0.0 1.0.5 1.2.0 1.2.3 1.2.4 1.3.0 1.10.0"),
        ("1.x", "1.0.0 1.0.5 1.2.0 1.2.3 1.2.4 1.3.0 1.10.0"),
        ("1.X", "1.0.0 1.0.5 1.2.0 1.2.3 1.2.4 1.3.0 1.10.0"),
        ("1.*", "1.0.0 1.0.5 1.2.0 1.2.3 1.2.4 1.3.0 1.10.0"),
        ("1.0", "1.0.0 1.0.5"),
        ("=1.0", "1.0.0 1.0.5"),
        ("1.0.x", "1.0.0 1.0.5"),
        ("01.02", "1.2.0 1.2.3 1.2.4"),
        ("11", "11.0.0"),
        ("1.2.x-alpha", "1.2.0 1.2.3 1.2.4 1.2.3-alpha.1 1.2.3-rc.10"),
        ("!=1", "0.0.0 0.0.3 0.1.0 0.2.3 0.2.9 2.0.0 2.1.0 11.0.0"),
        ("!=1.2", "0.0.0 0.0.3 0.1.0 0.2.3 0.2.9 1.0.0 1.0.5 1.3.0 1.10.0 2.0.0 2.1.0 11.0.0"),
        ("!=*", RELEASES.removeprefix("0.0.0 ")),
        ("!=1.2-alpha", VERSIONS),
        (">1", "2.0.0 2.1.0 11.0.0"),
        ("> 1.2", "1.3.0 1.10.0 2.0.0 2.1.0 11.0.0"),
        (">1.2.3", "1.2.4 1.3.0 1.10.0 2.0.0 2.1.0 11.0.0"),
        (">=1.2", "1.2.0 1.2.3 1.2.4 1.3.0 1.10.0 2.0.0 2.1.0 11.0.0"),
        ("=>1.2", "1.2.0 1.2.3 1.2.4 1.3.0 1.10.0 2.0.0 2.1.0 11.0.0"),
        ("<1.2", "0.0.0 0.0.3 0.1.0 0.2.3 0.2.9 1.0.0 1.0.5"),
        ("<=1.2", "0.0.0 0.0.3 0.1.0 0.2.3 0.2.9 1.0.0 1.0.5 1.2.0 1.2.3 1.2.4"),
        ("=<1.2.3", "0.0.0 0.0.3 0.1.0 0.2.3 0.2.9 1.0.0 1.0.5 1.2.0 1.2.3"),
        ("<=*", "0.0.0 0.0.3"),
        ("~1", "1.0.0 1.0.5 1.2.0 1.2.3 1.2.4 1.3.0 1.10.0"),
        ("~1.0", "1.0.0 1.0.5"),
        ("~1.2.3", "1.2.3 1.2.4"),
        ("~>1.2.3", "1.2.3 1.2.4"),
        ("~1.2.3-alpha", "1.2.3 1.2.4 1.2.3-alpha.1 1.2.3-rc.10"),
        ("^1", "1.0.0 1.0.5 1.2.0 1.2.3 1.2.4 1.3.0 1.10.0"),
        ("^1.2", "1.2.0 1.2.3 1.2.4 1.3.0 1.10.0"),
        ("^1.2.3", "1.2.3 1.2.4 1.3.0 1.10.0"),
        ("^1.2.3-rc.2", "1.2.3 1.2.4 1.3.0 1.10.0 1.2.3-rc.10"),
        ("^0", "0.0.0 0.0.3 0.1.0 0.2.3 0.2.9"),
        ("^0.2", "0.2.3 0.2.9"),
        ("^0.2.3", "0.2.3 0.2.9"),
        ("^0.0", "0.0.0 0.0.3"),
        ("^0.0.3", "0.0.3"),
        pytest.param("^*", "0.0.0", id="caret-star-is-not-any"),
        (">=1.0 <2", "1.0.0 1.0.5 1.2.0 1.2.3 1.2.4 1.3.0 1.10.0"),
        (">=1.0, <2", "1.0.0 1.0.5 1.2.0 1.2.3 1.2.4 1.3.0 1.10.0"),
        (">=1.0,<2", "1.0.0 1.0.5 1.2.0 1.2.3 1.2.4 1.3.0 1.10.0"),
        ("1.2 - 1.4", "1.2.0 1.2.3 1.2.4 1.3.0"),
        pytest.param(
            "1.2.0 - 1.10", "1.2.0 1.2.3 1.2.4 1.3.0 1.10.0", id="end-of-a-hyphen-range-is-a-range"
        ),
        ("<1 || >=2", "0.0.0 0.0.3 0.1.0 0.2.3 0.2.9 2.0.0 2.1.0 11.0.0"),
        ("1.2.x||2.x", "1.2.0 1.2.3 1.2.4 2.0.0 2.1.0"),
        (">=1.2.3, !=1.2.4", "1.2.3 1.3.0 1.10.0 2.0.0 2.1.0 11.0.0"),
        pytest.param(
            ">=1.2.3-alpha <2.0.0",
            "1.2.3 1.2.4 1.3.0 1.10.0 1.2.3-alpha.1 1.2.3-rc.10 2.0.0-0",
            id="one-pre-release-opens-its-whole-alternative",
        ),
        (
            ">=1.0.0 <2.0.0-0",
            "1.0.0 1.0.5 1.2.0 1.2.3 1.2.4 1.3.0 1.10.0 1.2.3-alpha.1 1.2.3-rc.10",
        ),
        pytest.param(
            "1.3 || ~1.2.3-0",
            "1.2.3 1.2.4 1.3.0 1.2.3-alpha.1 1.2.3-rc.10",
            id="the-other-alternative-stays-closed",
        ),
    ],
)
def test_constraint_matches(constraint: str, matching: str) -> None:
    parsed = Constraint.parse(constraint)
    found = [text for text in VERSIONS.split() if parsed.matches(Version.parse(text))]
    assert " ".join(found) == matching


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "latest",
        "main",
        "release-1.2",
        "1.2.3 -1.4",
        "1.2.x.x",
        "1.xx",
        "1|2",
        "==1",
        "><1",
        "<2>1",
        "1.2.3.4",
        "v",
        "1..2",
        "^",
        "1,",
        "||",
        "1 ||",
        ">=1.0 and <2",
        "1.2.3\v",
        pytest.param("1.2.3 " * 86, id="longer-than-512-bytes"),
        pytest.param("||".join(["1"] * 33), id="more-than-32-alternatives"),
    ],
)
def test_malformed_constraints_are_refused(text: str) -> None:
    with pytest.raises(SemverError):
        Constraint.parse(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.2", False),
        ("v1.2.3", False),
        ("2024", False),
        ("1.x", True),
        ("1.*", True),
        ("*", True),
        ("v1.x", True),
        (">=1.0 <2", True),
        ("~1.2", True),
        ("^1", True),
        ("1.2 - 1.4", True),
        ("=1.2.3", True),
        ("HEAD", False),
        ("main", False),
        ("x", True),
        ("", False),
    ],
)
def test_argo_cd_takes_a_constraint_only_where_it_is_no_version(
    text: str, *, expected: bool
) -> None:
    assert is_constraint(text) is expected


@pytest.mark.parametrize(
    "spellings",
    [
        ("1.2.3", "=1.2.3", "v1.2.3", "= v1.2.3", "1.2.3+build"),
        ("1.0", "=1.0", "1.0.x", "~1.0", "~>1.0.*", "1.0.X", "v1.0"),
        ("1", "1.x", "=1", "~1", "^1", "^1.x"),
        ("*", "x", ">=0", ">=0.0.0", "~*", "~0.0.0", "=*"),
        ("0.2.x", "^0.2", "~0.2"),
        ("~1.2.3", "~>1.2.3"),
        (">=1.2", "=>1.2.0", ">=1.2.x"),
        (">=1.2 <2", "<2.0.0, >=1.2.0", ">=1.2 <2 >=1.2.0"),
        ("1.2 - 1.4", ">=1.2 <=1.4.x"),
        ("1 || 2", "2.x||1.x||1"),
    ],
)
def test_spellings_of_one_constraint_have_one_canonical_text(spellings: tuple[str, ...]) -> None:
    assert len({Constraint.parse(text).canonical() for text in spellings}) == 1


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("1.2.3", "1.2"),
        ("1.0", "1"),
        (">1.2", ">1.2.0"),
        ("<=1.2", "<=1.2.0"),
        ("^*", "*"),
        ("*", "*-0"),
        ("^0.0.3", "~0.0.3"),
        ("1 2", "1 || 2"),
    ],
)
def test_different_constraints_keep_different_canonical_texts(left: str, right: str) -> None:
    assert Constraint.parse(left).canonical() != Constraint.parse(right).canonical()


def test_equal_constraints_compare_equal_whatever_the_text() -> None:
    assert Constraint.parse("=1.2.3") == Constraint.parse("v1.2.3")
    assert Constraint.parse("=1.2.3") != Constraint.parse("1.2.4")


TAGS = ["v1.2.0", "v1.10.0", "1.9.0", "v2.0.0-rc.1", "latest", "v1.2.3-beta", "app/v3.0.0"]


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        ("*", "v1.10.0"),
        ("1.x", "v1.10.0"),
        ("<1.10", "1.9.0"),
        ("*-0", "v2.0.0-rc.1"),
        (">3", None),
    ],
)
def test_highest_tag_keeps_its_spelling(constraint: str, expected: str | None) -> None:
    assert highest(TAGS, Constraint.parse(constraint)) == expected


def test_highest_takes_the_first_of_equal_versions() -> None:
    assert highest(["1.2", "v1.2.0", "1.2.0+b"], Constraint.parse("1.x")) == "1.2"


def test_a_misspelt_tag_stops_argo_cd_only() -> None:
    """argo-cd:util/versions/tags.go returns any error but "invalid semantic version"."""
    tags = ["v1.0.0", "v1.0.1-01"]
    assert highest(tags, Constraint.parse("1.x")) == "v1.0.0"
    with pytest.raises(SegmentError):
        highest(tags, Constraint.parse("1.x"), strict=True)
