"""Annotations of the objects that an app deploys: what each key of Argo CD becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from argoflux.mapping.annotations import A2F_ANN_004, with_key
from argoflux.mapping.concept import Concept, Note, equivalent, exact, on, says
from argoflux.mapping.settings_messages import A2F_MIG_003
from argoflux.mapping.sync_options import (
    A2F_OPT_001,
    A2F_OPT_002,
    A2F_OPT_003,
    A2F_OPT_007,
    A2F_OPT_011,
)
from argoflux.mapping.verdict import Message, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

A2F_OPT_008 = Message(
    code="A2F-OPT-008",
    verdict=Verdict.APPROXIMATE,
    text="`{value}` became kustomize.toolkit.fluxcd.io/force: enabled: Flux recreates the object when an immutable field changes, not with every sync",
    instead="give the object a new name where it has to run again",
)
A2F_OPT_009 = Message(
    code="A2F-OPT-009",
    verdict=Verdict.NONE,
    text="`{value}` was dropped: kustomize-controller applies everything server-side",
    instead="see that no other controller writes the same fields, or list them in `spec.ignore`",
)
A2F_OPT_022 = Message(
    code="A2F-OPT-022",
    verdict=Verdict.APPROXIMATE,
    text="`{value}` became kustomize.toolkit.fluxcd.io/prune: disabled, which keeps the object when it leaves Git and when its Kustomization is deleted",
    instead="delete the object by hand when it has to go",
)
A2F_OPT_023 = Message(
    code="A2F-OPT-023",
    verdict=Verdict.UNKNOWN,
    text="`{value}` is no sync option that Argo CD knows on an object",
    instead="correct the spelling (options are case-sensitive) or remove it",
)
A2F_HLT_005 = Message(
    code="A2F-HLT-005",
    verdict=Verdict.APPROXIMATE,
    text="the health of {objects} does not count for {name}: `healthChecks` lists the other objects instead of `wait`",
    instead="extend `healthChecks` when objects are added",
)
A2F_HLT_006 = Message(
    code="A2F-HLT-006",
    verdict=Verdict.APPROXIMATE,
    text="the health of {objects} does not count for {name} in Argo CD; it does in Flux, whose `wait` asks for all objects",
    instead="set `wait: false` and list the objects that count in `healthChecks`",
)
A2F_MIG_002 = Message(
    code="A2F-MIG-002",
    verdict=Verdict.NONE,
    text="`{key}` is a mark of Argo CD that does not belong into Git; Flux would apply it like any annotation",
    instead="remove it from the manifest",
)
A2F_MIG_004 = Message(
    code="A2F-MIG-004",
    verdict=Verdict.NONE,
    text="hook objects of {name} that still exist in the cluster may hold argocd.argoproj.io/hook-finalizer, which nobody removes without Argo CD",
    instead="remove the finalizer from them before Argo CD goes",
)

_A = "argocd.argoproj.io"
SYNC_OPTIONS = f"{_A}/sync-options"
IGNORE_HEALTH = f"{_A}/ignore-healthcheck"
MARKS = (f"{_A}/tracking-id", f"{_A}/installation-id")
TUNING = (f"{_A}/ignore-resource-updates", f"{_A}/ignore-restart-policy")
MANAGED = f"{_A}/managed-by"
HELM_POLICY = "helm.sh/resource-policy"

_BOTH = ("resource", "namespace")
_FLUX = "kustomize.toolkit.fluxcd.io"
_DISABLED = {f"{_FLUX}/prune": "disabled"}
_KEEPS = ("Prune=false", "Delete=false")
_ASKS = ("Prune=confirm", "Delete=confirm")
_INERT = frozenset(
    {
        "Validate=true",
        "SkipDryRunOnMissingResource=false",
        "PruneLast=false",
        "Replace=false",
        "Force=false",
        "ServerSideApply=true",
        "Prune=true",
        "Delete=true",
    }
)
_CRD = "CustomResourceDefinition"
_FORCE_REMEDY = "annotate the object with kustomize.toolkit.fluxcd.io/force: enabled"


class ObjectFate(NamedTuple):
    """What the options of one object become: annotations of Flux, and the messages about it."""

    annotations: dict[str, str]
    said: tuple[tuple[Message, dict[str, str]], ...]


def fate_of(kind: str, annotations: Mapping[str, str]) -> ObjectFate:
    """The instructions to kustomize-controller that stand for Argo CD's options of an object.

    gitops-engine:pkg/sync/sync_context.go, pkg/sync/common/types.go; helm.sh/resource-policy counts
    like the two keeping options: argo-cd:controller/appcontroller.go shouldBeDeleted.
    """
    options = [part.strip() for part in annotations.get(SYNC_OPTIONS, "").split(",")]
    found = [option for option in options if option and option not in _INERT]
    made: dict[str, str] = {}
    said: list[tuple[Message, dict[str, str]]] = []
    merged = {"ServerSideApply=true", "Validate=false"} <= set(options)
    if merged:
        made[f"{_FLUX}/ssa"] = "Merge"
        found.remove("Validate=false")
    kept = [option for option in found if option in _KEEPS]
    if kept or annotations.get(HELM_POLICY) == "keep":
        made |= _DISABLED
        said += [(A2F_OPT_022, {"value": each}) for each in kept if len(set(kept)) < len(_KEEPS)]
    for option in found:
        match option:
            case "Prune=false" | "Delete=false":
                continue
            case "Prune=confirm" | "Delete=confirm":
                made |= _DISABLED
                said.append((A2F_OPT_011, {"value": option}))
            case "Force=true" if kind != _CRD:
                made[f"{_FLUX}/force"] = "enabled"
                said.append((A2F_OPT_008, {"value": option}))
            case "Replace=true" if "Force=true" in found and kind != _CRD:
                continue  # Force=true says it
            case "Force=true" | "Replace=true":
                said.append((A2F_OPT_007, {"value": option, "remedy": _FORCE_REMEDY}))
            case _:
                said.append((_DROPPED.get(option, A2F_OPT_023), {"value": option}))
    return ObjectFate(made, tuple(said))


_DROPPED = {
    "Validate=false": A2F_OPT_001,
    "SkipDryRunOnMissingResource=true": A2F_OPT_002,
    "PruneLast=true": A2F_OPT_003,
    "ServerSideApply=false": A2F_OPT_009,
}


def _row(
    meaning: str, keys: Iterable[str], *notes: Note, kinds: tuple[str, ...] = ("resource",)
) -> Concept:
    return Concept(
        slot="objects",
        says=meaning,
        argo=tuple(on(f"annotations:{kind}", key) for kind in kinds for key in keys),
        to_flux=notes,
    )


# argo-cd:common/common.go, docs/user-guide/annotations-and-labels.md; what is drawn from manifests
# is judged where the content of a path is known (flux/emit_objects.py)
ROWS = (
    _row(
        "How the object is applied, pruned and kept.",
        (SYNC_OPTIONS,),
        says(A2F_OPT_022),
        says(A2F_OPT_011),
        says(A2F_OPT_008),
        says(A2F_OPT_007),
        says(A2F_OPT_009),
        says(A2F_OPT_001),
        says(A2F_OPT_002),
        says(A2F_OPT_003),
        says(A2F_OPT_023),
        kinds=_BOTH,
    ),
    _row("That Helm keeps the object.", (HELM_POLICY,), equivalent()),
    _row("How the object is compared.", (f"{_A}/compare-options",), exact()),
    _row(
        "That the object's health does not count.",
        (IGNORE_HEALTH,),
        says(A2F_HLT_005),
        says(A2F_HLT_006),
    ),
    _row("Marks of the objects that Argo CD manages.", MARKS[:1], says(A2F_MIG_002), kinds=_BOTH),
    _row("The mark of one of several installations.", MARKS[1:], says(A2F_MIG_002)),
    _row("Which installation a namespace belongs to.", (MANAGED,), equivalent(), kinds=_BOTH[1:]),
    _row(
        "Labels by which Argo CD knows its objects.",
        ("app.kubernetes.io/instance", f"{_A}/instance"),
        says(A2F_MIG_003),
    ),
    _row(
        "Notes of Helm, and who made the object: copied.",
        (
            "app.kubernetes.io/managed-by",
            "helm.sh/*",
            "meta.helm.sh/release-name",
            "meta.helm.sh/release-namespace",
        ),
        exact(),
    ),
    _row("Tuning of the controller.", TUNING, says(A2F_ANN_004, facts=with_key)),
)
