"""What people write for durations, as durations that controllers read."""

from __future__ import annotations

import re

from argoflux.goports.duration import HOUR, MILLISECOND, MINUTE, SECOND, format_short

_UNITS = {
    **dict.fromkeys(("ms", "msec", "millisecond", "milliseconds"), MILLISECOND),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), SECOND),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), MINUTE),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), HOUR),
    **dict.fromkeys(("d", "day", "days"), 24 * HOUR),
    **dict.fromkeys(("w", "week", "weeks"), 7 * 24 * HOUR),
}
_TERM = re.compile(r"[ ,]*(?:and +)?(\d+)(?:\.(\d+))? *([A-Za-z]+)\.?")
_ISO = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?\Z")


def suggestion(text: str, *, hours: bool = True) -> str:
    """The duration that was meant: ``1d`` is ``24h``; empty where that is not clear.

    ``hours=False`` is for fields that know no hours. A number without a unit is not clear.
    """
    stripped = text.strip()
    total = _iso(stripped) if stripped.startswith("P") else _terms(stripped)
    if not total:
        return ""
    if hours or total < HOUR:
        return format_short(total)
    return "" if total % MINUTE else f"{total // MINUTE}m"


def _iso(text: str) -> int:
    match = _ISO.match(text)
    if match is None:
        return 0
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return (days * 24 + hours) * HOUR + minutes * MINUTE + seconds * SECOND


def _terms(text: str) -> int:
    total = at = 0
    while at < len(text):
        match = _TERM.match(text, at)
        unit = _UNITS.get(match[3].lower()) if match is not None else None
        if match is None or unit is None or (match[3].isupper() and match[3] == "M"):
            return 0  # `M` may be months
        fraction = match[2] or ""
        total += int(match[1]) * unit + int(fraction or 0) * unit // 10 ** len(fraction)
        at = match.end()
    return total
