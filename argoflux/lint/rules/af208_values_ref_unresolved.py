"""A values file that is taken from another source which does not lend it.

## What it does

It follows `$name/…` in `helm.valueFiles` and `helm.fileParameters` to the source with `ref: name`,
and checks these names: their letters, that they are unique, that the source is no chart, and that
two revisions of one repository do not meet. A name that nobody uses, or a source that lends files
of its `path` and so renders them as manifests as well, is an info.

## Why is this bad

Argo CD stops with a `ComparisonError`, so the Application keeps running what it had; and where the
name is taken for a variable, the path shrinks to one that does not exist.

## Fix safety

The fix takes the only name that there is: it changes which file is read, so it is unsafe.

## When to ignore it

When the source with a name and a `path` is meant to do both.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.argocd.build_variables import RUNTIME, variables
from argoflux.argocd.shapes import block, items, text
from argoflux.finding import Severity
from argoflux.goports.giturl import same_repository
from argoflux.lint.application import is_known
from argoflux.lint.rule import Example, Rule
from argoflux.yamlio.edit import set_value
from argoflux.yamlio.tree import dig

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.finding import Finding, Fix
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.text import Path

RULE = Rule(
    code="AF208",
    name="values-ref-unresolved",
    severity=Severity.ERROR,
    scope="application",
    kinds=("Application", "ApplicationSet"),
    links=("https://argo-cd.readthedocs.io/en/stable/user-guide/multiple_sources/",),
)

_NAME = re.compile(r"[a-zA-Z0-9_-]+")
_VARIABLES = RUNTIME | set(
    variables(app="", namespace="", project="", url="", path="", revision="")
)
_MOVING = frozenset({"", "HEAD", "main", "master"})


class _Use(NamedTuple):
    """One file that a source takes from another: where it is written, and the name in it."""

    path: Path
    written: str
    name: str
    source: Mapping[str, Any]


def check(app: ApplicationView, ctx: Context) -> Iterator[Finding]:
    """Names that lead nowhere, and names that cannot be used.

    argo-cd:util/argo/argo.go GetRefSources, argo-cd:reposerver/repository/repository.go
    resolveReferencedSources, argo-cd:reposerver/repository/ref_sources.go resolveGit.
    """
    sources = list(app.sources())
    lenders: dict[str, tuple[Path, Mapping[str, Any]]] = {}
    if len(sources) > 1:
        yield from _bad_names(app, sources)
        for path, source in sources:
            if text(source.get("ref")):
                lenders.setdefault(text(source["ref"]), (path, source))
    used: set[str] = set()
    known = all(is_known(name) for name in lenders)
    for use in _uses(sources):
        used.add(use.name)
        if use.name not in lenders:
            if known and use.name not in _VARIABLES:
                yield _unresolved(app, ctx, use, list(lenders))
            continue
        yield from _unusable(app, use, lenders[use.name][1])
    yield from _misplaced(app, sources, lenders)
    if known and used <= set(lenders):
        yield from _idle(app, sources, lenders, used)


def _uses(sources: list[tuple[Path, Mapping[str, Any]]]) -> Iterator[_Use]:
    for at, source in sources:
        for path, written in _files(at, source):
            name, slash, _ = written.removeprefix("$").partition("/")
            if written.startswith("$") and slash and is_known(name) and "{" not in name:
                yield _Use(path, written, name, source)


def _files(at: Path, source: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    helm = block(source, "helm")
    for number, item in enumerate(items(helm, "valueFiles")):
        yield (*at, "helm", "valueFiles", number), text(item)
    for number, item in enumerate(items(helm, "fileParameters")):
        stated = text(item.get("path")) if isinstance(item, dict) else ""
        yield (*at, "helm", "fileParameters", number, "path"), stated


def _bad_names(
    app: ApplicationView, sources: list[tuple[Path, Mapping[str, Any]]]
) -> Iterator[Finding]:
    seen: set[str] = set()
    for at, source in sources:
        name = text(source.get("ref"))
        if not name or not is_known(name):
            continue
        place = app.place(*at, "ref")
        if not _NAME.fullmatch(name):
            message = f"`ref: {name}` may only hold letters, digits, `_` and `-`"
            yield RULE.at(place, message, resource=app.resource)
        elif name in seen:
            message = f"two sources have `ref: {name}`; each needs a name of its own"
            yield RULE.at(place, message, resource=app.resource)
        seen.add(name)


def _unresolved(app: ApplicationView, ctx: Context, use: _Use, names: list[str]) -> Finding:
    if not app.spec.get("sources"):
        why = "a single `source` has no other to refer to; list both under `sources`"
    elif not names:
        why = f"no source has `ref: {use.name}`"
    else:
        shown = ", ".join(f"`{name}`" for name in names)
        why = f"no source has that `ref`, only {shown}"
    fix = _renamed(app, ctx, use, names[0]) if len(names) == 1 else None
    message = f"`{use.written}` refers to `${use.name}`, but {why}"
    return RULE.at(app.place(*use.path), message, resource=app.resource, fix=fix)


def _renamed(app: ApplicationView, ctx: Context, use: _Use, name: str) -> Fix | None:
    document, path = app.resource.document, app.place(*use.path).path
    if dig(document.root, *path) != use.written:
        return None
    new = f"${name}/{use.written.partition('/')[2]}"
    return ctx.unsafe(f"Take the file from `${name}`", set_value(document, path, new))


def _unusable(app: ApplicationView, use: _Use, lender: Mapping[str, Any]) -> Iterator[Finding]:
    if text(lender.get("chart")):
        message = f"`{use.written}` is taken from a chart, but charts lend no files; use Git"
        yield RULE.at(app.place(*use.path), message, resource=app.resource)
        return
    url, other = text(lender.get("repoURL")), text(use.source.get("repoURL"))
    one, two = text(lender.get("targetRevision")), text(use.source.get("targetRevision"))
    apart = one != two and not {one, two} <= _MOVING and is_known(one) and is_known(two)
    if text(use.source.get("chart")) or not apart or lender is use.source:
        return
    if same_repository(url, other):
        message = (
            f"`{use.written}` is read at `{one or 'HEAD'}` and the chart at `{two or 'HEAD'}` of"
            " the same repository, which Argo CD refuses unless both are the same commit"
        )
        yield RULE.at(
            app.place(*use.path), message, resource=app.resource, severity=Severity.WARNING
        )


def _misplaced(
    app: ApplicationView,
    sources: list[tuple[Path, Mapping[str, Any]]],
    lenders: Mapping[str, object],
) -> Iterator[Finding]:
    """A name that is not the start of a path is a variable that nobody sets: it becomes empty."""
    for at, source in sources:
        for path, written in _files(at, source):
            for name in lenders:
                if f"/${name}/" in written or written == f"${name}":
                    message = f"`${name}` only counts at the start of a path, before a `/`"
                    yield RULE.at(app.place(*path), message, resource=app.resource)


def _idle(
    app: ApplicationView,
    sources: list[tuple[Path, Mapping[str, Any]]],
    lenders: Mapping[str, tuple[Path, Mapping[str, Any]]],
    used: set[str],
) -> Iterator[Finding]:
    """Names without a use; sources that were meant to lend files and render manifests as well."""
    from argoflux.argocd.references import makes_nothing

    plugins = any("plugin" in source for _, source in sources)
    open_files = any(
        not is_known(written) for at, source in sources for _, written in _files(at, source)
    )
    for name, (at, source) in lenders.items():
        if name not in used and makes_nothing(source) and not plugins and not open_files:
            message = f"no values file uses `${name}/…`, so this source does nothing; remove it"
            place = app.place(*at, "ref")
            yield RULE.at(place, message, resource=app.resource, severity=Severity.INFO)
        elif _is_prefix(text(source.get("path")), name, sources):
            message = (
                f"this source lends files as `${name}` and its `path` is also rendered and applied;"
                " leave `path` out if only the files are wanted"
            )
            place = app.place(*at, "path")
            yield RULE.at(place, message, resource=app.resource, severity=Severity.INFO)


def _is_prefix(path: str, name: str, sources: list[tuple[Path, Mapping[str, Any]]]) -> bool:
    """Whether a source's path looks as if it was meant for the files that others take from it."""
    below = f"${name}/{path.strip('./')}/"
    return bool(path.strip("./")) and any(
        written.startswith(below) for at, source in sources for _, written in _files(at, source)
    )


