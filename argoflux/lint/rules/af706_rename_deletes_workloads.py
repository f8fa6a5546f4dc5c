"""A rename of what applies objects: the old one deletes them while the new one takes over.

## What it does

Compared with the revision of `--base`, it looks for an Application, Kustomization or HelmRelease that is gone and
would delete what it applied, while another one that deploys the same thing is new.

## Why is this bad

To the controllers a rename is a deletion and a creation. The old object runs its finalizer and deletes workloads,
volumes included, and nothing makes the new one wait. What runs is interrupted, data may be lost.

## When to ignore it

When what it deploys may be deleted and made again. Otherwise go in three steps: first let the old object keep its objects
(`prune: false` or `deletionPolicy: Orphan`, no finalizer, `preserveResourcesOnDeletion`), then rename it, then switch deletion on
again.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.lint.owners import owners
from argoflux.lint.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.lint.owners import Owner

RULE = Rule(
    code="AF706",
    name="rename-deletes-workloads",
    severity=Severity.ERROR,
    scope="base",
    kinds=("Application", "ApplicationSet", "Kustomization", "HelmRelease"),
    evidence=("base",),
    links=("https://fluxcd.io/flux/faq/#how-can-i-safely-rename-a-flux-kustomization",),
)

_KEEP = {
    "Application": "remove its finalizer (for a set: `preserveResourcesOnDeletion: true`)",
    "Kustomization": "set `deletionPolicy: Orphan` on it",
    "HelmRelease": "suspend it",
}


def check(ctx: Context) -> Iterator[Finding]:
    """Owners that are gone, and the new ones that deploy the same."""
    if ctx.before is None:
        return
    now, before = owners(ctx), owners(ctx.before)
    gone: dict[tuple[Any, ...], list[Owner]] = defaultdict(list)
    for key, old in before.items():
        if key not in now and old.deletes and old.deploys is not None:
            gone[key[0], old.deploys].append(old)
    if not gone:
        return
    for key, new in now.items():
        if key in before or new.deploys is None:
            continue
        for old in gone.get((key[0], new.deploys), ()):
            message = (
                f"{old.title} became {new.title}: the old one deletes what it applied before the new"
                f" one takes over; first {_KEEP[old.key[1]]}, in a change of its own"
            )
            yield RULE.at(new.place, message, resource=new.resource)


_SOURCE = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: {name}
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  path: ./apps/web
  sourceRef:
    kind: GitRepository
    name: fleet
"""
_KEPT = _SOURCE + "  deletionPolicy: Orphan\n"
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
        elements:
          - {name: web, path: apps/web}
  template:
    metadata:
      name: "<name>"
    spec:
      project: shop
      source:
        repoURL: https://git.example.com/apps.git
        targetRevision: main
        path: "{{ .path }}"
      destination:
        name: in-cluster
        namespace: "{{ .name }}"
"""

BAD = (
    Example(
        title="a Kustomization with another name",
        yaml=_SOURCE.format(name="web"),
        base={"example.yaml": _SOURCE.format(name="app")},
        at="metadata.name",
    ),
    Example(
        title="another name in the template of a set",
        yaml=_SET.replace("<name>", "shop-{{ .name }}"),
        base={"example.yaml": _SET.replace("<name>", "{{ .name }}")},
        at="spec.template.metadata.name",
    ),
)
GOOD = (
    Example(
        title="the old one keeps its objects already",
        yaml=_SOURCE.format(name="web"),
        base={"example.yaml": _KEPT.format(name="app")},
    ),
    Example(
        title="the file has another name, the object has not",
        files={"moved.yaml": _SOURCE.format(name="app")},
        base={"example.yaml": _SOURCE.format(name="app")},
    ),
    Example(
        title="a path that is filled in later",
        yaml=_SOURCE.format(name="web").replace("./apps/web", "./apps/${APP}"),
        base={"example.yaml": _SOURCE.format(name="app").replace("./apps/web", "./apps/${APP}")},
    ),
)
