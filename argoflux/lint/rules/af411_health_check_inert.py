"""A health check or readiness expression that says nothing.

## What it does

It reports `healthChecks` beside `wait: true`, which takes everything that is applied and ignores the list;
entries without `apiVersion` for kinds that are not in `apps/v1`; `healthCheckExprs` without anything that
evaluates them; and expressions with unbalanced brackets or quotes. It tells where a `readyExpr` replaces the built-in look
at readiness.

## Why is this bad

The object looks guarded and is not: it is ready before what it deploys is, or it waits for an object that
does not exist until it times out.

## Fix safety

The fix removes a list that has no effect.

## When to ignore it

When a `readyExpr` shall replace the built-in check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.flux.fields import flag, items, table, text
from argoflux.lint.arrivals import arrivals
from argoflux.lint.dropping import without
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import ARTIFACT_RELEASE, KUSTOMIZATION
from argoflux.workspace.classify import has_placeholder
from argoflux.yamlio.tree import MISSING, dig

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

RULE = Rule(
    code="AF411",
    name="health-check-inert",
    severity=Severity.WARNING,
    kinds=("Kustomization", "HelmRelease"),
    links=("https://fluxcd.io/flux/components/kustomize/kustomizations/#wait",),
)

_APPS = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ControllerRevision"})
"""The kinds of `apps/v1`, which an entry without a version means."""
_CLOSING = {")": "(", "]": "[", "}": "{"}


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """Checks that are ignored, then those that cannot work."""
    if resource.ref.group not in {"kustomize.toolkit.fluxcd.io", "helm.toolkit.fluxcd.io"}:
        return
    if resource.ref.kind == "Kustomization":
        yield from _ignored_list(resource, ctx)
        yield from _versions(resource)
    yield from _expressions(resource, ctx)
    yield from _dependencies(resource)


def _ignored_list(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """kustomize-controller:internal/controller/kustomization_controller.go checkHealth."""
    body, path = resource.body, ("spec", "healthChecks")
    if flag(body, "spec", "wait") is True and items(body, *path):
        yield RULE.at(
            resource.place(*path, on="key"),
            "`healthChecks` has no effect beside `wait: true`, which waits for everything that is"
            " applied; remove one of the two",
            resource=resource,
            fix=ctx.safe("remove `healthChecks`", without(resource, [path])),
        )


def _versions(resource: Resource) -> Iterator[Finding]:
    """kustomize-controller:internal/inventory/inventory.go referenceToUnstructured (apps/v1)."""
    if flag(resource.body, "spec", "wait") is True:
        return
    for number, entry in enumerate(items(resource.body, "spec", "healthChecks")):
        kind = text(entry, "kind") if isinstance(entry, dict) else None
        if (
            kind
            and not has_placeholder(kind)
            and not text(entry, "apiVersion")
            and kind not in _APPS
        ):
            yield RULE.at(
                resource.place("spec", "healthChecks", number),
                f"an entry without `apiVersion` means apps/v1, where there is no {kind}; state its"
                " `apiVersion`",
                resource=resource,
            )


def _expressions(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """Expressions that are not evaluated, or cannot be.

    kustomize-controller:docs/spec/v1/kustomizations.md Health check expressions;
    helm-controller:api/v2/helmrelease_types.go WaitStrategy.
    """
    path = ("spec", "healthCheckExprs")
    stated = items(resource.body, *path)
    if not stated:
        return
    reason = _unused(resource)
    if reason and all(map(_unused, arrivals(ctx).of(resource))):
        yield RULE.at(
            resource.place(*path, on="key"),
            f"`healthCheckExprs` has no effect: {reason}",
            resource=resource,
        )
    for number, entry in enumerate(stated):
        for key in ("current", "inProgress", "failed"):
            expression = text(entry, key) if isinstance(entry, dict) else None
            if expression and not has_placeholder(expression) and not _is_balanced(expression):
                yield _broken(resource, "spec", "healthCheckExprs", number, key)


def _unused(resource: Resource) -> str:
    spec = table(resource.body, "spec")
    if resource.ref.kind == "Kustomization":
        wait = dig(spec, "wait")
        decided = wait in (MISSING, None, False)
        if decided and not items(spec, "healthChecks"):
            return "nothing is waited for; set `wait: true` or `healthChecks`"
        return ""
    if text(spec, "waitStrategy", "name") == "legacy":
        return "`waitStrategy: legacy` does not evaluate them; use `poller`"
    if all(flag(spec, step, "disableWait") is True for step in ("install", "upgrade")):
        return "`disableWait: true` switches waiting off"
    return ""


def _dependencies(resource: Resource) -> Iterator[Finding]:
    """kustomize-controller:internal/controller/kustomization_controller.go checkDependencies."""
    for number, entry in enumerate(items(resource.body, "spec", "dependsOn")):
        expression = text(entry, "readyExpr") if isinstance(entry, dict) else None
        if not expression or has_placeholder(expression):
            continue
        if not _is_balanced(expression):
            yield _broken(resource, "spec", "dependsOn", number, "readyExpr")
        elif "conditions" not in expression:
            yield RULE.at(
                resource.place("spec", "dependsOn", number, "readyExpr"),
                "`readyExpr` replaces the built-in check, and does not look at the Ready condition:"
                " a failed dependency may pass",
                resource=resource,
                severity=Severity.INFO,
            )


def _broken(resource: Resource, *path: str | int) -> Finding:
    message = (
        f"`{path[-1]}` is no CEL expression: brackets or quotes do not match; the controller gives"
        " up on the object until it is mended"
    )
    return RULE.at(resource.place(*path), message, resource=resource)


def _is_balanced(expression: str) -> bool:
    """Whether brackets and quotes match; what a parser says beyond that is not judged."""
    opened: list[str] = []
    quote = ""
    escaped = False
    for sign in expression:
        if quote:
            if escaped or sign == "\\":
                escaped = not escaped
            elif sign == quote:
                quote = ""
        elif sign in "\"'":
            quote = sign
        elif sign in "([{":
            opened.append(sign)
        elif sign in _CLOSING and (not opened or opened.pop() != _CLOSING[sign]):
            return False
    return not quote and not opened


_WAITING = KUSTOMIZATION + "  wait: true\n"
_CHECKS = "  healthChecks:\n    - apiVersion: apps/v1\n      kind: Deployment\n      name: web\n      namespace: web\n"
_EXPRESSIONS = """\
  healthCheckExprs:
    - apiVersion: example.com/v1
      kind: Shop
      current: status.phase == 'Open'
