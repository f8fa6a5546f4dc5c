"""Annotations that tell kustomize-controller how to apply one object, and what they are in Argo CD.

Facts: kustomize-controller:internal/controller/kustomization_controller.go apply and deleteObjects,
fluxcd/pkg:ssa/utils/meta.go (labels count as well, values in any case); argo-cd:docs/user-guide/sync-options.md.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from argoflux.mapping.concept import Context, Note, Test, equivalent, exact, says
from argoflux.mapping.verdict import Message, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PREFIX = "kustomize.toolkit.fluxcd.io/"
INSTRUCTED = (PREFIX, "reconcile.fluxcd.io/watch")
"""What the keys begin with that an object of a Kustomization may state."""

SYNC_OPTIONS = "argocd.argoproj.io/sync-options"
HOOK = "argocd.argoproj.io/hook"

F2A_ANN_001 = Message(
    code="F2A-ANN-001",
    verdict=Verdict.MANUAL,
    text="`ssa: IfNotPresent` applies an object only once; Argo CD has no such mode",
    instead="list the fields that others change in `ignoreDifferences`",
)
F2A_ANN_002 = Message(
    code="F2A-ANN-002",
    verdict=Verdict.APPROXIMATE,
    text="`force: enabled` was dropped: Argo CD would delete and recreate the object on every sync",
    instead="delete the object by hand when an immutable field changes",
)
F2A_ANN_003 = Message(
    code="F2A-ANN-003",
    verdict=Verdict.APPROXIMATE,
    text="the object is frozen with `reconcile: disabled`; it became a skipped hook that is never pruned",
    instead="remove `argocd.argoproj.io/hook: Skip` to release it",
)
F2A_ANN_005 = Message(
    code="F2A-ANN-005",
    verdict=Verdict.APPROXIMATE,
    text="`ssa: Merge` became `ServerSideApply=true`: Argo CD keeps fields of others, but always takes back its own",
)

F2A_ANN_010 = Message(
    code="F2A-ANN-010",
    verdict=Verdict.MANUAL,
    text="{objects} tell Flux how they are applied ({instructions}); Argo CD does not read that, and nothing can add to the objects of this folder",
    instead="annotate them with {wanted} beside it",
)

_NEVER_DELETED = ("Prune=false", "Delete=false")


def instructions(metadata: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], bool]:
    """The sync options that Flux labels and annotations ask for, and whether to skip the object."""
    options: list[str] = []
    skip = False
    for key, value in metadata:
        if not key.startswith(PREFIX):
            continue
        match key.removeprefix(PREFIX), value.lower():
            case "prune", "disabled":
                options += _NEVER_DELETED
            case "ssa", "merge":
                options.append("ServerSideApply=true")
            case "ssa", "ignore":
                skip = True
            case "reconcile", "disabled":
                skip = True
                options += _NEVER_DELETED
            case _:
                pass
    return tuple(dict.fromkeys(options)), skip


def _is(*values: str) -> Test:
    """A test: the instruction has one of these values, in any case."""
    return lambda value, _ctx: str(value).lower() in values


def _named(key: str, test: Test | None) -> Test:
    """A test: the leaf is this instruction, and ``test`` holds for it."""

    def named(value: Any, ctx: Context) -> bool:
        if not ctx.path or ctx.path[-1] != key:
            return False
        return test is None or test(value, ctx)

    return named


INSTRUCTIONS: Mapping[str, tuple[Note, ...]] = {
    "prune": (equivalent(when=_is("disabled")), exact()),
    "ssa": (
        says(F2A_ANN_005, when=_is("merge")),
        says(F2A_ANN_001, when=_is("ifnotpresent")),
        equivalent(when=_is("ignore")),
        exact(),
    ),
    "force": (says(F2A_ANN_002, when=_is("enabled")), exact()),
    "reconcile": (says(F2A_ANN_003, when=_is("disabled")), exact()),
    # they concern builds and ownership of Flux, which are over
    **{
        name: (equivalent(),) for name in ("substitute", "decrypt", "name", "namespace", "checksum")
    },
}
"""By name without prefix: the verdicts of an instruction."""

NOTES: tuple[Note, ...] = tuple(
    replace(note, when=_named(PREFIX + name, note.when))
    for name, notes in INSTRUCTIONS.items()
    for note in notes
)
"""Verdicts of the instructions, for labels and annotations of objects that become Applications."""


def merged_options(annotations: Mapping[str, str], options: Iterable[str]) -> str:
    """The value of the sync-options annotation with more options, each once."""
    stated = [part.strip() for part in annotations.get(SYNC_OPTIONS, "").split(",")]
    return ",".join(dict.fromkeys(part for part in (*stated, *options) if part))
