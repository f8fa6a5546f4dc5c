"""Values of a manifest in the type that the reader expects, whatever the author wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def text(value: Any) -> str:
    """A scalar as text; empty for null and collections."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    return ""


def block(node: Any, key: str) -> dict[str, Any]:
    """The mapping under a key; empty when it is absent or something else."""
    found = node.get(key) if isinstance(node, dict) else None
    return found if isinstance(found, dict) else {}


def items(node: Any, key: str) -> list[Any]:
    """The list under a key; empty when it is absent or something else."""
    found = node.get(key) if isinstance(node, dict) else None
    return found if isinstance(found, list) else []


def blocks(node: Any, key: str) -> list[dict[str, Any]]:
    """The mappings of the list under a key."""
    return [item for item in items(node, key) if isinstance(item, dict)]


def texts(node: Any, key: str) -> dict[str, str]:
    """The mapping under a key with scalar values as text."""
    return {
        name: text(value)
        for name, value in block(node, key).items()
        if not isinstance(value, dict | list)
    }


def switch(node: Mapping[str, Any], key: str) -> bool | None:
    """A boolean; None when it is absent or something else."""
    found = node.get(key)
    return found if isinstance(found, bool) else None


def whole(node: Mapping[str, Any], key: str) -> int | None:
    """An integer; None when it is absent or something else."""
    found = node.get(key)
    return found if isinstance(found, int) and not isinstance(found, bool) else None
