"""Generated apps: the order of their rollout, and what may happen to what was made once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.mapping.appset import A2F_SET_019, POLICY_ANNOTATIONS
from argoflux.mapping.emission import Decision

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.flux.emit_plan import Plan
    from argoflux.mapping.draft import Draft
    from argoflux.mapping.emission import Emission, Loaded
    from argoflux.model.app import App
    from argoflux.model.generated import GeneratedSet

_ORDER = "generated.order"


def emit_generated(appliers: Mapping[Plan, Draft], loaded: Loaded, emission: Emission) -> None:
    """Give the appliers of generated apps what their set says; a set itself becomes nothing."""
    by_app: dict[App, list[tuple[Plan, Draft]]] = {}
    for plan, draft in appliers.items():
        by_app.setdefault(plan.app, []).append((plan, draft))
    for generated in loaded.estate.generated:
        emission.made[generated.resource] = Decision(kind="", facts=dict(generated.facts))
        _put_policy(generated, by_app)
        _put_order(generated, by_app, emission)


def _put_policy(generated: GeneratedSet, by_app: Mapping[App, list[tuple[Plan, Draft]]]) -> None:
    notes = POLICY_ANNOTATIONS.get(generated.policy, {})
    for app in generated.apps:
        for _, draft in by_app.get(app, ()):
            for key, value in notes.items():
                draft.put(("metadata", "annotations", key), value, slot="generated.policy")


def _put_order(
    generated: GeneratedSet,
    by_app: Mapping[App, list[tuple[Plan, Draft]]],
    emission: Emission,
) -> None:
    """Each applier waits for those of the nearest step before that has any of its kind.

    What an earlier conversion noted about it says more: the steps are left out then.
    """
    before: dict[str, list[tuple[Plan, Draft]]] = {}
    for step in generated.steps:
        current = [pair for app in step for pair in by_app.get(app, ())]
        for plan, draft in current:
            if plan.app.order.depends_on and draft.body["spec"].get("dependsOn"):
                continue
            for other, _ in before.get(plan.kind, ()):
                item = {"name": other.name}
                if other.namespace != plan.namespace:
                    item["namespace"] = other.namespace
                draft.add("spec.dependsOn", item, slot=_ORDER)
            foreign = [
                o.id for kind, found in before.items() if kind != plan.kind for o, _ in found
            ]
            if foreign:
                place = generated.resource.place("spec", "strategy")
                facts = {
                    "object": plan.id,
                    "others": ", ".join(sorted(foreign)),
                    "kind": plan.kind,
                    "set": str(generated.resource.ref),
                }
                emission.say(A2F_SET_019, place, apps=(plan.app.id,), **facts)
        for kind in {plan.kind for plan, _ in current}:
            before[kind] = [pair for pair in current if pair[0].kind == kind]
