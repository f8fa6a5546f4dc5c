"""Cron expressions as Argo CD and flux-operator read them, as far as weeks repeat.

Facts: robfig/cron:parser.go and spec.go (five fields: minute, hour, day of month, month, day of week;
names of months and days; ``?`` is ``*``; a step after a single number runs to the end of the range);
argo-cd:pkg/apis/application/v1alpha1/types.go (SyncWindow.Validate: no descriptors).
"""

from __future__ import annotations

from typing import NamedTuple

HOUR = 60
DAY = 24 * HOUR
WEEK = 7 * DAY
"""Minutes."""

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
_FIELDS = 5
_ANY = frozenset("*?")


class CronError(ValueError):
    """The expression is malformed."""


class Cron(NamedTuple):
    """The values of each field; ``weekly`` says that every week is like the other."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    weekdays: tuple[int, ...]
    weekly: bool


def parse(text: str) -> Cron:
    """Read a five-field expression; raises CronError."""
    fields = text.split()
    if len(fields) != _FIELDS:
        raise CronError(f"{text!r} has {len(fields)} fields, not five")
    minute, hour, day, month, weekday = fields
    days = _field(day, 1, 31, [])
    months = _field(month, 1, 12, _MONTHS, first=1)
    return Cron(
        minutes=_field(minute, 0, 59, []),
        hours=_field(hour, 0, 23, []),
        weekdays=_field(weekday, 0, 6, _DAYS),
        weekly=len(days) == 31 and len(months) == 12 and _is_any(day),  # noqa: PLR2004  # all days, all months
    )


def _is_any(text: str) -> bool:
    """Whether a day field does not restrict (it is not combined with the other one then)."""
    return any(part.partition("/")[0] in _ANY for part in text.split(","))


def _field(text: str, low: int, high: int, names: list[str], first: int = 0) -> tuple[int, ...]:
    found: set[int] = set()
    for part in text.split(","):
        span, slash, step_text = part.partition("/")
        start_text, dash, end_text = span.partition("-")
        if start_text in _ANY and not dash:
            start, end = low, high
        else:
            start = _number(start_text, names, first)
            end = _number(end_text, names, first) if dash else (high if slash else start)
        step = _number(step_text, [], 0) if slash else 1
        if step < 1 or not low <= start <= end <= high:
            raise CronError(f"{part!r} is not between {low} and {high}")
        found.update(range(start, end + 1, step))
    return tuple(sorted(found))


def _number(text: str, names: list[str], first: int) -> int:
    if text.lower() in names:
        return names.index(text.lower()) + first
    if not (text.isascii() and text.isdigit()):
        raise CronError(f"{text!r} is no number")
    return int(text)


def weekly_starts(cron: Cron) -> list[int]:
    """The minutes of a week, counted from Sunday 00:00, at which a weekly expression fires."""
    return [
        day * DAY + hour * HOUR + minute
        for day in cron.weekdays
        for hour in cron.hours
        for minute in cron.minutes
    ]
