"""A project whose Applications may write to the namespace of the controllers.

## What it does

It reports AppProjects, other than those of the people who run the installation, that allow the namespaces `argocd`, `flux-system`
or `kube-system` of the own cluster as a destination, and those that let Applications of Argo CD's own namespace in by
`sourceNamespaces`. A namespace that is named is a warning, one that a wildcard lets in an error; `flux-system` counts where the input holds objects
of Flux. It weighs less where the project takes manifests only from the repository that it stands in itself, and least
where a service account of its own applies them (`destinationServiceAccounts`).

## Why is this bad

Whoever may create objects in the namespace of Argo CD may create an Application in any project, read its Secrets, or replace
its settings. The border that the project was meant to be is gone. The same goes for Flux and for the cluster's own namespace.

## When to ignore it

When everybody who may write to the repositories of the project runs the installation anyhow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.argocd.shapes import block, blocks, items, text
from argoflux.finding import Severity
from argoflux.lint.arrivals import is_flux
from argoflux.lint.context import known_text
from argoflux.lint.projects import (
    ADMIN_NAMES,
    allows_namespace,
    denies_namespace,
    destinations,
    is_admin,
)
from argoflux.lint.rule import Example, Rule
from argoflux.model.content import Unknown
from argoflux.workspace.tree import contains

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

# argo-cd:docs/operator-manual/app-any-namespace.md, argo-cd:docs/operator-manual/cluster-bootstrapping.md
RULE = Rule(
    code="AF507",
    name="project-reaches-control-plane",
    severity=Severity.ERROR,
    kinds=("AppProject",),
    links=("https://argo-cd.readthedocs.io/en/stable/operator-manual/app-any-namespace/",),
)
_LOCAL = frozenset({"*", "https://kubernetes.default.svc", "in-cluster"})
_SYSTEMS = {"flux-system": "Flux", "kube-system": "the cluster"}


def check(project: Resource, ctx: Context) -> Iterator[Finding]:
    """Destinations and namespaces of the control plane."""
    if is_admin(project) or project.ref.name == "default":
        return
    home = project.ref.namespace or "argocd"
    controlled = {home: "Argo CD", **_SYSTEMS}
    if not _has_flux(ctx):
        del controlled["flux-system"]
    for path, entry in destinations(project):
        if _LOCAL.isdisjoint({entry["server"], entry["name"]}):
            continue
        reached = [
            name
            for name in controlled
            if allows_namespace(entry, name) and not denies_namespace(project, name)
        ]
        if reached:
            what = _listed([f"`{name}`" for name in reached])
            meant = entry["namespace"] in reached
            way = (
                "leave it to a project of those who run the installation"
                if meant
                else "list the namespaces that it needs"
            )
            message = (
                f"Applications of the project may write to {what}: who controls its repositories"
                f" controls {_listed([controlled[name] for name in reached])}; {way}"
            )
            yield RULE.at(
                project.place(*path, "namespace"),
                message,
                resource=project,
                severity=_weight(project, entry, ctx, meant=meant),
            )
    for number, entry in enumerate(items(block(project.body, "spec"), "sourceNamespaces")):
        if entry == home:
            message = (
                f"Applications in `{home}` are those of the people who run Argo CD; name the namespaces of"
                f" the team (a project counts as theirs when its name has one of: {ADMIN_NAMES})"
            )
            place = project.place("spec", "sourceNamespaces", number)
            yield RULE.at(place, message, resource=project)


def _listed(names: list[str]) -> str:
    return " and ".join(", ".join(names).rsplit(", ", 1))


def _has_flux(ctx: Context) -> bool:
    """Whether the input is about Flux too."""
    known: bool | None = ctx.memory.get(RULE.code)
    if known is None:
        known = ctx.memory[RULE.code] = any(map(is_flux, ctx.resources))
    return known


def _weight(project: Resource, entry: Mapping[str, str], ctx: Context, *, meant: bool) -> Severity:
    """Error; less where nobody gains a right by it, or nobody can tell.

    A service account's own rights decide where the project names one (argo-cd:controller/sync.go,
    deriveServiceAccountToImpersonate). Whoever writes to the repository that holds the project can
    change the project itself.
    """
    accounts = blocks(block(project.body, "spec"), "destinationServiceAccounts")
    if any(_covers(account, entry) for account in accounts):
        return Severity.INFO
    if meant:
        return Severity.WARNING
    sources = items(block(project.body, "spec"), "sourceRepos")
    own = all(isinstance(url, str) and _is_own(project, url, ctx) for url in sources)
    return Severity.WARNING if sources and own else Severity.ERROR


def _covers(account: Mapping[str, Any], entry: Mapping[str, str]) -> bool:
    if not text(account.get("defaultServiceAccount")):
        return False
    same = ("server", "namespace")
    return all(text(account.get(key)) in {"*", entry[key]} for key in same)


def _is_own(project: Resource, url: str, ctx: Context) -> bool:
    """Whether a repository is the one that the project is written in."""
    if "*" in url or url.startswith("!") or known_text(url) is None:
        return False
    copy = ctx.local(project, url)
    if isinstance(copy, Unknown):
        return False
    return contains(copy.directory, ctx.workspace.paths.get(project.file, ""))


_PROJECT = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: {name}
  namespace: argocd
spec:
  sourceRepos:
    - https://git.example.com/shop.git
  destinations:
    - server: {server}
      namespace: {namespace}
"""
_LOCAL_SERVER = "https://kubernetes.default.svc"

BAD = (
    Example(
        title="every namespace of the own cluster",
        yaml=_PROJECT.format(name="shop", server=_LOCAL_SERVER, namespace='"*"'),
        at="spec.destinations[0].namespace",
    ),
)
GOOD = (
    Example(
        title="a namespace of the team",
        yaml=_PROJECT.format(name="shop", server=_LOCAL_SERVER, namespace="shop-*"),
    ),
    Example(
        title="the project of the platform team",
        yaml=_PROJECT.format(name="platform", server=_LOCAL_SERVER, namespace='"*"'),
    ),
    Example(
        title="another cluster",
        yaml=_PROJECT.format(name="shop", server="https://prod.example.com", namespace='"*"'),
    ),
)
