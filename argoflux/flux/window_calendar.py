"""Sync windows as the minutes of a week, and those minutes as schedules again.

Argo CD lets an app sync when no window that denies is open, and, where there are windows that allow,
one of them is (argo-cd:pkg/apis/application/v1alpha1/types.go SyncWindows.CanSync). A schedule of
flux-operator only knows times that are open.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from argoflux.goports import cron, duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from argoflux.model.tenant import SyncWindow

MINUTE = 60 * duration.SECOND
_EVERY_DAY = tuple(range(7))


class Schedule(NamedTuple):
    """Times that are open: from each moment of ``cron`` on for ``window`` (a Go duration)."""

    cron: str
    window: str
    time_zone: str


def length(window: SyncWindow) -> int:
    """The duration of a window in minutes, rounded down; 0 when it cannot be read."""
    try:
        return duration.parse(window.duration) // MINUTE
    except duration.DurationError:
        return 0


def open_week(windows: Sequence[SyncWindow]) -> list[bool] | None:
    """For every minute of a week whether syncing is allowed; None where weeks differ.

    All windows must speak of one time zone.
    """
    if len({window.time_zone or "UTC" for window in windows}) > 1:
        return None
    allowed, denied = [0] * (cron.WEEK + 1), [0] * (cron.WEEK + 1)
    for window in windows:
        try:
            parsed = cron.parse(window.schedule)
        except cron.CronError:
            return None
        minutes = length(window)
        if not parsed.weekly or not minutes:
            return None
        changes = denied if window.kind == "deny" else allowed
        for start in cron.weekly_starts(parsed):
            _mark(changes, start, min(minutes, cron.WEEK))
    if all(window.kind == "deny" for window in windows):
        _mark(allowed, 0, cron.WEEK)
    pairs = zip(accumulate(allowed), accumulate(denied), strict=True)
    return [yes > 0 and no == 0 for yes, no in pairs][: cron.WEEK]


def _mark(changes: list[int], start: int, minutes: int) -> None:
    """Note a span in a list of changes per minute; what goes past the week begins it again."""
    end = start + minutes
    changes[start] += 1
    changes[min(end, cron.WEEK)] -= 1
    if end > cron.WEEK:
        changes[0] += 1
        changes[end - cron.WEEK] -= 1


def schedules(week: Sequence[bool], time_zone: str) -> list[Schedule]:
    """The open times of a week; spans of one length at one time of the day share a schedule."""
    spans: dict[tuple[int, int], list[int]] = {}
    for start in range(cron.WEEK):
        if not week[start] or week[start - 1]:
            continue
        minutes = next(n for n in range(1, cron.WEEK) if not week[(start + n) % cron.WEEK])
        spans.setdefault((start % cron.DAY, minutes), []).append(start // cron.DAY)
    return [
        Schedule(
            cron=f"{at % cron.HOUR} {at // cron.HOUR} * * {_days(days)}",
            window=duration.format_short(minutes * MINUTE),
            time_zone=time_zone,
        )
        for (at, minutes), days in sorted(spans.items())
    ]


def _days(days: list[int]) -> str:
    """Days of the week as cron writes them, neighbours as a range."""
    if tuple(days) == _EVERY_DAY:
        return "*"
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
