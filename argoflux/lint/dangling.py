"""References that lead nowhere: found among the objects as written, proved on those that arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from argoflux.flux.fields import text
from argoflux.lint.arrivals import arrivals, is_flux, is_kustomization
from argoflux.lint.definitions import SYNCED, Definitions
from argoflux.lint.neighbours import is_cluster
from argoflux.lint.references import references
from argoflux.lint.wholeness import is_in_git, is_whole
from argoflux.model.content import Known
from argoflux.yamlio.edit import insert, set_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.finding import Fix, Place
    from argoflux.lint.context import Context
    from argoflux.lint.references import Field, Reference
    from argoflux.resource import Resource


class Dangling(NamedTuple):
    """A reference that no object answers; ``proved`` unless some objects cannot be seen."""

    reference: Reference
    definitions: Definitions
    proved: bool

    @property
    def place(self) -> Place:
        """The name in the reference, or the reference where it was put in by a patch."""
        return self.reference.resource.place(*self.reference.path, "name")


def dangling(
    resource: Resource, ctx: Context, fields: Mapping[str, tuple[Field, ...]]
) -> Iterator[Dangling]:
    """The references of an object that lead nowhere, at every place where the object arrives.

    What is not proved is told of one referrer per missing object. Nothing is missing from a part of
    a repository.
    """
    if not is_whole(ctx, resource.root):
        return
    written = _written(ctx)
    if all(
        written.find(each, strict=True) or written.may_exist(each)
        for each in references(resource, fields)
    ):
        return
    arrived = _arrived(ctx)
    told: set[tuple[str, str]] = ctx.memory.setdefault("dangling told", set())
    for one in arrivals(ctx).of(resource):
        for each in references(one, fields):
            if arrived.find(each) or arrived.may_exist(each) or _is_own_source(ctx, each):
                continue
            proved = arrived.kept_here(each) and _is_all_seen(ctx, one)
            if proved:
                yield Dangling(each, arrived, proved)
            elif (one.root, each.target) not in told:
                told.add((one.root, each.target))
                yield Dangling(each, arrived, proved)


def _is_all_seen(ctx: Context, resource: Resource) -> bool:
    """Whether everything is known that is applied beside an object.

    A folder that was given without an entry point may be a part of something larger.
    """
    there, root = arrivals(ctx), resource.root
    entered = (
        is_cluster(ctx, root)
        or is_in_git(ctx, root)
        or there.is_applied(resource)
        or (is_kustomization(resource) and isinstance(there.content(resource), Known))
    )
    return entered and not there.unseen(root)


def _is_own_source(ctx: Context, reference: Reference) -> bool:
    """Whether the object stands for the repository at hand, which nobody defines in itself.

    Whatever set Flux up made the source, and a Kustomization of the same name.
    """
    known: set[tuple[str, str, str]] | None = ctx.memory.get("own sources")
    if known is None:
        known = set()
        there = arrivals(ctx)
        for kustomization in filter(is_kustomization, there.resources):
            path = text(kustomization.body, "spec", "path") or ""
            for each in references(kustomization):
                missing = not _arrived(ctx).find(each) and not _arrived(ctx).elsewhere(each)
                if path.strip("./") and missing and isinstance(there.content(kustomization), Known):
                    known.add((kustomization.root, each.namespace, each.name))
        ctx.memory["own sources"] = known
    synced = reference.kind in SYNCED
    return synced and (reference.resource.root, reference.namespace, reference.name) in known


def other_namespace(ctx: Context, found: Dangling) -> tuple[str, Fix | None]:
    """Advice and fix where one object of the kind and name is in another namespace."""
    reference = found.reference
    spaces = sorted({each.namespace for each in found.definitions.elsewhere(reference)})
    if len(spaces) != 1 or not reference.namespace:
        return "", None
    space = spaces[0]
    if reference.local:
        return f"; it is in namespace `{space}`, and this reference cannot leave its own", None
    forbidden = arrivals(ctx).lockdown.flags
    fix = None if forbidden else _with_namespace(ctx, reference, space)
    return f"; it is in namespace `{space}`: state `namespace: {space}`", fix


def _with_namespace(ctx: Context, reference: Reference, space: str) -> Fix | None:
    document = reference.resource.written.document
    path = reference.resource.place(*reference.path, "namespace").path
    title = f"Take it from namespace `{space}`"
    if reference.stated:
        return ctx.unsafe(title, set_value(document, path, space))
    return ctx.unsafe(title, insert(document, path, space, after="name"))


def _written(ctx: Context) -> Definitions:
    known: Definitions | None = ctx.memory.get("written definitions")
    if known is None:
        known = Definitions(ctx, (r for r in ctx.resources if is_flux(r)))
        ctx.memory["written definitions"] = known
    return known


def _arrived(ctx: Context) -> Definitions:
    known: Definitions | None = ctx.memory.get("arrived definitions")
    if known is None:
        known = Definitions(ctx, arrivals(ctx).resources)
        ctx.memory["arrived definitions"] = known
    return known
