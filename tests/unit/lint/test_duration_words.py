"""What is offered for durations that controllers do not read."""

from __future__ import annotations

import pytest

from argoflux.lint.duration_words import suggestion


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1d", "24h"),
        ("1 h 30 min", "1h30m"),
        ("5min", "5m"),
        ("2 weeks", "336h"),
        ("1.5h", "1h30m"),
        ("PT5M", "5m"),
        ("P1DT2H", "26h"),
        ("1 hour and 5 seconds", "1h0m5s"),
        ("5M", ""),  # months?
        ("P1M", ""),
        ("300", ""),  # no unit
        ("0s", ""),
        ("soon", ""),
        ("1h soon", ""),
        ("", ""),
    ],
)
def test_durations(text: str, meant: str) -> None:
    """The same span of time in Go's form; nothing where it is not clear."""
    assert suggestion(text) == meant


@pytest.mark.parametrize(("text", "meant"), [("1h", "60m"), ("90s", "1m30s"), ("1h30s", "")])
def test_durations_without_hours(text: str, meant: str) -> None:
    """The timeout of a source counts in minutes at most."""
    assert suggestion(text, hours=False) == meant
