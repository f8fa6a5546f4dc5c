"""A progressive rollout that never happens, or leaves Applications out.

## What it does

It reads `spec.strategy`: steps without `type: RollingSync`, a RollingSync without steps, operators other than `In` and `NotIn`, steps that ask for
labels which the template does not set, Applications that no step takes, and limits that let none be updated.

## Why is this bad

Argo CD switches automatic syncs of such a set off. An Application that no step takes is never synced again, and a strategy that is not
recognised syncs everything at once.

## Fix safety

The fix adds the type that the steps are for.

## When to ignore it

When labels come from `templatePatch`, which the rule does not follow.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from argoflux.argocd.appset.rollout import rollout_steps, step_of
from argoflux.argocd.shapes import block, blocks, text, texts
from argoflux.finding import Severity
from argoflux.lint.application import is_known
from argoflux.lint.appsets import generators, spec_of
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import APPLICATION_SET, LIST_GENERATOR
from argoflux.yamlio.edit import insert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.text import Path

RULE = Rule(
    code="AF334",
    name="appset-rolling-sync-inert",
    severity=Severity.ERROR,
    kinds=("ApplicationSet",),
    links=("https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/",),
)

# argo-cd:applicationset/progressivesync/progressive_sync.go
_STEPS_AT: Path = ("spec", "strategy", "rollingSync", "steps")
_LIMIT = re.compile(r"\d+%?")
_OPERATORS = frozenset({"In", "NotIn"})
_ORDERS = frozenset({"AllAtOnce", "Reverse"})


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """The strategy, its steps, and whom they take."""
    strategy = block(spec_of(resource), "strategy")
    kind, steps = text(strategy.get("type")), blocks(block(strategy, "rollingSync"), "steps")
    if not kind and "rollingSync" in strategy:
        at = (*resource.place("spec", "strategy").path, "type")
        fix = ctx.safe("add `type: RollingSync`", insert(resource.document, at, "RollingSync"))
        message = (
            "without `type: RollingSync` the steps are not read, and all Applications sync at once"
        )
        place = resource.place("spec", "strategy", "rollingSync", on="key")
        yield RULE.at(place, message, resource=resource, fix=fix)
        return
    if kind == "RollingSync" and not steps:
        message = "the rollout has no steps, so no Application is ever synced; add steps"
        yield RULE.at(resource.place("spec", "strategy"), message, resource=resource)
        return
    order = text(strategy.get("deletionOrder"))
    if order and (order not in _ORDERS or (order == "Reverse" and kind != "RollingSync")):
        message = f"`deletionOrder: {order}` has no effect here; `Reverse` needs a RollingSync"
        yield RULE.at(
            resource.place("spec", "strategy", "deletionOrder"), message, resource=resource
        )
    if kind == "RollingSync":
        yield from _steps(resource, steps)
        yield from _left_out(resource, ctx)


def _steps(resource: Resource, steps: list[dict[str, Any]]) -> Iterator[Finding]:
    at = _STEPS_AT
    for number, step in enumerate(steps):
        for index, rule in enumerate(blocks(step, "matchExpressions")):
            operator = text(rule.get("operator"))
            if operator not in _OPERATORS:
                path = (*at, number, "matchExpressions", index, "operator")
                message = f"the operator `{operator}` takes no Application; write `In` or `NotIn`"
                yield RULE.at(resource.place(*path), message, resource=resource)
        most = text(step.get("maxUpdate"))
        place = resource.place(*at, number, "maxUpdate")
        if most in {"0", "0%"}:
            message = (
                "`maxUpdate: 0` syncs none of the step's Applications: somebody has to, by hand"
            )
            yield RULE.at(place, message, resource=resource, severity=Severity.INFO)
        elif most and is_known(most) and not _LIMIT.fullmatch(most):
            message = f"`maxUpdate: {most}` is neither a number nor a percentage"
            yield RULE.at(place, message, resource=resource)


def _left_out(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """Applications that no step takes; a set that is not known in full is not judged."""
    expansion, steps = ctx.expansion(resource), rollout_steps(resource.body)
    if "templatePatch" in spec_of(resource):
        return
    if expansion.problems:
        yield from _without_label(resource, steps)
        return
    left = [
        child.name
        for child in expansion.children
        if step_of(texts(block(child.body, "metadata"), "labels"), steps) is None
    ]
    if left:
        more = f" and {len(left) - 1} more" if len(left) > 1 else ""
        message = f"no step takes {left[0]}{more}, which is never synced; check labels and values"
        place = resource.place(*_STEPS_AT, on="key")
        yield RULE.at(place, message, resource=resource)
    for child in expansion.children:
        labels = texts(block(child.body, "metadata"), "labels")
        taken = [n for n, step in enumerate(steps, 1) if step_of(labels, [step]) is not None]
        if len(taken) > 1:
            several = " and ".join(map(str, taken))
            message = f"the steps {several} take {child.name}; let one step take each Application"
            place = resource.place(*_STEPS_AT, taken[-1] - 1)
            yield RULE.at(place, message, resource=resource, severity=Severity.WARNING)


def _without_label(resource: Resource, steps: list[dict[str, Any]]) -> Iterator[Finding]:
    """Steps that ask for a label that the template does not set, whatever the generators give."""
    spec = spec_of(resource)
    labels = texts(block(block(spec, "template"), "metadata"), "labels")
    own = any("template" in one.stated for one in generators(resource))
    if own or not all(map(is_known, labels)):
        return
    for number, step in enumerate(steps):
        for index, rule in enumerate(blocks(step, "matchExpressions")):
            key = text(rule.get("key"))
            if text(rule.get("operator")) == "In" and key not in labels:
                message = f"the template sets no label `{key}`, so the step takes no Application"
                place = resource.place(*_STEPS_AT, number, "matchExpressions", index, "key")
                yield RULE.at(place, message, resource=resource)


_LABELLED = APPLICATION_SET.replace("<generator>", LIST_GENERATOR).replace(
    '      name: "{{ .name }}"\n',
    '      name: "{{ .name }}"\n      labels: {tier: "{{ .name }}"}\n',
)
_STEPS = """\
    rollingSync:
      steps:
        - matchExpressions:
            - {key: tier, operator: In, values: [web]}
        - matchExpressions:
            - {key: tier, operator: In, values: [<second>]}
