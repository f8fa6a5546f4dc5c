"""State that a controller or the API server keeps in an object, in a manifest.

## What it does

It reports what only a live object has: `status`, the metadata that the API server sets, `operation` of
an Application, and the annotations, labels and finalizers that Argo CD and Flux use as requests or to
mark what is theirs. Empty values, such as `creationTimestamp: null`, are left alone.

## Why is this bad

`operation` starts a sync whenever the manifest is applied; `deletion-approved` approves a deletion
before anybody asked. A copied tracking id or owner label lets a controller take an object for its own
and prune it (argo-cd:docs/user-guide/sync-options.md, kustomize-controller#410). `ownerReferences` has
the object deleted with an owner that does not exist. The rest changes with every export and hides what
a commit is about.

## Fix safety

The fix removes the keys. It is safe: the controllers set them again where they need them.

## When to ignore it

When the file is a dump of a cluster that is kept as evidence and never applied.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from argoflux.finding import Severity
from argoflux.lint.dropping import without
from argoflux.lint.rule import Example, Rule
from argoflux.resource import LAST_APPLIED
from argoflux.text import path_text
from argoflux.yamlio.tree import MISSING, dig

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.text import Path

RULE = Rule(code="AF110", name="runtime-state-committed", severity=Severity.WARNING, scope="estate")

_SET_BY_SERVER: tuple[Path, ...] = (
    *(
        ("metadata", key)
        for key in (
            "creationTimestamp",
            "generation",
            "managedFields",
            "ownerReferences",
            "resourceVersion",
            "selfLink",
            "uid",
        )
    ),
    ("metadata", "annotations", LAST_APPLIED),
    ("status",),
)
_REFRESH = "asks for a refresh whenever the manifest is applied"
_HYDRATE = "asks for a hydration whenever the manifest is applied"
_ASKS = "asks Flux for a run whenever the manifest is applied"
_FLUX_OWNER = "marks the object as one that Flux made, which it may then prune"
_ANNOTATIONS = {
    # argo-cd:pkg/apis/application/v1alpha1/application_annotations.go, argo-cd:common/common.go
    "argocd.argoproj.io/refresh": _REFRESH,
    "argocd.argoproj.io/refresh-timestamp": _REFRESH,
    "argocd.argoproj.io/hydrate": _HYDRATE,
    "argocd.argoproj.io/hydrate-timestamp": _HYDRATE,
    "argocd.argoproj.io/tracking-id": "marks the object as one of an Application, which then prunes it",
    "argocd.argoproj.io/deletion-approved": "approves the deletion before anybody asked for it",
    # fluxcd/pkg:apis/meta/annotations.go
    "reconcile.fluxcd.io/requestedAt": _ASKS,
    "reconcile.fluxcd.io/forceAt": _ASKS,
    "reconcile.fluxcd.io/resetAt": _ASKS,
}
_LABELS = {
    # fluxcd/kustomize-controller:internal/controller, fluxcd/helm-controller:internal/postrender
    "kustomize.toolkit.fluxcd.io/name": _FLUX_OWNER,
    "kustomize.toolkit.fluxcd.io/namespace": _FLUX_OWNER,
    "helm.toolkit.fluxcd.io/name": _FLUX_OWNER,
    "helm.toolkit.fluxcd.io/namespace": _FLUX_OWNER,
    "argocd.argoproj.io/instance": "marks the object as one of an Application, which then prunes it",
}
_FINALIZER = "finalizers.fluxcd.io"
_OWN_FINALIZER = "is set by Flux's controllers themselves"


def check(ctx: Context) -> Iterator[Finding]:
    """State in our objects, and marks of controllers on all objects."""
    for resource in ctx.resources:
        written = ctx.as_written(resource)
        yield from _server_state(written, ctx)
        yield from _operation(written, ctx)
        yield from _marks(written, ctx)
    for resource in ctx.workspace.marked:
        yield from _marks(resource, ctx)


def _is_expected(resource: Resource, ctx: Context) -> bool:
    """Whether it is what a test expects of a cluster: the status with a part of the object."""
    return "spec" not in resource.body or any(
        error.rule == "required" for error in ctx.schema_errors(resource)
    )


def _server_state(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """What the API server sets is one finding: such objects were exported as a whole."""
    paths = [path for path in _SET_BY_SERVER if _says(dig(resource.body, *path))]
    if not paths or _is_expected(resource, ctx):
        return
    names = [f"`{path_text(path)}`" for path in paths]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    verb = "is" if len(names) == 1 else "are"
    yield RULE.at(
        resource.place(*paths[0], on="key"),
        f"{listed} {verb} set in the cluster and must not stand in a manifest; remove"
        f" {'it' if len(names) == 1 else 'them'}",
        resource=resource,
        fix=ctx.safe("remove what the cluster sets", without(resource, paths)),
    )


def _operation(resource: Resource, ctx: Context) -> Iterator[Finding]:
    if resource.ref.kind == "Application" and _says(resource.body.get("operation")):
        effect = "starts a sync whenever the manifest is applied"
        yield _told(resource, [("operation",)], effect, ctx)


def _marks(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """Annotations, labels and finalizers; those with one effect are one finding."""
    ours = resource.ref.kind in {"Application", "ApplicationSet"}
    found: dict[str, list[Path]] = defaultdict(list)
    for field, table in (("annotations", _ANNOTATIONS), ("labels", _LABELS)):
        notes = dig(resource.body, "metadata", field)
        for key in notes if isinstance(notes, dict) else ():
            if key in table and not (ours and key == "argocd.argoproj.io/instance"):
                found[table[key]].append(("metadata", field, key))
    finalizers = dig(resource.body, "metadata", "finalizers")
    for index, name in enumerate(finalizers if isinstance(finalizers, list) else ()):
        if name == _FINALIZER:
            found[_OWN_FINALIZER].append(("metadata", "finalizers", index))
    for effect, paths in found.items():
        yield _told(resource, paths, effect, ctx)


def _told(resource: Resource, paths: list[Path], effect: str, ctx: Context) -> Finding:
    name = _FINALIZER if isinstance(paths[0][-1], int) else paths[0][-1]
    return RULE.at(
        resource.place(*paths[0], on="key"),
        f"`{name}` {effect}, and must not stand in a manifest; remove it",
        resource=resource,
        related=tuple((resource.place(*path, on="key"), "and this") for path in paths[1:]),
        fix=ctx.safe(f"remove `{name}`", without(resource, paths)),
    )


def _says(value: Any) -> bool:
    return value is not MISSING and value not in (None, "", {}, [])


_PLAIN = """\
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
    name: in-cluster
    namespace: web
