"""Objects that are not whole as they are written: what a build adds before they are applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.lint.arrivals import arrivals, is_flux
from argoflux.schema import check
from argoflux.yamlio.tree import MISSING, dig

if TYPE_CHECKING:
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.schema_words import SchemaError

_ADDED_TO = frozenset({"required", "cel"})
"""What a patch mends by adding something."""


def is_completed(ctx: Context, resource: Resource, error: SchemaError) -> bool:
    """Whether what an object lacks is added wherever it is known to be applied.

    Patches of the input count as far as they are for this kind and name, and so does an object of
    the same name that has what this one lacks. What a test expects of a
    cluster, a status with a part of the object, lacks nothing.
    """
    if error.rule not in _ADDED_TO:
        return False
    if error.rule == "required" and resource.body.get("status"):
        return True
    return (
        _patched(ctx, resource, error)
        or _is_part(ctx, resource, error)
        or _arrives_whole(ctx, resource, error)
    )


def _patched(ctx: Context, resource: Resource, error: SchemaError) -> bool:
    path = (*error.path, error.suggestion) if error.rule == "required" else error.path
    ref = resource.ref
    return any(
        patch.root == resource.root
        and (patch.ref.group, patch.ref.kind) == (ref.group, ref.kind)
        and patch.ref.name in {ref.name, ""}
        and dig(patch.body, *path) is not MISSING
        for patch in ctx.workspace.patches
    )


def _is_part(ctx: Context, resource: Resource, error: SchemaError) -> bool:
    """Whether it is a patch that nothing lists: the object itself stands elsewhere in its root."""
    if error.rule != "required":
        return False
    path = (*error.path, error.suggestion)
    same = _namesakes(ctx, resource)
    return any(dig(one.body, *path) is not MISSING for one in same)


def _namesakes(ctx: Context, resource: Resource) -> list[Resource]:
    known: dict[tuple[str, object], list[Resource]] = ctx.memory.setdefault("namesakes", {})
    if not known:
        for one in ctx.workspace.resources:
            known.setdefault((one.root, one.ref), []).append(one)
    return known.get((resource.root, resource.ref), [])


def _arrives_whole(ctx: Context, resource: Resource, error: SchemaError) -> bool:
    if not is_flux(resource):
        return False
    there = [one for one in arrivals(ctx).of(resource) if one is not resource]
    wanted = (error.path, error.rule, error.message)
    return bool(there) and not any(
        wanted == (found.path, found.rule, found.message)
        for one in there
        for found in check(one.ref.kind, one.version, one.body)
    )
