"""Conditions and facts that notes of several topics share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argoflux.mapping.concept import Context, Test


def fact(name: str) -> Test:
    """A test: the emitter stated this fact, and it is not empty."""

    def test(_value: Any, ctx: Context) -> bool:
        return bool(ctx.fact(name))

    return test


def becomes_release(_value: Any, ctx: Context) -> bool:
    """Whether the app becomes a HelmRelease."""
    return ctx.kind == "HelmRelease"


def key_and_value(value: Any, ctx: Context) -> dict[str, Any]:
    """The leaf's own key, list positions aside, and its value, for texts that name both."""
    key = next(str(step) for step in reversed(ctx.path) if isinstance(step, str))
    return {"key": key, "value": value}
