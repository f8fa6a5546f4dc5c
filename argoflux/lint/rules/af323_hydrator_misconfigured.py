"""A source hydrator that Argo CD refuses, or that writes where something else is read or written.

## What it does

It looks at `sourceHydrator`, which is an alpha feature: paths at the root of the repository or outside of it, empty
branches, a staging branch that is the branch synced from, a hydrated path inside of the dry one on the same
branch, and Applications that hydrate into one path, or one branch with different projects.

## Why is this bad

The hydrator replaces what the path holds. At the root that is the whole branch, so Argo CD
refuses it since 3.2; Applications that share a path are refused together. Hydrating into the
branch that is read makes a new commit, which is hydrated again.

## When to ignore it

For projects that share a branch, when one credential for writing serves both.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, NamedTuple

from argoflux.argocd.shapes import block
from argoflux.finding import Severity
from argoflux.goports.giturl import repository_key
from argoflux.lint.context import known_text
from argoflux.lint.permissions import project_named
from argoflux.lint.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.finding import Finding
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.text import Path

RULE = Rule(
    code="AF323",
    name="hydrator-misconfigured",
    severity=Severity.ERROR,
    scope="application",
    kinds=("Application", "ApplicationSet"),
    evidence=("document", "graph"),
    yields_to=("AF101",),
    links=("https://argo-cd.readthedocs.io/en/stable/user-guide/source-hydrator/",),
)

_AT: Path = ("spec", "sourceHydrator")
_PATH: Path = (*_AT, "syncSource", "path")
_BRANCH: Path = (*_AT, "syncSource", "targetBranch")


class _Writes(NamedTuple):
    """What a hydrator reads and writes; None where that is not known."""

    dry: str | None
    dry_branch: str | None
    dry_path: str | None
    repository: str | None
    branch: str | None
    staged: str | None
    path: str | None


def check(app: ApplicationView, ctx: Context) -> Iterator[Finding]:
    """The parts of the hydrator of an Application, and its place among the others."""
    hydrator = app.spec.get("sourceHydrator")
    if not isinstance(hydrator, dict):
        return
    mine = _writes(app)
    for keys in (
        ("drySource", "repoURL"),
        ("syncSource", "targetBranch"),
        ("hydrateTo", "targetBranch"),
    ):
        if (
            block(hydrator, keys[0]).get(keys[1]) == ""
        ):  # argo-cd:util/argo/argo.go validateSourceHydrator
            yield _told(app, (*_AT, *keys), f"names no `{keys[1]}` in `{keys[0]}`; state it")
    trouble = _path_trouble(mine.path)
    if trouble:
        yield _told(app, _PATH, f"writes {trouble}; give every Application a directory of its own")
        return
    if mine.staged and mine.staged == mine.branch:
        told = f"stages on `{mine.branch}`, the branch that is synced, which it does anyway"
        path: Path = (*_AT, "hydrateTo", "targetBranch")
        yield _told(
            app, path, f"{told}; name another branch, or remove `hydrateTo`", Severity.WARNING
        )
    if _feeds_itself(mine):
        told = (
            f"writes into what it reads: `{mine.path}` on branch `{mine.branch}` of the dry source"
        )
        yield _told(app, _BRANCH, f"{told}; hydrate into another branch")
    yield from _shared(app, mine, ctx)


def _told(
    app: ApplicationView,
    path: Path,
    text: str,
    severity: Severity | None = None,
    other: ApplicationView | None = None,
) -> Finding:
    related = ((other.place(*_AT, on="key"), "the other hydrator"),) if other is not None else ()
    return RULE.at(
        app.place(*path),
        f"the source hydrator {text}",
        resource=app.resource,
        severity=severity,
        related=related,
    )


def _writes(app: ApplicationView) -> _Writes:
    hydrator = block(app.spec, "sourceHydrator")
    dry, sync = block(hydrator, "drySource"), block(hydrator, "syncSource")
    repository = known_text(dry.get("repoURL"))
    into = known_text(sync.get("repoURL")) if sync.get("repoURL") else repository
    branch = known_text(sync.get("targetBranch"))
    staged = block(hydrator, "hydrateTo").get("targetBranch")
    return _Writes(
        dry=repository_key(repository) if repository else None,
        dry_branch=known_text(dry.get("targetRevision")),
        dry_path=known_text(dry.get("path")),
        repository=repository_key(into) if into else None,
        branch=branch,
        staged=known_text(staged) if staged else None,
        path=known_text(sync.get("path")),
    )


def _path_trouble(path: str | None) -> str:
    """argo-cd:controller/hydrator/hydrator.go IsRootPath cleans the path before it compares."""
    if path is None:
        return ""
    clean = posixpath.normpath(path) if path else "."
    if clean in {".", "/"}:
        return "to the root of the repository, which Argo CD refuses since 3.2"
    if clean.startswith("../") or clean == "..":
        return f"outside of the repository (`{path}`)"
    return f"to the absolute path `{path}`" if clean.startswith("/") else ""


def _feeds_itself(mine: _Writes) -> bool:
    """Whether what is written stands inside of the dry path, or around it, on the same branch."""
    into = mine.staged or mine.branch
    if not mine.dry or mine.dry != mine.repository or not into or into != mine.dry_branch:
        return False
    if mine.path is None or mine.dry_path is None:
        return False
    dry, wet = (posixpath.normpath(each or ".") for each in (mine.dry_path, mine.path))
    return dry in {".", wet} or wet.startswith(f"{dry}/") or dry.startswith(f"{wet}/")


def _shared(app: ApplicationView, mine: _Writes, ctx: Context) -> Iterator[Finding]:
    """argo-cd:controller/hydrator/hydrator.go validateApplications, getHydrationQueueKey."""
    key = _target(app, mine)
    if key is None or mine.path is None or app.open:
        return
    others: list[tuple[ApplicationView, str]] = []
    for each in _hydrated(ctx).get(key, ()):
        if each[0].body is app.body:
            break  # a pair is told once, at the later one
        others.append(each)
    path = posixpath.normpath(mine.path)
    for other, wet in others:
        if posixpath.normpath(wet) == path:
            told = f"writes to `{path}` on `{key[2]}` like that of `{other.name}`"
            yield _told(app, _PATH, f"{told}; give each its own path", other=other)
            return
    project = project_named(app)
    for other, _ in others:
        theirs = project_named(other)
        if project and theirs and theirs != project:
            told = (
                f"writes to `{key[2]}` like that of `{other.name}` in project `{theirs}`, and which"
                " credential is used is not settled; use one project, or a branch for each"
            )
            yield _told(app, _BRANCH, told, Severity.WARNING, other)
            return


def _target(app: ApplicationView, mine: _Writes) -> tuple[str, str, str] | None:
    branch = mine.staged or mine.branch
    return (app.resource.root, mine.repository, branch) if mine.repository and branch else None


def _hydrated(
    ctx: Context,
) -> Mapping[tuple[str, str, str], list[tuple[ApplicationView, str]]]:
    """The Applications that hydrate into each branch of a repository, with their paths."""
    known: dict[tuple[str, str, str], list[tuple[ApplicationView, str]]] | None
    known = ctx.memory.get(RULE.code)
    if known is None:
        known = ctx.memory[RULE.code] = {}
        for app in ctx.all_applications:
            if not app.open and isinstance(app.spec.get("sourceHydrator"), dict):
                mine = _writes(app)
                key = _target(app, mine)
                if key is not None and mine.path is not None:
                    known.setdefault(key, []).append((app, mine.path))
    return known


_APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: {name}
  namespace: argocd
spec:
  project: {project}
  sourceHydrator:
    drySource:
      repoURL: https://git.example.com/apps.git
      targetRevision: main
      path: {dry}
    syncSource:
      targetBranch: {branch}
      path: {path}
  destination:
    server: https://kubernetes.default.svc
    namespace: web
"""


