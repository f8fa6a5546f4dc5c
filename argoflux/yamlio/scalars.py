"""What the two YAML readers of this world make of a plain (unquoted, untagged) scalar.

``sigs`` is sigs.k8s.io/yaml: kubectl, directory sources of Argo CD, Helm values
(kubernetes-sigs/yaml:yaml.go, goyaml.v2/resolve.go). ``kustomize`` is the reader of every Flux
Kustomization and of kustomize sources (go-yaml/yaml:resolve.go of v3).
"""

from __future__ import annotations

import base64
import math
import re
import struct
from datetime import UTC, datetime
from typing import Any, Final, Literal

Flavour = Literal["sigs", "kustomize"]

_TRUE = ("true", "True", "TRUE")
_FALSE = ("false", "False", "FALSE")
_YES = ("y", "Y", "yes", "Yes", "YES", "on", "On", "ON")
_NO = ("n", "N", "no", "No", "NO", "off", "Off", "OFF")

_INFINITE = {
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}

_SHARED: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(_TRUE, True),
    **dict.fromkeys(_FALSE, False),
    **_INFINITE,
}

WORDS: Final[dict[Flavour, dict[str, Any]]] = {
    "sigs": {**_SHARED, **dict.fromkeys(_YES, True), **dict.fromkeys(_NO, False)},
    "kustomize": _SHARED,
}
"""Plain texts with a meaning of their own."""

NUMERIC_START: Final = frozenset("0123456789+-.")
"""The characters that a number or a date can begin with."""

UNUSUAL: Final = frozenset((*WORDS["sigs"], "<<"))
"""Texts that are more than text for one of the readers, apart from numbers and dates."""

DISPUTED: Final = frozenset((*_YES, *_NO))
"""Texts that only one of the readers takes for booleans."""

_SURELY_INT64 = 19
"""Decimal numbers with fewer digits fit."""

_INT64 = range(-(1 << 63), 1 << 63)
_UINT64_END = 1 << 64

_PREFIXED = re.compile(r"([-+]?)0(?:[xX]([0-9a-fA-F]+)|[oO]?([0-7]+)|[bB]([01]+))\Z")
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_TIMESTAMP = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)"
    r"(?:(?:([Tt ])(\d\d?):(\d\d?):(\d\d?)(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)?))?\Z"
)


class UnsupportedNumber(ValueError):  # noqa: N818  (names what the text is)
    """An infinity or not-a-number: JSON has no such value, so every reader refuses it."""


def resolve(text: str, flavour: Flavour = "sigs") -> Any:
    """The value of a plain scalar: None, bool, int, float or str.

    Integral floats are ints, as they are after the trip through JSON; ints beyond int64 are floats
    for ``sigs`` (beyond uint64 for ``kustomize``). Raises UnsupportedNumber for ``.inf`` and
    ``.nan``.
    """
    words = WORDS[flavour]
    if text in words:
        value = words[text]
        if value.__class__ is float:
            raise UnsupportedNumber(text)
        return value
    if text[0] not in NUMERIC_START:
        return text
    if text.isdigit() and text.isascii() and text[0] != "0" and len(text) < _SURELY_INT64:
        return int(text)
    value = _number(text)
    if value is None:
        return _date(text) if flavour == "kustomize" and text[4:5] == "-" else text
    if isinstance(value, float):
        return int(value) if value.is_integer() and int(value) in _INT64 else value
    return value if value in _INT64 else _beyond(value, text, flavour)


def _beyond(value: int, text: str, flavour: Flavour) -> float | int | str:
    """An integer that int64 cannot hold; only ``sigs`` reads prefixed ones beyond uint64."""
    if flavour == "kustomize":
        return value if 0 <= value < _UINT64_END else text
    try:
        return float(value)
    except OverflowError:
        return text


