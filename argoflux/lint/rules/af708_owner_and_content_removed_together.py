"""A change that makes more disappear at once than it seems to.

## What it does

Compared with the revision of `--base`, it reports a generator of an ApplicationSet that no longer makes three or more of its
Applications, and pruning that is switched on where it was off.

## Why is this bad

An element that leaves a list deletes an Application, and with it, unless told otherwise, all that it deployed. Pruning that
is switched on deletes at the next sync everything that has left Git since the first one.

## When to ignore it

When all of it shall go. Look at `argocd appset generate` or `flux diff kustomization` before.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.lint.owners import owners
from argoflux.lint.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.lint.owners import Key, Owner
    from argoflux.resource import Resource

RULE = Rule(
    code="AF708",
    name="owner-and-content-removed-together",
    severity=Severity.WARNING,
    scope="base",
    kinds=("Application", "ApplicationSet", "Kustomization"),
    evidence=("base",),
    silenced_by=("AF706",),
)
_MANY = 3
_SHOWN = 3


def check(ctx: Context) -> Iterator[Finding]:
    """Sets that make fewer Applications, and pruning that is new."""
    if ctx.before is None:
        return
    now, before = owners(ctx), owners(ctx.before)
    yield from _narrowed(ctx, now, before)
    for key, new in now.items():
        old = before.get(key)
        if old is None or old.prunes or not new.prunes or key[1] == "HelmRelease":
            continue
        path = (
            ("spec", "prune") if new.view is None else ("spec", "syncPolicy", "automated", "prune")
        )
        place = new.view.place(*path) if new.view is not None else new.resource.place(*path)
        message = (
            f"pruning of {new.title} is switched on: the next sync deletes everything that has left"
            " its source since it was off"
        )
        yield RULE.at(place, message, resource=new.resource, severity=Severity.INFO)


def _narrowed(ctx: Context, now: dict[Key, Owner], before: dict[Key, Owner]) -> Iterator[Finding]:
    lost: dict[tuple[str, str, str, str], list[Owner]] = defaultdict(list)
    for key, old in before.items():
        if (
            old.view is not None
            and old.view.generator is not None
            and key not in now
            and old.deletes
        ):
            lost[_identity(old.resource)].append(old)
    for resource in ctx.resources:
        gone = lost.get(_identity(resource), []) if resource.ref.kind == "ApplicationSet" else []
        if len(gone) < _MANY or any(view.open for view in ctx.applications(resource)):
            continue
        names = [owner.key[3] for owner in gone]
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        message = (
            f"{len(names)} Applications of the set are gone ({', '.join(names[:_SHOWN])}{more}), and"
            " all that they deployed is deleted; set `preserveResourcesOnDeletion: true` first to keep it"
        )
        yield RULE.at(resource.place("spec", "generators", on="key"), message, resource=resource)


def _identity(resource: Resource) -> tuple[str, str, str, str]:
    return (resource.root, resource.ref.kind, resource.ref.namespace, resource.ref.name)


_SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: apps
  namespace: argocd
spec:
  goTemplate: true
  generators:
    - list:
        elements: [<elements>]
  template:
    metadata:
      name: "{{ .name }}"
    spec:
      project: shop
      source:
        repoURL: https://git.example.com/apps.git
        targetRevision: main
        path: "{{ .name }}"
      destination:
        name: in-cluster
        namespace: "{{ .name }}"
"""
_FIVE = _SET.replace("<elements>", "{name: a}, {name: b}, {name: c}, {name: d}, {name: e}")
_KUSTOMIZATION = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: web
  namespace: flux-system
spec:
  interval: 10m
  prune: {prune}
  path: ./apps/web
  sourceRef:
    kind: GitRepository
    name: fleet
"""

BAD = (
    Example(
        title="three elements fewer",
        yaml=_SET.replace("<elements>", "{name: a}, {name: b}"),
        base={"example.yaml": _FIVE},
        at="spec.generators",
    ),
    Example(
        title="pruning is switched on",
        yaml=_KUSTOMIZATION.format(prune="true"),
        base={"example.yaml": _KUSTOMIZATION.format(prune="false")},
        at="spec.prune",
    ),
)
GOOD = (
    Example(
        title="one element fewer",
        yaml=_SET.replace("<elements>", "{name: a}, {name: b}, {name: c}, {name: d}"),
        base={"example.yaml": _FIVE},
    ),
    Example(
        title="what was deployed is preserved",
        yaml=_SET.replace("<elements>", "{name: a}"),
        base={
            "example.yaml": _FIVE.replace(
                "spec:\n  goTemplate",
                "spec:\n  syncPolicy: {preserveResourcesOnDeletion: true}\n  goTemplate",
            )
        },
    ),
    Example(
        title="pruning stays as it was",
        yaml=_KUSTOMIZATION.format(prune="true"),
        base={"example.yaml": _KUSTOMIZATION.format(prune="true")},
    ),
)
