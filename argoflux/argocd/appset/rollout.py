"""The steps of a RollingSync strategy and the Applications in them.

Facts: argo-cd:applicationset/progressivesync/progressive_sync.go (buildAppDependencyList,
labelMatchedExpression, RollingSyncStrategyEnabled).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.argocd.shapes import block, blocks, items, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def rollout_steps(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The steps that order syncs; none when the strategy is another one or has no steps."""
    strategy = block(block(body, "spec"), "strategy")
    if text(strategy.get("type")) != "RollingSync":
        return []
    return blocks(block(strategy, "rollingSync"), "steps")


def step_of(labels: Mapping[str, str], steps: Sequence[Mapping[str, Any]]) -> int | None:
    """The first step that takes an Application with these labels; None when none does."""
    for number, step in enumerate(steps):
        if all(_takes(rule, labels) for rule in blocks(step, "matchExpressions")):
            return number
    return None


def _takes(rule: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """Whether one expression lets an Application in; only ``In`` asks for the label to be there."""
    key, operator = text(rule.get("key")), text(rule.get("operator"))
    if key not in labels:
        return operator != "In"
    if operator not in {"In", "NotIn"}:
        return False
    return (labels[key] in map(text, items(rule, "values"))) == (operator == "In")
