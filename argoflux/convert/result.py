"""The result of a conversion: the ledger, the messages, and the new documents.

This is all that the renderers of ``convert`` see.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from argoflux.mapping.verdict import LOSS_ORDER, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from argoflux.finding import Finding, Place
    from argoflux.resource import Resource
    from argoflux.text import Path

Outcome = Literal["converted", "kept", "skipped"]
Origin = Literal["", "default", "required", "derived"]


class Target(NamedTuple):
    """A leaf of a new document: ``Kind/namespace/name`` and the path in it."""

    resource: str
    path: str

    def __str__(self) -> str:
        """``Kind/namespace/name:path``."""
        return f"{self.resource}:{self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The fate of one leaf.

    For an input leaf ``origin`` is empty, ``resource`` and ``path`` name it in ``cause``, and
    ``slot`` is the attribute of the model that its row names, empty where no row speaks. For a
    leaf that the conversion invented, ``resource`` and ``path`` name the output leaf, ``origin``
    says why it exists, and ``cause`` is the input resource behind it (None when no single one is).
    """

    cause: Resource | None
    resource: str
    path: Path
    verdict: Verdict
    code: str | None = None
    targets: tuple[Target, ...] = ()
    origin: Origin = ""
    slot: str = ""

    @property
    def place(self) -> Place | None:
        """Where the leaf stands; for an invented leaf, where its cause begins."""
        if self.cause is None:
            return None
        return self.cause.place() if self.origin else self.cause.place(*self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportMessage:
    """One message of the report; ``places`` is empty for a message about the run."""

    code: str
    verdict: Verdict
    text: str
    instead: str = ""
    places: tuple[Place, ...] = ()
    apps: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceOutcome:
    """What became of one input document; ``reason`` starts with a code where there is one."""

    resource: Resource
    outcome: Outcome
    reason: str = ""
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDocument:
    """One document of the output.

    ``path`` is its place in the output tree, ``header`` the comment lines above it; ``listed``
    says that the kustomization.yaml of its root names it.
    """

    body: dict[str, object]
    path: str
    header: tuple[str, ...] = ()
    root: str = ""
    listed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """A file of the output tree that is not one manifest (kustomization.yaml, a patch file)."""

    path: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """Everything one run of ``convert`` produced, in its final order."""

    to: Literal["flux", "argocd"]
    inputs: tuple[str, ...]
    outcomes: tuple[ResourceOutcome, ...]
    entries: Sequence[Entry]
    messages: tuple[ReportMessage, ...]
    findings: tuple[Finding, ...] = ()
    documents: tuple[NewDocument, ...] = ()
    files: tuple[NewFile, ...] = ()
    patch: str = ""
    options: dict[str, str] = field(default_factory=dict)
    facts: tuple[str, ...] = ()

    def verdicts(self) -> dict[Verdict, int]:
        """Number of input leaves per verdict."""
        counts = Counter(entry.verdict for entry in self.entries if not entry.origin)
        return {verdict: counts.get(verdict, 0) for verdict in Verdict}

    def worst(self) -> Verdict:
        """The verdict that loses most among all input leaves and messages."""
        found = [entry.verdict for entry in self.entries if not entry.origin]
        found += [message.verdict for message in self.messages]
        return max(found, key=LOSS_ORDER.__getitem__, default=Verdict.EXACT)
