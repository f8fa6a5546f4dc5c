"""Instructions of Flux on applied objects: what each annotation or label says in Argo CD.

Objects keep their annotations, because the Application applies the same files. What Argo CD does
not read has to be said in its own words.
"""

from __future__ import annotations

from typing import Any

from argoflux.mapping.apply_instructions import INSTRUCTIONS, PREFIX
from argoflux.mapping.concept import Concept, Context, Note, Test, equivalent, exact, on, says
from argoflux.mapping.verdict import Message, Verdict

F2A_ANN_006 = Message(
    code="F2A-ANN-006",
    verdict=Verdict.NONE,
    text="`{key}: {value}` paused one controller of Flux; Argo CD does not read it",
    instead="turn the automation of the Application off while it should rest",
)
F2A_ANN_007 = Message(
    code="F2A-ANN-007",
    verdict=Verdict.APPROXIMATE,
    text="`{key}` kept drift of the object unseen; Argo CD compares it",
    instead="name the object in `ignoreDifferences`",
)
F2A_ANN_008 = Message(
    code="F2A-ANN-008",
    verdict=Verdict.APPROXIMATE,
    text="`{key}` was added to the messages of Flux; notifications of Argo CD show it where their template asks for it",
    instead="read it with `.app.metadata.annotations` in the template",
)
F2A_ANN_009 = Message(
    code="F2A-ANN-009",
    verdict=Verdict.NONE,
    text="`{key}` made Flux react at once to changes of the object; Argo CD sees changes in Git only",
    instead="refresh the Application after such a change",
)

RESOURCE, NAMESPACE = "annotations:resource", "annotations:namespace"
_OPERATOR = "fluxcd.controlplane.io/"


def _key_and_value(value: Any, ctx: Context) -> dict[str, Any]:
    return {"key": str(ctx.path[-1]), "value": value}


def _disabled(value: Any, _ctx: Context) -> bool:
    return str(value).lower() == "disabled"


def paused(message: Message, when: Test | None = None) -> Note:
    """The note of a key whose message names it."""
    return says(message, when=when, facts=_key_and_value)


_SAYS = {
    "prune": "Whether the object is deleted with its source.",
    "ssa": "How the object is applied.",
    "force": "Whether the object is recreated when an immutable field changes.",
    "reconcile": "Whether the object is applied and corrected at all.",
    "substitute": "Whether variables in the object are filled in.",
    "decrypt": "Whether the object is decrypted.",
    "name": "The Kustomization that applied the object.",
    "namespace": "Where the Kustomization that applied the object lives.",
    "checksum": "What an old release of Flux marked its objects with.",
}


def _row(what: str, *keys: str, notes: tuple[Note, ...], kinds: tuple[str, ...]) -> Concept:
    return Concept(
        slot="annotations",
        says=what,
        flux=tuple(on(kind, key) for kind in kinds for key in keys),
        to_argo=notes,
    )


_PAUSES = frozenset({f"{_OPERATOR}reconcile", "source.extensions.fluxcd.io/reconcile"})
EVENT_PREFIX = "event.toolkit.fluxcd.io/"


def _pauses(value: Any, ctx: Context) -> bool:
    return str(ctx.path[-1]) in _PAUSES and _disabled(value, ctx)


def _is_event(_value: Any, ctx: Context) -> bool:
    return str(ctx.path[-1]).startswith(EVENT_PREFIX)


PAUSED, EVENTS = paused(F2A_ANN_006, _pauses), paused(F2A_ANN_008, _is_event)
"""Verdicts of annotations that Flux objects themselves may have."""

# kustomize-controller:internal/controller/kustomization_controller.go (apply, deleteObjects);
# helm-controller:internal/diff/... (driftDetection), internal/postrender/origin_labels.go;
# flux-operator:api/v1/common_types.go; fluxcd/pkg:apis/meta/annotations.go;
# notification-controller:internal/server/event_handlers.go (event metadata)
ROWS = (
    *(
        _row(
            _SAYS[name],
            PREFIX + name,
            notes=notes,
            kinds=(RESOURCE, NAMESPACE) if name in {"prune", "ssa"} else (RESOURCE,),
        )
        for name, notes in INSTRUCTIONS.items()
    ),
    # flux-operator knows the same instructions under its own name
    *(
        _row(_SAYS[name], _OPERATOR + name, notes=INSTRUCTIONS[name], kinds=(RESOURCE,))
        for name in ("prune", "force")
    ),
    _row(
        "Whether the object's own controller rests.",
        *sorted(_PAUSES),
        notes=(paused(F2A_ANN_006, _disabled), exact()),
        kinds=(RESOURCE,),
    ),
    _row(
        "How often flux-operator applies the objects; Argo CD polls at one pace.",
        f"{_OPERATOR}reconcileEvery",
        notes=(equivalent(),),
        kinds=(RESOURCE,),
    ),
    _row(
        "Whether a release looks for drift of the object.",
        "helm.toolkit.fluxcd.io/driftDetection",
        notes=(paused(F2A_ANN_007, _disabled), exact()),
        kinds=(RESOURCE,),
    ),
    _row(
        "The release that an object belongs to, written by helm-controller.",
        "helm.toolkit.fluxcd.io/name",
        "helm.toolkit.fluxcd.io/namespace",
        notes=(equivalent(),),
        kinds=(RESOURCE,),
    ),
    _row(
        "Data that alerts show beside an event.",
        f"{EVENT_PREFIX}*",
        notes=(paused(F2A_ANN_008),),
        kinds=(RESOURCE,),
    ),
    _row(
        "Whether users of a ConfigMap or Secret are reconciled when it changes.",
        "reconcile.fluxcd.io/watch",
        notes=(paused(F2A_ANN_009),),
        kinds=(RESOURCE,),
    ),
    _row(
        "Requests to the controllers, marks of old releases, and who handles the object.",
        "reconcile.fluxcd.io/requestedAt",
        "reconcile.fluxcd.io/forceAt",
        "reconcile.fluxcd.io/resetAt",
        "fluxcd.io/sync-*",
        "notification.toolkit.fluxcd.io/webhook",
        "sharding.fluxcd.io/key",
        notes=(equivalent(),),
        kinds=(RESOURCE,),
    ),
    _row(
        "The tenant that a namespace is for, and the object that argoflux made it for.",
        "toolkit.fluxcd.io/tenant",
        "argoflux.dev/created-for",
        notes=(equivalent(),),
        kinds=(NAMESPACE,),
    ),
)
