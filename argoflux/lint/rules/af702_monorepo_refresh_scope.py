"""Paths that tell Argo CD when to refresh, and that miss files the Application is made of.

## What it does

It compares the annotation `argocd.argoproj.io/manifest-generate-paths` with the files that the source is built from: its own
path, what its kustomization files load, and its values files. It also reports paths at which there is nothing.

## Why is this bad

With the annotation, a push refreshes the Application only when a file below one of the paths changed. A change of a base
or a values file outside of them is not seen until somebody refreshes by hand, or the cache ends a day later.

## When to ignore it

When such files change only together with others that the annotation names.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from argoflux.argocd.shapes import block, items
from argoflux.finding import Severity
from argoflux.goports.globs import GlobError, filepath_match, has_meta
from argoflux.lint.context import known_text
from argoflux.lint.rule import Example, Rule
from argoflux.lint.source_content import content_of, folder_of, is_proved
from argoflux.model.content import Known, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from argoflux.finding import Finding
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context

ANNOTATION = "argocd.argoproj.io/manifest-generate-paths"
_SHOWN = 2

RULE = Rule(
    code="AF702",
    name="monorepo-refresh-scope",
    severity=Severity.WARNING,
    scope="application",
    kinds=("Application", "ApplicationSet"),
    evidence=("document", "files"),
    links=(
        "https://argo-cd.readthedocs.io/en/stable/operator-manual/high_availability/#manifest-paths-annotation",
    ),
)


def check(app: ApplicationView, ctx: Context) -> Iterator[Finding]:
    """Paths of the annotation against the files of the sources."""
    stated = known_text(block(app.metadata, "annotations").get(ANNOTATION))
    sources = list(app.sources())
    if not stated or len(sources) != 1:
        return
    _, source = sources[0]
    folder = folder_of(app, source)
    if folder is None:
        return
    own = _clean(folder[1])
    paths = [_absolute(part.strip(), own) for part in stated.split(";") if part.strip()]
    yield from _nowhere(app, folder, paths, ctx)
    missed = sorted(
        file
        for file in _files(app, source, own, ctx)
        if not any(_covers(one, file) for one in paths)
    )
    if not missed:
        return
    more = f" and {len(missed) - _SHOWN} more" if len(missed) > _SHOWN else ""
    shown = ", ".join(f"`{file}`" for file in missed[:_SHOWN])
    yield RULE.at(
        app.place("metadata", "annotations", ANNOTATION),
        f"a change of {shown}{more} does not refresh the Application; add the path to the annotation",
        resource=app.resource,
    )


def _nowhere(
    app: ApplicationView, folder: tuple[str, str], paths: list[str], ctx: Context
) -> Iterator[Finding]:
    """Paths at which the repository holds nothing; of a copy that is only likely nothing is told."""
    place, tree = ctx.local(app.resource, *folder), ctx.workspace.tree
    if isinstance(place, Unknown) or not is_proved(app, folder, ctx):
        return
    for path in paths:
        there = place.path(path)
        if path and not has_meta(path) and not (tree.is_file(there) or tree.is_directory(there)):
            yield RULE.at(
                app.place("metadata", "annotations", ANNOTATION),
                f"there is nothing at `{path}` of the repository, so that part of the annotation has no"
                " effect; a path that does not begin with `/` counts from that of the source",
                resource=app.resource,
            )


def _files(
    app: ApplicationView, source: Mapping[str, Any], own: str, ctx: Context
) -> Iterator[str]:
    """Files that the source is built from, relative to the repository."""
    url, path = str(source["repoURL"]), str(source["path"])
    place = ctx.local(app.resource, url, path)
    if isinstance(place, Unknown):
        return
    base = ctx.workspace.tree.display(place.directory)
    content = content_of(app, source, ctx)
    if isinstance(content, Known) and content.complete:
        for file in content.files:
            yield posixpath.relpath(file, base or ".")
    for value in items(block(source, "helm"), "valueFiles"):
        name = known_text(value)
        if name and "://" not in name and not name.startswith("$") and not has_meta(name):
            file = _absolute(name, own)
            if ctx.workspace.tree.is_file(place.path(file)):
                yield file


def _clean(path: str) -> str:
    return posixpath.normpath("/" + path).lstrip("/")


def _absolute(path: str, own: str) -> str:
    """A path of the annotation from the root of the repository (argo-cd:util/app/path/path.go)."""
    return _clean(path if path.startswith("/") else f"{own}/{path}")


def _covers(path: str, file: str) -> bool:
    """Whether a change of a file counts for a path (AppFilesHaveChanged of the same file)."""
    if not path or file == path or file.startswith(f"{path}/"):
        return True
    try:
        return has_meta(path) and filepath_match(path, file)
    except GlobError:
        return False


_APP = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: shop
  namespace: argocd
  annotations:
    argocd.argoproj.io/manifest-generate-paths: {paths}
spec:
  project: shop
  source:
    repoURL: https://git.example.com/apps.git
    path: shop/prod
    targetRevision: main
  destination:
    name: in-cluster
    namespace: shop
"""
_FILES = {
    "shop/prod/kustomization.yaml": "resources:\n  - ../base\n",
    "shop/base/kustomization.yaml": "resources:\n  - web.yaml\n",
    "shop/base/web.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n",
}

BAD = (
    Example(
        title="a base outside of the paths",
        files={"app.yaml": _APP.format(paths="."), **_FILES},
        at='metadata.annotations["argocd.argoproj.io/manifest-generate-paths"]',
        file="app.yaml",
    ),
)
GOOD = (
    Example(
        title="the base is named",
        files={"app.yaml": _APP.format(paths=".;../base"), **_FILES},
    ),
    Example(
        title="the whole folder is named, from the root",
        files={"app.yaml": _APP.format(paths="/shop"), **_FILES},
    ),
    Example(title="a repository that is not at hand", yaml=_APP.format(paths=".")),
)