"""

BAD = (
    Example(
        title="a request for a refresh",
        yaml=_PLAIN.replace(
            "  namespace: argocd\n",
            "  namespace: argocd\n  annotations:\n    argocd.argoproj.io/refresh: hard\n",
        ),
        at='metadata.annotations["argocd.argoproj.io/refresh"]',
        fixed=_PLAIN,
    ),
    Example(
        title="an object as the cluster shows it",
        yaml=_PLAIN.replace(
            "  namespace: argocd\n",
            """\
  namespace: argocd
  resourceVersion: "812"
  uid: 6f0c7f2e-7c0e-4a58-b7f5-6d4a3f0a9f11
""",
        )
        + "status:\n  sync: {status: Synced}\n",
        at="metadata.resourceVersion",
        fixed=_PLAIN,
    ),
    Example(
        title="the mark of a Kustomization on an object",
        yaml="""\
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  labels:
    app: web
    kustomize.toolkit.fluxcd.io/name: apps
""",
        at='metadata.labels["kustomize.toolkit.fluxcd.io/name"]',
        fixed="""\
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  labels:
    app: web
""",
    ),
)
GOOD = (
    Example(
        title="what a test expects of a cluster",
        yaml="""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
spec:
  source:
    kustomize:
      images:
        - registry.example.com/web:1.0.1
status:
  sync:
    status: Synced
""",
    ),
    Example(title="what the author wants", yaml=_PLAIN),
    Example(
        title="empty values that generators leave",
        yaml=_PLAIN.replace("  name: web\n", "  name: web\n  creationTimestamp: null\n", 1)
        + "status: {}\n",
    ),
    Example(
        title="a tracking id for a namespace that Argo CD makes",
        yaml=_PLAIN
        + """\
  syncPolicy:
    managedNamespaceMetadata:
      annotations:
        argocd.argoproj.io/tracking-id: web:/Namespace:web/web
""",
    ),
)
