"""Label selectors over clusters and over flattened parameters.

Facts: argo-cd:applicationset/utils/selector.go, kubernetes/apimachinery:pkg/labels/selector.go. Values are
compared as texts, without the rules for values of labels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.argocd.appset.problems import ExpansionError
from argoflux.argocd.shapes import blocks, items, text, texts

if TYPE_CHECKING:
    from collections.abc import Mapping


def is_empty(selector: Any) -> bool:
    """Whether a selector asks for nothing."""
    return not texts(selector, "matchLabels") and not blocks(selector, "matchExpressions")


def matches(selector: Any, labels: Mapping[str, str]) -> bool:
    """Whether the labels are what a selector asks for; an empty one takes all.

    Raises ExpansionError for an operator that does not exist, or one with the wrong number of values.
    """
    wanted = texts(selector, "matchLabels").items()
    holds = all(labels.get(key) == value for key, value in wanted)
    rules = [_holds(rule, labels) for rule in blocks(selector, "matchExpressions")]
    return holds and all(rules)


def _holds(rule: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    key, operator = text(rule.get("key")), text(rule.get("operator"))
    values = [text(value) for value in items(rule, "values")]
    if operator in {"In", "NotIn"}:
        if not values:
            raise ExpansionError(f"the selector's `{operator}` of `{key}` has no values")
        return (labels.get(key) in values) == (operator == "In")
    if operator in {"Exists", "DoesNotExist"}:
        if values:
            raise ExpansionError(f"the selector's `{operator}` of `{key}` takes no values")
        return (key in labels) == (operator == "Exists")
    raise ExpansionError(f"the selector's operator `{operator}` does not exist")
