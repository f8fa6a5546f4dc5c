"""An Application whose project does not permit its source, its destination or its namespace.

## What it does

It compares every repository of an Application, its destination and the namespace that it stands in
with the lists of its AppProject, as Argo CD compares them, and says which entry nearly fits.

## Why is this bad

Argo CD sets InvalidSpecError and neither compares nor syncs such an Application. It is often a slip:
`*` in `sourceRepos` stops at a slash, so `https://git.example.com/shop/*` leaves subgroups out.

## When to ignore it

Where the project in the cluster has more in its lists than the one in the repository.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.argocd.shapes import block, blocks, items, text
from argoflux.finding import Severity
from argoflux.goports.giturl import normalize_git_url, strip_credentials
from argoflux.lint.application import is_known
from argoflux.lint.context import known_text
from argoflux.lint.permissions import (
    clusters,
    permits_namespace,
    permits_source,
    permits_target,
    project_of,
    target_of,
)
from argoflux.lint.rule import Example, Rule
from argoflux.model.tenant import DENY, matches
from argoflux.schema_words import closest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.lint.permissions import Target
    from argoflux.resource import Resource
    from argoflux.text import Path

RULE = Rule(
    code="AF326",
    name="project-denies-application",
    severity=Severity.ERROR,
    scope="application",
    kinds=("Application", "ApplicationSet"),
    evidence=("document", "graph"),
    silenced_by=("AF205",),
    links=("https://argo-cd.readthedocs.io/en/stable/user-guide/projects/",),
)

_SHOWN = 3


def check(app: ApplicationView, ctx: Context) -> Iterator[Finding]:
    """Repositories, destination and namespace of an Application whose project is at hand."""
    project = project_of(app, ctx)
    if project is None or not app.spec:
        return
    for path, url in _repositories(app):
        readable = known_text(url) is not None and normalize_git_url(url)
        if readable and permits_source(project, url, ctx) is False:
            shown = strip_credentials(url)
            message = f"project `{project.ref.name}` does not permit repository `{shown}`"
            hint = _source_hint(project, url)
            yield _found(app, path, f"{message}; {hint}", project, "sourceRepos")
    target = target_of(app, ctx)
    if target is not None:
        yield from _destination(app, project, target, ctx)
    here, home = app.namespace, project.ref.namespace
    outside = bool(here and home) and here != home and is_known(here)
    if outside and not permits_namespace(project, here):
        message = f"project `{project.ref.name}` does not permit Applications in namespace `{here}`"
        path = ("metadata", "namespace") if block(app.body, "metadata").get("namespace") else ()
        yield _found(
            app, path, f"{message}; add it to `sourceNamespaces`", project, "sourceNamespaces"
        )


def _found(app: ApplicationView, path: Path, message: str, project: Resource, key: str) -> Finding:
    stated = key in block(project.body, "spec")
    where = project.place("spec", key, on="key") if stated else project.place("spec", on="key")
    return RULE.at(
        app.place(*path),
        message,
        resource=app.resource,
        related=((where, f"what project {project.ref.name} permits"),),
    )


def _repositories(app: ApplicationView) -> Iterator[tuple[Path, str]]:
    """Every repository that is checked.

    argo-cd:util/argo/argo.go ValidatePermissions; argo-cd:controller/hydrator/hydrator.go (the dry
    source, and the repository that it is hydrated into).
    """
    hydrator = app.spec.get("sourceHydrator")
    if isinstance(hydrator, dict):
        for key in ("drySource", "syncSource"):
            url = text(block(hydrator, key).get("repoURL"))
            if url:
                yield ("spec", "sourceHydrator", key, "repoURL"), url
        return
    for path, source in app.sources():
        url = text(source.get("repoURL"))
        if url:
            yield (*path, "repoURL"), url


def _source_hint(project: Resource, url: str) -> str:
    """What to do about a repository: the entry that nearly fits, or what the list holds."""
    entries = [e for e in items(block(project.body, "spec"), "sourceRepos") if isinstance(e, str)]
    wanted = normalize_git_url(url)
    for entry in entries:
        pattern = normalize_git_url(entry.removeprefix(DENY))
        if entry.startswith(DENY):
            if matches(pattern, wanted, "/"):
                return f"`{entry}` rejects it"
        elif "*" in pattern and matches(pattern.replace("**", "*").replace("*", "**"), wanted, "/"):
            deeper = entry.replace("**", "*").replace("*", "**")
            return f"`*` stops at a slash, so `{entry}` does not fit; write `{deeper}`"
    if not entries:
        return "the project lists no `sourceRepos`"
    if len(entries) == 1:
        return f"it permits `{strip_credentials(entries[0])}` only"
    near = closest(wanted, entries)
    return f"add it to `sourceRepos`{_near(strip_credentials(near))}"


def _near(entry: str) -> str:
    return f"; `{entry}` nearly fits" if entry else ""


def _destination(
    app: ApplicationView, project: Resource, target: Target, ctx: Context
) -> Iterator[Finding]:
    name = project.ref.name
    stated = block(app.spec, "destination")
    where = text(stated.get("name")) or text(stated.get("server"))
    answer = permits_target(project, target, ctx)
    if answer is False:
        space = target.namespace
        told = f"namespace `{space}` of `{where}`" if space else f"`{where}` without a namespace"
        message = f"project `{name}` does not permit {told}; {_target_hint(project, target)}"
        yield _found(app, ("spec", "destination"), message, project, "destinations")
    elif answer and block(project.body, "spec").get("permitOnlyProjectScopedClusters") is True:
        own = [c for c in clusters(ctx, app.resource.root) if target.server == c.server]
        if own and all(c.project != name for c in own):
            message = (
                f"project `{name}` permits clusters of its own only, and `{where}` is not one of"
                f" them; state `project: {name}` in the Secret of the cluster"
            )
            yield _found(app, ("spec", "destination"), message, project, "destinations")


def _target_hint(project: Resource, target: Target) -> str:
    """What the entries for the same cluster permit, or all of them."""
    entries = blocks(block(project.body, "spec"), "destinations")
    if not entries:
        return "the project lists no `destinations`"
    here = [e for e in entries if _is_same_cluster(e, target)]
    shown = sorted({text(e.get("namespace")) for e in here})
    if here and len(shown) <= _SHOWN:
        listed = ", ".join(f"`{each}`" for each in shown)
        return f"of this cluster it permits {listed}"
    return "add it to `destinations`"


def _is_same_cluster(entry: dict[str, Any], target: Target) -> bool:
    pairs = ((text(entry.get("server")), target.server), (text(entry.get("name")), target.name))
    return any(value is not None and matches(pattern, value) for pattern, value in pairs)


_PROJECT = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: shop
  namespace: argocd
spec:
  sourceRepos:
    - {repo}
  destinations:
    - {where}
      namespace: {namespace}
"""
_APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: {home}
spec:
  project: shop
  source:
    repoURL: {repo}
    path: web
  destination:
    {where}
    namespace: shop-web
