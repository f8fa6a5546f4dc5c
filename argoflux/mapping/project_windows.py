"""Projects: time windows in which apps are synced, or are not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.mapping.concept import Concept, equivalent, on, says
from argoflux.mapping.project import outcome
from argoflux.mapping.verdict import Message, Verdict

if TYPE_CHECKING:
    from argoflux.mapping.concept import Context, Test

A2F_PRJ_008 = Message(
    code="A2F-PRJ-008",
    verdict=Verdict.APPROXIMATE,
    text="the sync window ({window}) became the schedule of {provider}: new revisions wait for it, drift is corrected at any time",
    instead="suspend {appliers} as well where nothing at all may be applied outside the window",
)
A2F_PRJ_020 = Message(
    code="A2F-PRJ-020",
    verdict=Verdict.MANUAL,
    text="nothing keeps {apps} to the sync window ({window}): {why}",
    instead="{remedy}",
)
A2F_PRJ_027 = Message(
    code="A2F-PRJ-027",
    verdict=Verdict.APPROXIMATE,
    text="the sync window ({window}) never lets {apps} sync without people; suspended: {appliers}",
    instead="resume them to deploy",
)
A2F_PRJ_028 = Message(
    code="A2F-PRJ-028",
    verdict=Verdict.NONE,
    text="`{field}` was dropped: {why}",
    instead="{remedy}",
)
A2F_PRJ_029 = Message(
    code="A2F-PRJ-029",
    verdict=Verdict.APPROXIMATE,
    text="`manualSync: true` lets people deploy outside the window; with a schedule they force the input provider",
    instead="run `flux-operator reconcile rsip {name} -n {namespace} --force`",
)

_KIND = "AppProject"
_LOST = {
    "syncOverrun": (
        "a reconciliation that has started is never cut off",
        "choose windows that are long enough",
    ),
}


def _is(*outcomes: str) -> Test:
    return lambda _value, ctx: (outcome("windows", ctx) or {}).get("outcome") in outcomes


def _texts(_value: Any, ctx: Context) -> dict[str, Any]:
    return dict(outcome("windows", ctx) or {})


def _lost(_value: Any, ctx: Context) -> dict[str, Any]:
    name = str(ctx.path[-1])
    why, remedy = _LOST[name]
    return {"field": name, "why": why, "remedy": remedy}


_OUTCOMES = (
    equivalent(when=_is("idle", "open")),
    says(A2F_PRJ_008, when=_is("scheduled"), facts=_texts),
    says(A2F_PRJ_027, when=_is("suspended"), facts=_texts),
    says(A2F_PRJ_020, facts=_texts),
)

# argo-cd:pkg/apis/application/v1alpha1/types.go (SyncWindow, SyncWindows.Matches, CanSync);
# flux-operator:docs/api/v1/resourcesetinputprovider.md (Schedule)
ROWS = (
    Concept(
        slot="tenant.windows",
        says="When apps of the project may, or must not, be synced.",
        argo=tuple(
            on(_KIND, f"spec.syncWindows[].{name}")
            for name in ("kind", "schedule", "duration", "timeZone")
        ),
        to_flux=_OUTCOMES,
    ),
    Concept(
        slot="tenant.windows.match",
        says="The apps that the window is for.",
        argo=(
            *(
                on(_KIND, f"spec.syncWindows[].{name}[]")
                for name in ("applications", "namespaces", "clusters")
            ),
            on(_KIND, "spec.syncWindows[].andOperator", default=False),
        ),
        to_flux=(
            equivalent(when=_is("idle", "open", "scheduled", "suspended")),
            says(A2F_PRJ_020, facts=_texts),
        ),
    ),
    Concept(
        slot="",
        says="Whether people may sync outside the window.",
        argo=(on(_KIND, "spec.syncWindows[].manualSync", default=False),),
        to_flux=(
            equivalent(when=lambda value, _ctx: value is False),
            says(A2F_PRJ_029, when=_is("scheduled"), facts=_texts),
            equivalent(),
        ),
    ),
    Concept(
        slot="",
        says="Whether a sync that has started may go on after the window.",
        argo=(on(_KIND, "spec.syncWindows[].syncOverrun", default=False),),
        to_flux=(
            equivalent(when=lambda value, _ctx: value is not True),
            says(A2F_PRJ_028, facts=_lost),
        ),
    ),
    Concept(
        slot="",
        says="A note on the window.",
        argo=(on(_KIND, "spec.syncWindows[].description"),),
        to_flux=(equivalent(),),
    ),
    Concept(
        slot="",
        says="No windows, or none of what they hold.",
        argo=(
            on(_KIND, "spec.syncWindows"),
            *(
                on(_KIND, f"spec.syncWindows[].{name}")
                for name in ("applications", "namespaces", "clusters")
            ),
        ),
        to_flux=(equivalent(),),
    ),
)
