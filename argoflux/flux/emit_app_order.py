"""The order of Applications under one parent: ``dependsOn``, or folders applied one after another.

``dependsOn`` cannot cross from a Kustomization to a HelmRelease
(kustomize-controller:api/v1/kustomization_types.go, helm-controller:api/v2/helmrelease_types.go).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from argoflux.mapping.order import A2F_WAVE_006
from argoflux.model.content import Known
from argoflux.model.family import is_for_argo, wave_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from argoflux.flux.emit_plan import Plan
    from argoflux.mapping.draft import Draft
    from argoflux.mapping.emission import Emission, Loaded
    from argoflux.model.app import App
    from argoflux.model.family import Family

_MOST_EDGES = 20
"""More dependencies of one app are easier to read as a folder per wave (a judgement)."""

_BY_HAND = (
    "order them by hand with `dependsOn`, or give the parent of the Applications as input as well"
)
_TO_FOLDER = "write a folder with -d, so that the parent becomes one Kustomization per wave"
_DEFAULTS = frozenset({"", "0"})


@dataclass(slots=True, kw_only=True, eq=False)
class Household:
    """A family with the plans of its members by wave, first wave first, and how it is ordered.

    ``way``: ``none`` (one wave), ``edges``, ``folders``, or ``manual``. ``parents`` are the plans of
    the parent, one for each of its sources.
    """

    family: Family
    waves: list[tuple[int, list[Plan]]]
    way: str = "none"
    parents: list[Plan] = field(default_factory=list)
    members: set[App] = field(default_factory=set)

    @property
    def trouble(self) -> str:
        """Why the parent cannot deploy its members; empty when it can."""
        if self.family.edited:
            return "edited"
        if not self.members and not self.family.projects:
            return "absent"
        streams = any(not plan.request.options.to_folder for plan in self.parents)
        return "stream" if self.members and streams else ""


def arrange(plans: Sequence[Plan], loaded: Loaded) -> list[Household]:
    """Decide for every family how its order is kept, and tell the rows."""
    by_app: dict[App, list[Plan]] = {}
    for plan in plans:
        by_app.setdefault(plan.app, []).append(plan)
    waits = {each.root: each.waits_for_children for each in loaded.estate.settings}
    found = []
    for family in loaded.estate.families:
        house = _household(family, by_app)
        house.way = _way(house)
        _tell(house, by_app, waits=waits.get(family.root, False))
        found.append(house)
    return found


def _household(family: Family, by_app: Mapping[App, Sequence[Plan]]) -> Household:
    waves = []
    for wave, apps in family.waves():
        current = [plan for app in apps for plan in by_app.get(app, ()) if plan.kind]
        if current:
            waves.append((wave, current))
    own = by_app.get(family.parent, ()) if family.parent is not None else ()
    return Household(
        family=family,
        waves=waves,
        parents=[plan for plan in own if plan.kind and _holds_apps(plan)],
        members=set(family.members),
    )


def _holds_apps(plan: Plan) -> bool:
    content = plan.content
    return isinstance(content, Known) and any(map(is_for_argo, content.objects))


def _way(house: Household) -> str:
    if len(house.waves) < 2:  # noqa: PLR2004  # one wave has no order
        return "none"
    kinds = {plan.kind for _, plans in house.waves for plan in plans}
    most = max(len(plans) for _, plans in house.waves[:-1])
    if len(kinds) == 1 and most <= _MOST_EDGES:
        return "edges"
    return "folders" if house.parents and not house.trouble else "manual"


def _tell(house: Household, by_app: Mapping[App, Sequence[Plan]], *, waits: bool) -> None:
    """Facts for the rows of each member."""
    streams = any(not plan.request.options.to_folder for _, plans in house.waves for plan in plans)
    remedy = _TO_FOLDER if streams and house.family.parent is not None else _BY_HAND
    kinds = {plan.kind for _, plans in house.waves for plan in plans}
    detail = "objects of different kinds"
    if len(kinds) == 1:
        detail = f"more than {_MOST_EDGES} objects in one wave"
    first = {plan.app for plan in house.waves[0][1]} if house.waves else set()
    for app in house.family.members:
        for plan in by_app.get(app, ()):
            way = house.way
            if app.order.depends_on:
                way = "stated"
            elif way in _TARGETS and app in first:
                way = "first"
            elif way == "none":
                lonely = house.family.parent is None and len(house.members) == 1
                way = "unknown" if lonely else "alone"
            plan.facts |= {
                "wave_order": "" if app.resource.made_by is not None else way,
                "wave_target": _TARGETS.get(way, ""),
                "wave_detail": detail,
                "wave_remedy": remedy,
                "waits_for_children": waits,
            }
            plan.facts["set_order"] = way
            if (
                plan.main
                and wave_text(app) in _DEFAULTS
                and not waits
                and way in {"edges", "folders"}
            ):
                plan.say(
                    A2F_WAVE_006, value=wave_text(app) or "0 (none is stated)", target=_TARGETS[way]
                )


def tell_sets(plans: Iterable[Plan], loaded: Loaded, emission: Emission) -> None:
    """Facts for the wave of each set: its Applications are ordered in its place."""
    by_app = {plan.app: plan.facts for plan in plans}
    for generated in loaded.estate.generated:
        decision = emission.made.get(generated.resource)
        facts = next((by_app[app] for app in generated.apps if app in by_app), {})
        if decision is not None and "set_order" in facts:
            decision.facts["wave_order"] = facts["set_order"]
            for name in ("wave_target", "wave_detail", "wave_remedy", "waits_for_children"):
                decision.facts[name] = facts[name]


_TARGETS = {
    "edges": "`dependsOn` every app of the wave before",
    "folders": "a folder that is applied after those of the waves before",
}


def put_wave_order(houses: Iterable[Household], appliers: Mapping[Plan, Draft]) -> None:
    """Let appliers wait for the wave before them; without folders, as far as kinds allow it."""
    for house in houses:
        if house.way not in {"edges", "manual"}:
            continue
        before: dict[str, list[Plan]] = {}
        for _, plans in house.waves:
            for plan in plans:
                if plan in appliers and not plan.app.order.depends_on:
                    _depend(plan, appliers[plan], before.get(plan.kind, ()))
            for kind in {plan.kind for plan in plans}:
                before[kind] = [plan for plan in plans if plan.kind == kind and plan in appliers]


def _depend(plan: Plan, draft: Draft, before: Sequence[Plan]) -> None:
    if len(before) > _MOST_EDGES:
        return
    for other in before:
        item = {"name": other.name}
        if other.namespace != plan.namespace:
            item["namespace"] = other.namespace
        if item not in draft.body["spec"].get("dependsOn", ()):
            draft.add("spec.dependsOn", item, slot="annotations")
