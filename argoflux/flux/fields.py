"""Reading fields of documents that may have any shape; a value of the wrong type counts as absent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.yamlio.tree import MISSING, dig

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.text import Key


def text(body: Mapping[str, Any], *path: Key) -> str | None:
    """A string that is not empty; numbers and booleans as YAML writes them."""
    return _text(dig(body, *path))


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return None


def flag(body: Mapping[str, Any], *path: Key) -> bool | None:
    """A boolean."""
    value = dig(body, *path)
    return value if isinstance(value, bool) else None


def number(body: Mapping[str, Any], *path: Key) -> int | None:
    """An integer."""
    value = dig(body, *path)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def table(body: Mapping[str, Any], *path: Key) -> dict[str, Any]:
    """A mapping, empty when there is none."""
    value = dig(body, *path)
    return value if isinstance(value, dict) else {}


def items(body: Mapping[str, Any], *path: Key) -> list[Any]:
    """A list, empty when there is none."""
    value = dig(body, *path)
    return value if isinstance(value, list) else []


def tables(body: Mapping[str, Any], *path: Key) -> tuple[dict[str, Any], ...]:
    """The mappings of a list."""
    return tuple(item for item in items(body, *path) if isinstance(item, dict))


def texts(body: Mapping[str, Any], *path: Key) -> tuple[str, ...]:
    """The strings of a list."""
    found = (_text(item) for item in items(body, *path))
    return tuple(item for item in found if item is not None)


def pairs(body: Mapping[str, Any], *path: Key) -> dict[str, str]:
    """A map of strings; an empty value stays."""
    found: dict[str, str] = {}
    for key, value in table(body, *path).items():
        text_value = "" if value == "" else _text(value)
        if text_value is not None:
            found[key] = text_value
    return found


def is_stated(body: Mapping[str, Any], *path: Key) -> bool:
    """Whether the path has a value other than null."""
    value = dig(body, *path)
    return value is not MISSING and value is not None