def _number(text: str) -> int | float | None:
    """The number a plain scalar stands for, None when it is text."""
    if text[0] == ".":
        return _decimal_float(text) if text[1:2].isdigit() else None
    digits = text.replace("_", "")
    if _DECIMAL.match(digits) and len(digits) <= 20:  # noqa: PLR2004  (sign and 19 digits of int64)
        value = int(digits)
        return value if _fits(value, digits) else float(value)
    if match := _PREFIXED.match(digits):
        sign, hexadecimal, octal, binary = match.groups()
        base = 16 if hexadecimal else 8 if octal else 2
        value = int(sign + (hexadecimal or octal or binary), base)
        if _fits(value, digits) or not octal:
            return value
    return _decimal_float(digits)


def _fits(value: int, digits: str) -> bool:
    """Go reads int64 with a sign, uint64 without one."""
    return value in _INT64 or (0 <= value < _UINT64_END and digits[0] != "+")


def _decimal_float(digits: str) -> float | None:
    if not _FLOAT.match(digits):
        return None
    value = float(digits)
    return None if math.isinf(value) else value


def _date(text: str) -> str:
    """A date as kustomize writes it back (RFC 3339); the text itself when it is no date.

    go-yaml/yaml:resolve.go parseTimestamp accepts a ``T`` only with a zone, a space only without.
    """
    match = _TIMESTAMP.match(text)
    if match is None:
        return text
    year, month, day, mark, hour, minute, second, fraction, zone = match.groups()
    if mark is not None and (zone is None) != (mark == " "):
        return text
    try:
        datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0),
            tzinfo=UTC,
        )  # fmt: skip
    except ValueError:
        return text
    clock = f"{int(hour or 0):02}:{int(minute or 0):02}:{int(second or 0):02}"
    fraction = (fraction or "")[:9].rstrip("0")
    if zone in {None, "+00:00", "-00:00"}:
        zone = "Z"
    return f"{year}-{int(month):02}-{int(day):02}T{clock}{'.' + fraction if fraction else ''}{zone}"


def key_text(text: str, flavour: Flavour = "sigs") -> str | None:
    """The mapping key that a plain scalar stands for; None when the reader refuses it.

    ``sigs`` prints booleans and numbers, and refuses null and integers beyond int64
    (kubernetes-sigs/yaml:yaml.go convertToJSONableObject); ``kustomize`` refuses all but text.
    """
    words = WORDS[flavour]
    if text in words:
        value = words[text]
    elif text[:1] in NUMERIC_START and (number := _number(text)) is not None:
        value = number
    else:
        return text
    if flavour == "kustomize" or value is None:
        return None
    if value.__class__ is bool:
        return "true" if value else "false"
    if value.__class__ is float:
        return go_float32(value)
    return str(value) if value in _INT64 else None


def go_float32(value: float) -> str:
    """A float as Go's ``strconv.FormatFloat(value, 'g', -1, 32)`` prints it."""
    try:
        single = struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return ".inf" if value > 0 else "-.inf"
    if math.isinf(single) or math.isnan(single):
        return ".nan" if math.isnan(single) else ".inf" if single > 0 else "-.inf"
    shown, digits = "", 0
    for digits in range(9):
        shown = f"{single:.{digits}e}"
        if struct.unpack("f", struct.pack("f", float(shown)))[0] == single:
            break
    mantissa, exponent = shown.split("e")
    if -4 <= int(exponent) < 6:  # noqa: PLR2004  (Go's threshold for the shortest form)
        return f"{float(shown):.{max(digits - int(exponent), 0)}f}"
    return f"{mantissa}e{exponent}"


def read_differently(text: str) -> bool:
    """Whether the two readers see different values in a plain scalar: ``yes``, dates."""
    if text in DISPUTED:
        return True
    return text[4:5] == "-" and text[0] in NUMERIC_START and resolve(text, "kustomize") != text


def decoded(text: str) -> str:
    """The text in a ``!!binary`` scalar; what is not base64 stays as it is."""
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8", "replace")
    except ValueError:
        return text