"""
_LOCAL = "server: https://kubernetes.default.svc"
_REPO = "https://git.example.com/shop/team/web.git"


def _files(
    repo: str = "https://git.example.com/shop/**",
    namespace: str = "shop-*",
    where: str = _LOCAL,
    app: str = _REPO,
    to: str = _LOCAL,
    home: str = "argocd",
) -> dict[str, str]:
    return {
        "project.yaml": _PROJECT.format(repo=repo, where=where, namespace=namespace),
        "web.yaml": _APPLICATION.format(repo=app, where=to, home=home),
    }


BAD = (
    Example(
        title="a pattern that stops at a slash",
        files=_files(repo="https://git.example.com/shop/*"),
        file="web.yaml",
        at="spec.source.repoURL",
    ),
    Example(
        title="a repository that is rejected",
        files=_files(repo='"!https://git.example.com/shop/**"'),
        file="web.yaml",
        at="spec.source.repoURL",
    ),
    Example(
        title="a namespace that is not permitted",
        files=_files(namespace="shop"),
        file="web.yaml",
        at="spec.destination",
    ),
    Example(
        title="another cluster",
        files=_files(to="name: in-cluster", where="server: https://10.0.0.1"),
        file="web.yaml",
        at="spec.destination",
    ),
    Example(
        title="a namespace of Applications that is not permitted",
        files=_files(home="shop-apps"),
        file="web.yaml",
        at="metadata.namespace",
    ),
)
GOOD = (
    Example(title="a pattern that crosses slashes", files=_files()),
    Example(
        title="the other form of the same repository",
        files=_files(
            repo="git@git.example.com:shop/web.git", app="ssh://git@git.example.com/shop/web"
        ),
    ),
    Example(
        title="everything that is not rejected",
        files=_files(repo='"!https://git.example.com/pay/**"'),
    ),
    Example(
        title="a cluster by name whose address is not known",
        files=_files(to="name: prod", where="server: https://10.0.0.1"),
    ),
    Example(
        title="a repository that belongs to the project",
        files={
            **_files(repo="https://git.example.com/pay.git"),
            "repository.yaml": f"""\
apiVersion: v1
kind: Secret
metadata:
  name: web
  namespace: argocd
  labels:
    argocd.argoproj.io/secret-type: repository
stringData:
  project: shop
  url: {_REPO}
""",
        },
    ),
    Example(title="a repository that is filled in later", files=_files(app="${REPO}")),
    Example(
        title="a project that is not at hand",
        yaml=_APPLICATION.format(repo=_REPO, where=_LOCAL, home="argocd"),
    ),
)
