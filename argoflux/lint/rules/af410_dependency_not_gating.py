"""A Kustomization that others wait for, and that is ready before what it deploys is.

## What it does

It looks at the Kustomizations that `dependsOn` names. One without `wait: true` and without `healthChecks` is
reported, unless it deploys only objects that are there once they are applied, such as ConfigMaps, CRDs or
sources. It is an info where it runs nothing that is known, or its files are not at hand.

## Why is this bad

Such a Kustomization counts as ready as soon as its objects are applied. Those that wait for it start while
controllers and charts are still on their way: on a new cluster they fail with `no matches for kind` or with
webhooks that do not answer.

## Fix safety

The fix makes it wait for everything that it deploys, so one unhealthy object stops all who depend on it.

## When to ignore it

When order alone matters, and those that follow can live with what is not up yet.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.flux.fields import flag, items, tables, text
from argoflux.lint.arrivals import arrivals, is_kustomization
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import KUSTOMIZATION
from argoflux.model.content import Known
from argoflux.yamlio.edit import insert, set_value
from argoflux.yamlio.tree import MISSING, dig

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.arrivals import Arrivals
    from argoflux.lint.context import Context
    from argoflux.model.content import ContentObject
    from argoflux.resource import Resource

RULE = Rule(
    code="AF410",
    name="dependency-not-gating",
    severity=Severity.WARNING,
    scope="estate",
    kinds=("Kustomization",),
    evidence=("document", "graph"),
    links=("https://fluxcd.io/flux/components/kustomize/kustomizations/#dependencies",),
)

_PASSIVE_GROUPS = frozenset(
    {
        "admissionregistration.k8s.io",
        "apiextensions.k8s.io",  # waited for in any case: fluxcd/pkg:ssa/manager_apply.go ApplyAllStaged
        "networking.k8s.io",
        "notification.toolkit.fluxcd.io",
        "policy",
        "rbac.authorization.k8s.io",
        "scheduling.k8s.io",
        "source.toolkit.fluxcd.io",
        "storage.k8s.io",
    }
)
_PASSIVE_CORE = frozenset(
    {"ConfigMap", "LimitRange", "Namespace", "ResourceQuota", "Secret", "ServiceAccount"}
)
_STARTED = frozenset(
    {"DaemonSet", "Deployment", "HelmRelease", "Job", "Kustomization", "ReplicaSet", "StatefulSet"}
)
"""Kinds that run something, or deploy what does."""


def check(ctx: Context) -> Iterator[Finding]:
    """Dependencies that do not gate, one finding for all that wait for them.

    kustomize-controller:internal/controller/kustomization_controller.go checkHealth (nothing is
    checked without `wait` and `healthChecks`), checkDependencies.
    """
    if not any(items(r.body, "spec", "dependsOn") for r in ctx.resources if is_kustomization(r)):
        return
    there = arrivals(ctx)
    named = {
        (r.root, r.ref.namespace, r.ref.name): r for r in there.resources if is_kustomization(r)
    }
    waiting: dict[Resource, list[Resource]] = defaultdict(list)
    for resource in named.values():
        for entry in tables(resource.body, "spec", "dependsOn"):
            namespace = text(entry, "namespace") or resource.ref.namespace
            found = named.get((resource.root, namespace, text(entry, "name") or ""))
            if found is not None and found is not resource and not text(entry, "readyExpr"):
                waiting[found].append(resource)
    seen: set[Resource] = set()
    for dependency, others in waiting.items():
        if dependency.written not in seen and not _is_gating(dependency):
            seen.add(dependency.written)
            yield from _told(dependency, others, there, ctx)


def _is_gating(resource: Resource) -> bool:
    """Whether readiness says something, or nobody knows yet whether it does."""
    stated = dig(resource.body, "spec", "wait")
    unknown = stated not in (MISSING, None) and not isinstance(stated, bool)
    return stated is True or unknown or bool(items(resource.body, "spec", "healthChecks"))


def _told(
    dependency: Resource, others: list[Resource], there: Arrivals, ctx: Context
) -> Iterator[Finding]:
    content = there.content(dependency)
    active = _active(content.objects) if isinstance(content, Known) else []
    if isinstance(content, Known) and content.complete and not active:
        return
    place = dependency.place("spec", "wait")
    stated = flag(dependency.written.body, "spec", "wait") is not None
    path = place.path
    document = dependency.written.document
    edits = set_value(document, path, True) if stated else insert(document, path, True)
    waiting = f"`{others[0].ref.name}`" + (f" and {len(others) - 1} more" if others[1:] else "")
    verb = "wait" if others[1:] else "waits"
    deployed = next((o.ref.kind for o in active if o.ref.kind == "HelmRelease"), "")
    early = ", before its charts are installed" if deployed else ""
    yield RULE.at(
        place if stated else dependency.place("spec", on="key"),
        f"{waiting} {verb} for this Kustomization, which is ready as soon as its objects are"
        f" applied{early}; set `wait: true` or `healthChecks`",
        resource=dependency,
        severity=None if any(o.ref.kind in _STARTED for o in active) else Severity.INFO,
        related=((others[0].place("spec", "dependsOn"), "it is waited for here"),),
        fix=ctx.unsafe("set `wait: true`", edits),
    )


def _active(objects: tuple[ContentObject, ...]) -> list[ContentObject]:
    """Objects that take time to get ready."""
    return [
        obj
        for obj in objects
        if obj.ref.group not in _PASSIVE_GROUPS
        and (obj.ref.group or obj.ref.kind not in _PASSIVE_CORE)
    ]


_DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
"""
_CONFIG = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
"""
_GIT = '[remote "origin"]\n\turl = https://git.example.com/apps.git\n'
_SOURCE = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 5m
  url: https://git.example.com/apps.git
  ref: {branch: main}
"""
_API = KUSTOMIZATION.replace(
    "name: web\n  namespace: flux", "name: api\n  namespace: flux"
).replace("./web", "./api")
_WAITING = _API + "  dependsOn:\n    - name: web\n"
_FILES = {
    ".git/config": _GIT,
    "source.yaml": _SOURCE,
    "api.yaml": _WAITING,
    "api/config.yaml": _CONFIG,
    "web.yaml": KUSTOMIZATION,
    "web/web.yaml": _DEPLOYMENT,
}

BAD = (
    Example(
        title="a Deployment that nobody waits for",
        files=_FILES,
        file="web.yaml",
        at="spec",
        fixed=KUSTOMIZATION + "  wait: true\n",
        safety="unsafe",
    ),
    Example(
        title="waiting is switched off, and the files are not at hand",
        files={"api.yaml": _WAITING, "web.yaml": KUSTOMIZATION + "  wait: false\n"},
        file="web.yaml",
        at="spec.wait",
        fixed=KUSTOMIZATION + "  wait: true\n",
        safety="unsafe",
    ),
)
GOOD = (
    Example(
        title="it waits",
        files={**_FILES, "web.yaml": KUSTOMIZATION + "  wait: true\n"},
    ),
    Example(
        title="it deploys what is there at once",
        files={**_FILES, "web/web.yaml": _CONFIG},
    ),
    Example(
        title="an expression says when it is ready",
        files={
            **_FILES,
            "api.yaml": _WAITING + "      readyExpr: has(dep.status.lastAppliedRevision)\n",
        },
    ),
    Example(
        title="a value that is filled in later",
        files={**_FILES, "web.yaml": KUSTOMIZATION + "  wait: ${wait}\n"},
    ),
)
