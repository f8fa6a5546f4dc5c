"""Facts that belong to single leaves: what was found out about the things that a leaf states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from argoflux.mapping.concept import Context, Facts, Test

Item = dict[str, Any]
"""What was decided about one thing: a subscription, an image."""


def items_at(ctx: Context, name: str) -> tuple[Item, ...]:
    """The items that the leaf states; the fact ``name`` holds them by path.

    The items of a list, and what is below a path, count for the nearest path that has items.
    """
    found: Mapping[Any, Iterable[Item]] = ctx.fact(name) or {}
    for end in range(len(ctx.path), 0, -1):
        items = found.get(tuple(ctx.path[:end]))
        if items is not None:
            return tuple(items)
    return ()


def some(name: str, test: Callable[[Item], bool]) -> Test:
    """A test: one of the leaf's items is such that ``test`` holds."""
    return lambda _value, ctx: any(map(test, items_at(ctx, name)))


def of_some(name: str, test: Callable[[Item], bool]) -> Facts:
    """The facts of the first item for which ``test`` holds, as texts need them."""

    def facts(_value: Any, ctx: Context) -> Item:
        return next((item for item in items_at(ctx, name) if test(item)), {})

    return facts
