"""Hooks of Argo CD: what they become in the stages of a path, and in charts.

Facts: argo-cd:gitops-engine/pkg/sync (hook types, delete policies); kustomize-controller recreates
an object whose immutable fields change only where ``force`` is set (fluxcd/pkg:ssa/manager_apply.go).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.flux.selection import Requirement
from argoflux.mapping.chart_scan import scan_order
from argoflux.mapping.deletion import A2F_HOOK_005
from argoflux.mapping.order import (
    A2F_HOOK_001,
    A2F_HOOK_002,
    A2F_HOOK_003,
    A2F_HOOK_004,
    A2F_HOOK_006,
    A2F_HOOK_007,
    A2F_HOOK_008,
    A2F_HOOK_009,
    A2F_WAVE_005,
)
from argoflux.mapping.yields import summary
from argoflux.model.content import HOOK, HOOK_DELETE_POLICY
from argoflux.model.phases import by_helm, hook_types, is_hook, phases

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from argoflux.flux.emit_plan import Plan
    from argoflux.flux.stages import Group
    from argoflux.model.content import ContentObject

_FORCE = """\
- op: add
  path: /metadata/annotations/kustomize.toolkit.fluxcd.io~1force
  value: enabled
"""
_RECREATED = ("Job", "Pod")
"""Kinds of hooks that cannot be changed in place."""
_AFTER_DELETE = frozenset({"PreDelete", "PostDelete"})


def force_patches(group: Group) -> list[dict[str, Any]]:
    """Patches that have the Jobs and Pods of a group replaced when they change."""
    kinds = sorted({obj.ref.kind for obj in group.objects if is_hook(obj)} & set(_RECREATED))
    if not kinds:
        return []
    kind = kinds[0] if len(kinds) == 1 else f"({'|'.join(kinds)})"
    target: dict[str, Any] = {"kind": kind}
    if group.phase == "Sync" or not all(is_hook(obj) for obj in group.objects):
        target["annotationSelector"] = str(Requirement(HOOK, "exists"))
    return [{"target": target, "patch": _FORCE}]


def note_hooks(plan: Plan, objects: Sequence[ContentObject]) -> None:
    """Raise what becomes of the hooks of a path, one message per meaning."""
    path = plan.part.path
    hooks = [obj for obj in objects if is_hook(obj)]
    run = [obj for obj in hooks if phases(obj)]
    if run:
        plan.say(A2F_HOOK_001, hooks=_with_types(run))
    policies = [obj for obj in run if obj.annotations.get(HOOK_DELETE_POLICY)]
    if policies:
        stated = sorted({obj.annotations[HOOK_DELETE_POLICY] for obj in policies})
        plan.say(A2F_HOOK_002, policy=", ".join(stated), hooks=summary(policies))
    failing = [obj for obj in hooks if "SyncFail" in hook_types(obj)]
    if failing:
        plan.say(A2F_HOOK_003, hooks=summary(failing))
    at_end = [obj for obj in hooks if _AFTER_DELETE & set(hook_types(obj))]
    if at_end:
        plan.say(A2F_HOOK_005, value=summary(at_end))
    from_charts = [obj for obj in run if by_helm(obj)]
    if from_charts:
        plan.say(A2F_HOOK_006, hooks=_with_types(from_charts), path=path)
    never = [obj for obj in hooks if not phases(obj) and obj not in failing and obj not in at_end]
    if never:
        plan.say(A2F_HOOK_008, objects=summary(never))
    for obj in run:
        if len(phases(obj)) > 1:
            plan.say(A2F_HOOK_009, hook=str(obj.ref), phases=", ".join(phases(obj)))


def note_needs(plan: Plan, needs: Iterable[tuple[ContentObject, ContentObject]]) -> None:
    """Raise what hooks before the sync name and what comes only with the sync."""
    for hook, obj in needs:
        plan.say(A2F_HOOK_007, hook=str(hook.ref), id=str(obj.ref))


def note_chart_order(plan: Plan) -> None:
    """Raise what the templates of a chart in Git say about waves and Argo CD's hooks."""
    if plan.files is None or plan.kind != "HelmRelease":
        return
    found = scan_order(plan.files, plan.part.path)
    if found.hooks:
        plan.say(A2F_HOOK_004, files=", ".join(found.hooks), chart=plan.part.path)
    if found.waves:
        plan.say(A2F_WAVE_005, files=", ".join(found.waves), chart=plan.part.path)


def _with_types(objects: Iterable[ContentObject]) -> str:
    """The objects with the phases in which they run."""
    return ", ".join(sorted(f"{obj.ref} ({', '.join(phases(obj))})" for obj in objects))
