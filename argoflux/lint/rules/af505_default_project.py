"""An Application in the project `default`, which allows everything.

## What it does

It reports Applications, also those that an ApplicationSet makes, whose `spec.project` is `default`
or empty. A missing one is a violation of the schema (AF101).

## Why is this bad

The project `default` lets every Application deploy from any repository to any cluster, all kinds
included, unless somebody narrowed it. A mistake or a stolen commit in one repository then reaches
everything that Argo CD can.

## When to ignore it

When one team owns the whole installation and nobody else can write to the repositories; or when the
input defines a narrowed project `default`, which silences the rule.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.lint.authored import is_whole
from argoflux.lint.projects import open_sources
from argoflux.lint.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

RULE = Rule(
    code="AF505",
    name="default-project",
    severity=Severity.WARNING,
    scope="application",
    kinds=("Application", "ApplicationSet"),
    links=("https://argo-cd.readthedocs.io/en/stable/user-guide/projects/",),
)


def check(app: ApplicationView, ctx: Context) -> Iterator[Finding]:
    """An Application whose project is `default` or not stated."""
    project = app.get("spec", "project")
    if project not in (None, "", "default") or _narrowed(app, ctx):
        return
    if app.open and not is_whole(app):
        return  # a patch may name one
    yield RULE.at(
        app.place("spec", "project"),
        "the Application belongs to project `default`, which allows every source, cluster and kind;"
        " name a project of its own",
        resource=app.resource,
    )


def _narrowed(app: ApplicationView, ctx: Context) -> bool:
    """Whether the input defines a project `default` without wildcards for its sources."""
    known: dict[str, list[Resource]] | None = ctx.memory.get(RULE.code)
    if known is None:
        known = ctx.memory[RULE.code] = defaultdict(list)
        for each in ctx.resources:
            if each.ref.kind == "AppProject" and each.ref.name == "default":
                known[each.root].append(each)
    found = known.get(app.resource.root, [])
    return bool(found) and not any(dict(open_sources(each)) for each in found)


BAD = (
    Example(
        title="the default project",
        yaml="""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: default
  source:
    repoURL: https://git.example.com/apps.git
    path: web
    targetRevision: v1.2.3
  destination:
    server: https://kubernetes.default.svc
    namespace: web
""",
        at="spec.project",
    ),
)
GOOD = (
    Example(
        title="a project of its own",
        yaml="""\
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
    targetRevision: v1.2.3
  destination:
    server: https://kubernetes.default.svc
    namespace: web
""",
    ),
)
