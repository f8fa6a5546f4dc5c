"""Tolerated differences: ``ignoreDifferences`` as Flux's ignore rules.

Facts: argo-cd:util/argo/normalizers/diff_normalizer.go; fluxcd/pkg:ssa/manager_apply.go (Flux also
leaves the fields alone when it applies).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.flux.emit_gates import has_field
from argoflux.goports.globs import gobwas
from argoflux.mapping.drift import A2F_IGN_004
from argoflux.mapping.ignore_rules import is_pointer, to_flux
from argoflux.mapping.jq_paths import pointer_of
from argoflux.model.content import Known
from argoflux.yamlio.tree import MISSING, dig

if TYPE_CHECKING:
    from argoflux.flux.emit_plan import Plan
    from argoflux.mapping.draft import Draft
    from argoflux.model.app import IgnoreRule


def put_ignore_rules(plan: Plan, draft: Draft, path: str) -> None:
    """Write every rule that says something in Flux; the rest stays a message of its row."""
    there = has_field(plan.flux, plan.kind, path)
    plan.facts["flux_ignore"] = there
    pointers: dict[str, str] = {}
    for rule in plan.app.drift.rules:
        item, found = rule_item(rule)
        pointers |= found
        if there and item is not None:
            draft.add(path, item, slot="drift.rules")
        if plan.kind == "Kustomization":
            _say_absent(plan, rule, (*rule.pointers, *found.values()))
    if pointers:
        plan.facts["jq_pointers"] = pointers


def _say_absent(plan: Plan, rule: IgnoreRule, pointers: tuple[str, ...]) -> None:
    """Fields that others set on live objects and Git does not hold (fluxcd/pkg:ssa/patch.go)."""
    content = plan.content
    for obj in content.objects if isinstance(content, Known) else ():
        ref = obj.ref
        same = rule.name in {"", ref.name} and rule.namespace in {"", ref.namespace}
        if not same or not gobwas(rule.group, ref.group) or not gobwas(rule.kind, ref.kind):
            continue
        for pointer in pointers:
            steps = [s.replace("~1", "/").replace("~0", "~") for s in pointer.split("/")[1:]]
            if steps and dig(dict(obj.body), *steps) is MISSING:
                plan.say(A2F_IGN_004, field=pointer, object=str(ref))


def rule_item(rule: IgnoreRule) -> tuple[dict[str, Any] | None, dict[str, str]]:
    """The Flux rule, None when it has no path to say, and the pointers of its jq paths."""
    pointers = {
        expression: pointer
        for expression in rule.jq
        if (pointer := pointer_of(expression)) is not None
    }
    paths = [pointer for pointer in rule.pointers if is_pointer(pointer)]
    paths += [pointers[expression] for expression in rule.jq if expression in pointers]
    if not paths:
        return None, pointers
    item: dict[str, Any] = {"paths": list(dict.fromkeys(paths))}
    target = to_flux(rule)
    if target:
        item["target"] = target
    return item, pointers
