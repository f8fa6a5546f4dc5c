"""A retry policy without a limit, which means that nothing is tried again.

## What it does

It reports `syncPolicy.retry` without `limit` on Applications that sync by themselves. `limit: 0` is
a note: that may be meant.

## Why is this bad

Without the block Argo CD tries a failed automated sync five times. A block that only sets the
pauses (`backoff`) replaces that default and leaves the limit at 0: one hiccup of a webhook, and the
revision stays unsynced until the next commit.

## Fix safety

The fix adds `limit: 5`, the number that counts without the block: failed syncs are tried again.

## When to ignore it

When a failed sync must not be repeated: then say `limit: 0`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.lint import authored
from argoflux.lint.rule import Example, Rule
from argoflux.lint.sync_policy import automation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.text import Path

RULE = Rule(
    code="AF311",
    name="retry-disabled-by-omission",
    severity=Severity.WARNING,
    scope="application",
    kinds=("Application", "ApplicationSet"),
    links=("https://argo-cd.readthedocs.io/en/stable/user-guide/auto_sync/",),
)

_AT: Path = ("spec", "syncPolicy", "retry")
_USUAL = 5
"""argo-cd:controller/appcontroller.go autoSync, replaced as a whole by ``syncPolicy.retry``."""


def check(app: ApplicationView, ctx: Context) -> Iterator[Finding]:
    """A retry block that turns retries off."""
    retry = app.get(*_AT)
    if not isinstance(retry, dict) or automation(app) is None or not authored.is_whole(app):
        return
    if isinstance(authored.authored(app, *_AT, "limit"), str):
        return  # filled in later
    if retry.get("limit") is None:
        yield RULE.at(
            app.place(*_AT, on="key"),
            "`retry` without `limit` turns retries off; without the block there are five: set `limit`",
            resource=app.resource,
            fix=ctx.unsafe(f"add `limit: {_USUAL}`", authored.insert(app, (*_AT, "limit"), _USUAL)),
        )
    elif retry["limit"] == 0:
        yield RULE.at(
            app.place(*_AT, "limit"),
            "a failed sync is never tried again; leave `retry` out for five attempts",
            resource=app.resource,
            severity=Severity.INFO,
        )


def _example(retry: str, automated: str = "{}") -> str:
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
    retry:
{retry}"""


_PAUSES = "      backoff:\n        duration: 5s\n"
BAD = (
    Example(
        title="pauses without a limit",
        yaml=_example(_PAUSES),
        at="spec.syncPolicy.retry",
        fixed=_example(f"{_PAUSES}      limit: 5\n"),
        safety="unsafe",
    ),
    Example(
        title="a limit of zero",
        yaml=_example("      limit: 0\n"),
        at="spec.syncPolicy.retry.limit",
    ),
)
GOOD = (
    Example(title="pauses and a limit", yaml=_example(f"      limit: 3\n{_PAUSES}")),
    Example(title="nothing syncs by itself", yaml=_example(_PAUSES, "{enabled: false}")),
    Example(title="a limit that is filled in later", yaml=_example("      limit: ${LIMIT}\n")),
)
