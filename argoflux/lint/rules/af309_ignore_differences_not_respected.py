"""Ignored fields that every sync overwrites, because they are ignored for comparing only.

## What it does

It reports Applications that sync by themselves and ignore fields which their manifests set, without
`RespectIgnoreDifferences=true`. Where the manifests are not at hand, it is a note. The other way
round it notes the option where neither the Application nor argocd-cm ignores anything.

## Why is this bad

`ignoreDifferences` only says what does not count as a difference. A sync, for whatever reason,
applies the manifests as they are and resets the field: the replicas that an autoscaler chose, the
image that a controller set.

## Fix safety

The fix adds `RespectIgnoreDifferences=true`: syncs then keep the live value of ignored fields. With
paths into list items some releases report the Application as OutOfSync for ever; compare afterwards.

## When to ignore it

When a sync is meant to reset the fields.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.finding import Severity
from argoflux.lint import authored
from argoflux.lint.field_paths import at_expression, at_pointer
from argoflux.lint.ignored import AT, entries, selects, words
from argoflux.lint.rule import Example, Rule
from argoflux.lint.source_content import contents
from argoflux.lint.sync_policy import add_option, automation, has_option, may_have_option, options
from argoflux.model.content import Known
from argoflux.workspace.classify import has_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.finding import Finding
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.model.content import ContentObject
    from argoflux.text import Path

RULE = Rule(
    code="AF309",
    name="ignore-differences-not-respected",
    severity=Severity.WARNING,
    scope="application",
    kinds=("Application", "ApplicationSet"),
    evidence=("document", "files"),
    silenced_by=("AF307",),
    links=("https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/",),
)

_OPTION = "RespectIgnoreDifferences=true"
_SYSTEM = "resource.customizations"


class _Field(NamedTuple):
    """One ignored path: where it stands, and the entry that it belongs to."""

    path: Path
    text: str
    entry: Mapping[str, Any]

    def is_in(self, found: ContentObject) -> bool | None:
        """Whether an object that the entry is for sets the field; None where nobody can tell."""
        ref = found.ref
        if not selects(self.entry, ref.group, ref.kind, ref.name, ref.namespace):
            return False
        if "jsonPointers" in self.path:
            return at_pointer(found.body, self.text)
        return at_expression(found.body, self.text)


def check(app: ApplicationView, ctx: Context) -> Iterator[Finding]:
    """Ignored fields of an Application that syncs, against what its manifests set."""
    if has_option(app, _OPTION):
        yield from _idle(app, ctx)
        return
    fields = list(_fields(app))
    if not fields or automation(app) is None or may_have_option(app, _OPTION):
        return
    yields = list(contents(app, ctx))
    objects = [obj for known in yields if isinstance(known, Known) for obj in known.objects]
    for field in fields:
        setting = next((obj for obj in objects if field.is_in(obj)), None)
        if setting is not None:
            yield _told(
                app,
                field,
                f"{setting.ref} sets this field, so every sync writes it although it is ignored;"
                f" add `{_OPTION}`, or leave the field out of the manifest",
                ctx,
                related=((setting.place, "it is set here"),),
            )
            return
    complete = yields and all(isinstance(c, Known) and c.complete for c in yields)
    if complete and all(field.is_in(obj) is False for field in fields for obj in objects):
        return
    asked = next((field for field in fields if _may_be_written(field.text)), None)
    if asked is not None:
        text = (
            "ignored for comparing only: where the manifests set this field, every sync writes it"
        )
        yield _told(
            app, asked, f"{text}; add `{_OPTION}` to keep the live value", ctx, Severity.INFO
        )


def _told(
    app: ApplicationView,
    field: _Field,
    text: str,
    ctx: Context,
    severity: Severity | None = None,
    related: tuple[Any, ...] = (),
) -> Finding:
    return RULE.at(
        app.place(*field.path),
        text,
        resource=app.resource,
        severity=severity,
        related=related,
        fix=ctx.unsafe(f"add `{_OPTION}`", add_option(app, _OPTION)),
    )


def _fields(app: ApplicationView) -> Iterator[_Field]:
    for path, entry in entries(app):
        for key in ("jsonPointers", "jqPathExpressions"):
            for number, text in words(entry, key):
                if not has_placeholder(text):
                    yield _Field((*path, key, number), text, entry)


def _may_be_written(path: str) -> bool:
    """Whether authors set such a field: not what controllers alone fill in."""
    return "replicas" in path or "image" in path


def _idle(app: ApplicationView, ctx: Context) -> Iterator[Finding]:
    """The option without anything to respect, where argocd-cm is at hand."""
    if isinstance(app.get(*AT), list) or not authored.is_whole(app):
        return
    settings = [
        other
        for other in ctx.resources
        if other.pseudo == "ConfigMap:argocd-cm" and other.root == app.resource.root
    ]
    if not settings or any(
        _SYSTEM in str(key) for s in settings for key in s.body.get("data") or ()
    ):
        return
    path = next(path for path, option in options(app) if option == _OPTION)
    yield RULE.at(
        app.place(*path),
        f"`{_OPTION}` has nothing to respect: neither the Application nor argocd-cm ignores anything",
        resource=app.resource,
        severity=Severity.INFO,
    )


def _example(option: str = "", automated: str = "{}", path: str = "/spec/replicas") -> str:
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
    - group: apps
      kind: Deployment
      jsonPointers:
        - {path}
  syncPolicy:
    automated: {automated}
{option}"""


def _deployment(replicas: str = "") -> str:
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
{replicas}  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.2.3
"""


_RESPECT = "    syncOptions:\n      - RespectIgnoreDifferences=true\n"
_AT = "spec.ignoreDifferences[0].jsonPointers[0]"
BAD = (
    Example(
        title="replicas in the manifest",
        files={"app.yaml": _example(), "web/deployment.yaml": _deployment("  replicas: 2\n")},
        file="app.yaml",
        at=_AT,
        fixed=_example(_RESPECT),
        safety="unsafe",
    ),
    Example(
        title="replicas of manifests that are not at hand",
        yaml=_example(),
        at=_AT,
        fixed=_example(_RESPECT),
        safety="unsafe",
    ),
    Example(
        title="nothing to respect",
        files={
            "app.yaml": _example(_RESPECT).replace(
                "  ignoreDifferences:\n    - group: apps\n      kind: Deployment\n"
                "      jsonPointers:\n        - /spec/replicas\n",
                "",
            ),
            "argocd-cm.yaml": """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cm
  namespace: argocd
data:
  timeout.reconciliation: 180s
""",
        },
        file="app.yaml",
        at="spec.syncPolicy.syncOptions[0]",
    ),
)
GOOD = (
    Example(
        title="ignored and respected",
        files={
            "app.yaml": _example(_RESPECT),
            "web/deployment.yaml": _deployment("  replicas: 2\n"),
        },
    ),
    Example(
        title="a field that the manifests leave out",
        files={"app.yaml": _example(), "web/deployment.yaml": _deployment()},
    ),
    Example(title="nothing syncs by itself", yaml=_example(automated="{enabled: false}")),
    Example(
        title="a field that only controllers write, in manifests that are not at hand",
        yaml=_example(path="/webhooks/0/clientConfig/caBundle"),
    ),
)
