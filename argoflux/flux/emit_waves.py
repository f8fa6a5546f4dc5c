"""Sync waves and hooks of one path: several Kustomizations over it, in order.

Each applies what belongs to one stage and deletes the rest from its build; ``dependsOn`` with
``wait`` keeps the order.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING

from argoflux.flux.emit_app_of_apps import children_drafts, leave_out_children
from argoflux.flux.emit_hooks import force_patches, note_hooks, note_needs
from argoflux.flux.selection import Requirement, delete_rest
from argoflux.flux.stage_names import name_edits, needed_later, regroup
from argoflux.flux.stages import Group, Stage, groups_of, never_applied, wave_name
from argoflux.mapping.names import shorten, with_hash
from argoflux.mapping.order import (
    A2F_WAVE_001,
    A2F_WAVE_002,
    A2F_WAVE_003,
    A2F_WAVE_004,
    A2F_WAVE_007,
    A2F_WAVE_008,
    A2F_WAVE_011,
)
from argoflux.model.content import HELM_HOOK, HOOK, WAVE, Known
from argoflux.model.phases import is_hook

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from argoflux.flux.emit_kept import Identity
    from argoflux.flux.emit_plan import Plan
    from argoflux.flux.selection import Selector
    from argoflux.flux.stage_names import Edits
    from argoflux.mapping.draft import Draft
    from argoflux.model.content import ContentObject

_SHOWN = 5
_NOTHING = Group(phase="Sync", waves=(0,), objects=())
"""What a path with nothing but objects that are never applied comes to."""
_HOOK_INTERVAL = "1h"
_HOOK_TIMEOUT = "10m"
_SUFFIX = {"PreSync": "-presync", "Sync": "", "PostSync": "-postsync"}


def plan_stages(plans: Sequence[Plan], taken: Iterable[Identity]) -> None:
    """Decide for every Kustomization whether it takes stages, name them, and say so."""
    used = {*taken, *((p.app.root, p.kind, p.namespace, p.name) for p in plans)}
    for plan in plans:
        if plan.kind == "Kustomization" and isinstance(plan.content, Known):
            plan.stages = _stages(plan, plan.content, used)
            if plan.stages:
                plan.facts["object"] = plan.id
    _say_unseen(plans)


def _stages(plan: Plan, content: Known, used: set[Identity]) -> tuple[Stage, ...]:
    objects = content.objects
    namespace = plan.app.destination.namespace or ""
    groups = groups_of(objects, namespace)
    dropped = never_applied(objects)
    if len(groups) <= 1 and not dropped:
        if any(len(group.waves) > 1 for group in groups):
            plan.say(A2F_WAVE_002, path=plan.part.path)
        if groups:
            note_hooks(plan, objects)
        hooked = [obj for obj in objects if is_hook(obj)]
        return _one_stage(plan, groups[0]) if hooked else ()
    groups = _without_negatives(plan, groups)
    edits = name_edits(plan)
    regrouped = regroup(groups, edits)
    note_hooks(plan, objects)
    if regrouped.trouble:
        plan.say(A2F_WAVE_008, path=plan.part.path, trouble=regrouped.trouble)
        return ()
    groups = [group for group in regrouped.groups if group.objects] or [_NOTHING]
    note_needs(plan, needed_later(groups, edits))
    names = _names(plan, groups, used)
    stages = [
        _stage(name, group, groups, dropped, edits)
        for name, group in zip(names, groups, strict=True)
    ]
    if any(stage is None for stage in stages):
        trouble = "objects with the same kind, name and namespace are in several stages"
        plan.say(A2F_WAVE_008, path=plan.part.path, trouble=trouble)
        return ()
    found = tuple(stage for stage in stages if stage is not None)
    _say_split(plan, content, found)
    return found


def _say_unseen(plans: Sequence[Plan]) -> None:
    """Say once for which apps nobody can tell whether their objects have waves or hooks."""
    unseen = [plan for plan in plans if plan.kind and not isinstance(plan.content, Known)]
    if unseen:
        ids = list(dict.fromkeys(plan.app.id for plan in unseen))
        more = len(ids) - _SHOWN
        shown = ", ".join(ids[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
        unseen[0].emission.say(A2F_WAVE_011, names=shown)


def _one_stage(plan: Plan, group: Group) -> tuple[Stage, ...]:
    """All objects are applied together; hooks among them are replaced when they change."""
    return (Stage(name=plan.name, group=group, patches=tuple(force_patches(group))),)


def _without_negatives(plan: Plan, groups: list[Group]) -> list[Group]:
    """The groups, with all waves of a phase as one where two groups have negative waves."""
    found: list[Group] = []
    for phase in dict.fromkeys(group.phase for group in groups):
        own = [group for group in groups if group.phase == phase]
        if sum(min(group.waves) < 0 for group in own) <= 1:
            found += own
            continue
        waves = sorted({wave for group in own for wave in group.waves})
        negative = ", ".join(str(wave) for wave in waves if wave < 0)
        plan.say(A2F_WAVE_003, path=plan.part.path, waves=negative)
        objects = tuple(obj for group in own for obj in group.objects)
        found.append(Group(phase=phase, waves=tuple(waves), objects=objects))
    return found


def _names(plan: Plan, groups: Sequence[Group], used: set[Identity]) -> list[str]:
    """Names of the stages; the sync keeps the app's own name where it has one stage only."""
    names = []
    for group in groups:
        several = sum(other.phase == group.phase for other in groups) > 1
        wanted = f"{plan.name}{_SUFFIX[group.phase]}"
        if several:
            wanted = f"{wanted}-{wave_name(max(group.waves))}"
        if len(groups) == 1:
            wanted = plan.name
        name = shorten(wanted)
        key = (plan.app.root, plan.kind, plan.namespace, name)
        if name != plan.name and key in used:
            name = with_hash(wanted, f"{plan.app.id} {group.phase} {max(group.waves)}")
        used.add((plan.app.root, plan.kind, plan.namespace, name))
        names.append(name)
    return names


