"""A path that exists in the repository and is left out of what Flux downloads.

## What it does

It compares the paths of Kustomizations and charts with what their source keeps: `spec.ignore`, the
`.sourceignore` files of the repository, `sparseCheckout`, and the `prefix` of a Bucket.

## Why is this bad

The controller works on the artifact of the source. What is left out of it does not exist there: the build fails with
a path that cannot be found, although everybody sees it in the repository.

## When to ignore it

When the rules for the files are about to change.
"""

from __future__ import annotations

import os
import posixpath
from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.flux.fields import is_stated, table, text, texts
from argoflux.lint.arrivals import arrivals, is_flux, is_kustomization
from argoflux.lint.copies import copy_of, is_sample, path_uses
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import CONFIG_MAP, GIT_REPOSITORY, KUSTOMIZATION
from argoflux.workspace.artifact import artifact_of
from argoflux.workspace.classify import has_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.lint.copies import Copy, PathUse
    from argoflux.resource import Resource
    from argoflux.text import Path

RULE = Rule(
    code="AF417",
    name="source-ignore-hides-path",
    severity=Severity.ERROR,
    scope="estate",
    kinds=("Kustomization", "HelmRelease", "HelmChart"),
    evidence=("document", "graph", "files"),
    links=("https://fluxcd.io/flux/components/source/gitrepositories/#excluding-files",),
)

_REFERENCES: dict[str, Path] = {
    "Kustomization": ("spec", "sourceRef"),
    "HelmRelease": ("spec", "chart", "spec", "sourceRef"),
    "HelmChart": ("spec", "sourceRef"),
}


def check(ctx: Context) -> Iterator[Finding]:
    """Paths that ignore rules hide, then those that are never fetched."""
    for use in path_uses(ctx):
        if use.resource.ref.kind in _REFERENCES:
            copy, source = copy_of(ctx, use.repository), _source(ctx, use.resource)
            if copy is not None:
                yield from _ignored(ctx, use, copy, source)
    if not any(is_flux(resource) for resource in ctx.resources):
        return
    for resource in arrivals(ctx).resources:
        if is_kustomization(resource) and not is_sample(resource):
            source = _source(ctx, resource)
            if source is not None:
                yield from _not_fetched(resource, source)


def _source(ctx: Context, resource: Resource) -> Resource | None:
    """The one source of an object."""
    reference = table(resource.body, *_REFERENCES[resource.ref.kind])
    found = arrivals(ctx).sources.find(
        resource.root,
        text(reference, "kind") or "",
        text(reference, "namespace") or resource.ref.namespace,
        text(reference, "name") or "",
    )
    return found[0] if len(found) == 1 else None


def _ignored(ctx: Context, use: PathUse, copy: Copy, source: Resource | None) -> Iterator[Finding]:
    """fluxcd/pkg:sourceignore/sourceignore.go, artifact/storage/archive.go."""
    stated = text(source.body, "spec", "ignore") if source is not None else None
    if stated is not None and has_placeholder(stated):
        return
    directory = copy.tree.path(use.path)
    if not _is_hidden(ctx, copy, directory, stated):
        return
    by_source = stated is not None and not _is_hidden(ctx, copy, directory, None)
    what = f"`spec.ignore` of {source.ref}" if by_source and source is not None else "ignore rules"
    yield RULE.at(
        use.place,
        f"`{use.path}` exists, and {what}"
        f"{'' if by_source else ' of the repository (.sourceignore)'} leave{'s' if by_source else ''}"
        " all of its files out of the artifact; add a pattern that takes it in again",
        resource=use.resource,
        severity=None if copy.proved else Severity.WARNING,
        related=((source.place("spec", "ignore"), "left out here"),)
        if by_source and source is not None
        else (),
    )


def _is_hidden(ctx: Context, copy: Copy, directory: str, ignore: str | None) -> bool:
    """Whether a folder has files, and none of them is kept; the first one that is kept decides."""
    tree = ctx.workspace.tree
    if not tree.is_directory(directory):
        return False
    artifact = artifact_of(tree, copy.tree.directory, ignore)
    any_file = False
    for folder in tree.directories_below(directory):
        listing = tree.listing(folder)
        for name in listing.files if listing is not None else ():
            any_file = True
            if not artifact.leaves_out(f"{folder}{os.sep}{name}"):
                return False
    return any_file


def _not_fetched(resource: Resource, source: Resource) -> Iterator[Finding]:
    """source-controller:api/v1/gitrepository_types.go SparseCheckout, bucket_types.go Prefix."""
    path = text(resource.body, "spec", "path") or ""
    clean = posixpath.normpath("/" + path).lstrip("/")
    if not clean or has_placeholder(path) or is_stated(source.body, "spec", "include"):
        return
    kind, spec = source.ref.kind, table(source.body, "spec")
    sparse = [posixpath.normpath("/" + each).lstrip("/") for each in texts(spec, "sparseCheckout")]
    is_sparse = kind == "GitRepository" and sparse and not any(map(has_placeholder, sparse))
    if is_sparse and not any(_meet(clean, each) for each in sparse):
        yield _outside(resource, source, "sparseCheckout", path)
    prefix = text(spec, "prefix") or ""
    is_part = kind == "Bucket" and prefix and not has_placeholder(prefix)
    if is_part and not f"{clean}/".startswith(prefix) and not prefix.startswith(clean):
        yield _outside(resource, source, "prefix", path)


def _meet(one: str, other: str) -> bool:
    """Whether one of two folders holds the other."""
    return not other or (one + "/").startswith(other + "/") or (other + "/").startswith(one + "/")


def _outside(resource: Resource, source: Resource, field: str, path: str) -> Finding:
    return RULE.at(
        resource.place("spec", "path"),
        f"`{path}` is not among what {source.ref} fetches (`{field}`); add it there",
        resource=resource,
        related=((source.place("spec", field), "only this is fetched"),),
    )


_GIT = '[remote "origin"]\n\turl = https://git.example.com/apps.git\n'
_SOURCE = GIT_REPOSITORY.replace("{tag: v1.2.3}", "{branch: main}")
_FILES = {
    ".git/config": _GIT,
    "source.yaml": _SOURCE,
    "web.yaml": KUSTOMIZATION,
    "web/config.yaml": CONFIG_MAP,
}
_IGNORE = _SOURCE + "  ignore: |\n    /*\n    !/web\n"

BAD = (
    Example(
        title="only another folder is taken in again",
        files={**_FILES, "source.yaml": _IGNORE.replace("!/web", "!/api")},
        file="web.yaml",
        at="spec.path",
    ),
    Example(
        title="a file of the repository",
        files={**_FILES, ".sourceignore": "web/\n"},
        file="web.yaml",
        at="spec.path",
    ),
    Example(
        title="a folder that is not checked out",
        files={"source.yaml": _SOURCE + "  sparseCheckout: [api]\n", "web.yaml": KUSTOMIZATION},
        file="web.yaml",
        at="spec.path",
    ),
)
GOOD = (
    Example(
        title="the folder is taken in again",
        files={**_FILES, "source.yaml": _IGNORE},
    ),
    Example(
        title="a part of the folder is left out",
        files={**_FILES, ".sourceignore": "*.md\n", "web/README.md": "# Web\n"},
    ),
    Example(
        title="a folder that is checked out",
        files={"source.yaml": _SOURCE + "  sparseCheckout: [web]\n", "web.yaml": KUSTOMIZATION},
    ),
    Example(
        title="rules that are filled in later",
        files={**_FILES, "source.yaml": _SOURCE + "  ignore: ${ignore}\n"},
    ),
)