_TWO = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: shop
  sources:
    - repoURL: https://charts.example.com
      chart: web
      targetRevision: 1.4.2
      helm:
        valueFiles:
          - {file}
    - repoURL: https://git.example.com/fleet.git
      targetRevision: main
      ref: {ref}
  destination:
    server: https://kubernetes.default.svc
    namespace: web
"""
_ONE = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: shop
  source:
    repoURL: https://git.example.com/charts.git
    path: web
    helm:
      valueFiles:
        - {file}
  destination:
    server: https://kubernetes.default.svc
    namespace: web
"""

BAD = (
    Example(
        title="a name with a slip",
        yaml=_TWO.format(file="$value/web/prod.yaml", ref="values"),
        at="spec.sources[0].helm.valueFiles[0]",
        fixed=_TWO.format(file="$values/web/prod.yaml", ref="values"),
        safety="unsafe",
    ),
    Example(
        title="a single source has nobody to refer to",
        yaml=_ONE.format(file="$values/web/prod.yaml"),
        at="spec.source.helm.valueFiles[0]",
    ),
    Example(
        title="a name with a dot",
        yaml=_TWO.format(file="$fleet.values/web.yaml", ref="fleet.values"),
        at="spec.sources[1].ref",
    ),
    Example(
        title="two revisions of one repository",
        yaml=_TWO.format(file="$values/web/prod.yaml", ref="values")
        .replace("https://charts.example.com", "https://git.example.com/fleet")
        .replace("chart: web", "path: charts/web"),
        at="spec.sources[0].helm.valueFiles[0]",
    ),
)
GOOD = (
    Example(
        title="a name that a source has",
        yaml=_TWO.format(file="$values/web/prod.yaml", ref="values"),
    ),
    Example(
        title="a variable of the build",
        yaml=_ONE.format(file="$ARGOCD_APP_NAME/prod.yaml"),
    ),
    Example(
        title="a name that is filled in later",
        yaml=_TWO.format(file="$values/web/prod.yaml", ref='"{{ values }}"'),
    ),
)
