"""A path that does not exist in its repository.

## What it does

It looks for the paths that Applications, Kustomizations, HelmReleases with a chart in Git and
ImageUpdateAutomations take from a repository of which a copy is at hand: the one that was read, by the
URL of its `origin`, or one named with `--source`. A copy that is only recognised because most paths
exist in it gives a warning. Revisions other than branches are not judged. The paths of git generators
have to match something.

## Why is this bad

The object cannot be built any more: nothing is applied, and nothing is pruned either. Argo CD keeps
showing the last health, so it looks fine. A generator without a match makes no Applications, and
deletes those that it made before.

## Fix safety

The fix takes the one path that differs in upper and lower case only. It changes what is deployed, so
it is unsafe.

## When to ignore it

When the files at hand are not those of the branch that is deployed.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from argoflux.argocd.appset.gitfiles import chosen_files, chosen_folders
from argoflux.argocd.appset.problems import ExpansionError
from argoflux.argocd.shapes import block, blocks, text
from argoflux.finding import Severity
from argoflux.lint.application import is_known
from argoflux.lint.copies import copy_of, path_uses, repository_of
from argoflux.lint.rule import Example, Rule
from argoflux.schema_words import closest
from argoflux.yamlio.edit import set_value
from argoflux.yamlio.tree import dig

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.finding import Finding, Fix
    from argoflux.lint.context import Context
    from argoflux.lint.copies import Copy, PathUse
    from argoflux.resource import Resource
    from argoflux.text import Path
    from argoflux.workspace.sources import LocalTree
    from argoflux.workspace.tree import Tree

RULE = Rule(
    code="AF206",
    name="source-path-missing",
    severity=Severity.ERROR,
    scope="estate",
    kinds=(
        "Application",
        "ApplicationSet",
        "Kustomization",
        "HelmRelease",
        "HelmChart",
        "ImageUpdateAutomation",
    ),
    evidence=("document", "files"),
)


def check(ctx: Context) -> Iterator[Finding]:
    """Paths of sources, then those of generators.

    argo-cd:util/app/path/path.go Path, kustomize-controller:internal/controller/
    kustomization_controller.go reconcile (`spec.path` is joined to the artifact, links cannot leave
    it).
    """
    for use in path_uses(ctx):
        argo = use.resource.ref.group == "argoproj.io"
        if argo and use.path.startswith("/"):
            message = f"`path: {use.path}` is absolute, which Argo CD refuses; leave the `/` out"
            yield RULE.at(use.place, message, resource=use.resource)
            continue
        if argo and posixpath.normpath(use.path).startswith("../"):
            message = f"`path: {use.path}` leaves the repository, which Argo CD refuses"
            yield RULE.at(use.place, message, resource=use.resource)
            continue
        copy = copy_of(ctx, use.repository)
        if copy is not None:
            yield from _missing(ctx, use, copy)
    for resource in ctx.resources:
        if resource.ref[:2] == ("argoproj.io", "ApplicationSet"):
            spec = block(resource.body, "spec")
            yield from _generators(ctx, resource, spec, ("spec",))


def _missing(ctx: Context, use: PathUse, copy: Copy) -> Iterator[Finding]:
    tree, directory = ctx.workspace.tree, copy.tree.path(use.path)
    if tree.is_directory(directory):
        chart = tree.is_file(copy.tree.path(f"{use.path}/Chart.yaml"))
        if chart or not use.chart:
            return
        problem, real = "holds no Chart.yaml", ""
    elif use.chart and use.path.endswith(".tgz"):
        return
    elif tree.is_file(directory):
        problem, real = "is a file, not a folder", ""
    else:
        real = _spelt_otherwise(tree, copy.tree, use.path)
        near = real or _near(tree, copy.tree, use.path)
        problem = "does not exist" + (f" (but `{near}` does)" if near else "")
    shown = tree.display(copy.tree.directory)
    where = "" if copy.proved else f", read from {shown if shown != '.' else 'the files at hand'}"
    yield RULE.at(
        use.place,
        f"path `{use.path}` {problem} in {use.repository.shown}{where}",
        resource=use.resource,
        severity=None if copy.proved else Severity.WARNING,
        fix=_respelt(ctx, use, real) if real else None,
    )


def _spelt_otherwise(tree: Tree, copy: LocalTree, path: str) -> str:
    """The path as it is really written, where upper and lower case alone differ."""
    real: list[str] = []
    for part in [each for each in posixpath.normpath(path.strip("/")).split("/") if each != "."]:
        listing = tree.listing(copy.path("/".join(real)))
        names = listing.directories if listing is not None else ()
        same = [name for name in names if name.lower() == part.lower()]
        if len(same) != 1:
            return ""
        real.append(same[0])
    return f"./{'/'.join(real)}" if path.startswith("./") else "/".join(real)


def _near(tree: Tree, copy: LocalTree, path: str) -> str:
    """A folder beside the missing one that is called nearly the same."""
    above, _, name = posixpath.normpath(path.strip("/")).rpartition("/")
    listing = tree.listing(copy.path(above))
    near = closest(name, listing.directories) if listing is not None else ""
    return posixpath.join(above, near) if near else ""


def _respelt(ctx: Context, use: PathUse, real: str) -> Fix | None:
    document, path = use.resource.written.document, use.place.path
    if dig(document.root, *path) != use.path:
        return None
    return ctx.unsafe(f"Use the folder `{real}`", set_value(document, path, real))


def _generators(
    ctx: Context, resource: Resource, node: Mapping[str, Any], at: Path
) -> Iterator[Finding]:
    for number, item in enumerate(blocks(node, "generators")):
        here: Path = (*at, "generators", number)
        yield from _entries(ctx, resource, block(item, "git"), (*here, "git"))
        for kind in ("matrix", "merge"):
            yield from _generators(ctx, resource, block(item, kind), (*here, kind))


def _entries(
    ctx: Context, resource: Resource, git: Mapping[str, Any], at: Path
) -> Iterator[Finding]:
    source = {"repoURL": git.get("repoURL"), "targetRevision": git.get("revision")}
    repository = repository_of(source, resource.root)
    copy = copy_of(ctx, repository) if repository is not None else None
    if repository is None or copy is None:
        return
    files = ctx.files(resource, repository.url)
    if files is None or files.assumed:
        return
    for key in ("directories", "files"):
        for number, entry in enumerate(blocks(git, key)):
            pattern = text(entry.get("path"))
            if entry.get("exclude") is True or not is_known(pattern):
                continue
            alone = {key: [entry]}
            try:
                found = (
                    chosen_folders(alone, files)
                    if key == "directories"
                    else chosen_files(alone, files, doublestars=False)
                )
            except ExpansionError:
                continue
            if not found:
                message = f"`{pattern}` matches nothing in {repository.shown}"
                place = resource.place(*at, key, number, "path")
                yield RULE.at(place, message, resource=resource, severity=Severity.WARNING)


_GIT = '[remote "origin"]\n\turl = git@git.example.com:fleet.git\n'
_SOURCE = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 5m
  url: https://git.example.com/fleet
  ref:
    {ref}
"""
_KUSTOMIZATION = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: {name}
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  path: {path}
  sourceRef:
    kind: GitRepository
    name: flux-system
