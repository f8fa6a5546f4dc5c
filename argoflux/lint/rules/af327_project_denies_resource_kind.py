"""An AppProject that does not permit a kind of objects that its Applications hold.

## What it does

It compares the kinds in the sources of Applications, as far as their files are at hand, with the
lists of kinds of their project, and reports an empty `namespaceResourceWhitelist`. A Namespace that
`CreateNamespace=true` makes is looked at by AF306.

## Why is this bad

The sync fails, and only then: "resource … is not permitted in project". No cluster-scoped kind is
permitted unless `clusterResourceWhitelist` names it; and an empty `namespaceResourceWhitelist` permits
nothing, while an absent one permits everything.

## Fix safety

The fix adds the kind to the list, so the project permits more than before.

## When to ignore it

Where the denied objects are not meant to be deployed by this project.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from argoflux.argocd.shapes import block, blocks, items, text
from argoflux.finding import Severity
from argoflux.goports.globs import GlobError, filepath_match
from argoflux.lint.permissions import project_of
from argoflux.lint.rule import Example, Rule
from argoflux.lint.source_content import contents
from argoflux.model.content import Known
from argoflux.yamlio import edit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.model.content import ContentObject
    from argoflux.resource import Resource

RULE = Rule(
    code="AF327",
    name="project-denies-resource-kind",
    severity=Severity.ERROR,
    scope="estate",
    kinds=("AppProject",),
    evidence=("document", "graph", "files"),
    links=("https://argo-cd.readthedocs.io/en/stable/user-guide/projects/",),
)

_ALLOWED = {"cluster": "clusterResourceWhitelist", "namespaced": "namespaceResourceWhitelist"}
_DENIED = {"cluster": "clusterResourceBlacklist", "namespaced": "namespaceResourceBlacklist"}


class _Denial(NamedTuple):
    """A list of a project that keeps a kind out."""

    project: Resource
    key: str
    group: str
    kind: str


def check(ctx: Context) -> Iterator[Finding]:
    """Empty lists of projects, and kinds that Applications hold and their project denies."""
    for project in ctx.inventory.of_kind("argoproj.io", "AppProject"):
        if _permits_nothing(project):
            yield RULE.at(
                project.place("spec", "namespaceResourceWhitelist"),
                "an empty `namespaceResourceWhitelist` permits no namespaced object at all; remove it"
                " to permit every kind, or list kinds",
                resource=project,
            )
    found: dict[_Denial, list[tuple[ApplicationView, ContentObject]]] = {}
    for app in ctx.all_applications:
        enforced = None if app.open else project_of(app, ctx)
        if enforced is None or _permits_all(enforced):
            continue
        for content in contents(app, ctx):
            for obj in content.objects if isinstance(content, Known) else ():
                denial = _denial(enforced, obj)
                if denial is not None:
                    found.setdefault(denial, []).append((app, obj))
    for denial, uses in found.items():
        if not (denial.key == "namespaceResourceWhitelist" and _permits_nothing(denial.project)):
            yield _told(denial, uses, ctx)


def _permits_nothing(project: Resource) -> bool:
    """Whether an empty list shuts out the Applications that sources and destinations let in."""
    spec = block(project.body, "spec")
    lets_in = items(spec, "sourceRepos") and items(spec, "destinations")
    return bool(lets_in) and spec.get("namespaceResourceWhitelist") == []


def _permits_all(project: Resource) -> bool:
    """Whether nothing needs to be read: every kind of both scopes is permitted."""
    spec = block(project.body, "spec")
    if any(items(spec, key) for key in _DENIED.values()):
        return False
    cluster, namespaced = (spec.get(key) for key in _ALLOWED.values())
    return _has_every(cluster) and (_has_every(namespaced) or not isinstance(namespaced, list))


def _has_every(entries: object) -> bool:
    every = {"group": "*", "kind": "*"}
    return isinstance(entries, list) and every in entries


def _denial(project: Resource, obj: ContentObject) -> _Denial | None:
    """The list that keeps an object out; None where none does or its scope is not known.

    argo-cd:pkg/apis/application/v1alpha1/app_project_types.go IsGroupKindNamePermitted.
    """
    if obj.scope not in _ALLOWED or not obj.certain or obj.hooks:
        return None
    spec = block(project.body, "spec")
    group, kind = obj.ref.group, obj.ref.kind
    allowed, denied = _ALLOWED[obj.scope], _DENIED[obj.scope]
    if any(_holds(entry, obj) for entry in blocks(spec, denied)):
        return _Denial(project, denied, group, kind)
    if obj.scope == "namespaced" and not isinstance(spec.get(allowed), list):
        return None
    if any(_holds(entry, obj) for entry in blocks(spec, allowed)):
        return None
    return _Denial(project, allowed, group, kind)


def _holds(entry: dict[str, object], obj: ContentObject) -> bool:
    """argo-cd:pkg/apis/application/v1alpha1/types.go isResourceInList: names are 3.3's, of clusters'."""
    parts = [(text(entry.get("group")), obj.ref.group), (text(entry.get("kind")), obj.ref.kind)]
    if entry.get("name"):
        parts.append((text(entry.get("name")), obj.ref.name))
    try:
        return all(filepath_match(pattern, value) for pattern, value in parts)
    except GlobError:
        return False


def _told(
    denial: _Denial, uses: list[tuple[ApplicationView, ContentObject]], ctx: Context
) -> Finding:
    project, key = denial.project, denial.key
    app, obj = uses[0]
    names = {each.name for each, _ in uses}
    more = f" (and {len(names) - 1} more)" if len(names) > 1 else ""
    kind = f"{denial.group}/{denial.kind}" if denial.group else denial.kind
    adds = key in _ALLOWED.values()
    advice = f"add it to `{key}`" if adds else f"`{key}` rejects it"
    stated = isinstance(block(project.body, "spec").get(key), list)
    place = project.place("spec", key, on="key") if stated else project.place("spec", on="key")
    number = len(items(block(project.body, "spec"), key))
    wanted = {"group": denial.group, "kind": denial.kind}
    edits = (
        edit.insert(project.document, project.place("spec", key, number).path, wanted)
        if adds
        else ()
    )
    return RULE.at(
        place,
        f"project `{project.ref.name}` does not permit {kind}, which `{app.name}`{more} deploys; {advice}",
        resource=project,
        related=(
            (obj.place, f"{obj.ref.kind} {obj.ref.name}"),
            (app.place("spec", "project"), "the Application"),
        ),
        fix=ctx.unsafe(f"permit {kind}", edits),
    )


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
_APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: shop
  source:
    repoURL: https://git.example.com/apps.git
    path: {path}
    targetRevision: main
  destination:
    server: https://kubernetes.default.svc
    namespace: web
"""
_ROLE = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules: []
"""
_QUOTA = """\
apiVersion: v1
kind: ResourceQuota
metadata:
  name: limits
  namespace: web
