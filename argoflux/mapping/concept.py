"""Concept rows: the only place where an Argo CD path and a Flux path meet.

A row names one attribute of the model (its ``slot``), the paths on both sides that carry it, and
what each direction does with it. Loader, emitter, ledger, reference commands, documentation pages
and the coverage contract all come from the rows.

Paths are patterns: ``spec.images[].newTag``. A row applies to the leaf it names; with
``subtree=True`` to everything below its path as well (free maps, embedded documents).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from argoflux.mapping.verdict import Message, Verdict

if TYPE_CHECKING:
    from argoflux.model.app import App
    from argoflux.text import Path

System = Literal["argocd", "flux"]

UNSET: Any = object()
"""The path has no default of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a note may look at when it judges one leaf.

    ``kind`` is the kind that the leaf's object becomes (``Kustomization``, ``HelmRelease``,
    ``Application``), ``facts`` the decisions taken for this app together with the values that
    message texts need, ``body`` the whole input object, ``path`` the leaf.
    """

    to: System
    kind: str
    argocd: str
    flux: str
    body: Mapping[str, Any]
    path: Path
    app: App | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    def fact(self, name: str) -> Any:
        """One decision or value, None when nobody stated it."""
        return self.facts.get(name)


Test = Callable[[Any, Context], bool]
Facts = Callable[[Any, Context], Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A verdict with its message, for the leaves for which ``when`` holds."""

    verdict: Verdict
    message: Message | None = None
    when: Test | None = None
    facts: Facts | None = None


def exact(*, when: Test | None = None) -> Note:
    """The same observable result: no message."""
    return Note(verdict=Verdict.EXACT, when=when)


def equivalent(*, when: Test | None = None) -> Note:
    """Another mechanism with the same result that needs no sentence of its own."""
    return Note(verdict=Verdict.EQUIVALENT, when=when)


def says(message: Message, *, when: Test | None = None, facts: Facts | None = None) -> Note:
    """The verdict and sentence of a catalogue message."""
    return Note(verdict=message.verdict, message=message, when=when, facts=facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class On:
    """A path of one kind that carries the concept.

    ``default`` is what the controller assumes when the path is absent. ``plain`` paths hold the
    slot's value as it is: the loader copies it in and the emitter copies it out; the others are
    read and written by the code of their system.
    """

    kind: str
    path: str
    default: Any = UNSET
    plain: bool = False
    subtree: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """One meaning, its paths in both systems, and its verdict per direction.

    The first note whose ``when`` holds counts; the last one is unconditional. A side without a
    path has no notes: there is nothing to convert from.
    """

    slot: str
    says: str
    argo: tuple[On, ...] = ()
    flux: tuple[On, ...] = ()
    to_flux: tuple[Note, ...] = ()
    to_argo: tuple[Note, ...] = ()

    def notes(self, to: System) -> tuple[Note, ...]:
        """The notes of one direction."""
        return self.to_flux if to == "flux" else self.to_argo


@dataclass(frozen=True, slots=True, kw_only=True)
class Opaque:
    """A path, with all below it, that no row maps, and why.

    A reason that starts with ``todo:`` is work of a later release: such a leaf counts as manual in
    a conversion. Every other reason means that the field has no effect on what is deployed.
    """

    kind: str
    path: str
    reason: str

    @property
    def todo(self) -> bool:
        """Whether a later release maps this path."""
        return self.reason.startswith("todo:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """The rows of ``table`` also apply below ``path`` of ``kind``."""

    kind: str
    path: str
    table: str


Row = Concept | Opaque | Mount


def on(kind: str, path: str, default: Any = UNSET, *, subtree: bool = False) -> On:
    """A path that the code of its system reads and writes."""
    return On(kind=kind, path=path, default=default, subtree=subtree)


def plain(kind: str, path: str, default: Any = UNSET, *, subtree: bool = False) -> On:
    """A path that is copied to and from the slot as it stands."""
    return On(kind=kind, path=path, default=default, plain=True, subtree=subtree)
