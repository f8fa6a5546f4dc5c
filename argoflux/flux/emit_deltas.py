"""Differences of behaviour that concern the run: raised once, when an app is touched by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.mapping.delta import (
    A2F_RUN_001,
    A2F_RUN_002,
    A2F_RUN_003,
    A2F_RUN_004,
    A2F_RUN_005,
)
from argoflux.mapping.emission import Saying
from argoflux.model.content import Known

if TYPE_CHECKING:
    from collections.abc import Collection

    from argoflux.flux.emit_plan import Plan
    from argoflux.mapping.draft import Draft
    from argoflux.mapping.emission import Emission

_SHOWN = 5


def say_deltas(emission: Emission, appliers: Collection[tuple[Plan, Draft]]) -> None:
    """Raise the messages of the run that the new objects give reason for."""
    client_side: list[str] = []
    prunes = deletes = releases = endless = False
    for plan, draft in appliers:
        spec = draft.body["spec"]
        if _changes_apply_mode(plan):
            client_side.append(plan.app.id)
        endless = endless or not plan.facts.get("retries_lost")
        releases = releases or plan.kind == "HelmRelease"
        prunes = prunes or bool(spec.get("prune"))
        policy = spec.get("deletionPolicy")
        cascades = policy in {"Delete", "WaitForTermination"} or (spec.get("prune") and not policy)
        deletes = deletes or bool(cascades and _may_hold_crds(plan))
    if client_side:
        emission.sayings.append(Saying(message=A2F_RUN_001, facts={"apps": _listed(client_side)}))
    if endless:
        emission.say(A2F_RUN_004)
    if deletes:
        emission.say(A2F_RUN_002)
    if prunes:
        emission.say(A2F_RUN_003)
    if releases:
        emission.say(A2F_RUN_005)


def _changes_apply_mode(plan: Plan) -> bool:
    """Whether Argo CD applied client-side what Flux applies server-side.

    A HelmRelease stays client-side before Flux 2.8, and where the Application says so.
    """
    options = plan.app.sync.options
    chart = plan.kind == "HelmRelease"
    stays = chart and (not plan.facts.get("apply_mode") or "ServerSideApply=false" in options)
    return "ServerSideApply=true" not in options and not stays


def _may_hold_crds(plan: Plan) -> bool:
    """False only where all that the path yields is known."""
    content = plan.content
    if not isinstance(content, Known) or not content.complete:
        return True
    return any(obj.ref.kind == "CustomResourceDefinition" for obj in content.objects)


def _listed(ids: list[str]) -> str:
    more = len(ids) - _SHOWN
    return ", ".join(ids[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
