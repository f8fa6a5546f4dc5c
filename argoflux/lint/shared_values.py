"""Values that several Applications share: what is wrong with one is told once."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from argoflux.lint.context import known_text

if TYPE_CHECKING:
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.text import Key

Users = dict[tuple[str, str], tuple["Resource", ...]]


def users(ctx: Context, *path: Key) -> Users:
    """Who states a text at a path of an Application: objects by root and text, in order."""
    known: dict[tuple[Key, ...], Users] = ctx.memory.setdefault("users of values", {})
    if path not in known:
        found: dict[tuple[str, str], dict[Resource, None]] = defaultdict(dict)
        for app in ctx.all_applications:
            value = known_text(app.get(*path))
            if value:
                found[app.resource.root, value][app.resource] = None
        known[path] = {key: tuple(each) for key, each in found.items()}
    return known[path]


def others_say(ctx: Context, app: ApplicationView, *path: Key) -> str | None:
    """How many others state the same text, in words; None where an earlier one speaks for all."""
    key = (app.resource.root, str(app.get(*path)))
    found = users(ctx, *path).get(key, (app.resource,))
    if found[0] is not app.resource:
        return None
    more = len(found) - 1
    return f" (and {more} more state it)" if more else ""
