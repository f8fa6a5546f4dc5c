"""Tolerated differences: ``ignoreDifferences`` as Flux's ignore rules.

Facts: argo-cd:util/argo/normalizers/diff_normalizer.go; fluxcd/pkg:ssa/manager_apply.go (Flux also
leaves the fields alone when it applies).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.flux.emit_gates import has_field
from argoflux.mapping.ignore_rules import is_pointer, to_flux
from argoflux.mapping.jq_paths import pointer_of

if TYPE_CHECKING:
    from argoflux.flux.emit_plan import Plan
    from argoflux.mapping.draft import Draft


def put_ignore_rules(plan: Plan, draft: Draft, path: str) -> None:
    """Write every rule that says something in Flux; the rest stays a message of its row."""
    there = has_field(plan.flux, plan.kind, path)
    plan.facts["flux_ignore"] = there
    pointers: dict[str, str] = {}
    for rule in plan.app.drift.rules:
        paths = [pointer for pointer in rule.pointers if is_pointer(pointer)]
        for expression in rule.jq:
            pointer = pointer_of(expression)
            if pointer is not None:
                pointers[expression] = pointer
                paths.append(pointer)
        if not (there and paths):
            continue
        item: dict[str, Any] = {"paths": list(dict.fromkeys(paths))}
        target = to_flux(rule)
        if target:
            item["target"] = target
        draft.add(path, item, slot="drift.rules")
    plan.facts["jq_pointers"] = pointers
