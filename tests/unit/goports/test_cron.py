"""Cron expressions against what robfig/cron says of them."""

from __future__ import annotations

import pytest

from argoflux.goports.cron import DAY, HOUR, CronError, parse, weekly_starts


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("0 8 * * 1", [DAY + 8 * HOUR]),
        ("0 8 * * mon", [DAY + 8 * HOUR]),
        ("30 22 ? * SUN,6", [22 * HOUR + 30, 6 * DAY + 22 * HOUR + 30]),
        ("0 6-18/6 * * 0", [6 * HOUR, 12 * HOUR, 18 * HOUR]),
        ("0/20 23 * * 0", [23 * HOUR, 23 * HOUR + 20, 23 * HOUR + 40]),
        ("0 0 */1 * 2", [2 * DAY]),
        ("0 0 * jan-dec 2", [2 * DAY]),
    ],
)
def test_weekly(text: str, starts: list[int]) -> None:
    """Minutes are counted from Sunday 00:00."""
    cron = parse(text)
    assert cron.weekly
    assert weekly_starts(cron) == starts


@pytest.mark.parametrize("text", ["0 0 1 * *", "0 0 */2 * *", "0 0 * 1-11 *", "0 0 1-31 * 1"])
def test_not_weekly(text: str) -> None:
    """A day of the month, or a month, makes weeks differ."""
    assert not parse(text).weekly


@pytest.mark.parametrize(
    "text",
    ["", "* * * *", "* * * * * *", "60 * * * *", "* * * * 7", "5-1 * * * *", "*/0 * * * *",
     "a * * * *", "@daily", "* 24 * * *", "* * 0 * *", "* * * foo *"],
)  # fmt: skip
def test_malformed(text: str) -> None:
    with pytest.raises(CronError):
        parse(text)
