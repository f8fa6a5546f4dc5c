"""Go durations as Argo CD and Flux read and print them; one unit here: whole nanoseconds.

Facts: go:src/time/format.go (ParseDuration) and time.go (String), apimachinery:pkg/apis/meta/v1/duration.go,
the ``interval`` patterns of Flux' CRDs, argo-cd:pkg/apis/application/v1alpha1/types.go (retry backoff).
"""

from __future__ import annotations

import re

NANOSECOND = 1
MICROSECOND = 1_000
MILLISECOND = 1_000_000
SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE

_UNITS = {
    "ns": NANOSECOND,
    "us": MICROSECOND,
    "\u00b5s": MICROSECOND,
    "\u03bcs": MICROSECOND,
    "ms": MILLISECOND,
    "s": SECOND,
    "m": MINUTE,
    "h": HOUR,
}
_LIMIT = 2**63
_TERM = re.compile(r"([0-9]*)(?:\.([0-9]*))?([^0-9.]*)")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_FLUX = re.compile(r"([0-9]+(\.[0-9]+)?(ms|s|m|h))+")
_FLUX_NO_HOURS = re.compile(r"([0-9]+(\.[0-9]+)?(ms|s|m))+")


class DurationError(ValueError):
    """The text is not a duration."""


def parse(text: str) -> int:
    """Read a Go duration (``1h30m``, ``-1.5s``, ``.5m``, ``0``) as nanoseconds; raises DurationError."""
    negative = text.startswith("-")
    body = text[1:] if text.startswith(("-", "+")) else text
    if body == "0":
        return 0
    if not body:
        raise DurationError(f"{text!r} is not a duration")
    total = 0
    at = 0
    while at < len(body):
        match = _TERM.match(body, at)
        if match is None or not (match[1] or match[2]):
            raise DurationError(f"{text!r} is not a duration")
        total += _read_term(text, match)
        if total > _LIMIT:
            raise DurationError(f"{text!r} is too long for a duration")
        at = match.end()
    if total == _LIMIT and not negative:
        raise DurationError(f"{text!r} is too long for a duration")
    return -total if negative else total


def _read_term(text: str, match: re.Match[str]) -> int:
    if not match[3]:
        raise DurationError(f"{text!r} has a number without a unit")
    unit = _UNITS.get(match[3])
    if unit is None:
        raise DurationError(f"{text!r} has the unknown unit {match[3]!r}")
    whole = int(match[1] or "0")
    if whole > _LIMIT // unit:
        raise DurationError(f"{text!r} is too long for a duration")
    return whole * unit + _read_fraction(match[2] or "", unit)


def _read_fraction(digits: str, unit: int) -> int:
    """Multiply in floating point as Go does, which drops what is left below a nanosecond."""
    value, scale = 0, 1.0
    for digit in digits:
        longer = value * 10 + int(digit)
        if value > (_LIMIT - 1) // 10 or longer > _LIMIT:
            break
        value, scale = longer, scale * 10
    return int(float(value) * (float(unit) / scale))


def is_flux(text: str, *, hours: bool = True) -> bool:
    """Tell whether the text fits the pattern of Flux' duration fields: no sign, no ``us``, no bare 0.

    ``hours=False``: the stricter pattern of the ``timeout`` of sources and Providers.
    """
    pattern = _FLUX if hours else _FLUX_NO_HOURS
    return pattern.fullmatch(text) is not None


def parse_flux(text: str, *, hours: bool = True) -> int:
    """Read a Flux duration field as nanoseconds; raises DurationError."""
    if not is_flux(text, hours=hours):
        raise DurationError(f"{text!r} does not fit the pattern of Flux durations")
    return parse(text)


def parse_backoff(text: str) -> int:
    """Read a duration of an Argo CD retry backoff as nanoseconds; a bare integer counts seconds."""
    if _INTEGER.fullmatch(text):
        return int(text) * SECOND
    return parse(text)


def format_go(nanoseconds: int) -> str:
    """Print as Go and metav1.Duration do: ``1h0m0s``, ``1m30s``, ``1.5s``, ``250ms``, ``0s``."""
    sign = "-" if nanoseconds < 0 else ""
    size = abs(nanoseconds)
    if size < SECOND:
        return sign + _format_small(size)
    minutes, rest = divmod(size, MINUTE)
    shown = _decimal(rest, SECOND) + "s"
    if minutes:
        hours, minutes = divmod(minutes, 60)
        shown = f"{hours}h{minutes}m{shown}" if hours else f"{minutes}m{shown}"
    return sign + shown


def _format_small(size: int) -> str:
    if size == 0:
        return "0s"
    if size < MICROSECOND:
        return f"{size}ns"
    if size < MILLISECOND:
        return _decimal(size, MICROSECOND) + "\u00b5s"
    return _decimal(size, MILLISECOND) + "ms"


def _decimal(size: int, unit: int) -> str:
    whole, rest = divmod(size, unit)
    digits = str(rest).zfill(len(str(unit)) - 1).rstrip("0")
    return f"{whole}.{digits}" if digits else str(whole)


def format_short(nanoseconds: int) -> str:
    """Print as people write: like ``format_go`` without trailing zero parts: ``1h``, ``2m``, ``1h30m``."""
    shown = format_go(nanoseconds)
    if shown.endswith("m0s"):
        shown = shown.removesuffix("0s")
    if shown.endswith("h0m"):
        shown = shown.removesuffix("0m")
    return shown
