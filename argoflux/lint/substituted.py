"""What Flux substitutes after a build: the uses of variables in objects, and which variables there are."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.finding import Place
from argoflux.flux.fields import table, tables, text
from argoflux.flux.substitution import exempt, read_variables
from argoflux.goports.envsubst import SubstitutionError, parse, uses
from argoflux.lint.arrivals import arrivals
from argoflux.lint.copies import copy_of, flux_repository, is_sample
from argoflux.lint.deliveries import flux_deliveries
from argoflux.yamlio.tree import Document, dig

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.flux.substitution import Variables
    from argoflux.goports.envsubst import Use
    from argoflux.lint.context import Context
    from argoflux.lint.copies import Repository
    from argoflux.lint.deliveries import Delivery
    from argoflux.model.content import ContentObject
    from argoflux.resource import Resource
    from argoflux.text import Path


class Token(NamedTuple):
    """A text with variables in an object: where it stands, and what is used in it.

    ``error`` says why Flux cannot read it.
    """

    path: Path
    value: str
    uses: tuple[Use, ...] = ()
    error: str = ""


class Given(NamedTuple):
    """The variables of a Kustomization; ``absent`` are sources of further ones that nobody can see."""

    variables: Variables
    absent: tuple[str, ...]


def tokens(ctx: Context, obj: ContentObject) -> tuple[Token, ...]:
    """Every text of an object that Flux would look at; none where the object is exempt."""
    known: dict[ContentObject, tuple[Token, ...]] = ctx.memory.setdefault("tokens", {})
    if obj not in known:
        known[obj] = () if exempt(obj.body) or not obj.certain else tuple(_tokens(obj.body, ()))
    return known[obj]


def _tokens(value: Any, path: Path) -> Iterator[Token]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _tokens(item, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _tokens(item, (*path, number))
    elif isinstance(value, str) and "${" in value:
        try:
            found = tuple(uses(parse(value)))
        except SubstitutionError as error:
            yield Token(path, value, error=str(error))
        else:
            if found:
                yield Token(path, value, found)


def given(ctx: Context, kustomization: Resource) -> Given:
    """The variables of a Kustomization as it arrives.

    An optional source that is not in the input may be in the cluster all the same.
    """
    there = arrivals(ctx)
    body, ref = kustomization.body, kustomization.ref
    release = str(ctx.release("flux", kustomization.written))
    variables = read_variables(body, kustomization.root, ref.namespace, there.objects, release)
    absent = [
        f"{kind}/{name}"
        for entry in tables(body, "spec", "postBuild", "substituteFrom")
        for kind, name in [(text(entry, "kind") or "", text(entry, "name") or "")]
        if there.objects.find(kustomization.root, kind, ref.namespace, name) is None
    ]
    return Given(variables, tuple(absent))


def builds(ctx: Context) -> tuple[Delivery, ...]:
    """What every Kustomization builds, as far as it is known to be built from the files at hand.

    Left out are those of templates, and pinned ones. A copy without a proof stands for the
    repository that most Kustomizations of the root name, not for a second one with a like path.
    """
    found: tuple[Delivery, ...] | None = ctx.memory.get("builds")
    if found is None:
        stated = [(each, _repository(ctx, each.owner)) for each in flux_deliveries(ctx)]
        counted = Counter(repository for _, repository in stated if repository is not None)
        most: dict[str, Repository] = {}
        for repository, _ in counted.most_common():
            most.setdefault(repository.root, repository)
        found = ctx.memory["builds"] = tuple(
            each
            for each, repository in stated
            if repository is not None
            and not is_sample(each.owner)
            and (is_proved(ctx, each.owner) or most[repository.root] == repository)
        )
    return found


def _repository(ctx: Context, kustomization: Resource) -> Repository | None:
    return flux_repository(ctx, kustomization, table(kustomization.body, "spec", "sourceRef"))


def is_proved(ctx: Context, kustomization: Resource) -> bool:
    """Whether the files at hand are known to be those of the Kustomization's source."""
    known: dict[Resource, bool] = ctx.memory.setdefault("proved builds", {})
    if kustomization not in known:
        repository = _repository(ctx, kustomization)
        copy = copy_of(ctx, repository) if repository is not None else None
        known[kustomization] = copy is not None and copy.proved
    return known[kustomization]


def place_in(obj: ContentObject, path: Path, value: Any) -> Place:
    """The place of a value of an object in its file; the object where an edit put the value in."""
    document = obj.place.document
    if isinstance(document, Document):
        full: Path = (*obj.place.path, *path)
        if dig(document.root, *full) == value:
            return Place(source=obj.place.source, document=document, path=full)
    return obj.place


def named(owners: list[Resource]) -> str:
    """The first of several Kustomizations, and how many there are besides."""
    first = f"Kustomization `{owners[0].ref.name}`"
    return f"{first} and {len(owners) - 1} more" if owners[1:] else first