"""

BAD = (
    Example(
        title="a list beside a general wait",
        yaml=_WAITING + _CHECKS,
        at="spec.healthChecks",
        fixed=_WAITING,
    ),
    Example(
        title="a release without its version",
        yaml=KUSTOMIZATION
        + "  healthChecks:\n    - kind: HelmRelease\n      name: web\n      namespace: web\n",
        at="spec.healthChecks[0]",
    ),
    Example(
        title="expressions that nobody evaluates",
        yaml=KUSTOMIZATION + _EXPRESSIONS,
        at="spec.healthCheckExprs",
    ),
    Example(
        title="a bracket too many",
        yaml=_WAITING + _EXPRESSIONS.replace("'Open'", "'Open')"),
        at="spec.healthCheckExprs[0].current",
    ),
    Example(
        title="an expression instead of readiness",
        yaml=KUSTOMIZATION
        + "  dependsOn:\n    - name: api\n      readyExpr: has(dep.status.lastAppliedRevision)\n",
        at="spec.dependsOn[0].readyExpr",
    ),
    Example(
        title="the old way of waiting",
        yaml=ARTIFACT_RELEASE + "  waitStrategy: {name: legacy}\n" + _EXPRESSIONS,
        at="spec.healthCheckExprs",
    ),
)
GOOD = (
    Example(title="everything is waited for", yaml=_WAITING),
    Example(title="one object is waited for", yaml=KUSTOMIZATION + _CHECKS),
    Example(title="expressions that count", yaml=_WAITING + _EXPRESSIONS),
    Example(
        title="a switch that is filled in later",
        yaml=KUSTOMIZATION + "  wait: ${wait}\n" + _EXPRESSIONS,
    ),
)
