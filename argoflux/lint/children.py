"""Applications that other Applications apply, as far as their manifests are at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.lint.source_content import contents
from argoflux.model.content import Known

if TYPE_CHECKING:
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.model.content import ContentObject

_APPS = frozenset({"Application", "ApplicationSet"})


def families(ctx: Context) -> tuple[tuple[ApplicationView, tuple[ContentObject, ...]], ...]:
    """Every Application that applies Applications or ApplicationSets, with these."""
    known: tuple[tuple[ApplicationView, tuple[ContentObject, ...]], ...] | None
    known = ctx.memory.get("families")
    if known is None:
        each = ((app, _children(app, ctx)) for app in ctx.all_applications if not app.open)
        known = ctx.memory["families"] = tuple((app, found) for app, found in each if found)
    return known


def _children(app: ApplicationView, ctx: Context) -> tuple[ContentObject, ...]:
    return tuple(
        obj
        for content in contents(app, ctx)
        if isinstance(content, Known)
        for obj in content.objects
        if obj.ref.group == "argoproj.io" and obj.ref.kind in _APPS
    )
