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
from argoflux.lint.owners import owners, set_deletes
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import HELM_RELEASE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.lint.owners import Key, Owner

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
    "ApplicationSet": "set `preserveResourcesOnDeletion: true` on it",
    "Kustomization": "set `deletionPolicy: Orphan` on it",
    "HelmRelease": "suspend it",
}


def check(ctx: Context) -> Iterator[Finding]:
    """Owners that are gone, and the new ones that deploy the same; then sets."""
    if ctx.before is None:
        return
    now, before = owners(ctx), owners(ctx.before)
    gone: dict[tuple[Any, ...], list[Owner]] = defaultdict(list)
    for key, old in before.items():
        if key not in now and old.deletes and set_deletes(old) and old.deploys is not None:
            gone[key[0], old.deploys].append(old)
    for key, new in now.items():
        candidates = gone.get((key[0], new.deploys), []) if key not in before else []
        renamed = next((one for one in candidates if not _may_be_the_same(one, new)), None)
        if renamed is None:
            continue
        candidates.remove(renamed)
        message = (
            f"{renamed.title} became {new.title}: the old one deletes what it applied before the new"
            f" one takes over; first {_KEEP[renamed.key[1]]}, in a change of its own"
        )
        yield RULE.at(new.place, message, resource=new.resource)
    yield from _sets(ctx, now, before)


def _may_be_the_same(old: Owner, new: Owner) -> bool:
    """Whether one of them only lacks a namespace, which a build may add."""
    return old.key[3] == new.key[3] and not (old.key[2] and new.key[2])


def _sets(ctx: Context, now: dict[Key, Owner], before: dict[Key, Owner]) -> Iterator[Finding]:
    """Sets with another name that make the same Applications.

    The Applications belong to the old set and go with it, those of the new one come later
    (argo-cd:docs/operator-manual/applicationset/Application-Deletion.md).
    """
    there = {(each.root, each.ref) for each in ctx.resources}
    told = set()
    for key, old in before.items():
        new = now.get(key)
        if new is None or not (_is_made(old) and _is_made(new)) or not old.deletes:
            continue
        was, found = old.resource, new.resource
        if (was.root, was.ref) in there or found.ref in told or not was.ref.namespace:
            continue
        told.add(found.ref)
        message = (
            f"the set {was.ref.name} became {found.ref.name}: with the old one its Applications are"
            f" deleted, and all that they deployed; first {_KEEP['ApplicationSet']}, in a change of its own"
        )
        yield RULE.at(found.place("metadata", "name"), message, resource=found)


def _is_made(owner: Owner) -> bool:
    return owner.view is not None and owner.view.generator is not None


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
    Example(
        title="a set with another name",
        yaml=_SET.replace("<name>", "{{ .name }}").replace("name: apps", "name: shops"),
        base={"example.yaml": _SET.replace("<name>", "{{ .name }}")},
        at="metadata.name",
    ),
)
GOOD = (
    Example(
        title="another release of the same chart",
        yaml=HELM_RELEASE.replace("web", "api") + "  values: {port: 8080}\n",
        base={"example.yaml": HELM_RELEASE.replace("chart: web", "chart: api")},
    ),
    Example(
        title="the same folder with another variable",
        yaml=_SOURCE.format(name="web") + "  postBuild: {substitute: {APP: web}}\n",
        base={
            "example.yaml": _SOURCE.format(name="app") + "  postBuild: {substitute: {APP: app}}\n"
        },
    ),
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
