"""Durations against vectors of Go's time package."""

import pytest

from argoflux.goports.duration import (
    HOUR,
    MILLISECOND,
    MINUTE,
    SECOND,
    DurationError,
    format_go,
    format_short,
    is_flux,
    parse,
    parse_backoff,
    parse_flux,
)


@pytest.mark.parametrize(
    ("text", "nanoseconds", "printed"),
    [
        ("0", 0, "0s"),
        ("+0", 0, "0s"),
        ("0s", 0, "0s"),
        ("1h", HOUR, "1h0m0s"),
        ("90m", 90 * MINUTE, "1h30m0s"),
        ("1h30m", 90 * MINUTE, "1h30m0s"),
        ("1m30s", 90 * SECOND, "1m30s"),
        ("1.5h", 90 * MINUTE, "1h30m0s"),
        (".5m", 30 * SECOND, "30s"),
        ("1.s", SECOND, "1s"),
        ("-1.5s", -1_500_000_000, "-1.5s"),
        ("1s1s", 2 * SECOND, "2s"),
        ("1s1h", HOUR + SECOND, "1h0m1s"),
        ("250ms", 250 * MILLISECOND, "250ms"),
        ("1.5ms", 1_500_000, "1.5ms"),
        ("15us", 15_000, "15\u00b5s"),
        ("15\u03bcs", 15_000, "15\u00b5s"),
        ("7ns", 7, "7ns"),
        ("0.9ns", 0, "0s"),
        ("100h", 100 * HOUR, "100h0m0s"),
        ("1h0.000000001s", HOUR + 1, "1h0m0.000000001s"),
        ("-9223372036854775808ns", -(2**63), "-2562047h47m16.854775808s"),
        ("0.3333333333333333333h", 20 * MINUTE, "20m0s"),
        ("9007199254740.993ms", 9007199254740993000, "2501999h47m34.740993s"),
    ],
)
def test_parse_and_print(text: str, nanoseconds: int, printed: str) -> None:
    assert parse(text) == nanoseconds
    assert format_go(nanoseconds) == printed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "1",
        "3.",
        "s",
        ".s",
        "1d",
        "5min",
        "1 h",
        " 1h",
        "1h ",
        "PT5M",
        "1h-1m",
        "9223372036854775808ns",
        "2562048h",
        "٣s",
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(DurationError):
        parse(text)


@pytest.mark.parametrize("text", ["1m", "1h30m", "0.5s", "250ms", "0s", "1s1h"])
def test_flux_durations(text: str) -> None:
    assert is_flux(text)
    assert parse_flux(text) == parse(text)


@pytest.mark.parametrize(
    "text", ["", "0", "60", "1d", ".5m", "1.s", "-1m", "+1m", "15us", "7ns", "1m ", "1m\n"]
)
def test_the_flux_pattern_is_narrower_than_go(text: str) -> None:
    assert not is_flux(text)
    with pytest.raises(DurationError):
        parse_flux(text)


def test_source_timeouts_have_no_hours() -> None:
    assert is_flux("90m", hours=False)
    assert not is_flux("1h", hours=False)
    with pytest.raises(DurationError):
        parse_flux("1h", hours=False)


@pytest.mark.parametrize(
    ("text", "seconds"), [("5", 5), ("-5", -5), ("5s", 5), ("3m", 180), ("0", 0), ("1h30m", 5400)]
)
def test_a_bare_integer_of_a_backoff_counts_seconds(text: str, seconds: int) -> None:
    assert parse_backoff(text) == seconds * SECOND


@pytest.mark.parametrize("text", ["", "1.5", "1d", " 5", "five"])
def test_other_backoffs_are_refused(text: str) -> None:
    with pytest.raises(DurationError):
        parse_backoff(text)


@pytest.mark.parametrize(
    ("nanoseconds", "expected"),
    [
        (2 * MINUTE, "2m"),
        (HOUR, "1h"),
        (90 * MINUTE, "1h30m"),
        (90 * SECOND, "1m30s"),
        (HOUR + SECOND, "1h0m1s"),
        (10 * SECOND, "10s"),
        (10 * MINUTE, "10m"),
        (10 * HOUR, "10h"),
        (10 * HOUR + 10 * MINUTE, "10h10m"),
        (0, "0s"),
        (1_500_000_000, "1.5s"),
        (-2 * MINUTE, "-2m"),
    ],
)
def test_format_short(nanoseconds: int, expected: str) -> None:
    assert format_short(nanoseconds) == expected
