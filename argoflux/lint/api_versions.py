"""API versions of Flux: which of them a release serves, and the fix that moves an object on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux import kinds
from argoflux.lint.gone_fields import gone_fields, moving
from argoflux.lint.steps import changed, in_steps
from argoflux.schema import check
from argoflux.versions import served_version
from argoflux.yamlio.edit import set_value
from argoflux.yamlio.tree import dig

if TYPE_CHECKING:
    from argoflux.finding import Fix
    from argoflux.kinds import Kind, Version
    from argoflux.lint.context import Context
    from argoflux.lint.gone_fields import Gone
    from argoflux.resource import Resource
    from argoflux.versions import Release
    from argoflux.yamlio.edit import Edits


def flux_version(resource: Resource) -> tuple[Kind, Version] | None:
    """The kind and version of an object of Flux; None for others and for unknown versions."""
    kind = kinds.find(resource.ref.group, resource.ref.kind)
    if kind is None or kind.engine != "flux":
        return None
    version = kind.version(resource.version)
    return (kind, version) if version is not None else None


def with_patches(ctx: Context) -> tuple[Resource, ...]:
    """All objects, and the patches for objects of ours: kustomize matches them by their version."""
    return (*ctx.resources, *ctx.workspace.patches)


def upgrade(ctx: Context, resource: Resource, release: Release) -> Fix | None:
    """The fix that moves an object, or a patch for one, to the newest version that a release serves.

    Fields that are gone in that version are moved with it. None where the object would not be valid
    afterwards, or where the older version is not known well enough.
    """
    kind = kinds.find(resource.ref.group, resource.ref.kind)
    target = served_version(resource.ref.kind, release)
    known = kind.version(resource.version) if kind is not None else None
    if kind is None or target is None or known is None or known.file is None:
        return None
    if kinds.version_rank(target) <= kinds.version_rank(resource.version):
        return None
    written = ctx.as_written(resource)
    gone = fields_to_move(written, target)
    edits = _edits(written, f"{kind.group}/{target}", gone)
    if not edits or _new_errors(ctx, resource, edits, target):
        return None
    title = f"write it as {kind.group}/{target}"
    if gone:
        title += ", with its fields where that has them"
    if all(each.move.safe for each in gone):
        return ctx.safe(title, edits)
    return ctx.unsafe(title, edits)


def fields_to_move(resource: Resource, version: str) -> list[Gone]:
    """The fields of an object that another version of its kind has not."""
    known = kinds.by_name(resource.ref.kind)
    if known is None or version != known.newest.version:
        return []
    return list(gone_fields(resource))


def _edits(resource: Resource, api_version: str, gone: list[Gone]) -> Edits:
    path = resource.place("apiVersion").path
    return in_steps(
        resource.document,
        [
            *moving(resource, gone),
            lambda document: set_value(document, path, api_version),
        ],
    )


def _new_errors(ctx: Context, resource: Resource, edits: Edits, version: str) -> bool:
    """Whether the object breaks its new schema where it fitted the old one."""
    document = resource.document
    after = changed(document, edits)
    body = dig(after.root, *document.prefix) if after is not None else None
    if not isinstance(body, dict):
        return True
    partial, kind = resource in ctx.workspace.patches, resource.ref.kind
    old = check(kind, resource.version, resource.body, partial=partial)
    known = {(error.path, error.rule) for error in old}
    found = check(kind, version, body, partial=partial)
    return any((error.path, error.rule) not in known for error in found)