"""

BAD = (
    Example(
        title="steps without the type",
        yaml=_LABELLED + "  strategy:\n" + _STEPS.replace("<second>", "api"),
        at="spec.strategy.rollingSync",
        fixed=_LABELLED
        + "  strategy:\n"
        + _STEPS.replace("<second>", "api")
        + "    type: RollingSync\n",
    ),
    Example(
        title="an Application that no step takes",
        yaml=_LABELLED
        + "  strategy:\n    type: RollingSync\n"
        + _STEPS.replace("<second>", "apis"),
        at="spec.strategy.rollingSync.steps",
    ),
    Example(
        title="a label that no Application has",
        yaml=APPLICATION_SET.replace("<generator>", "- clusters: {}")
        + "  strategy:\n    type: RollingSync\n    rollingSync:\n      steps:\n"
        + "        - matchExpressions:\n            - {key: env, operator: In, values: [dev]}\n",
        at="spec.strategy.rollingSync.steps[0].matchExpressions[0].key",
    ),
    Example(
        title="a step that is synced by hand",
        yaml=_LABELLED
        + "  strategy:\n    type: RollingSync\n"
        + _STEPS.replace("<second>", "api")
        + "          maxUpdate: 0\n",
        at="spec.strategy.rollingSync.steps[1].maxUpdate",
    ),
)
GOOD = (
    Example(
        title="a step for each",
        yaml=_LABELLED + "  strategy:\n    type: RollingSync\n" + _STEPS.replace("<second>", "api"),
    ),
)
