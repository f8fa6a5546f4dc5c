"""A namespace that Argo CD is to create or label, and does not.

## What it does

It looks at `CreateNamespace=true` and `managedNamespaceMetadata`: the option without a namespace in
the destination; metadata without the option; metadata for a namespace that the source brings
itself, or that another Application gives other metadata; and projects that do not let the
Application create a Namespace.

## Why is this bad

Labels of a namespace decide about admission and network rules. Metadata that nobody applies, or
that two Applications fight over, looks as if it were in force. A project without `Namespace` in its
`clusterResourceWhitelist` fails the whole sync when the namespace has to be created.

## Fix safety

The fix adds `CreateNamespace=true`, so the namespace is created and labelled from then on.

## When to ignore it

For the project, when the namespace is made elsewhere and is there first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.argocd.shapes import block, blocks, text
from argoflux.finding import Severity
from argoflux.lint import authored
from argoflux.lint.application import is_known
from argoflux.lint.rule import Example, Rule
from argoflux.lint.source_content import contents
from argoflux.lint.sync_policy import add_option, managed_metadata, may_have_option, options
from argoflux.model.content import Known
from argoflux.model.tenant import KindPattern, matches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.text import Path

RULE = Rule(
    code="AF306",
    name="create-namespace-ineffective",
    severity=Severity.WARNING,
    scope="application",
    kinds=("Application", "ApplicationSet"),
    evidence=("document", "graph"),
    silenced_by=("AF303",),  # a destination without a namespace is told there
    links=("https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/",),
)

_OPTION = "CreateNamespace=true"
_AT: Path = ("spec", "syncPolicy", "managedNamespaceMetadata")
_ALWAYS_THERE = frozenset({"default", "kube-system", "kube-public", "kube-node-lease"})


def check(app: ApplicationView, ctx: Context) -> Iterator[Finding]:
    """What keeps the namespace of an Application from being made, or from its metadata."""
    namespace = block(app.spec, "destination").get("namespace")
    path = next((path for path, option in options(app) if option == _OPTION), None)
    filled = authored.is_filled_in(app, "spec", "destination", "namespace")
    if path is not None and not namespace and not filled and authored.is_whole(app):
        # argo-cd:gitops-engine/pkg/sync/sync_context.go getSyncTasks
        sentence = "`CreateNamespace=true` creates nothing: the destination names no namespace"
        yield RULE.at(app.place(*path), sentence, resource=app.resource)
    metadata = managed_metadata(app)
    stated = any(block(metadata, key) for key in ("labels", "annotations"))
    if stated and not may_have_option(app, _OPTION):
        # argo-cd:controller/sync.go WithNamespaceModifier only comes with the option
        yield RULE.at(
            app.place(*_AT, on="key"),
            "`managedNamespaceMetadata` is applied only with the sync option `CreateNamespace=true`;"
            " add it",
            resource=app.resource,
            fix=ctx.unsafe("add `CreateNamespace=true`", add_option(app, _OPTION)),
        )
    if isinstance(namespace, str) and namespace and is_known(namespace) and path is not None:
        if stated:
            yield from _brought(app, namespace, ctx)
            yield from _contested(app, namespace, ctx)
        if namespace not in _ALWAYS_THERE:
            yield from _denied(app, namespace, path, ctx)


def _brought(app: ApplicationView, namespace: str, ctx: Context) -> Iterator[Finding]:
    """argo-cd:docs/user-guide/sync-options.md: a Namespace among the manifests wins."""
    for content in contents(app, ctx):
        if not isinstance(content, Known):
            continue
        for manifest in content.namespace_manifests:
            if manifest.ref.name == namespace:
                yield RULE.at(
                    app.place(*_AT, on="key"),
                    f"the source holds Namespace `{namespace}` itself, which counts instead of"
                    " `managedNamespaceMetadata`; write labels and annotations there",
                    resource=app.resource,
                    related=((manifest.place, "the Namespace"),),
                )
                return


class _Claim(NamedTuple):
    """What one Application wants of a namespace."""

    app: ApplicationView
    metadata: dict[str, Any]


def _contested(app: ApplicationView, namespace: str, ctx: Context) -> Iterator[Finding]:
    mine = _claim(app)
    for other in _claims(ctx).get(_key(app, namespace), ()):
        if other.app is app or other.app.resource is app.resource or other.metadata == mine:
            continue
        yield RULE.at(
            app.place(*_AT, on="key"),
            f"{other.app.resource.ref} gives namespace `{namespace}` other metadata, so the two"
            " overwrite each other; keep it in one of them",
            resource=app.resource,
            related=((other.app.place(*_AT, on="key"), "the other metadata"),),
        )
        return


def _claims(ctx: Context) -> dict[tuple[str, ...], list[_Claim]]:
    """What Applications want of each namespace of a cluster."""
    known: dict[tuple[str, ...], list[_Claim]] | None = ctx.memory.get(RULE.code)
    if known is None:
        known = ctx.memory[RULE.code] = {}
        for app in ctx.all_applications:
            metadata, namespace = _claim(app), block(app.spec, "destination").get("namespace")
            if metadata and isinstance(namespace, str) and not app.open:
                known.setdefault(_key(app, namespace), []).append(_Claim(app, metadata))
    return known


def _claim(app: ApplicationView) -> dict[str, Any]:
    return {key: value for key, value in managed_metadata(app).items() if value}


def _key(app: ApplicationView, namespace: str) -> tuple[str, ...]:
    destination = block(app.spec, "destination")
    where = text(destination.get("server")), text(destination.get("name"))
    return (app.resource.root, *where, namespace)


def _denied(app: ApplicationView, namespace: str, path: Path, ctx: Context) -> Iterator[Finding]:
    """argo-cd:pkg/apis/application/v1alpha1/app_project_types.go IsGroupKindNamePermitted."""
    name = app.get("spec", "project")
    if not isinstance(name, str) or not name or not is_known(name):
        return
    found = ctx.inventory.find(app.resource.root, "argoproj.io", "AppProject", app.namespace, name)
    if len(found) != 1 or _permits(found[0], namespace) or _is_made(app, namespace, ctx):
        return
    project = found[0]
    on = "clusterResourceWhitelist" if "clusterResourceWhitelist" in project.body["spec"] else ""
    place = project.place("spec", on) if on else project.place("spec", on="key")
    yield RULE.at(
        app.place(*path),
        f"project `{name}` does not permit Namespace `{namespace}`, so creating it fails the sync;"
        " add it to `clusterResourceWhitelist`, or create the namespace first",
        resource=app.resource,
        related=((place, "what the project permits"),),
    )


def _permits(project: Resource, namespace: str) -> bool:
    spec = block(project.body, "spec")
    allowed = any(_means(entry, namespace) for entry in blocks(spec, "clusterResourceWhitelist"))
    denied = any(_means(entry, namespace) for entry in blocks(spec, "clusterResourceBlacklist"))
    return not spec or (allowed and not denied)


def _means(entry: dict[str, Any], namespace: str) -> bool:
    kind = KindPattern(group=text(entry.get("group")), kind=text(entry.get("kind")))
    name = text(entry.get("name"))
    return kind.holds("", "Namespace") and (not name or matches(name, namespace))


def _is_made(app: ApplicationView, namespace: str, ctx: Context) -> bool:
    """Whether the input has a manifest of the namespace."""
    return any(
        other.ref.name == namespace and other.root == app.resource.root
        for other in ctx.others("Namespace")
    )


def _example(policy: str, namespace: str = "\n    namespace: web") -> str:
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
    server: https://kubernetes.default.svc{namespace}
  syncPolicy:
{policy}"""


