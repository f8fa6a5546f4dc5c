"""Sync options that contradict each other, or put live objects at risk.

## What it does

It reports `Replace=true` beside `ServerSideApply=true`; `Replace=true` on an Application that syncs
by itself; `Validate=false` without server-side apply; `Prune=false` beside `automated.prune`; one
option with two values; and, as a note, `ClientSideApplyMigration=false` and
`SkipDryRunOnMissingResource=true` for a whole Application.

## Why is this bad

`Replace=true` wins over server-side apply and replaces every object at every sync, automated ones
too: Services, volume claims and CRDs may be recreated, which is an outage or a loss of data.
`Validate=false` lets misspelt fields pass, which the API server then drops.

## Fix safety

The fix removes `Replace=true` where `ServerSideApply=true` stands beside it: objects are then
applied, not replaced.

## When to ignore it

For an Application of Jobs alone, which cannot be changed in place and have nothing to lose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.argocd.shapes import block
from argoflux.finding import Severity
from argoflux.lint import authored
from argoflux.lint.rule import Example, Rule
from argoflux.lint.sync_options import ANNOTATION
from argoflux.lint.sync_policy import automation, options
from argoflux.versions import Release

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.text import Path

RULE = Rule(
    code="AF305",
    name="conflicting-or-destructive-sync-options",
    severity=Severity.WARNING,
    scope="estate",
    kinds=("Application", "ApplicationSet"),
    links=("https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/",),
)

_REPLACE, _SERVER_SIDE = "Replace=true", "ServerSideApply=true"
_READS_PRUNE = Release(3, 4)  # argo-cd:controller/sync.go at v3.4.0 and v3.3.0
# argo-cd:docs/operator-manual/upgrading/3.2-3.3.md
_NOTES = {
    "ClientSideApplyMigration=false": (
        "`ClientSideApplyMigration=false` worked around a defect of 3.3.0 and 3.3.1; with a later"
        " release it leaves old field owners behind and can go"
    ),
    "SkipDryRunOnMissingResource=true": (
        "`SkipDryRunOnMissingResource=true` for a whole Application hides misspelt kinds until they"
        " are applied; annotate the objects whose CRD comes later"
    ),
}


def check(ctx: Context) -> Iterator[Finding]:
    """The options of every Application, and of objects that state both ways to be applied."""
    for app in ctx.all_applications:
        stated = {option: path for path, option in reversed(list(options(app)))}
        yield from _replacing(app, stated, ctx)
        yield from _others(app, stated, ctx)
    for resource in ctx.workspace.marked:
        notes = block(block(resource.body, "metadata"), "annotations")
        found = str(notes.get(ANNOTATION, "")).replace(" ", "").split(",")
        if _REPLACE in found and _SERVER_SIDE in found:
            yield RULE.at(
                resource.place("metadata", "annotations", ANNOTATION),
                "`Replace=true` wins over `ServerSideApply=true`: the object is replaced, not"
                " applied; keep one of them",
                resource=resource,
            )


def _replacing(app: ApplicationView, stated: dict[str, Path], ctx: Context) -> Iterator[Finding]:
    """Argo-cd:gitops-engine/pkg/sync/sync_context.go applyObject asks for replacing first."""
    if _REPLACE not in stated:
        return
    path = stated[_REPLACE]
    if _SERVER_SIDE in stated:
        yield RULE.at(
            app.place(*path),
            "`Replace=true` wins over `ServerSideApply=true`: every object is replaced, not applied;"
            " remove it, and annotate the objects that must be replaced",
            resource=app.resource,
            fix=ctx.unsafe("remove `Replace=true`", authored.delete(app, path)),
        )
    elif automation(app) is not None:
        yield RULE.at(
            app.place(*path),
            "`Replace=true` replaces every object at each automated sync, which can recreate Services,"
            " volume claims and CRDs; annotate the objects that need it",
            resource=app.resource,
        )


def _others(app: ApplicationView, stated: dict[str, Path], ctx: Context) -> Iterator[Finding]:
    def told(option: str, text: str, severity: Severity = Severity.WARNING) -> Finding:
        place = app.place(*stated[option])
        return RULE.at(place, text, resource=app.resource, severity=severity)

    if "Validate=false" in stated and _SERVER_SIDE not in stated:
        text = "`Validate=false` lets misspelt fields pass, and the API server drops them silently"
        yield told("Validate=false", f"{text}; annotate the objects that need it")
    automated = automation(app)
    reads = ctx.release("argocd", app.resource) >= _READS_PRUNE
    if reads and "Prune=false" in stated and automated and automated.get("prune") is True:
        text = "`Prune=false` keeps every object, so `automated.prune: true` deletes nothing"
        yield told("Prune=false", f"{text}; remove one of them")
    for option, text in _NOTES.items():
        if option in stated:
            yield told(option, text, Severity.INFO)
    values: dict[str, str] = {}
    for option in stated:
        name, _, value = option.partition("=")
        if values.setdefault(name, value) != value:
            yield told(option, f"`{name}` is stated twice with different values; keep one of them")


def _example(*given: str, automated: str = "{}") -> str:
    lines = "".join(f"      - {option}\n" for option in given)
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
  syncPolicy:
    automated: {automated}
    syncOptions:
{lines}"""


_AT = "spec.syncPolicy.syncOptions[0]"
BAD = (
    Example(
        title="replacing beside server-side apply",
        yaml=_example("Replace=true", "ServerSideApply=true"),
        at=_AT,
        fixed=_example("ServerSideApply=true"),
        safety="unsafe",
    ),
    Example(title="replacing by itself", yaml=_example("Replace=true"), at=_AT),
    Example(title="no validation", yaml=_example("Validate=false"), at=_AT),
    Example(
        title="pruning that deletes nothing",
        yaml=_example("Prune=false", automated="{prune: true}"),
        at=_AT,
    ),
    Example(
        title="a workaround that is no longer needed",
        yaml=_example("ServerSideApply=true", "ClientSideApplyMigration=false"),
        at="spec.syncPolicy.syncOptions[1]",
    ),
    Example(
        title="one option with two values",
        yaml=_example("CreateNamespace=true", "CreateNamespace=false"),
        at="spec.syncPolicy.syncOptions[0]",
    ),
    Example(
        title="an object with both",
        yaml="""\
apiVersion: v1
kind: ConfigMap
metadata:
  name: dashboards
  annotations:
    argocd.argoproj.io/sync-options: Replace=true,ServerSideApply=true
""",
        at='metadata.annotations["argocd.argoproj.io/sync-options"]',
    ),
)
GOOD = (
    Example(title="server-side apply", yaml=_example("ServerSideApply=true")),
    Example(
        title="replacing by hand",
        yaml=_example("Replace=true", automated="{enabled: false}"),
    ),
    Example(
        title="pruning that a release before 3.4 never reads as turned off",
        yaml=_example("Prune=false", automated="{prune: true}"),
        argocd="3.3",
    ),
    Example(title="options that are filled in later", yaml=_example("Replace=${REPLACE}")),
)
