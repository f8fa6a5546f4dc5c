"""A manifest beside a kustomization file that does not list it.

## What it does

It looks into the directories whose kustomization file is built by a Kustomization, an Application or
another kustomization file, and reports files with Kubernetes objects that no kustomization file names.
It speaks only where at least four of five such files are listed.

## Why is this bad

The object looks managed, and never reaches a cluster: kustomize reads what is listed and nothing else.

## When to ignore it

When the file is applied by hand, or kept for later.
"""

from __future__ import annotations

import os
from collections import defaultdict
from typing import TYPE_CHECKING

from argoflux.finding import Finding, Place, Severity
from argoflux.lint.kustomized import kustomized
from argoflux.lint.rule import Example, Rule
from argoflux.lint.wholeness import is_whole
from argoflux.workspace.tree import KUSTOMIZATION_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.lint.context import Context
    from argoflux.workspace.tree import Tree
    from argoflux.yamlio.tree import Document

RULE = Rule(
    code="AF216",
    name="orphan-manifest",
    severity=Severity.INFO,
    scope="estate",
    evidence=("document", "files"),
)

_ELSEWHERE = frozenset(
    {
        "charts",
        "crds",
        "docs",
        "example",
        "examples",
        "hack",
        "templates",
        "test",
        "testdata",
        "tests",
    }
)


def check(ctx: Context) -> Iterator[Finding]:
    """Files of live directories that nobody names.

    kubernetes-sigs/kustomize:api/internal/target/kusttarget.go accumulateResources.
    """
    if not any(
        r.ref.kind in {"Application", "ApplicationSet", "Kustomization"} for r in ctx.resources
    ):
        return
    if not all(is_whole(ctx, root.name) for root in ctx.workspace.roots):
        return  # what names a file may stand in the rest
    tree, found = ctx.workspace.tree, kustomized(ctx)
    listed: dict[str, int] = defaultdict(int)
    orphans: dict[str, list[tuple[Place, str]]] = defaultdict(list)
    for path in ctx.workspace.manifests:
        folder, _, name = path.rpartition(os.sep)
        parts = tree.display(folder).split("/")
        if folder not in found.live or name in KUSTOMIZATION_NAMES or name.startswith("."):
            continue
        base = tree.base_of(path)
        home = base.directory if base is not None else ""
        if path in found.named:
            listed[home] += 1
        elif _ELSEWHERE.isdisjoint(parts):
            document = _object(tree, path)
            if document is not None:
                place = Place(source=document.source, document=document, path=("kind",))
                orphans[home].append((place, str(document.body["kind"])))
    for home, entries in orphans.items():
        if listed[home] >= 4 * len(entries):
            for place, kind in entries:
                yield RULE.at(
                    place,
                    f"no kustomization file lists this {kind}, so it is not applied; list it, or remove"
                    " the file",
                )


def _object(tree: Tree, path: str) -> Document | None:
    """The first Kubernetes object of a file, None where there is none."""
    loaded = tree.load(path, "kustomize")
    if isinstance(loaded, Finding) or loaded.templated:
        return None
    for document in loaded.documents:
        body = document.body
        if isinstance(body, dict) and isinstance(body.get("apiVersion"), str):
            metadata = body.get("metadata")
            named = isinstance(metadata, dict) and isinstance(metadata.get("name"), str)
            if isinstance(body.get("kind"), str) and named:
                return document
    return None


_KUSTOMIZATION = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: web
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  path: ./apps/web
  sourceRef:
    kind: GitRepository
    name: flux-system
"""
_SOURCE = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 5m
  url: https://git.example.com/fleet.git
  ref:
    branch: main
"""
_OBJECT = """\
apiVersion: v1
kind: {kind}
metadata:
  name: web
  namespace: web
"""
_LISTED = ("ConfigMap", "PersistentVolumeClaim", "Secret", "Service", "ServiceAccount")


def _files(names: tuple[str, ...], more: dict[str, str]) -> dict[str, str]:
    return {
        ".git/config": '[remote "origin"]\n\turl = https://git.example.com/fleet.git\n',
        "cluster/source.yaml": _SOURCE,
        "cluster/web.yaml": _KUSTOMIZATION,
        "apps/web/kustomization.yaml": f"resources: [{', '.join(f'{n.lower()}.yaml' for n in names)}]\n",
        **{f"apps/web/{name.lower()}.yaml": _OBJECT.format(kind=name) for name in names},
        **more,
    }


_FORGOTTEN = {"apps/web/quota.yaml": _OBJECT.format(kind="ResourceQuota")}

BAD = (
    Example(
        title="a file that was forgotten",
        files=_files(_LISTED, _FORGOTTEN),
        file="apps/web/quota.yaml",
        at="kind",
    ),
)
GOOD = (
    Example(title="every file is listed", files=_files(_LISTED, {})),
    Example(title="many files are not listed", files=_files(_LISTED[:2], _FORGOTTEN)),
    Example(
        title="values, which are no object",
        files=_files(_LISTED, {"apps/web/values.yaml": "replicas: 2\n"}),
    ),
    Example(
        title="a directory that nothing is known to build",
        files={
            "apps/web/kustomization.yaml": "resources: []\n",
            "cluster/web.yaml": _KUSTOMIZATION.replace("./apps/web", "${path}"),
            **_FORGOTTEN,
        },
    ),
)