_LABELS = """\
    managedNamespaceMetadata:
      labels:
        team: shop
"""
_CREATES = """\
    syncOptions:
      - CreateNamespace=true
"""
_PROJECT = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: shop
  namespace: argocd
spec:
  sourceRepos:
    - https://git.example.com/apps.git
  destinations:
    - server: https://kubernetes.default.svc
      namespace: web
"""
_ALLOWED = """\
  clusterResourceWhitelist:
    - group: ""
      kind: Namespace
"""
_NAMESPACE = """\
apiVersion: v1
kind: Namespace
metadata:
  name: web
"""
_FIRST = "spec.syncPolicy.syncOptions[0]"

BAD = (
    Example(
        title="metadata without the option",
        yaml=_example(_LABELS),
        at="spec.syncPolicy.managedNamespaceMetadata",
        fixed=_example(_LABELS + _CREATES.replace("      -", "    -")),
        safety="unsafe",
    ),
    Example(title="no namespace to create", yaml=_example(_CREATES, namespace=""), at=_FIRST),
    Example(
        title="a namespace that the source brings",
        files={"app.yaml": _example(_LABELS + _CREATES), "web/namespace.yaml": _NAMESPACE},
        file="app.yaml",
        at="spec.syncPolicy.managedNamespaceMetadata",
    ),
    Example(
        title="a project that does not permit it",
        files={"app.yaml": _example(_CREATES), "project.yaml": _PROJECT},
        file="app.yaml",
        at=_FIRST,
    ),
)
GOOD = (
    Example(title="metadata with the option", yaml=_example(_LABELS + _CREATES)),
    Example(
        title="a project that permits it",
        files={"app.yaml": _example(_CREATES), "project.yaml": _PROJECT + _ALLOWED},
    ),
    Example(
        title="a namespace that is made elsewhere",
        files={
            "app.yaml": _example(_CREATES),
            "project.yaml": _PROJECT,
            "namespaces/web.yaml": _NAMESPACE,
        },
    ),
    Example(
        title="options that are filled in later",
        yaml=_example(_LABELS + "    syncOptions:\n      - ${OPTION}\n"),
    ),
)