def _stage(
    name: str,
    group: Group,
    groups: Sequence[Group],
    dropped: Sequence[ContentObject],
    edits: Edits,
) -> Stage | None:
    """A stage with its patches, None where no patch can tell its objects from others."""
    others = [obj for other in groups if other is not group for obj in other.objects]
    rest = [*others, *dropped]
    preferred = [
        *_hook_selectors(group, [*group.objects, *rest]),
        *_wave_selectors(group, [other for other in groups if other.phase == group.phase]),
    ]
    selection = delete_rest(group.objects, rest, preferred, edits.name_of)
    if selection.stuck:
        return None
    return Stage(name=name, group=group, patches=(*selection.patches, *force_patches(group)))


def _hook_selectors(group: Group, everything: Iterable[ContentObject]) -> list[Selector]:
    """What tells the phase of a group from the others."""
    hooks = [obj for obj in everything if is_hook(obj)]
    if group.phase != "Sync":
        own = any(HOOK in obj.annotations for obj in group.objects)
        key = HOOK if own else HELM_HOOK
        values = {group.phase} if own else {obj.annotations[key] for obj in group.objects}
        return [(Requirement(key, "notin", tuple(sorted(values))),)]
    found: list[Selector] = []
    if any(HOOK in obj.annotations for obj in hooks):
        kept = any(HOOK in obj.annotations for obj in group.objects if is_hook(obj))
        exists = Requirement(HOOK, "exists")
        found.append((exists, Requirement(HOOK, "notin", ("Sync",))) if kept else (exists,))
    if any(HELM_HOOK in obj.annotations and HOOK not in obj.annotations for obj in hooks):
        found.append((Requirement(HELM_HOOK, "exists"),))
    return found