spec: {}
"""
_ROLES_ALLOWED = """\
  clusterResourceWhitelist:
    - group: {group}
      kind: ClusterRole
"""


def _files(more: str, manifest: str, path: str = "web") -> dict[str, str]:
    return {
        "project.yaml": _PROJECT + more,
        "app.yaml": _APPLICATION.format(path=path),
        "web/manifest.yaml": manifest,
    }


BAD = (
    Example(
        title="an empty list",
        yaml=_PROJECT + "  namespaceResourceWhitelist: []\n",
        at="spec.namespaceResourceWhitelist",
    ),
    Example(
        title="a cluster-scoped kind that is not listed",
        files=_files(_ROLES_ALLOWED.format(group="apps"), _ROLE),
        file="project.yaml",
        at="spec.clusterResourceWhitelist",
        fixed=_PROJECT
        + _ROLES_ALLOWED.format(group="apps")
        + "    - group: rbac.authorization.k8s.io\n      kind: ClusterRole\n",
        safety="unsafe",
    ),
    Example(
        title="a kind that is rejected",
        files=_files(
            "  namespaceResourceBlacklist:\n    - group: ''\n      kind: ResourceQuota\n", _QUOTA
        ),
        file="project.yaml",
        at="spec.namespaceResourceBlacklist",
    ),
)
GOOD = (
    Example(
        title="a kind that is listed",
        files=_files(_ROLES_ALLOWED.format(group="'*.k8s.io'"), _ROLE),
    ),
    Example(title="every namespaced kind", files=_files("", _QUOTA)),
    Example(title="a path that is not at hand", files=_files("", _ROLE, path="elsewhere")),
    Example(
        title="a project that is locked",
        yaml=_PROJECT.split("  sourceRepos", maxsplit=1)[0]
        + "  sourceRepos: []\n  destinations: []\n  namespaceResourceWhitelist: []\n",
    ),
)
