"""Flags of automated sync that do nothing, or that take a safety net away.

## What it does

It looks at `syncPolicy.automated`: flags beside `enabled: false` (a note: a pause); `allowEmpty`
without `prune`; `allowEmpty` with `prune`; and self-healing of Applications whose ApplicationSet
rolls them out in steps.

## Why is this bad

With `prune` and `allowEmpty` a source that renders nothing, by a wrong path or an empty values
file, deletes everything; Argo CD refuses that otherwise. Flags without effect promise a correction
that never comes.

## When to ignore it

`allowEmpty` with `prune` is right where an Application may really become empty: one that holds the
previews of pull requests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.argocd.shapes import block
from argoflux.finding import Severity
from argoflux.lint import authored
from argoflux.lint.rule import Example, Rule
from argoflux.lint.sync_policy import AUTOMATED, automation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context

RULE = Rule(
    code="AF312",
    name="automation-flags-inert-or-unsafe",
    severity=Severity.WARNING,
    scope="application",
    kinds=("Application", "ApplicationSet"),
    links=("https://argo-cd.readthedocs.io/en/stable/user-guide/auto_sync/",),
)

_FLAGS = ("prune", "selfHeal", "allowEmpty")


def check(app: ApplicationView, ctx: Context) -> Iterator[Finding]:  # noqa: ARG001 - one shape
    """Flags that have no effect, and the pair that may delete everything."""
    automated = app.get(*AUTOMATED)
    if not isinstance(automated, dict):
        return

    def told(flag: str, text: str, severity: Severity | None = None) -> Finding:
        place = app.place(*AUTOMATED, flag)
        return RULE.at(place, text, resource=app.resource, severity=severity)

    # argo-cd:pkg/apis/application/v1alpha1/types.go IsAutomatedSyncEnabled
    paused = [f"`{flag}`" for flag in _FLAGS if automated.get(flag) is True]
    if automation(app) is None:
        if paused:
            text = f"automated sync is paused: {', '.join(paused)} counts again without `enabled: false`"
            yield told("enabled", text, Severity.INFO)
        return
    if automated.get("allowEmpty") is True:
        # argo-cd:controller/appcontroller.go autoSync: the guard asks for prune without allowEmpty
        if automated.get("prune") is True:
            yield told(
                "allowEmpty",
                "with `prune` and `allowEmpty` a source that renders nothing deletes everything;"
                " remove `allowEmpty`",
            )
        elif authored.is_whole(app) and not _may_prune(app):
            yield told("allowEmpty", "`allowEmpty` has no effect without `prune`; remove it")
    if automated.get("selfHeal") is True and _rolls_out(app):
        # argo-cd:applicationset/controllers: RollingSync turns automated sync of its children off
        yield told(
            "selfHeal",
            "`selfHeal` has no effect: RollingSync turns automated sync of its Applications off",
        )


def _may_prune(app: ApplicationView) -> bool:
    """Whether a flag that is filled in later could turn pruning on."""
    return isinstance(authored.authored(app, *AUTOMATED, "prune"), str)


def _rolls_out(app: ApplicationView) -> bool:
    """Whether a set with steps makes the Application."""
    strategy = block(block(app.resource.body, "spec"), "strategy")
    return strategy.get("type") == "RollingSync" and bool(
        block(strategy, "rollingSync").get("steps")
    )


def _example(automated: str) -> str:
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
"""


def _set(kind: str) -> str:
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: shops
  namespace: argocd
spec:
  strategy:
    type: {kind}
    rollingSync:
      steps:
        - matchExpressions:
            - key: stage
              operator: In
              values: [test]
  generators:
    - list:
        elements:
          - name: north
  template:
    metadata:
      name: "shop-{{{{name}}}}"
      labels:
        stage: test
    spec:
      project: shop
      source:
        repoURL: https://git.example.com/shop.git
        path: shop
      destination:
        server: https://kubernetes.default.svc
        namespace: shop
      syncPolicy:
        automated:
          selfHeal: true
"""


_AT = "spec.syncPolicy.automated"
BAD = (
    Example(
        title="an empty source deletes everything",
        yaml=_example("{prune: true, allowEmpty: true}"),
        at=f"{_AT}.allowEmpty",
    ),
    Example(title="nothing to prune", yaml=_example("{allowEmpty: true}"), at=f"{_AT}.allowEmpty"),
    Example(title="a pause", yaml=_example("{enabled: false, prune: true}"), at=f"{_AT}.enabled"),
    Example(
        title="self-healing in a rollout",
        yaml=_set("RollingSync"),
        at="spec.template.spec.syncPolicy.automated.selfHeal",
    ),
)
GOOD = (
    Example(title="pruning and self-healing", yaml=_example("{prune: true, selfHeal: true}")),
    Example(title="off", yaml=_example("{enabled: false}")),
    Example(title="self-healing of a plain set", yaml=_set("AllAtOnce")),
    Example(
        title="flags that are filled in later",
        yaml=_example('{allowEmpty: true, prune: "${PRUNE}"}'),
    ),
)
