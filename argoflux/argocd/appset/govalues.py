"""Parameter values as Argo CD holds them, and the text that Go makes of them.

Every number is a float64, because parameters are read as JSON (argo-cd:applicationset/generators
list.go and git.go): 1234567 prints as ``1.234567e+06``.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

_PLAIN_EXPONENTS = range(-4, 6)  # Go's src/strconv/ftoa.go, the shortest form of verb g


class Texts(dict[str, str]):
    """A map that holds texts only: Go prints nothing for its absent keys (``map[string]string``)."""


def read_numbers(value: Any) -> Any:
    """A copy of plain values in which every number is a float, as JSON is read in Go."""
    if isinstance(value, Texts):
        return Texts(value)
    if isinstance(value, dict):
        return {str(key): read_numbers(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [read_numbers(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def go_text(value: Any) -> str:
    """What ``fmt.Sprintf("%v", value)`` prints."""
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return go_float(float(value))
    if isinstance(value, dict):
        pairs = (f"{key}:{go_text(item)}" for key, item in sorted(value.items()))
        return f"map[{' '.join(pairs)}]"
    if isinstance(value, list | tuple):
        return f"[{' '.join(map(go_text, value))}]"
    return str(value)


def go_float(value: float) -> str:
    """A float64 in its shortest form, with an exponent where Go writes one (strconv ``g``)."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else f"{value:+}".title()
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    text = "".join(map(str, digits)).rstrip("0") or "0"
    point = len(digits) + int(exponent) - 1 if any(digits) else 0
    minus = "-" if sign else ""
    if point not in _PLAIN_EXPONENTS:
        mantissa = text[0] + (f".{text[1:]}" if len(text) > 1 else "")
        return f"{minus}{mantissa}e{'-' if point < 0 else '+'}{abs(point):02d}"
    if point < 0:
        return f"{minus}0.{'0' * (-point - 1)}{text}"
    if len(text) <= point + 1:
        return f"{minus}{text}{'0' * (point + 1 - len(text))}"
    return f"{minus}{text[: point + 1]}.{text[point + 1 :]}"
