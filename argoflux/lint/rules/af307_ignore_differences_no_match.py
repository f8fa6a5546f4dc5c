"""An entry of `ignoreDifferences` that can never match an object.

## What it does

It compares group and kind of each entry with the kinds that Kubernetes, Argo CD and Flux have: a
group that is missing, holds a version (`apps/v1`), or is not the group of the kind; and kinds in
lower case or plural.

## Why is this bad

Argo CD compares group and kind as they are (as globs), and an empty group means the core group.
`kind: Deployment` without `group: apps` matches nothing, and nobody is told: the Application stays
OutOfSync, or self-healing resets the field for ever.

## Fix safety

The fix writes the group and the kind that the entry was meant for.

## When to ignore it

When a CRD has a kind of the same name in the group that is stated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from argoflux.finding import Severity
from argoflux.lint import authored
from argoflux.lint.context import known_text
from argoflux.lint.ignored import built_in_groups, entries, groups_of, meant_kind
from argoflux.lint.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.text import Edit, Path

RULE = Rule(
    code="AF307",
    name="ignore-differences-no-match",
    severity=Severity.ERROR,
    scope="application",
    kinds=("Application", "ApplicationSet"),
    links=("https://argo-cd.readthedocs.io/en/stable/user-guide/diffing/",),
)

_CORE = frozenset({"v1", "core", "core/v1"})
"""Ways to write the core group that are no group."""


class _Right(NamedTuple):
    group: str
    kind: str
    reason: str


def check(app: ApplicationView, ctx: Context) -> Iterator[Finding]:
    """Entries whose group and kind no object has."""
    for path, entry in entries(app):
        group, kind = known_text(entry.get("group") or ""), known_text(entry.get("kind"))
        right = _right(group, kind) if group is not None and kind else None
        if right is None or group is None or kind is None:
            continue
        side = "group" if "group" in entry and right.kind == kind else "kind"
        yield RULE.at(
            app.place(*path, side),
            f"this entry never matches: {right.reason}",
            resource=app.resource,
            fix=ctx.safe("name the kind as it is", _edits(app, path, (group, kind), right)),
        )


def _right(group: str, kind: str) -> _Right | None:
    """Group and kind that were meant; None where the entry may match as it is."""
    meant = meant_kind(kind)
    if meant:
        right = _group_for(group, meant)
        text = f"kinds are compared as they are, write `kind: {meant}`"
        return _Right(group if right is None else right, meant, text)
    right = _group_for(group, kind)
    if right is None:
        return None
    if right:
        return _Right(right, kind, f"{kind} needs `group: {right}`")
    return _Right("", kind, f"{kind} is in the core group, which is written without `group`")


def _group_for(group: str, kind: str) -> str | None:
    """The group that a kind needs where another one is stated, None where that is not known."""
    groups = groups_of(kind)
    only = next(iter(groups)) if len(groups) == 1 else None
    if "/" in group:
        base = group.partition("/")[0]
        if group in _CORE and "" in groups:
            return ""
        return base if not groups or base in groups else only
    if group in groups or not groups:
        return None
    if group in built_in_groups() or group in _CORE:
        return only
    return None


def _edits(
    app: ApplicationView, path: Path, stated: tuple[str, str], right: _Right
) -> tuple[Edit, ...]:
    group, kind = stated
    edits: list[Edit] = []
    if kind != right.kind:
        changed = authored.set_value(app, (*path, "kind"), right.kind)
        if not changed:
            return ()
        edits += changed
    if group != right.group:
        at: Path = (*path, "group")
        if not right.group:
            changed = authored.delete(app, at)
        elif app.get(*at) == group:
            changed = authored.set_value(app, at, right.group)
        else:
            changed = authored.insert(app, at, right.group)
        if not changed:
            return ()
        edits += changed
    return tuple(edits)


def _example(entry: str) -> str:
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: shop
  source:
    repoURL: https://git.example.com/apps.git
    path: web
  destination:
    server: https://kubernetes.default.svc
    namespace: web
  ignoreDifferences:
    - {entry}
      jsonPointers:
        - /spec/replicas
"""


BAD = (
    Example(
        title="no group",
        yaml=_example("kind: Deployment"),
        at="spec.ignoreDifferences[0].kind",
        fixed=_example("kind: Deployment").rstrip("\n") + "\n      group: apps\n",
    ),
    Example(
        title="a group with a version",
        yaml=_example("group: apps/v1\n      kind: Deployment"),
        at="spec.ignoreDifferences[0].group",
        fixed=_example("group: apps\n      kind: Deployment"),
    ),
    Example(
        title="the group of other kinds",
        yaml=_example("group: apps\n      kind: HorizontalPodAutoscaler"),
        at="spec.ignoreDifferences[0].group",
        fixed=_example("group: autoscaling\n      kind: HorizontalPodAutoscaler"),
    ),
    Example(
        title="a version instead of the core group",
        yaml=_example("kind: ReplicationController\n      group: v1"),
        at="spec.ignoreDifferences[0].group",
        fixed=_example("kind: ReplicationController"),
    ),
    Example(
        title="a plural",
        yaml=_example("group: apps\n      kind: deployments"),
        at="spec.ignoreDifferences[0].kind",
        fixed=_example("group: apps\n      kind: Deployment"),
    ),
)
GOOD = (
    Example(title="group and kind", yaml=_example("group: apps\n      kind: Deployment")),
    Example(title="a glob", yaml=_example('group: "*"\n      kind: Deployment')),
    Example(
        title="a kind of somebody else with a known name",
        yaml=_example("group: serving.knative.dev\n      kind: Service"),
    ),
    Example(title="a kind that is filled in later", yaml=_example("kind: ${KIND}")),
)
