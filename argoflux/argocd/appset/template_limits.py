"""Bounds on what one function of a template may make, which the engine's own budget does not see."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from argoflux.argocd.appset.problems import TemplateError

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_TEXT = 1_000_000
LONGEST_LIST = 100_000
_WIDEST = 1_000
_WIDTH = re.compile(r"%[-+# 0]*(?:\*|(\d+))?(?:\.(?:\*|(\d+)))?")


def _large(size: Any, limit: int) -> bool:
    return isinstance(size, int | float) and abs(size) > limit


def _check_repeat(count: Any, text: Any = "", *_more: Any) -> bool:
    return _large(count, LONGEST_TEXT // max(1, len(str(text))))


def _check_range(*ends: Any) -> bool:
    return any(_large(end, LONGEST_LIST) for end in ends)


def _check_width(width: Any = 0, *_more: Any) -> bool:
    return _large(width, _WIDEST)


def _check_format(form: Any = "", *values: Any) -> bool:
    if not isinstance(form, str):
        return False
    widths = [int(width) for match in _WIDTH.findall(form) for width in match if width]
    return max(widths, default=0) > _WIDEST or ("*" in form and _check_range(*values))


_CHECKS: dict[str, Callable[..., bool]] = {
    "repeat": _check_repeat,
    "until": _check_range,
    "untilStep": _check_range,
    "seq": _check_range,
    "indent": _check_width,
    "nindent": _check_width,
    "printf": _check_format,
}


def bounded(functions: dict[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """The functions, with those that can make anything of any size refusing large sizes."""
    out = dict(functions)
    for name, check in _CHECKS.items():
        if name in functions:
            out[name] = _guarded(name, functions[name], check)
    return out


def _guarded(
    name: str, function: Callable[..., Any], check: Callable[..., bool]
) -> Callable[..., Any]:
    def call(*values: Any) -> Any:
        try:
            too_large = check(*values)
        except TypeError:  # too few values: the function says so itself
            too_large = False
        if too_large:
            raise TemplateError(f"`{name}` would make more than argoflux allows")
        return function(*values)

    return call
