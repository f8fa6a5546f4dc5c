"""Annotations of Applications: what each key of Argo CD becomes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.mapping.concept import Concept, Context, Note, Test, equivalent, exact, on, says
from argoflux.mapping.verdict import Message, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

A2F_ANN_001 = Message(
    code="A2F-ANN-001",
    verdict=Verdict.EQUIVALENT,
    text="`skip-reconcile` became `suspend: true`",
)
A2F_ANN_002 = Message(
    code="A2F-ANN-002",
    verdict=Verdict.APPROXIMATE,
    text="`manifest-generate-paths` was dropped: every new commit of the source reconciles {name}",
    instead="split the source with an ArtifactGenerator where the load matters",
)
A2F_ANN_003 = Message(
    code="A2F-ANN-003",
    verdict=Verdict.EQUIVALENT,
    text="`{key}` only concerns the Argo CD user interface and was dropped",
)
A2F_ANN_004 = Message(
    code="A2F-ANN-004",
    verdict=Verdict.EQUIVALENT,
    text="`{key}` tunes the Argo CD controller and was dropped",
)
A2F_ANN_006 = Message(
    code="A2F-ANN-006",
    verdict=Verdict.APPROXIMATE,
    text="`{value}` kept the Application itself; {object} is annotated with kustomize.toolkit.fluxcd.io/prune: disabled, which keeps it in every case",
    instead="delete the object by hand when it has to go",
)
A2F_ANN_007 = Message(
    code="A2F-ANN-007",
    verdict=Verdict.EQUIVALENT,
    text="`{value}` only concerned how the parent applied the Application object and was dropped",
)

TRUE = frozenset({"1", "t", "T", "true", "TRUE", "True"})
FALSE = frozenset({"0", "f", "F", "false", "FALSE", "False"})
"""What Go's strconv.ParseBool takes."""

_A = "argocd.argoproj.io"
_SKIP = f"{_A}/skip-reconcile"
SYNC_OPTIONS = f"{_A}/sync-options"
_KEEPS = frozenset({"Prune=false", "Prune=confirm", "Delete=false", "Delete=confirm"})


class Key(NamedTuple):
    """Keys of one meaning (a final ``*`` stands for any rest) and their notes."""

    keys: tuple[str, ...]
    says: str
    notes: tuple[Note, ...]


def key_of(ctx: Context) -> str:
    """The annotation or label key of the leaf."""
    return str(ctx.path[-1]) if ctx.path else ""


def is_key(*keys: str) -> Test:
    """A test: the leaf's key is one of these; a final ``*`` stands for any rest."""

    def test(_value: Any, ctx: Context) -> bool:
        key = key_of(ctx)
        return any(
            key.startswith(known[:-1]) if known.endswith("*") else key == known for known in keys
        )

    return test


def with_key(_value: Any, ctx: Context) -> dict[str, str]:
    """The facts of a text that names the key."""
    return {"key": key_of(ctx)}


def skips_reconciliation(annotations: Mapping[str, str]) -> bool:
    """Whether Argo CD leaves an Application alone.

    argo-cd:controller/appcontroller.go canProcessApp reads the value as Go does a boolean.
    """
    return annotations.get(_SKIP) in TRUE


def keeps_object(value: str) -> bool:
    """Whether sync options in an annotation keep the object itself from being deleted."""
    return bool(_KEEPS & {part.strip() for part in value.split(",")})


# argo-cd:common/common.go and docs/user-guide/annotations-and-labels.md list the keys;
# ServerSideDiff is what Flux's dry-run apply always does (argo-cd:controller/state.go); options of
# objects: gitops-engine:pkg/sync/sync_context.go; only kustomize-controller applies Flux objects
_TABLE = (
    Key(
        (_SKIP,),
        "Whether the controller leaves the Application alone.",
        (
            says(A2F_ANN_001, when=lambda value, _ctx: value in TRUE),
            exact(when=lambda value, _ctx: value in {"", *FALSE}),  # the default, stated
            says(A2F_ANN_004, facts=with_key),
        ),
    ),
    Key(
        (f"{_A}/manifest-generate-paths",),
        "Paths whose changes alone refresh the Application.",
        (exact(when=lambda value, _ctx: not value), says(A2F_ANN_002)),
    ),
    Key(
        (
            f"{_A}/managed-by-url",
            f"{_A}/ignore-default-links",
            "link.argocd.argoproj.io/*",
            "notice.argocd.argoproj.io/*",
            "pref.argocd.argoproj.io/*",
        ),
        "Links and preferences of the user interface.",
        (says(A2F_ANN_003, facts=with_key),),
    ),
    Key(
        (f"{_A}/compare-options",),
        "How live objects are compared with Git.",
        (exact(),),
    ),
    Key(
        (f"{_A}/client-side-apply-migration-manager",),
        "The field manager whose fields move to server-side apply.",
        (equivalent(),),
    ),
    Key(
        (SYNC_OPTIONS,),
        "How the parent applies the Application object itself.",
        (
            equivalent(when=lambda value, _ctx: not value),
            says(A2F_ANN_006, when=lambda value, _ctx: keeps_object(str(value))),
            says(A2F_ANN_007),
        ),
    ),
    Key(
        (
            f"{_A}/refresh",
            f"{_A}/refresh-timestamp",
            f"{_A}/hydrate",
            f"{_A}/hydrate-timestamp",
            f"{_A}/deletion-approved",
            f"{_A}/application-set-*",
        ),
        "Requests to the controllers, done with when they are met.",
        (equivalent(),),
    ),
)


def _both(first: Test, second: Test | None) -> Test:
    if second is None:
        return first
    return lambda value, ctx: first(value, ctx) and second(value, ctx)


NOTES: tuple[Note, ...] = tuple(
    replace(note, when=_both(is_key(*entry.keys), note.when))
    for entry in _TABLE
    for note in entry.notes
)
"""The same notes for the annotations of an Application as they stand in its metadata."""

ROWS = tuple(
    Concept(
        slot="annotations",
        says=entry.says,
        argo=tuple(on("annotations:application", key) for key in entry.keys),
        to_flux=entry.notes,
    )
    for entry in _TABLE
)