def _example(
    path: str = "apps/web",
    branch: str = "env/prod",
    dry: str = "charts/web",
    name: str = "web",
    project: str = "shop",
    staged: str = "",
) -> str:
    stated = _APPLICATION.format(path=path, branch=branch, dry=dry, name=name, project=project)
    more = f"    hydrateTo:\n      targetBranch: {staged}\n  destination:"
    return stated.replace("  destination:", more) if staged else stated


_WET = "spec.sourceHydrator.syncSource"
BAD = (
    Example(title="the root of the branch", yaml=_example(path="./"), at=f"{_WET}.path"),
    Example(title="outside of the repository", yaml=_example(path="../web"), at=f"{_WET}.path"),
    Example(title="an absolute path", yaml=_example(path="/apps/web"), at=f"{_WET}.path"),
    Example(title="no branch", yaml=_example(branch='""'), at=f"{_WET}.targetBranch"),
    Example(
        title="staging where it is synced from",
        yaml=_example(staged="env/prod"),
        at="spec.sourceHydrator.hydrateTo.targetBranch",
    ),
    Example(
        title="writing into what is read",
        yaml=_example(branch="main", dry="."),
        at=f"{_WET}.targetBranch",
    ),
    Example(
        title="two Applications in one path",
        files={
            "api.yaml": _example(name="api", path="apps/web/"),
            "web.yaml": _example(),
        },
        file="web.yaml",
        at=f"{_WET}.path",
    ),
    Example(
        title="two projects on one branch",
        files={
            "api.yaml": _example(name="api", path="apps/api", project="pay"),
            "web.yaml": _example(),
        },
        file="web.yaml",
        at=f"{_WET}.targetBranch",
    ),
)
GOOD = (
    Example(title="a directory on another branch", yaml=_example()),
    Example(title="a staging branch", yaml=_example(staged="env/prod-next")),
    Example(
        title="two Applications in two paths",
        files={"web.yaml": _example(), "api.yaml": _example(name="api", path="apps/api")},
    ),
    Example(
        title="values that are filled in later", yaml=_example(path="${APP_PATH}", branch="${ENV}")
    ),
)
