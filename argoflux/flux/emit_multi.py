"""Apps with several sources: what each source needs, and what falls apart in Flux.

Facts: argo-cd:controller/state.go GetRepoObjs and NormalizeTargetObjects (one list of objects, of
equal ones the last counts).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from argoflux.flux.values_layers import choose_layers
from argoflux.mapping.metadata import OWN_PREFIX
from argoflux.mapping.multi import A2F_MUL_001, A2F_MUL_002, A2F_MUL_009
from argoflux.mapping.names import shorten, slug
from argoflux.model.content import Known
from argoflux.model.render import Helm, Kustomize

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from argoflux.flux.emit_plan import Plan
    from argoflux.mapping.draft import Draft
    from argoflux.mapping.emission import Emission
    from argoflux.model.app import App
    from argoflux.model.content import ContentObject

APPLICATION = f"{OWN_PREFIX}application"
"""The label that the objects of one Application share."""


def _plan_values(plans: Iterable[Plan]) -> None:
    """Decide for every chart where its values files go."""
    for plan in plans:
        render = plan.part.render
        if isinstance(render, Helm):
            plan.layers = choose_layers(plan, render)


def with_sources(plans: Sequence[Plan]) -> list[Plan]:
    """The plans whose source object is used: those that apply it, and those whose files are read."""
    _plan_values(plans)
    lent = {(plan.app, number) for plan in plans for number in plan.layers.lenders}
    composed = {
        (plan.app, number)
        for plan in plans
        for number in (*plan.layers.lenders, plan.index)
        if plan.layers.way == "artifact"
    }
    named = {
        (plan.app, stored[1:].partition("/")[0])
        for plan in plans
        if isinstance(plan.part.render, Helm)
        for stored in (*plan.part.render.values_files, *_parameters(plan.part.render))
        if stored.startswith("$")
    }
    used = []
    for plan in plans:
        plan.composed = (plan.app, plan.index) in composed
        if plan.kind or (plan.app, plan.index) in lent:
            used.append(plan)
            continue
        plan.facts["files_only"] = True
        if (plan.app, plan.part.ref) not in named:
            plan.facts["unused"] = True
            plan.say(A2F_MUL_009, value=plan.part.ref)
    return used


def _parameters(render: Helm) -> list[str]:
    return [path for _, path in render.file_parameters]


def note_split(appliers: Mapping[Plan, Draft], emission: Emission) -> None:
    """Label the objects of an app that becomes several, and say what that changes."""
    by_app: dict[App, list[Plan]] = {}
    for plan in appliers:
        by_app.setdefault(plan.app, []).append(plan)
    for app, plans in by_app.items():
        if len(plans) == 1:
            continue
        label = shorten(slug(app.name))
        for plan in plans:
            appliers[plan].put(("metadata", "labels", APPLICATION), label, origin="derived")
        emission.say(
            A2F_MUL_001,
            app.resource.place("spec", "sources"),
            apps=(app.id,),
            count=len(plans),
            name=app.id,
            objects=", ".join(plan.id for plan in plans),
            label=f"{APPLICATION}={label}",
        )
        _note_duplicates(sorted(plans, key=lambda plan: plan.index))


class _Identity(NamedTuple):
    group: str
    kind: str
    namespace: str
    name: str


def _note_duplicates(plans: Sequence[Plan]) -> None:
    """Objects that several sources are known to make."""
    first: dict[_Identity, Plan] = {}
    for plan in plans:
        for identity in _identities(plan):
            earlier = first.get(identity)
            if earlier is None:
                first[identity] = plan
            elif earlier is not plan:
                shown = "/".join(part for part in identity[1:] if part)
                facts = {"id": shown, "first": _position(earlier), "last": _position(plan)}
                plan.say(A2F_MUL_002, **{**facts, "object": earlier.id})


def _position(plan: Plan) -> str:
    return f"source {plan.index + 1}"


def _identities(plan: Plan) -> set[_Identity]:
    """What a source is known to make, with the namespace it ends up in."""
    render = plan.part.render
    if not isinstance(plan.content, Known) or isinstance(render, Helm):
        return set()
    override = ""
    if isinstance(render, Kustomize):
        if render.name_prefix or render.name_suffix:
            return set()
        override = render.namespace or ""
    return {
        _identity(plan, obj, override)
        for obj in plan.content.objects
        if obj.certain and not obj.hashed and not obj.generate_name
    }


def _identity(plan: Plan, obj: ContentObject, override: str) -> _Identity:
    ref = obj.ref
    namespace = override or ref.namespace or plan.app.destination.namespace or ""
    if obj.scope == "cluster":
        namespace = ""
    return _Identity(ref.group, ref.kind, namespace, ref.name)
