"""Waves and hooks across the sources of one app: Argo CD orders the objects of all sources as one.

Kustomizations of different sources wait for each other with ``dependsOn``, where what they hold is
known. A Kustomization cannot wait for a HelmRelease, nor for what nobody can see.

Facts: argo-cd:controller/state.go GetRepoObjs (one list for all sources), argo-cd:gitops-engine/pkg/
sync/sync_tasks.go (phase, then wave); kustomize-controller:api/v1/kustomization_types.go DependsOn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from argoflux.flux.stages import groups_of
from argoflux.mapping.multi import A2F_MUL_010, A2F_MUL_011
from argoflux.model.content import Known
from argoflux.model.phases import PHASES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from argoflux.flux.emit_plan import Plan
    from argoflux.flux.stages import Group
    from argoflux.mapping.draft import Draft
    from argoflux.mapping.emission import Emission
    from argoflux.model.app import App

_Key = tuple[int, int]
_USUAL: _Key = (PHASES.index("Sync"), 0)


class _Step(NamedTuple):
    """One Kustomization, and the phases and waves from the first to the last of its objects."""

    name: str
    low: _Key
    high: _Key


def order_sources(plans: Iterable[Plan], emission: Emission) -> None:
    """Let the Kustomizations of each app wait for what comes before them in another source."""
    by_app: dict[App, list[Plan]] = {}
    for plan in plans:
        by_app.setdefault(plan.app, []).append(plan)
    drafts = {
        (draft.root, draft.namespace, draft.name): draft
        for draft in emission.drafts
        if draft.kind == "Kustomization"
    }
    for own in by_app.values():
        if len(own) > 1:
            _order(own, drafts)


def _order(plans: Sequence[Plan], drafts: dict[tuple[str, str, str], Draft]) -> None:
    chains = {plan: _steps(plan) for plan in plans}
    known = {
        plan: [step for step in steps if (plan.app.root, plan.namespace, step.name) in drafts]
        for plan, steps in chains.items()
        if steps
    }
    waits: list[str] = []
    for plan, steps in known.items():
        for other, others in known.items():
            if other is not plan:
                waits += _wait(plan, steps, others, drafts)
    main = next((plan for plan in plans if plan.main), plans[0])
    if waits:
        main.say_of_app(A2F_MUL_010, waits="; ".join(sorted(waits)))
    unordered = [plan.id for plan in plans if chains[plan] is None]
    special = [
        step.name
        for steps in known.values()
        for step in steps
        if (step.low, step.high) != (_USUAL, _USUAL)
    ]
    if unordered and special:
        shown = ", ".join(f"Kustomization/{main.namespace}/{name}" for name in special)
        main.say_of_app(A2F_MUL_011, ordered=shown, others=", ".join(unordered))


def _steps(plan: Plan) -> list[_Step] | None:
    """The Kustomizations of a source in order; None where nobody knows what it makes."""
    if plan.kind != "Kustomization" or not isinstance(plan.content, Known):
        return None
    if plan.stages:
        return [_step(stage.name, [stage.group]) for stage in plan.stages]
    groups = groups_of(plan.content.objects, plan.app.destination.namespace or "")
    return [_step(plan.name, groups)] if groups else []


def _step(name: str, groups: Sequence[Group]) -> _Step:
    keys = [(PHASES.index(group.phase), wave) for group in groups for wave in group.waves]
    return _Step(name, min(keys), max(keys))


def _wait(
    plan: Plan,
    steps: Sequence[_Step],
    others: Sequence[_Step],
    drafts: dict[tuple[str, str, str], Draft],
) -> list[str]:
    """Let each step wait for the last one of another source that is wholly before it."""
    said: list[str] = []
    awaited = ""
    for step in steps:
        before = [other.name for other in others if other.high < step.low]
        if not before or before[-1] == awaited:
            continue
        awaited = before[-1]
        draft = drafts[plan.app.root, plan.namespace, step.name]
        stated = draft.body["spec"].get("dependsOn", [])
        if {"name": awaited} not in stated:
            draft.add("spec.dependsOn", {"name": awaited}, origin="derived")
        said.append(f"{step.name} waits for {awaited}")
    return said