def _wave_selectors(group: Group, phase: Sequence[Group]) -> list[Selector]:
    """What tells the waves of a group from the others of its phase."""
    if len(phase) == 1:
        return []
    own = _values(group)
    if min(group.waves) < 0:
        absent: list[Selector] = [] if 0 in group.waves else [(Requirement(WAVE, "absent"),)]
        other = [value for each in phase if each is not group for value in _values(each)]
        return [*absent, (Requirement(WAVE, "in", tuple(other)),)]
    notin = Requirement(WAVE, "notin", own)
    return [(notin, Requirement(WAVE, "exists"))] if 0 in group.waves else [(notin,)]


def _values(group: Group) -> tuple[str, ...]:
    """The waves of a group as annotations spell them, in order; negative ones cannot be selected."""
    spelled = {obj.annotations[WAVE] for obj in group.objects if WAVE in obj.annotations}
    plain = {str(wave) for wave in group.waves if wave >= 0}
    found = plain | {text for text in spelled if text.isdigit()}
    return tuple(sorted(found, key=lambda text: (int(text), text)))


def _say_split(plan: Plan, content: Known, stages: Sequence[Stage]) -> None:
    if len(stages) == 1:
        return
    names = ", ".join(stage.name for stage in stages)
    path = plan.part.path
    plan.say(A2F_WAVE_001, path=path, names=names, order=_order(stages))
    if plan.app.sync.prune:
        plan.say(A2F_WAVE_004, path=path, names=names)
    if not content.complete:
        plan.say(A2F_WAVE_007, path=path, names=names, gap=content.gaps[0].reason)


def _order(stages: Sequence[Stage]) -> str:
    """The stages in words: phases, and waves where a phase has several."""
    words = []
    for stage in stages:
        several = sum(other.group.phase == stage.group.phase for other in stages) > 1
        waves = ", ".join(map(str, stage.group.waves))
        words.append(f"{stage.group.phase} wave {waves}" if several else stage.group.phase)
    return " → ".join(words)


def split_appliers(appliers: Mapping[Plan, Draft]) -> list[Draft]:
    """The appliers with those that take stages split; whatever waits for one waits for its end."""
    ends = {
        (draft.root, draft.kind, draft.namespace, draft.name): plan.end
        for plan, draft in appliers.items()
    }
    found: list[Draft] = []
    for plan, draft in appliers.items():
        _follow_ends(draft, ends)
        plan.facts.setdefault("interval", draft.body["spec"]["interval"])
        if plan.children is not None and not plan.only_children:
            leave_out_children(draft)
        own: list[Draft] = []
        for stage in plan.stages:
            own.append(_with_stage(draft, stage, own[-1].name if own else ""))
        found += children_drafts(plan, draft, own or [draft])
    return found


def _with_stage(draft: Draft, stage: Stage, previous: str) -> Draft:
    """A copy of an applier for one stage; the first one keeps what the app itself waits for."""
    made = replace(draft, name=stage.name, body={}, traces=list(draft.traces))
    made.body = deepcopy(draft.body)
    made.body["metadata"]["name"] = stage.name
    if stage.hooks:
        made.put("spec.interval", _HOOK_INTERVAL, origin="required")
        made.put("spec.timeout", _HOOK_TIMEOUT, origin="default")
    if previous:
        made.put("spec.dependsOn", [{"name": previous}], origin="derived")
    for patch in stage.patches:
        made.add("spec.patches", dict(patch), origin="derived")
    return made


def _follow_ends(draft: Draft, ends: Mapping[Identity, str]) -> None:
    """Let ``dependsOn`` name what is ready last where an app became several objects."""
    for item in draft.body["spec"].get("dependsOn", ()):
        namespace = item.get("namespace", draft.namespace)
        key = (draft.root, draft.kind, namespace, item["name"])
        item["name"] = ends.get(key, item["name"])