"""
_CONFIG = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: apps
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
    repoURL: https://git.example.com/fleet.git
    path: {path}
    targetRevision: main
  destination:
    server: https://kubernetes.default.svc
    namespace: web
"""

BAD = (
    Example(
        title="a folder whose name has another case",
        files={
            ".git/config": _GIT,
            "source.yaml": _SOURCE.format(ref="branch: main"),
            "apps/Web/config.yaml": _CONFIG,
            "web.yaml": _KUSTOMIZATION.format(name="web", path="./apps/web"),
        },
        file="web.yaml",
        at="spec.path",
        fixed=_KUSTOMIZATION.format(name="web", path="./apps/Web"),
        safety="unsafe",
    ),
    Example(
        title="a folder that is gone",
        files={
            ".git/config": _GIT,
            "apps/web/config.yaml": _CONFIG,
            "web.yaml": _APPLICATION.format(path="apps/website"),
        },
        file="web.yaml",
        at="spec.source.path",
    ),
    Example(
        title="an absolute path",
        yaml=_APPLICATION.format(path="/apps/web"),
        at="spec.source.path",
    ),
    Example(
        title="one path of several that exist",
        files={
            "apps/api/config.yaml": _CONFIG,
            "apps/data/config.yaml": _CONFIG,
            "apps/web/config.yaml": _CONFIG,
            "cluster/api.yaml": _KUSTOMIZATION.format(name="api", path="./apps/api"),
            "cluster/data.yaml": _KUSTOMIZATION.format(name="data", path="./apps/data"),
            "cluster/queue.yaml": _KUSTOMIZATION.format(name="queue", path="./apps/queue"),
            "cluster/web.yaml": _KUSTOMIZATION.format(name="web", path="./apps/web"),
        },
        file="cluster/queue.yaml",
        at="spec.path",
    ),
)
GOOD = (
    Example(
        title="a folder that exists",
        files={
            ".git/config": _GIT,
            "apps/web/config.yaml": _CONFIG,
            "web.yaml": _APPLICATION.format(path="apps/web"),
        },
    ),
    Example(
        title="a tag, of which the files are not at hand",
        files={
            ".git/config": _GIT,
            "source.yaml": _SOURCE.format(ref="tag: v1.0.0"),
            "web.yaml": _KUSTOMIZATION.format(name="web", path="./apps/web"),
        },
    ),
    Example(
        title="a repository of which no copy is at hand",
        yaml=_APPLICATION.format(path="apps/web"),
    ),
    Example(
        title="a path that is filled in later",
        files={
            ".git/config": _GIT,
            "source.yaml": _SOURCE.format(ref="branch: main"),
            "web.yaml": _KUSTOMIZATION.format(name="web", path="./apps/${region}"),
        },
    ),
)
