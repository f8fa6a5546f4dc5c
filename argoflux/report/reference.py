"""What the reference commands answer: pages about fields, messages and the version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argoflux.mapping.verdict import Message, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePage:
    """A message of the catalogue and the fields whose rows raise it (``Kind:path``)."""

    message: Message
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One verdict that a field can have, with the message that comes with it."""

    verdict: Verdict
    code: str = ""
    text: str = ""
    instead: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldPage:
    """All that is known about one field of one kind.

    ``default`` is what the controller assumes when the field is absent, as text; empty when there
    is none. ``since`` is the first release that has the field, where it came late.
    ``counterparts`` are the paths (``Kind:path``) of the other system with the same meaning.
    ``reason`` says why a field is not mapped. ``below`` lists the fields below a field that is no
    leaf.
    """

    kind: str
    path: str
    system: str
    says: str = ""
    type: str = ""
    default: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False
    since: str = ""
    until: str = ""
    counterparts: tuple[str, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    reason: str = ""
    below: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionPage:
    """argoflux, its Python, and the oldest and newest supported release of both systems."""

    argoflux: str
    python: str
    argocd: tuple[str, str]
    flux: tuple[str, str]
