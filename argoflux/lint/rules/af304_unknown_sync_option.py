"""A sync option that Argo CD does not read.

## What it does

It checks `syncPolicy.syncOptions` of Applications and the annotation
`argocd.argoproj.io/sync-options` of objects against the options that the target release reads
there: misspelt names and values, list items that are maps, options that count on an object but not
on an Application or the other way round, and options that a later release brought.

## Why is this bad

Argo CD compares options as whole texts and ignores what it does not know, without a warning.
`ServerSideApply=True` applies client-side, and `createNamespace=true` creates no namespace.

## Fix safety

The fix corrects case, blanks and the form of a list item, nothing else.

## When to ignore it

When the installation runs a newer release or a fork that reads the option: state the release with
`--argocd-version`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.argocd.shapes import block, text
from argoflux.finding import Severity
from argoflux.lint import authored
from argoflux.lint.rule import Example, Rule
from argoflux.lint.sync_options import ANNOTATION, Judgement, is_respelt, judge
from argoflux.lint.sync_policy import OPTIONS, options
from argoflux.workspace.classify import has_placeholder
from argoflux.yamlio import edit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.lint.sync_options import Level
    from argoflux.resource import Resource

RULE = Rule(
    code="AF304",
    name="unknown-sync-option",
    severity=Severity.ERROR,
    scope="estate",
    kinds=("Application", "ApplicationSet"),
    links=("https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/",),
)


def check(ctx: Context) -> Iterator[Finding]:
    """The options of Applications, and those in annotations of all objects at hand."""
    for app in ctx.all_applications:
        yield from _of_application(app, ctx)
        yield from _maps(app, ctx)
    for resource in (*ctx.resources, *ctx.workspace.templated, *ctx.workspace.marked):
        yield from _of_object(resource, ctx)


def _of_application(app: ApplicationView, ctx: Context) -> Iterator[Finding]:
    release = ctx.release("argocd", app.resource)
    for path, option in options(app):
        judged = judge(option, "application", release)
        if judged is None:
            continue
        fix = None
        if is_respelt(option, judged.meant) and authored.authored(app, *path) == option:
            document, where = app.resource.document, app.place(*path).path
            edits = edit.set_value(document, where, judged.meant)
            fix = ctx.safe(f"write `{judged.meant}`", edits)
        yield RULE.at(
            app.place(*path),
            _sentence(option, judged, "application"),
            resource=app.resource,
            severity=_weight(judged),
            fix=fix,
        )


def _maps(app: ApplicationView, ctx: Context) -> Iterator[Finding]:
    """List items written as maps: `- CreateNamespace: true`."""
    written = authored.authored(app, *OPTIONS)
    for number, item in enumerate(written if isinstance(written, list) else ()):
        if not isinstance(item, dict) or len(item) != 1:
            continue
        (name, value), place = next(iter(item.items())), app.place(*OPTIONS, number)
        option = f"{name}={text(value)}"
        if has_placeholder(option) or not text(value):
            continue
        edits = edit.set_value(app.resource.document, place.path, option)
        yield RULE.at(
            place,
            f"a sync option is one text, and this is a map, so the API server refuses it; write"
            f" `{option}`",
            resource=app.resource,
            fix=ctx.safe(f"write `{option}`", edits),
        )


def _of_object(resource: Resource, ctx: Context) -> Iterator[Finding]:
    stated: Any = block(block(resource.body, "metadata"), "annotations").get(ANNOTATION)
    if not isinstance(stated, str):
        return
    place = resource.place("metadata", "annotations", ANNOTATION)
    release = ctx.release("argocd", resource)
    parts = stated.split(",")
    for number, part in enumerate(parts):
        option = part.strip()
        judged = judge(option, "object", release) if option and not has_placeholder(part) else None
        if judged is None:
            continue
        fix = None
        if is_respelt(option, judged.meant):
            right = ",".join(
                [*parts[:number], part.replace(option, judged.meant), *parts[number + 1 :]]
            )
            edits = edit.set_value(resource.document, place.path, right)
            fix = ctx.safe(f"write `{judged.meant}`", edits)
        yield RULE.at(
            place,
            _sentence(option, judged, "object"),
            resource=resource,
            severity=_weight(judged),
            fix=fix,
        )


def _weight(judged: Judgement) -> Severity:
    return Severity.INFO if judged.trouble == "inert" else Severity.ERROR


def _sentence(option: str, judged: Judgement, level: Level) -> str:
    match judged.trouble:
        case "inert":
            return f"`{option}` says what holds anyway; it can go"
        case "unread":
            return f"`{option}` is never read on an Application before Argo CD {judged.since}"
        case "elsewhere" if level == "application":
            return f"`{option}` is read on objects only; annotate those that need it"
        case "elsewhere":
            return f"`{option}` is read on Applications only; move it to their `syncOptions`"
        case _:
            hint = f"; did you mean `{judged.meant}`?" if judged.meant else ""
            return f"`{option}` is no sync option that Argo CD knows here, so it is ignored{hint}"


def _application(option: str) -> str:
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
    syncOptions:
      - {option}
"""


def _deployment(options: str) -> str:
    return f"""\
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations:
    argocd.argoproj.io/sync-options: {options}
"""


BAD = (
    Example(
        title="another case",
        yaml=_application("createNamespace=true"),
        at="spec.syncPolicy.syncOptions[0]",
        fixed=_application("CreateNamespace=true"),
    ),
    Example(
        title="a map in the list",
        yaml=_application("CreateNamespace: true"),
        at="spec.syncPolicy.syncOptions[0]",
        fixed=_application("CreateNamespace=true"),
    ),
    Example(
        title="a slip in the name",
        yaml=_application("ServerSideAply=true"),
        at="spec.syncPolicy.syncOptions[0]",
    ),
    Example(
        title="an option for objects on an Application",
        yaml=_application("Force=true"),
        at="spec.syncPolicy.syncOptions[0]",
    ),
    Example(
        title="an option that the release does not read yet",
        yaml=_application("Prune=confirm"),
        at="spec.syncPolicy.syncOptions[0]",
        argocd="3.3",
    ),
    Example(
        title="an option that changes nothing",
        yaml=_application("Validate=true"),
        at="spec.syncPolicy.syncOptions[0]",
    ),
    Example(
        title="another case on an object",
        yaml=_deployment("Prune=False, Replace=true"),
        at='metadata.annotations["argocd.argoproj.io/sync-options"]',
        fixed=_deployment("Prune=false, Replace=true"),
    ),
    Example(
        title="an option for Applications on an object",
        yaml=_deployment("CreateNamespace=true"),
        at='metadata.annotations["argocd.argoproj.io/sync-options"]',
    ),
)
GOOD = (
    Example(title="an option", yaml=_application("ServerSideApply=true")),
    Example(title="an option of this release", yaml=_application("Prune=confirm")),
    Example(title="options of an object", yaml=_deployment("Force=true, Replace=true")),
    Example(title="an option that is filled in later", yaml=_application("${OPTION}")),
)
